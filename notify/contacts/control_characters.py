"""Control characters in values: a blank in text, and left where they stand in an address, which is none then.

Taken out of the middle of an address they would make it somebody else's.
"""

from __future__ import annotations

import re

from notify.core.late_pattern import late_pattern

# but tab and line feed
_BLANKED = dict.fromkeys((code for code in (*range(0x20), 0x7F, *range(0x80, 0xA0)) if chr(code) not in "\t\n"), " ")
_AROUND = "".join(map(chr, _BLANKED)) + " \t\n"
_WORD = late_pattern(r"[^ \t\n]+")


def without_controls(text: str) -> str:
    """Return a value without blanks and control characters around it, with plain line ends, and blanks for the others.

    In words with an @ they stay.
    """
    text = text.strip()
    if text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip(_AROUND)
    if "@" in text:
        return _WORD.sub(_blanked, text)
    return text.translate(_BLANKED).strip()


def _blanked(word: re.Match[str]) -> str:
    return word[0] if "@" in word[0] else word[0].translate(_BLANKED)
