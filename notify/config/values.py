"""The plain values that stand in notify.toml: how each kind is written, and what it becomes.

Every function takes what TOML, an option or an environment variable gave, and returns the value or raises ValueError
with one sentence for the user.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Callable, Sequence

from notify.config.dates import dates_meant, moments_meant
from notify.core.late_pattern import late_pattern
from notify.core.window import Window

_MOMENT = late_pattern(
    r"\s*([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(Z|[+-][0-9]{2}:[0-9]{2})?)?\s*"
)
_PAUSE_UNITS = {"": 1, "s": 1, "min": 60, "h": 3600}
_LONGEST_PAUSE_S = 86400
_LONGEST_DAYS = 366
#: Before and after these some systems know no local time.
_FIRST_YEAR, _LAST_YEAR = 1970, 3000


def as_written(value: object) -> str:
    """Return a value as the user wrote it, for a message: short, and harmless for a terminal."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a section"
    if isinstance(value, (list, tuple)):
        return "a list"
    if isinstance(value, (int, float)) and abs(value) > 1e15:
        return "that number"
    if not isinstance(value, str):
        return str(value)
    short = value if len(value) <= 60 else f"{value[:59]}…"
    return json.dumps(short, ensure_ascii=not short.isprintable())


def printable(words: str) -> str:
    """Return words of the user, or of a library about them, harmless for a terminal."""
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in words)


def listed(words: Sequence[str], joint: str = "or") -> str:
    """Return ``a, b or c``."""
    return f" {joint} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def text(value: object) -> str:
    """Return one line of text, without blanks around it."""
    if not isinstance(value, str):
        mend = f': write it in quotes, "{value}"' if type(value) is int and abs(value) < 1e15 else ""
        raise ValueError(f"{as_written(value)} is not text{mend}")
    if _is_torn(value):
        raise ValueError(f"{as_written(value)} has a line break or a control character in it")
    return value.strip()


def _is_torn(value: str) -> bool:
    return any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in value)


def needed_text(value: object) -> str:
    """Return one line of text that is not empty."""
    if not (line := text(value)):
        raise ValueError("it is empty")
    return line


def header(value: object) -> str:
    """Return the name of a column. Spreadsheets have line breaks in theirs."""
    if not isinstance(value, str) or not value.strip() or _is_torn(" ".join(value.split())):
        raise ValueError(f"{as_written(value)} is not the header of a column")
    return value.strip()


def files(value: object) -> tuple[str, ...]:
    """Return one or more file names or patterns."""
    named = value if isinstance(value, (list, tuple)) else [value]
    if not named:
        raise ValueError('it is empty; name at least one file, such as ["contacts/*.csv"]')
    return tuple(needed_text(name) for name in named)


def names(value: object) -> tuple[str, ...]:
    """Return the names of one or more people; in one text they have commas between them."""
    several = value.split(",") if isinstance(value, str) else value
    return tuple(needed_text(name) for name in (several if isinstance(several, (list, tuple)) else [several]))


def number(low: int, high: int) -> Callable[[object], int]:
    """Make the reader of a whole number from ``low`` to ``high``."""

    def whole(value: object) -> int:
        read = int(value) if isinstance(value, str) and re.fullmatch(r"\s*[0-9]{1,18}\s*", value) else value
        if type(read) is not int or not low <= read <= high:
            raise ValueError(f"{as_written(value)} is not a whole number from {low} to {high}")
        return read

    return whole


def choice(*words: str) -> Callable[[object], str]:
    """Make the reader of one of a few words."""

    def chosen(value: object) -> str:
        if not isinstance(value, str) or value not in words:
            raise ValueError(f"{as_written(value)} is not {listed([as_written(word) for word in words])}")
        return value

    return chosen


def choices(*words: str) -> Callable[[object], tuple[str, ...]]:
    """Make the reader of a list in which any of a few words may stand; one alone needs no brackets."""
    chosen = choice(*words)

    def listed_words(value: object) -> tuple[str, ...]:
        given = [part.strip() for part in value.split(",")] if isinstance(value, str) else value
        if not isinstance(given, (list, tuple)):
            raise ValueError(f"{as_written(value)} is not a list, such as [{as_written(words[0])}]")
        return tuple(dict.fromkeys(chosen(word) for word in given))

    return listed_words


