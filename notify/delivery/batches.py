"""The run itself: batches, pauses, and why it ended. Yields what happens; nothing is printed here."""

from __future__ import annotations

import contextlib
import datetime as dt
import queue
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from notify.accounts import Account
from notify.actions.prepare import composer_of
from notify.actions.run import Run
from notify.core.outcome import Action, Attempt, Loss, Outcome, Phase, Scope
from notify.core.pace import Pace
from notify.core.status import Status
from notify.delivery.breaker import Breaker
from notify.delivery.clock import Clock
from notify.delivery.connections import Connections
from notify.delivery.dispatcher import Dispatcher, Stopped
from notify.errors import NotifyError

#: A relay that has lost its answer so often in a row would put the whole list in doubt, one at each probe.
_MOST_LOSSES = 3
LOSES_ANSWERS = Outcome(
    Status.PENDING,
    Scope.RELAY,
    Action.STOP,
    Phase.DOT,
    Loss("the connection was lost after each of the last messages"),
    "Three times in a row the connection was lost after the message, and nobody knows whether it arrived. Find out and "
    "say so with notify resolve, ask the relay's provider what is wrong, then run notify send again.",
)


@dataclass(frozen=True, slots=True)
class Orders:
    """What the user asked of this run. ``only``: identities; empty is everybody. ``limit``: None is all."""

    batch: int
    pause_s: float
    limit: int | None = None
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tried:
    """A message was tried; what came of it."""

    attempt: Attempt
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Pausing:
    """A batch was handed over; the next one follows at ``until``."""

    until: dt.datetime


@dataclass(frozen=True, slots=True)
class Stopping:
    """The run was asked to stop while messages are in flight; they come to their end first."""

    why: Why


class Why(Enum):
    """Why a run ended."""

    #: Nobody is left who could be sent to now.
    EXHAUSTED = "exhausted"
    #: ``--limit`` was reached.
    LIMIT = "limit"
    #: The rate allows the next message only later.
    THROTTLED = "throttled"
    INTERRUPTED = "interrupted"
    TERMINATED = "terminated"
    #: What a relay said concerns everybody.
    RELAY = "relay"


@dataclass(frozen=True, slots=True)
class Over:
    """The run has ended. ``outcome`` when the relay was the reason, ``until`` when it is worth going on then."""

    why: Why
    outcome: Outcome | None = None
    until: dt.datetime | None = None


