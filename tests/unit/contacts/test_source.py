"""A contact file is told by its content. What every format promises is in tests/contract/sources.py."""

from __future__ import annotations

import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from notify.contacts import Source, check_assigned, open_source, read_rows
from notify.errors import ConfigError, InputError
from tests.unit.contacts.findings import notes_of
from tests.unit.contacts.workbooks import xlsx

TEXT = "E-Mail;Name;IBAN;Newsletter abbestellt\nanna@firma.example;Anna Ößterle;DE00;nein\n"
CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Anna\r\nEMAIL:anna@firma.example\r\nX-IBAN:DE00\r\nEND:VCARD\r\n"
GROUP = "BEGIN:VCARD\r\nVERSION:4.0\r\nKIND:group\r\nFN:Alle\r\nEND:VCARD\r\n"
ENTRY = "dn: cn=Anna,dc=firma\nobjectclass: person\ncn: Anna\nmail: anna@firma.example\niban: DE00\n\n"


def source(folder: Path, octets: bytes) -> Source:
    """Return a contact file with these octets."""
    path = folder / "kunden.bin"
    path.write_bytes(octets)
    return open_source(path, "contacts/kunden.bin", {})


def test_groups_are_told(tmp_path: Path) -> None:
    """Nobody shall wonder where the distribution list is."""
    found = source(tmp_path, (CARD + GROUP).encode())
    assert notes_of(found) == ("1 group is passed over: the people in it have cards of their own",)
    found = source(tmp_path, (CARD + GROUP * 2).encode())
    assert notes_of(found)[0].startswith("2 groups are passed over")
    group = "dn: cn=Alle\nobjectclass: groupOfNames\nmember: cn=Anna\n\n"
    assert notes_of(source(tmp_path, (ENTRY + group).encode()))[0].startswith("1 record is passed over")
    assert notes_of(source(tmp_path, (ENTRY + group * 2).encode()))[0].startswith("2 records are passed over")


def test_what_is_no_contact_file(tmp_path: Path) -> None:
    """Of another kind, or nothing but a mark: an error for people."""
    archive = tmp_path / "kunden.tar.gz"
    with tarfile.open(archive, "w:gz"):
        pass
    for octets, words in (
        (b"\xff\xfe", "the file is empty"),
        (b"%PDF-1.7\n", "a PDF"),
        (archive.read_bytes() * 9, "binary"),
        (b"anna\nkim\n", r"kunden\.bin:1: no column holds e-mail addresses"),
        (b"anna@firma\nkim@firma\n", r"kunden\.bin: no column holds e-mail addresses"),
    ):
        with pytest.raises(InputError, match=words):
            list(source(tmp_path, octets))


def test_a_line_that_looks_like_an_entry_is_no_ldif(tmp_path: Path) -> None:
    """Nor is a table whose first line says version."""
    found = source(tmp_path, b"version: 1\nE-Mail;Name\nanna@firma.example;Anna\n")
    assert (found.format.name, found.header_line) == ("csv", 2)


@pytest.mark.parametrize(
    "written", [lambda rows: "\n".join(map(";".join, rows)).encode(), lambda rows: xlsx({"x": rows})]
)
def test_rows_as_they_are(tmp_path: Path, written: Callable[[list[list[str]]], bytes]) -> None:
    """A small table of corrections: nothing is recognised, and every row has its place."""
    path = tmp_path / "overrides.csv"
    path.write_bytes(
        written([["email", "salutation"], ["anna@firma.example", "Liebe Anna,"], ["kim@firma.example", ""]])
    )
    rows = [(str(origin), row) for origin, row in read_rows(path, "overrides.csv")]
    assert rows == [
        ("overrides.csv:2", {"email": "anna@firma.example", "salutation": "Liebe Anna,"}),
        ("overrides.csv:3", {"email": "kim@firma.example", "salutation": ""}),
    ]


def test_a_row_that_cannot_be_taken_apart_ends_it(tmp_path: Path) -> None:
    """A correction that is passed over would be missed by nobody."""
    path = tmp_path / "overrides.csv"
    path.write_text("email;salutation\nanna@firma.example;Liebe Anna;\nkim@firma.example;a;b\n")
    with pytest.raises(InputError, match=r"overrides.csv:3: the row has 3 fields, the header has 2"):
        list(read_rows(path, "overrides.csv"))


def test_assigned_columns_are_checked_for_all_files_together(tmp_path: Path) -> None:
    """Each file may lack one; none of them may."""
    found = source(tmp_path, TEXT.encode())
    check_assigned(found.headers, {"email": "E-Mail"})
    with pytest.raises(ConfigError):
        check_assigned(found.headers, {"email": "Kontakt"})
