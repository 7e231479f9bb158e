"""A journal that one run alone adds to, with room made ahead in it.

An entry that makes a file longer has the file system write down the new length as well, before it is durable: with a
disk that takes a millisecond to write, that is one more for each record. So the file is made longer by many entries at
once, in zeros, which no reader takes for entries, and what is left of them at the end of the run is cut off. After a
crash they stay there until the next run.

Whether the file still stands in its place is not asked at each entry: on Linux, who asks when a file was changed has
the moment of each file's next change kept exactly, and a file system without a journal of its own writes that down,
for the ledger too, before what was changed counts as being on the disk.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Iterable, Iterator

from notify.ledger.journal import ENTRY, SYNC, Begun, Journal

#: For so many octets room is made at once; a multiple of :data:`ENTRY`.
_ROOM = 2048 * ENTRY
#: An entry that is not on the disk after so long is brought there with the next one.
_LATEST_S = 0.25


class HeldJournal(Journal):
    """A journal while it is open; see :func:`held`."""

    def __init__(self, journal: Journal, file: int) -> None:
        """Add to a journal from the end of its entries on.

        :param file: its descriptor, open for reading and writing.
        """
        super().__init__(journal.path, journal.seal, journal.folder)
        self._file = file
        self._stat = os.fstat(file)
        self._size = self._stat.st_size
        #: Where its entries end.
        self.end = self._end_of_entries()
        # up to where they were noted while it certainly stood in its place; None: it does not any more
        self._seen: int | None = self.end
        # when the oldest entry was noted that is not on the disk yet (time.monotonic()); None: all are
        self._behind_since: float | None = None
        # one thread notes, and another one looks after what was noted
        self._turn = threading.Lock()

    def keep(self, begun: Iterable[Begun]) -> None:
        """Note the messages that are about to leave. When it fails, a warning says so and the run goes on.

        It outlives this process at once, and a loss of power from the next :meth:`make_durable` on.
        """
        is_late = False
        with self._turn, self.complaining():
            octets = self.entries_of(begun)
            if self._seen is None:
                self._append(octets)
                return
            while self.end + len(octets) > self._size:
                self._write(bytes(_ROOM), self._size)
                self._size += _ROOM
            self._write(octets, self.end)
            self.end += len(octets)
            now = time.monotonic()
            # read once: the other thread may take it away at any moment
            behind_since = self._behind_since
            if behind_since is None:
                self._behind_since = behind_since = now
            is_late = now - behind_since > _LATEST_S
        if is_late:
            # whoever should do that is held up, by a terminal that is stopped for example
            self.make_durable()

    def make_durable(self) -> None:
        """Bring to the disk what was noted. Another thread may call it than the one that notes."""
        if self._behind_since is not None:
            # before it is synchronised: what is noted meanwhile may come too late for that
            self._behind_since = None
            with self.complaining():
                SYNC(self._file)
                self._look_after()

    def _look_after(self) -> None:
        """See whether the file stands in its place; if not, note there what was noted since that was so.

        Whoever took it away, or put another one there: what stands in its place is what the next run will read.
        """
        with self._turn:
            if self._seen is None:
                return
            if self._is_there():
                self._seen = self.end
                return
            os.lseek(self._file, self._seen, os.SEEK_SET)
            since = os.read(self._file, self.end - self._seen)
            self._seen = None
            self._append(since)

    def _is_there(self) -> bool:
        try:
            return os.path.samestat(self.path.stat(), self._stat)
        except OSError:
            return False

    def _write(self, octets: bytes, place: int) -> None:
        os.lseek(self._file, place, os.SEEK_SET)
        if os.write(self._file, octets) < len(octets):
            raise OSError(0, "it takes no more")

    def _end_of_entries(self) -> int:
        end = self._size - self._size % ENTRY
        while end:
            begin = max(0, end - _ROOM)
            os.lseek(self._file, begin, os.SEEK_SET)
            if entries := os.read(self._file, end - begin).rstrip(b"\0"):
                return begin + -(-len(entries) // ENTRY) * ENTRY
            end = begin
        return 0


@contextlib.contextmanager
def held(journal: Journal) -> Iterator[HeldJournal]:
    """Open a journal for somebody who alone adds to it inside this ``with``.

    :raises OSError: it cannot be written.
    """
    file = os.open(journal.path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        one = HeldJournal(journal, file)
        try:
            yield one
        finally:
            one.make_durable()
            with contextlib.suppress(OSError):
                os.ftruncate(file, one.end)
    finally:
        os.close(file)
