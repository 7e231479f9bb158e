"""Old and binary workbooks of Excel: cells are shown as Excel shows them, however they are packed."""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.contacts import Source, open_source
from notify.contacts.binary_cells import packed_number
from notify.contacts.xls_texts import Letters, shared_texts
from notify.core.contact import Contact
from notify.errors import InputError
from tests.unit.contacts.binary_workbooks import (
    EXCEL_95,
    Cell,
    Formatted,
    compound,
    letters,
    packed,
    record,
    wide,
    xls,
    xls_stream,
    xlsb,
    zipped,
)
from tests.unit.contacts.findings import notes_of

both = pytest.mark.parametrize("written", [xls, xlsb])
Writer = Callable[..., bytes]
HEADER: list[Cell] = ["E-Mail", "Wert"]
ANNA, KIM = "anna@firma.example", "kim@firma.example"
PEOPLE: dict[str, list[list[Cell]]] = {"Kunden": [HEADER, [ANNA, "Köln"], [KIM, "Ъ€"]]}


def workbook(folder: Path, octets: bytes, *, encoding: str = "", sheet: str = "", hidden_rows: str = "read") -> Source:
    """Return a contact file with these octets."""
    path = folder / "kunden"
    path.write_bytes(octets)
    return open_source(path, "kunden.xls", {}, encoding=encoding, sheet=sheet, hidden_rows=hidden_rows)


def values(source: Source) -> dict[str, str]:
    """Return what stands beside each address."""
    return {row.row["E-Mail"]: row.row["Wert"] for row in source if isinstance(row, Contact)}


@both
@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (1067, "00000", "01067"),
        (42, '"K-"000000', "K-000042"),
        (1067.0625, "00000", "01067"),
        (46357, "dd.mm.yyyy", "01.12.2026"),
        (46357.75, "dd/mm/yyyy hh:mm", "01/12/2026 18:00"),
        (0.19, "0%", "19%"),
        (1.5, "[h]:mm", "36:00"),
        (1234.5, "#,##0.00 [$€-407]", "1.234,50 €"),
        (-7, '0;"minus "0', "minus 7"),
        (0.1 + 0.2, "General", "0.3"),
        (-(2**29), "General", "-536870912"),
        (7, "0" * 2000, "7"),
    ],
)
def test_numbers_are_shown_by_their_format(tmp_path: Path, written: Writer, value: float, code: str, text: str) -> None:
    """Leading zeros, prefixes, dates, hours, percentages and currencies are the format's, and not the number's."""
    if len(code) > 255 and written is xls:
        code = "0" * 1500
    octets = written({"Kunden": [HEADER, [ANNA, Formatted(value, code)]]})
    assert values(workbook(tmp_path, octets)) == {ANNA: text}


@both
def test_days_of_old_macs(tmp_path: Path, written: Writer) -> None:
    """They are counted from 1904, and hours that are counted on from nothing."""
    day, hours = Formatted(46357 - 1462, "yyyy-mm-dd"), Formatted(1.5, "[h]:mm")
    octets = written({"Kunden": [HEADER, [ANNA, day], [KIM, hours]]}, since_1904=True)
    assert values(workbook(tmp_path, octets)) == {ANNA: "2026-12-01", KIM: "36:00"}


@pytest.mark.parametrize("by_columns", [False, True])
def test_an_old_workbook(tmp_path: Path, by_columns: bool) -> None:
    """Letters take one octet or two; cells may stand in the order of their columns, and are rows all the same."""
    found = workbook(tmp_path, xls(PEOPLE, by_columns=by_columns))
    assert values(found) == values(found) == {ANNA: "Köln", KIM: "Ъ€"}
    assert [row.origin.line for row in found] == [2, 3]


@pytest.mark.parametrize(
    ("page", "encoding"), [(1252, "cp1252"), (1251, "cp1251"), (10000, "mac_roman"), (9, "cp1252")]
)
def test_a_workbook_of_excel_95(tmp_path: Path, page: int, encoding: str) -> None:
    """Its texts are of a code page, which it names; of one that nobody knows it is that of Western Windows."""
    word = "Жуков" if page == 1251 else "Müller"
    told = record(0x42, struct.pack("<H", page))
    text = word.encode(encoding)
    more = record(0x204, struct.pack("<HHHH", 1, 1, 0, len(text)) + text)
    octets = xls({"Kunden": [HEADER, [ANNA, None]]}, version=EXCEL_95, book=told, more=more)
    assert values(workbook(tmp_path, octets)) == {ANNA: word}


