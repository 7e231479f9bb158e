"""Markdown as HTML, and as people write plain mails."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.rendering.markdown import to_html, to_text

#: What a picture is in these tests: itself.
SHOW = {"src": "cid:p@x.example", "width": "9"}


class RefusedError(ValueError):
    """A picture that is not to be shown."""


def refuse(source: str) -> dict[str, str]:
    """Show nothing."""
    raise RefusedError(source)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("", ""),
        ("Ein Satz.", "Ein Satz."),
        ("Zeile eins\nZeile zwei", "Zeile eins\nZeile zwei"),
        ("hart  \ngebrochen\\\nnoch einmal", "hart\ngebrochen\nnoch einmal"),
        ("Absatz\n\n\n\nnoch einer", "Absatz\n\nnoch einer"),
        ("# Titel\n\n## Unter\nText", "Titel\n\nUnter\n\nText"),
        ("Titel\n===\n\nUnter\n---", "Titel\n===\n\nUnter\n---"),
        ("**fett** *kursiv* ~~weg~~ `code` \\*Stern\\* &amp; &uuml;", "fett kursiv ~~weg~~ code *Stern* & ü"),
        ("[Website](https://muster.example/)", "Website (https://muster.example/)"),
        ("[https://muster.example/](https://muster.example/)", "https://muster.example/"),
        ("[muster.example](https://muster.example)", "muster.example"),
        ("<https://muster.example>", "https://muster.example"),
        ("[anna@example.com](mailto:anna@example.com)", "anna@example.com"),
        ("<anna@example.com>", "anna@example.com"),
        ("[Schreiben Sie](mailto:anna@example.com) uns", "Schreiben Sie (anna@example.com) uns"),
        ("[Rufen Sie an](tel:+4940222222)", "Rufen Sie an (+4940222222)"),
        (
            "[**fett** und](https://a.example) [b](https://b.example)",
            "fett und (https://a.example) b (https://b.example)",
        ),
        ("- eins\n- zwei", "- eins\n- zwei"),
        ("* eins\n\n* zwei", "- eins\n- zwei"),
        ("3. drei\n4. vier", "3. drei\n4. vier"),
        ("0. null\n1. eins", "0. null\n1. eins"),
        ("- eins\n  - innen\n    - ganz innen\n- zwei", "- eins\n  - innen\n    - ganz innen\n- zwei"),
        ("1. eins\n   - innen\n2. zwei", "1. eins\n   - innen\n2. zwei"),
        ("- Zeile\n  weiter", "- Zeile\n  weiter"),
        ("9. neun\n10. zehn\n    weiter", "9. neun\n10. zehn\n    weiter"),
        ("> Zitat\n> weiter\n>\n> - Liste", "> Zitat\n> weiter\n>\n> - Liste"),
        ("> > doppelt", "> > doppelt"),
        ("- > Zitat\n  > weiter", "- > Zitat\n  > weiter"),
        ("```\ncode *x*\n  tiefer\n```", "    code *x*\n      tiefer"),
        ("    code\n    mehr", "    code\n    mehr"),
        ("Text\n\n---\n\nText", f"Text\n\n{'-' * 20}\n\nText"),
        ("<b>kein HTML</b>", "<b>kein HTML</b>"),
        ("| | neu |\n|---|---|\n| Telefon | 1 |\n| Fax | |", "Telefon: 1\nFax"),
        ("| nur |\n|---|\n| eins |\n| zwei |", "eins\nzwei"),
        (
            "| | bisher | neu |\n|---|---|---|\n| E-Mail | a | b |\n| Fax | – | |",
            "E-Mail\n  bisher: a\n  neu:    b\nFax\n  bisher: –\n  neu:",
        ),
        ("| | bisher | |\n|---|---|---|\n| Fax | 1 | 2 |", "Fax\n  bisher: 1\n          2"),
        ("| a | b |\n|---|---|", ""),
        ("Text\n\n| a | b |\n|---|---|\n| [x](https://x.example) | **y** |", "Text\n\nx (https://x.example): y"),
        ("- a\n\n  | a | b |\n  |---|---|\n  | 1 | 2 |", "- a\n  1: 2"),
    ],
)
def test_as_text(source: str, text: str) -> None:
    """No marks, links written out, tables as labelled lines, one empty line between blocks."""
    assert to_text(source) == f"{text}\n"


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("Zeile eins\nZeile zwei", "<p>Zeile eins<br />\nZeile zwei</p>\n"),
        ("**fett** ~~weg~~", "<p><strong>fett</strong> <s>weg</s></p>\n"),
        ("<b>kein HTML</b>", "<p>&lt;b&gt;kein HTML&lt;/b&gt;</p>\n"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("[x](data:text/html,x)", "<p>[x](data:text/html,x)</p>\n"),
        (
            "https://muster.example",
            '<p><a href="https://muster.example">https://muster.example</a></p>\n',
        ),
        ("<https://muster.example>", '<p><a href="https://muster.example">https://muster.example</a></p>\n'),
        ('"Anführung" -- (c)', "<p>&quot;Anführung&quot; -- (c)</p>\n"),
        ("- eins\n  - innen", "<ul>\n<li>eins\n<ul>\n<li>innen</li>\n</ul>\n</li>\n</ul>\n"),
    ],
)
def test_as_html(source: str, html: str) -> None:
    """CommonMark with tables and strikethrough; HTML in it is text, and nothing is prettified."""
    assert to_html(source, refuse) == html


def test_a_table_as_html() -> None:
    """Columns, with their headings."""
    html = to_html("| | neu |\n|---|--:|\n| Telefon | 1 |", refuse)
    assert '<th></th>\n<th style="text-align:right">neu</th>' in html
    assert '<td>Telefon</td>\n<td style="text-align:right">1</td>' in html


@pytest.mark.parametrize(
    "source",
    [
        "![x](https://x.example/p.gif)",
        "![](p.gif)",
        "![x][1]\n\n[1]: p.gif",
        "- > ![x](p.gif)",
        "| a |\n|---|\n| ![x](p.gif) |",
        "[![x](p.gif)](https://x.example)",
        "# ![x](p.gif)",
        "**![x](p.gif)**",
    ],
)
def test_no_image_is_shown_as_it_is_named(source: str) -> None:
    """Wherever it stands, somebody is asked what to show instead, and may refuse; the text has what it says."""
    with pytest.raises(RefusedError, match=r"p\.gif$"):
        to_html(source, refuse)
    html = to_html(source, lambda _: SHOW)
    assert html.count('src="cid:p@x.example"') == 1
    assert html.count('width="9"') == 1
    assert "p.gif" not in html + to_text(source)
    assert ("x" in to_text(source)) == ("![x]" in source)


def test_a_picture_without_words_is_no_paragraph() -> None:
    """Between two paragraphs stands one empty line, as if it were not there."""
    assert to_text("a\n\n![](p.gif)\n\nb") == "a\n\nb\n"


blocks = st.recursive(
    st.sampled_from(
        [
            "Satz",
            "# Titel",
            "---",
            "    code",
            "```\nx\n```",
            "| a | b | c |\n|---|---|---|\n| 1 | 2 | 3 |",
            "a\nb",
            "",
            "|",
        ]
    )
    | st.text(max_size=20),
    lambda inner: st.builds(
        lambda parts, first, rest: "\n".join(
            (first if number == 0 else rest) + line for part in parts for number, line in enumerate(part.split("\n"))
        ),
        st.lists(inner, max_size=3),
        st.sampled_from(["- ", "1. ", "> ", "* "]),
        st.sampled_from(["  ", "   ", "> ", ""]),
    ),
    max_leaves=8,
)


@given(st.lists(blocks, max_size=5).map("\n\n".join))
def test_any_markdown_becomes_text(source: str) -> None:
    """Whatever stands in a template: lists in quotations in lists, half a table, nothing at all."""
    text = to_text(source)
    assert text.endswith("\n")
    assert to_html(source, lambda _: SHOW).count("<p>") <= 1 + len(text)
