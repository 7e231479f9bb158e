"""A channel: whatever happens at the dispatcher, the connection is closed and no dot leaves that was not begun."""

from __future__ import annotations

import contextlib
import itertools
import socket
import threading
import time
from collections.abc import Callable, Sequence

import pytest

from notify.core.message import Envelope, Message
from notify.core.outcome import Loss, Outcome, Phase
from notify.core.status import Status
from notify.relays import End, EventLoop, Later, Timeouts, Wire, run_channel
from notify.relays.wire import Doing

LETTER = Message(Envelope("info@alt.example", "n@kunde.example"), "<1@alt.example>", b"Subject: x\r\n\r\nx\r\n")


class Dispatcher:
    """Hands out a message so many times; ``wrong`` is what goes wrong at which step."""

    def __init__(self, wrong: dict[str, Callable[[], None]] | None = None, messages: int = 1) -> None:
        self.wrong = wrong or {}
        self.waiting = [LETTER] * messages
        self.outcomes: list[Outcome] = []
        self.recorded: list[Outcome] = []
        self.given_back = 0

    def _do(self, what: str) -> None:
        self.wrong.get(what, lambda: None)()

    def take(self) -> Message | Later | None:
        """Return the message, as long as there is one."""
        self._do("take")
        return self.waiting.pop() if self.waiting else None

    def give_back(self, message: Message) -> None:
        """Put it back."""
        self._do("give back")
        self.waiting.append(message)
        self.given_back += 1

    def finish(self, message: Message, outcome: Outcome) -> None:
        """Keep the outcome."""
        assert message is LETTER
        self._do("finish")
        self.outcomes.append(outcome)

    def record(self, beginning: Sequence[Message]) -> list[bool]:
        """Say yes: it is always ours."""
        for message in beginning:
            assert message is LETTER
            self._do("begin")
        self._do("record")
        self.recorded = list(self.outcomes)
        return [True] * len(beginning)


class Relay:
    """The other end: takes everything, keeps what was written to it."""

    def __init__(self) -> None:
        ours, self._sock = socket.socketpair()
        self.wire = Wire(ours, Timeouts(dot_s=30))
        self.heard: list[bytes] = []
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        # who closes with something unread resets the connection
        with contextlib.suppress(ConnectionResetError), self._sock, self._sock.makefile("rb") as lines:
            data = False
            for line in lines:
                self.heard.append(line)
                if data and line != b".\r\n":
                    continue
                data = line == b"DATA\r\n"
                self._sock.sendall(b"354 go\r\n" if data else b"250 ok\r\n")

    def say(self, octets: bytes) -> None:
        """Say something unasked."""
        self._sock.sendall(octets)

    def end(self) -> list[bytes]:
        """Wait until the connection is closed; return the lines written."""
        self._thread.join(10)
        assert not self._thread.is_alive()
        return self.heard


def test_channel() -> None:
    """A channel hands over what it takes, takes leave and closes."""
    dispatcher, relay = Dispatcher(), Relay()
    assert run_channel(relay.wire, {}, dispatcher).end is End.EXHAUSTED
    assert [outcome.status for outcome in dispatcher.outcomes] == [Status.SENT]
    assert relay.end()[-2:] == [b".\r\n", b"QUIT\r\n"]


@pytest.mark.parametrize("where", ["take", "begin", "finish"])
def test_dispatcher_that_fails(where: str) -> None:
    """When the dispatcher cannot go on the connection is closed; no dot leaves when it could not make that durable."""

    def fail() -> None:
        raise OSError("No space left on device")

    dispatcher, relay = Dispatcher({where: fail}), Relay()
    with pytest.raises(OSError, match="No space"):
        run_channel(relay.wire, {}, dispatcher)
    heard = relay.end()
    assert (b".\r\n" in heard) == (where == "finish")
    assert b"QUIT\r\n" not in heard


@pytest.mark.parametrize(("where", "outcomes"), [("take", []), ("begin", [Status.PENDING])])
def test_abort(where: str, outcomes: list[Status]) -> None:
    """Ended at once before the dot is written, nothing was sent: the message goes back, or waits again."""
    relay = Relay()
    dispatcher = Dispatcher({where: relay.wire.abort})
    run_channel(relay.wire, {}, dispatcher)
    assert [outcome.status for outcome in dispatcher.outcomes] == outcomes
    assert b".\r\n" not in relay.end()


GROUP = [b"MAIL FROM:<info@alt.example>\r\n", b"RCPT TO:<n@kunde.example>\r\n", b"DATA\r\n"]
TEXT = [b"Subject: x\r\n", b"\r\n", b"x\r\n", b".\r\n"]


def test_several_messages() -> None:
    """The channel has the next message under way while it waits; all of them are finished, and recorded."""
    dispatcher, relay = Dispatcher(messages=5), Relay()
    assert run_channel(relay.wire, {"pipelining": ""}, dispatcher).end is End.EXHAUSTED
    assert [outcome.status for outcome in dispatcher.recorded] == [Status.SENT] * 5
    assert relay.end() == [*(GROUP + TEXT) * 5, b"QUIT\r\n"]


def _abort_at_the_second(relay: Relay) -> dict[str, Callable[[], None]]:
    """Return what goes wrong: the second message is not sent then, and the third, taken already, goes back."""
    count = itertools.count(1)

    def abort() -> None:
        if next(count) == 2:
            relay.wire.abort()

    return {"begin": abort}


