"""Plain text that knows where in it values were printed: what slots are for Markdown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Self

from notify.core.rendered import GAP


class Traced(str):
    """A text, and the places in it at which values were printed. Whatever changes it makes an ordinary text of it."""

    __slots__ = ("spans",)

    #: Where each value begins and ends.
    spans: tuple[tuple[int, int], ...]

    @classmethod
    def value(cls, text: str) -> Self:
        """Make a text that was printed as a whole."""
        traced = cls(text)
        traced.spans = ((0, len(text)),) if text else ()
        return traced

    @classmethod
    def joined(cls, pieces: Iterable[str]) -> Self:
        """Join pieces; those that are traced keep their places."""
        taken, spans, end = [*pieces], [], 0
        for piece in taken:
            if isinstance(piece, Traced):
                spans += [(end + first, end + last) for first, last in piece.spans]
            end += len(piece)
        traced = cls("".join(taken))
        traced.spans = tuple(spans)
        return traced

    def __str__(self) -> str:
        # Jinja makes a string of all that is printed, and would make an ordinary one of this
        return self

    def values(self) -> Iterator[str]:
        """Yield what was printed."""
        return (self[first:last] for first, last in self.spans)

    def with_gaps(self, kept: Collection[str] = ()) -> str:
        """Return the text with a gap in the place of every value but those that are kept."""
        parts, end = [], 0
        for first, last in self.spans:
            value = self[first:last]
            parts += [self[end:first], value if value in kept else GAP]
            end = last
        return "".join([*parts, self[end:]])
