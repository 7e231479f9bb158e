"""Any number of lanes, driven by one thread.

They know no ledger. Where messages come from and where outcomes go is a :class:`Desk`. Whatever all lanes have to say
to it at one moment is recorded at once: each dot that is about to leave, and each outcome that has come in. So the
price of a durable record is shared, and there is never more than one message in flight on a lane.

To stop in good order, let ``take`` return None. To stop at once, call :meth:`Lanes.abort`, from any thread: a message
that had begun is then in doubt, any other is known not to have been sent.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from notify.core.message import Message
from notify.core.outcome import Outcome, Phase
from notify.relays.channel import Lane
from notify.relays.dialogue import converse
from notify.relays.steps import Answer, Begin, Ended, Finish, GiveBack, Take, TakeAtOnce
from notify.relays.wire import Await, Wire

#: How long at most nobody looks whether the desk has changed its mind, in seconds.
_SLICE_S = 0.2


@dataclass(frozen=True, slots=True)
class Later:
    """There is a message, but it may leave only in so many seconds: ask again then."""

    seconds: float


@dataclass(frozen=True, slots=True)
class _Asked:
    """A lane waits for the desk, which is asked again when ``time.monotonic()`` is ``until``, in so many seconds."""

    until: float
    seconds: float


class Desk(Protocol):
    """Where lanes get their messages and leave their outcomes, all in one thread.

    An exception of ``record`` ends every lane whose dot was about to leave, any other the lane that was served. It is
    kept in :attr:`Lanes.failures`, and the other lanes go on. No dot leaves that was not recorded.
    """

    def take(self) -> Message | Later | None:
        """Return the next message, claimed for the lane; None when the lane shall come to its end."""

    def give_back(self, message: Message) -> None:
        """Take back a message that was taken and not begun, as if it had never been: no attempt, no verdict.

        It must not wait for its pace once more, or a relay that hangs up on who waits would never be sent anything.
        Neither ``record`` nor ``finish`` comes for it any more. After an exception nothing is given back.
        """

    def finish(self, message: Message, outcome: Outcome) -> None:
        """Note the outcome of a message, which the next ``record`` makes durable.

        It comes for every message taken, unless it was given back, ``record`` said no, or the lane was dropped.
        """

    def record(self, beginning: Sequence[Message]) -> Sequence[bool]:
        """Make durable what was finished, and that the dots of these messages leave now.

        Returns for each whether its dot may leave; False: it is not this run's any more.
        """


class Lanes:
    """The lanes of a run. Used in a ``with``; only :meth:`wake`, :meth:`abort` and ``phases`` are for other threads."""

    def __init__(self, desk: Desk, sleep: Callable[[float], None] = time.sleep) -> None:
        """Serve lanes from a desk.

        :param sleep: lets time pass where there is nothing to wait for but the desk.
        """
        self._desk = desk
        self._sleep = sleep
        # each with what it waits for; None: for the record, or it is its turn
        self._lanes: dict[Lane, Await | _Asked | None] = {}
        self._listening: dict[Lane, int] = {}
        self._beginning: list[tuple[Lane, Message]] = []
        self._is_unrecorded = False
        self._ended: list[tuple[Lane, Ended]] = []
        #: What the desk could not do, in the order in which it happened.
        self.failures: list[Exception] = []
        self._selector = selectors.DefaultSelector()
        self._ear, self._bell = socket.socketpair()
        self._ear.settimeout(0)
        self._bell.settimeout(0)
        self._selector.register(self._ear, selectors.EVENT_READ)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for lane in tuple(self._lanes):
            self._drop(lane)
        for resource in (self._selector, self._ear, self._bell):
            resource.close()

    @property
    def busy(self) -> bool:
        """Whether another turn has something to do: a lane has not ended, or that is not recorded or not told yet."""
        return bool(self._lanes or self._is_unrecorded or self._ended)

    @property
    def phases(self) -> list[Phase | None]:
        """In which phase each lane is; None where the next message may leave only later."""
        return [None if isinstance(waits, _Asked) else lane.phase for lane, waits in self._lanes.copy().items()]

    def add(
        self,
        wire: Wire,
        features: Mapping[str, str],
        *,
        messages_per_session: int = 100,
        session_s: float = 300,
        clock: Callable[[], float] = time.monotonic,
    ) -> Lane:
        """Begin a lane on a session that is connected, secured and logged in. Its wire is closed in any case.

        For the parameters see :func:`~notify.relays.dialogue.converse`.
        """
        dialogue = converse(features, messages_per_session=messages_per_session, session_s=session_s, clock=clock)
        lane = Lane(wire, dialogue)
        self._lanes[lane] = None
        self._each([lane], self._advance)
        return lane

    def turn(self) -> list[tuple[Lane, Ended]]:
        """Do what can be done now, or wait until something can.

        Returns the lanes that have ended since and how, once all that they did is recorded.
        """
        unrecorded, ended = self._is_unrecorded, self._ended.copy()
        self._each(self._ready(), self._go_on)
        # after one more look at who is ready, so that as many as possible share it
        if unrecorded:
            self._record()
        # what these did is recorded by now, whatever others have done meanwhile
        del self._ended[: len(ended)]
        return ended

    def wake(self) -> None:
        """End the waiting of :meth:`turn`: something has happened that the lanes do not know."""
        # a bell that rings already, or that nobody is there to hear, need not be rung
        with contextlib.suppress(OSError):
            self._bell.send(b"\a")

    def abandon(self) -> None:
        """Drop the lanes that have no message in flight: what they hold was certainly not sent.

        Neither ``finish`` nor ``give_back`` comes for it any more.
        """
        beginning = {lane for lane, _ in self._beginning}
        for lane in tuple(self._lanes):
            if lane.phase not in (Phase.DOT, Phase.QUIT) and lane not in beginning:
                self._drop(lane)

    def abort(self) -> None:
        """End all connections at once."""
        for lane in tuple(self._lanes):
            lane.wire.abort()

    def _ready(self) -> list[Lane]:
        """Return the lanes that can go on; wait for the first, unless there is something to record or to tell."""
        waiting = [(lane, waits) for lane, waits in self._lanes.items() if waits is not None]
        is_for_the_desk = bool(waiting) and all(isinstance(waits, _Asked) for _, waits in waiting)
        soonest = min((waits.until for _, waits in waiting), default=None)
        if self._is_unrecorded or self._ended:
            heard = self._hear(0)
        elif is_for_the_desk:
            self._sleep(min(waits.seconds for _, waits in waiting if isinstance(waits, _Asked)))
            heard = self._hear(0)
        else:
            heard = self._hear(None if soonest is None else max(0, soonest - time.monotonic()))
        now = time.monotonic()
        return [
            lane
            for lane, waits in waiting
            if lane in heard or waits.until <= now or (is_for_the_desk and not self._is_unrecorded)
        ]

    def _hear(self, seconds: float | None) -> set[Lane]:
        """Return the lanes whose sockets can be read or written to, as they wanted, within so many seconds."""
        lanes = {key.data for key, _ in self._selector.select(seconds)}
        if None in lanes:
            with contextlib.suppress(BlockingIOError):
                self._ear.recv(4096)
        return lanes - {None}

    def _go_on(self, lane: Lane) -> None:
        """Let a lane go on that waited."""
        if not isinstance(self._lanes[lane], _Asked):
            self._advance(lane)
        elif not isinstance(message := self._desk.take(), Later):
            self._advance(lane, message)
        else:
            self._ask_later(lane, message)

    def _advance(self, lane: Lane, answer: Answer = None) -> None:
        """Run a lane until it has to wait, or ends."""
        self._lanes[lane] = None
        try:
            while True:
                match lane.steps.send(answer):
                    case Await() as wanted:
                        self._listen(lane, wanted)
                        return
                    case Begin(message):
                        self._beginning.append((lane, message))
                        self._is_unrecorded = True
                        return
                    case Finish(message, outcome):
                        self._desk.finish(message, outcome)
                        self._is_unrecorded = True
                        answer = None
                    case TakeAtOnce():
                        answer = None if isinstance(taken := self._desk.take(), Later) else taken
                    case Take():
                        if isinstance(taken := self._desk.take(), Later):
                            self._ask_later(lane, taken)
                            return
                        answer = taken
                    case GiveBack(message):
                        self._desk.give_back(message)
                        answer = None
        except StopIteration as end:
            self._drop(lane)
            self._ended.append((lane, end.value))

    def _record(self) -> None:
        """Record what was finished, and let the dots leave that may."""
        beginning, self._beginning = self._beginning, []
        self._is_unrecorded = False
        try:
            may_leave = self._desk.record([message for _, message in beginning])
        except Exception as error:  # noqa: BLE001  # it is raised by whoever drives the lanes
            self.failures.append(error)
            for lane, _ in beginning:
                self._drop(lane)
            return
        answers = {lane: may for (lane, _), may in zip(beginning, may_leave, strict=True)}
        self._each(answers, lambda lane: self._advance(lane, answers[lane]))

    def _each(self, lanes: Iterable[Lane], do: Callable[[Lane], None]) -> None:
        """Serve each lane; drop those at which the desk fails."""
        for lane in lanes:
            try:
                do(lane)
            except Exception as error:  # noqa: BLE001  # the others have dots under way
                self.failures.append(error)
                self._drop(lane)

    def _listen(self, lane: Lane, wanted: Await) -> None:
        """Wait for a socket."""
        events = selectors.EVENT_WRITE if wanted.writing else selectors.EVENT_READ
        before = self._listening.get(lane)
        if before is None:
            self._selector.register(lane.wire.sock, events, lane)
        elif before != events:
            self._selector.modify(lane.wire.sock, events, lane)
        self._listening[lane] = events
        self._lanes[lane] = wanted

    def _ask_later(self, lane: Lane, later: Later) -> None:
        """Wait for the desk, and not for the socket: what the relay says meanwhile is heard when the lane goes on."""
        self._unlisten(lane)
        # the desk may come to its end before that
        seconds = min(later.seconds, _SLICE_S)
        self._lanes[lane] = _Asked(time.monotonic() + seconds, seconds)

    def _unlisten(self, lane: Lane) -> None:
        if self._listening.pop(lane, None) is not None:
            self._selector.unregister(lane.wire.sock)

    def _drop(self, lane: Lane) -> None:
        """Close a lane's connection and forget it."""
        self._unlisten(lane)
        self._lanes.pop(lane, None)
        lane.wire.close()


def run_lane(
    wire: Wire, features: Mapping[str, str], desk: Desk, *, clock: Callable[[], float] = time.monotonic
) -> Ended:
    """Drive a single lane to its end and return that; for the parameters see :meth:`Lanes.add`.

    What the desk raises is raised here.
    """
    with Lanes(desk) as lanes:
        lanes.add(wire, features, clock=clock)
        ended: list[tuple[Lane, Ended]] = []
        while lanes.busy and not lanes.failures:
            ended += lanes.turn()
        if lanes.failures:
            raise lanes.failures[0]
    return ended[0][1]
