"""A cache that is bounded by the size of what it keeps: a few large files, or thousands of small ones."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class SizedCache(Generic[K, V]):
    """Keeps what was asked for last, up to so many octets; what is larger than that is kept alone.

    It may be shared between threads: at worst something is made twice.
    """

    def __init__(self, most: int, size_of: Callable[[K, V], int]) -> None:
        self._most = most
        self._size_of = size_of
        self._kept: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._size = 0

    def get(self, key: K, make: Callable[[K], V]) -> V:
        """Return the value of a key, made when it is not there."""
        found = self._kept.get(key)
        if found is None:
            value = make(key)
            found = value, self._size_of(key, value)
            self._kept[key] = found
            self._size += found[1]
            if self._size > self._most:
                self._shrink()
        else:
            try:
                self._kept.move_to_end(key)
            except KeyError:  # another thread has just let it go
                self._kept[key] = found
        return found[0]

    def _shrink(self) -> None:
        """Let go what was not asked for the longest, down to three quarters: then nothing is counted each time."""
        self._size = sum(size for _, size in list(self._kept.values()))
        while self._size > self._most * 3 // 4 and len(self._kept) > 1:
            _, (_, size) = self._kept.popitem(last=False)
            self._size -= size
