"""The HTML of a message as the frame gets it."""

from __future__ import annotations

import re

import pytest

from notify.pages.frame import View, framed, framed_text

HOSTILE = (
    '<link rel="preconnect" href="https://evil.example">',
    '<LINK\nrel=stylesheet href="https://evil.example/x.css">',
    '<base href="https://evil.example/">',
    '<meta http-equiv="refresh" content="0; url=https://evil.example">',
    '<iframe src="https://evil.example"></iframe><OBJECT data="https://evil.example"></OBJECT>',
    '<embed src="https://evil.example"><frameset><frame src="https://evil.example"></frameset>',
    '<meta content="0; url=https://evil.example" HTTP-EQUIV=refresh>',
)


@pytest.mark.parametrize("html", HOSTILE)
def test_what_speaks_for_the_document_is_silenced(html: str) -> None:
    """No link, no base and no http-equiv is left, however it is written; the rest stays."""
    shown = framed(f"<!DOCTYPE html><html><head>{html}</head><body>Guten Tag</body></html>", View())
    assert shown.startswith("<!DOCTYPE html>")
    assert not re.search(r"<link|<base(?! target)|\shttp-equiv|<i?frame\b|<object|<embed", shown, re.IGNORECASE)
    assert "<body>Guten Tag</body>" in shown


def test_words_stay_words() -> None:
    """Whoever writes about HTML is shown as written."""
    html = "<p>Das Attribut http-equiv und &lt;link&gt;</p>"
    assert framed(html, View()).endswith(html)


def test_without_style() -> None:
    """What stands in <style> is gone, what stands at an element stays; one that never ends takes all with it."""
    html = '<style media="x">p { color: red }</style><p style="color: blue">x</p><STYLE>a</STYLE ><b>y</b><style>rest'
    shown = framed(html, View(style=False))
    assert shown.endswith('<p style="color: blue">x</p><b>y</b>')
    assert "red" in framed(html, View())


@pytest.mark.parametrize(("dark", "holds"), [(True, "dark"), (False, "light")])
def test_dark_and_light_are_said_by_the_view(dark: bool, holds: str) -> None:
    """The rules of the one that is looked at hold, those of the other never do, whatever the browser likes."""
    html = "<style>@media (prefers-color-scheme: dark) {a}@media screen and ( Prefers-Color-Scheme:light ) {b}</style>"
    shown = framed(html, View(dark=dark))
    rules = {"dark": shown.partition(" {a}")[0][-18:], "light": shown.partition(" {b}")[0][-18:]}
    assert [name for name, rule in rules.items() if "(min-width: 0px)" in rule] == [holds]
    assert f"color-scheme: {holds} !important" in shown


def test_a_message_that_is_never_dark_stays_light() -> None:
    """Without rules of its own for the dark it is shown as it is."""
    assert "color-scheme: light" in framed("<p>x</p>", View(dark=True))


def test_the_policy_lets_nothing_in() -> None:
    """Nothing runs in the frame, and only pictures of the message are shown, or none."""
    policy = dict(part.strip().partition(" ")[::2] for part in View().policy.split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["img-src"] == "data:"
    assert policy["sandbox"] == "allow-same-origin"
    assert not any(name in policy for name in ("script-src", "connect-src", "font-src", "frame-src", "object-src"))
    assert "img-src 'none'" in View(pictures=False).policy


def test_plain_text_is_no_html() -> None:
    """What looks like HTML in it is read as it is."""
    assert framed_text("<b>&amp;</b>", View()).endswith("<pre>&lt;b&gt;&amp;amp;&lt;/b&gt;</pre>")
