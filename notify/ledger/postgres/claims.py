"""Whom a worker knows to wait in its portions, and whom of them it has given out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING

from notify.core.pace import LONGEST_WAIT
from notify.core.record import record
from notify.ledger.postgres.leases import Leases
from notify.ledger.postgres.portions import PORTION_QUERIES, Lease
from notify.ledger.queries import as_text

if TYPE_CHECKING:
    from notify.ledger.connection import Row
    from notify.ledger.postgres.store import PostgresStore

#: So many portions are leased at once, where those who wait in the first ones may not leave yet.
_MOST = 4
#: After so long it is looked anew who waits in a portion: somebody who was deferred may be due by then.
_STALE = dt.timedelta(minutes=1)


@record(frozen=False, slots=True)
class Claim:
    """Somebody who waits in a portion, at this place in the order. ``is_begun``: the line was crossed under the lease.

    ``values`` are those of which a :class:`~notify.ledger.Claimed` is made.
    """

    lease: Lease
    place: int
    id: int
    round: int
    identity: str
    values: Row
    is_begun: bool = False


class Claims:
    """The claims of one worker. They are kept here alone: what is leased is the portion."""

    def __init__(self, store: PostgresStore, leases: Leases) -> None:
        self._store = store
        self._leases = leases
        # of each portion when it was read, and who was not given out yet, in their order
        self._waiting: dict[int, tuple[dt.datetime, list[Claim]]] = {}
        self._given_out: dict[int, Claim] = {}

    def of(self, recipient: int) -> Claim | None:
        """Return the claim of somebody who was given out, as long as its lease is this worker's."""
        claim = self._given_out.get(recipient)
        return claim if claim is not None and self._leases.holds(claim.lease) else None

    def give_out(self, most: int, now: dt.datetime, only: Sequence[str], without: Collection[str]) -> list[Claim]:
        """Return up to ``most`` who wait; other portions are leased where nobody waits in those that there are."""
        is_wanted = _wanted(frozenset(only), frozenset(without))
        claims: list[Claim] = []
        for lease in self._leases.held():
            claims += self._take(lease, most - len(claims), now, is_wanted)
        while len(claims) < most and self._count_not_wanted() < _MOST and (more := self._leases.take()):
            claims += self._take(more, most - len(claims), now, is_wanted)
        self._given_out |= {claim.id: claim for claim in claims}
        return claims

    def give_back(self, recipients: Iterable[int]) -> None:
        """Let those wait again who were given out; each keeps its place in the order."""
        for recipient in recipients:
            claim = self._given_out.pop(recipient, None)
            if claim is not None and (there := self._waiting.get(claim.lease.portion.id)):
                there[1].append(claim)
        for _, waiting in self._waiting.values():
            waiting.sort(key=attrgetter("place"))

    def drop(self, recipients: Iterable[int]) -> None:
        """Forget those who were given out, and do not wait as they were claimed."""
        for recipient in recipients:
            self._given_out.pop(recipient, None)

    def look_anew(self) -> None:
        """Whoever is given out next is looked for in the ledger: others may have changed them."""
        self._waiting.clear()

    def release(self, now: dt.datetime) -> int:
        """Forget everybody; be done with the portions where nobody waits. Returns for how many no dot has left."""
        released = sum(not claim.is_begun for claim in self._given_out.values())
        self._given_out.clear()
        self._waiting.clear()
        for lease in self._leases.held():
            self._leases.finish(lease, now)
        return released

    def _take(self, lease: Lease, most: int, now: dt.datetime, is_wanted: Callable[[str], bool]) -> list[Claim]:
        """Take up to ``most`` of those who wait in a portion; be done with it where nobody does."""
        if most <= 0:
            return []
        read_at, waiting = self._waiting.pop(lease.portion.id, (now, []))
        if not waiting or abs(now - read_at) > _STALE:
            read_at, waiting = now, self._read(lease, now)
        if not waiting:
            if not any(claim.lease is lease for claim in self._given_out.values()):
                self._leases.finish(lease, now)
            return []
        taken, left = list[Claim](), list[Claim]()
        for claim in waiting:
            (taken if len(taken) < most and is_wanted(claim.identity) else left).append(claim)
        self._waiting[lease.portion.id] = read_at, left
        return taken

    def _count_not_wanted(self) -> int:
        """Return in how many portions somebody waits who was not wanted."""
        return sum(bool(waiting) for _, waiting in self._waiting.values())

    def _read(self, lease: Lease, now: dt.datetime) -> list[Claim]:
        """Return who waits in a portion and was not given out; nobody while an enrolment is at work."""
        values = lease.values() | {"now": as_text(now), "beyond": as_text(now + LONGEST_WAIT)}
        with self._store.concurrent() as db:
            (is_enrolled,) = db.execute(PORTION_QUERIES["is_enrolled"], values).fetchone() or (False,)
            if not is_enrolled:
                return []
            rows = db.execute(PORTION_QUERIES["waiting_in"], values).fetchall()
        # by their places: a name is looked for in each row again
        claims = (
            Claim(lease, place, row[0], round_, identity, row) for place, (*row, round_, identity) in enumerate(rows)
        )
        return [claim for claim in claims if claim.id not in self._given_out]


def _wanted(only: frozenset[str], without: frozenset[str]) -> Callable[[str], bool]:
    """Return what tells whether an identity is one of ``only``, if there are any, and at none of these domains."""
    if not only and not without:
        return lambda _: True
    return lambda identity: (not only or identity in only) and identity.partition("@")[2] not in without
