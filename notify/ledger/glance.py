"""A glance at a ledger that is left as it is, for those who ask before a run begins."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from notify.errors import NotifyError
from notify.ledger.file import check_is_ours, connect
from notify.ledger.opening import is_up_to_date, open_store
from notify.ledger.queries import QUERIES

if TYPE_CHECKING:
    from notify.ledger.connection import Row
    from notify.ledger.place import Place


def glance(place: Place, query: str, **values: object) -> Row | None:
    """Return the first row of a named query.

    A ledger that is not there tells nothing, nor a database of an earlier version, nor a file that is damaged or too
    old for the question; whoever sends with it hears why.

    :raises WriteError: the database cannot be asked.
    """
    if isinstance(place, Path):
        try:
            check_is_ours(place)
            with contextlib.closing(connect(place)) as db:
                found: Row | None = db.execute(QUERIES[query], values).fetchone()
                return found
        except (NotifyError, sqlite3.Error):
            return None
    if not is_up_to_date(place):
        return None
    with open_store(place) as store:
        return store.row(query, **values)
