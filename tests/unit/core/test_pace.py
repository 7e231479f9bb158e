"""When messages may leave: no window is ever exceeded, restarts or not, and what is forecast comes true."""

from __future__ import annotations

import datetime as dt
import math
import tracemalloc
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.core.mail_host import MailHosts
from notify.core.pace import LONGEST_DEFERRAL, RETRY_MINUTES, Pace, Rate, is_given_up, retry_delay
from notify.core.window import Window

RATES = st.lists(st.builds(Rate, st.integers(1, 12), st.sampled_from([1, 60, 3600])), min_size=1, max_size=3)
#: How long the run does something else between two messages, in seconds.
IDLE = st.lists(st.sampled_from([0.0, 0.0, 0.0, 0.3, 2.0, 45.0, 4000.0]), max_size=60)
#: By how much the clock is set back, in seconds.
SET_BACK = st.sampled_from([0.0, 0.0, 0.0, 0.5, 90.0, 86400.0, 315_360_000.0])


def _most_within(moments: list[float], seconds: float) -> int:
    """Return the most moments in any half-open window of so many seconds, as a relay would count them."""
    # moments are sums of floats; a relay does not count nanoseconds
    return max(sum(first <= moment < first + seconds - 1e-6 for moment in moments) for first in moments)


def _drive(pace: Pace, moments: list[float], now: float, idle: list[float]) -> float:
    for seconds in idle:
        now = pace.next_moment(now + seconds)
        pace.book(now)
        moments.append(now)
    return now


@pytest.mark.parametrize(
    ("text", "rate", "shown"),
    [
        ("30/min", Rate(30, 60), "30/min"),
        ("400/hour", Rate(400, 3600), "400/hour"),
        ("400/h", Rate(400, 3600), "400/hour"),
        (" 2000 / Day ", Rate(2000, 86400), "2000/day"),
        ("5/s", Rate(5, 1), "5/s"),
        ("5/second", Rate(5, 1), "5/s"),
        ("10/MINUTE", Rate(10, 60), "10/min"),
    ],
)
def test_rate(text: str, rate: Rate, shown: str) -> None:
    """A rate is read as people write it, and shown in a form that is read again."""
    assert Rate.parse(text) == rate
    assert str(rate) == shown
    assert Rate.parse(shown) == rate


@pytest.mark.parametrize("text", ["", "30", "30/", "/min", "30/week", "-3/min", "1.5/min", "30/min/min", "many/min"])
def test_no_rate(text: str) -> None:
    """What is no rate is refused with how to write one."""
    with pytest.raises(ValueError, match="write it as"):
        Rate.parse(text)


def test_rate_of_nothing() -> None:
    """A rate that would never send is refused."""
    with pytest.raises(ValueError, match="never send"):
        Rate.parse("0/min")


@pytest.mark.parametrize(
    ("deferrals", "minutes"), [(1, 15), (2, 30), (3, 60), (4, 120), (5, 240), (6, 360), (7, 360), (1000, 360)]
)
def test_retry_delay(deferrals: int, minutes: int) -> None:
    """The waits grow from a quarter of an hour to six hours, which repeat."""
    assert retry_delay(deferrals) == dt.timedelta(minutes=minutes)


def test_retries_within_five_days() -> None:
    """The first wait outlasts greylisting's ten minutes, and in five days there are at least twenty tries."""
    assert RETRY_MINUTES[0] > 10
    waited, tries = dt.timedelta(), 0
    while waited <= LONGEST_DEFERRAL:
        tries += 1
        waited += retry_delay(tries)
    assert tries >= 20


def _tries(*gaps: dt.timedelta) -> tuple[list[dt.datetime], dt.datetime]:
    """Return the moments of the deferrals with these gaps between them, and the last of them apart."""
    first = dt.datetime(2026, 12, 1, 9, 0, tzinfo=dt.UTC)
    *moments, last = accumulate(gaps, lambda moment, gap: moment + gap, initial=first)
    return moments, last


#: How many waits fill five days.
_FULL = 24
DAY = dt.timedelta(days=1)
WAITS = [retry_delay(number) for number in range(1, _FULL + 1)]


