"""A run that stays, through bad weeks: days pass at once, on a clock of the test's own."""

from __future__ import annotations

import bisect
import contextlib
import datetime as dt
import itertools
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from notify.accounts import Account, Secret, Tls
from notify.actions.resolve import settle
from notify.actions.run import Run, begun
from notify.core.status import Status
from notify.delivery.events import Over, Reason, Tried, Waiting
from notify.delivery.failover import Failover
from notify.delivery.job import Orders
from notify.delivery.patience import WAITS_S
from notify.ledger import Word
from tests.campaign import NOW, Folder, enrolled
from tests.clocks import Hurried, Leaping, SetBack
from tests.folders import addresses
from tests.servers.scripted import Act, Rule, ScriptedServer, lose_answer, say, say_and_close
from tests.unit.ledger.mailing import read

pytestmark = pytest.mark.both_ledgers

#: So often a relay is called before it counts as away.
CALLS = 1 + len(WAITS_S)
ORDERS = Orders(batch=1000, pause_s=0)


def _people(number: int) -> str:
    return "E-Mail\n" + "".join(f"p{one:04}@example.com\n" for one in range(number))


class Week:
    """A campaign, the server that its relay is, and a clock."""

    def __init__(self, path: Path, people: int, port: int, more: str = "", clock: Leaping | None = None) -> None:
        self.path, self.port, self.clock = path, port, clock or Leaping()
        self.folder = Folder(path / "campaign", people=_people(people), port=port)
        if more:
            self.folder.edit(self.folder.toml, 'rate = "100000/s"', more)

    @contextlib.contextmanager
    def run(self) -> Iterator[Run]:
        """Begin a run and enrol everybody."""
        with begun(self.folder.prepared(), self.clock.now(), accept_change=False, rehearsal=False) as run:
            enrolled(run)
            yield run

    def stay(self, run: Run, account: Account | None = None, orders: Orders = ORDERS) -> Failover:
        """Make a run that stays."""
        given = account or Account("127.0.0.1", self.port, Tls.NONE)
        return Failover(run.job, lambda _: given, orders, self.clock, stays=True)

    def statuses(self) -> Counter[str]:
        """Return how many have which status."""
        return Counter(self.folder.statuses().values())

    def attempts(self) -> list[dict[str, str]]:
        """Return what the ledger tells of every attempt."""
        return read(self.folder.ledger, "SELECT time, status, phase, scope FROM attempt ORDER BY id")


def _everybody_once(server: ScriptedServer, people: int) -> bool:
    """Tell whether a server, and those before it on the same record, took one message for everybody and no other."""
    took = Counter(addresses(server.accepted()))
    return len(took) == people and set(took.values()) == {1}


def test_sixty_hours_of_outage(tmp_path: Path) -> None:
    """The server is down for 60 hours in the middle of a run: nobody is charged, and then everybody is sent to."""
    # so slow that it goes down in the middle, however late the run tells of what was tried
    before = ScriptedServer(tmp_path / "record", rules=[Rule("dot", Act(say="250 2.0.0 Ok", wait_s=0.03, accept=True))])
    week = Week(tmp_path, 40, before.port)
    waits = []
    with week.run() as run:
        events = week.stay(run).events()
        with before:
            for event in events:
                if isinstance(event, Tried) and len(before.accepted()) >= 10:
                    break
        for event in events:
            if isinstance(event, Waiting):
                waits.append(event.until - week.clock.now())
            if week.clock.now() - NOW > dt.timedelta(hours=60):
                break
        assert not {attempt["status"] for attempt in week.attempts()} & {"failed", "deferred", "expired"}
        with ScriptedServer(tmp_path / "record", port=week.port) as after:
            *_, over = events
            # whoever was being handed over when it went down may be in doubt; nobody is lost, nobody was sent to twice
            sent = Counter(addresses(after.accepted()))
    assert over == Over(Reason.EXHAUSTED)
    assert len(waits) <= 150
    assert [round(wait.total_seconds()) for wait in waits[:8]] == [30, 60, 120, 240, 480, 960, 1800, 1800]
    statuses = week.statuses()
    assert statuses["in_doubt"] <= 1
    assert statuses["sent"] + statuses["in_doubt"] == 40
    assert set(sent.values()) == {1}
    assert statuses["sent"] <= len(sent) <= 40


