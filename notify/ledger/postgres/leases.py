"""The portions of one campaign that one worker has leased, and for how long yet."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from notify.core.pace import LONGEST_WAIT
from notify.errors import FencedError
from notify.ledger.postgres.portions import PORTION_QUERIES, Lease, running_s
from notify.ledger.queries import as_text

if TYPE_CHECKING:
    from notify.ledger.connection import Connection, Cursor
    from notify.ledger.postgres.store import PostgresStore

#: Until so long after the last renewal others leave a portion alone.
LEASE_S = 60.0
#: A dot leaves only where so much of the lease is left: it is on the wire before anybody else may have the portion.
DOT_S = 5.0
#: Of so many latest leases it is known that they were this worker's, for those who are taken back.
_KNOWN = 64


class Leases:
    """What one worker has of one campaign. One thread delivers with it; another one may call :meth:`renew`."""

    def __init__(
        self,
        store: PostgresStore,
        owner: str,
        more: Callable[[], Lease | None],
        *,
        lease_s: float = LEASE_S,
        dot_s: float = DOT_S,
    ) -> None:
        """Begin with none.

        :param owner: who takes them.
        :param more: takes another portion of the campaign; None: there is none now.
        :param lease_s: for how long they are renewed.
        :param dot_s: a dot leaves only where so many seconds of the lease are left.
        """
        self._store = store
        self._owner = owner
        self._more = more
        self._lease_s = lease_s
        self._dot_s = dot_s
        self._held: dict[int, Lease] = {}
        self._until: dict[int, float] = {}
        self._runs: deque[str] = deque(maxlen=_KNOWN)

    def add(self, lease: Lease) -> None:
        """Have a portion that was taken."""
        self._until[lease.portion.id] = lease.since + self._lease_s
        self._held[lease.portion.id] = lease
        self._runs.append(lease.run)

    def take(self) -> Lease | None:
        """Have another portion of the campaign, and return it; None: there is none now."""
        lease = self._more()
        if lease is not None:
            self.add(lease)
        return lease

    def holds(self, lease: Lease) -> bool:
        """Tell whether this worker has not lost a lease, as far as it knows, and has not done with it."""
        return self._held.get(lease.portion.id) is lease

    @property
    def runs(self) -> list[str]:
        """The runs of the latest leases; also of those that are done."""
        return list(self._runs)

    @property
    def may_dot(self) -> bool:
        """Whether enough is left of every lease for a dot to leave."""
        return not self._until or min(self._until.values()) - running_s() > self._dot_s

    def renew(self) -> None:
        """Renew all leases. A worker does so while it records nothing, more often than they are long.

        :raises FencedError: one of them is not this worker's any more.
        :raises WriteError: the server cannot be reached.
        """
        if not self._held:
            return
        with self._store.concurrent() as db:
            renewal = Renewal(self)
            renewal.ask(db)
            renewal.check()
        renewal.note()

    def finish(self, lease: Lease, now: dt.datetime) -> bool:
        """Be done with a portion, if nobody in it can be claimed and nobody is in flight. Tell whether that is so."""
        values = lease.values() | {"owner": self._owner, "now": as_text(now), "beyond": as_text(now + LONGEST_WAIT)}
        with self._store.concurrent() as db:
            is_done = db.execute(PORTION_QUERIES["finish"], values).rowcount > 0
            if is_done:
                # while nobody else is let in who would renew it
                self._forget(lease)
        return is_done

    def free(self) -> None:
        """Let others have whatever this worker has. Whoever is in flight in it is in doubt for the next owner."""
        held = self.held()
        for lease in held:
            self._forget(lease)
        if held:
            with self._store.concurrent() as db:
                db.execute(PORTION_QUERIES["free"], self.values(held))

    def held(self) -> list[Lease]:
        """Return the leases, in the order of their portions."""
        return sorted(self._held.values(), key=lambda lease: lease.portion.id)

    def values(self, leases: Sequence[Lease]) -> dict[str, object]:
        """Return what the statements about several leases of this worker want."""
        return {
            "owner": self._owner,
            "lease_s": self._lease_s,
            "portions": [lease.portion.id for lease in leases],
            "epochs": [lease.epoch for lease in leases],
        }

    def prolong(self, leases: Sequence[Lease], before: float) -> None:
        """Note that leases were renewed, not before a moment of :func:`running_s`."""
        for lease in leases:
            if self.holds(lease):
                self._until[lease.portion.id] = before + self._lease_s

    def _forget(self, lease: Lease) -> None:
        self._held.pop(lease.portion.id, None)
        self._until.pop(lease.portion.id, None)


class Renewal:
    """The fence of one transaction: it renews all leases of a worker, and is not committed unless they are its own."""

    def __init__(self, leases: Leases) -> None:
        """Begin, in the transaction: until its end nobody else renews or ends a lease of this worker."""
        self._leases = leases
        self._held = leases.held()
        self._before = running_s()
        self._renewed: Cursor | None = None

    def ask(self, db: Connection) -> None:
        """Renew. In a pipeline what it comes to is not known yet."""
        self._renewed = db.execute(PORTION_QUERIES["renew"], self._leases.values(self._held))

    def check(self) -> None:
        """Let nothing be committed unless all of them could be renewed.

        :raises FencedError: one of them is not this worker's any more.
        """
        if self._renewed is None or len(self._renewed.fetchall()) < len(self._held):
            raise fenced()

    def note(self) -> None:
        """Note, after the commit, for how long the leases are this worker's now."""
        self._leases.prolong(self._held, self._before)


def fenced() -> FencedError:
    """Return the error that says so."""
    return FencedError(
        "This worker was away for longer than its lease, so its recipients were left to others.",
        hint="See where the campaign stands:  notify status",
    )
