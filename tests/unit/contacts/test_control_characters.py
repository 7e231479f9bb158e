"""A control character makes no other word of a value, and least of all another address."""

from __future__ import annotations

from pathlib import Path

import pytest

from notify.contacts import open_source
from notify.contacts.control_characters import without_controls
from notify.core.contact import Contact

SIGNS = ["\x01", "\0", "\x0b", "\x0c", "\x1b", "\x7f", "\x9f"]


@pytest.mark.parametrize("sign", SIGNS)
def test_a_value(sign: str) -> None:
    """A blank in text, nothing around it, and left in a word with an @."""
    assert without_controls(f"{sign} Weg{sign}1\r\nHaus{sign}") == "Weg 1\nHaus"
    assert without_controls(f"{sign}ann{sign}a@firma.example{sign}") == f"ann{sign}a@firma.example"
    assert without_controls(f"A{sign}B ann{sign}a@firma.example") == f"A B ann{sign}a@firma.example"


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("k.csv", "E-Mail;Name\nann{0}a@firma.example;A{0}B\n"),
        ("k.csv", 'E-Mail;Name\n"ann{0}a@firma.example";"A{0}B"\n'),
        ("k.vcf", "BEGIN:VCARD\nVERSION:3.0\nFN:A{0}B\nEMAIL:ann{0}a@firma.example\nEND:VCARD\n"),
        ("k.ldif", "dn: cn=a\nobjectclass: person\ncn: A{0}B\nmail: ann{0}a@firma.example\n"),
    ],
)
def test_every_source(tmp_path: Path, name: str, text: str, sign: str) -> None:
    """An address goes on as it stands, to be refused; a name has a blank."""
    (tmp_path / name).write_text(text.format(sign), encoding="utf-8", newline="")
    (found,) = open_source(tmp_path / name, name, {})
    assert isinstance(found, Contact)
    assert (found.addresses[0].text, found.fields["name"]) == (f"ann{sign}a@firma.example", "A B")
