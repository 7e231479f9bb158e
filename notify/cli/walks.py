"""How far a preview is that looks at everybody: it reads all rows, and then makes all messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from notify.actions.prepare import Prepared

T = TypeVar("T")


class Walks:
    """Shows the walk over all rows, then that over all who are written to, who are no more than these."""

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared
        self._rows = 0

    def __call__(self, steps: Iterable[T], /) -> Iterator[T]:
        """Pass on each step, and show how many there were."""
        from notify.actions.sources import probable_rows
        from notify.cli.send_progress import reading

        if not self._rows:
            for row in reading(steps, total=probable_rows(self._prepared.sources)):
                self._rows += 1
                yield row
            return
        yield from reading(steps, "Looking at messages", self._rows)
