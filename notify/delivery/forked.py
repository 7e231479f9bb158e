"""A process beside the run, for a second core: it is asked, and answers each question in the order of them.

It is a fork because that costs some milliseconds and knows what the run knows, byte for byte, while a new process would
read the files again, which may have changed. It lets go of every file that it was born with, so that no lock outlives a
run that is killed, and it ends when the run does, however that ends, because its end of the socket is closed then.
While it works it leaves its core to whoever wakes up (:mod:`~notify.delivery.time_slice`).

Where forking is not safe (macOS) or unknown (Windows), there is none; and nothing may depend on it: should it die, or
stop answering, whoever has asked does the work.

What it answers stands in memory that both have, as far as there is room: through the socket it would be copied twice
more, and of what is longer than the kernel keeps, each waits for the other.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import marshal
import mmap
import os
import select
import signal
import socket
import struct
import sys
import threading
import warnings
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from notify.delivery.time_slice import work_longer_at_a_stretch

_LOG = logging.getLogger(__name__)

T = TypeVar("T")
A = TypeVar("A")

#: So many octets may wait to be read by it: more could fill the socket on both sides, and each wait for the other.
_MOST_ASKED = 100_000
#: With so many questions it has enough to do.
_MOST_QUESTIONS = 4
#: For each of them, so many octets of an answer have room in the memory that both have: 64 messages of 7 kB.
_ROOM = 1 << 20
#: An answer takes it some milliseconds. After so long it is taken for frozen.
PATIENCE_S = 5.0
_SIZE = struct.Struct("!I")


def can_be_forked() -> bool:
    """Tell whether there is a second core, and no other thread that a fork could tear away from what it holds."""
    return sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1 and threading.active_count() == 1


class Forked:
    """Such a process; for one thread. After the end, or when it is gone, it takes no question."""

    def __init__(self, answer: Callable[[Any], Any]) -> None:
        """Start it.

        :param answer: what it does: it is given plain values (numbers, texts, octets, lists and tuples of them), and
            returns some, or it dies.
        """
        # neither process looks through what both have had before, or the kernel would copy it
        gc.freeze()
        ours, theirs = socket.socketpair()
        self._answers = _Answers()
        with warnings.catch_warnings():
            # from 3.12 on Python warns where libraries have threads; this is a copy of a thread that calls none of them
            warnings.simplefilter("ignore", DeprecationWarning)
            #: Its number.
            self.process = os.fork()
        if not self.process:
            _serve(theirs, answer, self._answers)
        theirs.close()
        ours.settimeout(PATIENCE_S)
        self._line: _Line | None = _Line(ours)
        # how many octets each question took that is not answered yet, the oldest first
        self._asked: deque[int] = deque()

    def ask(self, question: Any) -> bool:  # noqa: ANN401  # what is asked is for those who ask
        """Ask it; tell whether it was asked, which it is not while much waits for it already."""
        if self._line is None or len(self._asked) >= _MOST_QUESTIONS:
            return False
        octets = marshal.dumps(question)
        # who has nothing to answer reads whatever comes
        if self._asked and sum(self._asked) + len(octets) > _MOST_ASKED:
            return False
        try:
            self._line.send(octets)
        except OSError as error:
            self._give_up(error)
            return False
        self._asked.append(len(octets))
        return True

    def has_answered(self) -> bool:
        """Tell whether the oldest question is answered, or never will be; nobody waits then."""
        return self._line is None or bool(select.select([self._line.socket], [], [], 0)[0])

    def answer(self) -> Any:  # noqa: ANN401  # see ask
        """Return the answer to the oldest question; None when it is gone, and with it all others."""
        if self._line is None:
            return None
        try:
            answer = marshal.loads(self._answers.receive(self._line))  # noqa: S302  # both ends are this program
        except (OSError, EOFError) as error:
            self._give_up(error)
            return None
        self._asked.popleft()
        return answer

    def end(self) -> None:
        """End it, whatever it is doing: it may be frozen, or in the middle of what nobody wants any more."""
        if self._line is None:
            return
        self._line.socket.close()
        self._line = None
        self._asked.clear()
        with contextlib.suppress(OSError):
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)

    def _give_up(self, error: Exception) -> None:
        _LOG.info("The process beside the run is gone, and the run does its work: %s", error)
        self.end()


def each_that_can(work: Callable[[Sequence[T]], list[A | None]], batch: Sequence[T]) -> list[A | None]:
    """Return what is made of each in a batch; None of those with whom it fails.

    The run meets the same error once more, in its turn, and has words for it.
    """
    try:
        return work(batch)
    except Exception:  # noqa: BLE001  # whatever it is: the run meets it once more
        if len(batch) == 1:
            return [None]
        return [made for one in batch for made in each_that_can(work, [one])]


class _Line:
    """A socket on which octets come as they were sent, each time all of them."""

    def __init__(self, end: socket.socket) -> None:
        self.socket = end
        # memory that is taken anew costs as much as what is done with it, because the kernel has to find each page
        self._memory = bytearray()

    def send(self, octets: bytes) -> None:
        """Send what the other end is to receive at once.

        :raises OSError: it is gone, or takes nothing.
        """
        self.announce(octets)
        self.socket.sendall(octets)

    def announce(self, octets: bytes) -> None:
        """Send only how many octets there are.

        :raises OSError: it is gone, or takes nothing.
        """
        self.socket.sendall(_SIZE.pack(len(octets)))

    def receive(self) -> memoryview:
        """Return what was sent; it is there until more is received.

        :raises EOFError: the other end is closed.
        :raises OSError: nothing comes.
        """
        return self.exactly(self.announced())

    def announced(self) -> int:
        """Return how many octets are announced.

        :raises EOFError: the other end is closed.
        :raises OSError: nothing comes.
        """
        (size,) = _SIZE.unpack(self.exactly(_SIZE.size))
        return int(size)

    def exactly(self, size: int) -> memoryview:
        """Return the next octets, so many; they are there until more are received.

        :raises EOFError: the other end is closed.
        :raises OSError: nothing comes.
        """
        if size > len(self._memory):
            self._memory = bytearray(size)
        whole = memoryview(self._memory)[:size]
        rest = whole
        while rest:
            count = self.socket.recv_into(rest)
            if not count:
                raise EOFError("it has closed its socket")
            rest = rest[count:]
        return whole


class _Answers:
    """Where both processes have the latest answers, each in a place of its own; one that is too long comes on the line.

    A place is used once more for the answer to a question that is not asked before this one's has been received.
    """

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, _MOST_QUESTIONS * _ROOM)
        self._place = 0

    def send(self, line: _Line, octets: bytes) -> None:
        """Send the next answer.

        :raises OSError: as for :meth:`_Line.send`.
        """
        place = self._next()
        if len(octets) > _ROOM:
            line.send(octets)
            return
        self._memory[place : place + len(octets)] = octets
        line.announce(octets)

    def receive(self, line: _Line) -> memoryview:
        """Return the next answer; it is there until another one is received.

        :raises EOFError: as for :meth:`_Line.receive`.
        :raises OSError: as for :meth:`_Line.receive`.
        """
        place, size = self._next(), line.announced()
        return line.exactly(size) if size > _ROOM else memoryview(self._memory)[place : place + size]

    def _next(self) -> int:
        place, self._place = self._place, (self._place + _ROOM) % (_MOST_QUESTIONS * _ROOM)
        return place


def _serve(told: socket.socket, answer: Callable[[Any], Any], answers: _Answers) -> None:
    """Answer until nobody asks any more; this process ends here."""
    try:
        # what Ctrl-C means is for the run to say
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        _let_go_of_all_but(told.fileno())
        work_longer_at_a_stretch()
        line = _Line(told)
        while True:
            answers.send(line, marshal.dumps(answer(marshal.loads(line.receive()))))  # noqa: S302  # both ends are this program
    finally:
        # nothing of the run may be tidied up here: no file is flushed, no ledger closed
        os._exit(0)


def _let_go_of_all_but(kept: int) -> None:
    """Close every file but one: the lock of the ledger, above all, must not outlive the run."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(nothing, number)
    os.closerange(3, kept)
    os.closerange(kept + 1, os.sysconf("SC_OPEN_MAX"))
