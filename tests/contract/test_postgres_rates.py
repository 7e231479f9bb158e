"""Rates in PostgreSQL: whoever asks, no window holds more than was promised, and what has left counts."""

from __future__ import annotations

import datetime as dt
import itertools
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notify.core.pace import Rate
from notify.ledger import Database
from notify.ledger.postgres.rates import SPAN_S, Rates, Slot
from notify.ledger.postgres.store import PostgresStore
from tests.servers.postgres import Database as Server
from tests.servers.postgres import Postgres

RELAY = "relay.example:587 (jane)"
RATES = st.lists(st.builds(Rate, st.integers(1, 12), st.sampled_from([1, 60, 3600])), min_size=1, max_size=3)
#: How long nobody asks, in seconds.
IDLE_S = st.sampled_from([0.0, 0.0, 0.0, 0.3, 2.0, 45.0, 59.9, 4000.0])
#: Moments are sums of floats.
NEAR = 1e-6


@pytest.fixture(scope="module")
def server(postgres: Postgres) -> Iterator[Server]:
    """Make a database for all of these tests."""
    with postgres.database() as database, _opened(database):
        yield database


@contextmanager
def _opened(server: Server) -> Iterator[PostgresStore]:
    with PostgresStore(Database(server.url, password=lambda: server.password), create=True) as store:
        yield store


@pytest.fixture
def store(server: Server) -> Iterator[PostgresStore]:
    """Open the ledger, in which nothing has left."""
    _forget_all(server)
    with _opened(server) as store:
        yield store


def _rates(store: PostgresStore, *rates: str, per_domain: Sequence[str] = ()) -> Rates:
    return Rates(store, RELAY, list(map(Rate.parse, rates)), list(map(Rate.parse, per_domain)))


def _reserved(rates: Rates, wanted: int, host: str = "") -> list[float]:
    """Reserve some moments; return those that there are."""
    return [slot.moment for slot in rates.reserve({host: wanted})[host] if slot.is_reserved]


def _told(rates: Rates, host: str = "") -> Slot:
    """Return what is told where nothing can be reserved."""
    [slot] = rates.reserve({host: 1})[host]
    assert not slot.is_reserved
    return slot


def _tried(server: Server, *ago_s: float, address: str = "p@example.com", relay: str = RELAY) -> None:
    """Record tries of so many seconds ago."""
    with server.connect() as db:
        for seconds in ago_s:
            time = (dt.datetime.now(dt.UTC) - dt.timedelta(seconds=seconds)).isoformat(timespec="microseconds")
            db.execute(
                "INSERT INTO notify.attempt (recipient, time, address, relay, phase, reply, status, scope, message_id)"
                " VALUES (1, %s, %s, %s, 'dot', '250', 'sent', '', '')",
                (time, address, relay),
            )


def _set_back(server: Server, seconds: float) -> None:
    """Let the server's clock have been ahead by so much until now."""
    with server.connect() as db:
        db.execute("UPDATE notify.rate SET latest = latest + %s", [seconds])
        db.execute(
            "UPDATE notify.rate_part SET moment = moment + %(s)s, part = floor((moment + %(s)s) * 1000 / per_s)",
            {"s": seconds},
        )


def test_spread_evenly(server: Server, store: PostgresStore) -> None:
    """What two workers reserve in turn is one row of moments, each as far from the one before as the rate says."""
    with _opened(server) as another:
        one, two = _rates(store, "100/s"), _rates(another, "100/s")
        # from so far ahead on, that no moment has come before the next is asked for
        blocks = [_reserved(rates, 5) for _ in range(12) for rates in (one, two, two, one)]
    moments = [moment for block in blocks[-4:] for moment in block]
    assert len(moments) == 20
    assert [later - earlier for earlier, later in pairwise(moments)] == pytest.approx([0.01] * 19, abs=NEAR)


def test_together_no_longer_than_agreed(store: PostgresStore) -> None:
    """However many are asked for, they are no further apart than a worker that dies may lose."""
    moments = _reserved(_rates(store, "100/s"), 1000)
    assert 2 <= len(moments) <= SPAN_S * 100 + 1
    assert moments[-1] - moments[0] <= SPAN_S


def test_seconds_from_now(store: PostgresStore) -> None:
    """A moment is told as the seconds until then, so that nobody's clock matters."""
    rates = _rates(store, "10/min")
    [first] = rates.reserve({"": 1})[""]
    [second] = rates.reserve({"": 1})[""]
    assert -1 < first.wait_s <= 0
    assert 5 < second.wait_s <= 6.03


