"""Tells a database that was brought back, or whose standby took over, from the one that notify left.

Its last commits may be missing then: somebody waits in it whose message has left, and only the journal of the machine
that handed it over knows. So the ledger notes in which database it is, and in which life of that: the server's system
identifier, its timeline, which every recovery to another point and every promotion raises, and the number of a table,
which a restored dump has anew (PostgreSQL, "Continuous Archiving", 26.3.5). A restart and a crash change none of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from notify.errors import WriteError
from notify.ledger.place import Database

if TYPE_CHECKING:
    import psycopg

_NOW = """
(SELECT system_identifier FROM pg_catalog.pg_control_system()) || '/'
    || substr(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 1, 8) || '/' || 'ledger'::regclass::oid
"""
_ASK = f"SELECT origin, origin = {_NOW} FROM ledger"  # noqa: S608  # our own words
_KEEP = f"UPDATE ledger SET origin = {_NOW}"  # noqa: S608  # our own words


def keep_origin(db: psycopg.Connection[Any]) -> None:
    """Note that the ledger is where it is."""
    db.execute(_KEEP.encode())


def check_origin(db: psycopg.Connection[Any], place: Database) -> None:
    """See whether the ledger is where it was.

    :raises WriteError: what was recorded last may be missing in it.
    """
    row = db.execute(_ASK.encode()).fetchone()
    if row is not None and not row[1]:
        raise WriteError(
            f"{place}: this database was brought back from a backup, or a standby has taken its place: what was "
            "recorded last may be missing, and nobody is sent to.",
            hint="If there is a newer one, bring that back. Else start a worker on each machine, so that whoever it "
            "has reached is set aside as in doubt, and then:  notify send --trust-ledger",
        )
