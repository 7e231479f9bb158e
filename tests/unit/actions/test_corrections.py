"""Corrections that the page writes into the overrides."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from notify.actions.corrections import correction_drafted, write_correction
from notify.actions.preview import admitted
from notify.core.contact import Recipient
from notify.errors import InputError, WriteError
from tests.campaign import Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Give a campaign folder with three people in it."""
    return Folder(tmp_path, real=False)


def corrected(folder: Folder, number: int, **values: str) -> tuple[str, ...]:
    """Draft a correction and write it; return how the file differs."""
    prepared = folder.prepared()
    recipient = people(folder)[number]
    draft = correction_drafted(prepared, recipient, values)
    write_correction(prepared, recipient, values, draft.mark)
    return draft.difference


def people(folder: Folder) -> list[Recipient]:
    """Return who is written to."""
    return list(admitted(folder.prepared(), iter))


def test_a_new_file(folder: Folder) -> None:
    """It has the columns that are needed, is its owner's alone, and the next look finds the correction."""
    assert corrected(folder, 1, salutation="Moin Ben,", form="") == ("+email;salutation", "+ben@example.com;Moin Ben,")
    overrides = folder.path / "overrides.csv"
    assert overrides.read_bytes() == b"email;salutation\nben@example.com;Moin Ben,\n"
    if os.name != "nt":
        assert stat.S_IMODE(overrides.stat().st_mode) == 0o600
    assert [one.salutation for one in people(folder)][1] == "Moin Ben,"
    assert {path.name for path in folder.path.iterdir()} == {"overrides.csv", "notify.toml", "contacts", "templates"}


def test_what_others_typed_stays(folder: Folder) -> None:
    """Quotes, blanks, an order of its own, remarks, line ends and the byte order mark: only the one row is new."""
    overrides = folder.path / "overrides.csv"
    typed = (
        '\ufeffwho,email,salutation\r\n"Anna, die",anna@example.com, "Hallo"\r\n\r\n"two\r\nlines",BEN@example.com,\r\n'
    )
    overrides.write_bytes(typed.encode())
    difference = corrected(folder, 1, salutation="Lieber Ben, guten Tag,")
    assert difference[-1] == '+lines",BEN@example.com,"Lieber Ben, guten Tag,"'
    expected = typed.replace("BEN@example.com,", 'BEN@example.com,"Lieber Ben, guten Tag,"')
    assert overrides.read_bytes().decode() == expected
    corrected(folder, 2, salutation="Moin,")
    assert overrides.read_bytes().decode() == expected + ',cora@example.com,"Moin,"\r\n'


def test_a_missing_column_and_a_missing_line_end(folder: Folder) -> None:
    """The column is added to the header and the row; the last line is ended before another follows."""
    overrides = folder.path / "overrides.csv"
    overrides.write_text("email;salutation\nanna@example.com;Moin,", "utf-8")
    corrected(folder, 1, form="Du")
    assert overrides.read_text("utf-8") == (
        "email;salutation;form\nanna@example.com;Moin,\nben@example.com;;Du\n"
    )  # fmt: skip
    corrected(folder, 0, form="Sie")
    assert overrides.read_text("utf-8") == (
        "email;salutation;form\nanna@example.com;Moin,;Sie\nben@example.com;;Du\n"
    )  # fmt: skip


def test_by_the_key(tmp_path: Path) -> None:
    """Where contacts have a key, it says whose a row is."""
    contacts = "Nr;Nachname;E-Mail\n7;Muster;anna@example.com\n8;Probe;ben@example.com\n"
    folder = Folder(tmp_path, people=contacts, real=False)
    folder.edit(folder.toml, "[contacts]\n", '[contacts]\nkey = "Nr"\n')  # fmt: skip
    corrected(folder, 1, salutation="Moin,")
    assert (folder.path / "overrides.csv").read_text("utf-8") == "key;salutation\n8;Moin,\n"
    assert [one.salutation for one in people(folder)][1] == "Moin,"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "Nothing is to be changed."),
        ({"salutation": "  "}, "Nothing is to be changed."),
        ({"form": "Ihr"}, '"Ihr" is none of Sie, Du'),
        ({"language": "en"}, '"en" is none of de'),
    ],
)
def test_what_cannot_be_is_refused(folder: Folder, values: dict[str, str], said: str) -> None:
    """With one sentence, and nothing is written."""
    with pytest.raises(InputError, match=said):
        correction_drafted(folder.prepared(), people(folder)[0], values)
    assert not (folder.path / "overrides.csv").exists()


def test_line_breaks_in_a_greeting_are_none(folder: Folder) -> None:
    """They would make a row of the file, or a header of the message."""
    corrected(folder, 0, salutation="Moin,\r\nBcc: x@example.com")
    assert (folder.path / "overrides.csv").read_text("utf-8").count("\n") == 2


def test_only_what_was_seen_is_written(folder: Folder) -> None:
    """When somebody has changed the file since the draft, nothing is written."""
    prepared, anna = folder.prepared(), people(folder)[0]
    draft = correction_drafted(prepared, anna, {"form": "Du"})
    overrides = folder.path / "overrides.csv"
    overrides.write_text("email;form\nben@example.com;Du\n", "utf-8")
    with pytest.raises(InputError, match="has changed in the meantime"):
        write_correction(prepared, anna, {"form": "Du"}, draft.mark)
    with pytest.raises(InputError, match="has changed in the meantime"):
        write_correction(prepared, anna, {"form": "Sie"}, correction_drafted(prepared, anna, {"form": "Du"}).mark)
    assert overrides.read_text("utf-8") == "email;form\nben@example.com;Du\n"


def test_a_file_that_is_no_csv_is_left_alone(folder: Folder) -> None:
    """It is to be corrected by hand."""
    overrides = folder.path / "overrides.csv"
    prepared, anna = folder.prepared(), people(folder)[0]
    for octets in (b"PK\x03\x04\xff\xfe", b"Name;Vorname\nMuster;Anna\n"):
        overrides.write_bytes(octets)
        with pytest.raises(InputError) as refused:
            correction_drafted(prepared, anna, {"form": "Du"})
        assert "by hand" in refused.value.hint
        assert overrides.read_bytes() == octets


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_that_cannot_be_written(folder: Folder) -> None:
    """It is said, and nothing is left behind."""
    prepared, anna = folder.prepared(), people(folder)[0]
    draft = correction_drafted(prepared, anna, {"form": "Du"})
    folder.path.chmod(0o500)
    try:
        with pytest.raises(WriteError, match="cannot be written"):
            write_correction(prepared, anna, {"form": "Du"}, draft.mark)
    finally:
        folder.path.chmod(0o700)
