"""A relay's trouble, known to all machines: all leave it alone, one sees whether it is back, and then all go on."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from notify.core.outcome import Action, Loss, Outcome, Phase, Reply, Scope
from notify.core.status import Status
from notify.delivery.events import Over, Reason
from notify.delivery.shared_relay_state import SharedRelayState
from notify.ledger import Database
from notify.ledger.postgres.store import PostgresStore
from tests.servers.postgres import Database as Server
from tests.servers.postgres import Postgres

RELAY = "relay.example:587 (jane)"
NOW = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
BUSY = Outcome(
    Status.PENDING,
    Scope.RELAY,
    Action.PAUSE,
    Phase.MAIL,
    Reply(421, ("4.7.0 Too many", "4.7.0 messages – später")),
    "The relay wants to be left alone.",
)
LOST = Outcome(Status.PENDING, Scope.RELAY, Action.PAUSE, Phase.CONNECT, Loss("timed out"), "The relay is away.")


class Workers:
    """Workers, each with a connection of its own."""

    def __init__(self, server: Server, closing: ExitStack) -> None:
        self.server = server
        self._closing = closing

    def one(self, name: str, relay: str = RELAY) -> SharedRelayState:
        """Return how a worker sees the relay."""
        place = Database(self.server.url, password=lambda: self.server.password)
        return SharedRelayState(self._closing.enter_context(PostgresStore(place, create=True)), relay, name)

    def pass_time(self, seconds: float) -> None:
        """Let time pass, as far as the relays' troubles go."""
        with self.server.connect() as db:
            db.execute(
                "UPDATE notify.relay_state SET until = until - %(s)s, alone_until = alone_until - %(s)s", {"s": seconds}
            )


@pytest.fixture(scope="module")
def server(postgres: Postgres) -> Iterator[Server]:
    """Make a database for all of these tests."""
    with postgres.database() as database:
        yield database


@pytest.fixture
def workers(server: Server) -> Iterator[Workers]:
    """Begin without any trouble."""
    with ExitStack() as closing:
        workers = Workers(server, closing)
        workers.one("anybody")
        with server.connect() as db:
            db.execute("TRUNCATE notify.relay_state")
        yield workers


def _over(outcome: Outcome = BUSY) -> Over:
    return Over(Reason.RELAY, outcome)


def _now() -> dt.datetime:
    return NOW


def _wait_s(over: Over | None) -> float:
    """Return for how long a relay is left alone."""
    assert over is not None
    assert over.until is not None
    return (over.until - NOW).total_seconds()


@pytest.mark.parametrize("outcome", [BUSY, LOST])
def test_all_leave_it_alone(workers: Workers, outcome: Outcome) -> None:
    """When one was in trouble, all know it before their next message, and for how long and why."""
    one, another, elsewhere = workers.one("one"), workers.one("another"), workers.one("one", "another.example:587")
    assert another.noticed(_now) is None
    told = one.rest(_over(outcome), NOW)
    assert _wait_s(told) == pytest.approx(30, abs=5)
    assert another.rests(NOW) is not None
    threading.Event().wait(0.06)
    noticed = another.noticed(_now)
    assert _wait_s(noticed) == pytest.approx(30, abs=5)
    assert noticed is not None
    assert noticed.outcome == outcome
    assert noticed.is_passing
    assert elsewhere.rests(NOW) is None


def test_the_same_trouble_of_many(workers: Workers) -> None:
    """However many are in the same trouble at the same time, it counts once."""
    for number in range(5):
        assert _wait_s(workers.one(f"w{number}").rest(_over(), NOW)) == pytest.approx(30, abs=5)
    workers.pass_time(31)
    one = workers.one("w0")
    assert one.rests(NOW) is None
    assert _wait_s(one.rest(_over(), NOW)) == pytest.approx(60, abs=5)


def test_one_sees_whether_it_is_back(workers: Workers) -> None:
    """When its time is over one worker is let in, and the others wait for what it finds."""
    crowd = [workers.one(f"w{number}") for number in range(3)]
    crowd[0].rest(_over(), NOW)
    workers.pass_time(31)
    assert crowd[1].rests(NOW) is None
    assert crowd[1].is_probed
    # not for the minute that the other one has, but for a while
    assert _wait_s(crowd[0].rests(NOW)) == 5
    assert not crowd[2].is_probed
    assert crowd[2].rests(NOW) is not None
    assert crowd[1].noticed(_now) is None
    assert crowd[1].rests(NOW) is None
    # it has died
    workers.pass_time(61)
    assert crowd[2].rests(NOW) is None
    assert crowd[1].rests(NOW) is not None


