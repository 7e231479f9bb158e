"""Days as the user's calendar shows them, in local time: most have 24 hours, some 23 or 25."""

from __future__ import annotations

import datetime as dt


def day_of(moment: float) -> dt.date:
    """Return the day of a moment, in seconds since 1970."""
    return dt.datetime.fromtimestamp(moment).date()  # noqa: DTZ006  # the days are those of local time


def start_of(day: dt.date) -> float:
    """Return when a day begins, in seconds since 1970: at one where clocks are set forward at midnight."""
    # not by astimezone(), which is an hour too early then
    return dt.datetime.combine(day, dt.time()).timestamp()
