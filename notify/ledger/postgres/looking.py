"""Looks whether a database has a ledger, without opening it."""

from __future__ import annotations

from notify.ledger.place import Database
from notify.ledger.postgres.idle import borrowed
from notify.ledger.postgres.migration import version_of
from notify.ledger.postgres.words import in_words


def version_at(place: Database) -> int:
    """Return of which version the ledger at a place is; 0: there is none.

    :raises WriteError: the database cannot be reached, or the ledger is of a version that this notify does not know.
    """
    with borrowed(place) as db, in_words(place):
        return version_of(db, place)
