"""Ctrl-C, SIGTERM, a lost terminal, and being stopped: at any moment, and what is left then."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.folders import addresses, counts, make_folder, run, shell, start
from tests.servers.scripted import Act, Rule, ScriptedServer, silence

pytestmark = [pytest.mark.both_ledgers, pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")]

SLOW = Rule("dot", Act(say="250 2.0.0 Ok", wait_s=0.3, accept=True))


def wait_until(so: Callable[[], object]) -> None:
    """Wait until something is so."""
    until = time.monotonic() + 100
    while not so():
        assert time.monotonic() < until
        time.sleep(0.02)


def ended(process: subprocess.Popen[str]) -> str:
    """Return what a process said, which ends soon: on a busy machine still long before what it was waiting for."""
    try:
        _, err = process.communicate(timeout=40)
    finally:
        process.kill()
    assert "Traceback" not in err
    return err


@pytest.mark.parametrize(
    ("number", "status"),
    [
        (signal.SIGINT, 130),
        pytest.param(signal.SIGTERM, 75, marks=pytest.mark.long),
        pytest.param(getattr(signal, "SIGHUP", 0), 75, marks=pytest.mark.long),
    ],
    ids=lambda value: getattr(value, "name", str(value)),
)
def test_in_good_order(tmp_path: Path, number: signal.Signals, status: int) -> None:
    """A message in flight is finished and nothing more is begun; the next run writes to the rest, to nobody twice."""
    with ScriptedServer(tmp_path / "record", rules=[SLOW]) as server:
        folder = make_folder(tmp_path / "campaign", contacts=20, relay_port=server.port, connections=2)
        process = start(folder, "send", "--yes")
        wait_until(lambda: len(server.accepted()) >= 3)
        process.send_signal(number)
        said = ended(process)
        assert process.returncode == status
        more = "; Ctrl-C once more ends at once and may leave it in doubt" if status == 130 else ", then ending"
        assert f"Finishing the message in flight{more}.\n" in said
        assert "Stopped as you asked. To go on where it stopped:  notify send\n" in said
        sent = len(server.accepted())
        assert counts(folder) == {"pending": 20 - sent, "sent": sent}
        assert run(folder, "send", "--yes").returncode == 0
        assert sorted(addresses(server.accepted())) == [f"p{one:06}@example.com" for one in range(1, 21)]


def test_a_second_time(tmp_path: Path) -> None:
    """A second Ctrl-C does not wait for an answer: what was in flight is in doubt, and only that."""
    with ScriptedServer(tmp_path / "record", rules=[Rule("dot", silence())]) as server:
        folder = make_folder(tmp_path / "campaign", contacts=3, relay_port=server.port)
        process = start(folder, "send", "--yes")
        wait_until(lambda: server.count("DATA"))
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        time.sleep(0.5)
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        said = ended(process)
    assert process.returncode == 130
    assert "2 pending, 1 in doubt.\n" in said
    assert counts(folder) == {"pending": 2, "in_doubt": 1}


def test_while_connecting(tmp_path: Path) -> None:
    """A relay that does not even greet cannot keep a run from ending: nothing is under way that would be waited for."""
    with ScriptedServer(tmp_path / "record", rules=[Rule("banner", silence())]) as server:
        folder = make_folder(tmp_path / "campaign", contacts=3, relay_port=server.port)
        process = start(folder, "send", "--yes")
        wait_until(lambda: server.connections)
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        ended(process)
    assert process.returncode == 130
    assert counts(folder) == {"pending": 3}


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), pytest.param(signal.SIGTERM, 75, marks=pytest.mark.long)]
)
def test_while_enrolling(tmp_path: Path, number: signal.Signals, status: int) -> None:
    """Before all have been read nothing is recorded: the ledger is as it was."""
    folder = make_folder(tmp_path / "campaign", contacts=3)
    assert run(folder, "send", "--limit", "1").returncode == 75
    people = folder / "contacts" / "people.csv"
    more = "".join(f"Herr;Max{n};Muster{n};q{n:06}@example.com\n" for n in range(25_000))
    people.write_text(people.read_text("utf-8") + more, "utf-8")
    process = start(folder, "send")
    log = folder / "outbox" / "ledger.db-wal"
    wait_until(lambda: log.exists() and log.stat().st_size > 400_000)
    process.send_signal(number)
    said = ended(process)
    assert process.returncode == status
    assert " rows: " not in said
    assert counts(folder) == {"pending": 2, "sent": 1}


def test_while_pausing(tmp_path: Path) -> None:
    """Ctrl-C ends a pause at once."""
    with ScriptedServer(tmp_path / "record") as server:
        folder = make_folder(tmp_path / "campaign", contacts=3, relay_port=server.port)
        process = start(folder, "send", "--yes", "--batch", "1", "--pause", "10min")
        assert process.stderr is not None
        while "Pause; the next batch follows at" not in process.stderr.readline():
            pass
        process.send_signal(signal.SIGINT)
        ended(process)
        assert process.returncode == 130
        assert len(server.accepted()) == 1
    assert counts(folder) == {"pending": 2, "sent": 1}


def test_stopped_and_continued(tmp_path: Path) -> None:
    """A run that was put to sleep in its middle, as a lid does, goes on and writes to nobody twice."""
    with ScriptedServer(tmp_path / "record", rules=[SLOW]) as server:
        folder = make_folder(tmp_path / "campaign", contacts=10, relay_port=server.port, connections=2)
        process = start(folder, "send", "--yes")
        for number in (2, 5):
            while len(server.accepted()) < number:
                time.sleep(0.02)
            process.send_signal(signal.SIGSTOP)
            time.sleep(1)
            process.send_signal(signal.SIGCONT)
        ended(process)
        assert process.returncode == 0
        assert sorted(addresses(server.accepted())) == [f"p{number:06}@example.com" for number in range(1, 11)]


def test_ignored(tmp_path: Path) -> None:
    """What nohup, or a shell for its background jobs, has told us to ignore, does not end a run."""
    with ScriptedServer(tmp_path / "record", rules=[SLOW]) as server:
        folder = make_folder(tmp_path / "campaign", contacts=4, relay_port=server.port)
        done = shell(
            folder,
            'trap "" HUP INT; "$PYTHON" -m notify send --yes & pid=$!; '
            f'until [ -s "{tmp_path / "record"}" ]; do sleep 0.1; done; kill -HUP $pid; kill -INT $pid; wait $pid',
        )
        assert done.returncode == 0, done.stderr
        assert len(server.accepted()) == 4