class Delivery:
    """Hands over everybody who is due through one route, in batches."""

    def __init__(
        self,
        run: Run,
        account: Account,
        orders: Orders,
        clock: Clock | None = None,
        *,
        breaker: Breaker | None = None,
    ) -> None:
        """Prepare to deliver.

        :param breaker: of this relay, with what it has seen in deliveries before.
        """
        self._clock = clock or Clock()
        self._run = run
        #: As it has turned out to be: what its relay cannot do is not tried again.
        self.route = run.route
        self._account = account
        self._orders = orders
        # a signal handler may put something in, whatever is just done with it
        self._events: queue.SimpleQueue[Sequence[Tried | Stopping] | _Served] = queue.SimpleQueue()
        self._handover = run.handover()
        self._dispatcher = Dispatcher(
            self._handover,
            run.prepared.template,
            composer_of(run.prepared),
            pace_of(run, self._clock),
            lambda told: self._events.put([Tried(attempt, outcome) for attempt, outcome in told]),
            relay=run.route.name,
            took_before=run.relay_history().has_sent(),
            limit=orders.limit,
            only=orders.only,
            closes=run.closes,
            breaker=breaker,
            clock=self._clock,
        )
        self._connections: Connections | None = None
        self._former: list[Connections] = []
        self._asked_to_stop = False

    def stop(self, why: Why) -> None:
        """Finish the messages in flight and end; asked a second time, close the connections at once.

        Called by a signal handler.
        """
        again, self._asked_to_stop = self._asked_to_stop, True
        self._dispatcher.stop(Stopped(why.value))
        if self._connections is not None:
            if again:
                self._connections.abort()
            elif Phase.DOT in self._connections.phases:
                self._events.put([Stopping(why)])
            self._connections.wake()

    @property
    def phases(self) -> list[Phase | None]:
        """What each connection is at, from any thread; None where the next message may leave only later."""
        return self._connections.phases if self._connections is not None else []

    def events(self) -> Iterator[Tried | Pausing | Stopping | Over]:
        """Run. The last event is :class:`Over`; whoever was leased and not handed over is given back by then.

        :raises WriteError: the ledger cannot be written any more; nobody was sent to without being recorded as begun.
        """
        try:
            yield from self._batches()
        except BaseException:
            # the ledger may be what failed: then the next run gives them back, and what is raised says more
            with contextlib.suppress(NotifyError):
                self._handover.release()
            raise
        self._handover.release()
        self._run.settle_deadline(self._clock.now())
        yield self._over()

    def _batches(self) -> Iterator[Tried | Pausing | Stopping]:
        while self._dispatcher.open_batch(self._orders.batch):
            if self._run.relay_history().losses() >= _MOST_LOSSES:
                self._dispatcher.stop(Stopped(Why.RELAY.value, LOSES_ANSWERS))
                return
            yield from self._batch()
            if self._dispatcher.stopped is not None or self._dispatcher.limit_is_reached:
                return
            if self._orders.pause_s and self._somebody_waits():
                yield from self._pause()
                if self._dispatcher.stopped is not None:
                    return

    def _batch(self) -> Iterator[Tried | Stopping]:
        """Hand over a batch in a thread of its own, and yield what it does until it has ended."""
        self._former = [one for one in self._former if one.opening]
        taken = sum(one.opening for one in self._former)
        self._connections = Connections(self._account, self.route, self._dispatcher, self._clock, taken=taken)
        self._former.append(self._connections)
        thread = threading.Thread(target=self._serve, args=(self._connections,), name="connections")
        thread.start()
        try:
            while not isinstance(event := self._events.get(), _Served):
                yield from event
        except BaseException:
            # nobody watches any more
            self._dispatcher.stop(Stopped(Why.TERMINATED.value))
            self._connections.wake()
            raise
        finally:
            # nobody may be given back before what is under way has ended
            thread.join()
        self.route = self._connections.route
        if event.error is not None:
            raise event.error

    def _serve(self, connections: Connections) -> None:
        error: BaseException | None = None
        try:
            connections.serve()
        except BaseException as raised:  # noqa: BLE001  # it is raised again by the thread that waits for this one
            error = raised
        finally:
            self._events.put(_Served(error))

    def _somebody_waits(self) -> bool:
        return self._run.reports().waiting(self._clock.now(), self._orders.only) > 0

    def _somebody_is_deferred(self) -> bool:
        return self._run.reports().waits_until(self._clock.now(), self._orders.only) is not None

    def _pause(self) -> Iterator[Pausing]:
        until = self._clock.now() + dt.timedelta(seconds=self._orders.pause_s)
        yield Pausing(until)
        self._clock.wait(until, self._orders.pause_s, lambda: self._dispatcher.stopped is not None)

    def _over(self) -> Over:
        stopped = self._dispatcher.stopped
        # when the deadline has passed nobody is left
        if stopped is not None and not stopped.is_for_the_deadline:
            return Over(Why(stopped.why), stopped.outcome, stopped.until)
        if self._dispatcher.limit_is_reached and (self._somebody_waits() or self._somebody_is_deferred()):
            return Over(Why.LIMIT)
        return Over(Why.EXHAUSTED)


@dataclass(frozen=True, slots=True)
class _Served:
    """A batch has come to its end, or to an error."""

    error: BaseException | None


def pace_of(run: Run, clock: Clock) -> Pace:
    """Return the pace of a run's route, with what left through it before: limits count over restarts."""
    route = run.route
    kept = (*route.rates, *route.per_domain)
    if not kept:
        return Pace((), window=route.window)
    now = clock.now()
    longest = dt.timedelta(seconds=max(rate.per_s for rate in kept))
    # what was written while the clock was ahead must not hold up everything until then: a little counts as now, and
    # what is further ahead than any limit reaches does not count, or it would at every restart anew
    most, to_a_domain = (max((rate.count for rate in one), default=0) for one in (route.rates, route.per_domain))
    left = run.relay_history().handed_over(most, now - longest, now + longest, to_a_domain=to_a_domain)
    past = [(min(moment, now).timestamp(), domain) for moment, domain in left]
    return Pace(route.rates, past, per_domain=route.per_domain, window=route.window)
