"""How much a template may do for one piece of one message: so many steps, so many characters.

A template can ask for more than any machine has with a handful of letters: ``"a" * 10**9``, two loops in each other, a
macro that calls itself. So steps (the rounds of loops, calls, filters) and what is made by them are counted, the latter
before it is made. Counts are the same on every machine, so that what was previewed is what is sent.
"""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterable, Iterator, KeysView, ValuesView
from contextvars import ContextVar
from typing import TypeVar

from jinja2 import TemplateRuntimeError

from notify.rendering.own import length_of

MOST_STEPS = 100_000
#: What no message comes near: Gmail shows the first 100,000 octets, and layouts hold small pictures.
MOST_CHARACTERS = 2_000_000

_HOLDING = (list, tuple, dict, set, frozenset, KeysView, ValuesView, ItemsView)

T = TypeVar("T")


class TooMuchError(TemplateRuntimeError):
    """A template asks for more than it may have."""


class Allowance:
    """What is left of it."""

    __slots__ = ("_characters", "_steps")

    def __init__(self) -> None:
        self._steps = MOST_STEPS
        self._characters = MOST_CHARACTERS

    def step(self) -> None:
        """Take one step.

        :raises TooMuchError: there is none left.
        """
        self._steps -= 1
        if self._steps < 0:
            raise TooMuchError(
                f"the template takes more than {MOST_STEPS:,} steps (rounds of its loops, calls and filters)"
            )

    def spend(self, characters: int) -> None:
        """Allow for so many characters, items or digits that are made or looked through.

        :raises TooMuchError: there are not as many left.
        """
        self._characters -= characters
        if self._characters < 0:
            raise TooMuchError(f"the template makes or works through more than {MOST_CHARACTERS:,} characters")

    def each(self, items: Iterable[T]) -> Iterator[T]:
        """Yield the items, each of them a step."""
        for item in items:
            self.step()
            yield item


_current: ContextVar[Allowance | None] = ContextVar("current", default=None)


def allowance() -> Allowance:
    """Return that of the rendering that this thread is in; outside of one, a new one."""
    return _current.get() or Allowance()


def within_allowance(render: Callable[[], T]) -> T:
    """Render something with a new allowance, and return it.

    :raises TooMuchError: it needs more.
    """
    token = _current.set(Allowance())
    try:
        return render()
    finally:
        _current.reset(token)


def weight(*values: object) -> int:
    """Return how many characters, items and digits there are in values; of more than may be, only that it is more.

    What stands in a list a hundred times is counted a hundred times, as it would be written.
    """
    total, waiting = 0, [*values]
    while waiting and total <= MOST_CHARACTERS:
        value = waiting.pop()
        total += 1
        if isinstance(value, str):
            total += length_of(value)
        elif isinstance(value, bytes):
            total += len(value)
        elif isinstance(value, int):
            total += value.bit_length() // 3
        elif isinstance(value, _HOLDING):
            if len(value) > MOST_CHARACTERS - total - len(waiting):
                return MOST_CHARACTERS + 1
            waiting += [*value, *value.values()] if isinstance(value, dict) else value
    return total
