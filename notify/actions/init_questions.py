"""What the guided set-up asks, as data: the words of each question, how an answer is read, and when it is asked at all.

A question that its option has answered is not asked; where nobody can be asked, options are all there is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, cast

from notify.actions.init_audience import BANK_TO
from notify.actions.init_contacts import UnderstoodContacts, path_of, understand
from notify.actions.init_details import DETAILS, ITEMS, Detail, announces, implied, read_items
from notify.actions.init_question import Answers, Question, always
from notify.actions.init_server import Server, known_for, named, needs_user
from notify.config.dates import dates_meant
from notify.config.schema import read_value
from notify.config.values import as_written, listed
from notify.core.bilingual import NO_WORDS, Bilingual, BilingualError
from notify.core.campaign import in_words


def _key(path: str) -> Callable[[str, Answers], object]:
    """Make the reader of what stands at a key of notify.toml."""
    return lambda text, _answers: read_value(tuple(path.split(".")), text)


def _yes_or_no(name: str, words: Bilingual, option: str, **more: Any) -> Question:  # noqa: ANN401  # fields of a question
    return Question(name, words, lambda text, _answers: text == "yes", option=option, wants_yes_or_no=True, **more)


def read_day(text: str, _answers: Answers) -> dt.date:
    """Return a day that is written in any usual way, if it can be only one."""
    meant = dates_meant(text)
    if len(meant) > 1:
        days = [str(day) for day in meant]
        raise BilingualError(
            Bilingual(
                f"{as_written(text)} may be {listed(days)}",
                f"Das kann {listed([in_words(day, 'de') for day in meant], 'oder')} heißen.",
            )
        )
    # the reader of notify.toml says what is wrong with any other text
    return meant[0] if meant else cast("dt.date", read_value(("change", "effective"), text))


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


def _server(text: str, answers: Answers) -> Server:
    found = answers.get("found")
    return found if found is not None and text == str(found) else named(text, answers["from"])


def server_of(answers: Answers) -> Server | None:
    """Return the server, as far as it was answered."""
    server: Server | None = answers.get("server") or known_for(answers["from"])
    return server


def _likely_user(answers: Answers) -> str:
    server = server_of(answers)
    return "" if server is None or needs_user(server) else server.user


def _user_is_open(answers: Answers) -> bool:
    """Tell whether the user does not follow of what is known: it was given, or the server was typed."""
    server = server_of(answers)
    if server is None or "user" in answers["given"]:
        return server is not None
    return bool(server != known_for(answers["from"]) and server != answers.get("found"))


def _is_elsewhere(answers: Answers) -> bool:
    """Tell whether there is one contact file, and it is not in the folder already."""
    understood: UnderstoodContacts | None = answers.get("contacts") or None
    if understood is None or not understood.path.is_file():
        return False
    return not understood.path.is_relative_to(answers["folder"].absolute())


def _takes_password(answers: Answers) -> bool:
    """Tell whether there is a server that can be logged in to by a password."""
    server = server_of(answers)
    return server is not None and not server.wants_token


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
        _key(f"change.new.{name}"),
        wrong,
        f"--keep {name}",
        hint,
        Bilingual("none", "keine"),
        when=lambda answers: not announces(answers, name),
    )


def _questions() -> Iterator[Question]:
    yield Question(
        "name",
        Bilingual("Who writes? Your name, your firm or club", "Wer schreibt? Ihr Name, Ihre Firma oder Ihr Verein"),
        _key("sender.name"),
        "Das ist kein Name, der in einer Zeile steht.",
        "--name",
        needed=always,
    )
    yield Question(
        "from",
        Bilingual("From which e-mail address?", "Von welcher E-Mail-Adresse aus?"),
        _key("sender.email"),
        "{given} ist keine E-Mail-Adresse.",
        "--from",
        Bilingual(
            "While the old mailbox lives, from there: your readers know it.",
            "Solange das alte Postfach noch geht, von dort: Ihre Leser kennen es.",
        ),
        needed=always,
    )
    yield _yes_or_no(
        "look_up",
        Bilingual(
            "May notify ask the Internet (DNS and autoconfig) for its server?",
            "Darf notify im Internet nachsehen (DNS und autoconfig), welcher Server dafür zuständig ist?",
        ),
        "--look-up",
        hint=Bilingual(
            "notify does not know the server of this address.", "Den Server dieser Adresse kennt notify nicht."
        ),
        when=lambda answers: known_for(answers["from"]) is None and "server" not in answers["given"],
        takes_time=True,
    )
    yield Question(
        "server",
        Bilingual("Through which server?", "Über welchen Postausgangsserver?"),
        _server,
        "{given} ist kein Server, den notify kennt: smtp.muster.example oder ein Anbieter aus  notify providers",
        "--server",
        empty=Bilingual("later", "später"),
        default=lambda answers: str(answers.get("found") or ""),
        when=lambda answers: known_for(answers["from"]) is None or "server" in answers["given"],
    )
    yield Question(
        "user",
        Bilingual("As which user do you log in there?", "Mit welchem Benutzernamen melden Sie sich dort an?"),
        _key("relay.user"),
        "Das ist kein Benutzername, der in einer Zeile steht.",
        "--user",
        default=_likely_user,
        when=_user_is_open,
    )
    yield Question(
        "new_account",
        Bilingual(
            "Since when have you had this account?",
            "Seit wann haben Sie dieses Konto?",
        ),
        read_day,
        "{given} ist kein eindeutiges Datum; etwa 1.12.2026",
        "--new-account",
        empty=Bilingual("for more than a month", "seit mehr als einem Monat"),
        when=lambda answers: server_of(answers) is not None,
    )
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
    yield _yes_or_no(
        "copy_contacts",
        Bilingual(
            "Copy it into the new folder? Otherwise notify reads it where it is",
            "Die Liste in den neuen Ordner kopieren? Sonst liest notify sie dort, wo sie liegt",
        ),
        "--copy-contacts",
        when=_is_elsewhere,
    )
    yield BANK_TO
    yield _yes_or_no(
        "use_relay",
        Bilingual(
            "Send through this server at once? Otherwise notify rehearses, and nothing leaves this machine",
            "Gleich über diesen Server senden? Sonst probt notify zuerst, und nichts verlässt diesen Rechner",
        ),
        "--use-relay",
        when=_takes_password,
    )
    yield _yes_or_no(
        "store_password",
        Bilingual(
            "Keep its password in the keyring of this machine?",
            "Das Passwort im Schlüsselbund dieses Rechners ablegen?",
        ),
        "--store-password",
        when=lambda answers: _takes_password(answers) and answers["has_keyring"],
    )


#: In the order in which they are asked.
QUESTIONS: tuple[Question, ...] = tuple(_questions())
