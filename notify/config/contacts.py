"""The sections [contacts] and [contacts.columns]: to whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from notify.config.sections import About, Key, Section, declared_keys, setting
from notify.config.value_types import COLUMN, CONDITION, FILES, SWITCH, TEXT, choice
from notify.core.contact import FIELDS
from notify.core.record import record

_COLUMN_EXAMPLES = {"last_name": "Name 1"}


@record(frozen=True, slots=True)
class ContactSettings:
    """The section [contacts]: how the contact files are read, and whom of them is written to.

    ``files`` are patterns; ``columns`` are the headers of [contacts.columns] by the field they are. What is empty was
    not given. ``to`` is a line that says the addresses instead of a column, ``to_label`` where it stands.
    """

    files: tuple[str, ...] = setting(
        FILES,
        About(
            "the address lists: csv tsv prn xlsx xls ods vcf ldif nnt",
            "die Adresslisten: csv tsv prn xlsx xls ods vcf ldif nnt",
            ("contacts/*",),
            option="--contacts",
        ),
        default=("contacts/*",),
    )
    key: str = setting(
        COLUMN,
        About(
            "the column that identifies a contact for good",
            "die Spalte, die einen Kontakt dauerhaft kennzeichnet",
            "Kundennummer",
            active=False,
            default="the address",
        ),
        default="",
    )
    address: str = setting(
        choice("first", "work", "private", "all"),
        About(
            'of several addresses: "first", "work", "private", "all"',
            'bei mehreren: "first" (die erste), "work" (dienstlich), "private", "all" (alle)',
            "work",
            active=False,
        ),
        default="first",
    )
    fallback_address: bool = setting(
        SWITCH,
        About(
            "where the address is not valid, take another one of the row",
            "wo die Adresse ungültig ist, eine andere der Zeile nehmen",
            example=True,
            active=False,
        ),
        default=False,
    )
    shared_address: str = setting(
        choice("neutral", "first"),
        About(
            'several people, one address: greeted "neutral", or as the "first"',
            'mehrere Personen, eine Adresse: Anrede "neutral" oder wie die erste ("first")',
            "first",
            active=False,
        ),
        default="neutral",
    )
    same_person: str = setting(
        choice("each", "once"),
        About(
            'one person in several rows with several addresses: "each", or "once"',
            'eine Person, mehrere Zeilen und Adressen: an jede ("each") oder "once"',
            "once",
            active=False,
        ),
        default="each",
    )
    gender_codes: str = setting(
        TEXT,
        About(
            "what numbers in a column for Anrede or gender mean",
            "was Zahlen in einer Spalte für Anrede oder Geschlecht bedeuten",
            "1=Frau, 2=Herr",
            active=False,
            default="nothing: greeted neutrally",
        ),
        default="",
    )
    opted_out: str = setting(
        choice("leave_out", "write"),
        About(
            'who refused all mail, as a column says: "leave_out"; a notice may "write"',
            'wer keine Mail will: "leave_out" (auslassen); Mitteilungen auch "write"',
            "write",
            active=False,
        ),
        default="leave_out",
    )
    refused_advertising: str = setting(
        choice("write", "leave_out"),
        About(
            'who refused advertising: a notice may "write", or "leave_out"',
            'wer Werbung ablehnt: Mitteilungen an ihn ("write"), oder "leave_out"',
            "leave_out",
            active=False,
            default='`"write"` for a notice',
        ),
        default="",
    )
    unreachable: str = setting(
        choice("leave_out", "write"),
        About(
            'dead addresses, by a column or an earlier campaign: "leave_out", "write"',
            'tote Adressen, laut Spalte oder früherer Kampagne: "leave_out", "write"',
            "write",
            active=False,
        ),
        default="leave_out",
    )
    former: str = setting(
        choice("write", "leave_out"),
        About(
            'who has left, by a column such as Austrittsdatum: "write", "leave_out"',
            'wer laut Spalte (Austrittsdatum) ausgetreten ist: "write", "leave_out"',
            "leave_out",
            active=False,
        ),
        default="write",
    )
    where: str = setting(
        CONDITION,
        About(
            "only these contacts",
            "nur diese Kontakte",
            'country == "AT"',
            active=False,
            default="all of them",
        ),
        default="",
    )
    du: str = setting(
        CONDITION,
        About(
            "these are greeted with Du, unless their row says Sie",
            "diese werden geduzt, außer wo ihre Zeile Sie sagt",
            'row["Gruppe"] == "Freunde"',
            active=False,
            default="whose row says so",
        ),
        default="",
    )
    overrides: str = setting(
        TEXT,
        About(
            "a small file that corrects single contacts",
            "eine kleine Datei, die einzelne Kontakte berichtigt",
            "overrides.csv",
            active=False,
            default='`"overrides.csv"`, where it is there',
        ),
        default="",
    )
    encoding: str = setting(
        TEXT,
        About(
            "only when notify guesses it wrong",
            "nur wenn notify sie falsch errät",
            "cp1252",
            active=False,
            default="found out for each file",
        ),
        default="",
    )
    sheet: str = setting(
        TEXT,
        About(
            "the sheet of a workbook",
            "das Blatt einer Arbeitsmappe",
            "Kunden",
            active=False,
            default="the first with addresses in it",
        ),
        default="",
    )
    hidden_rows: str = setting(
        choice("read", "leave_out"),
        About(
            'rows that a filter hides in a workbook: "read", or "leave_out"',
            'Zeilen, die ein Filter ausblendet: "read" (lesen) oder "leave_out" (auslassen)',
            "leave_out",
            active=False,
        ),
        default="read",
    )
    columns: Mapping[str, str] = field(default_factory=dict)
    to: str = ""
    to_label: str = ""


CONTACTS = Section(
    ("contacts",),
    About("To whom. Your files are read, never changed.", "An wen. Ihre Dateien werden gelesen, nie verändert."),
    declared_keys(ContactSettings),
    ContactSettings,
)

#: The section whose keys are the fields of a contact; they have no environment variables.
COLUMNS: Section[Mapping[str, str]] = Section(
    ("contacts", "columns"),
    About(
        "Only where notify does not recognise a column by its header: field = header.",
        "Nur wo notify eine Spalte nicht an ihrer Überschrift erkennt: Feld = Überschrift.",
    ),
    [
        Key(name, COLUMN, About(meaning, "", _COLUMN_EXAMPLES.get(name), active=False), has_variable=False)
        for name, meaning in FIELDS.items()
    ],
    dict[str, str],
)
