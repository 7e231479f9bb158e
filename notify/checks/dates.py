"""Dates as people type them into a text, in German, English and French."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from notify.core.late_pattern import late_pattern
from notify.core.record import record

_MONTHS = (
    "januar jänner january janvier jan",
    "februar february février feb",
    "märz march mars",
    "april avril apr",
    "mai may",
    "juni june juin",
    "juli july juillet",
    "august août aug",
    "september septembre sept sep",
    "oktober october octobre okt oct",
    "november novembre nov",
    "dezember december décembre dez dec",
)
_NUMBERS = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}
_NAMES = "|".join(sorted(_NUMBERS, key=len, reverse=True))
_YEAR = r"(?:\d{4}|\d{2}(?!\d))"
_FORMS = (
    late_pattern(r"\b(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})\b"),
    late_pattern(rf"\b(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?(?P<year>{_YEAR})?(?!\d)"),
    late_pattern(
        rf"\b(?P<day>\d{{1,2}})(?:\.|er|st|nd|rd|th)?\s+(?P<month>{_NAMES})\b\.?,?(?:\s+(?P<year>\d{{4}}))?",
        re.IGNORECASE,
    ),
    late_pattern(
        rf"\b(?P<month>{_NAMES})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<year>\d{{4}}))?", re.IGNORECASE
    ),
)
_WEEKDAY = (
    r"(?:(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche)"
)
_ON = rf"(?: {_WEEKDAY},?(?: dem| den)?)?\s*$"
_FROM = late_pattern(
    r"\b(?:ab|seit|gültig ab|from|since|as of|effective|à partir d[ue]|dès|depuis)(?: dem| den| the| le)?" + _ON,
    re.IGNORECASE,
)
_UNTIL = late_pattern(
    r"\b(?:bis|until|till|jusqu['’]au|(?:endet|erlischt|entfällt)(?= am| zum)|(?:ends?|expires?)(?= on))"
    r"(?: einschließlich| zum| am| on| the| le)*" + _ON,
    re.IGNORECASE,
)
#: A range says of something else when it is: holidays, a fair.
_RANGE = late_pattern(r"\b(?:vom|von|from|du|between|zwischen)\b[^!?\n]{0,40}$|\d\.?\s*[–-]\s*$", re.IGNORECASE)

#: No word is said of a date that stands farther behind it.
_REACH = 120


@record(frozen=True, slots=True)
class TypedDate:
    """A date in a text; ``year`` is 0 where none is said. It ``begins`` or ``ends`` something, or neither."""

    text: str
    year: int
    month: int
    day: int
    begins: bool
    ends: bool

    def is_on(self, day: dt.date | None) -> bool:
        """Tell whether it may mean this day."""
        return day is not None and (self.month, self.day) == (day.month, day.day) and self.year in {0, day.year}


def dates_in(text: str) -> Iterator[TypedDate]:
    """Yield the dates that stand in a text."""
    for line in text.split("\n"):
        for form in _FORMS:
            for found in form.finditer(line):
                before = line[max(0, found.start() - _REACH) : found.start()]
                month = found["month"].casefold()
                number, day = _NUMBERS.get(month) or int(month), int(found["day"])
                if not (1 <= number <= 12 and 1 <= day <= 31):
                    continue
                begins, ends = bool(_FROM.search(before)), bool(_UNTIL.search(before))
                ends = ends and not _RANGE.search(_UNTIL.sub("", before))
                begins = begins and not re.match(
                    r"\s*(?:bis|until|to|au|[–-])\b", line[found.end() :][:10], re.IGNORECASE
                )
                yield TypedDate(found[0].strip(), _full(found["year"]), number, day, begins, ends)


def _full(year: str | None) -> int:
    return 0 if not year else int(year) + (2000 if len(year) == 2 else 0)
