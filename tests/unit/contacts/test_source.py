"""A contact file is told by its content, and all formats have one surface."""

from __future__ import annotations

import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from notify.contacts import Source, check_assigned, open_source, read_rows
from notify.core.contact import FIELDS, Contact
from notify.errors import ConfigError, InputError
from tests.unit.contacts.findings import notes_of
from tests.unit.contacts.workbooks import ods, xlsx

TEXT = "E-Mail;Name;IBAN;Newsletter abbestellt\nanna@firma.example;Anna Ößterle;DE00;nein\n"
CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Anna\r\nEMAIL:anna@firma.example\r\nX-IBAN:DE00\r\nEND:VCARD\r\n"
GROUP = "BEGIN:VCARD\r\nVERSION:4.0\r\nKIND:group\r\nFN:Alle\r\nEND:VCARD\r\n"
ENTRY = "dn: cn=Anna,dc=firma\nobjectclass: person\ncn: Anna\nmail: anna@firma.example\niban: DE00\n\n"
SHEETS = {"Kunden": [["E-Mail", "Name", "IBAN"], ["anna@firma.example", "Anna", "DE00"]]}

FILES: dict[str, tuple[bytes, str]] = {
    "semicolons": (TEXT.encode(), "csv"),
    "commas": (TEXT.replace(";", ",").encode(), "csv"),
    "tabs": (TEXT.replace(";", "\t").encode(), "tsv"),
    "cards": (CARD.encode(), "vcf"),
    "cards behind blank lines": (b"\xef\xbb\xbf\r\n\r\n" + CARD.lower().encode(), "vcf"),
    "cards behind leavings": (b"END:VCARD\r\n" + CARD.encode(), "vcf"),
    "entries": (ENTRY.encode(), "ldif"),
    "entries with a version": (f"# Export\nversion: 1\n# Anna\n\n{ENTRY}".encode(), "ldif"),
    "an Excel workbook": (xlsx(SHEETS), "xlsx"),
    "an OpenDocument sheet": (ods(SHEETS), "ods"),
}
WIDE = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32")


def source(folder: Path, octets: bytes, name: str = "kunden.bin", encoding: str = "") -> Source:
    """Return a contact file with these octets."""
    path = folder / name
    path.write_bytes(octets)
    return open_source(path, f"contacts/{name}", {}, encoding=encoding)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("suffix", ["csv", "vcf", "xlsx", ""])
def test_the_content_tells_the_format(tmp_path: Path, name: str, suffix: str) -> None:
    """Whatever its suffix says, and its only contact is the same."""
    octets, form = FILES[name]
    found = source(tmp_path, octets, f"kunden.{suffix}")
    assert found.format.name == form
    for _ in range(2):
        contacts = [row for row in found if isinstance(row, Contact)]
        assert [contact.fields["email"] for contact in contacts] == ["anna@firma.example"]
        assert [contact.addresses[0].text for contact in contacts] == ["anna@firma.example"]


@pytest.mark.parametrize("name", FILES)
def test_the_surface(tmp_path: Path, name: str) -> None:
    """All formats have the same properties, and they agree with each other."""
    found = source(tmp_path, FILES[name][0])
    assert (found.path, found.label) == (tmp_path / "kunden.bin", "contacts/kunden.bin")
    assert bool(found.encoding) == (found.format.name not in {"xlsx", "ods"})
    assert bool(found.delimiter) == (found.format.name in {"csv", "tsv"})
    assert bool(found.header_line) == (found.format.name not in {"vcf", "ldif"})
    assert set(found.columns) <= set(found.headers)
    assert {field for said in found.columns.values() for field in said.split(", ")} <= set(FIELDS)
    assert {header.casefold() for header in found.sensitive} <= {"iban", "x-iban"}
    assert found.sensitive <= set(found.headers)
    assert all(isinstance(note, str) for note in notes_of(found))


