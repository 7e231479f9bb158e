"""Workers deliver what a run has placed in a database, from any machine; the user looks, stops it and goes on."""

from __future__ import annotations

import json
import signal
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.postgres import Database, Postgres
from tests.servers.scripted import Act, Rule, ScriptedServer, say
from tests.workers import ended, shop, stop, twice, until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")

SLOW = Rule("dot", Act(say="250 2.0.0 Ok", wait_s=0.05, accept=True))


@pytest.fixture
def database(postgres: Postgres) -> Iterator[Database]:
    """Return an empty database."""
    with postgres.database() as made:
        yield made


def test_placed_and_delivered(tmp_path: Path, database: Database) -> None:
    """A run places and says so; a worker that has no campaign folder delivers to everybody, and ends when told to."""
    with ScriptedServer(tmp_path / "record") as server:
        placing = shop(tmp_path, database, server, contacts=50)
        sent = placing.run("send", "--yes")
        assert (sent.returncode, "Traceback" in sent.stderr) == (0, False)
        assert "Placed: 50 messages, in 1 portion.\n" in sent.stderr
        assert "No worker is there, so nothing leaves yet. Start one, on any machine:  notify worker\n" in sent.stderr
        assert not server.accepted()
        said = placing.deliver()
        assert "test: delivering.\nSo far: 50 sent.\n" in said
        assert (len(server.accepted()), twice(server)) == (50, [])
        assert placing.counts() == {"sent": 50}


@pytest.mark.long
def test_placed_twice(tmp_path: Path, database: Database) -> None:
    """What is placed already is not placed again; whoever has come to the files since is."""
    with ScriptedServer(tmp_path / "record") as server:
        placing = shop(tmp_path, database, server, contacts=5)
        placing.run("send", "--yes")
        assert "Placed before, and not over yet: 1 portion.\n" in placing.run("send", "--yes").stderr
        people = placing.folder / "contacts" / "people.csv"
        people.write_text(people.read_text("utf-8") + "Frau;Neue;Neu;neu@example.com\n", "utf-8")
        placing.run("send", "--yes")
        placing.deliver()
        assert len(server.accepted()) == 6
        assert twice(server) == []
        assert "Nothing left to send." in placing.run("send", "--yes").stderr


@pytest.mark.long
@pytest.mark.parametrize(
    ("asked", "reached"),
    [
        (["--limit", "3"], 3),
        (["--only", "p000002@example.com"], 1),
        (["--where", 'row["Nachname"] == "Muster4"'], 1),
    ],
)
def test_a_part_of_them(tmp_path: Path, database: Database, asked: list[str], reached: int) -> None:
    """Whom a run is not for, no worker writes to, until a run is for them."""
    with ScriptedServer(tmp_path / "record") as server:
        placing = shop(tmp_path, database, server, contacts=5)
        assert placing.run("send", "--yes", *asked).returncode == 0
        placing.deliver()
        assert len(server.accepted()) == reached
        placing.run("send", "--yes")
        placing.deliver()
        assert (len(server.accepted()), twice(server)) == (5, [])


@pytest.mark.long
def test_a_worker_that_is_killed(tmp_path: Path, database: Database) -> None:
    """Others take over what it had, in seconds; nobody is written to twice, and only who was in flight is in doubt."""
    with ScriptedServer(tmp_path / "record", rules=[SLOW]) as server:
        placing = shop(tmp_path, database, server, contacts=50)
        placing.run("send", "--yes")
        home = tmp_path / "home"
        home.mkdir()
        first = placing.worker_at(home)
        until(lambda: len(server.accepted()) > 10)
        first.kill()
        first.communicate()
        began = time.monotonic()
        # its journal knows of those who were in flight
        assert "held" not in ended(placing.worker_at(home, "--until-idle"))
        assert time.monotonic() - began < 30
        counts = placing.counts()
    assert twice(server) == []
    in_doubt = counts.get("in_doubt", 0)
    # as many as there are connections
    assert in_doubt <= 2
    assert counts["sent"] + in_doubt == 50
    assert 50 - in_doubt <= len(server.accepted()) <= 50


