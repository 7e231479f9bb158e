"""A database is brought back from a backup that was taken in the middle of a campaign: nobody is written to twice."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.postgres import Database, Postgres, programs
from tests.servers.scripted import Act, Rule, ScriptedServer
from tests.workers import ended, shop, stop, twice, until

SLOW = Rule("dot", Act(say="250 2.0.0 Ok", wait_s=0.05, accept=True))
BROUGHT_BACK = "this database was brought back from a backup"


@pytest.mark.long
def test_brought_back_in_the_middle(tmp_path: Path, postgres: Postgres) -> None:
    """Two machines have gone on since the dump. Restored, it is refused until each has told whom it has reached.

    Then, by the user's word, the rest is sent; whoever was reached since the dump is in doubt, as nobody knows more.
    """
    with (
        ScriptedServer(tmp_path / "record", rules=[SLOW]) as server,
        postgres.database() as database,
        contextlib.ExitStack() as stack,
    ):
        placing = shop(tmp_path, database, server, contacts=60)
        placing.run("send", "--yes")
        machines = [_machine(tmp_path, name) for name in ("a", "b")]
        working = [stack.enter_context(_killed(placing.worker_at(machine))) for machine in machines]
        until(lambda: len(server.accepted()) > 10)
        dump = _dumped(database)
        until(lambda: len(server.accepted()) > 40)
        for worker in working:
            stop(worker)
        reached = {mail["to"] for mail in server.accepted()}
        _restore(database, dump)
        known = placing.counts().get("sent", 0)
        assert known < len(reached)
        for command in (["send", "--yes"], ["worker", "--until-idle", "--ledger", database.url]):
            refused = placing.run(*command)
            assert (refused.returncode, BROUGHT_BACK in refused.stderr) == (73, True), refused.stderr
        said = [ended(placing.worker_at(machine, "--until-idle"), 73) for machine in machines]
        assert any("recipients who wait in" in one and "set aside as in doubt" in one for one in said), said
        trusted = placing.run("send", "--yes", "--trust-ledger")
        assert trusted.returncode in {0, 1}, trusted.stderr
        placing.deliver()
        assert twice(server) == []
        assert len(server.accepted()) == 60
        counts = placing.counts()
        assert counts["sent"] + counts["in_doubt"] == 60
        # each whom the dump does not know, and nobody else: of those in flight in the dump the journal knows no more
        assert len(reached) - known == counts["in_doubt"]


def _machine(path: Path, name: str) -> Path:
    home = path / f"home-{name}"
    home.mkdir()
    return home


@contextlib.contextmanager
def _killed(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _tool(name: str) -> str:
    return str((programs() or Path()) / name)


def _dumped(database: Database) -> bytes:
    """Return what pg_dump gives of a database, as of one moment."""
    command = [_tool("pg_dump"), "--clean", "--if-exists", database.url]
    environment = {"PGPASSWORD": database.password}
    return subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True).stdout


def _restore(database: Database, dump: bytes) -> None:
    """Bring a database back."""
    command = [_tool("psql"), "--quiet", "--set", "ON_ERROR_STOP=1", database.url]
    environment = {"PGPASSWORD": database.password}
    subprocess.run(command, env=environment, input=dump, stdout=subprocess.DEVNULL, check=True)
