"""Attempts as they come, for whoever looks again and again.

In a database several workers record at once. A number is given when an attempt is written, and seen when it is
committed: the lower of two may be seen last. So each look goes back a while, and tells what it has not told before.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from notify.core.outcome import Attempt
from notify.ledger.store import Store

#: No transaction of a worker is open for so long between the two.
_BACK_S = 10.0
#: And so many numbers of what was told are remembered at most.
_REMEMBERED = 100_000


class NewAttempts:
    """What each look finds that no look before has found."""

    def __init__(
        self,
        store: Store,
        read: Callable[[int], Iterable[tuple[int, Attempt]]],
        after: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin behind the attempt with the number ``after``.

        :param read: returns all attempts behind a number, each with its own.
        """
        self._read = read
        self._after = after
        self._clock = clock
        self._back_s = 0.0 if isinstance(store.place, Path) else _BACK_S
        self._told: deque[tuple[float, int]] = deque()
        self._numbers: set[int] = set()

    def look(self) -> Iterator[Attempt]:
        """Yield those that are new, in the order of their numbers."""
        now = self._clock()
        self._forget(now)
        for number, attempt in self._read(self._after):
            if number not in self._numbers:
                self._numbers.add(number)
                self._told.append((now, number))
                if len(self._told) > 2 * _REMEMBERED:
                    self._forget(now)
                yield attempt

    def _forget(self, now: float) -> None:
        while self._told and (self._told[0][0] <= now - self._back_s or len(self._told) > _REMEMBERED):
            _, number = self._told.popleft()
            self._numbers.discard(number)
            self._after = max(self._after, number)
