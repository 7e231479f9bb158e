"""Whose message is next: leases recipients by batch and limit, and asks the pace when one may leave."""

from __future__ import annotations

import datetime as dt
import math
from collections import deque
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from notify.delivery.pacing import Pacing
from notify.ledger import Claimed

if TYPE_CHECKING:
    from notify.ledger import Handovers

#: How many recipients are leased at once; a batch of a million is not in memory.
_CLAIM = 100
#: So many are leased ahead where somebody makes their messages meanwhile, and as many at once.
_AHEAD = 64
#: After so long it is looked again for somebody at a domain that is not held up: a deferred one may be due by then.
_LOOK_AGAIN_S = 60.0


class Queue:
    """The recipients of a run that are due, in batches. Moments are seconds since 1970."""

    def __init__(
        self,
        handover: Handovers,
        pace: Pacing,
        *,
        limit: int | None,
        only: Sequence[str],
        ahead: Callable[[Sequence[Claimed], dt.datetime], None] | None = None,
    ) -> None:
        """Begin without a batch.

        :param limit: how many may be handed over in this run; None is all.
        :param only: identities; when given, nobody else is leased.
        :param ahead: is told who was leased, and when; then they are leased some time before they are taken.
        """
        self._handover = handover
        self._pace = pace
        self._only = only
        self._left = limit
        self._ahead = ahead
        self._is_at_the_end = False
        self._batch_left = 0
        self._leased: deque[Claimed] = deque()
        # the domains that are held up and until when; those that were left out when nobody else was found, and when to
        # look again
        self._held_up: dict[str, float] = {}
        self._looked_past: set[str] = set()
        self._look_again = 0.0

    def open_batch(self, size: int) -> None:
        """Let up to ``size`` more be handed over."""
        self._batch_left = size

    @property
    def limit_is_reached(self) -> bool:
        """Whether the run has handed over as many as it was allowed to."""
        return self._left == 0

    def fill(self, now: dt.datetime, *, ahead: bool = True) -> bool:
        """Lease some more when nobody is leased; tell whether this batch has anybody to hand over.

        :param ahead: when few are leased, too, if messages are made ahead. A relay should not have to wait for that.
        """
        if self._batch_left <= 0 or self._left == 0:
            return False
        is_low = self._ahead and ahead and len(self._leased) <= _AHEAD and not self._is_at_the_end
        if not self._leased or is_low:
            more = self._lease(now)
            self._leased += more
            self._is_at_the_end = not more
            if self._ahead:
                self._ahead(more, now)
        return bool(self._leased)

    def next_moment(self, now: dt.datetime) -> float:
        """Return when the next message may leave. Somebody must be leased."""
        return self._choose(now, now.timestamp())[0]

    def take(self, now: dt.datetime) -> Claimed | float:
        """Return whose message leaves now, booked and counted, or when the next may. Somebody must be leased."""
        time = now.timestamp()
        moment, place = self._choose(now, time)
        if moment > time:
            return moment
        claimed = self._leased[place]
        del self._leased[place]
        self._pace.book(time, domain_of(claimed) if self._pace.knows_domains else "")
        self._count(-1)
        return claimed

    def count_back(self) -> None:
        """Let somebody else have the place, in batch and limit, of a recipient whose message did not leave."""
        self._count(1)

    def _choose(self, now: dt.datetime, time: float) -> tuple[float, int]:
        """Return when to look for a message again, and whose may leave if that is now."""
        soonest = self._pace.next_moment(time)
        moment, place = self._first_that_may(time, soonest)
        while moment > soonest and self._look_past(now, soonest):
            moment, place = self._first_that_may(time, soonest)
        if moment > time:
            moment = max(soonest, min([moment, *self._held_up.values()]))
        return moment, place

    def _first_that_may(self, time: float, soonest: float) -> tuple[float, int]:
        """Return when the next message may leave, and whose: the first one whose domain is not slower than the rest."""
        if not self._pace.knows_domains:
            return soonest, 0
        best = (math.inf, 0)
        for place, claimed in enumerate(self._leased):
            moment = self._pace.next_moment(time, domain_of(claimed))
            if moment <= soonest:
                return moment, place
            best = min(best, (moment, place))
        return best

    def _look_past(self, now: dt.datetime, soonest: float) -> bool:
        """Exchange those leased, all held up by their own domains, for others; tell whether there are any."""
        time = now.timestamp()
        slow = self._pace.together_with({domain_of(claimed) for claimed in self._leased})
        self._held_up |= {domain: self._pace.next_moment(time, domain) for domain in slow}
        self._held_up = {domain: moment for domain, moment in self._held_up.items() if moment > soonest}
        if time < self._look_again and slow == self._looked_past:
            return False
        others = self._lease(now, without=self._held_up)
        if not others:
            self._looked_past, self._look_again = slow, min(time + _LOOK_AGAIN_S, *self._held_up.values())
            return False
        self._handover.give_back(claimed.id for claimed in self._leased)
        self._leased = deque(others)
        return True

    def _lease(self, now: dt.datetime, without: Collection[str] = ()) -> list[Claimed]:
        most = self._batch_left if self._left is None else min(self._batch_left, self._left)
        if self._ahead:
            most = min(_AHEAD, most - len(self._leased))
        leased = self._handover.claim(min(_CLAIM, most), now, self._only, without) if most > 0 else []
        if self._pace.knows_domains:
            self._pace.expect(map(domain_of, leased))
        return leased

    def _count(self, number: int) -> None:
        self._batch_left += number
        if self._left is not None:
            self._left += number


def domain_of(claimed: Claimed) -> str:
    """Return the domain of a recipient's address, in lower case."""
    return claimed.address.rpartition("@")[2].lower()
