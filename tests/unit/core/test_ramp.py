"""A ramp: what each day allows, from the days before it; and how a run keeps to it."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.core.local_day import day_of
from notify.core.pace import Pace, Rate
from notify.core.ramp import Allowance, Ramp, SendingDay
from notify.core.window import Window
from tests.clocks import NEEDS_ZONES, in_zone

RAMP = Ramp.parse("50/day, x1.5, 2000/day")
TODAY = dt.date(2026, 12, 1)


def _days(*counts: int | str, until: dt.date = TODAY) -> list[SendingDay]:
    """Return the days up to yesterday: how many each accepted, with ``!`` for a complaint; ``-`` is a day without."""
    days = []
    for back, count in enumerate(reversed(counts), start=1):
        text, date = str(count), until - dt.timedelta(days=back)
        if text != "-":
            accepted = int(text.rstrip("!"))
            days.append(SendingDay(date, accepted + 3, accepted, text.endswith("!")))
    return days


def _at(text: str) -> float:
    return dt.datetime.fromisoformat(text).timestamp()


@pytest.mark.parametrize(
    ("text", "shown", "days"),
    [
        ("50/day, x1.5, 2000/day", "", [50, 75, 112, 168, 252, 378, 567, 850, 1275, 1912, 2000, 2000]),
        (" 20 / Day ,x2,100/day", "20/day, x2, 100/day", [20, 40, 80, 100]),
        ("50/day, +50%, 2000/day", "50/day, x1.5, 2000/day", [50, 75, 112]),
        ("50/day, +25, 120/day", "50/day, +25, 120/day", [50, 75, 100, 120, 120]),
        ("1/day, x1.1, 4/day", "1/day, x1.1, 4/day", [1, 2, 3, 4]),
        ("100/day, x1.15, 500/day", "100/day, x1.15, 500/day", [100, 115, 132]),
    ],
)
def test_the_days_that_it_gives(text: str, shown: str, days: list[int]) -> None:
    """A ramp is read as people write it, shown so that it is read again, and grows each day on which all is sent."""
    ramp = Ramp.parse(text)
    assert str(ramp) == shown or not shown
    assert Ramp.parse(str(ramp)) == ramp
    past: list[int] = []
    for allowed in days:
        assert ramp.on(TODAY, _days(*past)).allowed == allowed
        past.append(allowed)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is not a ramp; write the first day, the growth and the most"),
        ("50/day", "is not a ramp"),
        ("50, x1.5, 2000", "is not a ramp"),
        ("50/hour, x1.5, 2000/hour", "is not a ramp"),
        ("50/day, 1.5, 2000/day", "is not a ramp"),
        ("50/day, x1,5, 2000/day", "is not a ramp"),
        ("-5/day, x1.5, 2000/day", "is not a ramp"),
        ("50/day, x1.5, 2000/day, x3", "is not a ramp"),
        ("٥/day, x1.5, 2000/day", "is not a ramp"),
        (f"{'9' * 5000}/day, x1.5, 2000/day", "is not a ramp"),
        ("0/day, x1.5, 2000/day", "would never send anything"),
        ("50/day, x1, 2000/day", "would not grow"),
        ("50/day, x0.5, 2000/day", "would not grow"),
        ("50/day, +0, 2000/day", "would not grow"),
        ("50/day, +0%, 2000/day", "would not grow"),
        ("50/day, x1.5, 50/day", "ends at 50 a day, which is not more than the 50 of its first day"),
        ("2000/day, x1.5, 50/day", "ends at 50 a day"),
        ("50/day, x1.5, 9999999999/day", "more than notify can count"),
        ("50/day, x9999999999, 2000/day", "more than notify can count"),
    ],
)
def test_no_ramp(text: str, why: str) -> None:
    """What is none, or would do nothing, says why and how one is written."""
    with pytest.raises(ValueError, match=r'write .* "50/day, x1\.5, 2000/day"') as caught:
        Ramp.parse(text)
    assert why in str(caught.value)


@pytest.mark.parametrize(
    ("past", "allowed"),
    [
        ([], 50),
        ([50], 75),
        # neither a weekend nor weeks of it make anything grow, and nothing is lost by them
        ([50, "-", "-"], 75),
        ([50, 75, *["-"] * 40], 112),
        # half of it is enough; a few tests are not
        ([25], 75),
        ([24], 50),
        ([1] * 30, 50),
        ([50, 0, 1], 75),
        # more than it allowed, before there was a ramp, is one day
        ([5000], 75),
        # the relay complained: back to what it took, then it grows anew
        ([50, 75, 112, "60!"], 60),
        ([50, 75, 112, "60!", 60], 90),
        ([50, 75, 112, "60!", "-", "-"], 60),
        ([50, 75, "75!"], 75),
        ([50, 75, "75!", 75], 112),
        (["20!"], 20),
        (["20!", 20, "22!"], 22),
        # it took nothing all day: from the first day on
        ([50, 75, 112, "0!"], 50),
        (["20!", "0!"], 20),
        (["5000!"], 50),
    ],
)
def test_what_the_days_before_allow(past: list[int | str], allowed: int) -> None:
    """Where a ramp stands follows from what was accepted on each day, and from whether the relay complained."""
    assert RAMP.on(TODAY, _days(*past)).allowed == allowed


def test_today() -> None:
    """What was tried today is used up; what follows is the growth, or what was taken if the relay complains."""
    today = RAMP.on(TODAY, [*_days(50), SendingDay(TODAY, tried=30, accepted=28)])
    assert (today.allowed, today.tried, today.left, today.follows, today.complained) == (75, 30, 45, 112, None)
    today = RAMP.on(TODAY, [*_days("40!"), SendingDay(TODAY, tried=90, accepted=28)])
    assert (today.allowed, today.left, today.follows, today.complained) == (40, 0, 60, dt.date(2026, 11, 30))
    today = RAMP.on(TODAY, [*_days(50), SendingDay(TODAY, tried=30, accepted=28, complained=True)])
    assert (today.allowed, today.left, today.follows, today.complained) == (75, 45, 28, TODAY)
    assert RAMP.on(TODAY, _days("40!", 40)).complained is None


@pytest.mark.parametrize(("ahead", "left"), [(1, 20), (2, 50), (4000, 50)])
def test_a_clock_that_was_ahead(ahead: int, left: int) -> None:
    """What was tried tomorrow counts as today's; what is further ahead holds up nothing until its day comes."""
    later = TODAY + dt.timedelta(days=ahead)
    assert RAMP.on(TODAY, [SendingDay(later, tried=30, accepted=30)]).left == left


