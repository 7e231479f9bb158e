"""The delimiter and the header are found, whatever stands above, and what had to be guessed is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from notify.contacts.dialect import Dialect, find_dialect
from tests.unit.contacts.findings import notes_of

ROWS = "a@firma.example{0}Anna{0}Köln\nb@firma.example{0}Kim{0}Ulm\n"


def dialect(folder: Path, text: str, *called: str) -> Dialect:
    """Return how a table with this text is written."""
    path = folder / "kunden.csv"
    path.write_text(text, encoding="utf-8")
    return find_dialect(path, "utf-8", "kunden.csv", called)


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize(
    ("above", "line", "ignored"),
    [
        ("Unsere Kunden\n", 2, 1),
        ("Unsere Kunden{0}{0}\n\n{0}{0}\n", 4, 3),
        ('Notes:\n"Some addresses are missing, or hidden"\n\n', 4, 3),
        ("\n\nE-Mail-Adressen\n", 4, 1),
        ("Stand{0}1. 12.{0}\n", 2, 1),
        ("Fragen an hilfe@firma.example\n", 2, 1),
        ("sep={0}\nUnsere Kunden\n", 3, 1),
        ("{0}{0}\n", 2, 0),
        ("\n\n", 3, 0),
    ],
)
def test_what_stands_above_the_header(tmp_path: Path, delimiter: str, above: str, line: int, ignored: int) -> None:
    """Titles, notes and blank lines are not taken for it; what says something is told."""
    text = (above + "E-Mail{0}Vorname{0}Ort\n" + ROWS).format(delimiter)
    found = dialect(tmp_path, text)
    assert (found.delimiter, found.header, found.header_line) == (delimiter, ("E-Mail", "Vorname", "Ort"), line)
    lines = f"{ignored} line{'s' * (ignored > 1)} above the header {'are' if ignored > 1 else 'is'} not read"
    assert notes_of(found) == ((lines,) if ignored else ())


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_no_header(tmp_path: Path, delimiter: str) -> None:
    """The first row is a contact as well, and that is told."""
    found = dialect(tmp_path, "\n" + ROWS.format(delimiter))
    assert (found.delimiter, found.header, found.header_line, found.line) == (delimiter, ("",) * 3, 0, 2)
    assert found.first == ("a@firma.example", "Anna", "Köln")
    assert notes_of(found) == (
        "there is no header: line 2 is read as a contact, and the columns are called column 1 to column 3",
    )


def test_no_header_but_a_title(tmp_path: Path) -> None:
    """Both are told."""
    found = dialect(tmp_path, "Unsere Kunden\n" + ROWS.format(";"))
    assert (found.header_line, found.line) == (0, 2)
    assert notes_of(found)[0] == "1 line above the first row is not read"


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("a@firma.example\nb@firma.example\n", ("",)),
        ("E-Mail\na@firma.example\n", ("E-Mail",)),
        ("Verteiler\na@firma.example\nb@firma.example\n", ("Verteiler",)),
        ("Liste vom 1. 12.\nVerteiler\na@firma.example\nb@firma.example\n", ("Verteiler",)),
        ("Anna Meier <a@firma.example>\nKim <b@firma.example>\n", ("",)),
        ("kim@localhost\n", ("",)),
    ],
)
def test_one_column(tmp_path: Path, text: str, header: tuple[str, ...]) -> None:
    """A list of addresses, with or without a word above."""
    found = dialect(tmp_path, text)
    assert (found.delimiter, found.header) == (",", header)


def test_a_header_that_nobody_knows(tmp_path: Path) -> None:
    """It is the first row as wide as the others, and it is told; a row without an address is none."""
    found = dialect(tmp_path, "Stand 1. 12.\nWer;Wo;Wie\nAnna;Köln;\nKim;Ulm;b@firma.example\n")
    assert (found.header, found.header_line) == (("Wer", "Wo", "Wie"), 2)
    assert notes_of(found)[-1] == "line 2 is taken for the header, although none of its names is known"


def test_names_of_notify_toml_are_known(tmp_path: Path) -> None:
    """What is named there must be in the header."""
    found = dialect(tmp_path, "Wer;Wo\nGruppe;Sorte\nx;y\n", "Sorte")
    assert (found.header_line, notes_of(found)) == (2, ("1 line above the header is not read",))


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("Nachname, Vorname, Titel;E-Mail\nMeier, Anna, Dr.;a@firma.example\n", ";"),
        ("E-Mail;Name\na@firma.example;Meier, Anna\nb@firma.example;Braun, Kim\n", ";"),
        ("Wer|Wie\nMeier, Anna|a@firma.example\nBraun, Kim|b@firma.example\n", "|"),
        ('Name,E-Mail\n"Meier; Anna",a@firma.example\n"Braun; Kim",b@firma.example\n', ","),
        ('Wer,Wie\n"Meier; Anna","a@firma.example; c@firma.example"\n', ","),
        ("a@firma.example;c@firma.example\nb@firma.example;d@firma.example\n", ";"),
        ("E-Mail\tBemerkung\na@firma.example\teins, zwei, drei; vier\n", "\t"),
        ("E-Mail,Bemerkung\n" + 'a@firma.example,"eins; ""zwei"""\n' * 70, ","),
    ],
)
def test_signs_inside_of_cells(tmp_path: Path, text: str, delimiter: str) -> None:
    """All the first rows are asked for the delimiter, and where it leaves an address alone in its cell."""
    assert dialect(tmp_path, text).delimiter == delimiter


