"""The meaning of a cell: its text on one line, empty where it means nothing; and its words."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from notify.core.late_pattern import late_pattern
from notify.core.text import one_line

_LONGEST = 200
_WORD = late_pattern(r"[^\W_]+")
# typed or exported where a field had to be filled; "Na", "Ka" and "Null" are people
_NOTHING = late_pattern(
    r"n ?/ ?a|n\. ?a\.|k\. ?[aA]\.|N\. ?N\.|NN|NULL|null|n[ao]n|NaN|none|None"
    r"|(?i:keine angabe|ohne angabe|unbekannt|unknown|inconnu|\(?(?:leer|empty|blank)\)?|undefined|#[\w/]+[!?]?)"
    r"|(?i:t\.?b\.?[dac]\.?|to ?do|xxx+|Err:\d+)"
)
_FOLDED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_NOTHING_BEGINS = frozenset("nNkKoOuUiIlLeEbBtTxX(# ")
_LONGEST_NOTHING = 20


def meaning(text: str) -> str:
    """Return the text of a cell for a name, an Anrede or a greeting, on one line.

    Empty when it has no letter, holds a word for nothing (n/a, unbekannt), or is so long that it must be a note.
    """
    if not text or len(text) > _LONGEST:
        return ""
    line = text if text.isascii() and text.isalpha() else one_line(text)
    if line[:1] in _NOTHING_BEGINS and _NOTHING.fullmatch(line):
        return ""
    return line if line.isalpha() or any(map(str.isalpha, line)) else ""


def says_nothing(text: str) -> bool:
    """Tell whether a cell holds a word for nothing, or an error of a spreadsheet: n/a, tbd, #N/A, Err:508."""
    if len(text) > _LONGEST_NOTHING or text[:1] not in _NOTHING_BEGINS:
        return False
    return bool(_NOTHING.fullmatch(text if text.isprintable() else one_line(text)))


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """Return the words of a cell, case-folded and without punctuation."""
    return tuple(_WORD.findall(text.casefold()))


def folded(text: str) -> set[str]:
    """Return the words of a name as they are compared: Müller is Mueller."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_FOLDED))
    return set(words("".join(char for char in plain if not unicodedata.combining(char))))
