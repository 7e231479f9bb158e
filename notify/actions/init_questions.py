"""What the guided set-up asks, as data: the words of each question, how an answer is read, and when it is asked at all.

A question that its option has answered is not asked; where nobody can be asked, options are all there is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial

from notify.actions.init_audience import BANK_TO
from notify.actions.init_contacts import UnderstoodContacts, path_of, understand
from notify.actions.init_details import DETAILS, ITEMS, Detail, announces, implied, read_items
from notify.actions.init_question import Answers, Question, always, by_key, read_day, yes_or_no
from notify.actions.init_sender_questions import sender_questions, takes_password
from notify.config.schema import read_value
from notify.config.values import as_written
from notify.core.bilingual import NO_WORDS, Bilingual, BilingualError
from notify.core.campaign import in_words


def _today(answers: Answers) -> str:
    today: dt.date = answers["today"]
    return f"{today.day}.{today.month}.{today.year}" if answers["language"] == "de" else str(today)


def _last_day(text: str, answers: Answers) -> dt.date:
    day = read_day(text, answers)
    first: dt.date | None = answers.get("effective")
    if first and day < first:
        raise BilingualError(
            Bilingual(
                f"{day} is before {first}, from when the new details hold",
                f"Das ist vor dem {in_words(first, 'de')}, ab dem das Neue gilt.",
            )
        )
    return day


def _is_elsewhere(answers: Answers) -> bool:
    """Tell whether there is one contact file, and it is not in the folder already."""
    understood: UnderstoodContacts | None = answers.get("contacts") or None
    if understood is None or not understood.path.is_file():
        return False
    return not understood.path.is_relative_to(answers["folder"].absolute())


def _has_day(answers: Answers) -> bool:
    return bool(answers["template"] != "newsletter")


def _detail(side: str, detail: Detail) -> Question:
    """Make the question for a detail that changes, before or after."""
    name = f"{side}.{detail.name}"
    option = f"--{side} {detail.name}"
    is_new = side == "new"

    def read(text: str, answers: Answers) -> object:
        value = str(read_value(("change", side, detail.name), text))
        if is_new and not detail.may_stay and _same(value, answers.get(f"old.{detail.name}")):
            raise BilingualError(
                Bilingual(f"{as_written(text)} is the same as before", "Das ist dasselbe wie bisher; neu ist es nicht.")
            )
        return value

    def is_needed(answers: Answers) -> bool:
        return is_new and (detail.is_needed or not (detail.is_optional or answers.get(f"old.{detail.name}")))

    return Question(
        name,
        detail.words(side),
        read,
        detail.wrong,
        option,
        empty=Bilingual("none", "keine"),
        default=partial(detail.default, side),
        needed=is_needed,
        when=lambda answers: announces(answers, detail.item) and detail.is_asked_for(side, answers),
    )


def _same(value: str, other: object) -> bool:
    return "".join(value.split()).casefold() == "".join(str(other or "").split()).casefold()


def _stays(name: str, words: Bilingual, wrong: str, hint: Bilingual = NO_WORDS) -> Question:
    """Make the question for a detail that does not change: readers check the message by it."""
    return Question(
        f"kept.{name}",
        words,
        by_key(f"change.new.{name}"),
        wrong,
        f"--keep {name}",
        hint,
        Bilingual("none", "keine"),
        when=lambda answers: not announces(answers, name),
    )


def _questions() -> Iterator[Question]:
    yield from sender_questions()
    yield Question(
        "changes",
        Bilingual("What changes? One or more numbers", "Was ändert sich? Eine oder mehrere Nummern"),
        read_items,
        "",
        "--new",
        Bilingual(
            "\n".join(f"  {number}  {item.words.en}" for number, item in enumerate(ITEMS, start=1)),
            "\n".join(f"  {number}  {item.words.de}" for number, item in enumerate(ITEMS, start=1)),
        ),
        needed=always,
        when=lambda answers: implied(answers) is None,
    )
    for item in ITEMS:
        for side in ("old", "new"):
            yield from (_detail(side, detail) for detail in DETAILS if detail.item == item.name)
    yield _stays(
        "phone",
        Bilingual("Which telephone number stays?", "Welche Telefonnummer bleibt?"),
        "{given} ist keine Telefonnummer.",
        Bilingual(
            "By what stays, readers can check that the message is yours.",
            "An dem, was bleibt, können Ihre Leser die Nachricht prüfen.",
        ),
    )
    yield _stays(
        "website",
        Bilingual("Which website stays?", "Welche Website bleibt?"),
        "{given} ist keine Website; vollständig heißt es etwa https://muster.example",
    )
    yield Question(
        "effective",
        Bilingual("From when on?", "Ab wann?"),
        read_day,
        "{given} ist kein eindeutiges Datum; etwa 1.12.2026",
        "--effective",
        default=_today,
        when=_has_day,
    )
    yield Question(
        "old_works_until",
        Bilingual("Until when does the old one work?", "Bis wann geht das Alte noch?"),
        _last_day,
        "{given} ist kein eindeutiges Datum nach dem ersten Tag; etwa 31.1.2027",
        "--old-works-until",
        empty=Bilingual("not said", "nicht nennen"),
        needed=lambda answers: answers["template"] == "last-call",
        when=lambda answers: (
            _has_day(answers)
            and any(announces(answers, item) for item in ("email", "phone", "mobile", "fax", "website", "bank"))
        ),
    )
    yield Question(
        "contacts",
        Bilingual("Where is your address list?", "Wo liegt Ihre Adressliste?"),
        lambda text, answers: understand(path_of(text), answers["folder"], answers["language"]),
        "So kann die Datei nicht gelesen werden.",
        "--contacts",
        Bilingual(
            "A file of any kind: CSV, Excel, vCard, LDIF ... It is read, never changed.",
            "Eine Datei jeder Art: CSV, Excel, vCard, LDIF ... Sie wird gelesen, nie verändert.",
        ),
        Bilingual("later", "später"),
        takes_time=True,
    )
    yield yes_or_no(
        "copy_contacts",
        Bilingual(
            "Copy it into the new folder? Otherwise notify reads it where it is",
            "Die Liste in den neuen Ordner kopieren? Sonst liest notify sie dort, wo sie liegt",
        ),
        "--copy-contacts",
        when=_is_elsewhere,
    )
    yield BANK_TO
    yield yes_or_no(
        "use_relay",
        Bilingual(
            "Send through this server at once? Otherwise notify rehearses, and nothing leaves this machine",
            "Gleich über diesen Server senden? Sonst probt notify zuerst, und nichts verlässt diesen Rechner",
        ),
        "--use-relay",
        when=takes_password,
    )
    yield yes_or_no(
        "store_password",
        Bilingual(
            "Keep its password in the keyring of this machine?",
            "Das Passwort im Schlüsselbund dieses Rechners ablegen?",
        ),
        "--store-password",
        when=lambda answers: takes_password(answers) and answers["has_keyring"],
    )


#: In the order in which they are asked.
QUESTIONS: tuple[Question, ...] = tuple(_questions())
