"""Whatever kills a run, and whenever: nobody is written to twice, and nobody is left out."""

from __future__ import annotations

import json
import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.folders import Forked, addresses, make_folder, run, start
from tests.servers.scripted import Act, Rule, ScriptedServer

pytestmark = pytest.mark.both_ledgers


def _kill_at_random(folder: Path, server: ScriptedServer, chance: random.Random) -> bool:
    """Start a run and kill it; return whether it was still running.

    Half of the kills come at any moment from the start on, half while messages are being handed over.
    """
    before = len(server.accepted())
    with Forked(folder, "send", "--yes") as process:
        if chance.random() < 0.5:
            time.sleep(chance.uniform(0.0, 1.0))
        else:
            while process.is_running() and len(server.accepted()) <= before:
                time.sleep(0.01)
            time.sleep(chance.uniform(0, 0.4))
        was_running = process.is_running()
        process.kill()
        process.wait()
    return was_running


def _status(folder: Path) -> dict[str, int]:
    counts: dict[str, int] = json.loads(run(folder, "status", "--json").stdout)["counts"]
    return counts


@pytest.mark.skipif(sys.platform == "win32", reason="the runs are forked")
@pytest.mark.parametrize(
    ("connections", "kills"),
    [(4, 8), *(pytest.param(connections, 334, marks=pytest.mark.long) for connections in (1, 4, 8))],
)
def test_nobody_is_written_to_twice_or_left_out_when_runs_are_killed(
    tmp_path: Path, connections: int, kills: int
) -> None:
    """Runs killed at random moments write to nobody twice and leave at most one doubt per connection and kill.

    When the doubts are settled by what the relay recorded, everybody was written to exactly once.
    """
    people = 1000 if kills < 100 else min(12_000, 3000 * connections)
    chance = random.Random(kills + connections)
    slow = Rule("dot", Act(say="250 2.0.0 Ok", wait_s=0.06, accept=True))
    with ScriptedServer(tmp_path / "record", rules=[slow]) as server:
        folder = make_folder(tmp_path / "campaign", contacts=people, relay_port=server.port, connections=connections)
        doubts = 0
        for _ in range(kills):
            assert _kill_at_random(folder, server, chance), "the run ended before it was killed; slow the server down"
            counts = _status(folder)
            assert counts["in_doubt"] - doubts <= connections
            doubts = counts["in_doubt"]
        assert doubts, "no kill hit the moment between dot and answer: the test shows nothing"
        _settle_up(folder, server, people)


def _settle_up(folder: Path, server: ScriptedServer, people: int) -> None:
    """Send to whoever is left, settle the doubts by what the relay recorded, and count: each of the people once."""
    counts = _status(folder)
    while counts["pending"]:
        last = run(folder, "send", "--yes", timeout_s=600)
        assert last.returncode in (0, 1, 75), last.stderr
        counts = _status(folder)
    times = Counter(addresses(server.accepted()))
    assert set(times.values()) == {1}, "somebody was written to twice"
    assert counts["sent"] + counts["in_doubt"] == people
    in_doubt = {one["to"] for one in json.loads(run(folder, "resolve", "--json").stdout)}
    log = [json.loads(line) for line in run(folder, "log", "--json").stdout.splitlines()]
    sent_by_ledger = {one["to"] for one in log if one["status"] == "sent"}
    assert sent_by_ledger <= set(times), "the ledger believes in a message that the relay never took"
    assert set(times) - sent_by_ledger <= in_doubt, "a message was taken that the ledger does not even doubt"
    never = sorted(in_doubt - set(times))
    for word, who in (("--again", never), ("--sent", sorted(in_doubt - set(never)))):
        if who:
            assert run(folder, "resolve", word, *who).returncode == 0
    final = run(folder, "send", "--yes")
    assert final.returncode == 0, final.stderr
    assert Counter(addresses(server.accepted())) == Counter(f"p{n:06}@example.com" for n in range(1, people + 1))


@pytest.mark.skipif(sys.platform == "win32", reason="nobody is stopped there like this")
@pytest.mark.parametrize(
    ("connections", "stops"),
    [(4, 4), *(pytest.param(connections, 334, marks=pytest.mark.long) for connections in (1, 4, 8))],
)
def test_nobody_is_written_to_twice_or_left_out_when_runs_are_frozen(
    tmp_path: Path, connections: int, stops: int
) -> None:
    """A run that is frozen at random moments, as a lid does it, for longer than the relay waits for anybody.

    The relay has hung up then on every connection; of each at most one message is in doubt.
    """
    people = 500 if stops < 100 else min(16000, 4000 * connections)
    chance = random.Random(stops + connections)
    slow = Rule("dot", Act(say="250 2.0.0 Ok", wait_s=0.06, accept=True))
    with ScriptedServer(tmp_path / "record", rules=[slow], idle_s=0.25) as server:
        folder = make_folder(tmp_path / "campaign", contacts=people, relay_port=server.port, connections=connections)
        left, doubts = stops, 0
        while left:
            before = len(server.accepted())
            with Forked(folder, "send", "--yes") as process:
                while process.is_running() and len(server.accepted()) <= before:
                    time.sleep(0.01)
                begun = left
                while process.is_running() and left:
                    time.sleep(chance.uniform(0, 0.3))
                    process.signal(signal.SIGSTOP)
                    time.sleep(chance.uniform(0.05, 0.6))
                    process.signal(signal.SIGCONT)
                    left -= 1
                process.signal(signal.SIGTERM)
                process.wait()
            counts = _status(folder)
            assert counts["pending"], "the run ended before it was frozen often enough; slow the server down"
            assert counts["in_doubt"] - doubts <= connections * (begun - left)
            doubts = counts["in_doubt"]
        _settle_up(folder, server, people)


@pytest.mark.parametrize("rounds", [2, pytest.param(200, marks=pytest.mark.long)])
def test_nobody_is_written_to_twice_by_two_runs_at_once(tmp_path: Path, rounds: int) -> None:
    """Of two runs that start at one moment one sends, and the other one says who does, or comes behind it."""
    slow = Rule("dot", Act(say="250 2.0.0 Ok", wait_s=0.2, accept=True))
    with ScriptedServer(tmp_path / "record", rules=[slow]) as server:
        folder = make_folder(tmp_path / "campaign", contacts=rounds * 6, relay_port=server.port, connections=2)
        refused = 0
        for _ in range(rounds):
            before = len(server.accepted())
            starts = [start(folder, "send", "--yes", "--limit", "3") for _ in range(2)]
            said = [process.communicate(timeout=120)[1] for process in starts]
            assert {process.returncode for process in starts} <= {0, 75}, said
            others = sum("another run is sending" in words for words in said)
            refused += others
            assert len(server.accepted()) - before == 3 * (2 - others)
        assert refused, "no two runs met: the test shows nothing"
        _settle_up(folder, server, rounds * 6)
