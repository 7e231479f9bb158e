"""Days of local time, where clocks are changed in the night or at midnight."""

from __future__ import annotations

import datetime as dt

import pytest

from notify.core.local_day import day_of, start_of
from tests.clocks import NEEDS_ZONES, in_zone


@NEEDS_ZONES
@pytest.mark.parametrize(
    ("zone", "day", "begins"),
    [
        ("Europe/Berlin", "2026-12-01", "2026-12-01 00:00+01:00"),
        ("Europe/Berlin", "2026-10-26", "2026-10-26 00:00+01:00"),
        ("Asia/Kathmandu", "2026-12-01", "2026-12-01 00:00+05:45"),
        ("America/Santiago", "2026-09-06", "2026-09-06 01:00-03:00"),
        ("America/Havana", "2026-11-01", "2026-11-01 00:00-04:00"),
    ],
)
def test_a_day_begins(zone: str, day: str, begins: str) -> None:
    """A day begins at its first moment, and the moment before is one of another day."""
    with in_zone(zone):
        start = start_of(dt.date.fromisoformat(day))
        assert start == dt.datetime.fromisoformat(begins).timestamp()
        assert day_of(start) == dt.date.fromisoformat(day)
        assert day_of(start - 1) == dt.date.fromisoformat(day) - dt.timedelta(days=1)