@pytest.mark.parametrize("encoding", WIDE)
@pytest.mark.parametrize("name", ["semicolons", "tabs", "cards", "entries", "entries with a version"])
def test_in_wide_encodings(tmp_path: Path, name: str, encoding: str) -> None:
    """A mark, or a NUL beside every letter, hides no format."""
    octets, form = FILES[name]
    found = source(tmp_path, octets.decode().encode(encoding))
    assert (found.format.name, found.encoding) == (form, encoding)
    assert [row.origin.line for row in found if isinstance(row, Contact)]


@pytest.mark.parametrize(
    ("name", "opted_out"),
    [
        ("unsubscribed_members_export_ab12.csv", True),
        ("cleaned_members_export_ab12.csv", True),
        ("subscribed_members_export_ab12.csv", False),
        ("kunden.csv", False),
    ],
)
@pytest.mark.parametrize("kind", FILES)
def test_the_name_of_a_file_may_say_that_nobody_wants_mail(
    tmp_path: Path, kind: str, name: str, opted_out: bool
) -> None:
    """Mailchimp says it nowhere else; in every format each contact has the reason, and there is a note."""
    found = source(tmp_path, FILES[kind][0], name)
    told = {row.opted_out for row in found if isinstance(row, Contact)}
    assert told == ({f"the file is called {name}"} if opted_out else {""})
    assert any("want no mail" in note for note in notes_of(found)) == opted_out


def test_groups_are_told(tmp_path: Path) -> None:
    """Nobody shall wonder where the distribution list is."""
    found = source(tmp_path, (CARD + GROUP).encode())
    assert notes_of(found) == ("1 group is passed over: the people in it have cards of their own",)
    found = source(tmp_path, (CARD + GROUP * 2).encode())
    assert notes_of(found)[0].startswith("2 groups are passed over")
    group = "dn: cn=Alle\nobjectclass: groupOfNames\nmember: cn=Anna\n\n"
    assert notes_of(source(tmp_path, (ENTRY + group).encode()))[0].startswith("1 record is passed over")
    assert notes_of(source(tmp_path, (ENTRY + group * 2).encode()))[0].startswith("2 records are passed over")


@pytest.mark.parametrize(("name", "umlaut"), [("cards", "Änna"), ("entries", "Änna"), ("semicolons", "Änna")])
def test_an_encoding_that_is_named(tmp_path: Path, name: str, umlaut: str) -> None:
    """It is that of every text file."""
    octets = FILES[name][0].decode().replace("Anna", umlaut).encode("mac_roman")
    found = source(tmp_path, octets, encoding="mac_roman")
    assert found.encoding == "mac-roman"
    (contact,) = (row for row in found if isinstance(row, Contact))
    assert umlaut in contact.fields["name"]


def test_an_encoding_that_is_none(tmp_path: Path) -> None:
    """The mend is in notify.toml, whatever the file."""
    for name in ("cards", "entries", "semicolons"):
        with pytest.raises(ConfigError, match='encoding = "cp125": there is no such encoding') as caught:
            source(tmp_path, FILES[name][0], encoding="cp125")
        assert "encoding in [contacts]" in caught.value.hint


def test_what_is_no_contact_file(tmp_path: Path) -> None:
    """Missing, a folder, empty, or of another kind: an error for people."""
    with pytest.raises(InputError, match="there is no such file"):
        open_source(tmp_path / "fehlt.csv", "fehlt.csv", {})
    with pytest.raises(InputError, match="this is a folder"):
        open_source(tmp_path, "contacts", {})
    archive = tmp_path / "kunden.tar.gz"
    with tarfile.open(archive, "w:gz"):
        pass
    for octets, words in (
        (b"", "the file is empty"),
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
    found = source(tmp_path, FILES["semicolons"][0])
    check_assigned(found.headers, {"email": "E-Mail"})
    with pytest.raises(ConfigError):
        check_assigned(found.headers, {"email": "Kontakt"})
