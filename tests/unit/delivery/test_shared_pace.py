"""The pace that machines share: moments are used when they come, few are wasted, and the rest is given back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import cast

import pytest

from notify.core.local_day import start_of
from notify.core.mail_host import NO_HOSTS, MailHosts
from notify.core.pace import Rate
from notify.core.ramp import Ramp, SendingDay
from notify.core.window import Window
from notify.delivery.shared_allowance import SharedAllowance
from notify.delivery.shared_pace import SharedPace
from notify.ledger.postgres.rates import Rates, Slot
from notify.ledger.postgres.store import PostgresStore

#: What the caller's own clock shows, which is wrong, and the server's.
NOW, SERVER = 1000.0, start_of(dt.date(2026, 11, 30)) + 9 * 3600


class Server(Rates):
    """Rates without a database: the relay's moments stand ``gap_s`` apart, and a host has none before a moment."""

    def __init__(self, gap_s: float = 0.01, rate: str = "100/s", per_domain: str = "") -> None:
        rates, to_hosts = ([Rate.parse(text)] if text else [] for text in (rate, per_domain))
        super().__init__(cast("PostgresStore", None), "relay", rates, to_hosts)
        self.clock_s = 0.0
        self.gap_s = gap_s
        self.latest = -gap_s
        self.closed_until: dict[str, float] = {}
        self.asked: list[dict[str, int]] = []
        self.given_back: dict[str, Sequence[float]] = {}
        self.day_left = 0

    def count_left(self, host_of: Callable[[str], str]) -> float:
        """Return its clock."""
        assert host_of("example.com")
        return SERVER + self.clock_s

    def reserve(self, wanted: Mapping[str, int]) -> dict[str, list[Slot]]:
        """Give out moments."""
        self.asked.append(dict(wanted))
        return {host: self._slots(host, count) for host, count in wanted.items()}

    def _slots(self, host: str, count: int) -> list[Slot]:
        if self.closed_until.get(host, 0.0) > self.clock_s:
            return [self._slot(self.closed_until[host], is_reserved=False)]
        return [self._slot(self._next() if host == "" else self.clock_s) for _ in range(count)]

    def _next(self) -> float:
        self.latest = max(self.latest + self.gap_s, self.clock_s)
        return self.latest

    def _slot(self, moment: float, *, is_reserved: bool = True) -> Slot:
        return Slot(SERVER + moment, moment - self.clock_s, is_reserved)

    def give_back(self, unused: Mapping[str, Sequence[float]]) -> None:
        """Keep what is given back."""
        self.given_back = dict(unused)

    def use_day(self, day: dt.date, allowed: int, tried: int, wanted: int) -> int:
        """Give out what is left of a day."""
        assert allowed > tried
        assert day
        given = min(wanted, self.day_left)
        self.day_left -= given
        return given

    def give_day_back(self, day: dt.date, unused: int) -> None:
        """Take back."""
        assert day
        self.day_left += unused

    def pace(self, hosts: MailHosts = NO_HOSTS, window: Window | None = None, ramp: Ramp | None = None) -> SharedPace:
        """Return a pace by these rates."""
        allowance = SharedAllowance(self, ramp, lambda: [SendingDay(dt.date(2026, 11, 29), 50, 50)]) if ramp else None
        return SharedPace(self, hosts, window=window, allowance=allowance, clock=lambda: self.clock_s)

    def leave(self, pace: SharedPace, domain: str = "") -> float:
        """Wait until the next message may leave, and let it leave; return when that was."""
        while (moment := pace.next_moment(NOW, domain)) > NOW:
            self.clock_s += moment - NOW
        pace.book(NOW, domain)
        return self.clock_s


def test_each_moment_is_used_when_it_comes() -> None:
    """Messages leave at the moments that were reserved, one at each, whatever the machine's own clock shows."""
    server = Server()
    pace = server.pace()
    assert [server.leave(pace) for _ in range(40)] == pytest.approx([number * 0.01 for number in range(40)])


def test_few_questions() -> None:
    """Whoever uses what he reserves reserves more at once, up to what he may lose when he dies."""
    server = Server()
    pace = server.pace()
    for _ in range(200):
        server.leave(pace)
    sizes = [asked[""] for asked in server.asked]
    assert sizes[:3] == [1, 2, 4]
    assert max(sizes) == server.most_together == 5
    assert len(sizes) < 60


def test_what_was_let_pass_is_not_made_up_for() -> None:
    """After a pause messages leave as far apart as ever: whatever passed meanwhile is lost."""
    server = Server()
    pace = server.pace()
    for _ in range(20):
        server.leave(pace)
    server.clock_s += 5
    first, second = server.leave(pace), server.leave(pace)
    assert second - first == pytest.approx(0.01)


