"""Whatever kills a run, and whenever: nobody is written to twice, and nobody is left out."""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.folders import Forked, addresses, make_folder, run
from tests.servers.scripted import Act, Rule, ScriptedServer


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
    [(4, 12), *(pytest.param(connections, 334, marks=pytest.mark.long) for connections in (1, 4, 8))],
)
def test_nobody_is_written_to_twice_or_left_out_when_runs_are_killed(
    tmp_path: Path, connections: int, kills: int
) -> None:
    """Runs killed at random moments write to nobody twice and leave at most one doubt per connection and kill.

    When the doubts are settled by what the relay recorded, everybody was written to exactly once.
    """
    people = 1000 if kills < 100 else 8000
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
        last = run(folder, "send", "--yes")
        times = Counter(addresses(server.accepted()))
        counts = _status(folder)
        assert last.returncode == (1 if doubts else 0), last.stderr
        assert set(times.values()) == {1}, "somebody was written to twice"
        assert counts["sent"] + counts["in_doubt"] == people
        in_doubt = {one["to"] for one in json.loads(run(folder, "resolve", "--json").stdout)}
        sent_by_ledger = {
            json.loads(line)["to"]
            for line in run(folder, "log", "--json").stdout.splitlines()
            if json.loads(line)["status"] == "sent"
        }
        assert sent_by_ledger <= set(times), "the ledger believes in a message that the relay never took"
        assert set(times) - sent_by_ledger <= in_doubt, "a message was taken that the ledger does not even doubt"
        never = sorted(in_doubt - set(times))
        for word, who in (("--again", never), ("--sent", sorted(in_doubt - set(never)))):
            if who:
                assert run(folder, "resolve", word, *who).returncode == 0
        final = run(folder, "send", "--yes")
        assert final.returncode == 0, final.stderr
        assert Counter(addresses(server.accepted())) == Counter(f"p{n:06}@example.com" for n in range(1, people + 1))
        assert doubts, "no kill hit the moment between dot and answer: the test shows nothing"