def yes_or_no(value: object) -> bool:
    """Return true or false; an option or an environment variable gives it as text."""
    read = {"true": True, "false": False}.get(value.strip().lower()) if isinstance(value, str) else value
    if not isinstance(read, bool):
        raise ValueError(f"{as_written(value)} is not true or false")
    return read


def day(value: object) -> dt.date:
    """Return a date; an option or an environment variable gives it as text."""
    if isinstance(value, str) and re.fullmatch(r"\s*[0-9]{4}-[0-9]{2}-[0-9]{2}\s*", value):
        try:
            return dt.date.fromisoformat(value.strip())
        except ValueError as err:
            raise ValueError(f"{as_written(value)} is not in the calendar") from err
    if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
        raise ValueError(f"{as_written(value)} is not a date; {how_to_write(value)}")
    return value


def moment(value: object) -> dt.datetime:
    """Return a moment in UTC. A date is the beginning of its day, and what has no offset is local time."""
    if isinstance(value, str) and (found := _MOMENT.fullmatch(value.upper())):
        day, time, offset = found.groups(default="")
        value = _in_the_calendar(value, f"{day}T{time or '00:00'}{offset}")
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        value = dt.datetime.combine(value, dt.time())
    if not isinstance(value, dt.datetime):
        raise ValueError(f"{as_written(value)} is not a moment; {how_to_write_moment(value)}")
    if not _FIRST_YEAR < value.year < _LAST_YEAR:
        raise ValueError(f"{as_written(value)} is in a year that notify does not reckon with")
    # not by astimezone(), which makes too early a moment of a time that is left out when clocks are set forward
    return dt.datetime.fromtimestamp(value.timestamp(), dt.UTC)


def _in_the_calendar(value: str, written: str) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(written)
    except ValueError as err:
        raise ValueError(f"{as_written(value)} is not in the calendar") from err


def how_to_write(value: object) -> str:
    """Say how the date is written that a value seems to be."""
    meant = [str(day) for day in dates_meant(str(value))]
    return f"write {listed(meant)}" if meant else "write it as 2026-12-01"


def how_to_write_moment(value: object) -> str:
    """Say how the date is written, with its time, that a value seems to be."""
    meant = moments_meant(str(value))
    return f"write {listed(meant)}" if meant else "write it as 2026-12-01T08:00, or as 2026-12-01"


def duration(value: object) -> float:
    """Return seconds: from ``"60s"``, ``"2min"``, ``"1h"`` or a plain number of seconds."""
    seconds: float = -1
    if type(value) in (int, float):
        seconds = value  # type: ignore[assignment]  # narrowed by its exact type: a bool is no duration
    elif isinstance(value, str) and (found := re.fullmatch(r"\s*([0-9]{1,9}(?:\.[0-9]+)?)\s*(s|min|h|)\s*", value)):
        seconds = float(found[1]) * _PAUSE_UNITS[found[2]]
    if not 0 <= seconds < float("inf"):
        raise ValueError(f'{as_written(value)} is not a duration; write it as "60s", "2min" or "1h"')
    if seconds > _LONGEST_PAUSE_S:
        raise ValueError(f"{as_written(value)} is longer than a day")
    return float(seconds)


def days(value: object) -> int:
    """Return days: from ``"14 days"``, ``"2 weeks"`` or a plain number of days."""
    found = re.fullmatch(r"\s*([0-9]{1,4})\s*(d|days?|w|weeks?|)\s*", str(value), re.IGNORECASE)
    if found is None or isinstance(value, (bool, float)):
        raise ValueError(f'{as_written(value)} is not a number of days; write it as "14 days" or "2 weeks"')
    number = int(found[1]) * (7 if found[2].lower().startswith("w") else 1)
    if number > _LONGEST_DAYS:
        raise ValueError(f"{as_written(value)} is longer than a year")
    return number


def window(value: object) -> Window:
    """Return the hours at which messages may leave."""
    try:
        return Window.parse(needed_text(value))
    except ValueError as err:
        raise ValueError(f'{as_written(value)} is not days and hours; write them as "Mon-Fri 08:00-18:00"') from err
