"""How addresses, telephone numbers and accounts are typed into a text, and each in one spelling."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from notify.checks.facts import Facts
from notify.checks.nearness import same_number
from notify.core.iban import LENGTHS, Iban
from notify.core.late_pattern import late_pattern
from notify.core.text import plain

#: An address in a text; it begins at the beginning of a word, or a long one would be gone over again and again.
ADDRESS = late_pattern(r"(?<![\w.+\-])[\w.+\-]{1,64}@(?:[\w\-]+\.)+[\w\-]{2,}")
#: A number; with dots between its groups only where none of them can be a day.
PHONE = late_pattern(
    r"(?<![\w.,/\-+])(?:(?:\+\d{1,3}|0\d{2,5})(?:[./]\d{2,}){2,6}|(?:\+|\(?0)\d?[\d ()/\-–]{4,24}\d)(?![\w%€])"
)
#: The same with a letter in the place of a digit: 4O.
LETTERED_PHONE = late_pattern(r"(?<![\w.,/\-+])(?:\+|\(?0)[\dOoIl()/\- ]{5,24}[\dOoIl](?![\w%€])")
#: An account, in capitals and groups as banks write it; one of digits however it is grouped and written.
IBAN = late_pattern(
    r"\b([A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?|[A-Za-z]{2}[ \-]?[\dO]{2}(?:[ \-.]?[\dO]){11,26})\b"
)
_AT = late_pattern(r" ?[(\[{] ?(?:at|ät|@) ?[)\]}] ?", re.IGNORECASE)
#: A number without its area is told apart from others only when it is long.
_TELLING = 6


def spelled_plainly(text: str) -> str:
    """Return a text with plain blanks, hyphens and digits, and with @ where it is spelled out."""
    return _AT.sub("@", plain(text))


def as_announced(text: str, facts: Facts) -> str:
    """Return a text in which numbers and accounts are grouped as they are in [change], where they are the same ones."""

    def number(found: re.Match[str]) -> str:
        return next((value for _, value in facts.phones if same_number(found[0], value)), found[0])

    def account(found: re.Match[str]) -> str:
        return next((value for _, value in facts.of("iban") if Iban(value) == Iban(_digits(found[0]))), found[0])

    spelled = IBAN.sub(account, PHONE.sub(number, text))
    for value in {value for _, value in facts.phones if _local(value)}:
        # the digits alone, and a plus sign
        spelled = re.sub(_local(value), value.replace("\\", ""), spelled)
    return spelled


def ibans_in(text: str) -> Iterator[str]:
    """Yield what is meant for an IBAN: it has the letters of a country that has any, and nearly their length."""
    for found in IBAN.finditer(text):
        compact = _digits(found[1])
        length = LENGTHS.get(compact[:2])
        if length and abs(len(Iban(compact)) - length) <= 2:
            yield found[1]


def spelled_iban(typed: str) -> str:
    """Return an IBAN that was typed in any way as it is read by :func:`notify.core.iban.parse_iban`."""
    return _digits(typed)


def _digits(typed: str) -> str:
    return re.sub(r"[\s.\-]", "", typed).upper()


@lru_cache
def _local(value: str) -> str:
    """Return a pattern of a number without its area, as its owner groups it; empty where it is too short to tell."""
    groups = re.findall(r"\d+", value)
    area = 2 if value.lstrip().startswith("+") else 1
    local = "".join(groups[area:])
    if len(local) < _TELLING:
        return ""
    return r"(?<![\d+./\-(] )(?<![\d+./\-(])" + r"[ ./\-]?".join(local) + r"(?![ ./\-]?\d)"
