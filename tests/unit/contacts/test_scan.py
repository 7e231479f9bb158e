"""Delimiter, header and lines of a table, and the records that cannot be one row."""

from __future__ import annotations

import csv
import io
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notify.contacts.delimited import Delimited
from notify.contacts.dialect import Dialect, find_dialect
from notify.contacts.rows import Misshapen, Row
from notify.contacts.scan import Checked, CheckedRows, plain_text
from notify.contacts.text_lines import open_text
from notify.errors import InputError


def dialect(tmp_path: Path, text: str, encoding: str = "utf-8") -> Dialect:
    """Return how a table with this text is written."""
    path = tmp_path / "kunden.csv"
    path.write_bytes(text.encode(encoding))
    return find_dialect(path, encoding, "kunden.csv")


def checked(tmp_path: Path, text: str) -> tuple[str, list[Misshapen]]:
    """Return what of a table goes on to pandas, every cell quoted and by commas, and what is set aside."""
    found = dialect(tmp_path, text)
    with CheckedRows(tmp_path / "kunden.csv", "utf-8", found, "kunden.csv") as rows:
        passed_on = io.StringIO()
        reader = csv.reader(io.StringIO(rows.read(), newline=""), delimiter=rows.delimiter, strict=True)
        csv.writer(passed_on, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(reader)
        return passed_on.getvalue(), list(rows.misshapen)


@pytest.mark.parametrize(
    ("text", "delimiter", "header", "line"),
    [
        ("E-Mail;Name\n", ";", ("E-Mail", "Name"), 1),
        ("E-Mail,Name\n", ",", ("E-Mail", "Name"), 1),
        ("E-Mail\tName\n", "\t", ("E-Mail", "Name"), 1),
        ("E-Mail|Name\n", "|", ("E-Mail", "Name"), 1),
        ("E-Mail\n", ",", ("E-Mail",), 1),
        ("E-Mail", ",", ("E-Mail",), 1),
        ('"E-Mail","Name"\r\n', ",", ("E-Mail", "Name"), 1),
        ('"Name, Vorname";"E-Mail; privat"\n', ";", ("Name, Vorname", "E-Mail; privat"), 1),
        ('"Name; Vorname","E-Mail"\n', ",", ("Name; Vorname", "E-Mail"), 1),
        ('"Straße\nund Nummer";E-Mail\n', ";", ("Straße\nund Nummer", "E-Mail"), 1),
        ('"Straße,\r\nNummer","E-Mail"\r\n', ",", ("Straße,\nNummer", "E-Mail"), 1),
        ('"E-Mail", "Name"\n', ",", ("E-Mail", "Name"), 1),
        ("Anrede;Name, Vorname;E-Mail\n", ";", ("Anrede", "Name, Vorname", "E-Mail"), 1),
        ("E-Mail;Name;\n", ";", ("E-Mail", "Name", ""), 1),
        (" E-Mail ;\tName \n", ";", ("E-Mail", "Name"), 1),
        ("\n\nE-Mail;Name\n", ";", ("E-Mail", "Name"), 3),
        ("\r\n;;;\r\n , ,\r\nE-Mail;Name\r\n", ";", ("E-Mail", "Name"), 4),
        ('"";""\n" ";""\nE-Mail;Name\n', ";", ("E-Mail", "Name"), 3),
        ("\r\rE-Mail;Name\r", ";", ("E-Mail", "Name"), 3),
        ("sep=;\nE-Mail;Name\n", ";", ("E-Mail", "Name"), 2),
        ('"sep=,"\r\nE-Mail,Name;x;y\r\n', ",", ("E-Mail", "Name;x;y"), 2),
        ("SEP=|\r\n\r\nE-Mail|Name\r\n", "|", ("E-Mail", "Name"), 3),
        ("sep=\t\r\nE-Mail\tName\r\n", "\t", ("E-Mail", "Name"), 2),
        ("sep=:\nE-Mail:Name\n", ":", ("E-Mail", "Name"), 2),
        ("sep=;\nE-Mail\n", ";", ("E-Mail",), 2),
        # no delimiter is named, so these are a header like every other
        ("sep=\r\n", ",", ("sep=",), 1),
        ('sep="\n', ",", ('sep="',), 1),
        # the quotation mark is one only for the wrong delimiter
        ('E-Mail;5,"Rohr;Name\n', ";", ("E-Mail", '5,"Rohr', "Name"), 1),
        ("E-Mail;Name\0\x01\n", ";", ("E-Mail", "Name"), 1),
    ],
)
def test_how_a_table_is_written(tmp_path: Path, text: str, delimiter: str, header: tuple[str, ...], line: int) -> None:
    """The delimiter that makes the most columns; the header is the first row that says anything."""
    found = dialect(tmp_path, text)
    assert (found.delimiter, found.header, found.header_line) == (delimiter, header, line)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    """A mark at the beginning is no letter of the first header."""
    text = "sep=\t\r\nE-Mail\tStraße\r\n"
    assert dialect(tmp_path, text, encoding) == Dialect("\t", ("E-Mail", "Straße"), 2)


@pytest.mark.parametrize("text", ["\n;;\n", ";", "  \n", "sep=;\n", "sep=;\n;;;\n", '""\n"";""\n'])
def test_no_row(tmp_path: Path, text: str) -> None:
    """A file of nothing but delimiters has no header."""
    with pytest.raises(InputError, match=r"kunden\.csv: the file has no row"):
        dialect(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "line", "header"),
    [
        ('E-Mail;"Name;Ort\nanna@example.com;Anna;Bremen\n', 1, ("E-Mail", "Name", "Ort")),
        ('\n\n"E-Mail\n', 3, ("E-Mail",)),
        ('E-Mail;"Name\nanna@example.com;Anna\nkim@example.com;"Kim\n', 1, ("E-Mail", "Name")),
        ('"E-Mail;Name\nanna@example.com;Anna;"\nkim@example.com;Kim\n', 1, ("E-Mail", "Name")),
        ('E-Mail;"Name\nanna@example.com;Anna"\n', 1, ("E-Mail", "Name")),
        ('E-Mail;"Name\n' + "x" * 60 + "\n" * 9000 + "anna;y\n" * 200_000, 1, ("E-Mail", "Name")),
    ],
)
def test_a_quotation_mark_that_opens_in_the_header(
    tmp_path: Path, text: str, line: int, header: tuple[str, ...]
) -> None:
    """It makes no rows a part of the header: that ends with its line, and a person is told."""
    found = dialect(tmp_path, text)
    assert (found.header, found.header_line, found.is_cut) == (header, line, True)
    assert found.findings[-1].name == "unclosed-header"
    lines = [number for number, text in enumerate(text.splitlines(), start=1) if number > line and text]
    assert [row.line for row in Delimited(tmp_path / "kunden.csv", "x").rows()] == lines


