"""The tabs in which a page is open: each holds a stream of events, and is told what has changed."""

from __future__ import annotations

import queue
import select
import socket
import threading
import time
from collections.abc import Iterator

#: How long after the last tab was closed the server goes on: a tab that is loaded again is gone for a moment.
_GRACE_S = 4.0
#: How often a stream says that it is there, should its end go unnoticed.
_BEAT_S = 15.0


class Tabs:
    """All tabs of one page."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: set[queue.SimpleQueue[str]] = set()
        self._left: float | None = None

    def tell(self, event: str) -> None:
        """Tell all tabs that something has happened."""
        with self._lock:
            for tab in self._open:
                tab.put(event)

    def all_are_gone(self) -> bool:
        """Tell whether there was a tab, and for some seconds none is there any more."""
        with self._lock:
            return self._left is not None and time.monotonic() - self._left > _GRACE_S

    def events(self, connection: socket.socket) -> Iterator[bytes]:
        """Yield what is written to a tab (Server-Sent Events), as long as it is there."""
        mine: queue.SimpleQueue[str] = queue.SimpleQueue()
        with self._lock:
            self._open.add(mine)
            self._left = None
        try:
            yield b"retry: 500\n\n"
            beat = time.monotonic()
            while not _has_ended(connection):
                try:
                    event = mine.get(timeout=0.25)
                except queue.Empty:
                    if time.monotonic() - beat > _BEAT_S:
                        beat = time.monotonic()
                        yield b":\n\n"
                    continue
                yield f"event: {event}\ndata:\n\n".encode()
        finally:
            with self._lock:
                self._open.discard(mine)
                if not self._open:
                    self._left = time.monotonic()


def _has_ended(connection: socket.socket) -> bool:
    """Tell whether the other end has closed its connection; it has nothing more to say on it."""
    readable, _, _ = select.select([connection], [], [], 0)
    return bool(readable)
