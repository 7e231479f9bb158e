"""The bodies of messages that differ in values only: what they share is encoded once, with gaps for the rest."""

from __future__ import annotations

from collections.abc import Sequence

from notify.composing.frame import Frame
from notify.composing.pieced_body import own_piece, shared_pieces
from notify.core.message import has_dots
from notify.core.pieced import Pieces


class Sheet:
    """Text and HTML within their frame, with gaps for what is somebody's own."""

    def __init__(self, frame: Frame, text: Pieces, html: Pieces | None) -> None:
        """Encode what is shared.

        :raises ValueError: it cannot be encoded without what is own.
        """
        *before, last = shared_pieces(text.shared)
        first, *behind = shared_pieces(html.shared) if html else (b"",)
        shared = [*before, last + frame.between + first, *behind]
        shared[0] = frame.opening + shared[0]
        self._has_dots = any(map(has_dots, shared))
        self._own = text.distinct + (html.distinct if html else ())
        self._order = (*text.order, *(len(text.distinct) + place for place in (html.order if html else ())))
        # what is shared, with gaps between
        self._pieces = [b""] * (len(shared) * 2 - 1)
        self._pieces[::2] = shared

    def fill(self, values: Sequence[str]) -> tuple[list[bytes], bool] | None:
        """Return the pieces for one recipient, and whether a line of them begins with a dot.

        None where a value cannot be encoded without what stands beside it.
        """
        try:
            distinct = [own_piece(write(values[number])) for write, number in self._own]
        except ValueError:
            return None
        own = [distinct[place] for place in self._order]
        pieces = self._pieces.copy()
        pieces[1::2] = own
        # each that is own begins a line, so that nobody has to look through what is shared
        return pieces, self._has_dots or has_dots(b"\r\n".join(own))