def test_a_header_without_end(tmp_path: Path) -> None:
    """A line that goes on for a mebibyte is no header, and is not kept."""
    with pytest.raises(InputError, match=r"kunden\.csv:1: this line is longer than"):
        dialect(tmp_path, "E-Mail;Name" * 200_000)


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        ("a\nb\nc\n", [2, 3, 4]),
        ("a\n\n;\n \nb\n", [2, 6]),
        ('"a\n\na"\nb\n', [2, 5]),
        ('"a\n";x\n"\nb";y\nc;z', [2, 4, 6]),
        ("a;\n;b\n", [2, 3]),
        ("\n\n\na", [5]),
        ("a\x0bb\nc\x1cd\u2028e\x85f\ng\n", [2, 3, 4]),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_lines(tmp_path: Path, rows: str, lines: list[int], line_end: str) -> None:
    """Every row has the line that an editor shows, also behind blank rows and cells of several lines."""
    text, misshapen = checked(tmp_path, f"E-Mail;Name\n{rows}".replace("\n", line_end))
    assert misshapen == []
    found = [int(line.split('"')[1]) for line in text.split("\n") if line[1:2].isdigit()]
    assert found == lines


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        ("a;b", ["a", "b", ""]),
        ("a", ["a", "", ""]),
        ("a;b;c", ["a", "b", "c"]),
        ("a;b;c;", ["a", "b", "c"]),
        ("a;b;c; ;;", ["a", "b", "c"]),
        (" a ; b;c ", ["a", "b", "c"]),
        ('a;"b;b";c', ["a", "b;b", "c"]),
        ('a; "b;b";c', ["a", "b;b", "c"]),
        ('a; "b" ;c', ["a", "b", "c"]),
        ('a;"b ""x"" b";c', ["a", 'b "x" b', "c"]),
        ('a;Gasthof "Zum Löwen";c', ["a", 'Gasthof "Zum Löwen"', "c"]),
        ('a;"Zum Löwen" Gasthof;c', ["a", "Zum Löwen Gasthof", "c"]),
        ('a;5" Rohr;c', ["a", '5" Rohr', "c"]),
        ('"a;a";5" Rohr;c', ["a;a", '5" Rohr', "c"]),
        ('a;"b"', ["a", "b", ""]),
        ('a;"x\ny";c', ["a", "x\ny", "c"]),
        ('a;"x\r\ny\rz";c', ["a", "x\ny\nz", "c"]),
        ('a;"x; y\nz";c', ["a", "x; y\nz", "c"]),
        ('a;"Weg 1; Haus 2\n20095 Hamburg";', ["a", "Weg 1; Haus 2\n20095 Hamburg", ""]),
        ("a\0;b\x07\x7f\x9f;\x1bc", ["a", "b", "c"]),
        ("a;b\tb;c", ["a", "b\tb", "c"]),
        ("a;\u00a0b\u2003;c", ["a", "b", "c"]),
        ("'a';b;c", ["'a'", "b", "c"]),
        ("a;b\\;c", ["a", "b\\", "c"]),
        ("a;NA;nan", ["a", "NA", "nan"]),
        ("00123;1/2;1e5", ["00123", "1/2", "1e5"]),
        ("#a;=1+1;@x", ["#a", "=1+1", "@x"]),
    ],
)
def test_cells(tmp_path: Path, row: str, cells: list[str]) -> None:
    """As many as the header has, as they were written, without blanks around them and without control characters."""
    text, misshapen = checked(tmp_path, f"E-Mail;Name;Ort\n{row}\n")
    quoted = ['"' + cell.replace('"', '""') + '"' for cell in ["2", *cells]]
    assert text == ",".join(quoted) + "\n"
    assert misshapen == []


