"""The questions about who writes, and through which server.

A question that its option has answered is not asked; where nobody can be asked, options are all there is.
"""

from __future__ import annotations

from collections.abc import Iterator

from notify.actions.init_question import Answers, Question, always, by_key, read_day, yes_or_no
from notify.actions.init_server import Server, known_for, named, needs_user
from notify.core.bilingual import Bilingual


def sender_questions() -> Iterator[Question]:
    """Yield them in the order in which they are asked."""
    yield Question(
        "name",
        Bilingual("Who writes? Your name, your firm or club", "Wer schreibt? Ihr Name, Ihre Firma oder Ihr Verein"),
        by_key("sender.name"),
        "Das ist kein Name, der in einer Zeile steht.",
        "--name",
        needed=always,
    )
    yield Question(
        "from",
        Bilingual("From which e-mail address?", "Von welcher E-Mail-Adresse aus?"),
        by_key("sender.email"),
        "{given} ist keine E-Mail-Adresse.",
        "--from",
        Bilingual(
            "While the old mailbox lives, from there: your readers know it.",
            "Solange das alte Postfach noch geht, von dort: Ihre Leser kennen es.",
        ),
        needed=always,
    )
    yield yes_or_no(
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
        by_key("relay.user"),
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


def takes_password(answers: Answers) -> bool:
    """Tell whether there is a server that can be logged in to by a password."""
    server = server_of(answers)
    return server is not None and not server.wants_token


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
