"""How the walks over all rows are followed by whoever shows how far they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

T = TypeVar("T")


class Watch(Protocol):
    """Passes on what it is given, and may show how far that is."""

    def __call__(self, steps: Iterable[T], /) -> Iterator[T]:
        """Pass on each step."""


def unwatched(steps: Iterable[T], /) -> Iterator[T]:
    """Pass on each step, and show nothing."""
    return iter(steps)