@pytest.mark.parametrize(
    ("row", "lines", "reason"),
    [
        ("a;b;c;d", 1, "the row has 4 fields, the header has 3"),
        ("a;b;c;;d", 1, "the row has 5 fields, the header has 3"),
        (";;;d", 1, "the row has 4 fields, the header has 3"),
        ('a;"b;b";c;d', 1, "the row has 4 fields, the header has 3"),
        ('a;"b"";"c"', 1, "a stray quotation mark: it cannot be told where a cell ends"),
        ('a;"b; b" x;c', 1, "a stray quotation mark: it cannot be told where a cell ends"),
        # a short row with half of a pair
        ('a;b"', 1, "a stray quotation mark: it cannot be told where a cell ends"),
        ('a;"b"b', 1, "a stray quotation mark: it cannot be told where a cell ends"),
    ],
)
def test_what_cannot_be_one_row(tmp_path: Path, row: str, lines: int, reason: str) -> None:
    """It is set aside with its line, and no other row is touched."""
    text, misshapen = checked(tmp_path, f"E-Mail;Name;Ort\nx;y;z\n{row}\nx;y;z\n")
    assert text == f'"2","x","y","z"\n"{3 + lines}","x","y","z"\n'
    assert [(one.line, one.reason) for one in misshapen] == [(3, reason)]


UNCLOSED = "a quotation mark opens in this row and is not closed"
STRAY = "a stray quotation mark: it cannot be told where a cell ends"
REST = "it may be the rest of a row that a stray quotation mark above has cut"


