"""What [attach] asks for: made of the new details, attached to every message, and a part of the campaign."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from notify.actions.change import parts_of
from notify.actions.made_files import person_of
from notify.actions.message_size import findings_on_size, octets_of
from notify.actions.preview import preview
from notify.cards import Person
from notify.composing import Composer
from notify.core.campaign import Sender
from notify.core.message import Attachment, Content, Mailbox
from notify.errors import ConfigError
from tests.campaign import NOW, PEOPLE, Folder

pytestmark = pytest.mark.both_ledgers

ALL = "\n[attach]\nvcard = true\ncalendar = true\nqr = true\n"


def folder_with(tmp_path: Path, more: str) -> Folder:
    """Make a campaign folder with more in its notify.toml."""
    return Folder(tmp_path / "campaign", people=PEOPLE, more=more, real=False)


def on_card(folder: Folder) -> Person:
    """Return who is on the card, with all details."""
    settings = folder.settings()
    return person_of(settings, settings.change)


def files(folder: Folder) -> tuple[dict[str, str], list[str]]:
    """Return what is attached to the first message, with its types, and the pictures that it shows."""
    content = next(preview(folder.prepared(), most=1)).content
    attached = {file.filename: file.content_type for file in content.attachments}
    return attached, [picture.filename for picture in content.pictures]


CARD = ("Muster PR.vcf", "text/vcard; charset=utf-8")
DAY = ("Neue Kontaktdaten Muster PR.ics", "text/calendar; charset=utf-8; method=PUBLISH")
CODE = ("qr.png", "image/png")


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", []),
        ("\n[attach]\nvcard = false\n", []),
        ("\n[attach]\nvcard = true\n", [CARD]),
        ("\n[attach]\ncalendar = true\n", [DAY]),
        ("\n[attach]\nqr = true\n", [CODE]),
        (ALL, [CARD, DAY, CODE]),
    ],
)
def test_each_by_one_line(tmp_path: Path, more: str, expected: list[tuple[str, str]]) -> None:
    """Nothing is attached that is not asked for."""
    assert files(folder_with(tmp_path, more)) == (dict(expected), [])


def test_a_code_that_the_text_shows_is_not_attached_too(tmp_path: Path) -> None:
    """As a picture it travels once; a file of that name goes before it."""
    folder = folder_with(tmp_path, ALL)
    folder.edit(folder.message, "{{ salutation }}", "![Unser Kontakt](qr.png)")
    assert files(folder) == (dict([CARD, DAY]), ["qr.png"])
    (folder.message.parent / "qr.png").write_bytes(b"GIF89a\1\0\1\0")
    assert files(folder) == (dict([CARD, DAY, CODE]), ["qr.png"])


@pytest.mark.parametrize(
    ("attach", "expected"),
    [
        ("", ("Muster PR", "", "", "")),
        ('company = "Muster PR"\n', ("Muster PR", "", "", "Muster PR")),
        ('name = "Dr. Änne von der Heide"\n', ("Dr. Änne von der Heide", "Änne", "von der Heide", "")),
        ('name = "Änne Muster"\ncompany = "Muster"\n', ("Änne Muster", "Änne", "Muster", "Muster")),
    ],
)
def test_who_is_on_the_card(tmp_path: Path, attach: str, expected: tuple[str, ...]) -> None:
    """The sender, or whoever is named; first and last name only of whom is known to be a person."""
    person = on_card(folder_with(tmp_path, f"\n[attach]\n{attach}"))
    assert (person.name, person.first, person.last, person.company) == expected


def test_the_address_on_the_card(tmp_path: Path) -> None:
    """The new one; without one, that to which answers go, but never the one that is given up."""
    folder = folder_with(tmp_path, ALL)
    assert on_card(folder).details.email == "info@neu.example"
    folder.edit(folder.toml, 'email = "info@neu.example"', 'phone = "+49 40 222222"')
    assert on_card(folder).details.email == ""
    folder.edit(folder.toml, 'name = "Muster PR"', 'name = "Muster PR"\nreply_to = "buero@neu.example"')
    assert on_card(folder).details.email == "buero@neu.example"


def test_the_number_of_the_card(tmp_path: Path) -> None:
    """The same while name and old address are, or as long as it is named."""
    folder = folder_with(tmp_path, ALL)
    before = on_card(folder).uid
    folder.edit(folder.toml, "[change.new]", '[change.new]\nphone = "+49 40 222222"')
    assert on_card(folder).uid == before
    folder.edit(folder.toml, "[attach]", '[attach]\nuid = "muster"')
    named = on_card(folder).uid
    folder.edit(folder.toml, 'name = "Muster PR"', 'name = "Muster und Söhne"')
    assert on_card(folder).uid == named != before


def test_they_are_parts_of_the_campaign(tmp_path: Path) -> None:
    """As texts that a person can compare; whichever is left out or added, it shows."""
    folder = folder_with(tmp_path, ALL)
    parts = parts_of(folder.prepared())
    assert parts["Muster PR.vcf (de)"].startswith("BEGIN:VCARD\nVERSION:3.0\n")
    assert "DTSTART;VALUE=DATE:20261201\n" in parts["Neue Kontaktdaten Muster PR.ics (de)"]
    assert parts["qr.png (de)"].startswith("MECARD:N:Muster PR;")
    folder.edit(folder.toml, "qr = true", "qr = false")
    assert parts.keys() - parts_of(folder.prepared()).keys() == {"qr.png (de)"}


def test_what_cannot_be_made(tmp_path: Path) -> None:
    """An appointment without a day, and a code with too much on it: with the key that asks for it."""
    folder = folder_with(tmp_path, ALL)
    folder.edit(folder.toml, "[attach]", f'[attach]\ncompany = "{"x" * 400}"')
    with pytest.raises(ConfigError, match="qr: the details are too long"):
        folder.prepared()
    folder.edit(folder.toml, "effective = 2026-12-01\n", "")
    with pytest.raises(ConfigError) as caught:
        folder.settings()
    line = 1 + folder.toml.read_text("utf-8").split("\n").index("calendar = true")
    assert f"notify.toml:{line}" in str(caught.value.problems or caught.value.message)
    assert "`effective` in [change]" in caught.value.message


def test_large_files_are_pointed_out() -> None:
    """A message that many mailboxes refuse, and a picture that is too much for a telephone; smaller ones are not."""
    file, picture = (
        Attachment("a.bin", "", bytes(7_200_000)),
        Attachment("bild.gif", "", bytes(1_000_000), "a@b.example"),
    )
    content = Content("x", "x", "x", attachments=(file,))
    assert list(findings_on_size(content)) == []
    assert [found.name for found in findings_on_size(replace(content, pictures=(picture,)))] == ["large-message"]
    larger = replace(picture, octets=bytes(2_000_001))
    assert list(findings_on_size(Content("x", "x", "x", pictures=(picture,)))) == []
    first, second = findings_on_size(replace(content, pictures=(larger,)))
    assert str(first).startswith("the message has 12.6 MB with its files, and many mailboxes refuse more than 10 MB")
    assert str(second).startswith("the picture bild.gif has 2.0 MB, too much for a telephone")


def test_the_size_that_is_told_is_that_of_the_message() -> None:
    """Near enough: base64 makes more than a third of a file."""
    content = Content("x", "x", "", attachments=(Attachment("a.bin", "application/pdf", bytes(300_000)),))
    composer = Composer(Sender(Mailbox("", "info@alt.example"), "", ""))
    message = composer.compose(content, Mailbox("", "anna@example.com"), "<1@alt.example>", NOW)
    assert 0.99 < octets_of(content) / len(message.octets) < 1.01