@pytest.mark.parametrize(
    ("gaps", "given_up"),
    [
        pytest.param([], False, id="the first deferral"),
        pytest.param(WAITS[:-1], False, id="tried as planned, one short"),
        pytest.param(WAITS, True, id="tried as planned"),
        pytest.param([6 * DAY], False, id="a pause of six days after the first"),
        pytest.param([3 * DAY, 3 * DAY, 3 * DAY], False, id="pauses of days between the tries"),
        pytest.param([6 * DAY] * (_FULL - 1), False, id="a pause of six days after each, one short"),
        pytest.param([6 * DAY] * _FULL, True, id="a pause of six days after each"),
        pytest.param([*WAITS[:9], 2 * DAY, *WAITS[10:-1]], False, id="a weekend switched off, one short"),
        pytest.param([*WAITS[:9], 2 * DAY, *WAITS[10:]], True, id="a weekend switched off"),
        pytest.param([365 * DAY], False, id="a clock that is ahead"),
        pytest.param([365 * DAY, -365 * DAY], False, id="ahead, and set right"),
        pytest.param([-365 * DAY, 365 * DAY], False, id="behind, and set right"),
        pytest.param([*WAITS[:9], -365 * DAY, *WAITS[10:]], False, id="set back: that wait is not known"),
        pytest.param([*WAITS[:9], -365 * DAY, *WAITS[10:], WAITS[9]], True, id="set back: another wait in its place"),
        pytest.param([dt.timedelta(minutes=1)] * 1000, False, id="tries that came too soon"),
    ],
)
def test_given_up(gaps: list[dt.timedelta], given_up: bool) -> None:
    """Only the time of trying counts towards the five days: of each wait no more than was planned."""
    assert is_given_up(*_tries(*gaps)) is given_up


@given(gaps=st.lists(st.timedeltas(min_value=-400 * DAY, max_value=400 * DAY), max_size=_FULL - 1))
def test_never_given_up_after_fewer_tries(gaps: list[dt.timedelta]) -> None:
    """Whatever lies between the tries, and whatever a clock does, nobody is given up after too few of them."""
    assert not is_given_up(*_tries(*gaps))


def test_without_rates() -> None:
    """Without rates every moment is now, however much has left."""
    pace = Pace(())
    for _ in range(1000):
        pace.book(7.0)
    assert pace.next_moment(7.0) == 7.0
    assert pace.forecast(7.0, 1_000, batch=50, pause_s=60) == 7.0 + 19 * 60


def test_spread() -> None:
    """The shortest rate is spread evenly: relays look at bursts."""
    pace, moments = Pace([Rate(400, 3600), Rate(30, 60)]), list[float]()
    _drive(pace, moments, 0.0, [0.0] * 31)
    assert moments == [number * 2.0 for number in range(31)]


def test_longer_window() -> None:
    """When the longer window is full the next message waits until its first one is out of it."""
    pace, moments = Pace([Rate(5, 1), Rate(7, 3600)]), list[float]()
    _drive(pace, moments, 100.0, [0.0] * 8)
    assert moments[6] == pytest.approx(101.2)
    assert moments[7] == 3700.0


@given(RATES, IDLE)
def test_no_window_is_exceeded(rates: list[Rate], idle: list[float]) -> None:
    """However a run dawdles, no rate is exceeded in any of its windows."""
    moments: list[float] = []
    _drive(Pace(rates), moments, 0.0, idle)
    assert all(_most_within(moments, rate.per_s) <= rate.count for rate in rates if moments)
    assert moments == sorted(moments)


@given(RATES, st.lists(IDLE, min_size=2, max_size=4), st.data())
def test_no_window_is_exceeded_over_restarts(rates: list[Rate], runs: list[list[float]], data: st.DataObject) -> None:
    """A run that begins with what left before keeps the windows; so does one that knows only the longest window."""
    moments: list[float] = []
    now = 0.0
    for idle in runs:
        longest = max(rate.per_s for rate in rates)
        most = max(rate.count for rate in rates)
        known = [(moment, "") for moment in moments if moment > now - longest][-most:]
        now = _drive(Pace(rates, known), moments, now, idle)
        now += data.draw(st.sampled_from([0.0, 1.0, 100.0]))
    assert all(_most_within(moments, rate.per_s) <= rate.count for rate in rates if moments)


