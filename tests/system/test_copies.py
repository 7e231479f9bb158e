"""A folder and its copies that send at the same time: nobody is written to twice, by the record of the relay."""

from __future__ import annotations

import contextlib
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.folders import addresses, make_folder, run, start
from tests.servers.scripted import Act, Rule, ScriptedServer, silence
from tests.unit.ledger.mailing import read

pytestmark = pytest.mark.both_ledgers

COUNT = 12
EVERYBODY = Counter(f"p{number:06}@example.com" for number in range(1, COUNT + 1))
#: Batches with a pause in between, in a run that stays: what is compared at its start is long ago when it goes on.
IN_BATCHES = ("--wait", "--batch", "2", "--pause", "1s")


class Desk:
    """A user with several folders of one campaign, one state directory, and a relay whose record is believed."""

    def __init__(self, path: Path, server: ScriptedServer, connections: int) -> None:
        self.path = path
        self.server = server
        self.first = make_folder(path / "first", contacts=COUNT, relay_port=server.port, connections=connections)
        self.second = path / "second"
        self.environment = {"NOTIFY_STATE_DIR": str(path / "state")}

    def copy(self) -> None:
        """Copy the folder, as ``cp -r`` does."""
        # a file that goes meanwhile, as the run in it ends, is left out
        with contextlib.suppress(shutil.Error):
            shutil.copytree(self.first, self.second)

    def send(self, folder: Path, *options: str) -> tuple[int, str]:
        """Send from a folder; return the exit status and what was said."""
        done = run(folder, "send", "--yes", *options, environment=self.environment)
        return done.returncode, done.stderr

    def begin(self, folder: Path, *options: str) -> subprocess.Popen[str]:
        """Start sending from a folder."""
        return start(folder, "send", "--yes", *options, environment=self.environment)

    def wait_for(self, messages: int) -> None:
        """Wait until the relay has taken so many."""
        deadline = time.monotonic() + 30
        while len(self.server.accepted()) < messages:
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def times(self) -> Counter[str]:
        """Return how often each address was written to, as the relay has recorded it."""
        return Counter(addresses(self.server.accepted()))


@contextmanager
def _desk(path: Path, connections: int = 1, *rules: Rule) -> Iterator[Desk]:
    """Give a desk whose relay takes its time for each message, so that two runs overlap."""
    slow = Rule("dot", Act(say="250 2.0.0 Ok", wait_s=0.05, accept=True))
    with ScriptedServer(path / "record", rules=[*rules, slow]) as server:
        yield Desk(path, server, connections)


def _end(*processes: subprocess.Popen[str]) -> list[tuple[int, str]]:
    """Let runs come to their end; return exit status and words of each."""
    said = [process.communicate(timeout=180)[1] for process in processes]
    return [(process.returncode, words) for process, words in zip(processes, said, strict=True)]


def _before_the_first_run(desk: Desk) -> None:
    desk.copy()


def _after_some_were_sent(desk: Desk) -> None:
    assert desk.send(desk.first, "--limit", "2")[0] == 75
    desk.copy()


@pytest.mark.parametrize(
    ("connections", "copied", "options"),
    [(1, _after_some_were_sent, IN_BATCHES), (4, _before_the_first_run, ("--wait",))],
)
@pytest.mark.file_ledger
def test_both_at_once(tmp_path: Path, connections: int, copied: Callable[[Desk], None], options: Sequence[str]) -> None:
    """Of a folder and its copy, whenever that was made, one sends and the other one is refused, however often."""
    with _desk(tmp_path, connections) as desk:
        copied(desk)
        folders = (desk.first, desk.second)
        ends = _end(*(desk.begin(folder, *options) for folder in folders))
        assert sorted(status for status, _ in ends) == [0, 75], ends
        assert desk.times() == EVERYBODY
        assert sorted(desk.send(folder)[0] for folder in folders) == [0, 73]
        assert desk.times() == EVERYBODY


@pytest.mark.file_ledger
def test_while_the_other_one_pauses(tmp_path: Path) -> None:
    """A run holds its campaign through every pause; whoever comes with a copy is told who sends, from where."""
    with _desk(tmp_path) as desk:
        _after_some_were_sent(desk)
        going = desk.begin(desk.first, "--wait", "--batch", "2", "--pause", "10min")
        desk.wait_for(4)
        for options in ((), ("--wait",), ("--trust-ledger",)):
            status, words = desk.send(desk.second, *options)
            assert status == 75
            assert f"from {desk.first / 'ledger.db'} (process {going.pid} on " in words
            assert "of two copies of a folder only one may send" in words
        # what sends nothing is not kept from it
        assert desk.send(desk.second, "--dry-run")[0] == 0
        going.kill()
        going.communicate()
        assert desk.send(desk.second)[0] == 73
        assert desk.send(desk.first)[0] in {0, 1}
        assert set(desk.times().values()) == {1}


@pytest.mark.skipif(sys.platform == "win32", reason="links are a privilege there")
@pytest.mark.file_ledger
def test_one_ledger_under_two_names(tmp_path: Path) -> None:
    """A link to the folder, or to the ledger alone, leads to the same lock; nothing is taken from its run."""
    with _desk(tmp_path, 1, Rule("dot", silence(), to="p000003")) as desk:
        _after_some_were_sent(desk)
        (desk.second / "ledger.db").unlink()
        (desk.second / "ledger.db").symlink_to(desk.first / "ledger.db")
        linked = tmp_path / "linked"
        linked.symlink_to(desk.first)
        going = desk.begin(desk.first)
        in_flight = "SELECT address FROM recipient WHERE status = 'in_flight'"
        while not read(desk.first / "ledger.db", in_flight):
            assert going.poll() is None
            time.sleep(0.01)
        for folder in (linked, desk.second):
            assert desk.send(folder)[0] == 75
        assert len(read(desk.first / "ledger.db", in_flight)) == 1
        going.kill()
        going.communicate()


def test_a_folder_that_was_moved(tmp_path: Path) -> None:
    """A folder that was renamed goes on where it stopped: it is no copy."""
    with _desk(tmp_path) as desk:
        assert desk.send(desk.first, "--limit", "2")[0] == 75
        moved = desk.first.rename(tmp_path / "moved")
        assert desk.send(moved)[0] == 0
        assert desk.times() == EVERYBODY


@pytest.mark.long
@pytest.mark.parametrize("seed", range(50))
@pytest.mark.file_ledger
def test_a_folder_and_its_copy(tmp_path: Path, seed: int) -> None:
    """Whenever a copy is made, and however both send at once, nobody is written to twice and nobody left out."""
    chance = random.Random(seed)
    with _desk(tmp_path, connections=chance.choice([1, 4])) as desk:
        options = chance.choice([(), ("--wait",), ("--batch", "2", "--pause", "1s"), IN_BATCHES])
        going = []
        copied = chance.choice([_before_the_first_run, _after_some_were_sent, None])
        if copied:
            copied(desk)
        else:
            going.append(desk.begin(desk.first, *options))
            desk.wait_for(chance.randint(1, 4))
            desk.copy()
        for folder in [desk.second] if going else chance.sample([desk.first, desk.second], 2):
            going.append(desk.begin(folder, *options))
            time.sleep(chance.choice([0.0, chance.uniform(0.0, 0.5)]))
        ends = _end(*going)
        assert {status for status, _ in ends} <= {0, 73, 75}, ends
        assert desk.times() == EVERYBODY, ends
        for folder in (desk.first, desk.second):
            desk.send(folder)
        assert desk.times() == EVERYBODY
