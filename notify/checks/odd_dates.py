"""Dates and times that cannot be, or are read in two ways: a weekday of another day, 31 November, 03/04/2026, 25:00."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator

from notify.checks.dates import TypedDate, dates_in
from notify.checks.facts import Facts
from notify.checks.remark import Remark
from notify.core.campaign import in_words
from notify.core.late_pattern import late_pattern
from notify.core.rendered import Wording

_WEEKDAYS = (
    "montag monday lundi",
    "dienstag tuesday mardi",
    "mittwoch wednesday mercredi",
    "donnerstag thursday jeudi",
    "freitag friday vendredi",
    "samstag sonnabend saturday samedi",
    "sonntag sunday dimanche",
)
_NUMBERS = {name: number for number, names in enumerate(_WEEKDAYS) for name in names.split()}
_NAMES = {
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag".split(),
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche".split(),
}
_BEFORE = late_pattern(rf"\b({'|'.join(_NUMBERS)}),?(?: (?:dem|den|der|the|le))?\s*$", re.IGNORECASE)
_BEHIND = late_pattern(rf"^,?\s*\(?(?:ein |einen |a )?({'|'.join(_NUMBERS)})\b", re.IGNORECASE)
_SLASHED = late_pattern(r"(?<![\w/.])(\d{1,2})/(\d{1,2})/(\d{4})(?![\w/])")
_TIME = late_pattern(
    r"(?<![\d.:])(?:(?:2[5-9]|[3-9]\d)(?:[:.][0-5]\d)?|24[:.](?!00)[0-5]\d|\d{1,2}[:.][6-9]\d)(?=\s*(?:Uhr|o'clock|[ap]\.?m\b))"
)


def odd_dates(wording: Wording, facts: Facts) -> Iterator[Remark]:
    """Yield the dates and times of a text that are wrong in themselves."""
    text = f"{wording.read.subject}\n{wording.read.text}"
    for date in dict.fromkeys(dates_in(text)):
        yield from _impossible(date)
        yield from _other_weekday(date, text, wording.language, facts)
    for found in dict.fromkeys(_SLASHED.finditer(text)):
        yield from _slashed(found, facts)
    for time in dict.fromkeys(_TIME.findall(text)):
        yield Remark("odd-date", f"{time} is no time of the day", "Mend the time.", time)


def _impossible(date: TypedDate) -> Iterator[Remark]:
    # a year that is not said may be one with 29 February
    if date.day > calendar.monthrange(date.year or 2024, date.month)[1]:
        yield Remark("odd-date", f'"{date.text}" is typed here, and that month has no such day', "Mend it.", date.text)


def _other_weekday(date: TypedDate, text: str, language: str, facts: Facts) -> Iterator[Remark]:
    change = facts.campaign.change
    meant = next((day for day in (change.effective, change.old_works_until) if date.is_on(day)), None)
    try:
        day = dt.date(date.year, date.month, date.day) if date.year else meant
    except ValueError:
        return
    if day is None:
        return
    for found in re.finditer(rf"(?<!\d){re.escape(date.text)}", text):
        before, behind = (
            _BEFORE.search(text[max(0, found.start() - 40) : found.start()]),
            _BEHIND.search(text[found.end() : found.end() + 30]),
        )
        said = before or behind
        if said and _NUMBERS[said[1].casefold()] != day.weekday():
            is_ = _NAMES.get(language, _NAMES["en"])[day.weekday()]
            what = f"{in_words(day, language)} is a {is_}, and the text says {said[1]}"
            yield Remark("odd-date", what, "Mend the weekday or the date.", said[1])
            return


def _slashed(found: re.Match[str], facts: Facts) -> Iterator[Remark]:
    """Yield that a date is read in two ways; one whose day tells which is which is compared."""
    first, second, year = map(int, found.groups())
    if first == second or not (first <= 12 and second <= 12):
        change = facts.campaign.change
        month, day = (first, second) if second > 12 else (second, first)
        meant = [day for day in (change.effective, change.old_works_until) if day]
        if meant and not any((one.month, one.day, one.year) == (month, day, year) for one in meant):
            return
        if first > 12 or first == second:
            return
    what = f"{found[0]} is read as the {first}th of a month in one country, and as the {second}th in another"
    yield Remark("odd-date", what, "Write the month as a word; better, print it: {{ effective }}.", found[0])
