"""What bounds a run: rates that are kept over restarts, quotas, refusals of everything, and another run."""

from __future__ import annotations

import datetime as dt
import json
import re
import signal
import sys
from pathlib import Path

import pytest

from notify.actions.folder_ledger import ledger_of_folder
from tests.folders import addresses, counts, make_folder, run, start
from tests.servers.scripted import Rule, ScriptedServer, say

pytestmark = pytest.mark.both_ledgers


def test_rate_over_restarts(tmp_path: Path) -> None:
    """What left before counts: a run within the time of a rate waits or, if it is long, says when and sends nothing."""
    with ScriptedServer(tmp_path / "record") as server:
        folder = make_folder(tmp_path / "campaign", contacts=5, relay_port=server.port)
        for _ in range(2):
            done = run(folder, "send", "--yes", environment={"NOTIFY_RELAY_RATE": "1/day"})
            assert done.returncode == 75
            assert re.search(
                r"4 pending, 1 sent\.\nRates and hours allow the next message .*; then:  notify send\n", done.stderr
            )
            assert addresses(server.accepted()) == ["p000001@example.com"]
        for _ in range(2):
            done = run(folder, "send", "--yes", "--limit", "1", environment={"NOTIFY_RELAY_RATE": "12/min"})
            assert done.returncode == 75
        attempts = [json.loads(line) for line in run(folder, "log", "--json").stdout.splitlines()]
    _, first, second = (dt.datetime.fromisoformat(one["time"]) for one in attempts)
    # an answer takes its time too
    assert (second - first).total_seconds() > 4.5


def test_quota(tmp_path: Path) -> None:
    """A quota is known by its words, also behind a 550 after the dot: nobody is charged, the next run goes on."""
    full = Rule("dot", say("550 5.4.5 Daily user sending quota exceeded"), to="p000003", times=1)
    with ScriptedServer(tmp_path / "record", rules=[full]) as server:
        folder = make_folder(tmp_path / "campaign", contacts=5, relay_port=server.port)
        done = run(folder, "send", "--yes")
        assert done.returncode == 75
        assert "3 pending, 2 sent.\nStopped: 550 5.4.5 Daily user sending quota exceeded (dot)\n" in done.stderr
        assert done.stderr.count("a limit is reached; notify send goes on where it stopped.") == 1
        assert counts(folder) == {"pending": 3, "sent": 2}
        assert run(folder, "send", "--yes").returncode == 0
        assert sorted(addresses(server.accepted())) == [f"p{number:06}@example.com" for number in range(1, 6)]


def test_content_refused(tmp_path: Path) -> None:
    """What is refused for its text would be refused for all: the run stops at the first, and nobody is charged."""
    spam = Rule("dot", say("554 5.7.1 Message rejected as spam"))
    with ScriptedServer(tmp_path / "record", rules=[spam]) as server:
        folder = make_folder(tmp_path / "campaign", contacts=5, relay_port=server.port)
        done = run(folder, "send", "--yes")
        assert done.returncode == 69
        assert "5 pending.\nStopped: 554 5.7.1 Message rejected as spam (dot)\n" in done.stderr
        assert "The relay refuses the message itself, which is the same for all" in done.stderr
        assert server.count("DATA") == 1
    assert counts(folder) == {"pending": 5}
    assert re.search(
        r"The last try, .*, was not about one recipient alone: 554 .*\nWho is pending", run(folder, "status").stderr
    )


def test_everybody_is_refused(tmp_path: Path) -> None:
    """A relay that refuses one after the other is not believed: the run is held, and nobody counts as failed."""
    no = Rule("rcpt", say("550 Rejected"))
    with ScriptedServer(tmp_path / "record", rules=[no]) as server:
        folder = make_folder(tmp_path / "campaign", contacts=10, relay_port=server.port)
        done = run(folder, "send", "--yes")
        assert done.returncode == 69
        assert server.count("RCPT") == 3
        assert (
            "The same refusal three times in a row: 550 Rejected, which is hardly the recipients' fault" in done.stderr
        )
    assert counts(folder) == {"pending": 10}
    log = [json.loads(line) for line in run(folder, "log", "--json").stdout.splitlines()]
    assert [one["status"] for one in log] == ["failed"] * 3 + ["pending"] * 3
    with ScriptedServer(tmp_path / "record", port=server.port) as server:
        assert run(folder, "send", "--yes").returncode == 0
        assert sorted(addresses(server.accepted())) == [f"p{number:06}@example.com" for number in range(1, 11)]


