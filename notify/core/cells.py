"""The text of a cell: on one line, without what cannot be seen, empty where it says nothing."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LONGEST = 200
_JOINERS = "\u200c\u200d"  # invisible, but Persian and Indic names are spelled with them
_WORD = re.compile(r"[^\W_]+")
# typed or exported where a field had to be filled; "Na", "Ka" and "Null" are people
_NOTHING = re.compile(
    r"n ?/ ?a|n\. ?a\.|k\. ?[aA]\.|N\. ?N\.|NN|NULL|null|n[ao]n|NaN|none|None"
    r"|(?i:keine angabe|ohne angabe|unbekannt|unknown|inconnu|\(?(?:leer|empty|blank)\)?|undefined|#\w+[!?]?)"
)


def one_line(text: str) -> str:
    """Return a cell without line breaks, double blanks and invisible characters, composed (NFC): fit for a header."""
    if not text.isprintable():
        text = "".join(filter(_is_seen, text))
    return " ".join(unicodedata.normalize("NFC", text).split())


def said(text: str) -> str:
    """Return what a cell for a name, an Anrede or a greeting says, on one line.

    Empty when it has no letter, a word for nothing (n/a, unbekannt), or so many letters that it must be a note.
    """
    if not text or len(text) > _LONGEST:
        return ""
    line = text if text.isascii() and text.isalpha() else one_line(text)
    return line if any(map(str.isalpha, line)) and not _NOTHING.fullmatch(line) else ""


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """Return the words of a cell, case-folded and without punctuation."""
    return tuple(_WORD.findall(text.casefold()))


def _is_seen(char: str) -> bool:
    """Tell whether a character shows, or parts words; control, format and lone surrogate characters do not."""
    return char.isspace() or char in _JOINERS or unicodedata.category(char) not in {"Cc", "Cf", "Cs"}