def test_another_outage(tmp_path: Path) -> None:
    """When something was sent in between, the next trouble is probed from half a minute on again."""
    away = say_and_close("421 4.3.2 later")
    first, later = CALLS + 2, 2 * CALLS + 3
    refused = [Rule("banner", away, connection=number) for number in range(1, later + 1) if number != first + 1]
    with ScriptedServer(
        tmp_path / "record", rules=[*refused, Rule("mail", away, connection=first + 1, message=3)]
    ) as server:
        week = Week(tmp_path, 6, server.port)
        with week.run() as run:
            events = ((event, week.clock.now()) for event in week.stay(run).events())
            waits = [(event.until - now).total_seconds() for event, now in events if isinstance(event, Waiting)]
        assert _everybody_once(server, 6)
    assert list(map(round, waits)) == [30, 60, 120, 30, 60]


def test_five_days_are_the_end(tmp_path: Path) -> None:
    """A relay that is away for more than five days ends the run; nobody is charged even then."""
    week = Week(tmp_path, 3, 9)
    with week.run() as run:
        *waits, over = week.stay(run).events()
    assert isinstance(over, Over)
    assert over.reason is Reason.RELAY
    assert 5 <= (week.clock.now() - NOW) / dt.timedelta(days=1) < 5.1
    assert len(waits) < 260
    assert week.statuses() == {"pending": 3}


@pytest.mark.parametrize(("people", "a_day"), [(100, 20), pytest.param(5000, 200, marks=pytest.mark.long)])
def test_a_daily_limit(tmp_path: Path, people: int, a_day: int) -> None:
    """On no day more are sent than the limit allows, and not fewer either."""
    with ScriptedServer(tmp_path / "record") as server:
        week = Week(tmp_path, people, server.port, f'rate = ["60/min", "{a_day}/day"]')
        with week.run() as run:
            *_, over = week.stay(run).events()
        assert over == Over(Reason.EXHAUSTED)
        assert _everybody_once(server, people)
    moments = [dt.datetime.fromisoformat(attempt["time"]) for attempt in week.attempts()]
    day = dt.timedelta(days=1)
    # how many left in the day that begins with each
    days = [bisect.bisect_left(moments, first + day) - place for place, first in enumerate(moments)]
    assert max(days) == a_day
    full = people // a_day - 1
    assert full <= (week.clock.now() - NOW) / day < full * 1.05


def test_everybody_is_greylisted(tmp_path: Path) -> None:
    """Whoever is asked to come again is tried again when due; the run waits for that and ends when all are sent to."""
    with ScriptedServer(tmp_path / "record", rules=[Rule("rcpt", say("450 4.7.1 Greylisted"), times=25)]) as server:
        week = Week(tmp_path, 25, server.port)
        with week.run() as run:
            *events, over = week.stay(run).events()
        assert over == Over(Reason.EXHAUSTED)
        assert _everybody_once(server, 25)
    assert [event.over.reason for event in events if isinstance(event, Waiting)] == [Reason.EXHAUSTED]
    assert dt.timedelta(minutes=15) <= week.clock.now() - NOW < dt.timedelta(minutes=20)
    assert week.statuses() == {"sent": 25}


@pytest.mark.both_ledgers("every day")
def test_everybody_is_deferred_for_a_while(tmp_path: Path) -> None:
    """A relay that defers everybody is left alone ever longer, one recipient a probe; nobody is charged or left out."""
    later = Rule("rcpt", say("450 4.2.0 try again later"), times=13)
    with ScriptedServer(tmp_path / "record", rules=[later]) as server:
        week = Week(tmp_path, 25, server.port)
        with week.run() as run:
            events = [(week.clock.now(), event) for event in week.stay(run).events()]
        assert events[-1][1] == Over(Reason.EXHAUSTED)
        assert _everybody_once(server, 25)
        assert server.count("RCPT") == 25 + 13
    waits = [event.until - now for now, event in events if isinstance(event, Waiting)]
    assert [round(one.total_seconds()) for one in waits] == [30, 60, 120, 240]
    assert week.statuses() == {"sent": 25}


