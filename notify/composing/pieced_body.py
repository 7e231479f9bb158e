"""A body in pieces: what many messages share, and what is somebody's own between it.

A soft line break (RFC 2045, 6.7) on either side of what is own makes each piece independent of those beside it, so that
what is shared can be encoded once for all of them (:mod:`notify.composing.sheet`).
"""

from __future__ import annotations

import binascii
import functools

from notify.composing.body import LONGEST_LINE, quoted_printable
from notify.core.pieced import Pieced

_SOFT_BREAK = b"=\r\n"


def encoded(text: str) -> bytes:
    """Return a text as :func:`notify.composing.body.quoted_printable` does; its lines may be folded elsewhere."""
    if not isinstance(text, Pieced):
        return quoted_printable(text)
    try:
        shared, own = shared_pieces(text.shared), [*map(own_piece, text.own)]
    except ValueError:
        return quoted_printable(text)
    pieces = [*shared, *own]
    pieces[::2], pieces[1::2] = shared, own
    return b"".join(pieces)


def shared_pieces(texts: tuple[str, ...]) -> tuple[bytes, ...]:
    """Return what is shared, encoded, with the soft breaks towards what is own.

    :raises ValueError: it ends in what is somebody's own, which has a line end of its own behind it, or has none; or at
        the edge of what is shared is half of a line end or of a character.
    """
    first, *others = texts
    if not others:
        return (quoted_printable(first),)
    *between, last = others
    if not last:
        raise ValueError("nothing shared at the end")
    pieces = [_before_own(first), *(_behind_own(text) + _before_own(text) for text in between)]
    return (*pieces, _behind_own(last) + quoted_printable(last))


def _behind_own(text: str) -> bytes:
    return b"" if text.startswith("\n") else _SOFT_BREAK


def _before_own(text: str) -> bytes:
    return _alone(text) if text.endswith("\n") or not text else _alone(text) + _SOFT_BREAK


# the same stands in text and HTML, and greetings and towns in many messages
@functools.lru_cache(maxsize=4096)
def own_piece(text: str) -> bytes:
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
