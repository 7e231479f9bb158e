"""Finds a detail in a text, however it is written there: an IBAN without blanks, a number without its country."""

from __future__ import annotations

import html
import re
import string
from collections.abc import Callable
from typing import NamedTuple

from notify.core.late_pattern import late_pattern

_TAG = late_pattern(r"<[^<>]*>")
_UNREAD = late_pattern(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
#: Details that people group as they like.
_GROUPED = ("iban", "bic")
_NUMBERS = ("phone", "mobile", "fax")
#: What stands between the digits of a number.
_BETWEEN = r"[\s./()\-\u2010-\u2015]*"
_LETTERS = string.ascii_letters + string.digits
_LOWER = bytes.maketrans(string.ascii_uppercase.encode(), string.ascii_lowercase.encode())
_OTHERS = bytes(set(range(256)) - set(_LETTERS.encode()))
#: Less of a number is part of many.
_FEWEST_DIGITS = 6


class Told(NamedTuple):
    """The value of a detail, as it is looked for. ``squeezed`` is in every squeezed text in which ``find`` finds it."""

    detail: str
    squeezed: bytes
    find: Callable[[str], object]

    @classmethod
    def of(cls, detail: str, value: str) -> Told:
        """Prepare to look for a value; ``detail`` is the name of a detail."""
        core = _core(detail, value)
        return cls(detail, squeezed(core), re.compile(_pattern(detail, core), re.IGNORECASE).search)

    def is_in(self, text: str, text_squeezed: bytes | None = None) -> bool:
        """Tell whether it stands in a text.

        :param text_squeezed: the text as :func:`squeezed` makes it, where many values are looked for.
        """
        if self.squeezed not in (squeezed(text) if text_squeezed is None else text_squeezed):
            return False
        return self.find(text) is not None


def squeezed(text: str) -> bytes:
    """Return the letters and digits of a text alone, small, without those that are not ASCII: quickly made."""
    return text.encode(errors="surrogatepass").translate(_LOWER, _OTHERS)


def read_of(html_text: str) -> str:
    """Return the words of an HTML text, without tags; what stands on both sides of one is in one piece."""
    return html.unescape(_TAG.sub("", html_text))


def shown_of(html_text: str) -> str:
    """Return what a browser shows of a page: its words without scripts, styles and comments, a blank for each tag."""
    return html.unescape(_TAG.sub(" ", _UNREAD.sub(" ", html_text)))


def _pattern(detail: str, core: str) -> str:
    if detail in _GROUPED:
        return r"[\W_]*".join(map(re.escape, core))
    if detail in _NUMBERS:
        return _BETWEEN.join(core) + r"(?!\d)"
    return r"(?<![\w@])" + r"\s+".join(map(re.escape, core.split())) + r"(?!\w)"


def _core(detail: str, value: str) -> str:
    """Return what of a value stands there however it is written: a number without what comes before its area code."""
    if detail in _GROUPED:
        return "".join(filter(str.isalnum, value))
    if detail == "website":
        return value.partition("://")[2].removeprefix("www.").rstrip("/")
    if detail not in _NUMBERS:
        return value
    digits = "".join(filter(str.isdecimal, value))
    national = digits[2:] if value.startswith("+") else digits.lstrip("0")
    return national if len(national) >= _FEWEST_DIGITS else digits
