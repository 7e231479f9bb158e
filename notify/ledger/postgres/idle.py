"""Keeps the connection that was used last for whoever opens the same ledger next, in the same process.

A command opens its ledger several times in a row, and to connect anew takes longer than most of what it asks.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import threading
from collections.abc import Iterator
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

from notify.ledger.place import Database
from notify.ledger.postgres.connection import connected

_LOCK = threading.Lock()
#: One at most, by the process and its place: a fork must not touch that of the process that it comes from.
_IDLE: dict[tuple[int, Database], psycopg.Connection[Any]] = {}


def taken(place: Database) -> psycopg.Connection[Any]:
    """Return a connection that is the caller's from now on: an idle one that still answers, or else a new one.

    :raises ConfigError: what that needs is not installed, or the connection could not be trusted.
    :raises WriteError: the database cannot be reached, or does not let us in.
    """
    with _LOCK:
        db = _IDLE.pop((os.getpid(), place), None)
    if db is not None:
        try:
            db.execute("SELECT 1")
        except BaseException as error:
            db.close()
            if not isinstance(error, psycopg.Error):
                raise
        else:
            return db
    return connected(place)


def left(place: Database, db: psycopg.Connection[Any]) -> None:
    """Keep a connection that holds no lock and no cursor, in the place of another one; of no use, it is closed."""
    close_all()
    with _LOCK:
        is_sound = not db.closed and db.info.transaction_status is TransactionStatus.IDLE
        if is_sound and _IDLE.setdefault((os.getpid(), place), db) is db:
            return
    db.close()


@contextlib.contextmanager
def borrowed(place: Database) -> Iterator[psycopg.Connection[Any]]:
    """Give a connection inside this ``with``."""
    db = taken(place)
    try:
        yield db
    finally:
        left(place, db)


@atexit.register
def close_all() -> None:
    """Close whatever is idle in this process."""
    with _LOCK:
        mine = [place for process, place in _IDLE if process == os.getpid()]
        for place in mine:
            _IDLE.pop((os.getpid(), place)).close()
