"""What makes HTML hard to read in any mail program."""

from __future__ import annotations

import pytest

from notify.checks.colours import colour_in, contrast
from notify.checks.html_rules import MOST_OCTETS, find_flaws
from notify.checks.mail_page import Page


def flaws(html: str) -> list[tuple[str, str]]:
    """Return name and sentence of what is found."""
    return [(found.name, found.what) for found in find_flaws(html, Page(html), "layout.html")]


@pytest.mark.parametrize(
    ("text", "colour"),
    [
        ("#fff", (255, 255, 255)),
        ("#1F4e79", (31, 78, 121)),
        ("rgb(1, 2,3)", (1, 2, 3)),
        ("rgba(1,2,3,1)", (1, 2, 3)),
        ("rgba(1,2,3,.5)", None),
        ("navy", (0, 0, 128)),
        ("#ffffff url(cid:x)", (255, 255, 255)),
        ("inherit", None),
    ],
)
def test_colours(text: str, colour: tuple[int, int, int] | None) -> None:
    """What cannot be told is not guessed."""
    assert colour_in(text) == colour


def test_contrast() -> None:
    """As WCAG defines it: 21 at most, 4.54 for the grey that just passes on white."""
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((255, 255, 255), (118, 118, 118)) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(
    ("html", "faint"),
    [
        ('<p style="color:#777777">x</p>', True),
        ('<p style="color:#767676">x</p>', False),
        # inherited, from outside and into the inside
        ('<div style="color:#777"><p>x</p></div>', True),
        ('<div style="background-color:#111"><p>x</p></div>', True),
        ('<td bgcolor="#111111">x</td>', True),
        ('<div style="color:#777"><p style="color:#333">x</p></div>', False),
        ('<div style="color:#777"></div><p>x</p>', False),
        # large letters need less
        ('<p style="color:#777;font-size:24px">x</p>', False),
        ('<h1 style="color:#777;font-size:19px">x</h1>', False),
        ('<p style="color:#777;font:bold 19px/1.3 Arial">x</p>', False),
        ('<p style="color:#777;font-size:19px">x</p>', True),
        # nobody knows what is behind it, or nothing is there to be read
        ('<p style="color:#fff;background:url(cid:x)">x</p>', False),
        ('<p style="color:#777"> \n</p>', False),
        ('<title style="color:#777">x</title>', False),
    ],
)
def test_faint_text(html: str, faint: bool) -> None:
    """Text is measured against what it stands on."""
    assert [name for name, _ in flaws(html)] == ["faint-text"] * faint


def test_a_faint_text_is_quoted() -> None:
    """The author learns which words, both colours, and how much is missing."""
    assert flaws('<p style="color:#999">Mit freundlichen\n Grüßen</p>')[0][1] == (
        '"Mit freundlichen Grüßen" is hard to read: #999999 on #ffffff has a contrast of 2.8, not 4.5'
    )


@pytest.mark.parametrize(
    ("html", "wide"),
    [
        ('<table width="600"></table>', True),
        ('<p style="width:640px"></p>', True),
        ('<p style="min-width:400px;max-width:100%"></p>', True),
        ('<p style="width:320px"></p>', False),
        ('<table width="100%" style="max-width:600px"></table>', False),
        ('<table width="600" style="width:100%"></table>', False),
        ('<img alt="" width="600" style="max-width:100%">', False),
    ],
)
def test_wide_elements(html: str, wide: bool) -> None:
    """What has a width of its own that no telephone has is wide, unless it may shrink."""
    assert [name for name, _ in flaws(html)] == ["wide-html"] * wide


def test_pictures_without_words() -> None:
    """An empty alt is a decision, none is a gap."""
    assert flaws('<img src="cid:a" alt=""><img src="cid:b" alt="Plan">') == []
    assert [name for name, _ in flaws('<img src="cid:a">')] == ["no-alt"]


def test_long_html() -> None:
    """Gmail's limit is in octets, not in letters."""
    fits = "ü" * (MOST_OCTETS // 2)
    assert flaws(fits) == []
    assert flaws(fits + "x") == [("long-html", "the HTML has 102 KB; Gmail cuts it off after 102 KB")]


@pytest.mark.parametrize(
    "html", ["</p></div>", "<p", "<p style=':;;color'>x", '<p style="a:\'">x</p>', "<![CDATA[x", ""]
)
def test_broken_html(html: str) -> None:
    """Whatever stands there is read."""
    assert flaws(html) == []
