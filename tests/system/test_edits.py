"""Edits between the runs of a campaign: nobody gets two messages, nobody is left out unsaid."""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.edits import live
from tests.folders import make_folder, run
from tests.servers.scripted import Rule, ScriptedServer, say

pytestmark = pytest.mark.both_ledgers

MESSAGE = "Subject: Neue Adresse\n\n{{ salutation }}\n\nab jetzt {{ new.email }}.\n"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ScriptedServer]:
    """Give a server that refuses one message for good, after the whole of it, if it is to somebody called Spam."""
    with ScriptedServer(tmp_path / "record", rules=[Rule("dot", say("554 5.7.1 spam"), to="spam", times=1)]) as server:
        yield server


def _folder(place: Path, server: ScriptedServer, rows: str, more: str = 'key = "Nr"\n') -> Path:
    folder = make_folder(place / "campaign", contacts=rows, message=MESSAGE, relay_port=server.port)
    toml = folder / "notify.toml"
    toml.write_text(toml.read_text("utf-8").replace("[contacts]\n", f"[contacts]\n{more}"), "utf-8")
    return folder


def _write(folder: Path, rows: str) -> None:
    (folder / "contacts" / "people.csv").write_text(rows, "utf-8")


def _numbered(first: int, *addresses: str) -> str:
    rows = (f"{number};{address}@example.com" for number, address in enumerate(addresses, start=first))
    return "\n".join(["Nr;E-Mail", *rows]) + "\n"


def _sent(server: ScriptedServer) -> list[str]:
    return [mail["to"].partition("@")[0] for mail in server.accepted()]


@pytest.mark.both_ledgers("every day")
def test_rows_on_top_and_numbers_shifted(tmp_path: Path, server: ScriptedServer) -> None:
    """Fifteen rows are put on top and all numbers are given anew: the fifteen are written to, and nobody again."""
    old, new = [f"p{number}" for number in range(20)], [f"neu{number}" for number in range(15)]
    folder = _folder(tmp_path, server, _numbered(1, *old))
    assert run(folder, "send", "--yes").returncode == 0
    _write(folder, _numbered(1, *new, *old))
    done = run(folder, "send", "--yes")
    assert done.returncode == 0, done.stderr
    assert _sent(server) == [*old, *new]


def test_many_have_moved(tmp_path: Path, server: ScriptedServer) -> None:
    """When many were written to at other addresses, the run is refused; accepted, they are counted and named, once."""
    people = [f"p{number}" for number in range(8)]
    folder = _folder(tmp_path, server, _numbered(1, *people))
    assert run(folder, "send", "--yes").returncode == 0
    _write(folder, _numbered(1, *(f"x{number}" for number in range(8)), "neu"))
    done = run(folder, "send", "--yes")
    assert done.returncode == 65
    assert "8 of 9 rows have another address than before, and 8 of them would be left out" in done.stderr
    assert _sent(server) == people
    for arguments in (["--accept-change"], []):
        done = run(folder, "send", "--yes", *arguments)
        assert done.returncode == 0, done.stderr
        assert "8 rows left out, because of an address that has changed" in done.stderr
        told = "is a new address of somebody already written to; not sent again by itself (before: "
        assert all(f"x{n}@example.com {told}p{n}@example.com)" in done.stderr for n in range(8))
    assert _sent(server) == [*people, "neu"]
    found = json.loads(run(folder, "contacts", "--json").stdout)
    assert (found["counts"]["moved"], found["counts"]["admitted"]) == (8, 1)
    assert "x0@example.com: written to already, at p0@example.com" in run(folder, "contacts").stdout
    logged = [json.loads(line) for line in run(folder, "log", "--json").stdout.splitlines()]
    assert [line["to"] for line in logged if line["status"] == "withdrawn"] == [f"x{n}@example.com" for n in range(8)]


def test_refused_text_is_mended(tmp_path: Path, server: ScriptedServer) -> None:
    """A text that was refused after the whole message is mended, as advised, and sent to all; nothing is asked."""
    folder = _folder(tmp_path, server, _numbered(1, "spam", "ben"))
    assert run(folder, "send", "--yes").returncode == 69
    (folder / "templates" / "change" / "message.de.md").write_text(MESSAGE.replace("ab jetzt", "von nun an"), "utf-8")
    done = run(folder, "send", "--yes")
    assert done.returncode == 0, done.stderr
    assert _sent(server) == ["ben", "spam"]


@pytest.mark.both_ledgers("every day")
def test_same_person_at_another_address(tmp_path: Path, server: ScriptedServer) -> None:
    """Written to at work in one run, somebody is not at home in the next, sorted otherwise or alone in the list."""
    head, work, home, ben = (
        "Name;E-Mail",
        "Anna Muster;work@example.com",
        "Anna Muster;home@example.com",
        "Ben;ben@x.example",
    )
    folder = _folder(tmp_path, server, f"{head}\n{work}\n{home}\n{ben}\n", 'same_person = "once"\n')
    assert run(folder, "send", "--yes", "--limit", "1").returncode == 75
    for rows in ((home, work, ben), (home, ben), (ben, home)):
        _write(folder, "\n".join([head, *rows]) + "\n")
        done = run(folder, "send", "--yes")
        assert done.returncode == 0, done.stderr
    assert "home@example.com is a new address of somebody already written to" in done.stderr
    assert _sent(server) == ["work", "ben"]


def test_template_by_another_name(tmp_path: Path, server: ScriptedServer) -> None:
    """Without an id a renamed template asks before it writes to everybody again; named by its id it is the same."""
    folder = make_folder(tmp_path / "campaign", contacts=2, message=MESSAGE, relay_port=server.port)
    toml = folder / "notify.toml"
    toml.write_text(toml.read_text("utf-8").replace('id = "test"\n', ""), "utf-8")
    assert run(folder, "send", "--yes").returncode == 0
    (folder / "templates" / "change").rename(folder / "templates" / "neu")
    done = run(folder, "send", "--yes", "--template", "templates/neu")
    assert done.returncode == 65
    assert "2 recipients were sent the same words already, in the campaign change; this one is neu." in done.stderr
    assert 'id = "change"' in done.stderr
    done = run(folder, "send", "--yes", "--template", "templates/neu", environment={"NOTIFY_CAMPAIGN_ID": "change"})
    assert done.returncode == 0, done.stderr
    assert len(_sent(server)) == 2
    assert run(folder, "send", "--yes", "--template", "templates/neu", "--again").returncode == 0
    assert len(_sent(server)) == 4


EVERY_DAY, LONG = 10, 2_000


@pytest.mark.parametrize("many", [EVERY_DAY, pytest.param(LONG, marks=pytest.mark.long)])
def test_edits_between_runs(many: int) -> None:
    """Whatever is edited between runs, each address and each person gets one message, or is named."""
    first = random.randrange(10**9)  # printed, so that it can be drawn again
    print(f"seeds {first} to {first + many - 1}")  # noqa: T201
    # in memory where that is possible: every run syncs what it records
    memory = Path("/dev/shm")  # noqa: S108
    for seed in range(first, first + many):
        with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as place:
            live(Path(place), seed)
