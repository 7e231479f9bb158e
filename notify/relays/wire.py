"""The connection to a relay: octets out, replies in, each within the time that RFC 5321 (4.5.3.2) grants it.

The time is that for a whole reply: a relay that sends an octet a minute is not waited for forever. In a write it is
that for each piece that is taken: a large attachment may need minutes on a line that uploads slowly.
What goes wrong is a :class:`~notify.core.outcome.Loss` with plain words, never an exception.

Nothing here blocks. What cannot be done at once yields an :class:`Await` and goes on where it is resumed, so that one
thread serves any number of connections: with a thread each, taking turns costs more than all the rest.
"""

from __future__ import annotations

import contextlib
import functools
import select
import socket
import ssl
import time
from collections.abc import Generator
from typing import TypeVar, final

from notify.core.outcome import Loss, Phase, Reply
from notify.core.record import record
from notify.core.redaction import Redaction
from notify.core.replies import Replies

# the longest record of TLS (RFC 8446, 5.1): with less, octets could stay in its buffer, where select() sees none
_CHUNK = 16384
_NOT_NOW = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)

T = TypeVar("T")


@final
@record(frozen=True, slots=True)
class Await:
    """Resume when the socket can be read, or written to, and at the latest when ``time.monotonic()`` is ``until``."""

    writing: bool
    until: float


#: What is done on a wire: it yields for what it has to wait, and returns what came of it.
Doing = Generator[Await, None, T]


@record(frozen=True, slots=True)
class Timeouts:
    """How many seconds a relay has in each phase; the fields bear the names of the phases.

    Those of RFC 5321 (4.5.3.2). The one for the dot is never to be shorter: "a spurious timeout at this point would be
    very wasteful and would typically result in delivery of multiple copies". No message depends on RSET and QUIT.
    """

    mail_s: float = 300
    rcpt_s: float = 300
    data_s: float = 120
    body_s: float = 180
    dot_s: float = 600
    rset_s: float = 5
    quit_s: float = 5

    def of(self, phase: Phase) -> float:
        """Return the seconds for ``phase``."""
        return float(getattr(self, f"{phase.value}_s"))


class Wire:
    """A connected socket, from the login to its close. It belongs to one thread; only :meth:`abort` is for others."""

    def __init__(
        self,
        sock: socket.socket,
        timeouts: Timeouts | None = None,
        *,
        replies: Replies | None = None,
        redaction: Redaction | None = None,
    ) -> None:
        """Take over a socket.

        :param replies: what has read from it until now, if anything has.
        :param redaction: for whatever is said of the replies later; they are returned here as they came.
        """
        self.sock = sock
        self.redaction = redaction or Redaction()
        # looked up several times for each message
        self._seconds = functools.cache((timeouts or Timeouts()).of)
        self._replies = replies or Replies()
        # Windows has none
        self._poll = select.poll() if hasattr(select, "poll") else None
        if self._poll:
            self._poll.register(sock, select.POLLIN)
        self._aborted = False
        # the end of a body stays in Linux's hands for its dot, 0.2 s at most (tcp(7)): one piece less travels
        self._flags = 0 if isinstance(sock, ssl.SSLSocket) else getattr(socket, "MSG_MORE", 0)
        sock.settimeout(0)
        with contextlib.suppress(OSError):
            # the dot must not wait until the body is acknowledged (Nagle)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def write(self, octets: bytes, phase: Phase) -> Doing[Loss | None]:
        """Write all of ``octets``; return why they could not be written."""
        seconds = self._seconds(phase)
        deadline = time.monotonic() + seconds
        rest: bytes | memoryview = octets
        try:
            while True:
                try:
                    written = self.sock.send(rest, self._flags if phase is Phase.BODY else 0)
                except _NOT_NOW as err:
                    yield _wanted(err, deadline, writing=True)
                    continue
                # nearly always all of it is taken at once
                if written == len(rest):
                    return None
                rest = memoryview(rest)[written:]
                deadline = time.monotonic() + seconds
        except TimeoutError:
            return Loss(f"nothing more was taken within {seconds:g} s")
        except OSError as err:
            return self._lost(err)

    def take_reply(self) -> Reply | Loss | None:
        """Return the next reply if it is here already."""
        return self._replies.next()

    def read(self, phase: Phase) -> Doing[Reply | Loss]:
        """Return the next reply, however long that takes."""
        if answer := self.take_reply():
            return answer
        seconds = self._seconds(phase)
        deadline = time.monotonic() + seconds
        # the command has only just left: do not try to read before there is something
        yield Await(writing=False, until=deadline)
        try:
            while (answer := self._replies.next()) is None:
                try:
                    octets = self.sock.recv(_CHUNK)
                except _NOT_NOW as err:
                    yield _wanted(err, deadline)
                    continue
                if not octets:
                    return self._lost(None)
                self._replies.feed(octets)
        except TimeoutError:
            return Loss(f"no answer within {seconds:g} s", silent=True)
        except OSError as err:
            return self._lost(err)
        return answer

    def is_silent(self) -> bool:
        """Tell whether the relay has certainly said nothing: asked twice a message, it costs less than to listen."""
        return self._replies.empty and self._poll is not None and not self._poll.poll(0)

    def listen(self, phase: Phase) -> Doing[Reply | Loss | None]:
        """Return what the relay has said, if it has begun to say anything; do not wait for it."""
        if self._replies.empty:
            try:
                octets = self.sock.recv(_CHUNK)
            except _NOT_NOW:
                return None
            except OSError as err:
                return self._lost(err)
            if not octets:
                return self._lost(None)
            self._replies.feed(octets)
        return (yield from self.read(phase))

    def quit(self) -> Doing[None]:
        """Say QUIT. Nothing depends on the answer, and it is not waited for long."""
        if (yield from self.write(b"QUIT\r\n", Phase.QUIT)) is None:
            yield from self.read(Phase.QUIT)

    def abort(self) -> None:
        """End the connection at once, from any thread: whoever writes or waits on it gets a loss."""
        self._aborted = True
        with contextlib.suppress(OSError):
            # SSLSocket.shutdown would take the encryption away from under a thread that is writing
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the socket, without QUIT."""
        self.sock.close()

    def _lost(self, err: OSError | None) -> Loss:
        if self._aborted:
            return Loss("the connection was ended here")
        if err is None or isinstance(err, ConnectionError):
            return Loss("the connection was closed")
        return Loss(f"the connection was lost: {err.strerror or err}")


def _wanted(refused: OSError, deadline: float, *, writing: bool = False) -> Await:
    """Return for what to wait; under TLS even a read may have to write, and the reverse.

    :raises TimeoutError: the deadline has passed, and all that had arrived by now was read.
    """
    if time.monotonic() >= deadline:
        raise TimeoutError
    if isinstance(refused, ssl.SSLWantReadError | ssl.SSLWantWriteError):
        writing = isinstance(refused, ssl.SSLWantWriteError)
    return Await(writing, deadline)
