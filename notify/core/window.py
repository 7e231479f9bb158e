"""At which hours messages may leave: ``Mon-Fri 08:00-18:00``, in local time."""

from __future__ import annotations

import datetime as dt
import math

from notify.core.late_pattern import late_pattern
from notify.core.record import record

_DAYS = {
    name: number
    for number, names in enumerate(
        (
            "mon mo monday montag",
            "tue di tuesday dienstag",
            "wed mi wednesday mittwoch",
            "thu do thursday donnerstag",
            "fri fr friday freitag",
            "sat sa saturday samstag",
            "sun so sunday sonntag",
        )
    )
    for name in names.split()
}
_DAY_NAMES = "Mon Tue Wed Thu Fri Sat Sun".split()
_HOUR = r"(\d{1,2})(?:[:.]([0-5]\d))?"
_FORM = late_pattern(rf"\s*(?:([a-z ,-]+?)\s+)?{_HOUR}\s*-\s*{_HOUR}(?:\s*uhr)?\s*")
#: What people and their word processors write for a hyphen; a point may end the short name of a day.
_WRITTEN_OTHERWISE = ((late_pattern(r"\s*[–—−]\s*|\s+(?:bis|to)\s+"), "-"), (late_pattern(r"(?<=[a-z])\."), ""))
_WRITTEN = 'write it as "Mon-Fri 08:00-18:00"'
_DAY_MIN = 24 * 60
_QUARTER_S = 15 * 60


@record(frozen=True, slots=True)
class Window:
    """Days of the week, 0 for Monday, and from which to which minute of the day. It may reach over midnight."""

    days: frozenset[int]
    start_min: int
    end_min: int

    @classmethod
    def parse(cls, text: str) -> Window:
        """Read ``Mon-Fri 08:00-18:00``, ``Mo,Mi 9-12 Uhr``, ``20:00-06:00``; without days it is every day.

        :raises ValueError: with the reason, when it is none of these.
        """
        plain = text.lower()
        for otherwise, written in _WRITTEN_OTHERWISE:
            plain = otherwise.sub(written, plain)
        found = _FORM.fullmatch(plain)
        if found is None:
            raise ValueError(f'"{text}" is no window; {_WRITTEN}')
        start, end = (60 * int(hour) + int(minute or 0) for hour, minute in (found.group(2, 3), found.group(4, 5)))
        if start >= _DAY_MIN or end > _DAY_MIN or start == end:
            raise ValueError(f'"{text}" has impossible hours; {_WRITTEN}')
        return cls(_read_days(found[1] or "mon-sun", text), start, end)

    def opens(self, moment: float) -> float:
        """Return the first moment within the window that is not before ``moment``; both are seconds since 1970."""
        # the hours are those of the user's local time, in which some come twice or not at all when clocks are changed
        while not self._is_open(wall := _wall(moment)):
            start_s = (60 * self.start_min - 3600 * wall.hour - 60 * wall.minute - wall.second) % (60 * _DAY_MIN)
            # clocks are changed at a full quarter of an hour: up to the next one they go evenly
            moment = math.floor(moment)
            moment += min(start_s or _QUARTER_S, _QUARTER_S - moment % _QUARTER_S)
        return moment

    def is_open(self, moment: float) -> bool:
        """Tell whether messages may leave at a moment, in seconds since 1970."""
        return self._is_open(_wall(moment))

    def _is_open(self, wall: dt.datetime) -> bool:
        minute, today, yesterday = 60 * wall.hour + wall.minute, wall.weekday(), (wall.weekday() - 1) % 7
        if self.start_min < self.end_min:
            return today in self.days and self.start_min <= minute < self.end_min
        return (today in self.days and minute >= self.start_min) or (yesterday in self.days and minute < self.end_min)

    def __str__(self) -> str:
        hours = "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in (self.start_min, self.end_min))
        return hours if len(self.days) == 7 else f"{','.join(_DAY_NAMES[day] for day in sorted(self.days))} {hours}"


def _wall(moment: float) -> dt.datetime:
    """Return what the user's clock shows."""
    return dt.datetime.fromtimestamp(moment)  # noqa: DTZ006  # the hours are those of local time


def _read_days(text: str, whole: str) -> frozenset[int]:
    days: set[int] = set()
    for part in text.replace(" ", "").split(","):
        first, _, last = part.partition("-")
        if first not in _DAYS or (last and last not in _DAYS):
            raise ValueError(f'"{whole}" has impossible days; {_WRITTEN}')
        length = (_DAYS[last or first] - _DAYS[first]) % 7
        days |= {(_DAYS[first] + day) % 7 for day in range(length + 1)}
    return frozenset(days)
