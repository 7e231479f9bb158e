"""Nicknames of Eudora, mailx and mutt: each address behind one is a contact, and a note belongs to its alias."""

from __future__ import annotations

from pathlib import Path

import pytest

from notify.contacts.nicknames import NicknameFile
from notify.core.contact import AddressCell, Contact, Rejected


def nicknames(folder: Path, text: str) -> NicknameFile:
    """Return the nicknames of a file with this text."""
    path = folder / "nndbase.txt"
    path.write_text(text, "utf-8")
    return NicknameFile(path, "nndbase.txt")


# the text behind "alias", and the addresses with their names; nothing where one is rejected
ALIASES: dict[str, tuple[str, list[str]]] = {
    "an address": ("Anna anna@example.com", ["anna@example.com "]),
    "brackets": ("Anna <anna@example.com>", ["anna@example.com "]),
    "a name and brackets": ("a Anna Beispiel <anna@example.com>", ["anna@example.com Anna Beispiel"]),
    "a name in quotation marks": ('a "Beispiel, Anna" <a@example.com>', ["a@example.com Beispiel, Anna"]),
    "a comment": ("a anna@example.com (Anna Beispiel)", ["anna@example.com Anna Beispiel"]),
    "brackets and a comment": ("a <anna@example.com> (Anna)", ["anna@example.com Anna"]),
    "a name without signs": ("a Anna Beispiel anna@example.com", ["anna@example.com Anna Beispiel"]),
    "a group": ('"Kunden Nord" a@example.com,Ben <b@example.org>', ["a@example.com ", "b@example.org Ben"]),
    "blanks (mailx)": ("team a@example.com b@example.com", ["a@example.com ", "b@example.com "]),
    "quoted names (mailx)": (
        'team "Anna A <a@example.com>" b@example.com', ["a@example.com Anna A", "b@example.com "]
    ),
    "another nickname": ("team a@example.com, zoe, Zoe Zett", ["a@example.com ", ""]),
    "another nickname (mailx)": ("team zoe a@example.com", ["a@example.com "]),
    "two nicknames (mailx)": ("team zoe zoe a@example.com", ["a@example.com "]),
    "members with nicknames": ("team Zoe@example.com,b@example.com", ["b@example.com "]),
    "a second nickname": ("z zoe@example.com", ["zoe@example.com "]),
    "nobody knows it": ("team niemand", [""]),
    "a group of mutt": ("-group kunden anna Anna <a@example.com>", ["a@example.com Anna"]),
    "a line that goes on": ("team a@example.com,\\\n  b@example.com", ["a@example.com ", "b@example.com "]),
    "two lines in one": ("a a@example.com note a <name:A>alias b b@example.com", [""]),
    "nobody": ("Anna", [""]),
}  # fmt: skip


@pytest.mark.parametrize(("alias", "found"), ALIASES.values(), ids=ALIASES)
def test_whom_an_alias_stands_for(tmp_path: Path, alias: str, found: list[str]) -> None:
    """Each address is a contact on the line of its alias; what is no address is a nickname of the file, or rejected."""
    rows = list(nicknames(tmp_path, f"alias zoe zoe@example.com\nalias {alias}\n"))[1:]
    assert [f"{row.fields['email']} {row.fields['name']}" if isinstance(row, Contact) else "" for row in rows] == found
    assert {row.origin.line for row in rows} == {2}


def test_notes(tmp_path: Path) -> None:
    """They belong to their alias wherever they stand; on several addresses about none, on nobody rejected."""
    source = nicknames(
        tmp_path,
        "# Eudora\nnote Ben <name:Ben Muster>\n"
        "alias Anna Anne <anna@example.com>\n"
        "note anna <name:Anna Beispiel><phone:+49 1><address:Weg 1\x0353111 Bonn><otheremail:a@example.org>Mag Tee\n"
        "alias Ben ben@example.com\nset askcc\n"
        "alias alle c@example.com,d@example.com\nnote alle <name:Alle>\n"
        "note Niemand <name:Niemand>\nirgendwas\n",
    )
    anna, ben, carl, dora, nobody, anything = source
    assert isinstance(anna, Contact)
    assert {name: text for name, text in anna.fields.items() if text} == {
        "email": "anna@example.com", "email_2": "a@example.org", "name": "Anna Beispiel", "phone": "+49 1",
        "street": "Weg 1",
    }  # fmt: skip
    assert anna.addresses == (AddressCell("anna@example.com"), AddressCell("a@example.org"))
    assert "Tee" not in str(anna.row)
    assert isinstance(ben, Contact)
    assert ben.fields["name"] == "Ben Muster"
    assert [row.fields["name"] for row in (carl, dora) if isinstance(row, Contact)] == ["", ""]
    assert isinstance(nobody, Rejected)
    assert (str(nobody.origin), nobody.reason) == ("nndbase.txt:9", 'no line says whose nickname "Niemand" is')
    assert isinstance(anything, Rejected)
    assert anything.reason == "the line is no alias and no note"


def test_an_old_encoding(tmp_path: Path) -> None:
    """The nicknames of a file are compared in the encoding that it turns out to have."""
    text = "alias Jörg Jörg Müller <joerg@example.com>\nalias team Jörg,b@example.com\nnote Jörg <company:Müßig>\n"
    path = tmp_path / "nndbase.txt"
    path.write_bytes(text.replace("\n", "\r").encode("mac_roman"))
    source = NicknameFile(path, "nndbase.txt")
    assert source.encoding == "mac_roman"
    (joerg, ben) = source
    assert isinstance(joerg, Contact)
    assert (joerg.fields["name"], joerg.fields["company"]) == ("Jörg Müller", "Müßig")
    assert isinstance(ben, Contact)


def test_a_note_on_one_of_several(tmp_path: Path) -> None:
    """Where two lines have one nickname, a note belongs to the one in front of it, and elsewhere to none."""
    text = "alias A a@example.com\nalias A b@example.com\nnote A <name:Ben>\nalias C c@example.com\nnote A <name:D>\n"
    first, second, _, note = nicknames(tmp_path, text)
    assert isinstance(first, Contact)
    assert isinstance(second, Contact)
    assert (first.fields["name"], second.fields["name"]) == ("", "Ben")
    assert isinstance(note, Rejected)
    assert note.reason == 'several lines say whose nickname "A" is'


def test_the_nickname_is_nobodys_name(tmp_path: Path) -> None:
    """Chef and Mausi are for the one who wrote them."""
    (row,) = nicknames(tmp_path, "alias Chef anna@example.com\n")
    assert isinstance(row, Contact)
    assert row.row == {"nickname": "Chef", "e-mail": "anna@example.com"}
    assert not row.fields["name"]
