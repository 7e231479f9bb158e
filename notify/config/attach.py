"""The section [attach]: what notify makes of the announced details, and attaches to every message."""

from __future__ import annotations

from notify.config.sections import About, Section, declared_keys, setting
from notify.config.value_types import SWITCH, TEXT
from notify.core.record import record


@record(frozen=True, slots=True)
class AttachSettings:
    """The section [attach]. ``name`` and ``company`` are those on the card, ``uid`` what it is known by."""

    vcard: bool = setting(
        SWITCH,
        About(
            "the new contact as a card for address books (.vcf)",
            "der neue Kontakt als Karte für Adressbücher (.vcf)",
            example=True,
            active=False,
        ),
        default=False,
    )
    calendar: bool = setting(
        SWITCH,
        About(
            "the day `effective` as an appointment (.ics)",
            "der Tag `effective` als Termin (.ics)",
            example=True,
            active=False,
        ),
        default=False,
    )
    qr: bool = setting(
        SWITCH,
        About(
            "the new contact as a QR code; `![…](qr.png)` shows it in the text",
            "der neue Kontakt als QR-Code; `![…](qr.png)` zeigt ihn im Text",
            example=True,
            active=False,
        ),
        default=False,
    )
    name: str = setting(
        TEXT,
        About(
            "who is on the card: a person",
            "wer auf der Karte steht: ein Mensch",
            "Anna Muster",
            active=False,
            default="`company`, else `name` of [sender]",
        ),
        default="",
    )
    company: str = setting(
        TEXT,
        About("the firm on the card", "die Firma auf der Karte", "Muster PR", active=False),
        default="",
    )
    uid: str = setting(
        TEXT,
        About(
            "a word that stays in all campaigns: by it address books know a newer card of yours",
            "ein Wort, das in allen Kampagnen bleibt: daran erkennen Adressbücher Ihre neuere Karte",
            "muster-pr-hamburg",
            active=False,
            default="the name on the card and the old e-mail address",
        ),
        default="",
    )


ATTACH = Section(
    ("attach",),
    About(
        "What is made of the new details, and attached to every message.",
        "Was aus den neuen Angaben gemacht und an jede Nachricht gehängt wird.",
    ),
    declared_keys(AttachSettings),
    AttachSettings,
)