def test_a_format_of_excel_95(tmp_path: Path) -> None:
    """It stands in the code page, too."""
    octets = xls({"Kunden": [HEADER, [ANNA, Formatted(1067, '"Ö-"00000')]]}, version=EXCEL_95)
    assert values(workbook(tmp_path, octets)) == {ANNA: "Ö-01067"}


def formula(result: bytes) -> bytes:
    """Return the record of a formula beside Anna's address."""
    return record(0x06, struct.pack("<HHH", 1, 1, 0) + result + bytes(8))


LONG = "ä" * 5000 + "Ъ" * 4000


@pytest.mark.parametrize(
    ("records", "text"),
    [
        (formula(struct.pack("<d", 7.5)), "7.5"),
        (formula(b"\1\0\1\0\0\0\xff\xff"), "TRUE"),
        (formula(b"\2\0\x2a\0\0\0\xff\xff"), "#N/A"),
        (formula(b"\3\0\0\0\0\0\xff\xff"), ""),
        (formula(b"\0\0\0\0\0\0\xff\xff") + record(0x207, letters("Köln")), "Köln"),
        (formula(b"\0\0\0\0\0\0\xff\xff") + record(0x4BC, bytes(12)) + record(0x207, letters("Köln")), "Köln"),
        (
            formula(b"\0\0\0\0\0\0\xff\xff")
            + record(0x207, struct.pack("<HB", 9000, 0) + b"\xe4" * 5000)
            + record(0x3C, b"\1" + "Ъ".encode("utf-16-le") * 4000),
            LONG,
        ),
        (record(0x205, struct.pack("<HHHBB", 1, 1, 0, 0x07, 1)), "#DIV/0!"),
        (record(0x205, struct.pack("<HHHBB", 1, 1, 0, 0, 0)), "FALSE"),
        (record(0x204, struct.pack("<HHH", 1, 1, 0) + letters("Łódź")), "Łódź"),
        (record(0xD6, struct.pack("<HHH", 1, 1, 0) + letters("Bonn") + bytes(6)), "Bonn"),
        (record(0xBD, struct.pack("<HHHiHih", 1, 1, 0, 7 << 2 | 2, 0, 7 << 2 | 3, 2)), "7"),
        # a chart that is embedded has numbers of its own
        (
            record(0x809, bytes(8))
            + record(0x203, struct.pack("<HHHd", 1, 1, 0, 9.0))
            + record(0x0A, b"")
            + record(0x203, struct.pack("<HHHd", 1, 1, 0, 1.5)),
            "1.5",
        ),
    ],
)
def test_cells_of_old_workbooks(tmp_path: Path, records: bytes, text: str) -> None:
    """What a formula came to, errors, and texts that do not stand with the others; what is embedded is no cell."""
    octets = xls({"Kunden": [HEADER, [ANNA, None]]}, more=records)
    assert values(workbook(tmp_path, octets)) == {ANNA: text}


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        (packed(3, struct.pack("<IIB", 1, 0, 0x2A)), "#N/A"),
        (packed(4, struct.pack("<IIB", 1, 0, 1)), "TRUE"),
        (packed(6, struct.pack("<II", 1, 0) + wide("Łódź")), "Łódź"),
        (packed(8, struct.pack("<II", 1, 0) + wide("Köln") + bytes(9)), "Köln"),
        (packed(8, struct.pack("<II", 1, 0) + wide("x" * 9000) + bytes(9)), "x" * 9000),
        (packed(9, struct.pack("<IId", 1, 0, 7.5) + bytes(9)), "7.5"),
        (packed(10, struct.pack("<IIB", 1, 0, 0) + bytes(9)), "FALSE"),
        (packed(11, struct.pack("<IIB", 1, 0, 0x17) + bytes(9)), "#REF!"),
        (packed(62, struct.pack("<IIB", 1, 0, 1) + wide("Bonn") + bytes(9)), "Bonn"),
    ],
)
def test_cells_of_binary_workbooks(tmp_path: Path, octets: bytes, text: str) -> None:
    """Whatever holds a value is read, formulas with their last one."""
    found = xlsb({"Kunden": [HEADER, [ANNA, None]]}, more=octets)
    assert values(workbook(tmp_path, found)) == {ANNA: text}


@both
def test_hidden_rows_and_sheets(tmp_path: Path, written: Writer) -> None:
    """Rows are read, and that is said, or left out, as the campaign says; a sheet is not looked at."""
    octets = written({"Alt": PEOPLE["Kunden"], **PEOPLE}, hidden=["Alt"], hidden_rows=[3])
    found = workbook(tmp_path, octets)
    assert (len(list(found)), len(notes_of(found))) == (2, 1)
    assert notes_of(found)[0].startswith("1 hidden row is read like all others")
    left = workbook(tmp_path, octets, hidden_rows="leave_out")
    assert [(row.row["E-Mail"], row.is_hidden) for row in left if isinstance(row, Contact)] == [
        (ANNA, False),
        (KIM, True),
    ]
    assert notes_of(left) == ("1 hidden row is left out, as hidden_rows says",)
    assert len(list(workbook(tmp_path, octets, sheet="Alt"))) == 2