@pytest.mark.parametrize(
    ("rows", "read", "aside"),
    [
        # a cell that is whole rows
        ('a;"b;c\na;b;c\na;b";c', [4], {3: UNCLOSED, 5: REST}),
        ('a;b;"c\na;b;c"', [], {3: UNCLOSED, 4: REST}),
        ('"a;b;c\na";b;c', [], {3: UNCLOSED, 4: REST}),
        # the end of one row and the beginning of the next
        ('a;"b;c\na;b";c', [], {3: UNCLOSED, 4: REST}),
        # a cell that goes on behind its quotation mark
        ('a;"b;c\na;"b";c', [4], {3: UNCLOSED}),
        ('a;"b;c\nd;e;f\ng;"h;i";j', [4, 5], {3: UNCLOSED}),
        ('a;"b\nb" x;c', [], {3: UNCLOSED, 4: STRAY}),
        # what stands behind it in the same cell is nobody's name
        ('a;"b\nWeg; 1" x;c', [], {3: UNCLOSED, 4: REST}),
        # one that is never closed, in the last row, in the first, and in many
        ('a;b;c\nx;"y;z', [3], {4: UNCLOSED}),
        ('x;"y;z\na;b;c\nd;e;"f g"', [4, 5], {3: UNCLOSED}),
        ('"a;b;c\n' + "x;y;z\n" * 50, list(range(4, 54)), {3: UNCLOSED}),
        ('a;"b\n\nb";c\n\nx;"y;z\na;b;c\n', [3, 8], {7: UNCLOSED}),
        ('x;"y;z\n' * 4, [], {3: UNCLOSED, 4: UNCLOSED, 5: UNCLOSED, 6: UNCLOSED}),
        ('x;"y;z\nx;"y";z\n' * 2, [4, 6], {3: UNCLOSED, 5: UNCLOSED}),
        # the line above is a row whatever it says
        ('x;y;"z\n' + "x;y;z\n" * 200_000 + 'x;"\n', [*range(4, 200_004)], {3: UNCLOSED, 200_004: UNCLOSED}),
    ],
)
def test_lines_that_a_quotation_mark_makes_one_row(
    tmp_path: Path, rows: str, read: list[int], aside: dict[int, str]
) -> None:
    """What is a whole row by itself is read; every other line is named with the true reason, and the file is read."""
    (tmp_path / "kunden.csv").write_text(f"E-Mail;Name;Ort\nx;y;z\n{rows}\nx;y;z\n")
    found = list(Delimited(tmp_path / "kunden.csv", "x").rows())
    last = 2 + len(rows.rstrip("\n").split("\n")) + 1 + rows.endswith("\n")
    assert [row.line for row in found if isinstance(row, Row)] == [2, *read, last]
    assert {row.line: row.reason for row in found if isinstance(row, Misshapen)} == aside


def test_what_is_left_of_a_row(tmp_path: Path) -> None:
    """Short rows behind a stray quotation mark may be its leavings, until a row is as long as one before it."""
    rows = ["a;b;c", 'e;"f', 'g"h;i;j', "rest;x", "rest", "d;e;f", "g"]
    text, misshapen = checked(tmp_path, "\n".join(["E-Mail;Name;Ort;Land", *rows]))
    assert text == '"2","a","b","c",""\n"7","d","e","f",""\n"8","g","","",""\n'
    assert {one.line: one.reason for one in misshapen} == {3: UNCLOSED, 4: STRAY, 5: REST, 6: REST}


def test_quotation_marks_that_make_one_record_of_everything(tmp_path: Path) -> None:
    """Each line alone is no row, each begins a cell that never ends: they are named all, in time."""
    text = "E-Mail;Name;Ort\n" + 'y"x;"z;a\n' * 200_000
    (tmp_path / "kunden.csv").write_text(text)
    found = list(Delimited(tmp_path / "kunden.csv", "x").rows())
    assert [row.line for row in found] == list(range(2, 200_002))


@pytest.mark.parametrize("changed", ["", "\n", "E-Mail\nx\n", "E-Mail;Ort;Name\nx;y;z\n", '"E-Mail;Name;Ort\n'])
def test_a_file_that_is_saved_while_it_is_read(tmp_path: Path, changed: str) -> None:
    """Columns that were recognised must not be taken for others."""
    found = dialect(tmp_path, "\nE-Mail;Name;Ort\nx;y;z\n")
    (tmp_path / "kunden.csv").write_text(changed)
    with pytest.raises(InputError, match=r"kunden\.csv"):
        CheckedRows(tmp_path / "kunden.csv", "utf-8", found, "kunden.csv")


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    """It was there a moment ago."""
    with pytest.raises(InputError, match=r"x\.csv: the file cannot be read: No such file"):
        open_text(tmp_path / "x.csv", "utf-8", "x.csv")


def test_it_is_read_piece_by_piece(tmp_path: Path) -> None:
    """A piece is whole rows, as many as asked for; together they are the file."""
    path = tmp_path / "kunden.csv"
    path.write_text("E-Mail;Name\n" + "".join(f"a{number};b\n" for number in range(1000)))
    with CheckedRows(path, "utf-8", find_dialect(path, "utf-8", "x"), "x") as rows:
        assert isinstance(rows, io.TextIOBase)
        assert rows.readable()
        first = rows.read(100)
        assert 100 <= len(first) < 200
        assert first.endswith("\n")
        assert (first + rows.read() + rows.read()).count("\n") == 1000
    assert rows.closed


