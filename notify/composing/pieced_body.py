"""A body of which most is the same in many messages: that is encoded once, and joined around what is somebody's own.

A soft line break (RFC 2045, 6.7) on either side of what is own makes each piece independent of those beside it.
"""

from __future__ import annotations

import binascii
import functools
from typing import NamedTuple

from notify.composing.body import LONGEST_LINE, quoted_printable
from notify.core.message import has_dots
from notify.core.pieced import Pieced
from notify.core.sized_cache import SizedCache

_SOFT_BREAK = b"=\r\n"
#: So many octets of what messages share are kept encoded. That of templates that print little stays; what is like no
#: other passes through.
_MOST_KEPT = 4_000_000


class Body(NamedTuple):
    """An encoded body, and whether a line of it begins with a dot."""

    octets: bytes
    has_dots: bool


class _Shared(NamedTuple):
    """What is shared, encoded: before, between and behind what is own; and whether a line of it begins with a dot."""

    pieces: tuple[bytes, ...]
    has_dots: bool


class Bodies:
    """Encodes bodies. It may be shared between threads."""

    def __init__(self) -> None:
        self._encoded = SizedCache[tuple[str, ...], _Shared | None](
            _MOST_KEPT, lambda texts, shared: sum(map(len, texts)) + sum(map(len, shared.pieces if shared else ()))
        )

    def encode(self, text: str) -> Body:
        """Return a text as :func:`notify.composing.body.quoted_printable` does; its lines may be folded elsewhere."""
        if not (isinstance(text, Pieced) and (shared := self._encoded.get(text.shared, _shared))):
            return _as_one(text)
        try:
            own = [*map(_own, text.own)]
        except ValueError:
            return _as_one(text)
        pieces = [*shared.pieces, *own]
        pieces[::2], pieces[1::2] = shared.pieces, own
        # each that is own begins a line, so that nobody has to look through what is shared
        return Body(b"".join(pieces), shared.has_dots or has_dots(b"\r\n".join(own)))


def _as_one(text: str) -> Body:
    octets = quoted_printable(text)
    return Body(octets, has_dots(octets))


def _shared(texts: tuple[str, ...]) -> _Shared | None:
    """Return what is shared, encoded, with the soft breaks towards what is own; None where that cannot be.

    A body that ends in what is somebody's own has a line end of its own behind it, or has none.
    """
    first, *others = texts
    if not others:
        return _known([quoted_printable(first)])
    *between, last = others
    if not last:
        return None
    try:
        pieces = [_before_own(first), *(_behind_own(text) + _before_own(text) for text in between)]
    except ValueError:
        return None
    return _known([*pieces, _behind_own(last) + quoted_printable(last)])


def _known(pieces: list[bytes]) -> _Shared:
    return _Shared((*pieces,), any(map(has_dots, pieces)))


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
