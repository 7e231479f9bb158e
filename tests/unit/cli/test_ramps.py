"""How ramps are shown."""

from __future__ import annotations

import datetime as dt

import pytest

from notify.cli.ramps import as_lines, by_days
from notify.core.ramp import RampDay

TUESDAY = dt.date(2026, 12, 1)


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([12], "12 on Tue 2026-12-01"),
        ([50, 25], "50 on Tue 2026-12-01, and 25 on Wed 2026-12-02"),
        ([50, 75, 112, 7], "50 on Tue 2026-12-01, then 75, 112, and 7 on Fri 2026-12-04"),
        (
            [50, 75, 112, 168, 252, 378, 567, 850, 1275, 1],
            "50 on Tue 2026-12-01, then 75, 112, 168, 252, 378 …, and 1 on Thu 2026-12-10",
        ),
    ],
)
def test_days_of_a_run(counts: list[int], shown: str) -> None:
    """The first days and the last one are told; of many days those between are not."""
    days = {TUESDAY + dt.timedelta(days=number): count for number, count in enumerate(counts)}
    assert by_days(days) == shown


def test_where_a_ramp_stands() -> None:
    """What today allows, what of it was used, what follows; and why it goes back."""
    ramps = {"a.example:465": RampDay(1275, 0, 1912), "b.example:465": RampDay(60, 7, 90, TUESDAY)}
    assert list(as_lines(ramps)) == [
        "The ramp of a.example:465 allows 1,275 today, then 1,912.",
        "The ramp of b.example:465 allows 60 today (7 used), then 90.",
        "  It goes back: on Tue 2026-12-01 the relay said that it was too much or too fast.",
    ]
