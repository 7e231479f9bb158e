"""The placing of portions, against a real PostgreSQL: what is put in arrives with one worker, and nothing is lost."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from notify.placing import Arrivals, Placed, Queue, Server
from tests.servers.postgres import Database, Postgres

_TAKES_ONE = """\
import sys, time
from notify.placing import Arrivals, Server
url, password, schema = sys.argv[1:]
with Arrivals(Server(url, lambda: {"password": password}, schema)) as worker:
    print(worker.next(30).portion, flush=True)
    time.sleep(60)
"""


def server_of(database: Database, url: str = "") -> Server:
    """Return a database as the room is told of it."""
    return Server(url or database.url, lambda: {"password": database.password}, "notify_placing")


@pytest.fixture
def server(postgres: Postgres) -> Iterator[Server]:
    """Return an empty database."""
    with postgres.database() as database:
        yield server_of(database)


def placed(*portions: int) -> list[Placed]:
    """Return portions of one campaign."""
    return [Placed(portion, 1) for portion in portions]


def until(so: Callable[[], object], longest_s: float = 30) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + longest_s
    while not so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_each_portion_arrives_with_one(server: Server) -> None:
    """Two workers share what was put in, in its order, and what is done leaves the queue."""
    with Queue(server) as queue, Arrivals(server) as one, Arrivals(server) as other:
        queue.put(placed(*range(1, 41)))
        arrived: list[Placed] = []
        while len(arrived) < 40:
            for worker in (one, other):
                if (portion := worker.next(0.05)) is not None:
                    arrived.append(portion)
                    worker.done(portion)
        assert sorted(arrived) == placed(*range(1, 41))
        assert arrived[0].portion < 5
        until(lambda: queue.portions() == set())


def test_put_in_twice(server: Server) -> None:
    """A portion that waits stays where it is, and the others are put in all the same."""
    with Queue(server) as queue:
        queue.put(placed(2, 3))
        queue.put(placed(1, 2, 3, 4))
        with Arrivals(server, ahead=1) as worker:
            arrived = []
            for _ in range(4):
                portion = worker.next(10)
                assert portion is not None
                arrived.append(portion)
                worker.done(portion)
            assert arrived == placed(2, 3, 1, 4)
            assert worker.next(0.3) is None


def test_put_back(server: Server) -> None:
    """What one worker puts back goes to another at once, and before what waits longer."""
    with Queue(server) as queue, Arrivals(server, ahead=1) as one:
        queue.put(placed(7))
        assert one.next(10) == Placed(7, 1)
        queue.put(placed(8))
        with Arrivals(server, ahead=1) as other:
            one.stop()
            assert other.next(10) == Placed(8, 1)
            one.put_back(Placed(7, 1))
            until(lambda: not one.held)
            queue.put(placed(9))
            other.done(Placed(8, 1))
            assert other.next(10) == Placed(7, 1)


def test_left_to_others(server: Server) -> None:
    """What one worker leaves to others goes behind all that waits, so that it sees these first."""
    with Queue(server) as queue:
        queue.put(placed(7, 8, 9))
        with Arrivals(server, ahead=1) as worker:
            arrived = []
            for _ in range(4):
                portion = worker.next(10)
                assert portion is not None
                arrived.append(portion)
                worker.put_back(portion, is_first=False)
            assert arrived == placed(7, 8, 9, 7)


def test_put_off(server: Server) -> None:
    """What is put back for later arrives then, and not before."""
    with Queue(server) as queue, Arrivals(server) as worker:
        queue.put(placed(7))
        assert worker.next(10) == Placed(7, 1)
        worker.put_back(Placed(7, 1), dt.datetime.now(dt.UTC) + dt.timedelta(seconds=1.5))
        assert worker.next(1) is None
        assert worker.next(10) == Placed(7, 1)


def test_end_of_a_worker(server: Server) -> None:
    """A worker that ends gives back what it has not told of."""
    with Queue(server) as queue:
        queue.put(placed(1, 2))
        with Arrivals(server) as one:
            assert one.next(10) == Placed(1, 1)
            until(lambda: one.held == {*placed(1, 2)})
        with Arrivals(server) as other:
            assert {other.next(10), other.next(10)} == {*placed(1, 2)}


def test_one_that_died(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a worker had that gives no sign of life any more arrives with others."""
    monkeypatch.setattr("notify.placing.arrivals.STALLED_S", 1.0)
    monkeypatch.setattr("notify.placing.arrivals.HEARTBEAT_S", 0.3)
    with Queue(server) as queue:
        queue.put(placed(5))
    given = [server.url, server.arguments()["password"], server.schema]
    with subprocess.Popen([sys.executable, "-c", _TAKES_ONE, *given], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"5\n"
        process.kill()
    with Arrivals(server) as other:
        assert other.next(10) == Placed(5, 1)


def test_tables_of_another_version(postgres: Postgres) -> None:
    """Tables that another version has made are made anew: the queue holds nothing that the ledger does not know."""
    with postgres.database() as database:
        server = server_of(database)
        with Queue(server) as queue:
            queue.put(placed(5))
        with database.connect() as connection:
            connection.execute(f"COMMENT ON SCHEMA {server.schema} IS 'procrastinate 2.0'")
        with Queue(server) as queue:
            assert queue.portions() == set()
            queue.put(placed(6))
        with Queue(server) as queue:
            assert queue.portions() == {6}


@pytest.mark.long
def test_a_server_that_restarts(postgres_of_its_own: Postgres) -> None:
    """A worker tells that the database is away, and goes on by itself when it is back."""
    with postgres_of_its_own.database() as database:
        server = server_of(database)
        with Queue(server) as queue:
            queue.put(placed(1))
        with Arrivals(server) as worker:
            assert worker.next(10) == Placed(1, 1)
            postgres_of_its_own.stop()
            until(lambda: worker.trouble)
            postgres_of_its_own.start()
            until(lambda: not worker.trouble)
            with Queue(server) as queue:
                queue.put(placed(2))
                assert Placed(2, 1) in {worker.next(15), worker.next(1)}
