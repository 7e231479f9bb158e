"""Who must not be written to, in any campaign of this ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from notify.ledger.queries import QUERIES, as_moment, as_text
from notify.ledger.store import Store


@dataclass(frozen=True, slots=True)
class Suppressed:
    """An address that must not be written to, in its normalised form, why and since when."""

    identity: str
    reason: str
    since: dt.datetime


class Suppressions:
    """The suppression list of a ledger."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, identity: str, reason: str, now: dt.datetime) -> bool:
        """Put an address on the list, at once and for all campaigns. Returns False when it was there already."""
        with self._store.transaction() as db:
            values = {"identity": identity, "reason": reason, "now": as_text(now)}
            added = db.execute(QUERIES["suppress"], values).rowcount == 1
            db.execute(QUERIES["suppress_everywhere"], values)
        return added

    def remove(self, identity: str) -> bool:
        """Take an address off the list. Returns False when it was not there."""
        with self._store.transaction() as db:
            removed = db.execute(QUERIES["unsuppress"], {"identity": identity}).rowcount == 1
            db.execute(QUERIES["unsuppress_everywhere"], {"identity": identity})
        return removed

    def find(self, identity: str) -> Suppressed | None:
        """Return the entry of one address, or None when it may be written to."""
        row = self._store.row("suppression", identity=identity)
        return None if row is None else Suppressed(row["identity"], row["reason"], as_moment(row["time"]))

    def all(self) -> Iterator[Suppressed]:
        """Yield the whole list in the order of the addresses."""
        for row in self._store.rows("suppressions"):
            yield Suppressed(row["identity"], row["reason"], as_moment(row["time"]))

    def adopt(self, other: Suppressions) -> None:
        """Make this list the same as another ledger's: a rehearsal leaves out whom the campaign leaves out."""
        with self._store.transaction() as db:
            db.execute(QUERIES["forget_suppressions"])
            for entry in other.all():
                values = {"identity": entry.identity, "reason": entry.reason, "now": as_text(entry.since)}
                db.execute(QUERIES["suppress"], values)
