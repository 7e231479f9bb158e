"""Machines that share a database: a campaign folder on one, and workers on others, each with a home of its own."""

from __future__ import annotations

import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.folders import make_folder, run, start
from tests.servers.postgres import Database
from tests.servers.scripted import ScriptedServer


def until(so: Callable[[], object], longest_s: float = 60) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + longest_s
    while not so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


class Shop:
    """A campaign whose ledger is in a database, and the workers of it."""

    def __init__(self, folder: Path, database: Database, *, url: str = "") -> None:
        """Know where they are.

        :param url: by which workers reach the database; else that of the database.
        """
        self.folder = folder
        self.database = database
        self.url = url or database.url
        self._homes = 0

    @property
    def environment(self) -> dict[str, str]:
        """What a command needs to be let in."""
        return {"NOTIFY_LEDGER_PASSWORD": self.database.password}

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the campaign folder."""
        return run(self.folder, *arguments, environment=self.environment)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command in the campaign folder."""
        return start(self.folder, *arguments, environment=self.environment)

    def worker(self, *arguments: str, more: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
        """Start a worker on a machine of its own."""
        self._homes += 1
        home = self.folder.with_name(f"machine-{self._homes}")
        home.mkdir()
        return self.worker_at(home, *arguments, more=more)

    def worker_at(self, home: Path, *arguments: str, more: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
        """Start a worker on a machine that was there before."""
        environment = self.environment | dict(more or {})
        return start(home, "worker", "--ledger", self.url, *arguments, environment=environment)

    @contextmanager
    def working(self, *arguments: str, more: Mapping[str, str] | None = None) -> Iterator[subprocess.Popen[str]]:
        """Let a worker be there inside a ``with``; it is killed at its end unless it has ended by then."""
        process = self.worker(*arguments, more=more)
        try:
            yield process
        finally:
            process.kill()
            process.communicate()

    def deliver(self, *arguments: str) -> str:
        """Let a worker deliver until nothing is open any more; return what it said."""
        process = self.worker("--until-idle", *arguments)
        try:
            _, said = process.communicate(timeout=100)
        finally:
            process.kill()
        assert process.returncode == 0, said
        return said

    def counts(self) -> dict[str, int]:
        """Return how many recipients have each status."""
        with self.database.connect() as connection:
            rows = connection.execute(
                "SELECT status, count(*) FROM notify.recipient GROUP BY status ORDER BY status"
            ).fetchall()
        return {str(status): int(count) for status, count in rows}

    def ask(self, query: str) -> list[tuple[object, ...]]:
        """Return the rows of a query."""
        with self.database.connect() as connection:
            connection.execute("SET search_path TO notify")
            return connection.execute(query.encode()).fetchall()

    def do(self, statement: str) -> None:
        """Change something in the database."""
        with self.database.connect() as connection:
            connection.execute("SET search_path TO notify")
            connection.execute(statement.encode())


def shop(path: Path, database: Database, server: ScriptedServer, *, contacts: int = 50, more: str = "") -> Shop:
    """Make a campaign folder whose ledger is in a database."""
    section = f'\n[ledger]\nurl = "{database.url}"\n'
    folder = make_folder(
        path / "campaign", contacts=contacts, relay_port=server.port, connections=2, more=more + section
    )
    return Shop(folder, database)


def twice(server: ScriptedServer) -> list[str]:
    """Return to whom more than one message went, by the record of the relay."""
    return [to for to, count in Counter(mail["to"] for mail in server.accepted()).items() if count > 1]


def ended(process: subprocess.Popen[str], status: int = 0) -> str:
    """Wait for the end of a process, and return what it said."""
    try:
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == status, said
    assert "Traceback" not in said
    return said


def stop(process: subprocess.Popen[str], status: int = 0) -> str:
    """Ask a worker to end in good order; return what it said."""
    process.send_signal(signal.SIGTERM)
    return ended(process, status)
