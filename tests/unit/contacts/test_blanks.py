"""Lists with blanks between the cells are read as a person would read them; nobody gets the cells of another column."""

from __future__ import annotations

from pathlib import Path

import pytest

from notify.contacts import open_source
from notify.core.contact import Contact, Rejected
from tests.unit.contacts.findings import notes_of

ALIGNED = """\
Unsere Kunden

E-Mail                  Anrede  Vorname   Nachname    Ort
----------------------  ------  --------  ----------  ---
anna@example.com        Frau    Anna      Beispiel    Bonn
ben@example.com         Herr    Ben       von Muster  Bad Honnef
carl.mit.langem.namen@example.com  Herr  Carl  Cäsar  Köln
dora@example.com                Dora      Dorn        Ulm
                        Frau    Ohne      Adresse     Ulm
"""
DOUBTFUL = """\
E-Mail              Vorname   Nachname   Ort
anna@example.com    Anna      Beispiel   Bonn
ben@example.com     Ben       Muster     Ulm
eva@example.com     Eva       Erle       Ulm
fe@example.com      Maximiliane-Charlotte Fuchs  Ulm
ina@example.com     Maximiliane Fuchs    Ulm
gero@example.com    Anna  Maria  Groß
hugo@example.com    Hugo
x                   i@example.com  Ina   Ulm
"""
# what stands in the file, and its rows: the cells; nothing where it is rejected
FILES: dict[str, tuple[str, list[str]]] = {
    "an address and a name": ("anna@example.com   Anna Beispiel\n", ["anna@example.com|Anna Beispiel"]),
    "a name and an address": ("Anna Beispiel  anna@example.com\n", ["Anna Beispiel|anna@example.com"]),
    "one blank": ("a@example.com Anna\nb@example.com Ben von M\n", ["a@example.com|Anna", "b@example.com|Ben von M"]),
    "either order": ("a@example.com Anna\nBen B b@example.com\n", ["a@example.com|Anna", "b@example.com|Ben B"]),
    "a comma": ("Muster, Anna  a@example.com\n", ["Muster, Anna|a@example.com"]),
    "quotation marks": ('"Muster, Anna" a@example.com\n', ["Muster, Anna|a@example.com"]),
    "no-break spaces": ("a@example.com\u00a0\u00a0Änna\n", ["a@example.com|Änna"]),
    "blanks around": ("   a@example.com  Anna  \n\n", ["a@example.com|Anna"]),
    "two names": ("Name   E-Mail\nAnna M  a@example.com\nBen\n", ["Anna M|a@example.com", "Ben|"]),
    "words": ("E-Mail Vorname Nachname\na@example.com A B\nb@example.com B von C\n", ["a@example.com|A|B", ""]),
    "three columns": ("A B   a@example.com   Bonn\nC     c@example.com   Ulm\n", [
        "A B|a@example.com|Bonn", "C|c@example.com|Ulm"
    ]),
    "an empty cell": ("a@example.com  A  Bonn\nb@example.com  B  Ulm\nc@example.com     Ulm\n", [
        "a@example.com|A|Bonn", "b@example.com|B|Ulm", "c@example.com||Ulm"
    ]),
    "tabs here and blanks there": ("a@example.com\tAnna A\nb@example.com   Ben B\nc@example.com \t Cem\n", [
        "a@example.com|Anna A", "b@example.com|Ben B", "c@example.com|Cem"
    ]),
    "a tab in the header": ("E-Mail\tName\na@example.com   Anna A\nb@example.com  B\n", [
        "a@example.com|Anna A", "b@example.com|B"
    ]),
    "three columns and tabs": ("A B   a@example.com\tBonn\nC\tc@example.com   Ulm\nD\td@example.com\tUlm\n", [
        "A B|a@example.com|Bonn", "C|c@example.com|Ulm", "D|d@example.com|Ulm"
    ]),
    "not one address": (
        "a@example.com A\n" * 8 + "b@example.com c@example.com\nB b@example.com C\n",
        ["a@example.com|A"] * 8 + ["", ""],
    ),
    "aligned": (ALIGNED, [
        "anna@example.com|Frau|Anna|Beispiel|Bonn",
        "ben@example.com|Herr|Ben|von Muster|Bad Honnef",
        "carl.mit.langem.namen@example.com|Herr|Carl|Cäsar|Köln",
        "dora@example.com||Dora|Dorn|Ulm",
        "|Frau|Ohne|Adresse|Ulm",
    ]),
    "in doubt": (DOUBTFUL, [
        "anna@example.com|Anna|Beispiel|Bonn",
        "ben@example.com|Ben|Muster|Ulm",
        "eva@example.com|Eva|Erle|Ulm",
        "", "", "",
        "hugo@example.com|Hugo||",
        "",
    ]),
}  # fmt: skip
# these are of another kind, and stay what they are
OTHERS = {
    "addresses alone": "anna@example.com\nben@example.com\n",
    "a header and addresses": "E-Mail\nanna@example.com\nben@example.com abgemeldet\n",
    "addresses in brackets": "Anna Beispiel <anna@example.com>\n",
    "commas": "Anna Beispiel, anna@example.com\nBen  Muster, ben@example.com\n",
    "commas, the address first": "anna@example.com, Anna  Beispiel\n",
    "commas behind blanks": "anna@example.com ,Anna  Beispiel\n",
    "semicolons": "E-Mail;Name  mit  Lücken\nanna@example.com;Anna  Beispiel\n",
    "a note with an address": "Name;Notiz;E-Mail\nAnna;b@example.com  fragen;anna@example.com\n",
    "tabs": "Anna  B\tanna@example.com\n",
    "tabs, and a line that lost one": "Anna  B\ta@example.com\n" * 10 + "Ben  b@example.com\n",
    "tabs, and addresses alone": "a@example.com\tAnna  A\n" * 3 + "b@example.com\n" * 3,
    "bars": "Anna   | anna@example.com   | Bonn\n",
    "addresses between names": "anna@example.com\nAnna Beispiel\nben@example.com\nBen Muster\n",
}