@pytest.mark.long
@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_in_good_order(tmp_path: Path, database: Database, number: signal.Signals, status: int) -> None:
    """A worker that is asked to end finishes what is in flight and gives the rest back, which others have at once."""
    with ScriptedServer(tmp_path / "record", rules=[SLOW]) as server:
        placing = shop(tmp_path, database, server, contacts=50)
        placing.run("send", "--yes")
        with placing.working() as first:
            until(lambda: len(server.accepted()) > 10)
            first.send_signal(number)
            ended(first, status)
        counts = placing.counts()
        assert counts["sent"] == len(server.accepted())
        assert counts["pending"] == 50 - counts["sent"]
        # nobody has to wait for the end of its lease
        assert placing.ask("SELECT owner FROM portion WHERE NOT done") == [("",)]
        placing.deliver()
        assert placing.counts() == {"sent": 50}
    assert twice(server) == []


@pytest.mark.long
def test_who_is_there(tmp_path: Path, database: Database) -> None:
    """The workers are listed with what they do; who has ended is gone, and a run says that they are there."""
    with ScriptedServer(tmp_path / "record", rules=[SLOW]) as server:
        placing = shop(tmp_path, database, server, contacts=100)
        assert "there is no ledger yet" in placing.run("workers").stderr
        placing.run("send", "--yes", "--limit", "1")
        with placing.working() as one:
            until(lambda: placing.run("workers", "--json").stdout.strip() != "[]")
            assert "1 worker delivers: " in placing.run("send", "--yes").stderr
            until(lambda: json.loads(placing.run("workers", "--json").stdout)[0]["campaign"] == "test")
            [listed] = json.loads(placing.run("workers", "--json").stdout)
            assert (listed["pid"], listed["trouble"]) == (one.pid, None)
            shown = placing.run("workers")
            assert "just now" in shown.stdout
            stop(one)
        assert "No worker is there." in placing.run("workers").stderr


@pytest.mark.long
def test_stopped_by_hand(tmp_path: Path, database: Database) -> None:
    """What the user stops no worker goes on with, until it is placed again."""
    with ScriptedServer(tmp_path / "record", rules=[SLOW]) as server:
        placing = shop(tmp_path, database, server, contacts=200)
        placing.run("send", "--yes")
        with placing.working() as worker:
            until(server.accepted)
            assert "nothing more of it is begun" in placing.run("workers", "--stop").stderr
            time.sleep(4)
            sent = len(server.accepted())
            assert sent < 200
            time.sleep(2)
            assert len(server.accepted()) == sent
            placing.run("send", "--yes")
            until(lambda: len(server.accepted()) == 200)
            stop(worker)
        assert placing.counts() == {"sent": 200}
    assert twice(server) == []


@pytest.mark.long
def test_refused_by_the_relay(tmp_path: Path, database: Database) -> None:
    """What a relay refuses for its text is held for all workers, said to who follows, and goes on when placed again."""
    with ScriptedServer(tmp_path / "record", rules=[Rule("dot", say("550 5.7.1 spam"), times=1)]) as server:
        placing = shop(tmp_path, database, server, contacts=20)
        following = placing.start("send", "--yes", "--wait")
        with placing.working() as worker:
            said = ended(following, 69)
            assert "has held the campaign, so that nobody goes on: " in said
            assert "550 5.7.1 spam" in said
            assert placing.counts() == {"pending": 20}
            assert placing.run("send", "--yes", "--wait").returncode == 0
            assert "held, so that nobody delivers it until it is placed again" in stop(worker)
        assert placing.counts() == {"sent": 20}


@pytest.mark.long
def test_following(tmp_path: Path, database: Database) -> None:
    """Who follows sees it come to its end; Ctrl-C ends the following, and not the workers."""
    with ScriptedServer(tmp_path / "record", rules=[SLOW]) as server:
        placing = shop(tmp_path, database, server, contacts=120)
        with placing.working():
            following = placing.start("send", "--yes", "--wait", "--json")
            until(server.accepted)
            following.send_signal(signal.SIGINT)
            said = ended(following, 130)
            assert "The workers go on. How far they are:  notify status\n" in said
            assert "To stop them:  notify workers --stop\n" in said
            done = placing.run("send", "--yes", "--wait")
            assert done.returncode == 0
            assert "120 sent.\n" in done.stderr
    assert (len(server.accepted()), twice(server)) == (120, [])


@pytest.mark.long
def test_deferred(tmp_path: Path, database: Database) -> None:
    """Whoever was deferred is gathered when due, and gets the same message."""
    rules = [Rule("rcpt", say("450 4.2.1 later"), to="p000003@", times=1)]
    with ScriptedServer(tmp_path / "record", rules=rules) as server:
        placing = shop(tmp_path, database, server, contacts=5)
        placing.run("send", "--yes")
        placing.deliver()
        assert placing.counts() == {"deferred": 1, "sent": 4}
        placing.do("UPDATE recipient SET due = '2020-01-01T00:00:00.000000+00:00' WHERE status = 'deferred'")
        with placing.working() as worker:
            until(lambda: placing.counts() == {"sent": 5})
            stop(worker)
    assert (len(server.accepted()), twice(server)) == (5, [])


