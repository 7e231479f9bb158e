"""Dates in cells, however they are written: 31.12.2020, 2020-12-31, 12/31/20, 12. Mai 2020, May-20.

A workbook shows a date as its format says, and a person writes it as they like.
"""

from __future__ import annotations

import calendar
import datetime as dt
from typing import NamedTuple

from notify.core.late_pattern import late_pattern

# the long number is a time of Unix
_DATE = late_pattern(r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{9,13}$")
_DAY_LAST = late_pattern(r"(?P<year>\d{4})[./-](?P<month>\d{1,2})[./-](?P<day>\d{1,2})(?!\d)")
_TOGETHER = late_pattern(
    r"(?P<year>(?:19|20)\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])"
)  # of SAP and vCards
_YEAR_LAST = late_pattern(r"(\d{1,2})(?P<sign>[./-])(\d{1,2})[./-](?P<year>\d{4}|\d{2})(?!\d)")

_MONTH = late_pattern(
    r"(?P<month>0?[1-9]|1[0-2])[./-](?P<year>(?:19|20)\d\d)|(?P<first>(?:19|20)\d\d)[./-](?P<last>0?[1-9]|1[0-2])"
)

_PART = late_pattern(r"\d+|[^\W\d_]+")
_NAMES = (
    "januar jänner january janvier jan janv",
    "februar feber february février feb févr",
    "märz maerz march mars mär mrz mar",
    "april avril apr avr",
    "mai may",
    "juni june juin jun",
    "juli july juillet jul juil",
    "august août aug",
    "september septembre sep sept",
    "oktober october octobre okt oct",
    "november novembre nov",
    "dezember december décembre dez dec déc",
)
_MONTHS = {name: month for month, names in enumerate(_NAMES, start=1) for name in names.split()}
# what stands beside a date and says nothing more: the days of the week, the ends of ordinal numbers
_BESIDE = frozenset(
    "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so "
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur fri sat sun "
    "lundi mardi mercredi jeudi vendredi samedi dimanche lun mer jeu ven sam dim st nd rd th er den".split()
)


class _Named(NamedTuple):
    """A date that says its month by name, or nothing but that and a year; what is not said is empty."""

    year: str
    month: int
    day: str


def is_date(cell: str) -> bool:
    """Tell whether a cell begins with a date, or is a time; 0000-00-00 is none."""
    text = cell.strip()
    if _DATE.match(text):
        return any(digit in "123456789" for digit in text)
    return bool(_TOGETHER.fullmatch(text)) or _named(text) is not None


def day_in(cell: str) -> dt.date | None:
    """Return the day in a cell; of a month the last one, and the later one where day and month may be either."""
    text = cell.strip()
    if found := _TOGETHER.fullmatch(text) or _DAY_LAST.match(text):
        return _day(found["year"], found["month"], found["day"])
    if found := _YEAR_LAST.match(text):
        days = [_day(found["year"], found[3], found[1])]
        if found["sign"] == "/":
            days.append(_day(found["year"], found[1], found[3]))
        return max((day for day in days if day), default=None)
    named = _named(text)
    return _day(named.year, str(named.month), named.day) if named else None


def _named(text: str) -> _Named | None:
    if found := _MONTH.fullmatch(text):
        return _Named(found["year"] or found["first"], int(found["month"] or found["last"]), "")
    parts = [part for part in _PART.findall(text.casefold()) if part not in _BESIDE]
    match parts:
        case [first, month, last, *_] if month in _MONTHS and first.isdecimal() and last.isdecimal():
            day, year = (last, first) if len(first) > 2 else (first, last)
        case [month, day, year, *_] if month in _MONTHS and day.isdecimal() and year.isdecimal() and len(day) < 3:
            pass
        case [month, year] if month in _MONTHS and year.isdecimal():
            day = ""
        case [day, month] if month in _MONTHS and day.isdecimal():
            year = ""
        case _:
            return None
    return _Named(year, _MONTHS[month], day)


def _day(year: str, month: str, day: str) -> dt.date | None:
    """Return a day of the calendar, the last one of the month where it is not said; None for any other."""
    if len(year) not in (2, 4):
        return None
    century = "" if len(year) == 4 else "20" if year < "70" else "19"
    try:
        number = int(century + year)
        return dt.date(number, int(month), int(day or calendar.monthrange(number, int(month))[1]))
    except ValueError:
        return None
