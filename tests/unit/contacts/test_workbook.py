"""A sheet of a workbook is read like a table in a text file; what is no such thing is refused with the mend."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from notify.contacts import Source, open_source
from notify.core.contact import Contact, Rejected
from notify.errors import InputError
from tests.unit.contacts.binary_workbooks import xls, xlsb
from tests.unit.contacts.findings import notes_of
from tests.unit.contacts.workbooks import Cell, ods, replaced, xlsx, zipped

HEADER: list[Cell] = ["E-Mail", "Name", "Nr."]
ROWS: list[list[Cell]] = [HEADER, ["anna@firma.example", "Anna", 7.0], ["kim@firma.example", "Kim", None]]

every = pytest.mark.parametrize("written", [xlsx, ods, xls, xlsb])
both = pytest.mark.parametrize("written", [xlsx, ods])
Writer = Callable[..., bytes]


def workbook(folder: Path, octets: bytes, sheet: str = "", name: str = "kunden.csv") -> Source:
    """Return a contact file with these octets; its suffix lies."""
    path = folder / name
    path.write_bytes(octets)
    return open_source(path, "kunden.xlsx", {}, sheet=sheet)


def refused(folder: Path, octets: bytes, sheet: str = "") -> InputError:
    """Return the error that a file ends with."""
    with pytest.raises(InputError) as caught:
        workbook(folder, octets, sheet)
    assert caught.value.message.startswith("kunden.xlsx")
    assert caught.value.hint
    return caught.value


@every
def test_a_sheet(tmp_path: Path, written: Writer) -> None:
    """Its columns are recognised, and a row stands where the spreadsheet shows it."""
    found = workbook(tmp_path, written({"Kunden": [[], *ROWS[:2], [], *ROWS[2:]]}))
    assert (found.format.name, found.encoding, found.delimiter) == (written.__name__.replace("xlsb", "xlsx"), "", "")
    assert (found.header_line, found.headers, notes_of(found)) == (2, ("E-Mail", "Name", "Nr."), ())
    assert found.columns == {"E-Mail": "email", "Name": "name"}
    rows = list(found)
    assert [(str(row.origin), tuple(row.row.values())) for row in rows] == [
        ("kunden.xlsx:3", ("anna@firma.example", "Anna", "7")),
        ("kunden.xlsx:5", ("kim@firma.example", "Kim", "")),
    ]
    assert isinstance(rows[0], Contact)
    assert rows[0].addresses[0].text == "anna@firma.example"
    assert list(found) == rows


@every
@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (1067.0, "1067"),
        (-3.0, "-3"),
        (1.5, "1.5"),
        (123456789012345.0, "123456789012345"),
        (1e20, "1e+20"),
        (dt.date(2026, 12, 1), "2026-12-01"),
        (True, "TRUE"),
        (False, "FALSE"),
        ("00123", "00123"),
        ("=1+1", "=1+1"),
        ("  x\x07\xa0 ", "x"),
        ("Weg 1\nHaus 2", "Weg 1\nHaus 2"),
        ("<&>\"'", "<&>\"'"),
        ("#NV", "#NV"),
    ],
)
def test_cells_are_text(tmp_path: Path, written: Writer, cell: Cell, text: str) -> None:
    """A number has no ".0", a date is ISO, and text stays what it is."""
    if written is xlsx and isinstance(cell, str) and "\x07" in cell:
        cell = cell.replace("\x07", "")
    if written is ods and isinstance(cell, str):
        cell = cell.replace("\x07", "")
    (found,) = workbook(tmp_path, written({"Kunden": [["E-Mail", "Wert"], ["anna@firma.example", cell]]}))
    assert found.row["Wert"] == text


def test_the_sheet_with_addresses_is_read(tmp_path: Path) -> None:
    """The first that can be seen and has one; the others are named, but not those that are empty or hidden."""
    sheets: dict[str, list[list[Cell]]] = {
        "Titel": [["Unsere Kunden"]],
        "Geheim": ROWS,
        "Kunden": ROWS,
        "Alt": ROWS,
        "Leer": [],
    }
    found = workbook(tmp_path, xlsx(sheets, hidden=["Geheim"]))
    assert [row.row["Name"] for row in found] == ["Anna", "Kim"]
    assert notes_of(found) == (
        'read the sheet "Kunden"; there are also "Titel" and "Alt": choose with  sheet = "…"  in [contacts]',
    )
    found = workbook(tmp_path, xlsx({"Kunden": ROWS, "Alt": ROWS}))
    assert 'there is also "Alt"' in notes_of(found)[0]


@every
def test_the_sheet_that_is_named(tmp_path: Path, written: Writer) -> None:
    """It is read, also when another comes first; a name that is none is answered with those that are."""
    octets = written({"Kunden": ROWS, "Müller & Co": [HEADER, ["max@firma.example", "Max", None]]})
    found = workbook(tmp_path, octets, sheet="Müller & Co")
    assert ([row.row["Name"] for row in found], notes_of(found)) == (["Max"], ())
    error = refused(tmp_path, octets, sheet="Kundn")
    assert error.message == 'kunden.xlsx: there is no sheet "Kundn". The sheets are Kunden, Müller & Co.'
    assert "sheet in [contacts]" in error.hint


def test_a_hidden_sheet_may_be_named(tmp_path: Path) -> None:
    """Who names it wants it."""
    found = workbook(tmp_path, xlsx({"Kunden": [["x"]], "Geheim": ROWS}, hidden=["Geheim"]), sheet="Geheim")
    assert len(list(found)) == 2


@every
def test_titles_above_the_header(tmp_path: Path, written: Writer) -> None:
    """They are not read, and that is said."""
    found = workbook(tmp_path, written({"Kunden": [["Unsere Kunden"], ["Stand 1. 12."], [], *ROWS]}))
    assert (found.header_line, notes_of(found)) == (4, ("3 lines above the header are not read",))
    assert len(list(found)) == 2


@every
def test_no_header(tmp_path: Path, written: Writer) -> None:
    """The first row is a contact as well."""
    found = workbook(tmp_path, written({"Kunden": ROWS[1:]}))
    assert (found.header_line, found.headers) == (0, ("column 1", "column 2", "column 3"))
    assert [row.origin.line for row in found] == [1, 2]
    assert "there is no header" in notes_of(found)[0]


@every
def test_nothing_in_it(tmp_path: Path, written: Writer) -> None:
    """No row on any sheet, on the one that is named, or none with addresses."""
    assert "no sheet with a row" in refused(tmp_path, written({"Leer": []})).message
    assert '"Leer" has no row' in refused(tmp_path, written({"Leer": [], "Kunden": ROWS}), sheet="Leer").message
    error = refused(tmp_path, written({"Kunden": [["Vorname", "Ort"], ["Anna", "Köln"]]}))
    assert error.message == "kunden.xlsx:1: no column holds e-mail addresses. The columns are Vorname, Ort."


@pytest.mark.parametrize(
    ("octets", "words"),
    [
        (xlsx({"Kunden": ROWS})[:-40], "a workbook that cannot be read"),
        (xlsx({"Kunden": ROWS})[:90], "a workbook that cannot be read"),
        (ods({"Kunden": ROWS})[:200], "a workbook that cannot be read"),
        (b"PK\x03\x04...", "a workbook that cannot be read"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a workbook that cannot be read"),
        (zipped({"xl/workbook.xml": "<x/>"}), "a workbook that cannot be read"),
        (zipped({"kunden.csv": "E-Mail\n"}), "this is a zip file, and no workbook"),
        (zipped({"word/document.xml": "<x/>"}), "this is a zip file, and no workbook"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "locked with a password",
        ),
    ],
)
def test_what_cannot_be_read(tmp_path: Path, octets: bytes, words: str) -> None:
    """Damaged, locked, or something else: each in words of its own."""
    assert words in refused(tmp_path, octets).message


def test_a_locked_sheet_of_libreoffice(tmp_path: Path) -> None:
    """Its manifest says that the content is encrypted."""
    locked = '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>'
    octets = zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": "x" * 99,
            "META-INF/manifest.xml": "<!--" + "x" * 500 + "-->"
            f'<manifest:manifest xmlns:manifest="urn:m">{locked}</manifest:manifest>',
        }
    )
    assert "locked with a password" in refused(tmp_path, octets).message


def encrypted(octets: bytes) -> bytes:
    """Return a zip file whose parts say that a zip program has encrypted them (PKWARE, 4.4.4)."""
    return octets.replace(b"PK\3\4\x14\0\0", b"PK\3\4\x14\0\1").replace(
        b"PK\1\2\x14\3\x14\0\0", b"PK\1\2\x14\3\x14\0\1"
    )


def test_a_sheet_that_a_zip_program_has_locked(tmp_path: Path) -> None:
    """It is locked as well, whichever program wrote the workbook."""
    for written in (ods, xlsx):
        assert "locked with a password" in refused(tmp_path, encrypted(written({"Kunden": ROWS}))).message


def damaged(place: int, octets: bytes, packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a workbook without a sheet, and with other octets at a place of the entry for its manifest.

    :param place: in the entry of the central directory (PKWARE, 4.3.12).
    """
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("META-INF/manifest.xml", "<manifest/>", packed)
    found = file.getvalue()
    start = found.rindex(b"PK\1\2") + place
    return found[:start] + octets + found[start + len(octets) :]


