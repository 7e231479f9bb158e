"""How ramps are shown: what a relay's ramp allows today, and how many of a run leave on which day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from notify.core.ramp import RampDay

#: So many days are shown by their number of messages, before the last one.
_SHOWN = 5


def as_lines(ramps: Mapping[str, RampDay]) -> Iterator[str]:
    """Yield how each relay's ramp stands today."""
    for relay, day in ramps.items():
        used = f" ({day.tried:,} used)" if day.tried else ""
        yield f"The ramp of {relay} allows {day.allowed:,} today{used}, then {day.follows:,}."
        if day.complained:
            yield f"  It goes back: on {_date(day.complained)} the relay said that it was too much or too fast."


def as_record(relay: str, day: RampDay) -> dict[str, object]:
    """Return how a relay's ramp stands today as the JSON documents hold it."""
    complained = day.complained.isoformat() if day.complained else None
    return {"relay": relay, "allowed": day.allowed, "used": day.tried, "next": day.follows, "complained": complained}


def by_days(days: Mapping[dt.date, int]) -> str:
    """Return how many leave on which day: ``50 on Tue 2026-12-01, then 75, 112 … and 30 on Tue 2026-12-08``."""
    (first, count), *others = days.items()
    parts = [f"{count:,} on {_date(first)}"]
    if others:
        *between, (last, count) = others
        shown = [f"{number:,}" for _, number in islice(between, _SHOWN)]
        if shown:
            parts.append(f"then {', '.join(shown)}{' …' if len(between) > _SHOWN else ''}")
        parts.append(f"and {count:,} on {_date(last)}")
    return ", ".join(parts)


def _date(day: dt.date) -> str:
    return f"{day:%a %Y-%m-%d}"