PLAIN = {
    ("a;b;c", 3): True,
    ("a;b;c\n", 3): True,
    ('"a";"b;b";c', 3): True,
    (";;c", 3): True,
    ("a", 1): True,
    ("O'Brien;Müller & Söhne;", 3): True,
    ("a;b", 3): False,  # too short
    ("a;b;c;", 3): False,  # too long
    ('"a;b";c', 3): False,
    ('"";"";""', 3): False,  # blank, and yet to be taken apart
    ("a; b;c", 3): False,  # blanks around cells
    (" a;b;c", 3): False,
    ("a;b;c ", 3): False,
    ('"a";"b; b";c', 3): False,  # or what looks like them
    ("a;b ;c", 3): False,
    ('a;" b";c', 3): False,
    ('a;"b ";c', 3): False,
    ("a;'=1+1;c", 3): False,  # a mark before a formula
    ("'=1+1;b;c", 3): False,
    ('a;"\'=1";c', 3): False,
    ("a;b\0;c", 3): False,  # control characters
    ("a;b\u00a0;c", 3): False,
    ("a\tb;b;c", 3): False,
    ('a;"b;c', 3): False,  # a cell of several lines
    ('a;"b"b;c', 3): False,  # stray quotation marks
    ('a;b"b";c', 3): False,
    ('a;"b""b";c', 3): False,
}


@pytest.mark.parametrize(("line", "width"), [(";;\n", 3), ("\n", 1), (" ;\n", 2), ("", 1)])
def test_lines_that_say_nothing(line: str, width: int) -> None:
    """They are passed over without a closer look."""
    assert plain_text(";", width)(line) is None


@pytest.mark.parametrize(("line", "width"), PLAIN)
def test_plain_lines(line: str, width: int) -> None:
    """What is plain goes to pandas as it stands; what need not be, is not."""
    assert plain_text(";", width)(line) == (line.rstrip("\n") if PLAIN[line, width] else "")


letters = st.sampled_from(" ;\"'=-ab\n\r\t\x85\xa0ä|,\ufeff")


@given(rows=st.lists(st.text(letters, max_size=9), max_size=12), delimiter=st.sampled_from(";,\t|"))
@example(rows=['a;b"', "x;y;z", "rest;x", "d;e;f"], delimiter=";")
@example(rows=['"a";" b";c', "'=1;b;c", "a;b;c;;", ";;"], delimiter=";")
def test_plain_or_not_makes_no_difference(
    tmp_path_factory: pytest.TempPathFactory, rows: list[str], delimiter: str
) -> None:
    """Every row, cell and reason is the same as if each record were taken apart here."""
    path = tmp_path_factory.mktemp("table") / "kunden.csv"
    path.write_text(
        "\n".join([f"sep={delimiter}", "E-Mail;Name;Ort".replace(";", delimiter), *rows]), "utf-8", newline=""
    )
    outcomes: list[object] = []
    for read in (_taken_apart, _by_pandas):
        try:
            outcomes.append(read(path))
        except InputError as error:
            outcomes.append(error.message)
    assert outcomes[0] == outcomes[1]


def _taken_apart(path: Path) -> list[tuple[object, ...]]:
    with closing(Checked(path, "utf-8", find_dialect(path, "utf-8", "x"), "x")) as rows:
        return [_told(row) for row in rows]


def _by_pandas(path: Path) -> list[tuple[object, ...]]:
    return [_told(row) for row in Delimited(path, "x", "utf-8").rows()]


def _told(row: Row | Misshapen) -> tuple[object, ...]:
    reason = row.reason if isinstance(row, Misshapen) else ""
    return row.line, reason, tuple(row.cells)


def test_a_file_of_doubtful_lines(tmp_path: Path) -> None:
    """Where most lines must be taken apart, the plain ones among them are read all the same."""
    path = tmp_path / "kunden.csv"
    path.write_text("E-Mail;Name;Ort\n" + "a; b;c\n" * 300 + "d;e;f\n" * 300)
    rows = list(Delimited(path, "x").rows())
    assert [row.line for row in rows] == list(range(2, 602))
    assert [tuple(row.cells) for row in rows] == [("a", "b", "c")] * 300 + [("d", "e", "f")] * 300


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_blank_lines_beside_damaged_text(tmp_path: Path, end: str) -> None:
    """Runs of blank lines are counted, also where the lines around them are to be mended, and inside of a cell."""
    path = tmp_path / "kunden.csv"
    path.write_text(
        f'E-Mail;Name;Ort{end}a;J&ouml;rg;c{end}{end * 500}a;b;c{end}x;"y{end * 300}z";c{end}a;b;c{end}', newline=""
    )
    rows = list(Delimited(path, "x").rows())
    assert [(row.line, isinstance(row, Row)) for row in rows] == [
        (2, True),
        (503, True),
        (504, False),
        (804, False),
        (805, True),
    ]
    assert rows[0].cells[1] == "Jörg"
