"""Makes a ledger in a database, and brings one of an earlier version up to date.

Each is one transaction: whoever is killed leaves the ledger as it was. A change of ``schema.sql``, ``functions.sql``,
``rate_functions.sql`` or the arrows of :mod:`notify.core.status` needs the next :data:`VERSION`, and a step that leads
there, ``to_version_N.sql``.
"""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql

from notify.core.shipped import shipped
from notify.core.status import ARROWS
from notify.errors import WriteError
from notify.ledger.marks import MARKED, Mark, Stage, marks, place_of_database, refusal
from notify.ledger.place import Database
from notify.ledger.postgres.dialect import own_queries
from notify.ledger.postgres.origin import keep_origin
from notify.ledger.postgres.roles import rights

#: Raised with every change of the schema, the functions or the arrows.
VERSION = 2

#: "ntfy": the first number of our advisory locks; the second one is that of the schema.
WRITING = 0x6E746679
#: Held by the run that sends.
HOLDING = WRITING + 1
#: Held while a ledger is made; it has no schema yet that has a number.
_MAKING = WRITING + 2

_ARROW = sql.SQL(
    "CREATE OR REPLACE TRIGGER only_these_arrows AFTER UPDATE OF status ON recipient FOR EACH ROW"
    " WHEN (OLD.status <> NEW.status AND OLD.status || '>' || NEW.status <> ALL ({arrows}))"
    " EXECUTE FUNCTION refuse_arrow()"
)

#: By the rows of the catalogue: what a session keeps of names may be older, after it has waited for another one.
_LOOK = """
SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND c.relname = 'ledger'
"""
_RECORD = "INSERT INTO ledger (version) VALUES (%(version)s) ON CONFLICT (one) DO UPDATE SET version = %(version)s"


def version_of(db: psycopg.Connection[Any], place: Database, *, is_moved: bool = False) -> int:
    """Return of which version a ledger is; 0: there is none.

    :param is_moved: for a move: it may be one that must not be used otherwise.
    :raises WriteError: it is of a version that this notify does not know, or must not be used.
    """
    if db.execute(_LOOK, (place.schema,)).fetchone() is None:
        return 0
    # by its whole name: who may not use the schema would hear that there is no such table
    row = db.execute(sql.SQL("SELECT version FROM {}.ledger").format(sql.Identifier(place.schema))).fetchone()
    version = int(row[0]) if row else 0
    if version > MARKED and is_moved:
        return version - MARKED
    if version > MARKED and (mark := read_mark(db)):
        raise refusal(place_of_database(place.url, place.schema), mark)
    if version > VERSION:
        raise WriteError(
            f"{place}: this ledger has version {version}, and this notify knows version {VERSION}.",
            hint="Use the notify that made it, or a newer one. The ledger was left as it is.",
        )
    return version


def read_mark(db: psycopg.Connection[Any]) -> Mark | None:
    """Return what a ledger says of the last move that it took part in; None: it was never moved."""
    row = db.execute(marks()["read"].encode()).fetchone()
    return Mark(Stage(row[0]), *map(str, (row[1], row[2], row[3]))) if row else None


def bring_up_to_date(db: psycopg.Connection[Any], place: Database) -> None:
    """Make the ledger where there is none; bring it up to date where it is of an earlier version.

    Another process may do the same at the same moment: the second one waits, and finds it done.
    """
    with db.transaction():
        db.execute("SELECT pg_advisory_xact_lock(%s::int, hashtext(%s))", (_MAKING, place.schema))
        version = version_of(db, place)
        if version == 0:
            _make(db, place)
        elif version == VERSION:
            return
        for number in range(version + 1, VERSION + 1) if version else ():
            for statement in own_queries(f"to_version_{number}.sql").values():
                db.execute(statement.encode())
        for statement in (own_queries("functions.sql") | own_queries("rate_functions.sql")).values():
            db.execute(statement.encode())
        _draw_arrows(db)
        db.execute(rights(place.schema).encode())
        db.execute(_RECORD, {"version": VERSION})
        if version == 0:
            keep_origin(db)


def _make(db: psycopg.Connection[Any], place: Database) -> None:
    there = db.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", (place.schema,)).fetchone()
    if not there:
        db.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(place.schema)))
    db.execute(shipped(__package__, "schema.sql").encode())


def _draw_arrows(db: psycopg.Connection[Any]) -> None:
    """Write the arrows of the core into the trigger that refuses all others, and where everybody can look."""
    db.execute("DELETE FROM arrow")
    db.cursor().executemany("INSERT INTO arrow VALUES (%s, %s)", sorted(ARROWS))
    db.execute(_ARROW.format(arrows=sql.Literal([f"{tail}>{head}" for tail, head in sorted(ARROWS)])))
