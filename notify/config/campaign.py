"""The sections [campaign] and [sender]: the mailing itself, and who writes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from notify.config.sections import About, Key, Section, declared_keys, setting
from notify.config.value_types import (
    ADDRESS,
    DATE,
    LANGUAGE,
    MAILBOX_OR_NONE,
    NEEDED_TEXT,
    PATH,
    TEXT,
    choice,
)
from notify.core.campaign import Sender
from notify.core.message import Mailbox


@dataclass(frozen=True, slots=True)
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


def _sender(name: str = "", email: str = "", reply_to: Mailbox | None = None, return_path: str | None = None) -> Sender:
    """Make the core's sender. An empty ``reply_to`` is for no Reply-To."""
    answers = Mailbox("", email) if reply_to is None else reply_to
    return Sender(Mailbox(name, email), answers.address, return_path or email, answers.name)


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
    ],
    _sender,
)
