"""A text that knows what of it many messages share, and what is one recipient's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self


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
