"""Several relays, in their order: when one is down or used up, the next one goes on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import field, replace

from notify.accounts import Account
from notify.core.outcome import Action, Outcome, Phase
from notify.core.record import record
from notify.core.status import Status
from notify.delivery.batches import Delivery
from notify.delivery.breaker import Breaker
from notify.delivery.clock import Clock
from notify.delivery.events import Event, LeftOut, Over, Pausing, Reason, Stopping, Switching, Tried, Waiting
from notify.delivery.helper import Helper
from notify.delivery.job import Job, Orders
from notify.delivery.lost_answers import LOSES_ANSWERS
from notify.delivery.relay_state import RelayState
from notify.delivery.routes import Route

#: A run that does not stay (``--wait``) waits at most so long for rates and hours.
_LONGEST_WAIT = dt.timedelta(hours=1)

#: Whatever the reason for which it cannot go on now, a run goes on no sooner than after this.
_SOONEST = dt.timedelta(seconds=1)

#: A relay that refuses us in one of these phases has not seen a message yet.
_BEFORE_MAIL = frozenset({Phase.CONNECT, Phase.BANNER, Phase.EHLO, Phase.STARTTLS, Phase.AUTH})

#: What tells that a relay takes mail, or at least tells recipients apart. That it defers somebody does not: a relay in
#: trouble may say so to everybody.
_HEALTHY = frozenset({Status.SENT, Status.FAILED})


@record(frozen=False, slots=True)
class _Relay:
    """A relay of the run, and what is known of its trouble."""

    #: The route as it has turned out to be.
    route: Route
    state: RelayState
    breaker: Breaker = field(default_factory=Breaker)
    is_left_out: bool = False


class Failover:
    """Delivers through the first relay that can, and through the next when that one cannot any more."""

    def __init__(
        self,
        job: Job,
        accounts: Callable[[Route], Account],
        orders: Orders,
        clock: Clock | None = None,
        *,
        stays: bool = False,
        waits: bool = True,
        helper: Helper | None = None,
    ) -> None:
        """Prepare to deliver.

        :param accounts: gives the account of a route, when that is needed for the first time.
        :param stays: after anything that passes, wait and go on, until nobody is left to be tried.
        :param waits: for what passes within the hour, at least.
        :param helper: makes messages ahead.
        """
        self._job = job
        self._relays = [_Relay(route, job.relay_state(route)) for route in job.routes]
        self._accounts = accounts
        self._orders = orders
        self._clock = clock or Clock()
        self._stays = stays
        self._waits = waits
        self._helper = helper
        self._delivery: Delivery | None = None
        self._stopped: Reason | None = None

    def stop(self, reason: Reason) -> None:
        """End in good order; asked a second time, at once. Called by a signal handler."""
        self._stopped = self._stopped or reason
        if self._delivery is not None:
            self._delivery.stop(reason)

    @property
    def phases(self) -> list[Phase | None]:
        """The phase of each connection; see :attr:`Delivery.phases`."""
        return self._delivery.phases if self._delivery is not None else []

    def events(self) -> Iterator[Event]:
        """Run. The last event is :class:`Over`: of all relays, the one that can go on soonest.

        When no relay can go on, one that is used up for at most an hour is waited for; a run that stays waits for
        whatever passes, and for the start.
        """
        while True:
            if self._stopped is not None:
                yield Over(self._stopped)
                return
            is_early = self._job.is_early(self._clock.now())
            ended = [Over(Reason.EARLY, until=self._job.start)] if is_early else (yield from self._round())
            over, now = min(ended, key=_soonest), self._clock.now()
            is_waited_for = self._stays or (self._waits and any(_is_back_soon(end, now) for end in ended))
            until = _goes_on(self._job, self._orders.only, over, now) if is_waited_for else None
            if self._stopped is not None or until is None:
                yield over
                return
            yield Waiting(until, over)
            self._clock.wait(until, (until - now).total_seconds(), self._goes_on_sooner)
            now = self._clock.now()
            self._job.settle_deadline(now)
            if self._stopped is None and self._job.is_closed(now):
                yield Over(Reason.DEADLINE)
                return

    def _goes_on_sooner(self) -> bool:
        return self._stopped is not None or any(relay.state.is_healed() for relay in self._relays)

    def _round(self) -> Generator[Tried | Pausing | Stopping | Switching | LeftOut, None, list[Over]]:
        """Deliver through one relay after the other; return how it ended with each that may go on later, or the end."""
        ended: list[Over] = []
        last: Over | None = None
        for relay in (relay for relay in self._relays if not relay.is_left_out):
            now = self._clock.now()
            if ended and relay.route.window and not relay.route.window.is_open(now.timestamp()):
                # the hours are the same for all relays
                break
            if resting := relay.state.rests(now):
                ended.append(resting)
                continue
            if last is not None:
                yield Switching(relay.route, last)
            last = yield from self._through(relay)
            if self._stopped is not None:
                return [last]
            if last.is_passing:
                ended.append(last)
            elif not ended or last.outcome is None or not is_its_own(last.outcome):
                return [last]
            elif last.outcome.phase is Phase.CONNECT:
                # as the relays before it cannot be used either, it may be our own network that is down
                passing = replace(last, outcome=replace(last.outcome, action=Action.PAUSE))
                ended.append(relay.state.rest(passing, self._clock.now()))
            else:
                # the relays before it may be back later
                relay.is_left_out = True
                yield LeftOut(relay.route, last.outcome)
        return ended

    def _through(self, relay: _Relay) -> Generator[Tried | Pausing | Stopping, None, Over]:
        """Deliver through one relay; return how it ended."""
        account = self._accounts(relay.route)
        relay.breaker.resume()
        self._delivery = Delivery(
            self._job,
            relay.route,
            account,
            self._orders,
            self._clock,
            breaker=relay.breaker,
            is_probe=relay.state.is_probed,
            noticed=relay.state.noticed,
            helper=self._helper,
        )
        if self._stopped is not None:
            self._delivery.stop(self._stopped)
        for event in self._delivery.events():
            if isinstance(event, Over):
                relay.route = self._delivery.route
                if event.reason is Reason.RELAY and event.is_passing and event.until is None:
                    return relay.state.rest(event, self._clock.now())
                return event
            if isinstance(event, Tried):
                if event.outcome.status in _HEALTHY:
                    relay.state.heal()
                if self._orders.limit and event.outcome.status is not Status.PENDING:
                    self._orders = replace(self._orders, limit=self._orders.limit - 1)
            yield event
        raise AssertionError("a delivery ends with Over")


def _goes_on(job: Job, only: Sequence[str], over: Over, now: dt.datetime) -> dt.datetime | None:
    """Return when it is worth going on after a run that ended with ``over``, None when it is not.

    Never at once, so that it cannot spin, and not after the deadline.
    """
    due = job.reports().waits_until(now, only)
    until = due if over.reason is Reason.EXHAUSTED else over.until
    if over.reason is Reason.THROTTLED and until and due and due > now:
        # the limit may concern one domain only, and a deferred recipient may be at another
        until = min(until, due)
    return until and max(min(until, job.closes or until), now + _SOONEST)


def is_its_own(outcome: Outcome) -> bool:
    """Tell whether the trouble is this relay's alone: it has seen no message yet, or it loses its answers."""
    return outcome.phase in _BEFORE_MAIL or outcome == LOSES_ANSWERS


def _is_back_soon(over: Over, now: dt.datetime) -> bool:
    return over.reason is Reason.THROTTLED and _soonest(over) - now <= _LONGEST_WAIT


def _soonest(over: Over) -> dt.datetime:
    """Return when it is worth going on, to sort by; an end after which it is not worth it comes last."""
    return over.until or dt.datetime.max.replace(tzinfo=dt.UTC)
