"""Bank account numbers as people read them. They are compared as machines do, without blanks."""

from __future__ import annotations

from typing import Self

#: A line never ends inside a number.
_BLANK = "\N{NO-BREAK SPACE}"


class Iban(str):
    """An IBAN that prints in groups of four, as on paper (ISO 13616-1, 5.2), and is compact in every comparison."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Take it grouped in whatever way."""
        return super().__new__(cls, "".join(text.split()).upper())

    def __str__(self) -> str:
        compact = self[:]
        return _BLANK.join(compact[start : start + 4] for start in range(0, len(compact), 4))


class FormerIban(Iban):
    """An IBAN that prints its country and its last four places: enough for those who know it, of no use to others."""

    __slots__ = ()

    def __str__(self) -> str:
        return _BLANK.join((self[:2], "…", self[-4:]))
