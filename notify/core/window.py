"""At which hours messages may leave: ``Mon-Fri 08:00-18:00``, in local time."""

from __future__ import annotations

import datetime as dt
import math
import re

from notify.core.late_pattern import late_pattern
from notify.core.record import record

_DAYS = {
    name: number
    for number, names in enumerate(
        (
            "mon mo monday mondays montag montags lun lundi",
            "tue tues di die tuesday tuesdays dienstag dienstags mar mardi",
            "wed mi mit wednesday wednesdays mittwoch mittwochs mer mercredi",
            "thu thur thurs do don thursday thursdays donnerstag donnerstags jeu jeudi",
            "fri fr fre friday fridays freitag freitags ven vendredi",
            "sat sa sam saturday saturdays samstag samstags sonnabend sonnabends samedi",
            "sun so son sunday sundays sonntag sonntags dim dimanche",
        )
    )
    for name in names.split()
}
_DAY_NAMES = "Mon Tue Wed Thu Fri Sat Sun".split()
#: Words for several days.
_TOGETHER = {
    "mon-sun": ("täglich", "jeden tag", "daily", "every day", "tous les jours", "rund um die woche"),
    "mon-fri": ("weekdays", "weekday", "en semaine"),
    "sat-sun": ("am wochenende", "wochenende", "wochenends", "weekends", "weekend", "le week-end"),
}
#: The law counts Saturday among them (§ 3 BUrlG), and most people do not.
_WORKING_DAYS = late_pattern(r"\b(?:werktags?|werktäglich|wochentags?|arbeitstags?|business days|working days)\b")
_HOUR = r"(\d{1,2})(?:[:.h]([0-5]\d))?"
_HOURS = rf"{_HOUR}\s*h?\s*-\s*{_HOUR}\s*h?"
_FORM = late_pattern(rf"(?:([^\d]+?)\s*)?{_HOURS}(?:\s*([^\d]+))?")
#: What people and their word processors write for a hyphen and a comma; a point may end the short name of a day.
_WRITTEN_OTHERWISE = (
    (late_pattern(r"\s*[–—−]\s*|\s+(?:bis|to|until|till|à|au)\s+"), "-"),
    (late_pattern(r"(?<=[a-zäö])\."), ""),
    (late_pattern(r"\b(?:uhr|o'clock|jeweils|nur|only|immer|von|from|between|zwischen|de|du)\b|:(?=\s)|;"), " "),
    (late_pattern(r"\s*(?:\+|/|&|\b(?:und|and|et|sowie)\b)\s*"), ","),
)
_HALF_DAY = late_pattern(r"(\d{1,2})((?:[:.][0-5]\d)?)\s*([ap])\.?m\b\.?")
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
        """Read ``Mon-Fri 08:00-18:00``, ``Mo, Mi 9–12 Uhr``, ``montags bis freitags von 8 bis 18 Uhr``.

        Without days it is every day.

        :raises ValueError: with the reason, when it is none of these.
        """
        plain = _plain(text)
        found = _FORM.fullmatch(plain)
        if _WORKING_DAYS.search(plain):
            raise ValueError(f'"{text}" may mean Saturdays, too: write "Mon-Fri …" or "Mon-Sat …" with the same hours')
        if found is None or (found[1] and found[6]):
            raise ValueError(f'"{text}" is no window; {_WRITTEN}')
        start, end = (60 * int(hour) + int(minute or 0) for hour, minute in (found.group(2, 3), found.group(4, 5)))
        if start >= _DAY_MIN or end > _DAY_MIN or start == end:
            raise ValueError(f'"{text}" has impossible hours; {_WRITTEN}')
        return cls(_read_days(found[1] or found[6] or "mon-sun", text), start, end)

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


def _plain(text: str) -> str:
    """Return a window in the words and signs of the usual form, as far as others for them are known."""
    plain = _HALF_DAY.sub(_of_24_hours, text.lower())
    for days, words in _TOGETHER.items():
        for word in words:
            plain = re.sub(rf"\b{word}\b", days, plain)
    for otherwise, written in _WRITTEN_OTHERWISE:
        plain = otherwise.sub(written, plain)
    return " ".join(plain.split())


def _of_24_hours(found: re.Match[str]) -> str:
    hour = int(found[1]) % 12 + 12 * (found[3] == "p") if int(found[1]) <= 12 else 99
    return f"{hour}{found[2]}"


def _read_days(text: str, whole: str) -> frozenset[int]:
    days: set[int] = set()
    for part in text.replace(" ", "").strip(",").split(","):
        first, _, last = part.partition("-")
        if first not in _DAYS or (last and last not in _DAYS):
            raise ValueError(f'"{whole}" has impossible days; {_WRITTEN}')
        length = (_DAYS[last or first] - _DAYS[first]) % 7
        days |= {(_DAYS[first] + day) % 7 for day in range(length + 1)}
    return frozenset(days)