@pytest.mark.parametrize("where", ["take", "give back"])
def test_dispatcher_that_fails_later(where: str) -> None:
    """When it cannot go on, the message whose body is written stays without a dot, or its outcome is recorded."""

    def fail() -> None:
        if dispatcher.outcomes:
            raise OSError("No space left on device")

    relay = Relay()
    dispatcher = Dispatcher({where: fail} | _abort_at_the_second(relay), messages=5)
    with pytest.raises(OSError, match="No space"):
        run_channel(relay.wire, {"pipelining": ""}, dispatcher)
    waiting = [] if where == "take" else [Status.PENDING]
    assert [outcome.status for outcome in dispatcher.outcomes] == [Status.SENT, *waiting]
    assert relay.end().count(b".\r\n") == 1


def test_abort_with_two_messages() -> None:
    """Ended at once with two messages open: neither was sent, and the one that was not begun goes back."""
    relay = Relay()
    dispatcher = Dispatcher(_abort_at_the_second(relay), messages=5)
    assert run_channel(relay.wire, {"pipelining": ""}, dispatcher).end is End.RECONNECT
    assert [outcome.status for outcome in dispatcher.outcomes] == [Status.SENT, Status.PENDING]
    assert (dispatcher.given_back, len(dispatcher.waiting)) == (1, 3)
    assert relay.end().count(b".\r\n") == 1


def test_one_channel_fails_and_the_other_does_not() -> None:
    """Where the dispatcher fails for one channel, that one is closed; what is under way on another comes to its end."""
    first, second = Relay(), Relay()

    def fail() -> None:
        if len(dispatcher.waiting) == 1:
            raise OSError("No space left on device")

    dispatcher = Dispatcher({"take": fail}, messages=2)
    with EventLoop(dispatcher) as loop:
        loop.add(first.wire, {})
        loop.add(second.wire, {})
        assert [str(error) for error in loop.failures] == ["No space left on device"]
        while loop.busy:
            assert loop.turn() == []
        assert [str(error) for error in loop.failures] == ["No space left on device"] * 2
        assert second.end() == []
    assert [outcome.status for outcome in dispatcher.recorded] == [Status.SENT]
    assert first.end()[-1] == b".\r\n"


class Slow(Dispatcher):
    """Has a message for the first who asks, and for everybody else only much later."""

    def take(self) -> Message | Later | None:
        """Return the message, or when to ask again."""
        return super().take() or Later(60)


def test_channel_that_waits_for_the_dispatcher_is_not_listened_to() -> None:
    """What its relay says meanwhile, a farewell for example, does not keep the others from being waited for."""
    dispatcher, relay = Slow(), Relay()
    ours, silent = socket.socketpair()
    with silent, EventLoop(dispatcher) as loop:
        loop.add(relay.wire, {})
        while not dispatcher.recorded:
            loop.turn()
        relay.say(b"421 4.4.2 idle too long\r\n")
        dispatcher.waiting = [LETTER]
        loop.add(Wire(ours), {})
        until, turns = time.monotonic() + 0.5, 0
        while time.monotonic() < until:
            assert loop.turn() == []
            turns += 1
        assert loop.phases == [None, Phase.MAIL]
    # one for each time that the dispatcher is asked, and some to spare; a channel that is listened to has thousands
    assert turns < 20


class Counting(Dispatcher):
    """Keeps how many began at each record."""

    def __init__(self, messages: int) -> None:
        super().__init__(messages=messages)
        self.groups: list[int] = []

    def record(self, beginning: Sequence[Message]) -> list[bool]:
        """Count."""
        self.groups.append(len(beginning))
        return super().record(beginning)


class Prompted(Wire):
    """A wire whose other end says something whenever something is written to it in a phase."""

    def __init__(self, says: dict[Phase, tuple[socket.socket, bytes]], ours: socket.socket) -> None:
        super().__init__(ours)
        self._says = says

    def write(self, octets: bytes, phase: Phase) -> Doing[Loss | None]:
        """Say it, and write."""
        if phase in self._says:
            other, reply = self._says[phase]
            other.sendall(reply)
        return super().write(octets, phase)


_GRANTED = b"250 ok\r\n250 ok\r\n354 go\r\n"


def test_whoever_is_ready_meanwhile_shares_the_record() -> None:
    """Each becomes ready while the one before is served, and all of them are begun in one record."""
    dispatcher, pairs = Counting(messages=5), [socket.socketpair() for _ in range(5)]
    with contextlib.ExitStack() as stack, EventLoop(dispatcher) as loop:
        for (ours, theirs), (_, following) in zip(pairs, [*pairs[1:], pairs[0]], strict=True):
            stack.enter_context(theirs)
            loop.add(Prompted({Phase.BODY: (following, _GRANTED)}, ours), {"pipelining": ""})
        pairs[0][1].sendall(_GRANTED)
        while not dispatcher.groups:
            loop.turn()
    assert dispatcher.groups == [5]


def test_who_is_always_ready_holds_up_no_record() -> None:
    """A relay that refuses everybody at once has the next answer ready at each look; what is finished is recorded."""
    ours, theirs = socket.socketpair()
    refused, cleared = b"250 ok\r\n550 5.1.1 no\r\n503 5.5.1 no\r\n", b"250 ok\r\n"
    dispatcher, says = Counting(messages=50), {Phase.MAIL: (theirs, refused), Phase.RSET: (theirs, cleared)}
    with theirs, EventLoop(dispatcher) as loop:
        loop.add(Prompted(says, ours), {"pipelining": ""})
        while dispatcher.waiting:
            loop.turn()
            assert len(dispatcher.outcomes) - len(dispatcher.recorded) < 5
    assert len(dispatcher.groups) > 10
