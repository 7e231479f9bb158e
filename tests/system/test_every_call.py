"""A kill before every single system call by which a run touches its ledger or its relay."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.folders import addresses, counts, make_folder, run
from tests.servers.scripted import ScriptedServer

_CALLS = "connect fdatasync fsync ftruncate link pwrite64 recvfrom rename sendto shutdown unlink write".split()
_PEOPLE = 3


def _killed(folder: Path, call: str, when: int) -> bool:
    """Send, killed before a system call is made for the n-th time by one of its threads; tell whether it came to it."""
    inject = f"inject={call}:signal=KILL:when={when}"
    command = ["strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={call}", "-e", inject]
    done = subprocess.run(
        [*command, sys.executable, "-m", "notify", "-C", str(folder), "send", "--yes"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "NOTIFY_STATE_DIR": f"{folder}.state"},
        check=False,
        timeout=120,
    )
    assert done.returncode in {0, -signal.SIGKILL, 128 + signal.SIGKILL}, done.stderr
    return done.returncode != 0


def _campaigns(folder: Path, call: str, port: int) -> Iterator[tuple[int, Path, list[str]]]:
    """Yield one campaign after the other, each with people of its own."""
    for when in itertools.count(1):
        people = [f"{call}{when}.{number}@example.com" for number in range(_PEOPLE)]
        contacts = "E-Mail\n" + "".join(f"{address}\n" for address in people)
        yield when, make_folder(folder / f"{call}{when}", contacts=contacts, relay_port=port), people


@pytest.mark.long
@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
@pytest.mark.parametrize("call", _CALLS)
def test_killed_before_every_call(tmp_path: Path, call: str) -> None:
    """Wherever it is killed: at most one is in doubt, nobody is written to twice, and the next run sends the rest."""
    with ScriptedServer(tmp_path / "record") as server:
        for when, folder, people in _campaigns(tmp_path, call, server.port):
            if not _killed(folder, call, when):
                break
            assert run(folder, "send", "--yes").returncode in {0, 1}
            took = Counter(address for address in addresses(server.accepted()) if address in people)
            stand = counts(folder)
            assert set(took.values()) <= {1}, f"{call} {when}: somebody was written to twice"
            assert stand.get("in_doubt", 0) <= 1
            assert stand.get("sent", 0) + stand.get("in_doubt", 0) == _PEOPLE
            doubts = [one["to"] for one in json.loads(run(folder, "resolve", "--json").stdout)]
            assert set(people) - set(took) <= set(doubts), f"{call} {when}: somebody was left out"
            shutil.rmtree(folder)
    assert when > 1 or call in {"fsync", "ftruncate", "link", "rename", "shutdown"}, "this call is never made"
