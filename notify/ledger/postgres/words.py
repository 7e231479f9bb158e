"""PostgreSQL's errors in words. Nothing of a row is ever in them: of an error only its first line is told."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import psycopg

from notify.errors import LockedError, NotifyError, WriteError
from notify.ledger.place import Database

#: What tells from libpq's words why there is no connection, in English and German: a server speaks its own language.
_REFUSALS = (
    (
        (
            "password authentication failed",
            "passwort-authentifizierung",
            "no password supplied",
            "kein passwort angegeben",
        ),
        "it does not know this account or its password",
        "Mend user or password: [ledger] password_command, NOTIFY_LEDGER_PASSWORD or ~/.pgpass.",
    ),
    (
        ("pg_hba.conf", "peer authentication", "ident authentication"),
        "it lets this account in from no such machine, or not in this way",
        "Let it in by pg_hba.conf of the server.",
    ),
    (
        ("does not exist", "existiert nicht"),
        "there is no such database or account",
        "Mend the URL, or make them:  createuser NAME;  createdb --owner NAME NAME",
    ),
    (
        ("not permitted to log in", "nicht zum login"),
        "this account may not log in",
        "Allow it:  ALTER ROLE NAME LOGIN",
    ),
    (
        ("too many clients", "too many connections", "connection slots", "zu viele"),
        "it takes no more connections",
        "End what is not needed, or raise max_connections of the server.",
    ),
    (
        ("read-only", "read only", "hot standby", "nur lesbar"),
        "it is a standby, which cannot be written to",
        "Name the server that is in charge, or all of them (host1,host2): the one that can be written to is found.",
    ),
)

_AWAY = "Look whether the server runs and can be reached. Then it goes on where it stopped."

_ENDED = "the database has ended the connection ({}). What is recorded stays recorded."

#: It was waited for another transaction, in vain (PostgreSQL, "Error Codes").
_BUSY = frozenset({"55P03", "57014", "40P01", "40001"})
#: What the first letters of such a code mean.
_TROUBLES = (
    (("08", "57"), _ENDED, _AWAY),
    (
        ("53",),
        "the server has no room left ({}). Nothing was lost; what is recorded stays recorded.",
        "Make room and run the same command again: it goes on where it stopped.",
    ),
    (("42501",), "this account may not do that ({}).", "Grant it what it needs:  notify ledger roles"),
    (
        ("25006",),
        "the server cannot be written to ({}): it is a standby.",
        "Name the server that is in charge, and run the same command again: it goes on where it stopped.",
    ),
    (
        ("XX",),
        "the ledger is damaged ({}).",
        "Bring it back from your backup. Do not delete it: it knows who was written to.",
    ),
)


@contextlib.contextmanager
def in_words(place: Database) -> Iterator[None]:
    """Turn psycopg's errors into ours."""
    try:
        yield
    except psycopg.Error as error:
        raise worded(error, place) from error


def unreachable(error: psycopg.Error, place: Database) -> WriteError:
    """Return the error that there is no connection to a database, with the mend."""
    text = " ".join(str(error).split())
    for signs, problem, hint in _REFUSALS:
        if any(sign in text.lower() for sign in signs):
            return WriteError(f"{place}: {problem} ({text}).", hint=hint)
    return WriteError(f"{place}: the database cannot be reached ({text}).", hint=_AWAY)


def worded(error: psycopg.Error, place: Database) -> NotifyError:
    """Return an error of a statement as one of ours, with the mend."""
    state = error.sqlstate or ""
    said = error.diag.message_primary or str(error).partition("\n")[0]
    if state in _BUSY:
        return LockedError(f"{place}: another process is writing to the ledger.", hint="Run it again in a moment.")
    for states, problem, hint in _TROUBLES:
        if state.startswith(states):
            return WriteError(f"{place}: {problem.format(said)}", hint=hint)
    if not state:
        return WriteError(f"{place}: {_ENDED.format(said)}", hint=_AWAY)
    return WriteError(f"{place}: the ledger refused a change: {said}.", hint="Please report this as a bug.")
