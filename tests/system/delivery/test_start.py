"""The start of a campaign: nothing leaves before, whatever the clock does."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from notify.accounts import Account, Tls
from notify.actions.run import begun
from notify.actions.send import forecast, planned
from notify.delivery.clock import Clock
from notify.delivery.events import Over, Reason, Tried, Waiting
from notify.delivery.failover import Failover
from notify.delivery.job import Orders
from tests.campaign import NOW, Folder, enrolled
from tests.clocks import Leaping, SetBack
from tests.servers.scripted import ScriptedServer

pytestmark = pytest.mark.both_ledgers

START = NOW + dt.timedelta(hours=30)


class Campaign:
    """Three people, a relay, a start, and a clock."""

    def __init__(self, path: Path, server: ScriptedServer, clock: Clock, more: str = "", start: str = "") -> None:
        self.folder = Folder(path / "campaign", port=server.port, more=f"start = {start or START.isoformat()}\n{more}")
        self.clock = clock

    def send(self, *, stay: bool) -> list[tuple[dt.datetime, object]]:
        """Run; return what happened when."""
        with begun(self.folder.prepared(), self.clock.now(), accept_change=False, rehearsal=False) as run:
            enrolled(run)
            account = Account("127.0.0.1", run.job.routes[0].relay.port, Tls.NONE)
            delivery = Failover(run.job, lambda _: account, Orders(50, 0), self.clock, stays=stay)
            return [(self.clock.now(), event) for event in delivery.events()]


@pytest.mark.parametrize("before", [dt.timedelta(hours=30), dt.timedelta(minutes=20), dt.timedelta(microseconds=1)])
def test_before_it(tmp_path: Path, before: dt.timedelta) -> None:
    """However little is left until then, a run that does not stay ends at once, and the relay has seen nothing."""
    clock = Leaping()
    clock.leap(START - before - NOW)
    with ScriptedServer(tmp_path / "record") as server:
        ((_, over),) = Campaign(tmp_path, server, clock).send(stay=False)
        assert over == Over(Reason.EARLY, until=START)
        assert server.connections == 0


@pytest.mark.parametrize("after", [dt.timedelta(), dt.timedelta(days=400)])
def test_after_it(tmp_path: Path, after: dt.timedelta) -> None:
    """From that moment on it means nothing any more."""
    clock = Leaping()
    clock.leap(START + after - NOW)
    with ScriptedServer(tmp_path / "record") as server:
        assert Campaign(tmp_path, server, clock).send(stay=False)[-1][1] == Over(Reason.EXHAUSTED)
        assert len(server.accepted()) == 3


def test_it_is_waited_for(tmp_path: Path) -> None:
    """A run that stays waits until then, and no message is older."""
    with ScriptedServer(tmp_path / "record") as server:
        events = Campaign(tmp_path, server, Leaping()).send(stay=True)
        assert len(server.accepted()) == 3
    assert events[0] == (NOW, Waiting(START, Over(Reason.EARLY, until=START)))
    assert all(when >= START for when, event in events if isinstance(event, Tried))


def test_the_clock_is_set_back_meanwhile(tmp_path: Path) -> None:
    """It is not before the clock says so."""
    start = NOW + dt.timedelta(minutes=2)
    with ScriptedServer(tmp_path / "record") as server:
        clock = SetBack(dt.timedelta(hours=3))
        events = Campaign(tmp_path, server, clock, start=start.isoformat()).send(stay=True)
        assert len(server.accepted()) == 3
    assert all(start <= when for when, event in events if isinstance(event, Tried))
    assert clock.slept >= dt.timedelta(hours=3)


def test_the_clock_is_behind(tmp_path: Path) -> None:
    """By a clock that is behind the ledger nothing leaves before either; once it is right, the run goes on."""
    with ScriptedServer(tmp_path / "record") as server:
        clock = Leaping()
        clock.leap(START - NOW)
        campaign = Campaign(tmp_path, server, clock)
        campaign.send(stay=False)
        campaign.folder.write("E-Mail\nanna@example.com\nben@example.com\ncora@example.com\ndan@example.com\n")
        clock.leap(dt.timedelta(days=-20))
        ((_, over),) = campaign.send(stay=False)
        assert over == Over(Reason.EARLY, until=START)
        clock.leap(dt.timedelta(days=20))
        assert campaign.send(stay=False)[-1][1] == Over(Reason.EXHAUSTED)
        assert len(server.accepted()) == 4


def test_hours_and_ramp_hold_beside_it(tmp_path: Path) -> None:
    """A start at night is one at the first hour of the window, which is what is forecast; the ramp begins then."""
    more = 'window = "08:00-18:00"\n'
    with ScriptedServer(tmp_path / "record") as server:
        campaign = Campaign(tmp_path, server, Leaping(), more, start="2026-12-02T22:00")
        campaign.folder.edit(campaign.folder.toml, "\n[send]", 'ramp = "2/day, x2, 9/day"\n[send]')
        with begun(campaign.folder.prepared(), NOW, accept_change=False, rehearsal=True) as run:
            enrolled(run)
            told = forecast(run.job, planned(run, NOW, limit=None, only=(), stays=True), NOW)
        events = campaign.send(stay=True)
    assert told.starts == dt.datetime(2026, 12, 2, 22).astimezone()
    assert told.days == {dt.date(2026, 12, 3): 2, dt.date(2026, 12, 4): 1}
    tried = [when.astimezone() for when, event in events if isinstance(event, Tried)]
    assert [f"{when:%d. %H}" for when in tried] == ["03. 08", "03. 08", "04. 08"]
    assert abs(told.done - tried[-1]) < dt.timedelta(minutes=10)


def test_a_start_on_the_last_day(tmp_path: Path) -> None:
    """The day of the deadline is the last on which it may be."""
    with ScriptedServer(tmp_path / "record") as server:
        campaign = Campaign(tmp_path, server, Leaping(), start="2026-12-02T22:00")
        campaign.folder.edit(campaign.folder.toml, 'language = "de"', 'language = "de"\ndeadline = 2026-12-02')
        assert campaign.send(stay=True)[-1][1] == Over(Reason.EXHAUSTED)
        assert len(server.accepted()) == 3


def test_the_sandbox_knows_no_start(tmp_path: Path) -> None:
    """A rehearsal is for now."""
    folder = Folder(tmp_path / "campaign", real=False, more="[send]\nstart = 2027-01-01\n")
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
        assert not run.job.is_early(NOW)
