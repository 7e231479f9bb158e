"""What the question before sending says of files: those for everybody by name, those of single recipients counted."""

from __future__ import annotations

from notify.actions.outline import Outline, Subject
from notify.actions.own_files import Counted
from notify.cli.files import about_the_files
from notify.core.form import Form, Wording
from notify.core.message import Attachment

CARD = Attachment("karte.vcf", "text/vcard", bytes(2_000))
PRICES = Attachment("Preise & Maße.pdf", "application/pdf", bytes(1_500_000))
LOGO = Attachment("logo.png", "image/png", bytes(12_000), "a@b.example")


def said(*attachments: Attachment, pictures: tuple[Attachment, ...] = (), octets: int = 0, own: Counted) -> list[str]:
    """Return the lines, each with its label."""
    outline = Outline((), attachments, pictures, octets, 0)
    return [f"{label}: {text}" for label, text in about_the_files(outline, own)]


def test_nothing_is_said_of_no_files() -> None:
    """A message without any has no such line."""
    assert said(own=Counted()) == []


def test_files_for_everybody_are_named() -> None:
    """With their sizes; pictures for themselves."""
    assert said(CARD, PRICES, pictures=(LOGO,), own=Counted()) == [
        "Files: karte.vcf (2.0 kB), Preise & Maße.pdf (1.5 MB)",
        "Pictures: logo.png (12 kB)",
    ]


def test_files_of_one_text_are_not_everybodys() -> None:
    """What only those greeted with Du get, is said to be for so many."""
    subjects = (
        Subject("Neu", Wording("de"), 1_200, varies=False, files=(CARD,)),
        Subject("Neu", Wording("de", Form.FAMILIAR), 30, varies=False, files=(CARD, PRICES)),
    )
    outline = Outline(subjects, (CARD, PRICES), (), 0, 0)
    assert list(about_the_files(outline, Counted())) == [
        ("Files", "karte.vcf (2.0 kB), Preise & Maße.pdf (1.5 MB, to 30)")
    ]


def test_files_of_single_recipients_are_counted() -> None:
    """Alone, or below those for everybody."""
    assert said(own=Counted(recipients=1, files=1, octets=2_000)) == [
        "Files: 1 recipient gets 1 file of their own (2.0 kB)"
    ]
    assert said(CARD, own=Counted(recipients=4_120, files=5_000, octets=3_000_000)) == [
        "Files: karte.vcf (2.0 kB)",
        ": besides, 4,120 recipients get 5,000 files of their own (3.0 MB)",
    ]


def test_a_large_message_is_pointed_out() -> None:
    """From where many mailboxes refuse it."""
    assert said(own=Counted(), octets=10_000_000) == []
    assert said(own=Counted(), octets=12_600_000) == ["Size: 13 MB each: many mailboxes refuse more than 10 MB"]
