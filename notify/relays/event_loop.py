"""Any number of channels, driven by one thread.

They know no ledger. Where messages come from and where outcomes go is a :class:`Dispatcher`. Whatever all channels have
to report at one moment is recorded together: each dot that is about to leave, and each outcome that has come in. So
the price of a durable record is shared, and there is never more than one message in flight on a channel.

To stop in good order, let ``take`` return None. To stop at once, call :meth:`EventLoop.abort`, from any thread: a
message whose dot has left is then in doubt, any other is known not to have been sent.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import TracebackType
from typing import Protocol, Self

from notify.core.message import Message
from notify.core.outcome import Outcome, Phase
from notify.core.record import record
from notify.relays.channel import Channel
from notify.relays.dialogue import converse
from notify.relays.steps import Answer, Begin, Ended, Finish, GiveBack, Take, TakeAtOnce
from notify.relays.wire import Await, Wire

#: After at most so many seconds the dispatcher is asked again, as it may have changed its mind.
_SLICE_S = 0.2
#: So often it is looked once more who is ready to share a record. Without an end, whoever is refused at RCPT, one
#: recipient after the other, would keep what is finished from being recorded.
_LOOKS = 4


@record(frozen=True, slots=True)
class Later:
    """There is a message, but it may leave only in so many seconds: ask again then."""

    seconds: float


@record(frozen=True, slots=True)
class _Asked:
    """A channel waits for the dispatcher, asked again at ``until`` (``time.monotonic()``), in so many seconds."""

    until: float
    seconds: float


class Dispatcher(Protocol):
    """Where channels get their messages and leave their outcomes, all in one thread.

    An exception of ``record`` ends every channel whose dot was about to leave, any other the channel that was served.
    It is kept in :attr:`EventLoop.failures`, and the other channels go on. No dot leaves that was not recorded.
    """

    def take(self) -> Message | Later | None:
        """Return the next message, claimed for the channel; None when the channel shall come to its end."""

    def give_back(self, message: Message) -> None:
        """Take back a message that was taken and not begun, as if it had never been: no attempt, no verdict.

        It must not be held back by the pace a second time, or a relay that hangs up while we wait would never get it.
        Neither ``record`` nor ``finish`` comes for it any more. After an exception nothing is given back.
        """

    def finish(self, message: Message, outcome: Outcome) -> None:
        """Note the outcome of a message, which the next ``record`` makes durable.

        It comes for every message taken, unless it was given back, ``record`` refused it, or the channel was dropped.
        """

    def record(self, beginning: Sequence[Message]) -> Sequence[bool]:
        """Make durable what was finished, and that the dots of these messages leave now.

        Returns for each whether its dot may leave; False: it is not this run's any more.
        """


class EventLoop:
    """The channels of a run, in a ``with``. Other threads may use only :meth:`wake`, :meth:`abort`, ``phases``."""

    def __init__(self, dispatcher: Dispatcher, sleep: Callable[[float], None] = time.sleep) -> None:
        """Serve channels from a dispatcher.

        :param sleep: lets time pass where there is nothing to wait for but the dispatcher.
        """
        self._dispatcher = dispatcher
        self._sleep = sleep
        # each channel with what it waits for; None: it waits for the record, or is being served just now
        self._channels: dict[Channel, Await | _Asked | None] = {}
        self._listening: dict[Channel, int] = {}
        self._beginning: list[tuple[Channel, Message]] = []
        self._is_unrecorded = False
        self._ended: list[tuple[Channel, Ended]] = []
        #: What the dispatcher could not do, in the order in which it happened.
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
        for channel in tuple(self._channels):
            self._drop(channel)
        for resource in (self._selector, self._ear, self._bell):
            resource.close()

    @property
    def busy(self) -> bool:
        """Whether another turn has something to do: a channel has not ended, or its end is not recorded or told yet."""
        return bool(self._channels or self._is_unrecorded or self._ended)

    @property
    def phases(self) -> list[Phase | None]:
        """The phase of each channel; None for one that waits until the next message may leave."""
        return [
            None if isinstance(waits, _Asked) else channel.phase for channel, waits in self._channels.copy().items()
        ]

    def add(
        self,
        wire: Wire,
        features: Mapping[str, str],
        *,
        messages_per_session: int = 100,
        session_s: float = 300,
        clock: Callable[[], float] = time.monotonic,
    ) -> Channel:
        """Begin a channel on a session that is connected, secured and logged in. Its wire is closed in any case.

        For the parameters see :func:`~notify.relays.dialogue.converse`.
        """
        dialogue = converse(features, messages_per_session=messages_per_session, session_s=session_s, clock=clock)
        channel = Channel(wire, dialogue)
        self._channels[channel] = None
        self._each([channel], self._advance)
        return channel

    def turn(self) -> list[tuple[Channel, Ended]]:
        """Do what can be done now, or wait until something can.

        Returns the channels that have ended since and how, once all that they did is recorded.
        """
        unrecorded, ended = self._is_unrecorded, self._ended.copy()
        ready = self._ready()
        self._each(ready, self._go_on)
        if unrecorded:
            # only when nobody else is ready, so that as many as possible share the record
            for _ in range(_LOOKS):
                if not ready:
                    break
                ready = self._ready()
                self._each(ready, self._go_on)
            self._record()
        # what these did is recorded by now, whatever others have done meanwhile
        del self._ended[: len(ended)]
        return ended

    def wake(self) -> None:
        """End the waiting of :meth:`turn`: something has happened that the channels do not know."""
        # it fails when the bell has been rung often already, or the loop is closed: then there is nothing to do
        with contextlib.suppress(OSError):
            self._bell.send(b"\a")

    def abandon(self) -> None:
        """Drop the channels that have no message in flight: what they hold was certainly not sent.

        Neither ``finish`` nor ``give_back`` comes for it any more.
        """
        beginning = {channel for channel, _ in self._beginning}
        for channel in tuple(self._channels):
            if channel.phase not in (Phase.DOT, Phase.QUIT) and channel not in beginning:
                self._drop(channel)

    def abort(self) -> None:
        """End all connections at once."""
        for channel in tuple(self._channels):
            channel.wire.abort()

    def _ready(self) -> list[Channel]:
        """Return the channels that can go on; wait for the first, unless there is something to record or to tell."""
        waiting = [(channel, waits) for channel, waits in self._channels.items() if waits is not None]
        asked = [waits for _, waits in waiting if isinstance(waits, _Asked)]
        is_for_the_dispatcher = bool(asked) and len(asked) == len(waiting)
        if self._is_unrecorded or self._ended:
            heard = self._hear(0)
        elif is_for_the_dispatcher:
            self._sleep(min(waits.seconds for waits in asked))
            heard = self._hear(0)
        else:
            soonest = min([waits.until for _, waits in waiting], default=None)
            heard = self._hear(None if soonest is None else max(0, soonest - time.monotonic()))
        now = time.monotonic()
        return [
            channel
            for channel, waits in waiting
            if channel in heard or waits.until <= now or (is_for_the_dispatcher and not self._is_unrecorded)
        ]

    def _hear(self, seconds: float | None) -> set[Channel]:
        """Return the channels whose sockets can be read or written to, as they wanted, within so many seconds."""
        channels = {key.data for key, _ in self._selector.select(seconds)}
        if None in channels:
            channels.discard(None)
            with contextlib.suppress(BlockingIOError):
                self._ear.recv(4096)
        return channels

    def _go_on(self, channel: Channel) -> None:
        """Let a channel go on that waited."""
        if not isinstance(self._channels[channel], _Asked):
            self._advance(channel)
        elif not isinstance(message := self._dispatcher.take(), Later):
            self._advance(channel, message)
        else:
            self._ask_later(channel, message)

    def _advance(self, channel: Channel, answer: Answer = None) -> None:
        """Run a channel until it has to wait, or ends."""
        self._channels[channel] = None
        try:
            while True:
                wish = channel.steps.send(answer)
                # the type alone, as in the channel
                if type(wish) is Await:
                    self._listen(channel, wish)
                    return
                if type(wish) is Begin:
                    self._beginning.append((channel, wish.message))
                    self._is_unrecorded = True
                    return
                if type(wish) is Finish:
                    self._dispatcher.finish(wish.message, wish.outcome)
                    self._is_unrecorded = True
                    answer = None
                elif type(wish) is TakeAtOnce:
                    answer = None if isinstance(taken := self._dispatcher.take(), Later) else taken
                elif type(wish) is Take:
                    if isinstance(taken := self._dispatcher.take(), Later):
                        self._ask_later(channel, taken)
                        return
                    answer = taken
                elif type(wish) is GiveBack:
                    self._dispatcher.give_back(wish.message)
                    answer = None
        except StopIteration as end:
            self._drop(channel)
            self._ended.append((channel, end.value))

    def _record(self) -> None:
        """Record what was finished, and let the dots leave that may."""
        beginning, self._beginning = self._beginning, []
        self._is_unrecorded = False
        try:
            may_leave = self._dispatcher.record([message for _, message in beginning])
        except Exception as error:  # noqa: BLE001  # it is raised by whoever drives the channels
            self.failures.append(error)
            for channel, _ in beginning:
                self._drop(channel)
            return
        answers = {channel: may for (channel, _), may in zip(beginning, may_leave, strict=True)}
        self._each(answers, lambda channel: self._advance(channel, answers[channel]))

    def _each(self, channels: Iterable[Channel], do: Callable[[Channel], None]) -> None:
        """Serve each channel; drop those at which the dispatcher fails."""
        for channel in channels:
            try:
                do(channel)
            except Exception as error:  # noqa: BLE001  # the others have dots under way
                self.failures.append(error)
                self._drop(channel)

    def _listen(self, channel: Channel, wanted: Await) -> None:
        """Wait for a socket."""
        events = selectors.EVENT_WRITE if wanted.writing else selectors.EVENT_READ
        before = self._listening.get(channel)
        if before is None:
            self._selector.register(channel.wire.sock, events, channel)
        elif before != events:
            self._selector.modify(channel.wire.sock, events, channel)
        self._listening[channel] = events
        self._channels[channel] = wanted

    def _ask_later(self, channel: Channel, later: Later) -> None:
        """Wait for the dispatcher, not the socket: what the relay says meanwhile is heard when the channel goes on."""
        self._unlisten(channel)
        # the dispatcher may come to its end before that
        seconds = min(later.seconds, _SLICE_S)
        self._channels[channel] = _Asked(time.monotonic() + seconds, seconds)

    def _unlisten(self, channel: Channel) -> None:
        if self._listening.pop(channel, None) is not None:
            self._selector.unregister(channel.wire.sock)

    def _drop(self, channel: Channel) -> None:
        """Close a channel's connection and forget it."""
        self._unlisten(channel)
        self._channels.pop(channel, None)
        channel.wire.close()


def run_channel(
    wire: Wire, features: Mapping[str, str], dispatcher: Dispatcher, *, clock: Callable[[], float] = time.monotonic
) -> Ended:
    """Drive a single channel to its end and return that; for the parameters see :meth:`EventLoop.add`.

    What the dispatcher raises is raised here.
    """
    with EventLoop(dispatcher) as loop:
        loop.add(wire, features, clock=clock)
        ended: list[tuple[Channel, Ended]] = []
        while loop.busy and not loop.failures:
            ended += loop.turn()
        if loop.failures:
            raise loop.failures[0]
    return ended[0][1]
