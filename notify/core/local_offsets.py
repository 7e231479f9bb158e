"""What local time is on a machine, as far as another one can compare it: its distance from UTC through a year.

A window, a deadline and the days of a ramp are meant in the local time of whoever sends; another machine must have the
same, and mostly nobody has told it so.
"""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

from notify.core.late_pattern import late_pattern

_NAME = late_pattern(r"[A-Za-z0-9+-]+(?:/[A-Za-z0-9_+-]+)*")


def local_offsets(year: int) -> tuple[int, ...]:
    """Return by how many seconds local time is ahead of UTC, at noon of the first of each month."""
    noons = (dt.datetime(year, month, 1, 12).astimezone() for month in range(1, 13))
    return tuple(int((noon.utcoffset() or dt.timedelta()).total_seconds()) for noon in noons)


def zone_name() -> str:
    """Return what the time zone of this machine is called, such as ``Europe/Berlin``; empty where that is not told."""
    link = Path("/etc/localtime")
    name = os.environ.get("TZ", "").removeprefix(":") or (
        os.path.realpath(link).partition("/zoneinfo/")[2] if link.is_symlink() else ""
    )
    return name if _NAME.fullmatch(name) else ""


def in_words(offsets: tuple[int, ...]) -> str:
    """Return ``UTC+1 and UTC+2``: the distances from UTC that there are, that of January first."""
    different = dict.fromkeys(offsets)
    return " and ".join(f"UTC{_hours(offset)}" for offset in different)


def _hours(offset: int) -> str:
    minutes = abs(offset) // 60
    rest = f":{minutes % 60:02}" if minutes % 60 else ""
    return f"{'-' if offset < 0 else '+'}{minutes // 60}{rest}" if minutes else ""
