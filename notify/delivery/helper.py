"""A process beside the run that makes messages before they are wanted, where there is a second core for it.

The run keeps the ledger and the connections, and this process has neither: it is forked before a credential is looked
for, lets go of every file that it was born with, and is told recipients and gives back octets, in order and in batches.
It ends when the run does, however that ends, because its end of the socket is closed then. Should it die itself, or
stop answering, the run makes its messages alone, and the same ones: nothing depends on it.

It is a fork because that costs some milliseconds and knows the template as the run does, byte for byte, while a new
process would read the files again, which may have changed. Where forking is not safe (macOS) or unknown (Windows),
there is none.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
import logging
import marshal
import os
import signal
import socket
import struct
import sys
import threading
import warnings
from collections import deque
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any, Self

from notify.composing import Composer
from notify.core.form import Form
from notify.core.message import Envelope, Message
from notify.delivery.composition import message_for
from notify.delivery.job import Job
from notify.delivery.routes import Route
from notify.ledger import Claimed, CopyOf
from notify.rendering import Template

_LOG = logging.getLogger(__name__)

#: For fewer messages it is not started, nor for relays that are to get fewer in a second.
WORTHWHILE = 250
_FAST = 200
#: So many octets may wait to be read by it: more could fill the socket on both sides, and each wait for the other.
_MOST_ASKED = 100_000
#: A batch takes it some milliseconds. After so long it is taken for frozen.
_PATIENCE_S = 5.0
_SIZE = struct.Struct("!I")

#: What is made of a recipient: reverse-path, forward-path, Message-ID, octets, their digest, and the octets with their
#: dots doubled, which marshal writes only once where they are the same; None where it cannot be made.
_Made = tuple[str, str, str, bytes, str, bytes] | None


class Helper:
    """Makes messages ahead. For one thread, in a ``with``: without, or after the end of it, it makes none."""

    def __init__(self, template: Template, composer: Composer) -> None:
        """Prepare to make the messages of a campaign."""
        self._template = template
        self._composer = composer
        #: Its number, from the beginning on.
        self.process = 0
        self._socket: socket.socket | None = None
        # what it was asked for, the oldest first, with how many octets that took, and what it has answered
        self._asked: deque[tuple[list[tuple[int, dt.datetime]], int]] = deque()
        self._waiting: dict[int, str] = {}
        self._made: dict[int, tuple[Message, dt.datetime]] = {}

    def __enter__(self) -> Self:
        # neither process looks through what both have had before, or the kernel would copy it
        gc.freeze()
        ours, theirs = socket.socketpair()
        with warnings.catch_warnings():
            # from 3.12 on Python warns where libraries have threads; this is a copy of a thread that calls none of them
            warnings.simplefilter("ignore", DeprecationWarning)
            self.process = os.fork()
        if not self.process:
            _be_the_helper(theirs, self._template, self._composer)
        theirs.close()
        ours.settimeout(_PATIENCE_S)
        self._socket = ours
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._abandon()

    def expect(self, claimed: Sequence[Claimed], now: dt.datetime) -> None:
        """Say whose messages are wanted next; those are dated ``now`` that had no other date before."""
        if not (self._socket and claimed):
            return
        today = now.astimezone().replace(microsecond=0)
        dated = [(one, one.date or today) for one in claimed]
        packed = _packed([_told(one, date) for one, date in dated])
        if sum(size for _, size in self._asked) + len(packed) > _MOST_ASKED:
            return
        with self._may_fail():
            self._socket.sendall(packed)
            self._asked.append(([(one.id, date) for one, date in dated], len(packed)))
            self._waiting.update((one.id, one.message_id) for one in claimed)

    def take(self, claimed: Claimed) -> tuple[Message, dt.datetime] | None:
        """Return the message of a recipient and its date; None where the run has to make it."""
        while self._socket and self._waiting.get(claimed.id) == claimed.message_id:
            with self._may_fail():
                self._receive(self._socket)
        return self._made.pop(claimed.id, None)

    def _receive(self, source: socket.socket) -> None:
        """Receive the oldest batch that was asked for."""
        answers: list[_Made] = _unpacked(source)
        asked, _ = self._asked.popleft()
        for (recipient, date), made in zip(asked, answers, strict=True):
            self._waiting.pop(recipient, None)
            if made is not None:
                reverse_path, forward_path, message_id, octets, digest, stuffed = made
                envelope = Envelope(reverse_path, forward_path)
                self._made[recipient] = Message(envelope, message_id, octets, digest, stuffed), date

    @contextlib.contextmanager
    def _may_fail(self) -> Iterator[None]:
        """Go on without the helper when it is gone, or does not answer."""
        try:
            yield
        except (OSError, EOFError) as error:
            _LOG.info("The process that made messages ahead is gone, and the run makes them itself: %s", error)
            self._abandon()

    def _abandon(self) -> None:
        if self._socket is None:
            return
        self._socket.close()
        self._socket = None
        self._asked.clear()
        self._waiting.clear()
        # it may be frozen, or in the middle of a batch that nobody wants any more
        with contextlib.suppress(OSError):
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)


def helper_for(job: Job, messages: int) -> contextlib.AbstractContextManager[Helper | None]:
    """Return a helper for a run that hands over so many messages, or nothing where none pays; for a ``with``."""
    if messages < WORTHWHILE or not all(map(_is_fast, job.routes)) or not _can_be_forked():
        return contextlib.nullcontext()
    return Helper(job.template, job.composer())


def _is_fast(route: Route) -> bool:
    """Tell whether so many may leave that the time which one takes counts. Slow ones must not be dated long before."""
    relay = route.relay
    is_limited = bool(relay.per_domain or relay.ramp)
    return not is_limited and all(rate.count >= rate.per_s * _FAST for rate in route.rates)


def _can_be_forked() -> bool:
    """Tell whether there is a second core, and no other thread that a fork could tear away from what it holds."""
    return sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1 and threading.active_count() == 1


def _be_the_helper(told: socket.socket, template: Template, composer: Composer) -> None:
    """Make what is asked for, until nobody asks any more; this process ends here."""
    try:
        # what Ctrl-C means is for the run to say
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        _let_go_of_all_but(told.fileno())
        while True:
            told.sendall(_packed([_made(row, template, composer) for row in _unpacked(told)]))
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


def _made(row: tuple[Any, ...], template: Template, composer: Composer) -> _Made:
    try:
        message = message_for(*_heard(row), template, composer)
    except Exception:  # noqa: BLE001  # the run meets the same error, and has words for it
        return None
    envelope = message.envelope
    return (
        envelope.reverse_path,
        envelope.forward_path,
        message.message_id,
        message.octets,
        message.digest,
        message.stuffed,
    )


def _told(claimed: Claimed, date: dt.datetime) -> tuple[Any, ...]:
    """Return a recipient as what can be told quickly: plain values."""
    copied = (claimed.copy_of.address, claimed.copy_of.message_id) if claimed.copy_of else None
    who = (claimed.id, claimed.key, claimed.address, claimed.name, claimed.language, claimed.form.value)
    what = (claimed.salutation, claimed.stored, claimed.message_id, claimed.code, claimed.token)
    return (*who, *what, copied, date.isoformat())


def _heard(row: tuple[Any, ...]) -> tuple[Claimed, dt.datetime]:
    number, key, address, name, language, form, salutation, stored, message_id, code, token, copied, date = row
    what = (Form(form), salutation, stored, message_id, None, None, code, token)
    claimed = Claimed(number, key, address, name, language, *what, CopyOf(*copied) if copied else None)
    return claimed, dt.datetime.fromisoformat(date)


def _packed(values: list[Any]) -> bytes:
    octets = marshal.dumps(values)
    return _SIZE.pack(len(octets)) + octets


def _unpacked(source: socket.socket) -> list[Any]:
    """Return what comes next.

    :raises EOFError: the other process is gone.
    :raises OSError: it does not answer.
    """
    (size,) = _SIZE.unpack(_exactly(source, _SIZE.size))
    values: list[Any] = marshal.loads(_exactly(source, size))  # noqa: S302  # both ends are this program
    return values


def _exactly(source: socket.socket, size: int) -> bytearray:
    octets = bytearray(size)
    rest = memoryview(octets)
    while rest:
        count = source.recv_into(rest)
        if not count:
            raise EOFError("it has closed its socket")
        rest = rest[count:]
    return octets
