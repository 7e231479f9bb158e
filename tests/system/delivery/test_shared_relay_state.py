"""Two campaigns on two machines through one relay: what one is told there, the other acts on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import fields, replace
from pathlib import Path

import pytest

from notify.accounts import Account, Tls
from notify.actions.run import begun
from notify.core.outcome import Action, Outcome, Phase, Reply, Scope
from notify.core.status import Status
from notify.delivery.clock import Clock
from notify.delivery.events import Event, Over, Reason, Switching, Tried, Waiting
from notify.delivery.failover import Failover
from notify.delivery.job import Job, Orders
from notify.delivery.patience import WAITS_S
from notify.delivery.relay_state import OwnRelayState, RelayState
from notify.delivery.routes import Route
from notify.delivery.shared_relay_state import SharedRelayState
from notify.ledger import Database
from notify.ledger.postgres.store import PostgresStore
from tests.campaign import NOW, Folder, enrolled
from tests.clocks import Leaping
from tests.servers.postgres import Database as Server
from tests.servers.postgres import Postgres
from tests.servers.scripted import Act, Rule, ScriptedServer, say_and_close

PEOPLE = "E-Mail\n" + "".join(f"p{number}@example.com\n" for number in range(6))
GOING_DOWN = say_and_close("421 4.3.2 Going down")
TROUBLE = Outcome(
    Status.PENDING, Scope.RELAY, Action.PAUSE, Phase.MAIL, Reply(421, ("4.7.0 Too fast",)), "It wants to be left alone."
)
IN_TROUBLE = Over(Reason.RELAY, TROUBLE)


class Machines:
    """Machines that share a database, each with a campaign of its own and, beside the relay, the ledger of it."""

    def __init__(self, path: Path, server: Server, store: PostgresStore) -> None:
        self._path = path
        self._server = server
        self._store = store
        self._folders: dict[str, Folder] = {}

    def run(self, name: str, *ports: int, stays: bool = False) -> Iterator[Event]:
        """Yield what happens when a machine sends to all of its campaign who are left.

        :param stays: it waits for whatever passes, by a clock that does not leap.
        """
        clock = Clock() if stays else Leaping()
        with self.job(name, *ports, shares_loopback=True) as job:
            yield from Failover(job, _account, Orders(50, 0), clock, stays=stays).events()

    @contextmanager
    def job(self, name: str, *ports: int, shares_loopback: bool = False) -> Iterator[Job]:
        """Begin a run of a machine, as if its ledger were in the database.

        :param shares_loopback: the relays on loopback are the same for all machines.
        """
        if name not in self._folders:
            more = "".join(map(_relay, ports))
            self._folders[name] = Folder(self._path / name, people=PEOPLE, real=False, more=more)
        store = self._store

        class OnDatabase(Job):
            def _shared_store(self) -> PostgresStore:
                return store

        class Sharing(OnDatabase):
            def relay_state(self, route: Route) -> RelayState:
                return SharedRelayState(store, route.name)

        kind = Sharing if shares_loopback else OnDatabase
        with ExitStack() as stack:
            # what it notes beside the ledger is its own, too
            state = str(self._path / f"{name}-state")
            stack.enter_context(pytest.MonkeyPatch.context()).setenv("NOTIFY_STATE_DIR", state)
            run = stack.enter_context(begun(self._folders[name].prepared(), NOW, accept_change=False, rehearsal=False))
            enrolled(run)
            yield kind(**{field.name: getattr(run.job, field.name) for field in fields(run.job)})

    def pass_time(self, seconds: float) -> None:
        """Let time pass, as far as the relays' troubles go."""
        with self._server.connect() as db:
            db.execute("UPDATE notify.relay_state SET until = until - %s", [seconds])

    def another(self, port: int) -> SharedRelayState:
        """Return how another machine sees a relay."""
        return SharedRelayState(self._store, f"127.0.0.1:{port}", "another")


def _relay(port: int) -> str:
    return f'\n[[relay]]\nhost = "127.0.0.1"\nport = {port}\ntls = "none"\nrate = ["10000/s"]\n'


def _account(route: Route) -> Account:
    return Account("127.0.0.1", int(route.name.rpartition(":")[2]), Tls.NONE)


@pytest.fixture
def machines(tmp_path: Path, postgres: Postgres) -> Iterator[Machines]:
    """Give machines and their database."""
    with postgres.database() as server:
        place = Database(server.url, password=lambda: server.password)
        with PostgresStore(place, create=True) as store:
            yield Machines(tmp_path, server, store)


def _ended(events: Iterator[Event]) -> Over:
    *_, over = events
    assert isinstance(over, Over)
    return over


def test_what_one_is_told_all_are_told(tmp_path: Path, machines: Machines) -> None:
    """The second machine does not even call; when it is time it looks, and then the first may go on at once."""
    down = [Rule("banner", GOING_DOWN, connection=number) for number in range(2, 2 + len(WAITS_S))]
    with ScriptedServer(tmp_path / "record", rules=[Rule("mail", GOING_DOWN, message=3), *down]) as relay:
        assert _ended(machines.run("one", relay.port)).is_passing
        called = relay.connections
        over = _ended(machines.run("another", relay.port))
        assert over.reason is Reason.RELAY
        assert over.until is not None
        assert "Going down" in str(over.outcome)
        assert relay.connections == called
        machines.pass_time(31)
        assert _ended(machines.run("another", relay.port)) == Over(Reason.EXHAUSTED)
        assert _ended(machines.run("one", relay.port)) == Over(Reason.EXHAUSTED)
        assert len(relay.accepted()) == 12


def test_in_the_middle_of_a_run(tmp_path: Path, machines: Machines) -> None:
    """Who has messages under way lets them come to their end, and then leaves the relay alone; the next one goes on."""
    slow = Rule("dot", Act(say="250 2.0.0 Ok", wait_s=0.15, accept=True))
    with ExitStack() as stack:
        relay = stack.enter_context(ScriptedServer(tmp_path / "record", rules=[slow]))
        spare = stack.enter_context(ScriptedServer(tmp_path / "spare"))
        events = machines.run("one", relay.port, spare.port)
        assert isinstance(next(events), Tried)
        machines.another(relay.port).rest(IN_TROUBLE, NOW)
        told = list(events)
        assert [type(event) for event in told].count(Switching) == 1
        assert told[-1] == Over(Reason.EXHAUSTED)
        # what was under way, and what was given out before it was known
        assert 1 <= len(relay.accepted()) <= 3
        assert len(relay.accepted()) + len(spare.accepted()) == 6


def test_when_another_finds_it_well(tmp_path: Path, machines: Machines) -> None:
    """A run that waits for a relay goes on as soon as another one has found it well."""
    with ScriptedServer(tmp_path / "record") as relay:
        another = machines.another(relay.port)
        another.rest(IN_TROUBLE, NOW)
        events = machines.run("one", relay.port, stays=True)
        assert isinstance(next(events), Waiting)
        machines.pass_time(31)
        assert another.rests(NOW) is None
        another.heal()
        began = time.monotonic()
        assert _ended(events) == Over(Reason.EXHAUSTED)
        assert time.monotonic() - began < 15
        assert len(relay.accepted()) == 6


def test_whose_trouble_is_shared(machines: Machines) -> None:
    """That of a relay in the net is; one on loopback is another one on each machine."""
    with machines.job("one", 9) as job:
        (here,) = job.routes
        there = replace(here, relay=replace(here.relay, host="relay.example"))
        assert isinstance(job.relay_state(there), SharedRelayState)
        assert isinstance(job.relay_state(here), OwnRelayState)