def test_a_little_late_is_in_time() -> None:
    """A moment that has come while something else was done is used all the same."""
    server = Server(gap_s=1.0, rate="60/min")
    pace = server.pace()
    server.leave(pace)
    pace.next_moment(NOW)
    server.clock_s = 1.2
    assert pace.next_moment(NOW) == NOW


def test_whoever_is_slow_reserves_fewer() -> None:
    """Who uses some of what he reserves and lets others pass reserves about as many as he can use."""
    server = Server(gap_s=0.005, rate="200/s")
    pace = server.pace()
    for _ in range(300):
        server.leave(pace)
        server.clock_s += 0.06
    sizes = [asked[""] for asked in server.asked[-50:]]
    assert max(sizes) <= 3


def test_whoever_may_not_use_them_reserves_one() -> None:
    """Where nobody can be written to as the hosts have enough, one moment of the relay is wasted at a time."""
    server = Server(per_domain="1/min")
    pace = server.pace()
    for _ in range(20):
        server.leave(pace, "b.example")
    server.closed_until["a.example"] = 100
    server.asked.clear()
    for _ in range(30):
        assert pace.next_moment(NOW, "a.example") > NOW
        server.clock_s += 0.5
    sizes = [asked[""] for asked in server.asked if "" in asked]
    assert len(sizes) > 20
    assert set(sizes[1:]) == {1}


def test_given_back() -> None:
    """At the end all that is reserved is given back by the server's names for it, and once."""
    server = Server(per_domain="10/s")
    pace = server.pace()
    pace.expect(["a.example"] * 10)
    for _ in range(12):
        server.leave(pace, "a.example")
    left = server.latest
    pace.give_back()
    assert server.given_back[""][-1] == pytest.approx(SERVER + left)
    server.given_back = {}
    pace.give_back()
    assert not server.given_back


def test_hosts_that_follow_are_asked_for_together() -> None:
    """One question reserves at the hosts of all messages that may leave soon, as many at each as go there."""
    server = Server(rate="", per_domain="100/s")
    pace = server.pace(MailHosts({"firm.example": "mx.hosting.example"}))
    pace.expect(["a.example", "firm.example", "a.example", "hosting.example"])
    for domain in ("a.example", "firm.example", "a.example", "hosting.example"):
        server.leave(pace, domain)
    assert server.asked == [{"a.example": 2, "hosting.example": 2}]


def test_a_host_that_has_enough_is_asked_once() -> None:
    """Until the moment that was told, nobody asks again; the other hosts are written to meanwhile."""
    server = Server(rate="", per_domain="100/s")
    pace = server.pace()
    server.closed_until["a.example"] = 3.0
    for _ in range(20):
        assert pace.next_moment(NOW, "a.example") == pytest.approx(NOW + 3 - server.clock_s)
        server.leave(pace, "b.example")
        server.clock_s += 0.1
    assert sum("a.example" in asked for asked in server.asked) == 1


def test_no_host_is_asked_for_long_before() -> None:
    """As long as the relay's own moment is far away, no moment at a host is kept from the others."""
    server = Server(gap_s=2.0, rate="30/min", per_domain="100/min")
    pace = server.pace()
    server.leave(pace, "a.example")
    asked = len(server.asked)
    assert pace.next_moment(NOW, "a.example") == pytest.approx(NOW + 2)
    assert server.asked[asked:] == [{"": 1}]


def test_hours() -> None:
    """Outside of the hours nothing is reserved; the hours are those of the server's clock."""
    server = Server()
    pace = server.pace(window=Window.parse("10:00-11:00"))
    assert pace.next_moment(NOW) == pytest.approx(NOW + 3600)
    assert not server.asked
    server.clock_s += 3600
    assert pace.next_moment(NOW) == NOW


def test_day_of_a_ramp() -> None:
    """What the day allows is taken in small parts; when it is used up the next message leaves the next day."""
    server = Server()
    server.day_left = 7
    pace = server.pace(ramp=Ramp.parse("50/day, x2, 2000/day"))
    for _ in range(7):
        server.leave(pace)
    tomorrow = start_of(dt.date(2026, 12, 1))
    assert pace.next_moment(NOW) == pytest.approx(NOW + tomorrow - SERVER - server.clock_s)
    server.day_left = 3
    server.clock_s += tomorrow - SERVER
    server.leave(pace)
    pace.give_back()
    assert server.day_left == 2
