"""Processes that share a pace: together they keep each rate, evenly, and each has its share."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from notify.ledger import Database
from notify.ledger.postgres.store import PostgresStore
from tests.pacer import Left, Pacing, paced
from tests.servers.postgres import Database as Server
from tests.servers.postgres import Postgres
from tests.servers.scripted import ScriptedServer
from tests.workers import shop, until


@pytest.fixture
def server(postgres: Postgres) -> Iterator[Server]:
    """Make a database with a ledger in which nothing has left."""
    with postgres.database() as database:
        PostgresStore(Database(database.url, password=lambda: database.password), create=True).close()
        yield database


def _moments(found: list[Left], domain: str | None = None) -> list[float]:
    return sorted(moment for left in found for moment, to in left if domain in (None, to))


def _most_within(moments: list[float], seconds: float) -> int:
    """Return the most moments in any window of so many seconds."""
    most = first = 0
    for number, moment in enumerate(moments):
        while moments[first] <= moment - seconds:
            first += 1
        most = max(most, number - first + 1)
    return most


def _tell(text: str) -> None:
    """Show what was measured: with ``-s``, or when a test fails."""
    sys.stdout.write(f"{text}\n")


def _per_second(moments: list[float]) -> float:
    return (len(moments) - 1) / (moments[-1] - moments[0])


def _assert_kept(found: list[Left], rate: int, *, least: float = 0.97, fair: float = 0.1) -> None:
    """Hold that the rate was reached to 3 %, exceeded in no second by 10 %, and shared evenly to 10 %."""
    moments = _moments(found)
    shares = [len(left) for left in found]
    _tell(f"{_per_second(moments):.1f}/s, most in a second {_most_within(moments, 1.0)}, shares {shares}")
    assert least * rate <= _per_second(moments) <= 1.03 * rate
    assert _most_within(moments, 1.0) <= 1.1 * rate
    assert shares == pytest.approx([len(moments) / len(found)] * len(found), rel=fair)


def test_two_keep_a_rate(server: Server) -> None:
    """What two processes let leave is one stream, and no faster than was promised."""
    # other tests may take their time from them
    _assert_kept(paced(server.password, *[Pacing(server.url, ["200/s"], 2.0)] * 2), 200, least=0.8, fair=0.3)


@pytest.mark.long
def test_four_keep_a_rate(server: Server) -> None:
    """So is what four let leave, for a while, and at a rate that is ten times as high."""
    _assert_kept(paced(server.password, *[Pacing(server.url, ["200/s"], 20.0)] * 4), 200)
    _assert_kept(paced(server.password, *[Pacing(server.url, ["2000/s"], 5.0)] * 4), 2000, fair=0.2)


@pytest.mark.long
def test_four_keep_several_rates(server: Server) -> None:
    """The minute's messages leave as fast as the second's rate lets them, and then no more."""
    moments = _moments(paced(server.password, *[Pacing(server.url, ["100/s", "240/min"], 5.0)] * 4))
    assert len(moments) == 240
    assert _per_second(moments) == pytest.approx(100, rel=0.03)


@pytest.mark.long
def test_four_keep_the_rates_of_hosts(server: Server) -> None:
    """Towards each host all of them together keep its rate, and the relay's."""
    domains = [f"{name}.example" for name in "abcd"]
    pacing = Pacing(server.url, ["200/s"], 10.0, ["20/s"], domains)
    found = paced(server.password, *[pacing] * 4)
    for domain in domains:
        moments = _moments(found, domain)
        _tell(f"{domain}: {len(moments)} in 10 s, most in a second {_most_within(moments, 1.0)}")
        # a tenth of a second is left between one second's and the next one's
        assert len(moments) == pytest.approx(20 * 10 / 1.1, rel=0.1)
        assert _most_within(moments, 1.0) <= 21


@pytest.mark.long
def test_whoever_is_slow_costs_the_others_little(server: Server) -> None:
    """What a slow process does not use, the others do."""
    fast = Pacing(server.url, ["200/s"], 10.0)
    slow = Pacing(server.url, ["200/s"], 10.0, busy_s=0.05)
    moments = _moments(paced(server.password, fast, slow, fast))
    _tell(f"{_per_second(moments):.1f}/s")
    assert _per_second(moments) == pytest.approx(200, rel=0.05)
    assert _most_within(moments, 1.0) <= 220


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_workers_keep_the_rate_of_a_relay(tmp_path: Path, postgres: Postgres) -> None:
    """As many workers as there are deliver no faster than the relay was promised."""
    with postgres.database() as database, ScriptedServer(tmp_path / "record") as relay, ExitStack() as stack:
        placing = shop(tmp_path, database, relay, contacts=1500)
        toml = placing.folder / "notify.toml"
        toml.write_text(toml.read_text("utf-8").replace("100000/s", "100/s"), "utf-8")
        for _ in range(3):
            stack.enter_context(placing.working())
        assert placing.run("send", "--yes").returncode == 0
        until(lambda: placing.counts() == {"sent": 1500}, 100)
        rows = placing.ask("SELECT extract(epoch FROM CAST(time AS timestamptz)), run FROM attempt a, recipient r"
                           " WHERE r.id = a.recipient")  # fmt: skip
    moments = sorted(float(str(moment)) for moment, _ in rows)
    shares = Counter(str(run).partition("/")[0] for _, run in rows)
    _tell(f"{_per_second(moments):.1f}/s, most in a second {_most_within(moments, 1.0)}, portions {shares}")
    # they are recorded a little later than they leave, and some together
    assert _per_second(moments) <= 105
    assert _most_within(moments, 1.0) <= 130
