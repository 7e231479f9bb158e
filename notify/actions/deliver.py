"""The run itself: batches, lanes, pauses, and why it ended. Yields what happens; nothing is printed here."""

from __future__ import annotations

import contextlib
import datetime as dt
import queue
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from notify.accounts import Account, Session, open_session
from notify.actions.clock import Clock
from notify.actions.desk import Desk, Stopped
from notify.actions.prepare import composer_of
from notify.actions.run import Run
from notify.core.outcome import Attempt, Outcome
from notify.core.pace import Pace
from notify.errors import NotifyError
from notify.relays import End, Ended, Wire, run_lane

_SLICE_S = 0.2


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
    """Hands over everybody who is due, in batches, on one or more lanes."""

    def __init__(
        self, run: Run, account: Account, orders: Orders, connections: int | None = None, clock: Clock | None = None
    ) -> None:
        """Prepare to deliver; with as many connections as the route has, where nothing else is said."""
        self._connections = connections or run.route.connections
        self._clock = clock or Clock()
        self._run = run
        self._account = account
        self._orders = orders
        self._events: queue.SimpleQueue[Tried | _LaneEnded] = queue.SimpleQueue()
        self._handover = run.handover()
        self._desk = Desk(
            self._handover,
            run.prepared.template,
            composer_of(run.prepared),
            pace_of(run, self._clock),
            lambda attempt, outcome: self._events.put(Tried(attempt, outcome)),
            relay=run.route.name,
            limit=orders.limit,
            only=orders.only,
            clock=self._clock,
        )
        self._wires: set[Wire] = set()
        self._asked_to_stop = False

    def stop(self, why: Why) -> None:
        """Finish the messages in flight and end; asked a second time, close the connections at once.

        Called by a signal handler.
        """
        if self._asked_to_stop:
            for wire in tuple(self._wires):
                wire.abort()
        self._asked_to_stop = True
        self._desk.stop(Stopped(why.value))

    def events(self) -> Iterator[Tried | Pausing | Over]:
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
        self._desk.give_back_refused()
        self._handover.release()
        yield self._over()

    def _batches(self) -> Iterator[Tried | Pausing]:
        while self._desk.open_batch(self._orders.batch):
            yield from self._batch()
            if self._desk.stopped is not None or self._desk.limit_is_reached:
                return
            if self._orders.pause_s and self._somebody_waits():
                yield from self._pause()
                if self._desk.stopped is not None:
                    return

    def _batch(self) -> Iterator[Tried]:
        # the first session is opened alone: a wrong password is tried once, not once per connection
        first = open_session(self._account)
        if isinstance(first, Outcome):
            self._desk.stop(Stopped(Why.RELAY.value, first))
            return
        lanes = [
            threading.Thread(target=self._lane, args=(first if number == 0 else None,), name=f"lane {number + 1}")
            for number in range(self._connections)
        ]
        for lane in lanes:
            lane.start()
        try:
            yield from self._watch(len(lanes))
        finally:
            # when the watching ends early, nobody may be given back before the lanes have ended too
            if any(lane.is_alive() for lane in lanes):
                self._desk.stop(Stopped(Why.TERMINATED.value))
            for lane in lanes:
                lane.join()

    def _watch(self, lanes: int) -> Iterator[Tried]:
        """Yield what the lanes do until all have ended; then raise what one of them could not cope with."""
        error: BaseException | None = None
        while lanes:
            event = self._events.get()
            if isinstance(event, Tried):
                yield event
            else:
                lanes -= 1
                error = error or event.error
        if error is not None:
            raise error

    def _lane(self, session: Session | None) -> None:
        """Serve one connection after the other until there is nothing to take; runs in a thread of its own."""
        error: BaseException | None = None
        try:
            self._serve(session)
        except BaseException as raised:  # noqa: BLE001  # it is raised again by the thread that waits for this one
            error = raised
            self._desk.stop(Stopped(Why.RELAY.value))
        finally:
            self._events.put(_LaneEnded(error))

    def _serve(self, session: Session | None) -> None:
        fruitless = 0
        while self._desk.has_more():
            opened = session or open_session(self._account)
            session = None
            if isinstance(opened, Outcome):
                self._desk.stop(Stopped(Why.RELAY.value, opened))
                return
            before = self._desk.accepted()
            ended = self._converse(opened)
            if ended.end not in {End.RECONNECT, End.USED_UP, End.FENCED}:
                return
            # a relay that ends connection after connection without taking a message wants to be left alone
            fruitless = 0 if self._desk.accepted() > before else fruitless + 1
            if fruitless == _FRUITLESS and ended.outcome is not None:
                self._desk.stop(Stopped(Why.RELAY.value, ended.outcome))

    def _converse(self, session: Session) -> Ended:
        wire = Wire(session.sock)
        self._wires.add(wire)
        try:
            return run_lane(wire, self._features(session), self._desk)
        finally:
            self._wires.discard(wire)

    def _features(self, session: Session) -> Mapping[str, str]:
        """Return what of the relay's offers is used."""
        unused = set() if self._run.route.pipelining else {"pipelining"}
        return {name: value for name, value in session.features.items() if name not in unused}

    def _somebody_waits(self) -> bool:
        return self._run.reports().waiting(self._clock.now(), self._orders.only) > 0

    def _pause(self) -> Iterator[Pausing]:
        until = self._clock.now() + dt.timedelta(seconds=self._orders.pause_s)
        yield Pausing(until)
        while (left := (until - self._clock.now()).total_seconds()) > 0 and self._desk.stopped is None:
            self._clock.sleep(min(left, _SLICE_S))

    def _over(self) -> Over:
        stopped = self._desk.stopped
        if stopped is not None:
            return Over(Why(stopped.why), stopped.outcome, stopped.until)
        if self._desk.limit_is_reached and self._somebody_waits():
            return Over(Why.LIMIT)
        return Over(Why.EXHAUSTED)


#: So many connections in a row that carried nothing end the run.
_FRUITLESS = 2


@dataclass(frozen=True, slots=True)
class _LaneEnded:
    error: BaseException | None


def pace_of(run: Run, clock: Clock) -> Pace:
    """Return the pace of a run's route, with what left through it before: limits count over restarts."""
    route = run.route
    kept = (*route.rates, *route.per_domain)
    if not kept:
        return Pace((), window=route.window)
    now = clock.now()
    longest = dt.timedelta(seconds=max(rate.per_s for rate in kept))
    left = run.handover().handed_over(max(rate.count for rate in kept), now - longest)
    # what was written while the clock was ahead must not hold up everything until then
    past = [(min(moment, now).timestamp(), domain) for moment, domain in left]
    return Pace(route.rates, past, per_domain=route.per_domain, window=route.window)
