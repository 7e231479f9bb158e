"""The letter around a message: tables as rows, places to break a line, rules in the tags."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.rendering import inlining, markdown, soft_breaks
from tests.unit.rendering.workshop import Workshop

CHANGES = "| | bisher | neu |\n|---|---|---|\n| Telefon | 1 | 2 |\n| Fax | 3 | 4 |\n"


@pytest.fixture
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """Return a folder with nothing in it."""
    return Workshop(tmp_path_factory.mktemp("layout"))


def to_html(text: str) -> str:
    """Return the HTML of Markdown without pictures, with its tables as rows."""
    return markdown.to_html(text, lambda _: {}, in_rows=True)


def words(html: str) -> str:
    """Return the text of HTML, a blank for every tag."""
    return " ".join(re.sub(r"<(?!wbr)[^>]*>", " ", html).replace("<wbr>", "").split())


def test_the_new_stands_first() -> None:
    """In whichever order the two were typed, every cell with its caption, so that it can stand alone."""
    as_typed = "Telefon neu 2 bisher 1 Fax neu 4 bisher 3"
    assert words(to_html(CHANGES)) == as_typed
    turned = "| | new | old |\n|---|---|---|\n| Phone | 2 | 1 |\n"
    assert words(to_html(turned)) == "Phone new 2 old 1"
    assert '<td role="cell" class="new">' in to_html(CHANGES)
    assert '<td role="cell" class="old last">' in to_html(CHANGES)


@pytest.mark.parametrize(
    "heads",
    ["| | Preis | neu |", "| | bisher | Preis |", "| | bisher | alt |", "| neu | bisher | x |", "| | neu | neu |"],
)
def test_other_tables_keep_their_order(heads: str) -> None:
    """Only where one column is the new one and one the old one is anything moved; the first names the row."""
    html = to_html(f"{heads}\n|---|---|---|\n| 1 | 2 | 3 |\n")
    assert re.findall(r"\d", re.sub(r"<[^>]*>", " ", html)) == ["1", "2", "3"]
    assert 'class="new' not in html


def test_rows_say_what_they_are() -> None:
    """To a screen reader it stays a table, though its cells stand one below the other; and it is valid HTML."""
    html = to_html("| Tag | Zeit |\n|:-:|--:|\n| **Mo** | 9 |\n")
    # in a table that is one itself no cell may have a role
    opening = r'<div role="table">\s*<table class="rows few" role="presentation">\s*<tbody>\s*<tr role="row">'
    assert re.match(opening, html)
    assert re.search(r"</tr>\s*</tbody>\s*</table>\s*</div>\s*$", html)
    assert html.count('<th scope="row" role="rowheader" class="center">') == 1
    assert html.count('<tr role="row">') == 1
    assert '<td role="cell" class="last right"><span class="caption">Zeit</span> 9</td>' in html
    assert "<strong>Mo</strong>" in html


def test_a_table_without_rows_and_beside_text() -> None:
    """Nothing around a table is touched, and one of headings alone is no error."""
    assert words(to_html("a\n\n| x | y |\n|---|---|\n\nb\n\n- c\n")) == "a b c"


def test_an_own_layout_gets_plain_tables(workshop: Workshop) -> None:
    """Who wrote rules for tables keeps them; one that names .rows gets rows."""
    workshop.message(CHANGES).write("layout.html", "{{ body }}")
    assert "<thead>" in workshop.render().html
    workshop.write("layout.html", "<style>.rows td { color: #111111 }</style>{{ body }}")
    assert "<thead>" not in workshop.render().html
    assert workshop.render().html.count(' style="color:#111111">') == 4


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("kundenbetreuung@neue-musterfirma.example", "kundenbetreuung|@neue-|musterfirma|.example"),
        ("https://muster.example/kontakt?a=1&amp;b=2", "https://|muster|.example/|kontakt?|a=|1&amp;|b=|2"),
        ("info@neu.example", "info@neu.example"),
    ],
)
def test_long_words_break_where_they_may(text: str, broken: str) -> None:
    """An address breaks before @ and dots, a link behind slashes; what fits is left alone."""
    assert soft_breaks.in_text(text) == broken.replace("|", "<wbr>")


def test_long_words_of_cells_break_somewhere() -> None:
    """A cell leaves room for its neighbours, though a word has no place to break; a text need not."""
    assert soft_breaks.in_cell("Donaudampfschifffahrt Bank") == "Donaudampfsc<wbr>hifffahrt Bank"
    assert (
        soft_breaks.in_cell("buchhaltungsabteilung@neu.example") == "buchhaltungs<wbr>abteilung<wbr>@neu<wbr>.example"
    )
    assert soft_breaks.in_cell("M&amp;Ms" * 9).count("&amp;") == 9
    assert soft_breaks.in_text("Donaudampfschifffahrtsgesellschaft") == "Donaudampfschifffahrtsgesellschaft"


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("DE89 3704 0044 0532 0130 00", ["DE89", "3704", "0044", "0532", "0130", "00"]),
        ("DE89\u00a03704\u00a00044\u00a00532\u00a00130\u00a000", ["DE89", "3704", "0044", "0532", "0130", "00"]),
        ("DE89370400440532013000", ["DE89370400440532013000"]),
        ("+49\u00a040\u00a0222222", ["+49\u00a040\u00a0222222"]),
        ("+49 40 5550-1234", ["+49", "40", "5550-1234"]),
        ("(0221) 5550–12", ["(0221)", "5550–12"]),
        ("Tel. 040/222222, Fax -23", ["040/222222"]),
        ("0049-30-5550-123456-7890", []),  # longer than a narrow screen
        ("info4711@neu.example", []),
        ("https://x.example/123456789", []),
        ("20095", []),
    ],
)
def test_groups_of_numbers_hold_together(text: str, groups: list[str]) -> None:
    """In a cell, which may be squeezed, numbers break at their blanks only; addresses are no numbers."""
    html = soft_breaks.in_cell(text)
    assert re.findall(r'<span style="white-space: nowrap;">(.*?)</span>', html) == groups
    assert re.sub(r"<[^>]*>", "", html) == text


@given(st.text("0123456789 +-/().@aEDX–\u00a0", max_size=60))
def test_nothing_but_tags_is_added(text: str) -> None:
    """Whatever is written, what is read and copied is the same."""
    for soften in (soft_breaks.in_text, soft_breaks.in_cell):
        assert re.sub(r"<[^>]*>", "", soften(text)) == text


def test_values_break_as_typed_words_do(workshop: Workshop) -> None:
    """Those from contacts and from [change], in text and in cells; in the tags, they stay as they are."""
    address = "kundenbetreuung@neue-musterfirma.example"
    workshop.message(
        f"[{{{{ row.A }}}}](mailto:{{{{ row.A }}}}) {address}\n\n| | neu |\n|---|---|\n| T | {{{{ row.T }}}} |\n"
    )
    html = workshop.render(row={"A": address, "T": "040 5550-1"}).html
    assert html.count("kundenbetreuung<wbr>@neue-<wbr>musterfirma<wbr>.example") == 2
    assert f'href="mailto:{address}"' in html
    assert '<span style="white-space: nowrap;">5550-1</span>' in html


def test_values_within_words_stay_whole(workshop: Workshop) -> None:
    """A value may stand in the middle of a word, long or short, in a text and in a cell."""
    word = "Kundennummernverzeichnis-{{ row.A }}{{ row.A }}-{{ row.B }}@muster.example"
    html = workshop.message(f"{word}\n\n| | neu |\n|---|---|\n| T | {word} |\n").render(row={"A": "7", "B": "x"}).html
    assert "ntfy" not in html
    assert html.replace("<wbr>", "").count("Kundennummernverzeichnis-77-x@muster.example") == 2


def test_a_hostile_cell_is_no_work() -> None:
    """A cell of thirty thousand signs takes no longer than its length asks for."""
    before = time.process_time()
    for cell in ("1-" * 16_000 + "1a", "DE12" + " A1" * 10_000 + "@", "a." * 16_000, "&amp;" * 6_000):
        soft_breaks.in_cell(cell)
    assert time.process_time() - before < 1


def test_rules_stand_in_the_tags(workshop: Workshop) -> None:
    """Also those of an own layout; what has a condition stays, and wins over them."""
    workshop.message("Hallo").write(
        "layout.html",
        "<!doctype html>\n<html><head><style>/* x */ p { color: #111111; margin: 0 }\n"
        "@media (max-width: 480px) { p { color: #222222; background: url('data:x;y') } td { margin: 0 !important } }\n"
        "@font-face { font-family: x; src: local(y) }</style></head><body>{{ body }}</body></html>",
    )
    html = workshop.render().html
    assert html.startswith("<!doctype html>\n<html>")
    assert '<p style="color:#111111;margin:0">Hallo</p>' in html
    style = html.partition("<style>")[2].partition("</style>")[0]
    assert "p {color: #222222 !important; background: url('data:x;y') !important;}" in style
    assert "td {margin: 0 !important;}" in style
    assert "font-family: x; src: local(y)" in style
    assert "#111111" not in style


@pytest.mark.parametrize(
    "css",
    [
        "",
        "}",
        "{{{",
        "@media {",
        "p { color: }",
        "@media x { p { color: red",
        "/*",
        "p::x:y(z { a: b }",
        "@import url(x.css);",
    ],
)
def test_broken_rules_are_no_error(css: str) -> None:
    """Whatever an own layout has in <style>, the message comes out."""
    assert ">x</p>" in inlining.inline(f"<style>{css}</style><p>x</p>")


def test_without_rules_nothing_is_touched() -> None:
    """A layout without <style> stays as it was typed, to the octet."""
    page = "<HTML><body bgcolor=white><p>x<br/>y</body>"
    assert inlining.inline(page) == page


def test_the_letter(workshop: Workshop) -> None:
    """It says its language where <html> is dropped, has no tag that programs remove, and the sender on top."""
    html = workshop.message("Hallo").render().html
    assert html.count('lang="de"') == 3
    assert 'role="article"' in html
    assert html.count('role="presentation"') == 2
    assert not re.search(r"<(?:main|section|header|article)\b", html)
    assert html.index(">Muster PR</td>") < html.index(">Hallo</p>")