@pytest.mark.parametrize(
    "octets",
    [
        damaged(6, b"\xff"),  # a newer version of zip
        damaged(10, b"\x63"),  # packed in an unknown way
        damaged(10, b"\x08", zipfile.ZIP_STORED),  # it says that it is packed, and is not
        damaged(10, b"\x0c", zipfile.ZIP_STORED),  # the same for bzip2, which no workbook has
        damaged(0, b"", zipfile.ZIP_LZMA).replace(b"\x05\0]", b"\x05\0\xff"),
        damaged(16, b"\0\0\0\0"),  # a wrong checksum
        damaged(20, b"\xff\xff\0\0\xff\xff\0\0", zipfile.ZIP_STORED),  # a part that ends behind the file
        damaged(42, b"\xff\xff\xff\x7f"),  # a part that begins there
        damaged(46, b"\xff"),  # a part of another name
        damaged(0, b"")[:-6] + b"\xff\xff\0\0\0\0",  # a directory that begins before the file
    ],
)
def test_a_damaged_manifest(tmp_path: Path, octets: bytes) -> None:
    """Whether it is locked cannot be told then, and nothing else goes wrong."""
    assert "a workbook that cannot be read" in refused(tmp_path, octets).message


def test_no_row_of_a_sheet_is_misshapen(tmp_path: Path) -> None:
    """A cell far to the right makes a column without a name."""
    found = workbook(tmp_path, xlsx({"Kunden": [HEADER, ["anna@firma.example", None, None, None, "x"]]}))
    (row,) = found
    assert not isinstance(row, Rejected)
    assert found.headers == (*map(str, HEADER), "column 4", "column 5")
    assert row.row["column 5"] == "x"


