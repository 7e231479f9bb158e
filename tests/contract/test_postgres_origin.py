"""A database that was brought back is known, by whoever would send from it; one that was restarted is the same."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest

from notify.errors import WriteError
from notify.ledger import Database, hold, open_store
from tests.servers.postgres import Database as Server
from tests.servers.postgres import Postgres, programs
from tests.unit.ledger.mailing import NOW, Mailing


def _place(server: Server) -> Database:
    return Database(server.url, password=lambda: server.password)


@pytest.fixture
def server(postgres: Postgres) -> Iterator[Server]:
    """Give a database in which there is a ledger."""
    with postgres.database() as made:
        with open_store(_place(made), create=True) as store:
            Mailing(store, look=lambda _: []).enrol("K1 anna@example.com Anna")
        yield made


def test_a_dump_that_was_brought_back(server: Server) -> None:
    """Restored from a dump, into the same database or another one, nobody sends from it until the user has said so."""
    with hold(_place(server), NOW):
        """It is where it was."""
    tool = str(programs() / "pg_dump")  # type: ignore[operator]  # the fixture has started one of them
    environment = {"PGPASSWORD": server.password}
    dumped = subprocess.run(
        [tool, "--clean", "--if-exists", server.url], env=environment, capture_output=True, check=True
    )
    restore = [tool.replace("pg_dump", "psql"), "-q", "-v", "ON_ERROR_STOP=1", server.url]
    subprocess.run(restore, env=environment, input=dumped.stdout, check=True, capture_output=True)
    with pytest.raises(WriteError, match="this database was brought back from a backup"), hold(_place(server), NOW):
        """Never reached."""
    with open_store(_place(server)) as store:
        # whoever only looks may do so
        assert store.row("campaign", id="neue-adresse") is not None
    with hold(_place(server), NOW, trust=True):
        """By the user's word."""
    with hold(_place(server), NOW):
        """And from then on as before."""


@pytest.mark.long
def test_a_server_that_was_restarted(postgres_of_its_own: Postgres) -> None:
    """A restart, and a crash, change nothing."""
    with postgres_of_its_own.database() as made:
        with open_store(_place(made), create=True):
            """Make it."""
        for end in (postgres_of_its_own.stop, postgres_of_its_own.kill):
            end()
            postgres_of_its_own.start()
            with hold(_place(made), NOW):
                """It is where it was."""