@pytest.mark.long
def test_suppressed_meanwhile(tmp_path: Path, database: Database) -> None:
    """Whoever is put on the suppression list gets nothing from that moment on, whatever a worker holds."""
    with ScriptedServer(tmp_path / "record", rules=[SLOW]) as server:
        placing = shop(tmp_path, database, server, contacts=100)
        placing.run("send", "--yes")
        with placing.working() as worker:
            until(server.accepted)
            assert placing.run("suppress", "p000100@example.com", "--reason", "asked").returncode == 0
            until(lambda: placing.counts().get("sent") == 99)
            stop(worker)
        assert placing.counts() == {"sent": 99, "suppressed": 1}


@pytest.mark.long
def test_several_campaigns(tmp_path: Path, database: Database) -> None:
    """Campaigns have their turns: a small one does not wait for the end of a large one."""
    slower = Rule("dot", Act(say="250 2.0.0 Ok", wait_s=0.2, accept=True))
    with ScriptedServer(tmp_path / "record", rules=[slower]) as server:
        large = shop(tmp_path / "large", database, server, contacts=900)
        small = shop(tmp_path / "small", database, server, contacts=5)
        toml = small.folder / "notify.toml"
        toml.write_text(toml.read_text("utf-8").replace('id = "test"', 'id = "small"'), "utf-8")
        large.run("send", "--yes")
        small.run("send", "--yes", "--again")
        with large.working():
            assert small.run("send", "--yes", "--again", "--wait").returncode == 0
            assert large.counts()["pending"] > 100


@pytest.mark.long
def test_figures(tmp_path: Path, database: Database) -> None:
    """On a port of this machine a watchman reads whether a worker is well, and its figures."""
    with ScriptedServer(tmp_path / "record") as server:
        placing = shop(tmp_path, database, server, contacts=5)
        placing.run("send", "--yes")
        with placing.working("--metrics", "0") as worker:
            assert worker.stderr is not None
            address = worker.stderr.readline().split("/metrics")[0]
            until(lambda: len(server.accepted()) == 5)
            until(lambda: b'notify_tries_total{status="sent"} 5\n' in _read(f"{address}/metrics"))
            assert b"notify_database_up 1\n" in _read(f"{address}/metrics")
            assert _read(f"{address}/health") == b"well\n"


@pytest.mark.long
def test_another_version(tmp_path: Path, database: Database) -> None:
    """A worker of another notify leaves a campaign alone, and names both."""
    with ScriptedServer(tmp_path / "record") as server:
        placing = shop(tmp_path, database, server, contacts=5)
        placing.run("send", "--yes")
        placing.do('UPDATE bundle SET contents = replace(contents, \'"program": "\', \'"program": "0.\')')
        with placing.working() as worker:
            until(lambda: "has placed" in placing.run("workers").stderr)
            said = stop(worker)
        assert "has placed the campaign test, and this is notify " in said
        assert said.count("left alone until") == 1
        assert not server.accepted()


@pytest.mark.long
def test_changed_meanwhile(tmp_path: Path, database: Database) -> None:
    """A change that is accepted while a worker is at work holds from then on: nobody gets the text from before."""
    with ScriptedServer(tmp_path / "record", rules=[SLOW]) as server:
        placing = shop(tmp_path, database, server, contacts=150)
        placing.run("send", "--yes")
        message = placing.folder / "templates" / "change" / "message.de.md"
        with placing.working() as worker:
            until(server.accepted)
            message.write_text(message.read_text("utf-8").replace("Neue E-Mail", "Andere E-Mail"), "utf-8")
            assert placing.run("send", "--yes", "--accept-change").returncode == 0
            before = len(server.accepted())
            until(lambda: placing.counts() == {"sent": 150})
            stop(worker)
        # those that were in flight
        old = [mail for mail in server.accepted()[before + 2 :] if "Neue_E-Mail" in mail["subject"]]
        assert old == []
        assert any("Andere" in mail["subject"] for mail in server.accepted())
    assert twice(server) == []


def _read(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310  # an address of our own
        read: bytes = answer.read()
        return read