@pytest.mark.both_ledgers("every day")
def test_greylisting(tmp_path: Path) -> None:
    """One who asks to come again holds up nobody; the run says when, and does not try before."""
    grey = Rule("rcpt", say("450 4.7.1 Greylisted, try again in 300 seconds"), to="p000001")
    with ScriptedServer(tmp_path / "record", rules=[grey]) as server:
        folder = make_folder(tmp_path / "campaign", contacts=3, relay_port=server.port)
        for _ in range(2):
            done = run(folder, "send", "--yes")
            assert done.returncode == 75
            assert "2 sent, 1 deferred.\nDeferred means refused for the moment. The first is due " in done.stderr
        assert server.count("RCPT") == 3
    due = dt.datetime.fromisoformat(json.loads(run(folder, "status", "--json").stdout)["next_due"])
    assert dt.timedelta(minutes=5) < due - dt.datetime.now(dt.UTC) < dt.timedelta(minutes=15)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.both_ledgers("every day")
def test_one_run_at_a_time(tmp_path: Path) -> None:
    """A second run is turned away and told who is sending; whoever only looks, or suppresses, works beside a run."""
    with ScriptedServer(tmp_path / "record") as server:
        folder = make_folder(tmp_path / "campaign", contacts=3, relay_port=server.port)
        first = start(folder, "send", "--yes", "--batch", "1", "--pause", "1h")
        assert first.stderr is not None
        while "Pause" not in first.stderr.readline():
            pass
        second = run(folder, "send", "--yes")
        assert second.returncode == 75
        said = f"Error: {ledger_of_folder(folder)}: another run is sending from this ledger (process {first.pid} on "
        assert second.stderr.startswith(said)
        assert "You can watch it:  notify log --follow" in second.stderr
        status = run(folder, "status", "--json")
        assert json.loads(status.stdout)["running"] is True
        assert run(folder, "suppress", "p000003@example.com").returncode == 0
        assert run(folder, "log", "--json").stdout.count("\n") == 1
        assert "To       1 recipient\n" in run(folder, "send", "--dry-run").stderr
        first.send_signal(signal.SIGTERM)
        first.communicate(timeout=60)
        assert first.returncode == 75
        assert run(folder, "send", "--yes").returncode == 0
        assert addresses(server.accepted()) == ["p000001@example.com", "p000002@example.com"]
    assert counts(folder) == {"sent": 2, "suppressed": 1}


def test_it_takes_longer_than_the_deadline(tmp_path: Path) -> None:
    """Who would expire is said before anybody is asked."""
    today = dt.datetime.now().astimezone().date()
    for days, said in ((0, True), (9, False)):
        deadline = today + dt.timedelta(days=days)
        folder = make_folder(tmp_path / str(days), contacts=3, relay_port=9)
        given = {"NOTIFY_CAMPAIGN_DEADLINE": str(deadline), "NOTIFY_RELAY_RATE": "1/day"}
        done = run(folder, "send", "--dry-run", environment=given)
        assert (
            f"The deadline is {deadline}: whoever still waits when that day is over, expires.\n" in done.stderr
        ) == said


def test_what_is_slow_and_who_is_left_out_is_said_before(tmp_path: Path) -> None:
    """The forecast knows the limit towards a domain; whoever is on the suppression list is counted."""
    folder = make_folder(tmp_path / "campaign", contacts=9, relay_port=9)
    given = {"NOTIFY_RELAY_PER_DOMAIN": "2/hour"}
    assert "Takes    about 3 hours at this rate, " not in run(folder, "send", "--dry-run", environment=given).stderr
    assert run(folder, "suppress", "p000003@example.com", "p000004@example.com").returncode == 0
    said = run(folder, "send", "--dry-run", environment=given).stderr
    assert "To       7 recipients\nWithout  2 contacts on the suppression list:  notify suppress --list\n" in said
    assert "Takes    about 3 hours at this rate, " in said
