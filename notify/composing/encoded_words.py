"""Encoded words: other scripts in a header (RFC 2047)."""

from __future__ import annotations

import base64
import string
from collections.abc import Iterable, Iterator
from functools import lru_cache

#: RFC 2047, 2: no encoded word is longer.
LONGEST_WORD = 75

_BRACKETS = len("=?utf-8?q??=")
# RFC 2047, 5 (3): what may stand bare in a phrase may stand bare in a subject
_BARE = frozenset(string.ascii_letters + string.digits + "!*+-/")


def encoded_words(text: str, room: int) -> list[str]:
    """Return a text as encoded words, in Q or in B encoding, whichever is shorter.

    No word cuts a character in two, so that each can be decoded for itself (RFC 2047, 5).

    :param room: columns that are left on the first line; the first word is not longer, and at least 24 are needed.
    """
    room = min(room, LONGEST_WORD) - _BRACKETS
    rest = LONGEST_WORD - _BRACKETS
    quoted = [*map(_quoted, text)]
    length = sum(map(len, quoted))
    if length <= _base64_length(len(text.encode())):
        words = chunks(quoted, room, rest) if length > room else [b"".join(quoted)]
        return [f"=?utf-8?q?{word.decode()}?=" for word in words]
    octets = chunks(map(str.encode, text), room // 4 * 3, rest // 4 * 3)
    return [f"=?utf-8?b?{base64.b64encode(chunk).decode()}?=" for chunk in octets]


def _base64_length(octets: int) -> int:
    return (octets + 2) // 3 * 4


@lru_cache(maxsize=4096)
def _quoted(character: str) -> bytes:
    if character in _BARE:
        return character.encode()
    if character == " ":
        return b"_"
    return b"".join(b"=%02X" % octet for octet in character.encode())


def chunks(pieces: Iterable[bytes], first: int, rest: int) -> Iterator[bytes]:
    """Join pieces to chunks of at most ``first``, then ``rest`` octets; no piece may be longer than either."""
    chunk: list[bytes] = []
    size, limit = 0, first
    for piece in pieces:
        size += len(piece)
        if size > limit:
            yield b"".join(chunk)
            chunk, size, limit = [], len(piece), rest
        chunk.append(piece)
    yield b"".join(chunk)
