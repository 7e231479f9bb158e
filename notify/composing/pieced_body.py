"""A body of which most is the same in many messages: that is encoded once, and joined around what is somebody's own.

A soft line break (RFC 2045, 6.7) on either side of what is own makes each piece independent of those beside it.
"""

from __future__ import annotations

import binascii
import functools

from notify.composing.body import LONGEST_LINE, quoted_printable
from notify.core.pieced import Pieced
from notify.core.sized_cache import SizedCache

_SOFT_BREAK = b"=\r\n"
#: So many octets of what messages share are kept encoded. That of templates that print little stays; what is like no
#: other passes through.
_MOST_KEPT = 4_000_000


class Bodies:
    """Encodes bodies. It may be shared between threads."""

    def __init__(self) -> None:
        self._encoded = SizedCache[tuple[str, ...], tuple[bytes, ...]](
            _MOST_KEPT, lambda texts, pieces: sum(map(len, texts)) + sum(map(len, pieces))
        )

    def encode(self, text: str) -> bytes:
        """Return a text as :func:`notify.composing.body.quoted_printable` does; its lines may be folded elsewhere."""
        if not isinstance(text, Pieced):
            return quoted_printable(text)
        shared = self._encoded.get(text.shared, _shared)
        if not shared:
            return quoted_printable(text)
        try:
            own = [*map(_own, text.own)]
        except ValueError:
            return quoted_printable(text)
        pieces = [*shared, *own]
        pieces[::2], pieces[1::2] = shared, own
        return b"".join(pieces)


def _shared(texts: tuple[str, ...]) -> tuple[bytes, ...]:
    """Return what is shared, encoded, with the soft breaks towards what is own; nothing where that cannot be.

    A body that ends in what is somebody's own has a line end of its own behind it, or has none.
    """
    first, *others = texts
    if not others:
        return (quoted_printable(first),)
    *between, last = others
    if not last:
        return ()
    try:
        pieces = [_before_own(first), *(_behind_own(text) + _before_own(text) for text in between)]
    except ValueError:
        return ()
    return (*pieces, _behind_own(last) + quoted_printable(last))


def _behind_own(text: str) -> bytes:
    return b"" if text.startswith("\n") else _SOFT_BREAK


def _before_own(text: str) -> bytes:
    return _alone(text) if text.endswith("\n") or not text else _alone(text) + _SOFT_BREAK


# the same stands in text and HTML, and greetings and towns in many messages
@functools.lru_cache(maxsize=4096)
def _own(text: str) -> bytes:
    """Return a piece that is somebody's own.

    :raises ValueError: at its edge is half of a line end or of a character, the other half may stand beside it.
    """
    octets = text.encode()
    if text.isprintable():
        encoded = binascii.b2a_qp(octets)
        # else it has folded it, at bare LF
        if len(encoded) < LONGEST_LINE:
            return encoded
    return _alone(text)


def _alone(text: str) -> bytes:
    """Return a piece with room for a soft break behind it.

    :raises ValueError: there may be half of a line end at its edge.
    """
    if "\r" in text:
        raise ValueError("half of a line end")
    encoded = quoted_printable(text + "\n")[:-2]
    start = encoded.rfind(b"\n") + 1
    if len(encoded) - start < LONGEST_LINE:
        return encoded
    # not inside of an octet that is written as three
    end = next(end for end in range(start + 70, start, -1) if b"=" not in encoded[end - 2 : end])
    return encoded[:end] + _SOFT_BREAK + encoded[end:]