def test_longer_windows(server: Server, store: PostgresStore) -> None:
    """Of several rates each holds: when the minute's are used up, the next comes when the first is a minute old."""
    with _opened(server) as another:
        one, two = _rates(store, "1000/s", "30/min"), _rates(another, "1000/s", "30/min")
        moments = _reserved(one, 20)
        moments += _reserved(two, 20)
    assert len(moments) == 30
    # as late as a message may be, and as coarse as it is counted
    assert 60 <= _told(one).moment - moments[0] <= 60 + 0.25 + 0.06 + NEAR


def test_no_burst_at_the_border_of_a_window(store: PostgresStore) -> None:
    """When some of a window's are old enough, no more may leave than those; never two windows' worth in a row."""
    rates = _rates(store, "1000/s", "30/min")
    with store.concurrent() as db:
        # 20 of them 59.9 seconds ago, 10 half a minute ago
        left = "count_left(:relay, '', 60, ARRAY[seconds_now() - 59.9, seconds_now() - 30], ARRAY[20, 10])"
        [(clock, _)] = db.execute(f"SELECT seconds_now(), {left}", {"relay": RELAY})
    slots = rates.reserve({"": 40})[""]
    assert len(slots) == 20
    assert 0.09 <= slots[0].moment - clock <= 0.1 + 0.25 + 0.06 + NEAR
    assert 25 <= _told(rates).wait_s <= 30.5


def test_hosts(server: Server, store: PostgresStore) -> None:
    """What goes to a mail host counts for all workers together, and for no other host."""
    with _opened(server) as another:
        one, two = _rates(store, per_domain=["3/min"]), _rates(another, per_domain=["3/min"])
        assert len(_reserved(one, 2, "google.com")) == 2
        assert len(_reserved(two, 2, "google.com")) == 1
        assert 55 < _told(one, "google.com").wait_s < 61
        assert len(_reserved(one, 2, "example.com")) == 2


def test_several_hosts_at_once(store: PostgresStore) -> None:
    """One question reserves at several hosts and at the relay."""
    found = _rates(store, "100/s", per_domain=["1/min"]).reserve({"b.example": 2, "": 2, "a.example": 1})
    assert {host: len(slots) for host, slots in found.items()} == {"": 2, "a.example": 1, "b.example": 1}


