"""What ``notify init`` says besides its questions, in German and English."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from notify.cli.contacts_files import encoding_name
from notify.core.bilingual import Bilingual

if TYPE_CHECKING:
    from notify.actions.init_contacts import UnderstoodContacts
    from notify.actions.init_server import Server

_DELIMITERS = {
    "\t": Bilingual("tabs", "Tabulatoren"),
    ";": Bilingual("semicolons", "Semikolons"),
    ",": Bilingual("commas", "Kommas"),
    "|": Bilingual("bars", "senkrechte Striche"),
    " ": Bilingual("blanks", "Leerzeichen"),
}
_FIELDS = {
    "email": Bilingual("address", "Adresse"),
    "email_2": Bilingual("2nd address", "2. Adresse"),
    "first_name": Bilingual("first name", "Vorname"),
    "last_name": Bilingual("last name", "Nachname"),
    "name": Bilingual("name", "Name"),
    "company": Bilingual("company", "Firma"),
    "prefix": Bilingual("Mr/Ms", "Anrede"),
    "form": Bilingual("Du or Sie", "Du oder Sie"),
    "gender": Bilingual("gender", "Geschlecht"),
    "title": Bilingual("title", "Titel"),
    "salutation": Bilingual("greeting", "Briefanrede"),
    "language": Bilingual("language", "Sprache"),
    "customer_number": Bilingual("number", "Nummer"),
}
_ROW = Bilingual("{} row", "{} Zeile")
_ROWS = Bilingual("{} rows", "{} Zeilen")
_ABOUT_CONTACTS = (
    Bilingual("{file}: {kind}, {rows}", "{file}: {kind}, {rows}"),
    Bilingual("Columns: {columns}", "Spalten: {columns}"),
    Bilingual(
        "Written to: {admitted}; left out: {rejected} rejected, {duplicate} duplicate, {others} for other reasons",
        "Angeschrieben: {admitted}; ausgelassen: {rejected} abgelehnt, {duplicate} doppelt, {others} aus anderem Grund",
    ),
    Bilingual(
        "Greeted: {greetings} {neutrally}",
        "Begrüßt: {greetings} {neutrally}",
    ),
)
_NEUTRALLY = Bilingual("({} neutrally, as the file does not say)", "({} neutral, weil die Datei nichts sagt)")
_REJECTED = Bilingual("Rejected, such as {first}", "Abgelehnt etwa {first}")
_NONE_REJECTED = Bilingual("No row was rejected.", "Keine Zeile wurde abgelehnt.")
_NOT_FOUND = Bilingual("No server was found there.", "Es war kein Server zu finden.")
_FOUND = Bilingual("Found: {}", "Gefunden: {}")
_SERVER = Bilingual("Server: {}, at most {}", "Server: {}, höchstens {}")
_FIRST = Bilingual("Note: {}", "Wichtig: {}")


def day_words(day: dt.date, language: str) -> str:
    """Return a day as people read it, so that whoever typed it sees which one it was taken for."""
    from notify.core.campaign import in_words

    return in_words(day, language)


def lines_about_server(asked: str, answers: Mapping[str, Any], language: str) -> list[str]:
    """Return what is to be said of the server after one of the questions about it."""
    from notify.actions.init_server import known_for

    if asked == "look_up":
        found: Server | None = answers.get("found")
        if not answers["look_up"]:
            return []
        if found is None:
            return [_NOT_FOUND.in_language(language)]
        return [_FOUND.in_language(language).format(found), *_what_is_first(found, language)]
    server: Server | None = known_for(answers["from"]) if asked == "from" else answers.get("server")
    was_told = asked == "user" or server == answers.get("found")
    if server is None or was_told or (asked == "from" and "server" in answers["given"]):
        return []
    provider = server.provider
    rates = ", ".join(map(str, provider.rates)) if provider else "10/min, 200/hour"
    lines = [_SERVER.in_language(language).format(server, rates)]
    return lines + _what_is_first(server, language)


def _what_is_first(server: Server, language: str) -> list[str]:
    first = server.first.in_language(language)
    return [_FIRST.in_language(language).format(first)] if first else []


def lines_about_contacts(contacts: UnderstoodContacts, language: str) -> list[str]:
    """Return in five lines what was understood of a contact file."""
    kind = [contacts.format, encoding_name(contacts.encoding)]
    if contacts.delimiter in _DELIMITERS:
        kind.append(_DELIMITERS[contacts.delimiter].in_language(language))
    count = contacts.counts
    facts = {
        "file": contacts.path.name,
        "kind": ", ".join(filter(None, kind)),
        "rows": (_ROW if contacts.rows == 1 else _ROWS).in_language(language).format(contacts.rows),
        "columns": ", ".join(
            _column(header, _FIELDS[field].in_language(language))
            for header, field in contacts.columns.items()
            if field in _FIELDS
        ),
        "admitted": count["admitted"],
        "rejected": count["rejected"],
        "duplicate": count["duplicate"],
        "others": contacts.rows - count["admitted"] - count["rejected"] - count["duplicate"],
        "greetings": " ".join(contacts.greetings),
        "neutrally": _NEUTRALLY.in_language(language).format(contacts.neutral) if contacts.neutral else "",
        "first": contacts.rejected,
    }
    lines = (*_ABOUT_CONTACTS, _REJECTED if contacts.rejected else _NONE_REJECTED)
    return [line.in_language(language).format_map(facts).rstrip() for line in lines]


def _column(header: str, field: str) -> str:
    """Return what a column is; one that is called so need not be explained."""
    return field if header.casefold() == field.casefold() else f"{header} → {field}"
