"""Work that is done batch by batch, by whichever of two processes has time, and in the order of them.

Only what depends on nothing but its batch, and changes nothing, is done so. So it makes no difference who does it, and
where the other process is killed, or freezes, the run does what is left, with the same result.

A batch is done step by step, each step for all of it: that takes two thirds of the time that it takes row by row, as
the processor finds in its caches what it has just used.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import TracebackType
from typing import Any, Self, TypeVar

from notify.delivery.forked import Forked

T = TypeVar("T")

#: Items, what is asked about them and, once it is known, the answer.
_Batch = tuple[Sequence[T], Any, list[Any] | None]

#: So many rows are a batch: they take either process some milliseconds. Half as many take 7 % longer in all.
_AT_ONCE = 128
#: So many batches that are done may wait for one that is not.
_MOST_WAITING = 12


class SecondCore:
    """Shares work with a second core, in a ``with``."""

    def __init__(self, work: Callable[[Any], list[Any]], *, is_there: bool = True) -> None:
        """Prepare to share.

        :param work: what is done: given a batch as plain values, it returns what it makes of each, also as such.
        :param is_there: there is a second core, and enough to do for it; else all is done here.
        """
        self._work = work
        self._is_there = is_there
        self._forked: Forked | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._forked:
            self._forked.end()

    @property
    def process(self) -> int:
        """The number of the other process."""
        return self._forked.process if self._forked else 0

    def shared(self, items: Iterable[T], told: Callable[[Sequence[T]], Any]) -> Iterator[tuple[T, Any]]:
        """Yield each item with what was made of it.

        :param told: returns a batch as it is asked about.
        """
        # the batches that are not yielded yet
        waiting: deque[_Batch[T]] = deque()
        try:
            for batch in _batched(items):
                # what is answered is taken first: then more can be asked
                while waiting and (self._is_answered(waiting[0][2]) or len(waiting) >= _MOST_WAITING):
                    yield from self._done(waiting.popleft())
                question = told(batch)
                is_asked = self._forked is not None and self._forked.ask(question)
                waiting.append((batch, question, None if is_asked else self._work(question)))
                self._start()
        except Exception:
            # the items have come to an end where one was not expected: those before it come first
            while waiting:
                yield from self._done(waiting.popleft())
            raise
        while waiting:
            yield from self._done(waiting.popleft())

    def _start(self) -> None:
        """Start the other process when the first batch is done: what that had to load and compile, it has as well."""
        if self._is_there and self._forked is None:
            self._forked = Forked(self._work)

    def _is_answered(self, answer: list[Any] | None) -> bool:
        return answer is not None or self._forked is None or self._forked.has_answered()

    def _done(self, taken: _Batch[T]) -> Iterator[tuple[T, Any]]:
        batch, question, answer = taken
        if answer is None and self._forked:
            answer = self._forked.answer()
        if answer is None:
            answer = self._work(question)
        return zip(batch, answer, strict=True)


def _batched(items: Iterable[T]) -> Iterator[Sequence[T]]:
    """Yield the items in batches; where getting them fails, first those that were got."""
    each = iter(items)
    while True:
        batch: list[T] = []
        try:
            for item in itertools.islice(each, _AT_ONCE):
                batch.append(item)  # noqa: PERF402  # of a list that cannot be made to its end nothing would be left
        except Exception:
            yield batch
            raise
        if not batch:
            return
        yield batch
