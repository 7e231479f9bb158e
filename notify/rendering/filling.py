"""A text of which all is known but the values of its recipient: they are filled in, and nothing else is done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import cast

from notify.core.pieced import Own, Pieces
from notify.rendering.own import number_of
from notify.rendering.slots import Shape, Slots, Writers
from notify.rendering.traced import Traced

#: Escaped, with places to break, and with its groups held together, a value is no longer than so many times itself.
_GROWS = 50


class Filling(Pieces):
    """Pieces that are the same for everybody, and what stands between them."""

    def __init__(self, pieces: Sequence[str | Own]) -> None:
        """Put together what is the same and stands side by side."""
        own = [piece for piece in pieces if isinstance(piece, tuple)]
        places = [place for place, piece in enumerate(pieces) if isinstance(piece, tuple)]
        between = zip([0, *(place + 1 for place in places)], [*places, len(pieces)], strict=True)
        super().__init__(tuple("".join(cast("Sequence[str]", pieces[start:end])) for start, end in between), own)
        gaps = [f"{{{place}}}" for place in self.order]
        around = [text.replace("{", "{{").replace("}", "}}") for text in self.shared]
        self._put_in = "".join(chain.from_iterable(zip(around, [*gaps, ""], strict=True))).format
        #: What stands before the first value, if there is one.
        self.beginning = self.shared[0]
        #: The values that stand in it, by number.
        self.numbers = tuple(number for _, number in own)

    @classmethod
    def of_text(cls, text: str) -> Filling:
        """Take apart a piece that was rendered as plain text."""
        return cls([*_of_text(text)])

    @classmethod
    def of_shape(cls, shape: Shape, slots: Slots, writers: Writers) -> Filling:
        """Take a shape with the values of everybody in it."""
        return cls(_of_shape(shape, slots, writers))

    def as_body(self) -> Filling:
        """Return it without empty lines around it, and with a line end."""
        first, *others = self.shared
        *before, last = [first.lstrip("\n"), *others]
        pieces: list[str | Own] = []
        for text, own in zip(before, (self.distinct[place] for place in self.order), strict=True):
            pieces += [text, own]
        return Filling([*pieces, last.rstrip("\n") + "\n"])

    def meets_line_end(self, values: Sequence[str]) -> bool:
        """Tell whether a value stands at the beginning or end with a line end of its own, where none is left."""
        if not self.numbers:
            return False
        first, last = values[self.numbers[0]], values[self.numbers[-1]]
        return (not self.shared[0] and first[0] == "\n") or (self.shared[-1] == "\n" and last[-1] == "\n")

    def plain(self, values: Sequence[str]) -> str:
        """Return the same text, which does not know of which pieces it is."""
        return self._put_in(*[write(values[number]) for write, number in self.distinct])

    def most(self, values: Sequence[str]) -> int:
        """Return a length that the text does not exceed."""
        return self.length + _GROWS * len("".join(map(values.__getitem__, self.numbers)))


def _of_text(text: str) -> Iterator[str | Own]:
    if not isinstance(text, Traced):
        yield text
        return
    for piece, _ in text.parts():
        number = number_of(piece)
        yield piece if number is None else (str, number)


def _of_shape(shape: Shape, slots: Slots, writers: Writers) -> list[str | Own]:
    numbers = [*map(number_of, slots.values)]
    written: dict[tuple[str, int], str | Own] = {}
    for kind, place in shape.slots:
        write, number = writers[kind], numbers[place]
        written[kind, place] = write(slots.values[place]) if number is None else (write, number)
    return [piece if isinstance(piece, str) else written[piece] for piece in shape.pieces]
