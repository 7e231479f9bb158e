"""``notify ledger move``: the ledger is elsewhere afterwards, whole, and nobody sends from where it was."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from notify.errors import WriteError
from notify.ledger import Database, Place, open_store
from tests.folders import addresses, counts, make_folder, run, start
from tests.servers.postgres import Postgres
from tests.servers.scripted import ScriptedServer
from tests.unit.ledger.earlier import make_earlier


@pytest.mark.parametrize(
    "command", ["send --yes", "status", "log", "resolve", "suppress p000001@example.com", "send --dry-run"]
)
def test_a_moved_ledger_refuses(tmp_path: Path, command: str) -> None:
    """From where it was nothing is sent, and nothing is recorded there: one sentence says where it is."""
    folder = make_folder(tmp_path / "campaign", relay_port=9)
    run(folder, "suppress", "somebody@example.com")
    moved = run(folder, "ledger", "move", str(tmp_path / "elsewhere" / "ledger.db"))
    assert moved.returncode == 0, moved.stderr
    before = (folder / "ledger.db").read_bytes()
    refused = run(folder, *command.split())
    assert refused.returncode == 73, refused.stderr
    where = tmp_path / "elsewhere" / "ledger.db"
    assert f"Error: {folder / 'ledger.db'}: this ledger was moved to {where} on " in refused.stderr
    assert refused.stderr.count("\n") <= 4
    assert (folder / "ledger.db").read_bytes() == before


def test_nobody_is_written_to_twice(tmp_path: Path) -> None:
    """A campaign of which some were sent is moved, and moved back: the rest is sent, and nobody a second time."""
    with ScriptedServer(tmp_path / "record") as server:
        folder = make_folder(tmp_path / "campaign", contacts=6, relay_port=server.port)
        assert run(folder, "send", "--yes", "--limit", "2").returncode == 75
        other = tmp_path / "other.db"
        moved = run(folder, "ledger", "move", str(other), "--json")
        told = json.loads(moved.stdout)
        assert (told["from"], told["to"]) == (str(folder / "ledger.db"), str(other))
        assert {one["table"]: one["rows"] for one in told["tables"]} | {"recipient": 6, "attempt": 2} == {
            one["table"]: one["rows"] for one in told["tables"]
        }
        assert run(folder, "send", "--yes").returncode == 73
        back = run(folder, "ledger", "move", "ledger.db", "--from", str(other))
        assert "Take [ledger] out of notify.toml" in back.stderr
        assert run(folder, "send", "--yes").returncode == 0
        assert counts(folder) == {"sent": 6}
        assert set(Counter(addresses(server.accepted())).values()) == {1}


def test_what_cannot_be_moved(tmp_path: Path) -> None:
    """Where there is no ledger, or it is where it shall be, and what is no place: said with the mend."""
    folder = make_folder(tmp_path / "campaign")
    for arguments, code, words in (
        (["other.db"], 65, "there is no ledger"),
        (["ledger.db"], 65, "it is there already"),
        (["mysql://db.example/notify"], 78, "it is not the address of a PostgreSQL database"),
        (["postgresql://notify:secret@db.example/notify"], 78, "no password stands in it"),
    ):
        refused = run(folder, "ledger", "move", *arguments)
        assert (refused.returncode, words in refused.stderr) == (code, True), refused.stderr
        assert "secret" not in refused.stderr
    assert not list(tmp_path.rglob("*.db"))


def test_an_earlier_ledger(tmp_path: Path) -> None:
    """One of an earlier notify is brought up to date first, with its copy beside it, and what died in it is sorted."""
    folder = make_folder(tmp_path / "campaign")
    make_earlier(folder / "ledger.db", 1)
    moved = run(folder, "ledger", "move", str(tmp_path / "other.db"))
    assert moved.returncode == 0, moved.stderr
    assert "was brought up to date" in moved.stderr
    with closing(sqlite3.connect(tmp_path / "other.db")) as db:
        found = dict(db.execute("SELECT status, count(*) FROM recipient GROUP BY status"))
    assert not {"claimed", "in_flight"} & {*found}
    assert (tmp_path / "other.db").stat().st_mode & 0o777 == 0o600


@pytest.mark.long
def test_killed_at_any_moment(tmp_path: Path, postgres: Postgres) -> None:
    """Killed again and again on the way there and back, never are both a ledger, and in the end nobody is missing."""
    with ScriptedServer(tmp_path / "record") as server, postgres.database() as database:
        folder = make_folder(tmp_path / "campaign", contacts=3000, relay_port=server.port, connections=4)
        assert run(folder, "send", "--yes", "--limit", "500").returncode == 75
        environment = {"NOTIFY_LEDGER_PASSWORD": database.password}
        there = Database(database.url, password=lambda: database.password)
        killed = 0
        for first, second, arguments in (
            (folder / "ledger.db", there, [database.url]),
            (there, folder / "ledger.db", [str(folder / "ledger.db"), "--from", database.url]),
        ):
            delays = iter([0.2 + 0.09 * number for number in range(40)])
            while True:
                process = start(folder, "ledger", "move", *arguments, environment=environment)
                try:
                    said = process.communicate(timeout=next(delays, 60))
                except subprocess.TimeoutExpired:
                    process.kill()
                    said = process.communicate()
                    killed += 1
                usable = [place for place in (first, second) if _can_be_opened(place)]
                assert len(usable) <= 1, usable
                if process.returncode != -signal.SIGKILL:
                    assert (process.returncode, usable) == (0, [second]), said
                    break
        assert killed > 5
        assert run(folder, "send", "--yes").returncode == 0
        assert counts(folder) == {"sent": 3000}
        assert set(Counter(addresses(server.accepted())).values()) == {1}


def _can_be_opened(place: Place) -> bool:
    try:
        with open_store(place):
            return True
    except (WriteError, FileNotFoundError):
        return False


def test_the_other_one_is_lost_for_good(tmp_path: Path) -> None:
    """By the user's word the old file goes on, with what it knows; whom this machine has reached since is in doubt."""
    with ScriptedServer(tmp_path / "record") as server:
        folder = make_folder(tmp_path / "campaign", contacts=6, relay_port=server.port)
        assert run(folder, "send", "--yes", "--limit", "2").returncode == 75
        there = make_folder(tmp_path / "there", contacts=6, relay_port=server.port)
        assert run(folder, "ledger", "move", str(there / "ledger.db")).returncode == 0
        environment = {"NOTIFY_STATE_DIR": f"{folder}.state"}
        assert run(there, "send", "--yes", "--limit", "1", environment=environment).returncode == 75
        (there / "ledger.db").unlink()
        assert run(folder, "send", "--yes").returncode == 73
        trusted = run(folder, "send", "--yes", "--trust-ledger")
        assert trusted.returncode == 1, trusted.stderr
        assert counts(folder) == {"sent": 5, "in_doubt": 1}
        assert set(Counter(addresses(server.accepted())).values()) == {1}
