"""Who must not be written to, in any campaign of this ledger."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from notify.core.record import record
from notify.core.unsubscribing import unsubscribe_token
from notify.ledger.queries import QUERIES, as_moment, as_text, read_queries
from notify.ledger.store import Store

if TYPE_CHECKING:
    from notify.ledger.connection import Connection
    from notify.ledger.forgetting import Forgotten

_COPIES = read_queries("copies.sql")


@record(frozen=True, slots=True)
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
            return self._put_on(db, {"identity": identity, "reason": reason, "now": as_text(now)})

    def remove(self, identity: str) -> bool:
        """Take an address off the list. Returns False when it was not there."""
        with self._store.transaction() as db:
            return self._take_off(db, {"identity": identity})

    def change_all(self, identities: Iterable[str], reason: str, now: dt.datetime, *, remove: bool) -> list[str]:
        """Put many addresses on the list, or take them off, in one transaction; return those that were so already."""
        change = self._take_off if remove else self._put_on
        same: dict[str, object] = {"reason": reason, "now": as_text(now)}
        with self._store.transaction() as db:
            return [identity for identity in identities if not change(db, same | {"identity": identity})]

    def whose(self, tokens: Collection[str]) -> dict[str, str]:
        """Return the addresses of those readers of newsletters for whom these tokens stand; not of unknown ones."""
        found = {}
        for row in self._store.rows("everybody") if tokens else ():
            token = unsubscribe_token(row["secret"], row["campaign"], row["identity"])
            if token in tokens:
                found[token] = row["identity"]
        return found

    def find(self, identity: str) -> Suppressed | None:
        """Return the entry of one address, or None when it may be written to; also of one that was forgotten."""
        row = self._store.row("suppression", identity=identity)
        if row is None and (mark := self._forgotten.mark_of(identity)):
            row = self._store.row("suppression", identity=mark)
        return None if row is None else Suppressed(row["identity"], row["reason"], as_moment(row["time"]))

    @functools.cached_property
    def _forgotten(self) -> Forgotten:
        from notify.ledger.forgetting import forgotten_in

        return forgotten_in(self._store)

    def all(self) -> Iterator[Suppressed]:
        """Yield the whole list in the order of the addresses."""
        for row in self._store.rows("suppressions"):
            yield Suppressed(row["identity"], row["reason"], as_moment(row["time"]))

    def _put_on(self, db: Connection, values: dict[str, object]) -> bool:
        added = db.execute(QUERIES["suppress"], values).rowcount == 1
        db.execute(QUERIES["suppress_everywhere"], values)
        db.execute(_COPIES["suppress_copies"], values)
        return added

    def _take_off(self, db: Connection, values: dict[str, object]) -> bool:
        from notify.ledger.forgetting import forgotten_by

        mark = forgotten_by(db).mark_of(str(values["identity"]))
        removed = db.execute(QUERIES["unsuppress"], values | {"identity": mark or values["identity"]}).rowcount == 1
        db.execute(QUERIES["unsuppress_everywhere"], values)
        db.execute(_COPIES["unsuppress_copies"], values)
        return removed

    def adopt(self, other: Suppressions) -> None:
        """Make this list the same as another ledger's: a rehearsal leaves out whom the campaign leaves out."""
        with self._store.transaction() as db:
            db.execute(QUERIES["forget_suppressions"])
            for entry in other.all():
                values = {"identity": entry.identity, "reason": entry.reason, "now": as_text(entry.since)}
                db.execute(QUERIES["suppress"], values)
