"""How far a command is that looks at everybody: it reads all rows, and then looks at all who are written to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

from notify.cli.screen import while_read

if TYPE_CHECKING:
    from notify.actions.prepare import Prepared
    from notify.contacts import Source

T = TypeVar("T")


def enrolling(steps: Iterable[T], prepared: Prepared, doing: str = "Reading contacts") -> Iterator[T]:
    """Show an enrolment, in which each row is a step when it is read, and when it is enrolled.

    Where nothing is to be read, no contact file is opened for it.
    """
    from notify.cli.send_progress import reading

    def total() -> int:
        from notify.actions.sources import probable_rows

        return 2 * probable_rows(prepared.sources)

    return reading(steps, doing, total)


class Walks:
    """Shows the walk over all rows, then that over all who are written to, who are no more than these."""

    def __init__(
        self, sources: Sequence[Source], looking: str = "Looking at messages", *, ends_unread: bool = False
    ) -> None:
        """Begin with nothing read.

        :param looking: what is done in the second walk.
        :param ends_unread: the command does nothing but write what it finds: it ends once nobody reads that.
        """
        self._sources, self._looking, self._ends_unread = sources, looking, ends_unread
        self._walks = self._rows = 0

    def __call__(self, steps: Iterable[T], /) -> Iterator[T]:
        """Pass on each step, and show how many there were."""
        self._walks += 1
        steps = while_read(steps) if self._ends_unread else iter(steps)
        return self._read(steps) if self._walks == 1 else self._look_at(steps)

    def _read(self, steps: Iterable[T]) -> Iterator[T]:
        from notify.actions.sources import probable_rows
        from notify.cli.send_progress import reading

        for row in reading(steps, total=lambda: probable_rows(self._sources)):
            self._rows += 1
            yield row

    def _look_at(self, steps: Iterator[T]) -> Iterator[T]:
        from notify.cli.send_progress import reading

        # before the first one comes, all rows are read
        for first in steps:
            yield from reading(chain((first,), steps), self._looking, lambda: self._rows)
