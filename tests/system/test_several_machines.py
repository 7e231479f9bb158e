"""docs/several-machines.md: what is to be typed there is run, and its files are what they should be."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from notify.cli import group
from notify.config.worker import load_worker
from tests.servers.postgres import Database, Postgres, programs
from tests.servers.scripted import ScriptedServer
from tests.workers import shop, stop, twice, until

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "several-machines.md").read_text("utf-8")
FILES = ROOT / "docs" / "several-machines"


def _typed(heading: str) -> list[str]:
    """Return the lines that are to be typed below a heading."""
    part = re.split(r"^#+ ", PAGE.partition(f"# {heading}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]
    blocks = re.findall(r"^```console\n(.*?)^```$", part, re.MULTILINE | re.DOTALL)
    return [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]


@pytest.mark.long
def test_from_one_machine_to_several_and_back(tmp_path: Path, postgres: Postgres) -> None:
    """A campaign begins in a file, moves into a database, is delivered by a worker there, and moves back."""
    with ScriptedServer(tmp_path / "record") as server, postgres.database() as database:
        placing = shop(tmp_path, database, server, contacts=20)
        toml = placing.folder / "notify.toml"
        with_database = toml.read_text("utf-8")
        toml.write_text(with_database.partition("\n[ledger]")[0], "utf-8")
        assert placing.run("send", "--yes", "--limit", "5").returncode == 75
        (move,) = _typed("The ledger moves")[:1]
        moved = placing.run(*_of_notify(move, database))
        assert moved.returncode == 0, moved.stderr
        assert placing.run("send", "--yes").returncode == 73
        assert f'[ledger]\n  url = "{database.url}"' in moved.stderr
        toml.write_text(with_database, "utf-8")
        work, look, send = _typed("Workers")
        worker = placing.start(*_of_notify(work, database))
        try:
            until(lambda: "just now" in placing.run(*_of_notify(look, database)).stdout)
            sent = placing.run(*_of_notify(send, database))
            assert sent.returncode == 0, sent.stderr
            refused = placing.run("ledger", "move", "ledger.db")
            assert (refused.returncode, "a worker is there" in refused.stderr) == (75, True), refused.stderr
            assert (len(server.accepted()), twice(server)) == (20, [])
        finally:
            stop(worker)
        (back,) = _typed("The ledger moves")[1:]
        done = placing.run(*_of_notify(back, database))
        assert done.returncode == 0, done.stderr
        toml.write_text(with_database.partition("\n[ledger]")[0], "utf-8")
        assert json.loads(placing.run("status", "--json").stdout)["counts"]["sent"] == 20
        assert "Nothing left to send" in placing.run("send", "--yes").stderr


@pytest.mark.long
def test_the_database_and_its_backup(tmp_path: Path, postgres: Postgres) -> None:
    """The lines for an administrator do what is said of them; the base backup is whole."""
    (create, roles, login), (base, verify) = _typed("The database"), _typed("Backup and restore")
    tools = programs()
    assert tools is not None
    administrator = {
        "PGHOST": str(postgres.folder),
        "PGPORT": str(postgres.port),
        "PGUSER": "postgres",
        "PGPASSWORD": postgres.password,
        "PATH": f"{tools}:{tmp_path}:/usr/bin:/bin",
        "NOTIFY_STATE_DIR": str(tmp_path / "state"),
        "PYTHONPATH": str(ROOT),
    }
    (tmp_path / "notify").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m notify "$@"\n', "utf-8")
    (tmp_path / "notify").chmod(0o755)
    # the server of the tests has an account of this name, a backup is put where there is room, and nobody types
    create, roles, login = (line.replace("psql notify", "psql several") for line in (create, roles, login))
    create = create.replace("createuser notify", "true").replace("notify notify", "notify several")
    base, verify = (line.replace("/backup/base", str(tmp_path / "base")) for line in (base, verify))
    for line in (create, roles, roles, login.replace("--pwprompt ", ""), base, verify):
        done = subprocess.run(["bash", "-c", line], cwd=tmp_path, env=administrator, capture_output=True, check=False)
        assert done.returncode == 0, (line, done.stderr)


def test_the_commands_are_ours() -> None:
    """Each command of notify on the page, in the unit and in the containers takes what it is shown with."""
    compose = _compose()
    unit = (FILES / "notify-worker.service").read_text("utf-8")
    (started,) = re.findall(r"^ExecStart=\S*/notify (.+)$", unit, re.MULTILINE)
    shown = re.findall(r"^\$ notify ([^|\n]+)", PAGE, re.MULTILINE)
    assert len(shown) > 5
    workers = [service["command"] for service in compose["services"].values() if "command" in service]
    for words in [shlex.split(started), *workers, *map(shlex.split, shown)]:
        assert _takes(words), words


def test_the_unit() -> None:
    """Systemd finds nothing wrong with the unit; it waits longer than a relay may take for the final dot."""
    text = (FILES / "notify-worker.service").read_text("utf-8")
    assert int(re.findall(r"^TimeoutStopSec=(\d+)$", text, re.MULTILINE)[0]) > 600
    credential = re.findall(r"^LoadCredential=([\w-]+):", text, re.MULTILINE)
    assert f"notify-worker.service/{credential[0]}" in (FILES / "worker.toml").read_text("utf-8")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    """It is one that systemd can start."""
    unit = tmp_path / "notify-worker.service"
    # what it starts is not installed here
    unit.write_text((FILES / unit.name).read_text("utf-8").replace("/usr/local/bin/notify", "/bin/true"), "utf-8")
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    assert [line for line in done.stderr.splitlines() if unit.name in line] == []


def test_the_file_of_a_machine() -> None:
    """worker.toml is one: it names the database, and no password."""
    settings = load_worker(FILES / "worker.toml", {})
    assert settings.ledger.url == "postgresql://notify_worker_1@db.example/notify"
    (content,) = [one["content"] for one in _compose()["configs"].values()]
    assert tomllib.loads(content)["ledger"].keys() == {"url", "password_command"}


@pytest.mark.skipif(shutil.which("postconf", path="/usr/sbin:/usr/bin") is None, reason="there is no Postfix here")
def test_postfix_listens_on_loopback_only(tmp_path: Path) -> None:
    """Postfix reads its file without a word, and takes mail from nobody else."""
    shutil.copy(FILES / "main.cf", tmp_path / "main.cf")
    (tmp_path / "master.cf").touch()
    command = [shutil.which("postconf", path="/usr/sbin:/usr/bin") or "", "-c", str(tmp_path), "-n"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    read = dict(re.split(r" =\s?", line, maxsplit=1) for line in done.stdout.splitlines() if "=" in line)
    assert read["inet_interfaces"] == "loopback-only"
    assert (read["mydestination"], read["relay_domains"]) == ("", "")


def test_each_worker_has_a_postfix_that_nobody_else_reaches() -> None:
    """A Postfix is on the loopback of its worker and publishes no port, and the database has no network."""
    services = _compose()["services"]
    workers = {name for name, service in services.items() if service.get("command", [""])[0] == "worker"}
    beside = {service["network_mode"] for service in services.values() if "network_mode" in service}
    assert {f"service:{name}" for name in workers} == beside - {"none"}
    assert len(workers) == 2
    assert services["db"]["network_mode"] == "none"
    assert not [name for name, service in services.items() if "ports" in service]
    for name in workers:
        assert len({*services[name]["volumes"]} & {f"state-{name[-1]}:/home/notify/state"}) == 1


def _compose() -> dict[str, Any]:
    """Read compose.yaml by whichever Python here has a reader of YAML."""
    script = "import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)"
    for python in ("python3", "/usr/bin/python3"):
        if shutil.which(python):
            with (FILES / "compose.yaml").open("rb") as file:
                done = subprocess.run([python, "-c", script], stdin=file, capture_output=True, check=False)
            if done.returncode == 0:
                found: dict[str, Any] = json.loads(done.stdout)
                return found
            assert b"No module named 'yaml'" in done.stderr, done.stderr
    pytest.skip("no Python here has a reader of YAML")


def _takes(words: list[str]) -> bool:
    command: click.Command | None = group
    while isinstance(command, click.Group):
        command = command.get_command(click.Context(command), words[0])
        words = words[1:]
    assert command is not None
    return bool(command.make_context(command.name, words, parent=click.Context(group)))


def _of_notify(line: str, database: Database) -> Iterator[str]:
    """Return the words behind ``notify``, about a database of the tests."""
    yield from shlex.split(line.replace("postgresql://notify@db.example/notify", database.url))[1:]
