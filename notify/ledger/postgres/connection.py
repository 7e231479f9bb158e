"""Connects to a database, and runs the room's statements there as :mod:`sqlite3` would.

Whatever the server, the database or the account has as its default: a commit is on the disk when it returns, a
statement waits for no lock for longer than SQLite would, and the days of the attempts are those of this machine.
"""

from __future__ import annotations

import datetime as dt
import functools
import logging
import os
import time
from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from psycopg.types.numeric import Int8Dumper
from psycopg.types.string import StrDumper

from notify.errors import WriteError
from notify.ledger.place import Database
from notify.ledger.postgres.dialect import OWN, translated
from notify.ledger.postgres.rows import rows_by_name
from notify.ledger.postgres.tls import tls_parameters, tls_trouble
from notify.ledger.postgres.words import unreachable
from notify.ledger.queries import QUERIES

if TYPE_CHECKING:
    from notify.ledger.connection import Cursor, Values

# what goes wrong with a connection is said by us, once and in words
logging.getLogger("psycopg").setLevel(logging.CRITICAL)

#: How long a statement waits for a lock, as in SQLite.
LOCK_MS = 30_000
#: How long a server may take to answer that it is there, and how long one may be silent that was there.
_CONNECT_S, _SILENT_S = 10, 30

#: What libpq is told unless the URL says something else. No standby: it could not be written to.
_USUAL = {
    "application_name": "notify",
    "connect_timeout": _CONNECT_S,
    "keepalives_idle": _SILENT_S,
    "tcp_user_timeout": _SILENT_S * 1000,
    "target_session_attrs": "read-write",
}

#: Of the servers that their makers still look after.
OLDEST = 15

_ZONE = sql.SQL("SET TIME ZONE {}")
_SETTINGS = sql.SQL(
    # tables of the session last: they could stand in the place of the ledger's in functions that run as its owner
    "SET search_path TO {schema}, pg_temp;"
    " SET lock_timeout TO {lock_ms}; SET statement_timeout TO 0; SET client_min_messages TO warning;"
    " SET idle_in_transaction_session_timeout TO 0; SET idle_session_timeout TO 0;"
    " SET default_transaction_isolation TO 'read committed';"
    " SELECT set_config('synchronous_commit', 'on', false)"
    " WHERE current_setting('synchronous_commit') IN ('off', 'local', 'remote_write')"
)

#: From so many statements in a transaction on, as an enrolment has them, the statistics are made anew: else a plan may
#: read the whole table for one recipient.
_MANY = 500


class Session:
    """One connection; its statements are the room's own. ``db`` is psycopg's.

    Rows are those of :mod:`notify.ledger.postgres.rows`. A list as a value is an array.
    """

    def __init__(self, db: psycopg.Connection[Any]) -> None:
        self.db = db
        self._moved = 0

    def execute(self, statement: str, values: Values = (), /) -> Cursor:
        """Run a statement."""
        self._moved += 1
        return self.db.execute(translated(statement), values)

    def executemany(self, statement: str, values: Iterable[Values], /) -> psycopg.Cursor[Any]:
        """Run a statement with one set of values after the other; the new recipients of an enrolment all at once."""
        cursor = self.db.cursor()
        if statement == QUERIES["enrol"]:
            self._enrol(cursor, values)
        else:
            cursor.executemany(translated(statement), values)
        return cursor

    def pipeline(self) -> AbstractContextManager[object]:
        """Inside this ``with`` no statement waits for the answer of the one before."""
        return self.db.pipeline()

    def _enrol(self, cursor: psycopg.Cursor[Any], values: Iterable[Values]) -> None:
        rows = [(*row, "pending") for row in values]
        self._moved += len(rows)
        if not rows:
            return
        if self._is_secured:
            cursor.execute(translated(OWN["enrol_many_secured"]), [[*column] for column in zip(*rows, strict=True)])
            return
        with cursor.copy(OWN["enrol_many"].encode()) as copy:
            copy.set_types(_ENROLLED)
            for row in rows:
                copy.write_row(row)

    @functools.cached_property
    def _is_secured(self) -> bool:
        row = self.db.execute(OWN["is_secured"]).fetchone()
        return bool(row and row[0])

    def write(self) -> None:
        """Write what is still to be written, before somebody reads in another way: nothing, as all of it is."""

    def end(self) -> None:
        """End it, whatever became of its transaction: nothing is left open."""

    def settle_down(self) -> None:
        """Before a commit: make one row of many counts, and let the server know how much there is by now."""
        self.write()
        if self._moved >= _MANY:
            self._moved = 0
            self.db.execute(translated(OWN["compact_tallies"]))
            self.db.execute("ANALYZE recipient")


def connected(place: Database) -> psycopg.Connection[Any]:
    """Connect to a database; whoever does closes the connection. Each statement commits, unless it is in a transaction.

    :raises ConfigError: the connection could not be trusted.
    :raises WriteError: the database cannot be reached, or does not let us in.
    """
    try:
        return _connect(place)
    except psycopg.Error as error:
        raise tls_trouble(str(error), str(place)) or unreachable(error, place) from error


def _connect(place: Database) -> psycopg.Connection[Any]:
    db = psycopg.connect(place.url, autocommit=True, row_factory=rows_by_name, **parameters(place))
    try:
        db.adapters.register_dumper(int, Int8Dumper)
        db.adapters.register_dumper(str, StrDumper)
        _check_age(db, place)
        db.execute(_SETTINGS.format(schema=sql.Identifier(place.schema), lock_ms=sql.Literal(LOCK_MS)))
        _set_zone(db)
    except BaseException:
        db.close()
        raise
    return db


def parameters(place: Database) -> dict[str, Any]:
    """Return what libpq is told beside the URL, the password among it."""
    given = conninfo_to_dict(place.url)
    usual: dict[str, Any] = {name: value for name, value in _USUAL.items() if name not in given}
    password = place.password()
    return usual | tls_parameters(place.url) | ({"password": password} if password else {})


def _check_age(db: psycopg.Connection[Any], place: Database) -> None:
    found = db.info.server_version // 10_000
    if found < OLDEST:
        raise WriteError(
            f"{place}: this is PostgreSQL {found}, and the ledger needs {OLDEST}.", hint="Bring it up to date."
        )


def _set_zone(db: psycopg.Connection[Any]) -> None:
    """Let the days of the attempts be those of this machine, also where the server does not know its zone by name."""
    try:
        db.execute(_ZONE.format(sql.Literal(_zone())))
    except psycopg.errors.InvalidParameterValue:
        db.execute(_ZONE.format(sql.Literal(_offset())))


def _zone() -> str:
    """Return the name of the time zone of this machine, or how far it is from UTC today."""
    named = os.environ.get("TZ", "").removeprefix(":")
    if not named and (link := Path("/etc/localtime")).is_symlink():
        named = os.path.realpath(link).partition("/zoneinfo/")[2]
    is_name = all(part.replace("_", "").replace("-", "").isalnum() for part in named.split("/"))
    return named if named and is_name else _offset()


def _offset() -> str:
    """Return how far this machine is from UTC today, in the way of POSIX, which counts to the west."""
    offset = dt.datetime.fromtimestamp(time.time(), dt.UTC).astimezone().strftime("%z")
    return f"<{offset[:5]}>{'-' if offset[0] == '+' else '+'}{offset[1:3]}:{offset[3:5]}"


_ENROLLED = (*("text",) * 11, "bytea", "text", "bool", "int8", "int8", "text", "text")
