"""Plain text that knows where in it values were printed: what slots are for Markdown."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Self

from notify.core.rendered import GAP


class Traced(str):
    """A text, and what it was put together from. Whatever changes it makes an ordinary text of it."""

    __slots__ = ("_pieces",)

    #: What was joined; None of a value that was printed.
    _pieces: Sequence[str] | None

    @classmethod
    def value(cls, text: str) -> Self:
        """Make a text that was printed as a whole."""
        traced = cls(text)
        traced._pieces = None
        return traced

    @classmethod
    def joined(cls, pieces: Sequence[str]) -> Self:
        """Join pieces; those that are traced are known again in it."""
        traced = cls("".join(pieces))
        traced._pieces = pieces
        return traced

    def __str__(self) -> str:
        # Jinja makes a string of all that is printed, and would make an ordinary one of this
        return self

    def values(self) -> Iterator[str]:
        """Yield what was printed."""
        return (piece for piece, is_value in self.parts() if is_value)

    def with_gaps(self, kept: Collection[str] = ()) -> str:
        """Return the text with a gap in the place of every value but those that are kept."""
        return "".join(GAP if is_value and piece not in kept else piece for piece, is_value in self.parts())

    def parts(self) -> Iterator[tuple[str, bool]]:
        """Yield every part, with whether it is a value; an empty one is none."""
        if self._pieces is None:
            yield self[:], len(self) > 0
            return
        for piece in self._pieces:
            if isinstance(piece, Traced):
                yield from piece.parts()
            else:
                yield piece, False
