"""The wire against a socket pair: deadlines for the whole of a reply, plain words for every loss."""

from __future__ import annotations

import select
import socket
import threading
import time
from collections.abc import Iterator
from typing import TypeVar

import pytest

from notify.core.outcome import Loss, Phase, Reply
from notify.relays.wire import Doing, Timeouts, Wire

T = TypeVar("T")

# MAIL and the body are waited for shortly, everything else patiently
TIMES = Timeouts(mail_s=0.3, body_s=0.3, quit_s=0.3)


@pytest.fixture
def pair() -> Iterator[tuple[Wire, socket.socket]]:
    """Connect a wire and the relay's end of it."""
    ours, theirs = socket.socketpair()
    wire = Wire(ours, TIMES)
    with theirs:
        yield wire, theirs
    wire.close()


def done(wire: Wire, doing: Doing[T]) -> T:
    """Do what is done on a wire, waiting for it as it wants; return what came of it."""
    while True:
        try:
            wanted = next(doing)
        except StopIteration as end:
            result: T = end.value
            return result
        reading, writing = ([], [wire.sock]) if wanted.writing else ([wire.sock], [])
        select.select(reading, writing, [], max(0, wanted.until - time.monotonic()))


def test_timeouts() -> None:
    """Every phase of a transaction has its time, and the dot has the ten minutes of RFC 5321."""
    times = Timeouts()
    phases = [Phase.MAIL, Phase.RCPT, Phase.DATA, Phase.BODY, Phase.DOT, Phase.RSET, Phase.QUIT]
    assert [times.of(phase) for phase in phases] == [300, 300, 120, 180, 600, 5, 5]


def test_write_and_read(pair: tuple[Wire, socket.socket]) -> None:
    """Octets go out unchanged, replies come in, and one that came with another waits for its turn."""
    wire, relay = pair
    assert done(wire, wire.write(b"MAIL FROM:<>\r\n", Phase.RCPT)) is None
    assert relay.recv(100) == b"MAIL FROM:<>\r\n"
    relay.sendall(b"250-a\r\n250 b\r\n421 bye\r\n")
    assert done(wire, wire.read(Phase.RCPT)) == Reply(250, ("a", "b"))
    assert done(wire, wire.listen(Phase.RCPT)) == Reply(421, ("bye",))


def test_closed(pair: tuple[Wire, socket.socket]) -> None:
    """A relay that hangs up in the middle of a reply has not replied."""
    wire, relay = pair
    relay.sendall(b"250-a\r\n250 ")
    relay.close()
    assert done(wire, wire.read(Phase.RCPT)) == Loss("the connection was closed")
    assert done(wire, wire.read(Phase.RCPT)) == Loss("the connection was closed")
    assert done(wire, wire.write(b"x", Phase.RCPT)) == Loss("the connection was closed")


def test_silence(pair: tuple[Wire, socket.socket]) -> None:
    """A relay that says nothing is waited for as long as it has, and the words tell how long that was."""
    wire, _ = pair
    begun = time.monotonic()
    assert done(wire, wire.read(Phase.MAIL)) == Loss("no answer within 0.3 s", silent=True)
    assert 0.2 < time.monotonic() - begun < 5


def test_dribble(pair: tuple[Wire, socket.socket]) -> None:
    """The time is for the whole reply: an octet now and then does not extend it."""
    wire, relay = pair
    stop = threading.Event()

    def dribble() -> None:
        while not stop.wait(0.02):
            relay.sendall(b"250-a\r\n")

    thread = threading.Thread(target=dribble)
    thread.start()
    begun = time.monotonic()
    assert done(wire, wire.read(Phase.MAIL)) == Loss("no answer within 0.3 s", silent=True)
    assert time.monotonic() - begun < 5
    stop.set()
    thread.join()


def test_relay_that_takes_nothing(pair: tuple[Wire, socket.socket]) -> None:
    """A relay that does not read is not written to for ever."""
    wire, _ = pair
    assert done(wire, wire.write(b"x" * 10_000_000, Phase.BODY)) == Loss("nothing more was taken within 0.3 s")


