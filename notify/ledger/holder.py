"""Which run holds a ledger, for the words of the second one."""

from __future__ import annotations

import datetime as dt
import os
import socket
from typing import TYPE_CHECKING

from notify.ledger.queries import QUERIES, as_moment, as_text

if TYPE_CHECKING:
    from notify.ledger.connection import Row
    from notify.ledger.store import Store


def note_holder(store: Store, now: dt.datetime) -> None:
    """Note that this process holds the ledger, which it has just been given."""
    values = {"pid": os.getpid(), "host": socket.gethostname(), "since": as_text(now)}
    with store.transaction() as db:
        db.execute(QUERIES["record_holder"], values)


def in_brackets(holder: Row | None) -> str:
    """Return what stands behind the words that a ledger is held; empty where nobody was ever noted."""
    if holder is None:
        return ""
    since = as_moment(holder["since"]).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    return f" (process {holder['pid']} on {holder['host']}, since {since})"