def test_the_faster_one_probes(workers: Workers) -> None:
    """Of many that ask at the same moment, one is let in."""
    workers.one("w").rest(_over(), NOW)
    workers.pass_time(31)
    crowd = [workers.one(f"w{number}") for number in range(6)]
    found: list[Over | None] = []
    threads = [threading.Thread(target=lambda state=state: found.append(state.rests(NOW))) for state in crowd]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found.count(None) == 1


def test_healed_for_all(workers: Workers) -> None:
    """When it has taken a message, those who wait go on at once, and its trouble is forgotten."""
    one, another = workers.one("one"), workers.one("another")
    assert one.noticed(_now) is None
    one.rest(_over(), NOW)
    assert not one.is_healed()
    assert another.rests(NOW) is not None
    assert not another.is_healed()
    workers.pass_time(31)
    assert one.rests(NOW) is None
    one.heal()
    threading.Event().wait(1.0)
    assert another.is_healed()
    assert another.rests(NOW) is None
    assert not another.is_probed
    assert not another.is_healed()
    assert _wait_s(another.rest(_over(), NOW)) == pytest.approx(30, abs=5)


def test_answers_that_were_under_way_heal_nothing(workers: Workers) -> None:
    """That a message was taken which had left before is no word about the relay now."""
    one, another = workers.one("one"), workers.one("another")
    one.rest(_over(), NOW)
    another.heal()
    assert another.rests(NOW) is not None


def test_longer_each_time(workers: Workers) -> None:
    """As long as it is not back it is left alone for longer each time, whoever looks; after five days it ends."""
    crowd = [workers.one("one"), workers.one("another")]
    waits = [_wait_s(crowd[0].rest(_over(), NOW))]
    for turn in range(6):
        workers.pass_time(waits[-1] + 1)
        state = crowd[turn % 2]
        assert state.rests(NOW) is None
        waits.append(_wait_s(state.rest(_over(), NOW)))
    assert waits == pytest.approx([30, 60, 120, 240, 480, 960, 1800], abs=5)
    with workers.server.connect() as db:
        db.execute("UPDATE notify.relay_state SET rested_s = 433000")
    workers.pass_time(1801)
    assert crowd[0].rests(NOW) is None
    assert crowd[0].rest(_over(), NOW).until is None


def test_long_ago(workers: Workers) -> None:
    """What was long ago is not counted any more."""
    one = workers.one("one")
    one.rest(_over(), NOW)
    workers.pass_time(2 * 86400)
    assert one.rests(NOW) is None
    assert _wait_s(one.rest(_over(), NOW)) == pytest.approx(30, abs=5)


def test_what_it_asks_for(workers: Workers) -> None:
    """It is left alone for as long as it asks."""
    asks = Outcome(BUSY.status, BUSY.scope, BUSY.action, BUSY.phase, BUSY.answer, BUSY.words, wait_s=300)
    assert _wait_s(workers.one("one").rest(_over(asks), NOW)) == pytest.approx(300, abs=5)


def test_trouble_of_ones_own(workers: Workers) -> None:
    """Whoever is in trouble time and again, while others find the relay well, holds up nobody any more; for an hour."""
    broken, sound = workers.one("broken"), workers.one("sound")
    for _ in range(3):
        broken.rest(_over(LOST), NOW)
        assert sound.rests(NOW) is not None
        workers.pass_time(31)
        assert sound.rests(NOW) is None
        sound.heal()
    assert _wait_s(broken.rest(_over(LOST), NOW)) == 30
    assert _wait_s(broken.rests(NOW)) == 30
    assert sound.rests(NOW) is None
    assert broken.rests(NOW + dt.timedelta(seconds=31)) is None
    assert broken.is_probed
    broken.heal()
    assert not broken.is_probed
    workers.pass_time(3601)
    broken.rest(_over(LOST), NOW)
    assert sound.rests(NOW) is not None


def test_trouble_of_several_is_the_relays(workers: Workers) -> None:
    """When different workers are in trouble in turn, it is shared as before, however often it has healed."""
    crowd = [workers.one("one"), workers.one("another")]
    for turn in (0, 1, 0, 1, 0, 1, 1, 1):
        troubled, other = crowd[turn], crowd[1 - turn]
        troubled.rest(_over(), NOW)
        assert other.rests(NOW) is not None
        workers.pass_time(31)
        assert other.rests(NOW) is None
        other.heal()