def test_the_order_of_the_days_is_theirs() -> None:
    """In whatever order they are given."""
    assert RAMP.on(TODAY, reversed(_days(50, "30!"))).allowed == RAMP.on(TODAY, _days(50, "30!")).allowed == 30


@given(st.lists(st.tuples(st.integers(0, 300), st.booleans()), max_size=30))
def test_it_never_leaps(past: list[tuple[int, bool]]) -> None:
    """No day allows more than its growth over the day before, nothing, or more than the most."""
    days = _days(*(f"{count}{'!' * complained}" for count, complained in past))
    before = RAMP.first
    for back in range(len(past), -1, -1):
        allowed = RAMP.on(TODAY - dt.timedelta(days=back), days).allowed
        assert 1 <= allowed <= min(RAMP.most, max(before + 1, before * 3 // 2))
        before = allowed


class _Ledger:
    """Stands in for the ledger: what is recorded on which day."""

    def __init__(self) -> None:
        self.days: dict[dt.date, SendingDay] = {}

    def record(self, moment: float, *, accepted: bool = True) -> None:
        day = day_of(moment)
        one = self.days.get(day, SendingDay(day))
        self.days[day] = SendingDay(day, one.tried + 1, one.accepted + accepted)

    def allowance(self, ramp: Ramp) -> Allowance:
        return Allowance(ramp, self.days.values)


def _send_all(pace: Pace, ledger: _Ledger, now: float, messages: int, *, accepted: bool = True) -> list[float]:
    moments = []
    for _ in range(messages):
        now = pace.next_moment(now)
        pace.book(now)
        ledger.record(now, accepted=accepted)
        moments.append(now)
    return moments


def _per_day(moments: list[float]) -> list[int]:
    days = [day_of(moment) for moment in moments]
    return [days.count(day) for day in sorted(set(days))]


def test_a_run_over_several_days() -> None:
    """On each day as many leave as it allows, the rest at its end; what comes of the days is read from the ledger."""
    ledger = _Ledger()
    pace = Pace([Rate(60, 60)], allowance=ledger.allowance(Ramp.parse("4/day, x1.5, 9/day")))
    moments = _send_all(pace, ledger, _at("2026-12-01 09:00"), 30)
    assert _per_day(moments) == [4, 6, 9, 9, 2]
    assert moments[4] == _at("2026-12-02 00:00")


def test_a_restart_in_the_middle_of_a_day() -> None:
    """Whoever begins anew knows what has left today, and no day has more for it."""
    ledger, ramp, moments = _Ledger(), Ramp.parse("4/day, x1.5, 9/day"), list[float]()
    now = _at("2026-12-01 09:00")
    for messages in (3, 3, 4, 1, 1, 8):
        moments += _send_all(Pace((), allowance=ledger.allowance(ramp)), ledger, now, messages)
        now = moments[-1]
    assert _per_day(moments) == [4, 6, 9, 1]


def test_what_a_relay_refuses_does_not_grow() -> None:
    """Refused messages use up the day, and the next one allows no more."""
    ledger = _Ledger()
    pace = Pace((), allowance=ledger.allowance(Ramp.parse("4/day, x2, 100/day")))
    assert _per_day(_send_all(pace, ledger, _at("2026-12-01 09:00"), 12, accepted=False)) == [4, 4, 4]


def test_only_at_its_hours() -> None:
    """A day that is used up goes on at the first hour of the next one; a weekend counts for nothing."""
    ledger = _Ledger()
    window = Window.parse("Mon-Fri 08:00-18:00")
    pace = Pace((), window=window, allowance=ledger.allowance(Ramp.parse("2/day, x2, 100/day")))
    thursday = _at("2026-12-03 17:00")
    assert pace.days(thursday, 20, 50, 0) == {
        dt.date(2026, 12, 3): 2,
        dt.date(2026, 12, 4): 4,
        dt.date(2026, 12, 7): 8,
        dt.date(2026, 12, 8): 6,
    }
    assert pace.forecast(thursday, 20, 50, 0) == _at("2026-12-08 08:00")
    assert max(_send_all(pace, ledger, thursday, 20)) == _at("2026-12-08 08:00")


def test_rates_beside_it() -> None:
    """What the rates move to the next day is that day's, and a new day gives nothing that they do not."""
    ledger = _Ledger()
    pace = Pace([Rate(60, 60), Rate(3, 86400)], allowance=ledger.allowance(Ramp.parse("3/day, x2, 100/day")))
    assert _send_all(pace, ledger, _at("2026-12-01 23:00"), 4)[3] == _at("2026-12-02 23:00")
    ledger = _Ledger()
    pace = Pace([Rate(2, 86400)], allowance=ledger.allowance(Ramp.parse("3/day, x2, 100/day")))
    assert _per_day(_send_all(pace, ledger, _at("2026-12-01 23:00"), 5)) == [1, 2, 2]


@given(
    st.lists(st.tuples(st.integers(0, 40), st.sampled_from(["", "!"])), max_size=4),
    st.integers(1, 60),
    st.sampled_from([Window.parse("8-18"), Window.parse("Mon-Fri 22:00-02:00"), None]),
)
def test_forecast_is_what_happens(past: list[tuple[int, str]], messages: int, window: Window | None) -> None:
    """When all are accepted, the messages leave on the days that were told, and the last one when it was told."""
    ledger, ramp = _Ledger(), Ramp.parse("4/day, x1.5, 9/day")
    ledger.days = {day.date: day for day in _days(*(f"{count}{mark}" for count, mark in past))}
    pace = Pace([Rate(30, 60)], window=window, allowance=ledger.allowance(ramp))
    now = _at("2026-12-01 13:00")
    days, last = pace.days(now, messages, 50, 0), pace.forecast(now, messages, 50, 0)
    moments = _send_all(pace, ledger, now, messages)
    assert _per_day(moments) == list(days.values())
    assert moments[-1] == pytest.approx(last)


@pytest.mark.parametrize("back", [2 * 86400.0, 315_360_000.0])
def test_the_clock_is_set_back(back: float) -> None:
    """What has left counts, and nobody waits for longer than a day."""
    ledger = _Ledger()
    pace = Pace((), allowance=ledger.allowance(Ramp.parse("4/day, x2, 100/day")))
    now = _at("2026-12-01 09:00")
    _send_all(pace, ledger, now, 4)
    assert now - back < pace.next_moment(now - back) <= now - back + 86400


@NEEDS_ZONES
@pytest.mark.parametrize(
    ("zone", "first", "second", "hours"),
    [
        ("Europe/Berlin", "2026-10-25 00:00+02:00", "2026-10-26 00:00+01:00", 25),
        ("Europe/Berlin", "2027-03-28 00:00+01:00", "2027-03-29 00:00+02:00", 23),
        # clocks are changed at midnight: the day begins at one, or its first hour comes twice
        ("America/Santiago", "2026-09-06 01:00-03:00", "2026-09-07 00:00-03:00", 23),
        ("America/Havana", "2026-11-01 00:00-04:00", "2026-11-02 00:00-05:00", 25),
    ],
)
def test_days_on_which_clocks_are_changed(zone: str, first: str, second: str, hours: int) -> None:
    """A day is one of the calendar, of 23 hours or of 25: neither is its allowance given twice nor half of it lost."""
    with in_zone(zone):
        ledger = _Ledger()
        pace = Pace([Rate(1, 60)], allowance=ledger.allowance(Ramp.parse("3/day, +1, 9/day")))
        evening = _at(first) - 4 * 3600
        moments = _send_all(pace, ledger, evening, 9)
        assert (moments[3], moments[7]) == (_at(first), _at(second))
        assert moments[7] - moments[3] == hours * 3600