def test_421_after_every_five_messages(tmp_path: Path) -> None:
    """A connection that is used up is replaced at once: nobody waits, nobody is charged."""
    used_up = Rule("mail", say_and_close("421 4.7.0 Too many messages on this connection"), message=6)
    with ScriptedServer(tmp_path / "record", rules=[used_up]) as server:
        week = Week(tmp_path, 23, server.port)
        with week.run() as run:
            *events, over = week.stay(run).events()
        assert over == Over(Reason.EXHAUSTED)
        assert not any(isinstance(event, Waiting) for event in events)
        assert _everybody_once(server, 23)
        assert server.connections == 5
    assert {attempt["status"] for attempt in week.attempts()} <= {"sent", "pending"}


def test_login_refused_half_way(tmp_path: Path) -> None:
    """A login that is refused in the middle, and stays so, ends the run; whoever was not sent to waits for the next."""
    rules = [
        Rule("mail", say_and_close("421 4.3.2 Going down"), connection=1, message=4),
        *(Rule("auth", say("535 5.7.8 Bad credentials"), connection=number) for number in (2, 3, 4)),
    ]
    users = {"info@alt.example": "geheim-1"}
    with ScriptedServer(tmp_path / "record", rules=rules, users=users) as server:
        week = Week(tmp_path, 8, server.port)
        account = Account("127.0.0.1", server.port, Tls.NONE, "info@alt.example", Secret("geheim-1"))
        with week.run() as run:
            *events, over = week.stay(run, account).events()
        assert server.connections == 4
    assert isinstance(over, Over)
    assert over.outcome is not None
    assert str(over.outcome.answer) == "535 5.7.8 Bad credentials"
    assert not any(isinstance(event, Waiting) for event in events)
    assert week.statuses() == {"sent": 3, "pending": 5}
    assert "geheim-1" not in str(read(week.folder.ledger, "SELECT * FROM attempt"))


def test_a_line_that_is_lost_after_the_dot(tmp_path: Path) -> None:
    """Whose answer was lost is in doubt and not sent again; all others are sent to."""
    with ScriptedServer(tmp_path / "record", rules=[Rule("dot", lose_answer(), to="p0002")]) as server:
        week = Week(tmp_path, 6, server.port)
        with week.run() as run:
            *_, over = week.stay(run).events()
        assert over == Over(Reason.EXHAUSTED)
        assert _everybody_once(server, 6)
    assert week.statuses() == {"sent": 5, "in_doubt": 1}


def test_the_deadline_passes_while_it_waits(tmp_path: Path) -> None:
    """What is still deferred when the deadline passes, expires, also in a run that stays."""
    with ScriptedServer(tmp_path / "record", rules=[Rule("rcpt", say("450 4.2.2 Mailbox full"), to="p0001")]) as server:
        week = Week(tmp_path, 3, server.port)
        week.folder.edit(week.folder.toml, 'language = "de"', 'language = "de"\ndeadline = 2026-12-02')
        with week.run() as run:
            *_, over = week.stay(run).events()
        assert over == Over(Reason.DEADLINE)
    assert week.statuses() == {"sent": 2, "expired": 1}
    assert dt.timedelta(days=1) < week.clock.now() - NOW < dt.timedelta(days=2)


def test_the_deadline_passes_while_it_sends(tmp_path: Path) -> None:
    """Nobody is sent to after the day of the deadline, though no wait was long: whoever waits then, expires."""
    with ScriptedServer(tmp_path / "record") as server:
        week = Week(tmp_path, 24, server.port, 'rate = "1/hour"')
        week.folder.edit(week.folder.toml, 'language = "de"', 'language = "de"\ndeadline = 2026-12-01')
        with week.run() as run:
            events = [(week.clock.now(), event) for event in week.stay(run).events()]
            closes = run.job.closes
        assert events[-1][1] == Over(Reason.DEADLINE)
        waits = [event.until - now for now, event in events if isinstance(event, Waiting)]
        assert dt.timedelta(minutes=50) < max(waits) <= dt.timedelta(hours=1)
    assert closes is not None
    assert closes.date() == dt.date(2026, 12, 2)
    left = [dt.datetime.fromisoformat(one["time"]) for one in week.attempts() if one["phase"]]
    assert max(left) < closes <= max(left) + dt.timedelta(hours=1, minutes=1)
    assert week.statuses() == {"sent": len(left), "expired": 24 - len(left)}


