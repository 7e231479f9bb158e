"""Which characters may travel, and which may stand in a header."""

from __future__ import annotations

from notify.core.late_pattern import late_pattern

_LINE_BREAK = late_pattern(r"\r\n|[\r\n\t]")
# C0, DEL and C1; the two Unicode line ends; what turns the direction of all that follows (CVE-2021-42574)
_UNWANTED = late_pattern("[\0-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def encodable(text: str) -> str:
    """Return a text that UTF-8 can encode: lone surrogates become U+FFFD, pairs the character they stand for.

    They come from files that were read with ``surrogateescape`` and from JSON.
    """
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def one_line(text: str) -> str:
    """Return a text as it may stand in a header: no control characters, and so no second header.

    Line breaks and tabs become blanks; other controls, and overrides of the writing direction, are dropped.
    """
    # nothing that is unwanted is printable, and nearly all names and subjects are
    if not text.isprintable():
        text = _UNWANTED.sub("", _LINE_BREAK.sub(" ", encodable(text)))
    return text.strip(" ")
