"""Text as it is in a file, and fit for one line of a header, a report or a cell."""

from __future__ import annotations

import codecs
import unicodedata

from notify.core.late_pattern import late_pattern

_DECIMALS = late_pattern(r"(?<=\d)[.,]0+$")
_JOINERS = "\u200c\u200d"  # invisible, but Persian and Indic names are spelled with them

#: Blanks and hyphens that look like those of the keyboard (Unicode: Zs, Pd), and what nobody sees.
_PLAIN = dict.fromkeys("\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f", " ")
_PLAIN |= dict.fromkeys("\u2010\u2011\u2212", "-") | {chr(0xFF10 + digit): str(digit) for digit in range(10)}
_PLAIN |= dict.fromkeys("\u00ad\u200b\u2060\ufeff", "")
# twenty times as fast as str.translate, which looks each letter of a text up
_NOT_PLAIN = late_pattern(f"[{''.join(_PLAIN)}]")


def plain_octets(octets: bytes) -> bytes:
    """Return those of a text without the mark that may stand in front, and with plain line ends."""
    return octets.removeprefix(codecs.BOM_UTF8).replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def one_line(text: str) -> str:
    """Return a text without line breaks, double blanks and invisible characters, composed (NFC): fit for a header."""
    if not text:
        return ""
    if not text.isprintable():
        text = "".join(filter(_is_seen, text))
    return " ".join(unicodedata.normalize("NFC", text).split())


def as_code(text: str) -> str:
    """Return a code as it is compared with others: 01 is 1, and so are 1.0 and 1,00, as a workbook has it."""
    code = _DECIMALS.sub("", text.strip().casefold())
    return code.lstrip("0") or code[:1]


def _is_seen(char: str) -> bool:
    """Tell whether a character is visible, or separates words; control, format and lone surrogate characters do not."""
    return char.isspace() or char in _JOINERS or unicodedata.category(char) not in {"Cc", "Cf", "Cs"}


def plain(text: str) -> str:
    """Return a text with plain blanks, hyphens and digits only."""
    return text if text.isascii() else _NOT_PLAIN.sub(lambda found: _PLAIN[found[0]], text)