def test_the_deadline_passes_while_the_relay_is_away(tmp_path: Path) -> None:
    """Probing ends with the day of the deadline, not when the next probe would be due."""
    with ScriptedServer(tmp_path / "record", rules=[Rule("banner", say_and_close("421 4.3.2 Busy"))]) as server:
        week = Week(tmp_path, 3, server.port)
        week.folder.edit(week.folder.toml, 'language = "de"', 'language = "de"\ndeadline = 2026-12-01')
        with week.run() as run:
            *events, over = week.stay(run).events()
            assert run.job.closes is not None
            assert dt.timedelta() <= week.clock.now() - run.job.closes < dt.timedelta(minutes=2)
        assert over == Over(Reason.DEADLINE)
        assert len(events) == server.connections - len(WAITS_S)
    assert week.statuses() == {"expired": 3}


def test_nobody_waits_for_longer_than_the_deadline(tmp_path: Path) -> None:
    """A run that would go on only after the deadline ends when that has passed."""
    with ScriptedServer(tmp_path / "record") as server:
        week = Week(tmp_path, 3, server.port, 'rate = "1/day"')
        week.folder.edit(week.folder.toml, 'language = "de"', 'language = "de"\ndeadline = 2026-12-01')
        with week.run() as run:
            *events, over = week.stay(run).events()
            waiting = [event for event in events if isinstance(event, Waiting)]
            assert [event.until for event in waiting] == [run.job.closes]
        assert over == Over(Reason.DEADLINE)
        assert server.connections == 1
    assert week.statuses() == {"sent": 1, "expired": 2}


def test_trouble_with_days_in_between(tmp_path: Path) -> None:
    """Days at which nothing may leave are no trouble: a relay that was busy twice, a week apart, is probed again."""
    clock = Leaping()
    # by this clock the short waits of the beginning take minutes
    clock.leap(dt.datetime(2026, 12, 5, 17, 46, 59, tzinfo=dt.UTC) - NOW)
    away = [Rule("banner", say_and_close("421 4.3.2 Busy"), times=CALLS + 1)]
    with ScriptedServer(tmp_path / "record", rules=away) as server:
        week = Week(tmp_path, 3, server.port, clock=clock)
        week.folder.edit(week.folder.toml, 'pause = "0s"', 'pause = "0s"\nwindow = "Sat 08:00-18:00"')
        with week.run() as run:
            *events, over = week.stay(run).events()
        waits = [event.until for event in events if isinstance(event, Waiting)]
        assert over == Over(Reason.EXHAUSTED)
        assert _everybody_once(server, 3)
    assert [f"{until:%d., %H h}" for until in waits] == ["05., 17 h", "12., 08 h", "12., 08 h"]


def test_answers_that_are_always_lost(tmp_path: Path) -> None:
    """A relay that hangs up after every message does not put the whole list in doubt; the user's word lets it go on."""
    with ScriptedServer(tmp_path / "record", rules=[Rule("dot", lose_answer(), times=4)]) as server:
        week = Week(tmp_path, 12, server.port)
        with week.run() as run:
            *_, over = week.stay(run).events()
        assert isinstance(over, Over)
        assert over.reason is Reason.RELAY
        assert over.outcome is not None
        assert "the connection was lost after 3 of the last 20 messages" in over.outcome.words
        doubts = week.statuses()["in_doubt"]
        assert doubts == 3
        assert week.statuses() == {"in_doubt": doubts, "pending": 12 - doubts}
        # also when it is run again
        connections = server.connections
        with week.run() as run:
            *_, again = week.stay(run).events()
        assert (again, server.connections) == (over, connections)
        assert all(before is None for _, before in settle(week.folder.settings(), (), Word.SENT, week.clock.now()))
        with week.run() as run:
            *_, over = week.stay(run).events()
        assert over == Over(Reason.EXHAUSTED)