def test_relay_that_takes_its_time(pair: tuple[Wire, socket.socket]) -> None:
    """A relay that reads slowly, and goes on reading, is written to for as long as that takes."""
    wire, relay = pair
    octets = b"x" * 2_000_000
    taken = bytearray()

    def read() -> None:
        while len(taken) < len(octets):
            time.sleep(0.05)
            taken.extend(relay.recv(100_000))

    thread = threading.Thread(target=read)
    thread.start()
    begun = time.monotonic()
    assert done(wire, wire.write(octets, Phase.BODY)) is None
    assert time.monotonic() - begun > 0.3
    thread.join()
    assert taken == octets


def test_listen(pair: tuple[Wire, socket.socket]) -> None:
    """Listening waits for nobody, but lets who has begun to speak finish."""
    wire, relay = pair
    assert done(wire, wire.listen(Phase.RCPT)) is None
    relay.sendall(b"421 b")
    threading.Timer(0.05, relay.sendall, [b"ye\r\n"]).start()
    assert done(wire, wire.listen(Phase.RCPT)) == Reply(421, ("bye",))
    assert done(wire, wire.listen(Phase.RCPT)) is None
    relay.close()
    assert done(wire, wire.listen(Phase.RCPT)) == Loss("the connection was closed")


def test_silent(pair: tuple[Wire, socket.socket]) -> None:
    """A relay is silent as long as it has said nothing that was not read as a reply; what was half said counts."""
    wire, relay = pair
    assert wire.is_silent()
    relay.sendall(b"250 ok\r\n421 b")
    assert not wire.is_silent()
    assert done(wire, wire.read(Phase.RCPT)) == Reply(250, ("ok",))
    assert not wire.is_silent()
    relay.sendall(b"ye\r\n")
    assert done(wire, wire.read(Phase.RCPT)) == Reply(421, ("bye",))
    assert wire.is_silent()
    relay.close()
    assert not wire.is_silent()


def test_aborted_is_not_silent(pair: tuple[Wire, socket.socket]) -> None:
    """A connection that was ended here is heard to have ended."""
    wire, _ = pair
    wire.abort()
    assert not wire.is_silent()


def test_without_poll(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a socket cannot be asked it is listened to, as on Windows."""
    monkeypatch.delattr(select, "poll")
    ours, theirs = socket.socketpair()
    wire = Wire(ours, TIMES)
    with theirs:
        assert not wire.is_silent()
        assert done(wire, wire.listen(Phase.RCPT)) is None
    wire.close()


def test_garbage(pair: tuple[Wire, socket.socket]) -> None:
    """What is not SMTP is a loss, not an exception."""
    wire, relay = pair
    relay.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    assert done(wire, wire.read(Phase.RCPT)) == Loss("the relay sent a line that is not SMTP")


def test_abort(pair: tuple[Wire, socket.socket]) -> None:
    """Another thread can end the wait at once; the words say that it was us."""
    wire, _ = pair
    threading.Timer(0.05, wire.abort).start()
    assert done(wire, wire.read(Phase.DOT)) == Loss("the connection was ended here")
    assert done(wire, wire.write(b"x", Phase.DOT)) == Loss("the connection was ended here")
    wire.close()
    wire.abort()


@pytest.mark.parametrize("answer", [b"221 bye\r\n", b"", b"what?\r\n"])
def test_quit(pair: tuple[Wire, socket.socket], answer: bytes) -> None:
    """Taking leave never fails and never takes long, whatever the relay makes of it."""
    wire, relay = pair
    relay.sendall(answer)
    begun = time.monotonic()
    done(wire, wire.quit())
    assert time.monotonic() - begun < 5
    assert relay.recv(100) == b"QUIT\r\n"


def test_quit_after_the_end(pair: tuple[Wire, socket.socket]) -> None:
    """The same when nobody is there any more."""
    wire, relay = pair
    relay.close()
    done(wire, wire.quit())


def test_frozen(pair: tuple[Wire, socket.socket]) -> None:
    """A machine that slept beyond the time finds the reply that came meanwhile."""
    wire, relay = pair
    reading = wire.read(Phase.MAIL)
    next(reading)
    relay.sendall(b"250 ok\r\n")
    time.sleep(0.4)
    with pytest.raises(StopIteration) as end:
        next(reading)
    assert end.value.value == Reply(250, ("ok",))
