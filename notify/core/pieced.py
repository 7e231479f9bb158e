"""Texts that know what of them many messages share, and what is one recipient's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Self

#: What writes a value of a recipient, and its number.
Own = tuple[Callable[[str], str], int]


class Pieced(str):
    """A text, and the pieces that it was put together from. Whatever changes it makes an ordinary text of it."""

    __slots__ = ("own", "shared")

    #: What stands in the same place of many messages: before, between and behind what is ``own``.
    shared: tuple[str, ...]
    #: What is one recipient's: between those.
    own: Sequence[str]

    @classmethod
    def together(cls, shared: tuple[str, ...], own: Sequence[str]) -> Self:
        """Put a text together from its pieces, of which one more is shared than own."""
        pieces = [*shared, *own]
        pieces[::2], pieces[1::2] = shared, own
        pieced = cls("".join(pieces))
        pieced.shared, pieced.own = shared, own
        return pieced


class Pieces:
    """A text without the values of its recipient: that of many messages, and each is known by being the same one."""

    def __init__(self, shared: tuple[str, ...], own: Sequence[Own]) -> None:
        """Take what is shared, and what of each recipient stands between each two pieces of it."""
        self.shared = shared
        #: What is own, each once, and which of these stands between the first two pieces, between the next two, …
        self.distinct = tuple(dict.fromkeys(own))
        self.order = tuple(map(self.distinct.index, own))
        #: How many characters are shared.
        self.length = sum(map(len, shared))
        self._is_there = self.length > 0 or bool(own)

    def __bool__(self) -> bool:
        """Tell whether there is anything to read in it."""
        return self._is_there

    def fill(self, values: Sequence[str]) -> str:
        """Return the text for one recipient; without any values it is nobody else's, and in one piece."""
        if not values:
            return "".join(self.shared)
        own = [write(values[number]) for write, number in self.distinct]
        return Pieced.together(self.shared, [own[place] for place in self.order])