def test_answers_lost_in_another_campaign(tmp_path: Path) -> None:
    """What is in doubt there cannot be settled here, and holds up nobody."""
    with ScriptedServer(tmp_path / "record", rules=[Rule("dot", lose_answer(), times=3)]) as server:
        week = Week(tmp_path, 5, server.port)
        with week.run() as run:
            *_, over = week.stay(run).events()
        assert over != Over(Reason.EXHAUSTED)
        week.folder.edit(week.folder.toml, 'id = "test"', 'id = "other"')
        week.folder.edit(week.folder.message, "ab dem", "schon ab dem")
        with week.run() as run:
            *_, over = week.stay(run).events()
            assert run.job.reports().counts()[Status.SENT] == 5
        assert over == Over(Reason.EXHAUSTED)


@pytest.mark.parametrize("at", ["2026-12-10", "2026-12-31"])
def test_the_clock_leaps_past_the_deadline_and_back(tmp_path: Path, at: str) -> None:
    """Whoever expired by a clock that was wrong for a moment waits again with the next run."""
    with ScriptedServer(tmp_path / "record") as server:
        week = Week(tmp_path, 4, server.port)
        week.folder.edit(week.folder.toml, 'language = "de"', 'language = "de"\ndeadline = 2026-12-10')
        with week.run() as run:
            for event in week.stay(run, orders=Orders(1, 0)).events():
                if isinstance(event, Tried) and week.clock.now() < NOW + dt.timedelta(days=1):
                    week.clock.leap(dt.timedelta(days=20))
        assert week.statuses() == {"sent": 1, "expired": 3}
        week.clock.leap(dt.timedelta(days=-20))
        week.folder.edit(week.folder.toml, "2026-12-10", at)
        with week.run() as run:
            assert not run.job.clock_is_behind
            *_, over = week.stay(run).events()
        assert over == Over(Reason.EXHAUSTED)
        assert _everybody_once(server, 4)


def test_who_is_due_while_a_limit_is_waited_for(tmp_path: Path) -> None:
    """Somebody deferred at another domain is tried when it is time, though a slow domain is not free yet."""
    grey = Rule("rcpt", say("451 4.7.1 Greylisted"), to="w@", times=1)
    with ScriptedServer(tmp_path / "record", rules=[grey]) as server:
        week = Week(tmp_path, 0, server.port, 'rate = "100000/s"\nper_domain = "2/hour"')
        week.folder.write("E-Mail\nw@web.example\n" + "".join(f"p{n}@slow.example\n" for n in range(4)))
        with week.run() as run:
            *_, over = week.stay(run).events()
        assert over == Over(Reason.EXHAUSTED)
        *_, third, fourth, fifth = addresses(server.accepted())
        assert (third, {fourth, fifth}) == ("w@web.example", {"p2@slow.example", "p3@slow.example"})


def test_no_limit_is_waited_for_past_the_deadline(tmp_path: Path) -> None:
    """Nor one that would be over within the hour."""
    clock = Leaping()
    clock.leap(dt.datetime(2026, 12, 1, 23, 50, tzinfo=dt.UTC) - NOW)
    with ScriptedServer(tmp_path / "record") as server:
        week = Week(tmp_path, 4, server.port, 'rate = ["100/s", "2/hour"]', clock)
        week.folder.edit(week.folder.toml, 'language = "de"', 'language = "de"\ndeadline = 2026-12-01')
        with week.run() as run:
            *events, over = week.stay(run).events()
            assert [event.until for event in events if isinstance(event, Waiting)] == [run.job.closes]
        assert over == Over(Reason.DEADLINE)
    assert week.statuses() == {"sent": 2, "expired": 2}


def test_a_relay_that_lets_us_in_and_takes_nothing(tmp_path: Path) -> None:
    """It is probed more and more seldom, as one that is away: that it greets us is no recovery."""
    with ScriptedServer(
        tmp_path / "record", rules=[Rule("mail", say("451 4.3.0 Try later"), times=CALLS + 3)]
    ) as server:
        week = Week(tmp_path, 3, server.port)
        with week.run() as run:
            events = [(week.clock.now(), event) for event in week.stay(run).events()]
        assert events[-1][1] == Over(Reason.EXHAUSTED)
        waits = [event.until - now for now, event in events if isinstance(event, Waiting)]
        assert [round(one.total_seconds()) for one in waits] == [30, 60, 120, 240]
        assert _everybody_once(server, 3)


