"""A value of one recipient that knows which of its values it is, wherever a template prints it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

from notify.rendering.traced import Traced

#: A longer value takes the way of everybody whose message is like no other. What is printed of a value that stands for
#: others too is charged as if it were as long, so that what one of them may print, all of them may.
LONGEST = 1_000


class Own(Traced):
    """A value of a recipient, and its number among those that the template prints of one.

    ``made`` are those that filters make of it, by their names.
    """

    __slots__ = ("made", "number")

    number: int
    made: dict[str, Own]

    @classmethod
    def numbered(cls, text: str, number: int) -> Self:
        """Make a value with its number."""
        own = cls.value(text)
        own.number = number
        own.made = {}
        return own

    def parts(self) -> Iterator[tuple[str, bool]]:
        """Yield itself: what it was joined to knows it again."""
        yield self, len(self) > 0


def number_of(value: str) -> int | None:
    """Return the number of a recipient's value; None of what is the same for everybody."""
    number: int | None = getattr(value, "number", None)
    return number


def length_of(text: str) -> int:
    """Return how long a text is, or may be with the values of somebody else."""
    return LONGEST if isinstance(text, Own) else len(text)
