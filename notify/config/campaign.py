"""The sections [campaign] and [sender]: the mailing itself, and who writes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from notify.config.legal_forms import LEGAL_FORMS, what_is_missing
from notify.config.sections import About, Key, Section, declared_keys, setting
from notify.config.value_types import (
    ADDRESS,
    DATE,
    LANGUAGE,
    MAILBOX_OR_NONE,
    NAMES,
    NEEDED_TEXT,
    PATH,
    TEXT,
    choice,
)
from notify.core.campaign import Sender
from notify.core.letterhead import Letterhead
from notify.core.message import Mailbox
from notify.core.record import record


@record(frozen=True, slots=True)
class CampaignSettings:
    """The section [campaign]. ``id`` is empty where the template's name stands for it."""

    id: str = setting(
        NEEDED_TEXT,
        About(
            "enters every Message-ID; a new id starts afresh for everyone",
            "steht in jeder Message-ID; eine neue beginnt für alle von vorn",
            "2026-12-neue-adresse",
            default="the template's name",
        ),
        default="",
    )
    template: str = setting(
        PATH,
        About(
            "what is written: a folder, or one file",
            "was geschrieben wird: ein Ordner oder eine Datei",
            "templates/change-of-details",
            option="--template",
            required=True,
        ),
        default="",
    )
    kind: str = setting(
        choice("notice", "newsletter"),
        About(
            '"notice", or "newsletter": it can be unsubscribed from',
            '"notice" (Mitteilung) oder "newsletter": den kann man abbestellen',
            "notice",
        ),
        default="notice",
    )
    language: str = setting(
        LANGUAGE,
        About(
            'for contacts that do not say: "de", "en" or "fr"',
            'für Kontakte ohne Sprachangabe: "de", "en" oder "fr"',
            "de",
        ),
        default="de",
    )
    deadline: dt.date | None = setting(
        DATE,
        About(
            "what is still deferred then, expires",
            "was dann noch aufgeschoben ist, verfällt",
            dt.date(2027, 1, 31),
            active=False,
        ),
        default=None,
    )


CAMPAIGN = Section(
    ("campaign",),
    About("The mailing itself.", "Das Rundschreiben selbst."),
    declared_keys(CampaignSettings),
    CampaignSettings,
)


def _sender(
    name: str = "",
    email: str = "",
    reply_to: Mailbox | None = None,
    return_path: str | None = None,
    logo: str = "",
    **letterhead: Any,  # noqa: ANN401  # its fields, each of its own type
) -> Sender:
    """Make the core's sender. An empty ``reply_to`` is for no Reply-To; of a freelancer the law wants no more."""
    answers = Mailbox("", email) if reply_to is None else reply_to
    if letterhead.get("legal_form") == "freelance":
        letterhead = {}
    return Sender(
        Mailbox(name, email),
        answers.address,
        return_path or email,
        answers.name,
        letterhead=Letterhead(**{"legal_name": name} | letterhead) if letterhead else Letterhead(),
        logo=logo,
    )


SENDER = Section(
    ("sender",),
    About("Who writes.", "Wer schreibt."),
    [
        Key("name", TEXT, About("the name that people see", "der Name, den man sieht", "Muster PR")),
        Key(
            "email",
            ADDRESS,
            About(
                "the address you write from: the old mailbox while it lives",
                "die Adresse, von der Sie schreiben: das alte Postfach, solange es lebt",
                "info@alt.example",
                option="--from",
                required=True,
            ),
        ),
        Key(
            "reply_to",
            MAILBOX_OR_NONE,
            About(
                'where answers go, with a name in front if you like; "" for no Reply-To',
                'wohin Antworten gehen, gern mit einem Namen davor; "" für kein Reply-To',
                "info@neu.example",
                default="`email`",
            ),
        ),
        Key(
            "return_path",
            ADDRESS,
            About(
                "where bounces go: the old mailbox may be dead by then",
                "wohin Unzustellbares geht: das alte Postfach ist dann vielleicht tot",
                "info@neu.example",
                default="`email`",
            ),
        ),
        Key(
            "logo",
            PATH,
            About(
                "a PNG, JPEG or GIF on top, instead of the name",
                "ein PNG, JPEG oder GIF ganz oben statt des Namens",
                "logo.png",
                active=False,
            ),
        ),
        Key(
            "legal_form",
            choice(*LEGAL_FORMS),
            About(
                "the law wants more of such a firm on letters: the keys below",
                "die Rechtsform; was dann auf Briefen stehen muss, folgt",
                "GmbH",
                active=False,
            ),
        ),
        Key(
            "legal_name",
            TEXT,
            About(
                "the firm as registered", "die Firma, wie eingetragen", "Muster PR GmbH", active=False, default="`name`"
            ),
        ),
        Key("seat", TEXT, About("its registered seat", "ihr Sitz", "Hamburg", active=False)),
        Key(
            "register_court",
            TEXT,
            About("the court of its register", "das Registergericht", "Amtsgericht Hamburg", active=False),
        ),
        Key(
            "register_number",
            TEXT,
            About("its number in the register", "die Nummer im Register", "HRB 12345", active=False),
        ),
        Key(
            "managing_directors",
            NAMES,
            About(
                "all managing directors, each with a first name",
                "alle Geschäftsführer, je mit einem Vornamen",
                ("Anna Muster",),
                active=False,
            ),
        ),
        Key(
            "board",
            NAMES,
            About(
                "the whole executive board: AG, SE, eG",
                "der ganze Vorstand: AG, SE, eG",
                ("Anna Muster",),
                active=False,
            ),
        ),
        Key(
            "board_chair",
            TEXT,
            About("who chairs the executive board", "wer dem Vorstand vorsitzt", "Anna Muster", active=False),
        ),
        Key(
            "supervisory_chair",
            TEXT,
            About("who chairs the supervisory board", "wer dem Aufsichtsrat vorsitzt", "Kim Muster", active=False),
        ),
        Key(
            "general_partner",
            TEXT,
            About(
                "of a GmbH & Co. KG: with seat and court too",
                "bei GmbH & Co. KG: auch Sitz und Gericht",
                "Muster GmbH, HRB 54321",
                active=False,
            ),
        ),
    ],
    _sender,
    what_is_missing,
)