def test_refusals_are_counted_over_waits(tmp_path: Path) -> None:
    """However slow the pace, the same refusal three times in a row holds the run."""
    with ScriptedServer(tmp_path / "record", rules=[Rule("rcpt", say("550 Rejected"))]) as server:
        week = Week(tmp_path, 9, server.port, 'rate = "2/day"')
        with week.run() as run:
            *_, over = week.stay(run).events()
        assert isinstance(over, Over)
        assert (over.reason, server.count("RCPT")) == (Reason.RELAY, 3)
    assert week.statuses() == {"pending": 9}


def test_the_limit_is_reached_and_somebody_is_deferred(tmp_path: Path) -> None:
    """Nobody is waited for who may not be sent to in this run."""
    with ScriptedServer(tmp_path / "record", rules=[Rule("rcpt", say("450 4.2.2 Mailbox full"), to="p0001")]) as server:
        week = Week(tmp_path, 2, server.port)
        with week.run() as run:
            *events, over = week.stay(run, orders=Orders(batch=50, pause_s=0, limit=2)).events()
        assert over == Over(Reason.LIMIT)
        assert not [event for event in events if isinstance(event, Waiting)]


@pytest.mark.parametrize("limit", [3, 7])
def test_a_limit_holds_over_all_of_it(tmp_path: Path, limit: int) -> None:
    """``--limit`` counts what is handed over before and after a wait."""
    with ScriptedServer(tmp_path / "record") as server:
        week = Week(tmp_path, 9, server.port, 'rate = ["60/min", "2/day"]')
        with week.run() as run:
            *_, over = week.stay(run, orders=Orders(batch=50, pause_s=0, limit=limit)).events()
        assert over == Over(Reason.LIMIT)
        assert len(server.accepted()) == limit


def test_stopped_while_it_waits(tmp_path: Path) -> None:
    """Whoever asks it to stop is not kept waiting, and all who wait go on waiting."""
    week = Week(tmp_path, 3, 9)
    with week.run() as run:
        stay = week.stay(run)
        events = stay.events()
        assert isinstance(next(events), Waiting)
        stay.stop(Reason.TERMINATED)
        assert list(events) == [Over(Reason.TERMINATED)]
    assert week.statuses() == {"pending": 3}


P0, P1 = "p0000@example.com", "p0001@example.com"


def _only(who: str) -> Orders:
    return Orders(batch=1000, pause_s=0, only=(who,))


def _first_waiting(events: Iterator[object]) -> Waiting:
    return next(event for event in events if isinstance(event, Waiting))


@pytest.mark.parametrize("later", [dt.timedelta(), dt.timedelta(hours=1)])
def test_nobody_else_is_waited_for(tmp_path: Path, later: dt.timedelta) -> None:
    """With ``--only`` nobody waits for those who are deferred and not meant, whether they are due or not."""
    with ScriptedServer(tmp_path / "record", rules=[Rule("rcpt", say("450 4.7.1 Greylisted"), to="p0000")]) as server:
        week = Week(tmp_path, 2, server.port)
        with week.run() as run:
            _first_waiting(week.stay(run, orders=_only(P0)).events())
            week.clock.leap(later)
            events = list(itertools.islice(week.stay(run, orders=_only(P1)).events(), 20))
    assert [type(event) for event in events] == [Tried, Over]
    assert events[-1] == Over(Reason.EXHAUSTED)
    assert week.clock.now() - NOW < later + dt.timedelta(minutes=10)
    assert week.statuses() == {"deferred": 1, "sent": 1}


