"""A ramp over several days, with restarts and complaints: days pass at once, on a clock of the test's own."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import pytest

from notify.accounts import Account, Tls
from notify.actions.folder_ledger import ledger_of_folder
from notify.actions.run import begun
from notify.actions.send import forecast, planned
from notify.actions.status import campaign_status
from notify.delivery.events import Over, Reason, Switching, Tried, Waiting
from notify.delivery.failover import Failover
from notify.delivery.job import Orders
from notify.delivery.routes import Route
from tests.campaign import NOW, Folder, enrolled
from tests.clocks import NEEDS_ZONES, Leaping, in_zone
from tests.folders import addresses
from tests.servers.scripted import Rule, ScriptedServer, say
from tests.unit.ledger.mailing import read

pytestmark = pytest.mark.both_ledgers

DAY = dt.timedelta(days=1)
TOO_MUCH = say("450 4.7.1 Sending limit exceeded, slow down")


def _relay(port: int, more: str) -> str:
    return f'\n[[relay]]\nhost = "127.0.0.1"\nport = {port}\ntls = "none"\nrate = "100000/s"\n{more}\n'


def _account(route: Route) -> Account:
    return Account("127.0.0.1", int(route.name.rpartition(":")[2]), Tls.NONE)


class Weeks:
    """A campaign through relays with ramps, on a clock that leaps."""

    def __init__(self, path: Path, people: int, *relays: tuple[ScriptedServer, str]) -> None:
        text = "E-Mail\n" + "".join(f"p{one:04}@example.com\n" for one in range(people))
        more = "".join(_relay(server.port, keys) for server, keys in relays)
        self.folder = Folder(path / "campaign", people=text, real=False, more=more)
        self.folder.ledger = ledger_of_folder(self.folder.path)
        self.clock = Leaping()

    def send(self, *, stay: bool = False, limit: int | None = None) -> list[object]:
        """Run; return what happened, without the messages that were tried."""
        with begun(self.folder.prepared(), self.clock.now(), accept_change=False, rehearsal=False) as run:
            enrolled(run)
            delivery = Failover(run.job, _account, Orders(50, 0, limit), self.clock, stays=stay)
            return [event for event in delivery.events() if not isinstance(event, Tried)]

    def foreseen(self) -> list[int]:
        """Return how many a run now would send on each of its days."""
        with begun(self.folder.prepared(), self.clock.now(), accept_change=False, rehearsal=True) as run:
            enrolled(run)
            plan = planned(run, self.clock.now(), limit=None, only=(), stays=False)
            return list(forecast(run.job, plan, self.clock.now()).days.values())

    def days(self, relay: ScriptedServer | None = None) -> list[int]:
        """Return how many were sent on each day, through one relay or all."""
        name = f"%:{relay.port}" if relay else "%"
        sent = read(self.folder.ledger, "SELECT time FROM attempt WHERE status = 'sent' AND relay LIKE ?", name)
        found = Counter(dt.datetime.fromisoformat(one["time"]).astimezone().date() for one in sent)
        return [found[day] for day in sorted(found)]


def test_it_grows_from_day_to_day(tmp_path: Path) -> None:
    """A run that stays sends what each day allows, as was foreseen, and waits for the next day."""
    with ScriptedServer(tmp_path / "record") as server:
        weeks = Weeks(tmp_path, 23, (server, 'ramp = "4/day, x1.5, 8/day"'))
        assert weeks.foreseen() == [4, 6, 8, 5]
        *events, over = weeks.send(stay=True)
        assert over == Over(Reason.EXHAUSTED)
        assert len(set(addresses(server.accepted()))) == len(server.accepted()) == 23
    assert weeks.days() == [4, 6, 8, 5]
    waits = [event.until.astimezone() for event in events if isinstance(event, Waiting)]
    assert [f"{wait:%d. %H:%M}" for wait in waits] == ["02. 00:00", "03. 00:00", "04. 00:00"]


def test_restarts_and_another_campaign(tmp_path: Path) -> None:
    """However often it is run, on a day no more leave than that day allows, whatever campaign they are of."""
    with ScriptedServer(tmp_path / "record") as server:
        weeks = Weeks(tmp_path, 20, (server, 'ramp = "4/day, x1.5, 8/day"'))
        assert weeks.send(limit=3) == [Over(Reason.LIMIT)]
        assert weeks.foreseen() == [1, 6, 8, 2]
        (over,) = weeks.send()
        assert isinstance(over, Over)
        assert (over.reason, over.until) == (Reason.THROTTLED, dt.datetime(2026, 12, 2).astimezone())
        assert weeks.send() == [over]
        weeks.folder.edit(weeks.folder.toml, 'id = "test"', 'id = "another"')
        weeks.folder.edit(weeks.folder.message, "Subject: ", "Subject: Another: ")
        assert weeks.send() == [over]
        # a weekend without a run
        weeks.clock.leap(3 * DAY)
        weeks.send()
        weeks.clock.leap(DAY)
        weeks.send()
        today = NOW.astimezone().date() + 4 * DAY
        (ramp,) = campaign_status(weeks.folder.settings(), weeks.clock.now()).ramps.values()
    assert weeks.days() == [4, 6, 8]
    assert (weeks.clock.now().astimezone().date(), ramp.allowed, ramp.tried, ramp.follows) == (today, 8, 8, 8)


def test_it_bends_back(tmp_path: Path) -> None:
    """After a day on which the relay said that it is too much, the next one allows what it took; then it grows anew."""
    with ScriptedServer(tmp_path / "record", rules=[Rule("mail", TOO_MUCH, connection=2, message=4)]) as server:
        weeks = Weeks(tmp_path, 30, (server, 'ramp = "4/day, x2, 100/day"'))
        ends = []
        for _ in range(5):
            *_, over = weeks.send()
            assert isinstance(over, Over)
            ends.append(over.reason)
            weeks.clock.leap(DAY)
        (ramp,) = campaign_status(weeks.folder.settings(), weeks.clock.now() - 3 * DAY).ramps.values()
    assert weeks.days() == [4, 3, 3, 6, 12]
    assert ends == [Reason.THROTTLED, Reason.RELAY, *[Reason.THROTTLED] * 3]
    assert (ramp.allowed, ramp.complained) == (3, (NOW + DAY).astimezone().date())


def test_what_it_says_once_is_forgiven(tmp_path: Path) -> None:
    """When the relay took all of the day after it had complained, the day is as before, and the next one too."""
    with ScriptedServer(
        tmp_path / "record", rules=[Rule("mail", TOO_MUCH, times=1, connection=1, message=3)]
    ) as server:
        weeks = Weeks(tmp_path, 30, (server, 'ramp = "4/day, x2, 100/day"'))
        *events, over = weeks.send(stay=True)
        assert over == Over(Reason.EXHAUSTED)
    # the try that was refused is one of the four, as the relay counts it
    assert weeks.days() == [3, 3, 6, 12, 6]
    first = next(event for event in events if isinstance(event, Waiting))
    assert first.over.reason is Reason.RELAY


def test_the_next_relay_goes_on(tmp_path: Path) -> None:
    """A relay whose day is used up is left to the next; each has a ramp of its own, and the run waits for both."""
    with ExitStack() as stack:
        servers = [stack.enter_context(ScriptedServer(tmp_path / f"record{number}")) for number in (1, 2)]
        first, second = servers
        weeks = Weeks(tmp_path, 19, (first, 'ramp = "4/day, +2, 100/day"'), (second, 'ramp = "2/day, +1, 100/day"'))
        *events, over = weeks.send(stay=True)
    assert over == Over(Reason.EXHAUSTED)
    assert (weeks.days(first), weeks.days(second)) == ([4, 6, 4], [2, 3])
    assert [type(event) for event in events] == [Switching, Waiting] * 2


@NEEDS_ZONES
@pytest.mark.parametrize("change", [dt.date(2026, 10, 25), dt.date(2027, 3, 28)])
def test_days_of_23_and_25_hours(tmp_path: Path, change: dt.date) -> None:
    """The day on which clocks are changed is one day, in the run as in the ledger."""
    with in_zone(), ScriptedServer(tmp_path / "record") as server:
        weeks = Weeks(tmp_path, 20, (server, 'ramp = "2/day, x2, 100/day"'))
        weeks.clock.leap(dt.datetime.combine(change - DAY, dt.time(20)).astimezone() - NOW)
        *_, over = weeks.send(stay=True)
        assert over == Over(Reason.EXHAUSTED)
        assert weeks.days() == [2, 4, 8, 6]


def test_the_sandbox_has_none(tmp_path: Path) -> None:
    """Rehearsals go as fast as ever, and count for no ramp."""
    folder = Folder(tmp_path / "campaign", real=False)
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
        assert run.job.pace(run.job.routes[0], NOW).days(NOW.timestamp(), 3000, 50, 0) == {
            NOW.astimezone().date(): 3000
        }