STYLES = (
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts>'
    '<numFmt numFmtId="164" formatCode="00000"/><numFmt numFmtId="165" formatCode="&quot;K-&quot;000000"/>'
    '<numFmt numFmtId="166" formatCode="[h]:mm"/><numFmt numFmtId="167" formatCode="dd.mm.yyyy"/></numFmts>'
    '<cellXfs><xf/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="167"/>'
    '<xf numFmtId="9"/><xf numFmtId="14"/></cellXfs></styleSheet>'
)


SHEET = "xl/worksheets/sheet1.xml"
PEOPLE: list[list[Cell]] = [["E-Mail", "Wert"], ["anna@firma.example", "WERT"]]
WORTH = '<c r="B2" t="inlineStr"><is><t xml:space="preserve">WERT</t></is></c>'


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('<c r="B2" s="1"><v>1067</v></c>', "01067"),
        ('<c r="B2" s="2"><v>42</v></c>', "K-000042"),
        ('<c r="B2"><v>0.30000000000000004</v></c>', "0.3"),
        ('<c r="B2" s="3"><v>1.5</v></c>', "36:00"),
        ('<c r="B2" s="4"><v>46357</v></c>', "01.12.2026"),
        ('<c r="B2" s="5"><v>0.19</v></c>', "19%"),
        ('<c r="B2" s="6"><v>46357</v></c>', "2026-12-01"),
        ('<c r="B2" t="e"><v>#N/A</v></c>', "#N/A"),
        ('<c r="B2" t="b"><v>1</v></c>', "TRUE"),
        ('<c r="B2" t="str"><f>A2</f><v>anna_x000D_</v></c>', "anna"),
        ('<c r="B2" t="inlineStr"><is><r><t>An</t></r><r><t>na</t></r><rPh><t>x</t></rPh></is></c>', "Anna"),
        ('<c r="B2" s="99"><v>7</v></c>', "7"),
    ],
)
def test_cells_are_shown_as_excel_shows_them(tmp_path: Path, cell: str, text: str) -> None:
    """Leading zeros, prefixes, hours, dates and percentages are the format's; an error is one."""
    (found,) = workbook(tmp_path, replaced(xlsx({"Kunden": PEOPLE}), SHEET, WORTH, cell, STYLES))
    assert found.row["Wert"] == text


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('office:value-type="float" office:value="1067"><text:p>01067</text:p>', "01067"),
        ('office:value-type="percentage" office:value="0.19"><text:p>19 %</text:p>', "19 %"),
        ('office:value-type="date" office:date-value="2026-12-01"><text:p>01.12.26</text:p>', "01.12.26"),
        ('office:value-type="float" office:value="1067">', "1067"),
        (
            'office:value-type="string"><text:p>Weg<text:s text:c="2"/>1<text:tab/>a<text:line-break/>b</text:p>',
            "Weg  1\ta\nb",
        ),
        (
            "><office:annotation><text:p>nie</text:p></office:annotation><text:p><text:span>An</text:span>na</text:p>",
            "Anna",
        ),
    ],
)
def test_cells_are_shown_as_libreoffice_shows_them(tmp_path: Path, cell: str, text: str) -> None:
    """It says itself how; a comment on a cell is none of it."""
    old = 'office:value-type="string"><text:p>WERT</text:p>'
    (found,) = workbook(tmp_path, replaced(ods({"Kunden": PEOPLE}), "content.xml", old, cell))
    assert found.row["Wert"] == text


