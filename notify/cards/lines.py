"""Content lines, as vCard and iCalendar write them (RFC 2426, 2.6; RFC 5545, 3.1): UTF-8, folded, with CRLF."""

from __future__ import annotations

from collections.abc import Iterable

from notify.core.late_pattern import late_pattern

#: Octets of a line without its line end.
LONGEST_LINE = 75

_SPECIAL = late_pattern(r"[\\;,]")
_LINE_BREAK = late_pattern(r"\r\n|[\r\n\u2028\u2029]")
_CONTROLS = late_pattern(r"[\x00-\x08\x0a-\x1f\x7f]")


def text(value: str) -> str:
    """Return a value as a text (RFC 2426, 4; RFC 5545, 3.3.11), with its line breaks."""
    return _LINE_BREAK.sub(r"\\n", _SPECIAL.sub(r"\\\g<0>", value))


def structured(*values: str) -> str:
    """Return a value of several components, as a name or an address is."""
    return ";".join(map(text, values))


def written(lines: Iterable[str]) -> str:
    """Return content lines as a file has them. None of them can become two."""
    return "".join(map(_folded, lines))


def _folded(line: str) -> str:
    """Return a line in pieces of at most 75 octets; no character is cut in two."""
    pieces, piece, size = [], "", 0
    for character in _CONTROLS.sub("", line):
        octets = len(character.encode("utf-8", "surrogatepass"))
        if size + octets > LONGEST_LINE:
            pieces.append(piece)
            # the blank that begins the next line counts
            piece, size = " ", 1
        piece, size = piece + character, size + octets
    return "\r\n".join([*pieces, piece, ""])
