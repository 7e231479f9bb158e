"""The schema of notify.toml, as data: the sample file and the reference are written from it.

One class per section; [change] and [[relay]] have modules of their own. Every key has its reader, what the reference
calls its type, and what people read about it.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import Field, PlainValidator

from notify.config import details, values
from notify.config.about import About, Kind, Section
from notify.config.change import ChangeSection
from notify.config.relay import RelaySection
from notify.core.campaign import LANGUAGES
from notify.core.contact import FIELDS
from notify.core.window import Window

Text = Annotated[str, PlainValidator(values.text), Kind("text")]
NeededText = Annotated[str, PlainValidator(values.needed_text), Kind("text")]
Path = Annotated[str, PlainValidator(values.needed_text), Kind("path of a folder or file")]
Language = Annotated[
    str,
    PlainValidator(values.choice(*LANGUAGES)),
    Kind(values.listed([f'"{language}"' for language in LANGUAGES])),
]
MailingKind = Annotated[str, PlainValidator(values.choice("notice", "newsletter")), Kind('"notice" or "newsletter"')]
Date = Annotated[dt.date | None, PlainValidator(values.day), Kind("date")]
Address = Annotated[str, PlainValidator(details.address), Kind("e-mail address")]
OtherAddress = Annotated[str | None, PlainValidator(details.address), Kind("e-mail address")]
AddressOrNone = Annotated[str | None, PlainValidator(details.address_or_none), Kind('e-mail address or ""')]
WhichAddress = Annotated[
    str,
    PlainValidator(values.choice("first", "work", "private", "all")),
    Kind('"first", "work", "private" or "all"'),
]
Shared = Annotated[str, PlainValidator(values.choice("neutral", "first")), Kind('"neutral" or "first"')]
SamePerson = Annotated[str, PlainValidator(values.choice("each", "once")), Kind('"each" or "once"')]
OptedOut = Annotated[str, PlainValidator(values.choice("leave_out", "write")), Kind('"leave_out" or "write"')]
Hours = Annotated[Window | None, PlainValidator(values.window), Kind("days and hours")]
Condition = Annotated[str, PlainValidator(values.text), Kind("condition")]
Files = Annotated[tuple[str, ...], PlainValidator(values.files), Kind("list of files or patterns")]
Header = Annotated[str, PlainValidator(values.header), Kind("header of a column")]
Batch = Annotated[int, PlainValidator(values.number(1, 1_000_000)), Kind("whole number, 1 or more")]
Duration = Annotated[float, PlainValidator(values.duration), Kind("duration, or a number of seconds")]


def _field(name: object) -> str:
    if name not in FIELDS:
        raise ValueError("it is no field of a contact")
    return str(name)


class CampaignSection(Section):
    """The section [campaign]."""

    id: Annotated[
        NeededText,
        About(
            "enters every Message-ID; a new id starts afresh for everyone",
            "steht in jeder Message-ID; eine neue beginnt für alle von vorn",
            "2026-12-neue-adresse",
            default="the template's name",
        ),
    ] = ""
    template: Annotated[
        Path,
        About(
            "what is written: a folder, or one file",
            "was geschrieben wird: ein Ordner oder eine Datei",
            "templates/change-of-details",
            option="--template",
            required=True,
        ),
    ] = ""
    kind: Annotated[
        MailingKind,
        About(
            '"notice", or "newsletter": it can be unsubscribed from',
            '"notice" (Mitteilung) oder "newsletter": den kann man abbestellen',
            "notice",
        ),
    ] = "notice"
    language: Annotated[
        Language,
        About(
            'for contacts that do not say: "de", "en" or "fr"',
            'für Kontakte ohne Sprachangabe: "de", "en" oder "fr"',
            "de",
        ),
    ] = "de"
    deadline: Annotated[
        Date,
        About(
            "what is still deferred then, expires",
            "was dann noch aufgeschoben ist, verfällt",
            dt.date(2027, 1, 31),
            active=False,
        ),
    ] = None


class SenderSection(Section):
    """The section [sender]."""

    name: Annotated[Text, About("the name that people see", "der Name, den man sieht", "Muster PR")] = ""
    email: Annotated[
        Address,
        About(
            "the address you write from: the old mailbox while it lives",
            "die Adresse, von der Sie schreiben: das alte Postfach, solange es lebt",
            "info@alt.example",
            option="--from",
            required=True,
        ),
    ] = ""
    reply_to: Annotated[
        AddressOrNone,
        About(
            'where answers go; "" for no Reply-To',
            'wohin Antworten gehen; "" für kein Reply-To',
            "info@neu.example",
            default="`email`",
        ),
    ] = None
    return_path: Annotated[
        OtherAddress,
        About(
            "where bounces go: the old mailbox may be dead by then",
            "wohin Unzustellbares geht: das alte Postfach ist dann vielleicht tot",
            "info@neu.example",
            default="`email`",
        ),
    ] = None


class ContactsSection(Section):
    """The section [contacts]."""

    files: Annotated[
        Files,
        About(
            "the address lists: csv tsv xlsx xls ods vcf ldif",
            "die Adresslisten: csv tsv xlsx xls ods vcf ldif",
            ("contacts/*.csv",),
            option="--contacts",
        ),
    ] = ("contacts/*.csv",)
    key: Annotated[
        Header,
        About(
            "the column that identifies a contact for good",
            "die Spalte, die einen Kontakt dauerhaft kennzeichnet",
            "Kundennummer",
            active=False,
            default="the address",
        ),
    ] = ""
    address: Annotated[
        WhichAddress,
        About(
            'of several addresses: "first", "work", "private", "all"',
            'bei mehreren: "first" (die erste), "work" (dienstlich), "private", "all" (alle)',
            "work",
            active=False,
        ),
    ] = "first"
    shared_address: Annotated[
        Shared,
        About(
            'several people, one address: greeted "neutral", or as the "first"',
            'mehrere Personen, eine Adresse: Anrede "neutral" oder wie die erste ("first")',
            "first",
            active=False,
        ),
    ] = "neutral"
    same_person: Annotated[
        SamePerson,
        About(
            'one person in several rows with several addresses: "each", or "once"',
            'eine Person in mehreren Zeilen mit mehreren Adressen: an jede ("each") oder "once"',
            "once",
            active=False,
        ),
    ] = "each"
    opted_out: Annotated[
        OptedOut,
        About(
            'who unsubscribed, as a column says: "leave_out"; a notice may "write"',
            'wer abbestellt hat: "leave_out" (auslassen); eine Mitteilung darf auch "write"',
            "write",
            active=False,
        ),
    ] = "leave_out"
    where: Annotated[
        Condition,
        About(
            "only these contacts",
            "nur diese Kontakte",
            'country == "AT"',
            active=False,
            default="all of them",
        ),
    ] = ""
    overrides: Annotated[
        Text,
        About(
            "a small file that corrects single contacts",
            "eine kleine Datei, die einzelne Kontakte berichtigt",
            "overrides.csv",
            active=False,
            default='`"overrides.csv"`, where it is there',
        ),
    ] = ""
    encoding: Annotated[
        Text,
        About(
            "only when notify guesses it wrong",
            "nur wenn notify sie falsch errät",
            "cp1252",
            active=False,
            default="found out for each file",
        ),
    ] = ""
    sheet: Annotated[
        Text,
        About(
            "the sheet of a workbook",
            "das Blatt einer Arbeitsmappe",
            "Kunden",
            active=False,
            default="the first with addresses in it",
        ),
    ] = ""
    columns: Annotated[
        dict[Annotated[str, PlainValidator(_field)], Header],
        About(
            "Only where notify does not recognise a column by its header: field = header.",
            "Nur wo notify eine Spalte nicht an ihrer Überschrift erkennt: Feld = Überschrift.",
        ),
    ] = Field(default_factory=dict)


class SendSection(Section):
    """The section [send]."""

    batch: Annotated[
        Batch,
        About(
            "so many messages, then a pause; it never ends a run",
            "so viele Nachrichten, dann eine Pause; es beendet nie den Lauf",
            50,
            option="--batch",
        ),
    ] = 50
    window: Annotated[
        Hours,
        About(
            "only at these hours, in local time",
            "nur zu diesen Zeiten, in Ortszeit",
            "Mon-Fri 08:00-18:00",
            active=False,
            default="at any time",
        ),
    ] = None
    pause: Annotated[Duration, About('"60s", "2min", "1h"', '"60s", "2min", "1h"', "60s", option="--pause")] = Field(
        default="60s", validate_default=True
    )


class Configuration(Section):
    """All of notify.toml. A section that is left out is read as an empty one."""

    campaign: Annotated[CampaignSection, About("The mailing itself.", "Das Rundschreiben selbst.")]
    sender: Annotated[SenderSection, About("Who writes.", "Wer schreibt.")]
    change: Annotated[ChangeSection, About("What is announced, and from when.", "Was angekündigt wird, und ab wann.")]
    contacts: Annotated[
        ContactsSection,
        About("To whom. Your files are read, never changed.", "An wen. Ihre Dateien werden gelesen, nie verändert."),
    ]
    relay: Annotated[
        tuple[RelaySection, ...],
        About(
            "Through which server. Without it everything goes to the sandbox, and nothing leaves this machine. "
            "The password never stands in this file.",
            "Über welchen Server. Ohne ihn geht alles in die Sandbox, und nichts verlässt diesen Rechner. "
            "Das Passwort steht nie in dieser Datei.",
            active=False,
        ),
    ] = ()
    send: Annotated[
        SendSection, About("How fast. The sandbox does not wait.", "Wie schnell. Die Sandbox wartet nicht.")
    ]
