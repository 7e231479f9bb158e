"""Start and ramp as a user meets them: what is said before, at the end and by ``notify status``."""

from __future__ import annotations

import datetime as dt
import json
import signal
import sys
from itertools import takewhile
from pathlib import Path

import pytest

from tests.folders import addresses, counts, kept, make_folder, run, start
from tests.servers.scripted import Rule, ScriptedServer, say

pytestmark = pytest.mark.both_ledgers

#: As a user writes it: in local time, without seconds.
TOMORROW = (dt.datetime.now().astimezone() + dt.timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
SHOWN = dt.datetime.fromisoformat(TOMORROW).strftime("%a %Y-%m-%d %H:%M")


def test_a_campaign_that_starts_tomorrow(tmp_path: Path) -> None:
    """Everybody is enrolled and everything looked through today; nothing leaves but a test to oneself."""
    with ScriptedServer(tmp_path / "record") as server:
        folder = make_folder(tmp_path / "campaign", contacts=3, relay_port=server.port, more=f"start = {TOMORROW}\n")
        done = run(folder, "send", "--yes", "--json")
        assert (done.returncode, done.stdout, server.connections) == (75, "", 0)
        assert f"Start    {SHOWN}: nothing leaves before\n" in done.stderr
        assert f"Nothing leaves before {SHOWN}, the start in [send]; run it again then:  notify send\n" in done.stderr
        assert counts(folder) == {"pending": 3}

        status = run(folder, "status")
        assert f"Nothing leaves before {SHOWN}, the start in [send].\n" in status.stderr
        told = json.loads(run(folder, "status", "--json").stdout)
        assert told["next_due"] == told["start"]
        assert dt.datetime.fromisoformat(told["start"]) == dt.datetime.fromisoformat(TOMORROW).astimezone()

        assert run(folder, "send", "--test", "info@neu.example").returncode == 0
        assert addresses(server.accepted()) == ["info@neu.example"]
        assert run(folder, "send", "--yes", "--start", "2026-01-01").returncode == 0
        assert counts(folder) == {"sent": 3}


def test_what_is_wrong_is_known_today(tmp_path: Path) -> None:
    """A template that cannot be rendered ends the run with 65 now, not at the start."""
    message = "Subject: Neu\n\n{{ salutation }} {{ contact.nothing_of_that_name }}\n"
    folder = make_folder(tmp_path / "campaign", relay_port=9, message=message, more=f"start = {TOMORROW}\n")
    assert run(folder, "send", "--yes").returncode == 65


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_it_waits_until_then(tmp_path: Path) -> None:
    """With ``--wait`` the run says until when, and can be stopped."""
    with ScriptedServer(tmp_path / "record") as server:
        folder = make_folder(tmp_path / "campaign", contacts=3, relay_port=server.port)
        process = start(folder, "send", "--yes", "--wait", "--start", TOMORROW)
        assert process.stderr is not None
        said = list(takewhile(lambda line: f"Waiting until {SHOWN}." not in line, process.stderr))
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=40)
        assert (process.returncode, server.connections) == (75, 0), said
    assert counts(folder) == {"pending": 3}


def test_rehearsals_do_not_wait(tmp_path: Path) -> None:
    """The sandbox ignores the start, as it ignores rates and hours."""
    folder = make_folder(tmp_path / "campaign", contacts=3, more=f"[send]\nstart = {TOMORROW}\n")
    done = run(folder, "send")
    assert (done.returncode, len(kept(folder))) == (0, 3)
    assert "Start" not in done.stderr


def test_a_ramp(tmp_path: Path) -> None:
    """What the days to come will bring is said before, and where the ramp stands at the end and by ``status``."""
    # where it is noon now: a day that ended within the hour would be waited for
    noon = dt.datetime.now(dt.UTC).hour - 12
    today = (dt.datetime.now(dt.UTC) - dt.timedelta(hours=noon)).date()
    days = [f"{today + dt.timedelta(days=number):%a %Y-%m-%d}" for number in range(4)]
    nobody = Rule("rcpt", say("550 5.1.1 no such user"), to="p000002")
    with ScriptedServer(tmp_path / "record", rules=[nobody]) as server:
        folder = make_folder(tmp_path / "campaign", contacts=20, relay_port=server.port)
        text = (folder / "notify.toml").read_text("utf-8")
        (folder / "notify.toml").write_text(text.replace("\n[send]", 'ramp = "4/day, x1.5, 90/day"\n[send]'), "utf-8")
        process = start(folder, "send", "--yes", environment={"TZ": f"NOON{noon:+}"})
        _, said = process.communicate(timeout=60)
        assert (process.returncode, len(server.accepted())) == (75, 3), said
    stands = f"The ramp of 127.0.0.1:{server.port} allows 4 today (4 used), then 6.\n"
    assert f"Ramp     4 on {days[0]}, then 6, 9, and 1 on {days[3]}\n" in said
    assert f"Rates and hours allow the next message from {days[1]} 00:00 on; then:  notify send\n{stands}" in said
    status = start(folder, "status", environment={"TZ": f"NOON{noon:+}"}).communicate(timeout=60)[1]
    assert stands in status
