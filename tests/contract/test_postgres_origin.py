"""A database that was brought back is known, by whoever would send from it; one that was restarted is the same."""

from __future__ import annotations

import contextlib
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from notify.core.status import Status
from notify.errors import WriteError
from notify.ledger import Database, Handover, Journal, Reports, Transitions, hold, open_store, watched
from tests.servers.postgres import Database as Server
from tests.servers.postgres import Postgres, Standby, need_postgres, programs
from tests.unit.ledger.mailing import DATE, NOW, RELAY, Mailing, begin


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


@pytest.mark.long
def test_what_a_standby_did_not_hear_of(tmp_path: Path) -> None:
    """A standby for which nobody waits loses the last begin: the ledger is refused, and the journal tells of it.

    Who was reached is in doubt then, and nobody is sent to; all others wait.
    """
    need_postgres()
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(Postgres(fsync=True))
        made = stack.enter_context(server.database())
        store = stack.enter_context(open_store(_place(made), create=True))
        post = Mailing(store, look=lambda _: [])
        post.enrol("K1 anna@example.com Anna", "K2 ben@example.com Ben")
        journal = Journal.of(tmp_path, post.record.secret, tmp_path)
        journal.open()
        standby = stack.enter_context(Standby(server))
        standby.catch_up()
        standby.lose_touch()
        run = Handover(store, post.record, post.version, RELAY, "run 1", journal=journal)
        (anna,) = run.claim(1, NOW, ["anna@example.com"])
        assert begin(run, anna.id, "d", DATE)
        server.kill()
        standby.promote()
        there = Database(_url_at(made, standby), password=lambda: made.password)
        with open_store(there) as left:
            assert Reports(left, post.record).status_of("anna@example.com") is Status.PENDING
        with pytest.raises(WriteError, match="or a standby has taken its place"), hold(there, NOW):
            """Never reached."""
        with hold(there, NOW, trust=True) as trusted:
            watch = watched(trusted, post.record, tmp_path, "alt.example", tmp_path, trust=True)
            with watch as found:
                assert Transitions(trusted, post.record, found.rollback).set_doubted_aside(NOW) == 1
            reports = Reports(trusted, post.record)
            assert reports.status_of("anna@example.com") is Status.IN_DOUBT
            assert reports.status_of("ben@example.com") is Status.PENDING


@pytest.mark.long
def test_a_standby_that_is_waited_for() -> None:
    """With a synchronous standby no dot leaves before that has the begin: what was let leave is known there."""
    need_postgres()
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(Postgres(fsync=True))
        made = stack.enter_context(server.database())
        store = stack.enter_context(open_store(_place(made), create=True))
        standby = stack.enter_context(Standby(server))
        post = Mailing(store, look=lambda _: [])
        post.enrol("K1 anna@example.com Anna", "K2 ben@example.com Ben")
        with server.administrator() as db:
            db.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
            db.execute("SELECT pg_reload_conf()")
        standby.catch_up()
        run = Handover(store, post.record, post.version, RELAY, "run 1")
        anna, ben = run.claim(2, NOW)
        assert begin(run, anna.id, "d", DATE)
        standby.lose_touch()
        leaving = threading.Thread(target=lambda: _begin_or_not(run, ben.id), daemon=True)
        leaving.start()
        leaving.join(2)
        assert leaving.is_alive(), "it left without the standby"
        server.kill()
        leaving.join(30)
        standby.promote()
        there = Database(_url_at(made, standby), password=lambda: made.password)
        with open_store(there) as left:
            assert Reports(left, post.record).status_of("anna@example.com") is Status.IN_FLIGHT


def _begin_or_not(run: Handover, recipient: int) -> None:
    with contextlib.suppress(WriteError):
        begin(run, recipient, "d", DATE)


def _url_at(made: Server, standby: Postgres) -> str:
    return made.url_at(standby.port)
