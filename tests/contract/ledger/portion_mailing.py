"""A campaign whose runs are workers that lease portions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from typing import Any, cast

from notify.core.outcome import Outcome
from notify.core.status import Status
from notify.ledger import Claimed, Journal, Leaving, RollbackCheck, Store, Transitions
from notify.ledger.postgres.leases import Leases
from notify.ledger.postgres.portion_handover import PortionHandover
from notify.ledger.postgres.portions import Lease, Portions
from notify.ledger.postgres.store import PostgresStore
from tests.unit.ledger.mailing import NOW, RELAY, Mailing

#: Longer than any test takes.
_LEASE_S = 600


class Worker(PortionHandover):
    """A worker that places whoever it is asked for, and puts its portions down when nobody in them is under way.

    Each portion is one recipient, so that several workers take turns as runs do.
    """

    def __init__(
        self,
        mailing: PortionMailing,
        relay: str,
        leases: Leases,
        *,
        journal: Journal | None = None,
        rollback: RollbackCheck | None = None,
    ) -> None:
        super().__init__(
            mailing.shared, mailing.record, mailing.version, relay, leases, journal=journal, rollback=rollback
        )
        self._mailing = mailing
        self._own = leases
        self._under_way: set[int] = set()

    def claim(
        self, most: int, now: dt.datetime, only: Sequence[str] = (), without: Collection[str] = ()
    ) -> list[Claimed]:
        """Place those who are asked for, and claim."""
        claimed: list[Claimed] = []
        for _ in range(2):
            # whoever was given back is placed anew once the portion is done in which that was
            self._mailing.portions.place(self._mailing.record, now, only)
            claimed += super().claim(most - len(claimed), now, only, without)
        self._under_way |= {one.id for one in claimed}
        return claimed

    def record(
        self,
        finished: Sequence[tuple[int, Outcome]],
        leaving: Sequence[Leaving],
        now: dt.datetime,
        taken_back: tuple[Sequence[int], Outcome] | None = None,
    ) -> tuple[list[Status], list[bool]]:
        """Record, and put everything down when nobody is under way."""
        statuses, begun = super().record(finished, leaving, now, taken_back)
        self._under_way -= {recipient for recipient, _ in finished}
        self._under_way -= {one.recipient for one, may in zip(leaving, begun, strict=True) if not may}
        if not self._under_way:
            self.release()
        return statuses, begun

    def release(self) -> int:
        """Release, and put everything down."""
        released = super().release()
        if not self._under_way or released:
            self._own.free()
        return released


class _AfterTheirLeases(Transitions):
    """Recovers once all leases are over."""

    def __init__(self, mailing: PortionMailing) -> None:
        super().__init__(mailing.shared, mailing.record)
        self._mailing = mailing

    def recover(self, now: dt.datetime) -> tuple[int, int]:
        self._mailing.end_leases()
        return super().recover(now)


class PortionMailing(Mailing):
    """One campaign; its runs are workers, by their names."""

    def __init__(
        self,
        store: Store,
        campaign_id: str = "neue-adresse",
        sender: str = "alt.example",
        *,
        look: Callable[[str], list[dict[str, Any]]] | None = None,
    ) -> None:
        """Begin a campaign in a database."""
        super().__init__(store, campaign_id, sender, look=look)
        self.shared = cast("PostgresStore", store)
        self.portions = Portions(self.shared, size=1)
        self.transitions = _AfterTheirLeases(self)
        self._leases: dict[str, Leases] = {}
        self._workers: dict[tuple[str, str], Worker] = {}

    def another(self, campaign_id: str) -> PortionMailing:
        """Return another campaign in the same ledger."""
        return PortionMailing(self.store, campaign_id, self._sender, look=self._look)

    def run(
        self,
        name: str = "run 1",
        relay: str = RELAY,
        *,
        journal: Journal | None = None,
        rollback: RollbackCheck | None = None,
    ) -> Worker:
        """Return the worker of that name, through a relay; one that is watched is made anew."""
        if name not in self._leases:
            self._leases[name] = Leases(self.shared, name, lambda: self._more(name), lease_s=_LEASE_S)
        if journal or rollback:
            return Worker(self, relay, self._leases[name], journal=journal, rollback=rollback)
        if (name, relay) not in self._workers:
            self._workers[name, relay] = Worker(self, relay, self._leases[name])
        return self._workers[name, relay]

    def _more(self, name: str) -> Lease | None:
        return self.portions.take(name, self.record.number, NOW, lease_s=_LEASE_S)

    def end_leases(self) -> None:
        """Let every lease be over, as if time had passed."""
        with self.shared.concurrent() as db:
            db.execute("UPDATE portion SET lease_until = clock_timestamp() - interval '1 second' WHERE NOT done")
        self._leases.clear()
        self._workers.clear()
