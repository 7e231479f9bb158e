"""A run against a server that answers from a script: how it ends, what it says, and what it leaves behind."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from notify.accounts import Account, Tls
from notify.actions.mail_hosts import note_hosts
from notify.actions.run import Run, begun
from notify.config import load
from notify.core.outcome import Action
from notify.core.status import Status
from notify.delivery.batches import Delivery
from notify.delivery.clock import Clock
from notify.delivery.events import Over, Pausing, Reason, Stopping, Tried
from notify.delivery.job import Orders
from notify.errors import BusyError, WriteError
from notify.relays.wire import Timeouts, Wire
from tests.campaign import NOW, Folder, enrolled, handover_of, send
from tests.folders import addresses
from tests.servers.scripted import Act, Rule, ScriptedServer, close, say, say_and_close, silence
from tests.unit.ledger.mailing import outcome, settle

pytestmark = pytest.mark.both_ledgers

PEOPLE = "E-Mail\n" + "".join(f"p{number}@example.com\n" for number in range(6))
SLOW = Rule("dot", Act(say="250 2.0.0 Ok", wait_s=0.4, accept=True))


class Office:
    """A campaign, a server, and runs between them."""

    def __init__(self, path: Path, server: ScriptedServer) -> None:
        self.server = server
        self.folder = Folder(path / "campaign", people=PEOPLE, port=server.port)

    @contextlib.contextmanager
    def run(self, now: dt.datetime | None = None) -> Iterator[Run]:
        """Begin a run and enrol everybody."""
        moment = now or dt.datetime.now(dt.UTC)
        with begun(self.folder.prepared(), moment, accept_change=False, rehearsal=False) as run:
            enrolled(run)
            yield run

    def deliver(self, run: Run, orders: Orders) -> Delivery:
        """Make the delivery of a run."""
        return Delivery(run.job, run.job.routes[0], Account("127.0.0.1", self.server.port, Tls.NONE), orders)

    def send(self, orders: Orders) -> list[Tried | Pausing | Stopping | Over]:
        """Run to the end; return what happened."""
        with self.run() as run:
            return list(self.deliver(run, orders).events())

    def went(self) -> list[str]:
        """Return to whom the server accepted messages."""
        return [address.partition("@")[0] for address in addresses(self.server.accepted())]

    def counts(self) -> dict[str, int]:
        """Return how many have which status."""
        statuses = list(self.folder.statuses().values())
        return {status: statuses.count(status) for status in statuses}


@pytest.fixture
def open_office(tmp_path: Path) -> Iterator[Callable[..., Office]]:
    """Give what starts a server with rules, and a campaign of six people for it."""
    with contextlib.ExitStack() as stack:
        yield lambda *rules: Office(tmp_path, stack.enter_context(ScriptedServer(tmp_path / "record", rules=rules)))


def test_everybody(open_office: Callable[..., Office]) -> None:
    """A run without trouble sends to everybody once, tells each try, and ends because nobody is left."""
    office = open_office()
    *tried, over = office.send(Orders(batch=50, pause_s=0))
    assert over == Over(Reason.EXHAUSTED)
    assert [one.attempt.to[:2] for one in tried if isinstance(one, Tried)] == office.went()
    assert office.went() == [f"p{number}" for number in range(6)]
    assert office.counts() == {"sent": 6}
    assert office.send(Orders(batch=50, pause_s=0)) == [over]


def test_batches_and_pauses(open_office: Callable[..., Office]) -> None:
    """Between two batches there is a pause, told with its end; none follows the last."""
    office = open_office()
    began = time.monotonic()
    events = office.send(Orders(batch=4, pause_s=0.4))
    assert [type(event).__name__ for event in events] == ["Tried"] * 4 + ["Pausing"] + ["Tried"] * 2 + ["Over"]
    assert time.monotonic() - began >= 0.4


@pytest.mark.file_ledger
def test_the_journal_is_on_the_disk_soon(open_office: Callable[..., Office], monkeypatch: pytest.MonkeyPatch) -> None:
    """What was begun is there while the relay takes its time for the first answer."""
    synchronised: list[int] = []
    monkeypatch.setattr("notify.ledger.held_journal.SYNC", synchronised.append)
    office = open_office(SLOW)
    with office.run() as run:
        events = office.deliver(run, Orders(batch=50, pause_s=0)).events()
        assert isinstance(next(events), Tried)
        assert synchronised
        assert isinstance([*events][-1], Over)


class Lingering(threading.Thread):
    """A thread that takes its time to end, as on a machine that has more to do."""

    def run(self) -> None:
        """Do the work, and linger."""
        super().run()
        time.sleep(0.1)


def test_threads_that_end_late(open_office: Callable[..., Office], monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch is over when its work is: the next one follows, and the run ends for the reason that it has."""
    office = open_office()
    monkeypatch.setattr(threading, "Thread", Lingering)
    assert office.send(Orders(batch=2, pause_s=0))[-1] == Over(Reason.EXHAUSTED)
    assert office.counts() == {"sent": 6}