def test_a_header_of_several_lines(tmp_path: Path) -> None:
    """Also below a title, and its line is where it begins."""
    found = dialect(tmp_path, 'Kunden\n"E-Mail\n(privat)";"Name"\na@firma.example;Anna\n')
    assert (found.header, found.header_line) == (("E-Mail\n(privat)", "Name"), 2)


def test_a_header_with_broken_letters(tmp_path: Path) -> None:
    """Stra?e and Stra\ufffde are known names."""
    for broken in ("Stra?e;Stra\ufffde", "StraÃŸe;PrÃ©nom"):
        found = dialect(tmp_path, f"Kunden\n{broken}\nx;y\n")
        assert found.header_line == 2
        assert len(notes_of(found)) == 1


def test_no_unknown_header_below_an_address(tmp_path: Path) -> None:
    """A first row with hardly anything but an address is not lost."""
    found = dialect(tmp_path, "a@firma.example;\nKim;Ulm\nb@firma.example;Ulm\n")
    assert (found.header_line, found.line) == (0, 1)


@pytest.mark.parametrize(
    "first",
    [
        "Muster;Anna;anna@@firma.example",
        "Muster;Anna;anna@",
        "Muster;Anna;@firma.example",
        "Muster;Anna;anna(at)firma.example",
        "Muster;Anna;firma.example",
        "Muster;Anna;/o=ExchangeLabs/cn=anna",
        "Muster;Anna;keine",
        "Muster;Anna;",
        "Firma;Anna GmbH;",
        "Brief;Anna;-",
    ],
)
def test_a_first_row_without_a_good_address(tmp_path: Path, first: str) -> None:
    """It is no header: nobody disappears from a list without one, whatever is wrong with the first address."""
    rows = "Frau;Beispiel;b@firma.example\nFrau;Probe;c@firma.example\nBrief;Probe;d@firma.example\n"
    found = dialect(tmp_path, f"{first}\n{rows}")
    assert (found.header_line, found.line, found.first) == (0, 1, tuple(first.split(";")))


def test_a_row_with_a_word_that_may_be_a_header(tmp_path: Path) -> None:
    """Programs that write no header write words such as "1 E-Mail" into their rows, again and again."""
    rows = [
        f"CMXKND;{number};1;Frau;Anna;Muster;{mail};DE;1 E-Mail"
        for number, mail in enumerate(("", "a@", "b@firma.example", "c@firma.example"))
    ]
    found = dialect(tmp_path, "\n".join(rows))
    assert (found.header_line, found.line) == (0, 1)


@pytest.mark.parametrize(
    "header", ["Wer;2019;2020;Wie", "Kunde;2019;2020;E-Mail", "E-Mail-Versand;1;2;Wer", "Sähköposti;A;B;Nimi"]
)
def test_a_header_with_numbers(tmp_path: Path, header: str) -> None:
    """A year above figures is a name like any other, where a name of the header is known."""
    found = dialect(tmp_path, f"{header}\nx;100;7;a@firma.example\ny;200;8;b@firma.example\n")
    assert (found.header_line == 1) == ("Wer;2019" not in header and "Versand" not in header)


def test_a_header_that_is_shorter_than_all_rows(tmp_path: Path) -> None:
    """Then it is the header that must be mended, and that is said; one row that is as long says otherwise."""
    rows = "a@firma.example;Anna;Köln\nb@firma.example;Kim;Ulm\n"
    assert "a name is missing in it" in notes_of(dialect(tmp_path, "E-Mail;Name\n" + rows))[0]
    assert notes_of(dialect(tmp_path, "E-Mail;Name\n" + rows + "c@firma.example;Jo\n")) == ()
    assert notes_of(dialect(tmp_path, 'E-Mail;Name\na@x.example;"A\nb@x.example;"B";\n')) == ()
    assert (
        notes_of(dialect(tmp_path, "E-Mail;Name\n" + rows.replace(";K", ";").replace("öln", "").replace(";Ulm", ";")))
        == ()
    )