@pytest.mark.parametrize("shift", [9, 12])
@pytest.mark.parametrize("is_small", [True, False])
def test_compound_files(tmp_path: Path, shift: int, is_small: bool) -> None:
    """Sectors are of 512 octets or 4,096, and what is small may share them."""
    octets = compound(xls_stream(PEOPLE), shift=shift, is_small=is_small)
    assert values(workbook(tmp_path, octets)) == {ANNA: "Köln", KIM: "Ъ€"}


@pytest.mark.parametrize("at", range(8, 43))
def test_shared_texts_go_on_in_the_next_record(at: int) -> None:
    """Wherever a record ends: behind a text, or within one, whose letters may be wider in the next one."""
    first = struct.pack("<HBH", 4, 8, 1) + b"K\xf6ln" + bytes(4)  # with a look
    second = struct.pack("<HBI", 6, 5, 3) + "Łódź😀".encode("utf-16-le") + b"***"  # with a sound
    octets = struct.pack("<II", 9, 9) + first + second
    is_second = at >= 21
    within = at in range(13, 17) or at in range(28, 40)  # what is within says anew how wide its letters are
    if within and is_second and at % 2:
        return  # no letter is torn
    begun, rest = octets[:at], bytes([is_second]) * within + octets[at:]
    assert shared_texts(iter([begun, b"", rest]), Letters()).texts == ["Köln", "Łódź😀"]


@given(st.one_of(st.integers(-(2**29), 2**29 - 1).map(float), st.floats(allow_nan=False, allow_infinity=False)))
def test_packed_numbers(number: float) -> None:
    """Whole ones are kept, of others the first 34 bits; a hundredth of each is another way."""
    if number.is_integer() and abs(number) < 2**29:
        assert packed_number((int(number) << 2 | 2) & 0xFFFFFFFF) == number
        assert packed_number((int(number) << 2 | 3) & 0xFFFFFFFF) == number / 100
    head = struct.unpack("<Q", struct.pack("<d", number))[0] >> 32 & 0xFFFFFFFC
    assert packed_number(head) == struct.unpack("<d", struct.pack("<Q", head << 32))[0]


@pytest.mark.parametrize(
    ("octets", "words"),
    [
        (xls(PEOPLE, book=record(0x2F, bytes(54))), "locked with a password"),
        (xls(PEOPLE)[:2000], "a workbook that cannot be read"),
        (compound(xls_stream(PEOPLE)[:-8]), "a workbook that cannot be read"),
        (compound(xls_stream(PEOPLE), "Other"), "a workbook that cannot be read"),
        (xls(PEOPLE, more=record(0x203, struct.pack("<HHHd", 2, 256, 0, 1.5)) * 300), "asks for more cells"),
        (xlsb(PEOPLE, more=packed(2, struct.pack("<IIi", 16_384, 0, 30))), "asks for more cells"),
        (xlsb(PEOPLE, more=packed(7, struct.pack("<III", 1, 0, 99))), "a workbook that cannot be read"),
        (xlsb(PEOPLE, parts={"xl/sharedStrings.bin": b"\x13\xff"}), "a workbook that cannot be read"),
        (zipped({"xl/workbook.bin": b""}), "a workbook that cannot be read"),
    ],
)
def test_what_cannot_be_read(tmp_path: Path, octets: bytes, words: str) -> None:
    """Locked, cut off, or of numbers that lead nowhere: a sentence says so, and the mend."""
    with pytest.raises(InputError, match=words) as caught:
        list(workbook(tmp_path, octets))
    assert caught.value.hint


EXAMPLES = [xls(PEOPLE), xls({"K": [HEADER, [ANNA, "x"]]}, version=EXCEL_95)]


@given(st.data())
def test_damaged_workbooks(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Whatever happened to a file, it is read, or refused with a sentence."""
    octets = bytearray(data.draw(st.sampled_from(EXAMPLES)))
    for _ in range(data.draw(st.integers(1, 4))):
        octets[data.draw(st.integers(0, len(octets) - 1))] = data.draw(st.sampled_from([0, 1, 2, 8, 0x7F, 0x80, 0xFF]))
    path = tmp_path_factory.getbasetemp() / "damaged.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + octets[8:])
    with contextlib.suppress(InputError):
        list(open_source(path, "kunden.xls", {}))