def test_what_came_meanwhile_is_told_together(
    open_office: Callable[..., Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody rests while there is something to tell: in a long run that would pile up."""
    office = open_office()
    untold: list[int] = []

    class Patient(threading.Thread):
        def join(self, timeout: float | None = None) -> None:
            if timeout is None:
                super().join()
                return
            events = delivery._events  # noqa: SLF001  # what was not told yet shows nowhere else
            untold.append(events.qsize())
            while self.is_alive() and events.qsize() < 2:
                time.sleep(0.001)

    monkeypatch.setattr(threading, "Thread", Patient)
    with office.run() as run:
        delivery = office.deliver(run, Orders(batch=50, pause_s=0))
        assert len(list(delivery.events())) == 7
    assert untold
    assert not any(untold)


@pytest.mark.parametrize(("limit", "why"), [(2, Reason.LIMIT), (6, Reason.EXHAUSTED), (7, Reason.EXHAUSTED)])
def test_limit(open_office: Callable[..., Office], limit: int, why: Reason) -> None:
    """A run ends at its limit; when nobody is left then, that is why."""
    office = open_office()
    assert office.send(Orders(batch=4, pause_s=0, limit=limit))[-1] == Over(why)
    assert office.counts().get("sent") == min(limit, 6)


def test_only(open_office: Callable[..., Office]) -> None:
    """With a choice the run ends when the chosen are sent to."""
    office = open_office()
    assert office.send(Orders(batch=4, pause_s=60, only=("p4@example.com",)))[-1] == Over(Reason.EXHAUSTED)
    assert office.went() == ["p4"]


def test_messages_per_connection(open_office: Callable[..., Office]) -> None:
    """After as many messages as the relay likes on one connection there is a new one."""
    office = open_office()
    office.folder.edit(office.folder.toml, "connections = 1", "connections = 1\nmessages_per_connection = 2")
    assert office.send(Orders(batch=50, pause_s=0))[-1] == Over(Reason.EXHAUSTED)
    assert (office.counts(), office.server.connections) == ({"sent": 6}, 3)


def test_several_connections(open_office: Callable[..., Office]) -> None:
    """The first message is alone; when the relay has taken it, all connections work at once, and each once."""
    office = open_office(SLOW)
    office.folder.edit(office.folder.toml, "connections = 1", "connections = 3")
    assert office.send(Orders(batch=50, pause_s=0))[-1] == Over(Reason.EXHAUSTED)
    assert sorted(office.went()) == [f"p{number}" for number in range(6)]
    first, *others = office.server.accepted()
    assert first["connection"] == 1
    assert {mail["connection"] for mail in others} == {1, 2, 3}


def test_a_text_that_is_refused_is_shown_once(open_office: Callable[..., Office]) -> None:
    """Whatever stops a run stops it before the other connections are opened."""
    office = open_office(Rule("dot", say("554 5.7.1 spam")))
    office.folder.edit(office.folder.toml, "connections = 1", "connections = 3")
    over = office.send(Orders(batch=50, pause_s=0))[-1]
    assert isinstance(over, Over)
    assert over.reason is Reason.RELAY
    assert (office.server.connections, office.server.count("DATA")) == (1, 1)


@pytest.mark.parametrize("answer", ["421 4.7.0 too many connections", "432 4.3.2 concurrent connections limit"])
def test_a_relay_that_takes_fewer_connections(open_office: Callable[..., Office], answer: str) -> None:
    """A connection that is refused for the moment is done without; a login that is refused is not tried again."""
    office = open_office(Rule("banner", say_and_close(answer), connection=2), SLOW)
    office.folder.edit(office.folder.toml, "connections = 1", "connections = 3")
    assert office.send(Orders(batch=50, pause_s=0))[-1] == Over(Reason.EXHAUSTED)
    assert (office.counts(), office.server.connections) == ({"sent": 6}, 3)


def test_a_relay_that_refuses_us_on_another_connection(open_office: Callable[..., Office]) -> None:
    """What needs the user ends the run, wherever it is said; what is in flight comes to its end."""
    office = open_office(Rule("banner", say_and_close("554 5.7.1 your address is listed"), connection=2), SLOW)
    office.folder.edit(office.folder.toml, "connections = 1", "connections = 2")
    over = office.send(Orders(batch=50, pause_s=0))[-1]
    assert isinstance(over, Over)
    assert (over.reason, str(over.outcome and over.outcome.phase)) == (Reason.RELAY, "banner")
    assert office.counts()["sent"] == len(office.went()) < 6
    assert set(office.counts()) == {"sent", "pending"}


@pytest.mark.parametrize("batch", [3, 50])
@pytest.mark.parametrize("answer", [say_and_close("421 4.7.0 too many connections"), close()])
def test_a_connection_that_is_refused_late(open_office: Callable[..., Office], answer: Act, batch: int) -> None:
    """When the first connection has done all the work meanwhile, the run is not in trouble."""
    refused = Rule("banner", replace(answer, wait_s=1), connection=2)
    office = open_office(refused, Rule("dot", Act(say="250 2.0.0 Ok", wait_s=0.1, accept=True)))
    office.folder.edit(office.folder.toml, "connections = 1", "connections = 2")
    assert office.send(Orders(batch=batch, pause_s=0))[-1] == Over(Reason.EXHAUSTED)
    assert office.counts() == {"sent": 6}


def test_a_connection_that_nobody_needs(open_office: Callable[..., Office]) -> None:
    """One that does not come to its end is not waited for when everybody was sent to."""
    office = open_office(*[Rule("banner", silence(), connection=number) for number in (2, 3)])
    office.folder.edit(office.folder.toml, "connections = 1", "connections = 3")
    began = time.monotonic()
    with office.run() as run:
        delivery = office.deliver(run, Orders(batch=50, pause_s=0))
        assert list(delivery.events())[-1] == Over(Reason.EXHAUSTED)
    assert time.monotonic() - began < 10
    assert (office.counts(), delivery.phases) == ({"sent": 6}, [])


def test_connections_that_nobody_waits_for(open_office: Callable[..., Office]) -> None:
    """They count as long as they are being opened: the relay never sees more of us than it should."""
    office = open_office(Rule("banner", silence(), connection=2), SLOW)
    office.folder.edit(office.folder.toml, "connections = 1", "connections = 2")
    with office.run() as run:
        *_, over = office.deliver(run, Orders(batch=3, pause_s=0)).events()
    assert over == Over(Reason.EXHAUSTED)
    assert (office.counts(), office.server.connections) == ({"sent": 6}, 3)


def test_a_name_that_is_lost(open_office: Callable[..., Office], monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown name is a mistake in notify.toml, unless this relay has taken mail: then it is the network."""
    office = open_office(Rule("mail", say_and_close("421 4.3.2 bye"), connection=1, message=3))
    account = Account("localhost", office.server.port, Tls.NONE)
    known, is_back = socket.getaddrinfo, threading.Event()

    def look_up(host: str, port: str, *more: int) -> object:
        # what an earlier test has given up may still look for its own server
        if is_back.is_set() or not office.server.connections or int(port) != office.server.port:
            return known(host, port, *more)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    for sent, action in ((2, Action.PAUSE), (2, Action.PAUSE), (6, None)):
        if action is None:
            is_back.set()
        with office.run() as run:
            *_, over = Delivery(run.job, run.job.routes[0], account, Orders(batch=50, pause_s=0)).events()
        assert isinstance(over, Over)
        assert (over.outcome and over.outcome.action, office.counts().get("sent")) == (action, sent)


def test_stopped_while_a_connection_is_opened(open_office: Callable[..., Office]) -> None:
    """A relay that does not even greet is not waited for by who wants to stop."""
    office = open_office(Rule("banner", silence()))
    with office.run() as run:
        delivery = office.deliver(run, Orders(batch=50, pause_s=0))
        threading.Timer(0.3, delivery.stop, [Reason.INTERRUPTED]).start()
        began = time.monotonic()
        assert list(delivery.events()) == [Over(Reason.INTERRUPTED)]
        assert time.monotonic() - began < 5
    assert office.counts() == {"pending": 6}


def test_stopped_before_it_began(open_office: Callable[..., Office]) -> None:
    """Who is asked to stop before anything was opened opens nothing."""
    office = open_office()
    with office.run() as run:
        delivery = office.deliver(run, Orders(batch=50, pause_s=0))
        delivery.stop(Reason.TERMINATED)
        assert list(delivery.events()) == [Over(Reason.TERMINATED)]
    time.sleep(0.2)
    assert (office.server.connections, office.counts()) == (0, {"pending": 6})


def test_connection_that_comes_too_late(open_office: Callable[..., Office]) -> None:
    """What was still being opened when the run ended is closed when it is there; nothing is sent on it."""
    office = open_office(Rule("banner", Act(say="220 at last", wait_s=0.6)))
    with office.run() as run:
        delivery = office.deliver(run, Orders(batch=50, pause_s=0))
        threading.Timer(0.2, delivery.stop, [Reason.INTERRUPTED]).start()
        assert list(delivery.events()) == [Over(Reason.INTERRUPTED)]
    (opening,) = [thread for thread in threading.enumerate() if thread.name == "opens a session"]
    # a socket that is forgotten and not closed fails this test by its warning
    opening.join(10)
    assert (office.server.count("EHLO"), office.server.count("MAIL")) == (1, 0)


def test_rate_over_restarts(open_office: Callable[..., Office]) -> None:
    """What earlier runs handed over counts: the next one says when it is worth going on, and connects to nobody."""
    office = open_office()
    office.folder.edit(office.folder.toml, '"100000/s"', '"3/day"')
    office.send(Orders(batch=50, pause_s=0))
    assert office.went() == ["p0"]
    before = office.server.connections
    over = office.send(Orders(batch=50, pause_s=0))[-1]
    assert isinstance(over, Over)
    assert over.reason is Reason.THROTTLED
    assert over.until is not None
    assert over.until.timestamp() == pytest.approx(time.time() + 28800, abs=60)
    assert office.went() == ["p0"]
    assert office.counts() == {"sent": 1, "pending": 5}
    assert office.server.connections == before


def test_rate_towards_a_domain_over_restarts(open_office: Callable[..., Office]) -> None:
    """What earlier runs handed over to a domain counts, however many went to others since."""
    slow, others = [f"p{n}@slow.example" for n in range(4)], [f"p{n}@other{n}.example" for n in range(12)]
    office = open_office()
    office.folder.write("\n".join(["E-Mail", *slow, *others]))
    office.folder.edit(office.folder.toml, 'rate = "100000/s"', 'rate = "5/s"\nper_domain = "2/day"')
    for _ in range(2):
        over = office.send(Orders(batch=50, pause_s=0))[-1]
        assert isinstance(over, Over)
        assert over.reason is Reason.THROTTLED
        assert sorted(addresses(office.server.accepted())) == sorted(slow[:2] + others)


def test_rate_towards_a_mail_host(open_office: Callable[..., Office]) -> None:
    """Firms whose mail is at one host count together, also over a restart, and hold up nobody else."""
    office = open_office()
    firms, others = [f"p@firm{n}.example" for n in range(150)], ["p@other.example", "p@another.example"]
    office.folder.write("\n".join(["E-Mail", *firms, *others]))
    office.folder.edit(office.folder.toml, 'rate = "100000/s"', 'rate = "1000/s"\nper_domain = "3/day"')
    exchangers = {address.partition("@")[2]: "mx.hosting.example" for address in firms}
    note_hosts(load(office.folder.path, options={}, environment={}), exchangers, NOW.date())
    for _ in range(2):
        over = office.send(Orders(batch=500, pause_s=0))[-1]
        assert isinstance(over, Over)
        assert over.reason is Reason.THROTTLED
        assert sorted(addresses(office.server.accepted())) == sorted(firms[:3] + others)


@pytest.mark.parametrize(("hours", "later_s"), [(0.5, 60), (1.5, 0), (24 * 3650, 0)])
def test_pace_after_the_clock_was_wrong(open_office: Callable[..., Office], hours: float, later_s: float) -> None:
    """What was recorded while the clock was ahead holds nobody up for years: it counts as now, or not at all."""
    office = open_office()
    office.folder.edit(office.folder.toml, '"100000/s"', '"60/hour"')
    ahead = dt.datetime.now(dt.UTC) + dt.timedelta(hours=hours)
    with office.run() as run:
        handover = handover_of(run)
        settle(handover, send(handover, "p0@example.com", ahead), outcome(Status.SENT), ahead)
        now = time.time()
        assert run.job.pace(run.job.routes[0], Clock().now()).next_moment(now) == pytest.approx(now + later_s, abs=10)


def test_stopped(open_office: Callable[..., Office]) -> None:
    """Asked to stop, a run finishes the message in flight, records it, gives the others back and says why it ended."""
    office = open_office(SLOW)
    with office.run() as run:
        delivery = office.deliver(run, Orders(batch=50, pause_s=0))
        events = delivery.events()
        assert isinstance(next(events), Tried)
        delivery.stop(Reason.INTERRUPTED)
        rest = list(events)
    assert rest[-1] == Over(Reason.INTERRUPTED)
    sent = 1 + sum(isinstance(event, Tried) for event in rest)
    assert office.counts() == {"sent": sent, "pending": 6 - sent}
    assert len(office.went()) == sent <= 2


def test_stopped_twice(open_office: Callable[..., Office]) -> None:
    """Asked a second time it closes the connection at once, and what was in flight is in doubt."""
    office = open_office(Rule("dot", Act(say="250 2.0.0 Ok", wait_s=20, accept=True)))
    with office.run() as run:
        delivery = office.deliver(run, Orders(batch=50, pause_s=0))

        def stop() -> None:
            while not office.went():
                time.sleep(0.01)
            delivery.stop(Reason.TERMINATED)
            delivery.stop(Reason.TERMINATED)

        stopper = threading.Thread(target=stop)
        stopper.start()
        began = time.monotonic()
        events = list(delivery.events())
        stopper.join()
    assert time.monotonic() - began < 10
    assert events[-1] == Over(Reason.TERMINATED)
    assert office.counts() == {"in_doubt": 1, "pending": 5}


@pytest.mark.parametrize("phase", ["rcpt", "data"])
def test_stopped_before_the_dot(open_office: Callable[..., Office], phase: str) -> None:
    """Where nothing is in flight nothing is waited for, however long the relay takes for its answer."""
    office = open_office(Rule(phase, Act(say="250 2.1.5 Ok", wait_s=20), message=2))
    with office.run() as run:
        delivery = office.deliver(run, Orders(batch=50, pause_s=0))
        events = delivery.events()
        assert isinstance(next(events), Tried)
        while office.server.count(phase.upper()) < 2:
            time.sleep(0.01)
        began = time.monotonic()
        delivery.stop(Reason.INTERRUPTED)
        assert list(events) == [Over(Reason.INTERRUPTED)]
        assert time.monotonic() - began < 5
    assert office.counts() == {"sent": 1, "pending": 5}


def test_stopped_by_one_while_others_are_opened(open_office: Callable[..., Office]) -> None:
    """Neither a session that is being opened nor an answer that is of no use any more is waited for."""
    office = open_office(
        Rule("rcpt", Act(say="250 2.1.5 Ok", wait_s=20), connection=1, message=2),
        Rule("banner", Act(say="554 5.7.1 your address is listed", wait_s=0.5, close=True), connection=2),
        Rule("banner", silence(20), connection=3),
    )
    office.folder.edit(office.folder.toml, "connections = 1", "connections = 3")
    began = time.monotonic()
    *_, over = office.send(Orders(batch=50, pause_s=0))
    assert time.monotonic() - began < 10
    assert isinstance(over, Over)
    assert over.outcome is not None
    assert over.outcome.action is Action.STOP
    assert office.counts() == {"sent": 1, "pending": 5}


def test_pause_and_the_clock(open_office: Callable[..., Office]) -> None:
    """A clock that is set back by a day does not make a pause longer."""
    office = open_office()
    clock = SetBack()
    with office.run() as run:
        account = Account("127.0.0.1", office.server.port, Tls.NONE)
        for event in Delivery(run.job, run.job.routes[0], account, Orders(batch=4, pause_s=2), clock).events():
            if isinstance(event, Pausing):
                clock.by = dt.timedelta(days=1)
    assert office.counts() == {"sent": 6}
    assert clock.slept == pytest.approx(2, abs=0.5)


class SetBack(Clock):
    """A clock that somebody sets back; nobody really sleeps by it."""

    def __init__(self) -> None:
        self.by = dt.timedelta()
        self.slept = 0.0

    def now(self) -> dt.datetime:
        """Return what it shows."""
        return super().now() - self.by

    def sleep(self, seconds: float) -> None:
        """Only count."""
        self.slept += seconds


def test_stopped_in_a_pause(open_office: Callable[..., Office]) -> None:
    """A pause ends at once when the run is asked to stop."""
    office = open_office()
    with office.run() as run:
        delivery = office.deliver(run, Orders(batch=2, pause_s=60))
        began = time.monotonic()
        events = []
        for event in delivery.events():
            events.append(event)
            if isinstance(event, Pausing):
                threading.Timer(0.1, delivery.stop, [Reason.INTERRUPTED]).start()
    assert time.monotonic() - began < 10
    assert events[-1] == Over(Reason.INTERRUPTED)
    assert office.counts() == {"sent": 2, "pending": 4}


def test_broken_off(open_office: Callable[..., Office]) -> None:
    """When whoever watches goes away in the middle, the connections end first; then everybody else is given back."""
    office = open_office(SLOW)
    with office.run() as run:
        events = office.deliver(run, Orders(batch=50, pause_s=0)).events()
        assert isinstance(events, Generator)
        next(events)
        events.close()
        assert not [thread for thread in threading.enumerate() if thread.name == "connections"]
    assert set(office.counts()) == {"sent", "pending"}
    assert office.counts()["sent"] == len(office.went())


@pytest.mark.parametrize(("connections", "status"), [(1, "sent"), (3, "sent"), (1, "failed")])
@pytest.mark.file_ledger
def test_answer_that_cannot_be_recorded(open_office: Callable[..., Office], connections: int, status: str) -> None:
    """When the disk is full after a dot the run ends with what the relay said about whom, and no other dot leaves."""
    # slow enough for all connections to be open before the first of the answers that cannot be recorded
    slow = Rule("dot", Act(say="250 2.0.0 Ok", wait_s=0.4 * connections, accept=True))
    office = open_office(Rule("dot", say("550 5.1.1 no such user")) if status == "failed" else slow)
    office.folder.edit(office.folder.toml, "connections = 1", f"connections = {connections}")
    # the others are opened when one was sent
    recorded = 1 if connections > 1 else 0
    with office.run() as run, contextlib.closing(sqlite3.connect(office.folder.file)) as db:
        db.execute(
            f"CREATE TRIGGER disk AFTER INSERT ON attempt WHEN NEW.status = '{status}' AND NEW.id > {recorded} "
            "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
        with pytest.raises(WriteError) as said:
            list(office.deliver(run, Orders(batch=50, pause_s=0)).events())
        db.execute("DROP TRIGGER disk")
    assert "disk is full" in said.value.message
    assert "The relay's last answers could not be recorded: p" in said.value.message
    in_flight = [address for address, status in office.folder.statuses().items() if status == "in_flight"]
    for address in in_flight:
        assert f"{address}: {'250 2.0.0 Ok' if status == 'sent' else '550 5.1.1 no such user'}" in said.value.message
    assert min(connections, 2) <= len(in_flight) <= connections
    assert len(office.went()) == (len(in_flight) + recorded if status == "sent" else 0)
    with begun(office.folder.prepared(), NOW, accept_change=False, rehearsal=False) as later:
        assert (later.doubts, later.recovered) == (len(in_flight), 0)


@pytest.mark.file_ledger
def test_ledger_that_is_busy(open_office: Callable[..., Office], monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that another process keeps from being recorded is said: it is nowhere else."""
    monkeypatch.setattr("notify.ledger.file._BUSY_MS", 100)
    office = open_office(SLOW)
    with office.run() as run, contextlib.closing(sqlite3.connect(office.folder.file, isolation_level=None)) as other:
        events = office.deliver(run, Orders(batch=50, pause_s=0)).events()
        next(events)
        while office.server.count("DATA") < 2:
            time.sleep(0.01)
        time.sleep(0.1)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(BusyError, match="could not be recorded: p1@example"):
            list(events)


def test_refused_by_no_fault_of_theirs(open_office: Callable[..., Office]) -> None:
    """They wait again in the same moment in which that is found out: a run may not live to its end."""
    office = open_office(Rule("rcpt", say("550 5.1.0 Address rejected")))
    with office.run() as run:
        events = office.deliver(run, Orders(batch=50, pause_s=0)).events()
        tried = [next(events) for _ in range(3)]
        assert all(isinstance(one, Tried) and one.outcome.status is Status.FAILED for one in tried)
        assert office.counts() == {"pending": 6}


@pytest.mark.file_ledger
def test_line_that_cannot_be_crossed(open_office: Callable[..., Office]) -> None:
    """When begin cannot be recorded no dot leaves, and the run ends with the reason."""
    office = open_office()
    with office.run() as run, contextlib.closing(sqlite3.connect(office.folder.file)) as db:
        db.execute(
            "CREATE TRIGGER disk BEFORE UPDATE OF digest ON recipient "
            "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
        with pytest.raises(WriteError, match="disk is full"):
            list(office.deliver(run, Orders(batch=50, pause_s=0)).events())
        db.execute("DROP TRIGGER disk")
    assert office.went() == []
    assert office.send(Orders(batch=50, pause_s=0))[-1] == Over(Reason.EXHAUSTED)
    assert len(office.went()) == 6


@pytest.mark.parametrize("pipelining", [True, False])
def test_a_relay_that_offers_more_than_it_can(tmp_path: Path, *, pipelining: bool) -> None:
    """Where notify.toml says so, every command waits for its answer, whatever the relay offers."""
    # in small letters the server takes notice of who does not wait
    with ScriptedServer(tmp_path / "record", features=("pipelining",)) as server:
        office = Office(tmp_path, server)
        switch = f'tls = "none"\npipelining = {str(pipelining).lower()}'
        office.folder.edit(office.folder.toml, 'tls = "none"', switch)
        *_, over = office.send(Orders(batch=50, pause_s=0))
        assert over == Over(Reason.EXHAUSTED)
        assert bool(server.hasty) is pipelining
        assert len(office.went()) == 6


@pytest.mark.parametrize("phase", ["mail", "dot"])
@pytest.mark.parametrize("connections", [1, 2])
def test_a_relay_that_loses_commands(
    open_office: Callable[..., Office], monkeypatch: pytest.MonkeyPatch, phase: str, connections: int
) -> None:
    """One that offers PIPELINING and cannot do it is found out once; from then on each command waits for its answer."""
    short = Timeouts(mail_s=0.5, rcpt_s=0.5, data_s=0.5)
    monkeypatch.setattr("notify.delivery.connections.Wire", functools.partial(Wire, timeouts=short))
    office = open_office(Rule(phase, Act(say="250 2.0.0 Ok", wait_s=0.02, forget=True)))
    office.folder.edit(office.folder.toml, "connections = 1", f"connections = {connections}")
    *tried, over = office.send(Orders(batch=4, pause_s=0))
    assert over == Over(Reason.EXHAUSTED)
    waiting = [one for one in tried if isinstance(one, Tried) and one.outcome.status is Status.PENDING]
    assert 1 <= len(waiting) <= connections
    assert "pipelining = false" in waiting[0].outcome.words
    assert sorted(office.went()) == [f"p{number}" for number in range(6)]