def test_nobody_waits_for_whoever_waits_for_him(server: Server) -> None:
    """Many workers that reserve at the same hosts, named in any order, and give back, never lock each other out."""
    hosts = [f"h{number}.example" for number in range(6)]
    errors: list[BaseException] = []

    def reserve(number: int) -> None:
        try:
            with _opened(server) as own:
                rates = _rates(own, "1000/s", per_domain=["100/s", "1000/min"])
                for turn in range(25):
                    names = [*hosts[(number + turn) % 6 :], *hosts[: (number + turn) % 6]]
                    found = rates.reserve(dict.fromkeys([*names, ""] if turn % 2 else reversed(names), 2))
                    rates.give_back({host: [slot.moment for slot in slots] for host, slots in found.items()})
        except BaseException as error:  # noqa: BLE001  # it is shown by the test
            errors.append(error)

    threads = [threading.Thread(target=reserve, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors


def test_given_back(store: PostgresStore) -> None:
    """Moments that nobody uses are given out again, and the windows do not count them."""
    rates = _rates(store, "1/s", "8/min")
    moments = [_reserved(rates, 1)[0] for _ in range(8)]
    rates.give_back({"": moments[3:]})
    assert [_reserved(rates, 1)[0] for _ in range(5)] == pytest.approx(moments[3:], abs=NEAR)
    assert not _reserved(rates, 1)


def test_given_back_from_between(store: PostgresStore) -> None:
    """What lies before another's moments is not given out again at once, but the windows do not count it."""
    rates = _rates(store, "100/s", "8/min")
    unused, others = _reserved(rates, 3), _reserved(rates, 5)
    rates.give_back({"": unused})
    again = _reserved(rates, 5)
    assert len(again) == 3
    assert again[0] - others[-1] >= 0.01 - NEAR


def test_what_is_far_away_is_not_reserved(store: PostgresStore) -> None:
    """A moment that comes late is only told: whoever has asked may have stopped by then."""
    rates = _rates(store, "1/min")
    assert len(_reserved(rates, 1)) == 1
    assert _told(rates).moment == _told(rates).moment


@pytest.mark.parametrize("seconds", [90.0, 315_360_000.0])
def test_clock_set_back(server: Server, store: PostgresStore, seconds: float) -> None:
    """When the server's clock is set back, or another server takes over, what left after now counts as left now."""
    rates = _rates(store, "10/s", "6/min")
    assert len(_reserved(rates, 3)) == 1
    for _ in range(3):
        _reserved(rates, 1)
    _set_back(server, seconds)
    assert len([slot for _ in range(5) for slot in _reserved(rates, 1)]) == 2
    assert 55 < _told(rates).wait_s < 61


def test_what_left_before(server: Server, store: PostgresStore) -> None:
    """What the attempts tell counts: at this relay, lately, and each at its own time."""
    _tried(server, 45, 40, 40, 39.99)
    _tried(server, 61, 70)
    _tried(server, 5, 5, 5, relay="another.example:587")
    rates = _rates(store, "100/s", "5/min")
    rates.count_left(str)
    assert len(_reserved(rates, 5)) == 1
    assert 10.1 < _told(rates).wait_s < 15.5


def test_counted_once(server: Server, store: PostgresStore) -> None:
    """What was reserved and then tried counts once, however often it is looked."""
    rates = _rates(store, "1000/s", "10/min")
    assert len(_reserved(rates, 4)) == 4
    _tried(server, 0, 0, 0, 0)
    for _ in range(3):
        _count_again(server, rates)
    assert len(_reserved(rates, 10)) == 6


def test_sent_by_whoever_asked_nobody(server: Server, store: PostgresStore) -> None:
    """What leaves without a word to the others counts when the attempts are counted the next time."""
    rates = _rates(store, "1000/s", "10/min")
    rates.count_left(str)
    assert len(_reserved(rates, 4)) == 4
    _tried(server, *[0] * 7)
    _count_again(server, rates)
    assert len(_reserved(rates, 10)) == 3


def _count_again(server: Server, rates: Rates) -> None:
    with server.connect() as db:
        db.execute("UPDATE notify.rate SET counted = counted - 601")
    rates.count_left(str)


def test_counted_by_one(server: Server, store: PostgresStore) -> None:
    """Of workers that begin at the same time one counts; the others need not."""
    rates = _rates(store, "1000/s", "10/min")
    rates.count_left(str)
    _tried(server, *[0] * 7)
    rates.count_left(str)
    assert len(_reserved(rates, 10)) == 10


def test_what_left_to_a_host(server: Server, store: PostgresStore) -> None:
    """Attempts count towards the mail host of their domain."""
    _tried(server, 30, 20, address="p@firm.example")
    _tried(server, 10, address="P@Hosting.EXAMPLE")
    rates = _rates(store, per_domain=["4/min", "100/hour"])
    rates.count_left(_host_of)
    assert len(_reserved(rates, 4, "hosting.example")) == 1
    assert len(_reserved(rates, 4, "example.com")) == 4


def _host_of(domain: str) -> str:
    return {"firm.example": "hosting.example"}.get(domain, domain)


def test_a_clock_that_was_ahead(server: Server, store: PostgresStore) -> None:
    """What was recorded a little ahead of the server's clock counts as of now, and what is far ahead does not count."""
    _tried(server, -30, -30, -86400)
    rates = _rates(store, "1000/s", "3/min")
    rates.count_left(str)
    assert len(_reserved(rates, 3)) == 1
    assert 55 < _told(rates).wait_s < 61


def test_new_rate(server: Server, store: PostgresStore) -> None:
    """A rate that is new in the settings counts what left before it was there."""
    assert len(_reserved(_rates(store, "1000/s", "10/min"), 4)) == 4
    _tried(server, 0, 0, 0, 0)
    rates = _rates(store, "1000/s", "10/min", "6/hour")
    _count_again(server, rates)
    assert len(_reserved(rates, 10)) == 2


@pytest.mark.long
def test_a_crash_of_the_server(postgres_of_its_own: Postgres) -> None:
    """A server that was killed has forgotten the rates, but not what has left: no window begins anew."""
    with postgres_of_its_own.database() as database:
        with _opened(database) as store:
            assert len(_reserved(_rates(store, "1000/s", "10/min"), 4)) == 4
        _tried(database, 0, 0, 0, 0)
        postgres_of_its_own.kill()
        postgres_of_its_own.start()
        with database.connect() as db:
            assert not db.execute("SELECT 1 FROM notify.rate").fetchall()
        with _opened(database) as store:
            rates = _rates(store, "1000/s", "10/min")
            rates.count_left(str)
            assert len(_reserved(rates, 10)) == 6


def test_hosts_of_long_ago(server: Server, store: PostgresStore) -> None:
    """What is known of a host to which nothing has left for days is forgotten, and of no other one."""
    rates = _rates(store, per_domain=["10/hour"])
    assert _reserved(rates, 2, "old.example")
    _set_back(server, -200_000)
    assert _reserved(rates, 2, "new.example")
    rates.count_left(str)
    with server.connect() as db:
        for table in ("rate", "rate_part"):
            kept = db.execute(f"SELECT host FROM notify.{table} WHERE host > ''").fetchall()  # noqa: S608  # of ours
            assert kept == [("new.example",)]


@pytest.mark.long
@settings(max_examples=100)
@given(RATES, st.lists(st.tuples(st.integers(1, 8), IDLE_S, st.floats(0, 1)), max_size=25))
def test_no_window_is_exceeded(server: Server, limits: list[Rate], steps: list[tuple[int, float, float]]) -> None:
    """Whatever two workers do meanwhile, and however late a message is in its time, no window holds more."""
    left: list[float] = []
    with _opened(server) as one, _opened(server) as two:
        _forget_all(server)
        both = itertools.cycle([Rates(store, RELAY, limits, []) for store in (one, two)])
        passed_s = 0.0
        for (wanted, idle_s, late), rates in zip(steps, both, strict=False):
            _pass_time(server, idle_s)
            passed_s += idle_s
            slots = rates.reserve({"": wanted})[""]
            if not slots[0].is_reserved:
                _pass_time(server, slots[0].wait_s)
                passed_s += slots[0].wait_s
                slots = rates.reserve({"": wanted})[""]
            left += [slot.moment + passed_s + late * rates.late_s for slot in slots if slot.is_reserved]
    left.sort()
    for rate in limits:
        # a rate per second may be exceeded by what is late of it
        most = rate.count if rate.per_s > 1 else rate.count * 1.1 + 1
        assert _most_within(left, rate.per_s) <= most


def _most_within(moments: list[float], seconds: float) -> int:
    """Return the most moments in any half-open window of so many seconds, as a relay would count them."""
    return max((sum(first <= one < first + seconds - NEAR for one in moments) for first in moments), default=0)


def _pass_time(server: Server, seconds: float) -> None:
    """Let all that is known of the rates be so much older."""
    with server.connect() as db:
        db.execute("UPDATE notify.rate SET latest = latest - %s", [seconds])
        parts = db.execute("SELECT relay, host, per_s, first, last, moment FROM notify.rate_part").fetchall()
        db.execute("TRUNCATE notify.rate_part")
        db.cursor().executemany(
            "INSERT INTO notify.rate_part (relay, host, per_s, part, first, last, moment)"
            " VALUES (%(r)s, %(h)s, %(p)s, floor(%(m)s::float8 * 1000 / %(p)s), %(f)s, %(l)s, %(m)s)"
            " ON CONFLICT (relay, host, per_s, part) DO UPDATE"
            " SET first = least(rate_part.first, excluded.first), last = greatest(rate_part.last, excluded.last),"
            " moment = greatest(rate_part.moment, excluded.moment)",
            [
                {"r": relay, "h": host, "p": per_s, "f": first, "l": last, "m": moment - seconds}
                for relay, host, per_s, first, last, moment in parts
            ],
        )


def _forget_all(server: Server) -> None:
    with server.connect() as db:
        db.execute("TRUNCATE notify.rate, notify.rate_part, notify.ramp_day, notify.attempt")


def test_day_of_a_ramp(server: Server, store: PostgresStore) -> None:
    """What a ramp allows on a day is used up by all together; what is given back, others get."""
    day = dt.date(2026, 11, 30)
    with _opened(server) as another:
        one, two = _rates(store, "1/s"), _rates(another, "1/s")
        assert one.use_day(day, allowed=10, tried=3, wanted=4) == 4
        assert two.use_day(day, allowed=10, tried=3, wanted=4) == 3
        assert two.use_day(day, allowed=10, tried=3, wanted=4) == 0
        one.give_day_back(day, 2)
        assert two.use_day(day, allowed=10, tried=3, wanted=4) == 2
        # whoever sent without a word to the others
        assert two.use_day(day + dt.timedelta(days=1), allowed=10, tried=12, wanted=4) == 0