@given(RATES, st.lists(st.tuples(st.sampled_from([0.0, 0.3, 45.0, 4000.0]), SET_BACK), max_size=60), st.booleans())
def test_the_clock_is_set_back(rates: list[Rate], steps: list[tuple[float, float]], is_one_domain: bool) -> None:
    """However often the clock is set back, no window of the true time is exceeded, and no wait is longer than one."""
    pace = Pace((), per_domain=rates) if is_one_domain else Pace(rates)
    true, behind, moments = 0.0, 0.0, list[float]()
    for idle, back in steps:
        true += idle
        behind += back
        moment = pace.next_moment(true - behind, "gross.example")
        assert moment - (true - behind) <= max(rate.per_s for rate in rates) + 1e-6
        pace.book(moment, "gross.example")
        true = moment + behind
        moments.append(true)
    assert all(_most_within(moments, rate.per_s) <= rate.count for rate in rates if moments)


@pytest.mark.parametrize("back", [1.0, 86400.0, 315_360_000.0])
def test_the_clock_is_set_back_once(back: float) -> None:
    """What has left counts from now on, and only once: it does not move on with the clock."""
    pace = Pace([Rate(100, 1), Rate(3, 3600)])
    for number in range(3):
        pace.book(1_000_000_000.0 + number)
    now = 1_000_000_000.0 - back
    assert pace.next_moment(now) == now + 3600
    assert pace.next_moment(now + 3599) == now + 3600
    assert pace.next_moment(now + 3600) == now + 3600


@given(RATES)
def test_nothing_is_wasted(rates: list[Rate]) -> None:
    """Who always sends at once gets as much out of every rate as it gives: the pace is not slower than promised."""
    moments: list[float] = []
    _drive(Pace(rates), moments, 0.0, [0.0] * 40)
    shortest = min(rates, key=lambda rate: rate.per_s)
    gap = shortest.per_s / shortest.count
    for number, (before, after) in enumerate(pairwise(moments), start=1):
        free = max(
            (moments[number - rate.count] + rate.per_s for rate in rates if number >= rate.count), default=-math.inf
        )
        assert after == pytest.approx(max(before + gap, free))


@given(
    st.one_of(RATES, st.just([])),
    IDLE,
    st.integers(0, 60),
    st.integers(1, 20),
    st.sampled_from([0.0, 0.5, 60.0, 900.0]),
)
def test_forecast_is_what_happens(
    rates: list[Rate], idle: list[float], messages: int, batch: int, pause: float
) -> None:
    """The forecast is the moment at which a run of these batches and pauses sends its last message."""
    pace = Pace(rates)
    now = _drive(pace, [], 1000.0, idle)
    told = pace.forecast(now, messages, batch, pause)
    left = messages
    clock = now
    while left:
        for _ in range(min(batch, left)):
            clock = pace.next_moment(clock)
            pace.book(clock)
            left -= 1
        if left:
            clock += pause
    assert clock == pytest.approx(told)


def test_forecast_of_a_domain() -> None:
    """Where most go to one domain its own rate may be the slower one, with what it has had already."""
    pace = Pace([Rate(10, 1)], [(-50.0, "slow.example")], per_domain=[Rate(2, 100)])
    assert pace.forecast(0.0, 4, 50, 0) == pytest.approx(0.3)
    assert pace.forecast(0.0, 4, 50, 0, ("other.example", 2)) == pytest.approx(0.3)
    assert pace.forecast(0.0, 4, 50, 0, ("other.example", 3)) == 100.0
    assert pace.forecast(0.0, 4, 50, 0, ("slow.example", 3)) == 100.0
    assert pace.forecast(0.0, 4, 50, 0, ("slow.example", 2)) == 50.0


def test_forecast_books_nothing() -> None:
    """Asking when a run would end uses up none of the rate."""
    pace = Pace([Rate(2, 60)])
    pace.book(0.0)
    before = pace.next_moment(0.0)
    pace.forecast(0.0, 50, batch=10, pause_s=60.0)
    assert pace.next_moment(0.0) == before == 30.0


