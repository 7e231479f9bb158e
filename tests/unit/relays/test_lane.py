"""A lane: whatever happens at the desk, the connection is closed and no dot leaves that was not begun."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable

import pytest

from notify.core.message import Envelope, Message
from notify.core.outcome import Outcome
from notify.core.status import Status
from notify.relays import End, Timeouts, Wire, run_lane

LETTER = Message(Envelope("info@alt.example", "n@kunde.example"), "<1@alt.example>", b"Subject: x\r\n\r\nx\r\n")


class Desk:
    """Hands out one message; ``wrong`` is what goes wrong at which step."""

    def __init__(self, wrong: dict[str, Callable[[], None]] | None = None) -> None:
        self.wrong = wrong or {}
        self.waiting = [LETTER]
        self.outcomes: list[Outcome] = []

    def _do(self, what: str) -> None:
        self.wrong.get(what, lambda: None)()

    def take(self) -> Message | None:
        """Return the message once."""
        self._do("take")
        return self.waiting.pop() if self.waiting else None

    def begin(self, message: Message) -> bool:
        """Say yes: it is always ours."""
        assert message is LETTER
        self._do("begin")
        return True

    def finish(self, message: Message, outcome: Outcome) -> None:
        """Keep the outcome."""
        assert message is LETTER
        self._do("finish")
        self.outcomes.append(outcome)


class Relay:
    """The other end: takes everything, keeps what was written to it."""

    def __init__(self) -> None:
        ours, self._sock = socket.socketpair()
        self.wire = Wire(ours, Timeouts(dot_s=30))
        self.heard: list[bytes] = []
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        with self._sock, self._sock.makefile("rb") as lines:
            data = False
            for line in lines:
                self.heard.append(line)
                if data and line != b".\r\n":
                    continue
                data = line == b"DATA\r\n"
                self._sock.sendall(b"354 go\r\n" if data else b"250 ok\r\n")

    def end(self) -> list[bytes]:
        """Wait until the connection is closed; return the lines written."""
        self._thread.join(10)
        assert not self._thread.is_alive()
        return self.heard


def test_lane() -> None:
    """A lane hands over what it takes, takes leave and closes."""
    desk, relay = Desk(), Relay()
    assert run_lane(relay.wire, {}, desk).end is End.EXHAUSTED
    assert [outcome.status for outcome in desk.outcomes] == [Status.SENT]
    assert relay.end()[-2:] == [b".\r\n", b"QUIT\r\n"]


@pytest.mark.parametrize("where", ["take", "begin", "finish"])
def test_desk_that_fails(where: str) -> None:
    """When the desk cannot go on the connection is closed; no dot leaves when it could not make that durable."""

    def fail() -> None:
        raise OSError("No space left on device")

    desk, relay = Desk({where: fail}), Relay()
    with pytest.raises(OSError, match="No space"):
        run_lane(relay.wire, {}, desk)
    heard = relay.end()
    assert (b".\r\n" in heard) == (where == "finish")
    assert b"QUIT\r\n" not in heard


@pytest.mark.parametrize(("where", "status"), [("take", Status.PENDING), ("begin", Status.IN_DOUBT)])
def test_abort(where: str, status: Status) -> None:
    """Ended at once before begin, nothing was sent; after it, nobody knows. Each outcome is recorded."""
    relay = Relay()
    desk = Desk({where: relay.wire.abort})
    run_lane(relay.wire, {}, desk)
    assert [outcome.status for outcome in desk.outcomes] == [status]
    assert b".\r\n" not in relay.end()
