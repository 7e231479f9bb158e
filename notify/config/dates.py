"""Dates as people write them, for the mend: a file and an option take the ISO form alone (RFC 3339, 5.6).

A wrong day told to everybody is worse than none, so what is found here is shown to the user and never taken as it is.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from notify.core.late_pattern import late_pattern

_MONTHS = (
    ("jan", "jän"),
    ("feb", "fév", "fev"),
    ("mar", "mär", "mrz"),
    ("apr", "avr"),
    ("may", "mai"),
    ("jun", "juin"),
    ("jul", "juil"),
    ("aug", "aoû", "aou"),
    ("sep",),
    ("oct", "okt"),
    ("nov",),
    ("dec", "dez", "déc"),
)
_NUMBERS = late_pattern(r"(\d{1,4})\s*([./-])\s*(\d{1,2})\s*\2\s*(\d{1,4})")
_DIGITS = late_pattern(r"(\d{4})(\d{2})(\d{2})")
_DAY_FIRST = late_pattern(r"(\d{1,2})(?:\.|st|nd|rd|th|er)?\s*([^\W\d_]{3,})\.?,?\s*(\d{2,4})")
_MONTH_FIRST = late_pattern(r"([^\W\d_]{3,})\.?\s*(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{2,4})")
#: What may stand around a date: its weekday in front, a time behind.
_WEEKDAY = late_pattern(r"[^\W\d_]{2,10}\.?,?\s+(?=\S)")
_TIME = late_pattern(
    r"(?:T|,?\s)\s*(?:(?:um|at|à)\s+)?"
    r"(\d{1,2})(?::(\d{2})\S*(?:\s+(?:Uhr|[ap]\.?m\.?))?|(?:[.h](\d{2}))?\s*Uhr|h(\d{2})?)$",
    re.IGNORECASE,
)

#: Before or after noon.
_HALF = late_pattern(r"[ap]\.?m\.?$", re.IGNORECASE)


def dates_meant(text: str) -> list[dt.date]:
    """Return the days that a text may mean, the likeliest first; none when it is no date."""
    text = _TIME.sub("", text.strip())
    readings = [*_readings(text), *_readings(_WEEKDAY.sub("", text, count=1))]
    return list(dict.fromkeys(day for parts in readings if (day := _day(*parts)) is not None))


def moments_meant(text: str) -> list[str]:
    """Return the same days in ISO form, each with the time of day that stands behind it, if one does."""
    found = _TIME.search(text.strip())
    minute = next(filter(None, found.groups()[1:]), "00") if found else "00"
    is_plain = found is not None and int(found[1]) < 24 and int(minute) < 60 and not _HALF.search(found[0])
    time = f"T{int(found[1]):02}:{minute}" if found and is_plain else ""
    return [f"{day}{time}" for day in dates_meant(text)]


def _readings(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield year, month and day, in every order in which they may stand there."""
    if found := _DIGITS.fullmatch(text):
        yield int(found[1]), int(found[2]), int(found[3])
    elif found := _NUMBERS.fullmatch(text):
        first, middle, last = int(found[1]), int(found[3]), int(found[4])
        if len(found[1]) > 2:
            yield first, middle, last
        elif found[2] == "/":
            # 12/01/2026: with slashes Americans put the month first, Britons and the French the day
            yield _year(last), first, middle
            yield _year(last), middle, first
        else:
            yield _year(last), middle, first
    elif found := _DAY_FIRST.fullmatch(text):
        yield _year(int(found[3])), _month(found[2]), int(found[1])
    elif found := _MONTH_FIRST.fullmatch(text):
        yield _year(int(found[3])), _month(found[1]), int(found[2])


def _month(word: str) -> int:
    """Return the number of a month by its name in German, English or French; 0 when it is none."""
    name = word.casefold()
    matches = [number for number, starts in enumerate(_MONTHS, start=1) if name.startswith(starts)]
    return matches[-1] if matches else 0


def _year(number: int) -> int:
    return number + 2000 if number < 100 else number


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