@pytest.mark.parametrize(("text", "rows"), FILES.values(), ids=FILES)
def test_rows(tmp_path: Path, text: str, rows: list[str]) -> None:
    """Each line is a row with the cells that a person would see in it, or is rejected."""
    path = tmp_path / "liste.txt"
    path.write_text(text, "utf-8")
    source = open_source(path, "liste.txt", {})
    assert source.format.name == "prn"
    assert ["|".join(row.row.values()) if isinstance(row, Contact) else "" for row in source] == rows


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
def test_other_kinds(tmp_path: Path, text: str) -> None:
    """Blanks in the cells of another table part nothing."""
    path = tmp_path / "liste.txt"
    path.write_text(text, "utf-8")
    assert open_source(path, "liste.txt", {}).format.name != "prn"


def test_what_a_person_is_told(tmp_path: Path) -> None:
    """Lines have their numbers, columns their fields, and what is not read is said."""
    path = tmp_path / "liste.txt"
    path.write_text(ALIGNED + "\n\nb@example.com  B\n", "utf-8")
    source = open_source(path, "liste.txt", {})
    assert source.header_line == 3
    assert source.columns == {
        "E-Mail": "email", "Anrede": "prefix", "Vorname": "first_name", "Nachname": "last_name", "Ort": "city"
    }  # fmt: skip
    assert notes_of(source) == ("1 line above the header is not read",)
    rows = list(source)
    assert [row.origin.line for row in rows] == [5, 6, 7, 8, 9, 12]
    assert isinstance(rows[-1], Rejected)
    assert rows[-1].reason == "blanks part the cells, and nobody can tell which of the 5 columns they belong to"