def test_each_domain_has_a_rate_of_its_own() -> None:
    """Who writes to many at one provider waits for it; the others do not, and a restart forgets nothing."""
    pace = Pace([Rate(60, 60)], per_domain=[Rate(2, 60)])
    for moment in (0.0, 1.0):
        pace.book(moment, "gross.example")
    assert pace.next_moment(1.0, "gross.example") == 60.0
    assert pace.next_moment(1.0, "klein.example") == 2.0
    again = Pace([Rate(60, 60)], [(0.0, "gross.example"), (1.0, "gross.example")], per_domain=[Rate(2, 60)])
    assert again.next_moment(1.0, "gross.example") == 60.0


def test_domains_at_one_host_count_together() -> None:
    """They are one receiver, now and after a restart; those of which nothing is known are each their own."""
    firms = {f"firm{n}.example": f"firm{n}.mail.protection.outlook.com" for n in range(3)}
    pace = Pace([], [(0.0, "firm0.example")], per_domain=[Rate(2, 60)], hosts=MailHosts(firms))
    assert pace.next_moment(1.0, "firm2.example") == 1.0
    pace.book(1.0, "firm1.example")
    assert pace.next_moment(1.0, "firm2.example") == 60.0
    assert pace.next_moment(1.0, "other.example") == 1.0
    assert pace.forecast(1.0, 3, 50, 0, ("firm2.example", 3)) == 120.0
    assert pace.together_with({"firm2.example", "other.example"}) == {*firms, "other.example"}


def test_of_a_million_domains_few_are_remembered() -> None:
    """Domains that nothing depends on any more are forgotten."""
    pace = Pace((), per_domain=[Rate(1, 1)])
    for number in range(30_000):
        pace.book(number * 0.01, f"d{number}.example")
    assert len(pace._domains) <= 10_101  # noqa: SLF001  # nothing else shows it
    assert pace.next_moment(299.99, "d29999.example") == pytest.approx(300.99)


def test_of_a_high_rate_little_is_remembered() -> None:
    """Of a rate that nobody reaches nothing is kept for longer than it counts, nor while a long run is foreseen."""
    pace, kept = Pace([Rate(1_000_000, 1)]), 1_000_000
    tracemalloc.start()
    try:
        for number in range(20_000):
            pace.book(pace.next_moment(1000 + number / 1000))
        pace.forecast(2000, 60_000, 100, 0.01)
        kept = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert kept < 600_000


def test_domains_are_forgotten_though_the_clock_was_set_back() -> None:
    """Domains that were written to before the clock was set back are not remembered for as long as it is behind."""
    pace = Pace((), per_domain=[Rate(1, 1)])
    for number in range(30_000):
        pace.book(number * 0.01 - 86400.0 * (number // 5_000), f"d{number}.example")
    assert len(pace._domains) <= 10_101  # noqa: SLF001  # nothing else shows it


def test_a_domain_that_is_written_to_all_the_time_keeps_no_others() -> None:
    """Those behind it are forgotten all the same."""
    pace = Pace((), per_domain=[Rate(1, 1)])
    for number in range(3000):
        pace.book(number * 0.1, "often.example")
        pace.book(number * 0.1, f"d{number}.example")
    assert len(pace._domains) <= 20  # noqa: SLF001  # nothing else shows it


def test_only_within_the_window() -> None:
    """Beside all rates, messages leave at the hours that were asked for; what is forecast knows them too."""
    tuesday = dt.datetime(2026, 12, 1, 17, 59, 30).timestamp()  # noqa: DTZ001  # the hours are local
    wednesday = dt.datetime(2026, 12, 2, 8, 0).timestamp()  # noqa: DTZ001
    pace = Pace([Rate(1, 60)], window=Window.parse("Mon-Fri 08:00-18:00"))
    assert pace.next_moment(tuesday) == tuesday
    pace.book(tuesday)
    assert pace.next_moment(tuesday) == wednesday
    assert pace.forecast(tuesday, 3, batch=50, pause_s=0) == wednesday + 120


def test_many_domains_are_not_all_looked_at_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where something still depends on all of them, only the first to be forgotten is looked at."""
    looked: list[float] = []

    def is_over(_: object, now: float) -> bool:
        looked.append(now)
        return False

    monkeypatch.setattr("notify.core.pace._Kept.is_over", is_over)
    pace = Pace([], ((number, f"{number}.example") for number in range(2000)), per_domain=[Rate(1, 86400)])
    assert len(looked) == 1999
    assert pace.next_moment(2000, "7.example") == 86407