def test_the_own_are_waited_for(tmp_path: Path) -> None:
    """With ``--only`` whoever is meant and deferred is waited for, though somebody else is due long before."""
    greylisted = say("450 4.7.1 Greylisted")
    rules = [Rule("rcpt", greylisted, to="p0000"), Rule("rcpt", greylisted, to="p0001", times=1)]
    with ScriptedServer(tmp_path / "record", rules=rules) as server:
        week = Week(tmp_path, 2, server.port)
        with week.run() as run:
            _first_waiting(week.stay(run, orders=_only(P0)).events())
            week.clock.leap(dt.timedelta(hours=1))
            events = list(itertools.islice(week.stay(run, orders=_only(P1)).events(), 20))
    assert [type(event) for event in events] == [Tried, Waiting, Tried, Over]
    assert week.statuses() == {"deferred": 1, "sent": 1}


def test_it_never_goes_on_at_once(tmp_path: Path) -> None:
    """When the moment to go on is over before anybody looks, a second passes all the same."""
    with ScriptedServer(tmp_path / "record", rules=[Rule("rcpt", say("450 4.7.1 Greylisted"), times=1)]) as server:
        clock = Hurried()
        week = Week(tmp_path, 1, server.port, clock=clock)
        with week.run() as run:
            events = week.stay(run).events()
            waits = [event.until - clock.shows for event in events if isinstance(event, Waiting)]
    assert waits == [dt.timedelta(seconds=1)]
    assert week.statuses() == {"sent": 1}


@pytest.mark.parametrize("days", [2, 3650])
def test_the_clock_is_set_back_while_it_waits_for_who_is_deferred(tmp_path: Path, days: int) -> None:
    """A clock that is set back makes no wait longer, and who is deferred until years ahead is tried."""
    clock = SetBack(dt.timedelta(days=days))
    with ScriptedServer(tmp_path / "record", rules=[Rule("rcpt", say("450 4.7.1 Greylisted"), times=3)]) as server:
        week = Week(tmp_path, 3, server.port, clock=clock)
        with week.run() as run:
            *_, over = week.stay(run).events()
        assert over == Over(Reason.EXHAUSTED)
        assert _everybody_once(server, 3)
    assert dt.timedelta(minutes=15) <= clock.slept < dt.timedelta(minutes=16)


@pytest.mark.parametrize("days", [1, 3650])
def test_the_clock_is_set_back_while_the_relay_is_away(tmp_path: Path, days: int) -> None:
    """The relay is probed as often as ever."""
    clock = SetBack(dt.timedelta(days=days))
    week = Week(tmp_path, 1, 9, clock=clock)
    with week.run() as run:
        moments = [clock.slept for _ in itertools.islice(week.stay(run).events(), 8)]
    later = [moment - moments[0] for moment in moments]
    assert [round(moment.total_seconds()) for moment in later] == [0, 30, 90, 210, 450, 930, 1890, 3690]
    assert moments[0].total_seconds() == sum(WAITS_S)


@pytest.mark.long
def test_five_days_are_the_end_though_the_clock_was_set_back(tmp_path: Path) -> None:
    """The five days of a relay that is away begin anew when the clock is set back, and end."""
    week = Week(tmp_path, 1, 9)
    back = dt.timedelta(days=3650)
    with week.run() as run:
        events = week.stay(run).events()
        _first_waiting(events)
        week.clock.leap(-back)
        *_, over = itertools.islice(events, 300)
    assert isinstance(over, Over)
    assert over.reason is Reason.RELAY
    assert 5 <= (week.clock.now() - (NOW - back)) / dt.timedelta(days=1) < 5.2


@pytest.mark.parametrize("limit", ['rate = "100000/s"\nper_domain = "2/day"', 'rate = "2/day"'])
def test_a_limit_and_somebody_deferred(tmp_path: Path, limit: str) -> None:
    """Who was deferred is tried when it is time, if others alone have to wait; and nobody is looked after for ever."""
    rules = [Rule("rcpt", say("451 4.7.1 Greylisted, come back"), to="w@", times=1)]
    with ScriptedServer(tmp_path / "record", rules=rules) as server:
        week = Week(tmp_path, 0, server.port, limit)
        week.folder.write("E-Mail\nw@web.example\n" + "".join(f"p{n}@slow.example\n" for n in range(4)))
        with week.run() as run:
            events = week.stay(run).events()
            waits = [event.until - week.clock.now() for event in events if isinstance(event, Waiting)]
        assert week.statuses() == {"sent": 5}
    assert waits[0] < dt.timedelta(minutes=20)
    assert len(waits) < 12
