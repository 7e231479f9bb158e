"""Who gets the new bank details, for the guided set-up: everybody, or those with a certain value in a column."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from notify.actions.init_contacts import UnderstoodContacts
from notify.actions.init_details import announces
from notify.actions.init_question import Question
from notify.config.sections import Example
from notify.config.values import as_written
from notify.core.bilingual import Bilingual, BilingualError
from notify.core.campaign import BANK_DETAILS
from notify.core.column_words import nearest_header
from notify.core.record import record

_EVERYBODY = frozenset("everybody everyone all alle allen jeder jedem".split())
_NAME = Bilingual("bank details", "Bankdaten")


@record(frozen=True, slots=True)
class Reach:
    """Whom bank details are for; without a column everybody."""

    column: str = ""
    value: str = ""

    def values(self, answers: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Example]]:
        """Yield what notify.toml says of it; of the bank details only those that are told."""
        told = [name for name in BANK_DETAILS if answers.get(f"new.{name}") or answers.get(f"old.{name}")]
        yield ("audience", "name"), self.value or _NAME.in_language(answers["language"])
        yield ("audience", "sees"), tuple(told)
        if not self.column:
            yield ("audience", "everybody"), True
            return
        condition = f"row[{_quoted(self.column)}] == {_quoted(self.value)}"
        yield ("audience", "where"), condition
        if answers.get("changes") in {("bank",), None}:
            # nothing would be left to tell the others
            yield ("contacts", "where"), condition


def read_reach(text: str, answers: Mapping[str, Any]) -> Reach:
    """Return whom a line means: everybody, or ``COLUMN=VALUE``.

    :raises ValueError: it is neither, or the contact file has no such column.
    """
    if text.casefold() in _EVERYBODY:
        return Reach()
    column, mark, value = (part.strip().strip("\"'") for part in text.replace("==", "=").partition("="))
    if not (mark and column and value):
        raise BilingualError(
            Bilingual(
                f"{as_written(text)} is neither  everybody  nor a column with a value, such as Group=Customer",
                f"{as_written(text)} heißt weder  alle , noch ist es eine Spalte mit einem Wert, etwa Gruppe=Kunde.",
            )
        )
    contacts: UnderstoodContacts | None = answers.get("contacts") or None
    if contacts is not None and column not in contacts.headers:
        near = nearest_header(column, contacts.headers) or ", ".join(contacts.headers)
        raise BilingualError(
            Bilingual(
                f"the address list has no column {as_written(column)}; did you mean {near}?",
                f"Die Adressliste hat keine Spalte {as_written(column)}; meinen Sie {near}?",
            )
        )
    return Reach(column, value)


#: It is asked once the address list is known.
BANK_TO = Question(
    "bank_to",
    Bilingual("Who gets the new bank details?", "Wer bekommt die neue Bankverbindung?"),
    read_reach,
    "{given} heißt weder  alle , noch ist es eine Spalte mit einem Wert, etwa Gruppe=Kunde.",
    "--bank-to",
    Bilingual(
        "Everybody in the list, or those with a value in a column: Group=Customer",
        "Alle in der Liste, oder wer einen Wert in einer Spalte hat: Gruppe=Kunde",
    ),
    default=lambda answers: "alle" if answers["language"] == "de" else "everybody",
    when=lambda answers: announces(answers, "bank"),
)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
