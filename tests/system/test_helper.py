"""The process that makes messages ahead, in a run as a user starts it: what becomes of one when the other is killed."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.folders import addresses, counts, make_folder, run, start
from tests.servers.scripted import Act, Rule, ScriptedServer
from tests.system.test_signals import ended, wait_until

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2, reason="it is started on Linux, on two cores"
)

PEOPLE = 600
EVERYBODY = [f"p{number:06}@example.com" for number in range(1, PEOPLE + 1)]
#: The first answers take their time, so that something can happen meanwhile.
SLOW = [Rule("dot", Act(say="250 2.0.0 Ok", wait_s=0.4, accept=True), message=number) for number in range(1, 4)]


def _helper_of(process: subprocess.Popen[str]) -> int:
    """Return the only process that a run has started."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    wait_until(lambda: children.read_text().split())
    (child,) = children.read_text().split()
    return int(child)


def _is_gone(process: int) -> bool:
    """Tell whether a process has ended; one that nobody has asked how is gone too."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    return True


@pytest.mark.parametrize("trouble", [signal.SIGKILL, pytest.param(signal.SIGSTOP, marks=pytest.mark.long)])
def test_the_run_goes_on_without_it(tmp_path: Path, trouble: signal.Signals) -> None:
    """When it is killed, or frozen, in the middle of a run, everybody is sent to all the same, and once."""
    with ScriptedServer(tmp_path / "record", rules=SLOW) as server:
        folder = make_folder(tmp_path / "campaign", contacts=PEOPLE, relay_port=server.port, connections=2)
        process = start(folder, "send", "--yes", "--batch", "1000")
        wait_until(server.accepted)
        helper = _helper_of(process)
        os.kill(helper, trouble)
        said = ended(process)
        assert process.returncode == 0, said
        assert f"{PEOPLE} sent.\n" in said
        assert sorted(addresses(server.accepted())) == EVERYBODY
        assert _is_gone(helper)


def test_it_ends_with_a_run_that_is_killed(tmp_path: Path) -> None:
    """It does not outlive a run that could not tidy up, and the next run finds the ledger free and sends the rest."""
    with ScriptedServer(tmp_path / "record", rules=SLOW) as server:
        folder = make_folder(tmp_path / "campaign", contacts=PEOPLE, relay_port=server.port, connections=2)
        process = start(folder, "send", "--yes", "--batch", "1000")
        wait_until(server.accepted)
        helper = _helper_of(process)
        process.kill()
        process.communicate()
        wait_until(lambda: _is_gone(helper))
        done = run(folder, "send", "--yes", "--batch", "1000")
        after = counts(folder)
        assert after["sent"] + after.get("in_doubt", 0) == PEOPLE
        assert after.get("in_doubt", 0) <= 2, done.stderr
        assert sorted(addresses(server.accepted())) == EVERYBODY


def test_a_short_list_has_none(tmp_path: Path) -> None:
    """Nothing is started for a list that is done sooner."""
    with ScriptedServer(tmp_path / "record", rules=SLOW) as server:
        folder = make_folder(tmp_path / "campaign", contacts=20, relay_port=server.port)
        process = start(folder, "send", "--yes")
        wait_until(server.accepted)
        assert not Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        ended(process)
