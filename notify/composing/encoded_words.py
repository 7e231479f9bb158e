"""Encoded words: other scripts in a header (RFC 2047)."""

from __future__ import annotations

import binascii
import string
from collections.abc import Iterator

#: RFC 2047, 2: no encoded word is longer.
LONGEST_WORD = 75

_BRACKETS = len("=?utf-8?q??=")
# RFC 2047, 5 (3): what may stand bare in a phrase may stand bare in a subject
_BARE = string.ascii_letters + string.digits + "!*+-/"


def encoded_words(text: str, room: int) -> list[str]:
    """Return a text as encoded words, in Q or in B encoding, whichever is shorter.

    No word cuts a character in two, so that each can be decoded for itself (RFC 2047, 5).

    :param room: columns that are left on the first line; the first word is not longer, and at least 24 are needed.
    """
    room = min(room, LONGEST_WORD) - _BRACKETS
    rest = LONGEST_WORD - _BRACKETS
    octets, quoted = text.encode(), text.translate(_QUOTED)
    if len(quoted) <= _base64_length(len(octets)):
        return [f"=?utf-8?q?{word}?=" for word in _cut_quoted(quoted, room, rest)]
    words = _cut_octets(octets, room // 4 * 3, rest // 4 * 3)
    return [f"=?utf-8?b?{binascii.b2a_base64(word, newline=False).decode()}?=" for word in words]


def _base64_length(octets: int) -> int:
    return (octets + 2) // 3 * 4


def _cut_quoted(text: str, first: int, rest: int) -> Iterator[str]:
    """Cut what is in Q encoding into words of at most ``first``, then ``rest`` columns."""
    start, end = 0, first
    while end < len(text):
        while text[end - 1] == "=" or text[end - 2] == "=" or (text[end] == "=" and text[end + 1] in "89AB"):
            end -= 1
        yield text[start:end]
        start, end = end, end + rest
    yield text[start:]


def _cut_octets(octets: bytes, first: int, rest: int) -> Iterator[bytes]:
    """Cut UTF-8 into words of at most ``first``, then ``rest`` octets."""
    start, end = 0, first
    while end < len(octets):
        while octets[end] & 0xC0 == 0x80:
            end -= 1
        yield octets[start:end]
        start, end = end, end + rest
    yield octets[start:]


class _Quoted(dict[int, str]):
    """What characters are in Q encoding, by their numbers; those of European names are kept."""

    def __missing__(self, number: int) -> str:
        quoted = "".join([f"={octet:02X}" for octet in chr(number).encode()])
        if number < _KEPT:
            self[number] = quoted
        return quoted


_KEPT = 0x600
_QUOTED = _Quoted({ord(bare): bare for bare in _BARE} | {ord(" "): "_"})
