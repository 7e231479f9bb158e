"""The text beside an HTML that its author has written."""

from __future__ import annotations

import pytest

from notify.rendering.html_text import text_of_html


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Guten Tag,</p>\n<p>zwei\n  Zeilen</p>", "Guten Tag,\n\nzwei Zeilen\n"),
        ("<head><title>T</title><style>p { color: red }</style></head><body>A<br>B</body>", "A\nB\n"),
        ("<script>x()</script>A &amp; &#228;&nbsp;B", "A & ä B\n"),
        ("<ul><li>eins</li><li>zwei</li></ul>", "- eins\n- zwei\n"),
        ("<table><tr><td>alt</td><td>neu</td></tr><tr><td>1</td><td>2</td></tr></table>", "alt neu\n1 2\n"),
        ('<a href="https://firma.example/x">hier</a>', "hier (https://firma.example/x)\n"),
        ('<a href="https://firma.example">firma.example</a>', "firma.example\n"),
        ('<a href="mailto:a@firma.example">a@firma.example</a>', "a@firma.example\n"),
        ("<div>A</div><div>B</div><!-- nobody reads this -->", "A\nB\n"),
        ("", "\n"),
    ],
)
def test_text(html: str, text: str) -> None:
    """Paragraphs, lines, lists and links are as people write them, and what nobody sees is left out."""
    assert text_of_html(html) == text