@both
def test_hidden_rows(tmp_path: Path, written: Writer) -> None:
    """They are read, and that is said; or left out, as the campaign says."""
    octets = written({"Kunden": [HEADER, ["anna@firma.example", "Anna", None], ["kim@firma.example", "Kim", None]]})
    if written is xlsx:
        octets = replaced(octets, SHEET, '<row r="3">', '<row r="3" hidden="1">')
    else:
        row = '<table:table-row><table:table-cell office:value-type="string"><text:p>kim'
        hidden = row.replace("row>", 'row table:visibility="filter">', 1)
        octets = replaced(octets, "content.xml", row, hidden)
    found = workbook(tmp_path, octets)
    assert len(list(found)) == 2
    assert notes_of(found)[0].startswith("1 hidden row is read like all others")
    left = open_source(found.path, "kunden.xlsx", {}, hidden_rows="leave_out")
    assert [(row.row["Name"], row.is_hidden) for row in left if isinstance(row, Contact)] == [
        ("Anna", False),
        ("Kim", True),
    ]
    assert notes_of(left) == ("1 hidden row is left out, as hidden_rows says",)


BOMBS = {
    "a giant cell": (xlsx, SHEET, "WERT", "A" * (1 << 24)),
    "entities": (xlsx, SHEET, "<worksheet", '<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet'),
    "more columns than there are": (xlsx, SHEET, 'r="B2"', 'r="XFE2"'),
    "blanks without end": (ods, "content.xml", "WERT", '<text:s text:c="1000000000"/>' * 2000),
    "rows without end": (
        ods,
        "content.xml",
        "<table:table-row>",
        '<table:table-row table:number-rows-repeated="99999">',
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs(tmp_path: Path, name: str) -> None:
    """What asks for more than a spreadsheet can hold is refused before it is there, with a sentence."""
    written, part, old, new = BOMBS[name]
    error = refused(tmp_path, replaced(written({"Kunden": PEOPLE}), part, old, new))
    assert "asks for more cells, or longer ones, than a list of contacts has" in error.message


FAR = '<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>kim@firma.example</t></is></c></row></sheetData>'


@pytest.mark.parametrize(
    ("written", "old", "new", "many"),
    [
        (xlsx, "</sheetData>", FAR, 2),
        (xlsx, "</row></sheetData>", '<c r="XFD2"><v>1</v></c></row></sheetData>', 1),
        (ods, "WERT", 'W<text:s text:c="1000000000"/>', 1),
        (
            ods,
            "</table:table>",
            '<table:table-row table:number-rows-repeated="99999999"/></table:table>',
            1,
        ),
    ],
)
def test_cells_far_away(tmp_path: Path, written: Writer, old: str, new: str, many: int) -> None:
    """A stray cell in the last row or column, or a million blanks, cost nobody else."""
    found = workbook(
        tmp_path, replaced(written({"Kunden": PEOPLE}), SHEET if written is xlsx else "content.xml", old, new)
    )
    assert [row.row["E-Mail"] for row in found] == ["anna@firma.example", "kim@firma.example"][:many]


def test_a_part_that_packs_too_well(tmp_path: Path) -> None:
    """A gigabyte may come as a megabyte: what packs better than any sheet does is not unpacked at all."""
    path = tmp_path / "kunden.xlsx"
    path.write_bytes(xlsx({"Kunden": PEOPLE}))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/sharedStrings.xml", b"<sst>" + b"<si/>" * 14_000_000)
    error = refused(tmp_path, path.read_bytes())
    assert "asks for more cells" in error.message
