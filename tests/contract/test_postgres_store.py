"""A ledger in PostgreSQL: opened, held, refused in words, and kept true by the database itself."""

from __future__ import annotations

import contextlib
import itertools
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from notify.core.status import Status
from notify.errors import BusyError, LockedError, NotifyError, WriteError
from notify.ledger import (
    Database,
    NewAttempts,
    Suppressions,
    exists,
    hold,
    is_held,
    is_up_to_date,
    open_store,
    sending_days,
)
from notify.ledger.postgres import connection, idle
from notify.ledger.postgres.store import PostgresStore
from notify.ledger.queries import as_text
from tests.servers.postgres import Database as Server
from tests.servers.postgres import Postgres
from tests.unit.ledger.mailing import NOW, RELAY, Mailing

ROOT = Path(__file__).parents[2]
_NUMBERS = itertools.count()


@pytest.fixture(scope="module")
def server(postgres: Postgres) -> Iterator[Server]:
    """Give one database to all these tests; each has a schema of its own there."""
    with postgres.database() as database:
        yield database
        idle.close_all()


@pytest.fixture
def place(server: Server) -> Database:
    """Give the place of a ledger that is not there yet."""
    return Database(server.url, f"ledger_{next(_NUMBERS)}", lambda: server.password)


@pytest.fixture
def store(place: Database) -> Iterator[PostgresStore]:
    """Give a new ledger, open."""
    with PostgresStore(place, create=True) as store:
        yield store


def _rows(store: PostgresStore, statement: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in store.rows_of(statement, {})]


def _process_of(store: PostgresStore) -> int:
    (row,) = _rows(store, "SELECT pg_backend_pid()")
    return int(str(row[0]))


def _end(server: Server, store: PostgresStore) -> None:
    """End the connection of a store from outside, as an administrator does and as the end of a server does."""
    with server.connect() as db:
        assert db.execute("SELECT pg_terminate_backend(%s, 5000)", (_process_of(store),)).fetchone() == (True,)


def test_missing(place: Database) -> None:
    """A ledger that is not there is made only when that is asked for; nothing is left behind by asking."""
    with pytest.raises(FileNotFoundError):
        open_store(place)
    assert (exists(place), is_up_to_date(place), is_held(place)) == (False, False, False)
    with open_store(place, create=True):
        assert (exists(place), is_up_to_date(place), is_held(place)) == (True, True, False)


def test_made_by_many_at_once(place: Database) -> None:
    """Of several that make it at one moment each finds it made."""
    errors: list[BaseException] = []

    def make() -> None:
        try:
            with open_store(place, create=True) as store:
                Suppressions(store).add("anna@example.com", "", NOW)
        except BaseException as error:  # noqa: BLE001  # shown below
            errors.append(error)

    threads = [threading.Thread(target=make) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with open_store(place) as store:
        assert [entry.identity for entry in Suppressions(store).all()] == ["anna@example.com"]


def test_in_a_schema_that_somebody_has_made(server: Server, place: Database) -> None:
    """An account that may make no schema is given one."""
    with server.connect() as db:
        db.execute(f"CREATE SCHEMA {place.schema}")
    with open_store(place, create=True):
        assert exists(place)


def test_newer(server: Server, place: Database) -> None:
    """A ledger of a newer notify is refused, and left as it is."""
    open_store(place, create=True).close()
    with server.connect() as db:
        db.execute(f"SET search_path TO {place.schema}")
        db.execute("UPDATE ledger SET version = 99")
    for opening in (open_store, exists):
        with pytest.raises(WriteError, match="version 99, and this notify knows version"):
            opening(place)


def test_settings(server: Server, place: Database) -> None:
    """Whatever the account has as its default, a commit is on the disk, and nothing ends a long enrolment."""
    defaults = {"synchronous_commit": "off", "statement_timeout": "1", "idle_in_transaction_session_timeout": "1"}
    with server.connect() as db:
        for name, value in defaults.items():
            db.execute(f"ALTER ROLE notify SET {name} = '{value}'")
    idle.close_all()
    try:
        with PostgresStore(place, create=True) as store:
            found = [_rows(store, f"SELECT current_setting('{name}')")[0][0] for name in defaults]
    finally:
        with server.connect() as db:
            db.execute("ALTER ROLE notify RESET ALL")
        idle.close_all()
    assert found == ["on", "0", "0"]


@pytest.mark.parametrize(
    ("zone", "day"), [("Asia/Tokyo", 2), ("America/New_York", 1), ("Mars/Phobos", 1), ("XYZ-9:30", 2), ("<+05>-05", 2)]
)
def test_days_are_those_of_this_machine(
    store: PostgresStore, place: Database, monkeypatch: pytest.MonkeyPatch, zone: str, day: int
) -> None:
    """Whatever the server's zone is, and whether it knows ours by its name."""
    post = Mailing(store)
    post.enrol("K1 anna@example.com")
    post.bring("anna@example.com", Status.SENT, now=NOW.replace(hour=22))
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        with PostgresStore(place) as here:
            assert [one.date.day for one in sending_days(here, RELAY)] == [day]
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_server_that_is_too_old(place: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said so, before anything is tried there."""
    monkeypatch.setattr(connection, "OLDEST", 99)
    with pytest.raises(WriteError, match="and the ledger needs 99"):
        open_store(place, create=True)


def test_one_run_holds_it(place: Database) -> None:
    """A second run is told who has it; whoever only looks never has it; it is free when the run ends."""
    with hold(place, NOW) as store:
        assert is_held(place)
        with pytest.raises(BusyError, match=rf"is sending from this ledger \(process {os.getpid()} on ") as refused:
            hold(place, NOW).__enter__()
        assert "log --follow" in refused.value.hint
        with open_store(place) as beside:
            Suppressions(beside).add("anna@example.com", "", NOW)
        assert Suppressions(store).find("anna@example.com")
    assert not is_held(place)
    with hold(place, NOW):
        pass


def test_a_run_that_dies_lets_go(server: Server, place: Database) -> None:
    """Whoever is killed holds it no more, nor does one whose connection has died; that one records nothing more."""
    code = (
        "import sys, os; from notify.ledger import Database, hold; from tests.unit.ledger.mailing import NOW\n"
        "place = Database(sys.argv[1], sys.argv[2], lambda: sys.argv[3])\n"
        "with hold(place, NOW): print('held', flush=True); sys.stdin.read(); os.abort()"
    )
    command = [sys.executable, "-c", code, server.url, place.schema, server.password]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == "held\n"
        assert is_held(place)
        run.kill()
    with hold(place, NOW) as store:
        assert isinstance(store, PostgresStore)
        _end(server, store)
        assert not is_held(place)
        with hold(place, NOW), pytest.raises(WriteError, match="has ended the connection"):
            Suppressions(store).add("anna@example.com", "", NOW)


def _wrong_password(server: Server, _: Database) -> Database:
    return Database(server.url, password=lambda: "geheim-und-falsch")


def _no_password(server: Server, _: Database) -> Database:
    return Database(server.url)


def _no_database(server: Server, place: Database) -> Database:
    return Database(server.url.replace(server.name, "nowhere"), password=place.password)


def _nobody_there(server: Server, place: Database) -> Database:
    return Database(server.url_at(1), password=place.password)


def _no_such_host(server: Server, place: Database) -> Database:
    return Database(server.url_at(server.port, "db.invalid"), password=place.password)


def _not_allowed(server: Server, place: Database) -> Database:
    open_store(place, create=True).close()
    with server.connect() as db:
        db.execute(f"REVOKE USAGE ON SCHEMA {place.schema} FROM notify")
    return place


@pytest.mark.parametrize(
    ("make", "words", "mend"),
    [
        (_wrong_password, "does not know this account or its password", "NOTIFY_LEDGER_PASSWORD"),
        (_no_password, "does not know this account or its password", "password_command"),
        (_no_database, "no such database or account", "createdb"),
        (_nobody_there, "cannot be reached", "goes on where it stopped"),
        (_no_such_host, "cannot be reached", "goes on where it stopped"),
    ],
)
def test_refused(
    server: Server, place: Database, make: Callable[[Server, Database], Database], words: str, mend: str
) -> None:
    """Whoever is not let in hears where, why and what to do, in one sentence, and no password is in it."""
    with pytest.raises(WriteError) as refused:
        open_store(make(server, place), create=True)
    assert words in refused.value.message
    assert mend in refused.value.hint
    assert refused.value.message.startswith(("127.0.0.1", "db.invalid"))
    assert "\n" not in refused.value.message
    assert "geheim" not in f"{refused.value.message}{refused.value.hint}"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("53100", "no room left"),
        ("25006", "standby"),
        ("42501", "may not do that"),
        ("57P01", "has ended the connection"),
        ("XX001", "damaged"),
        ("23505", "refused a change"),
    ],
)
def test_refused_by_the_server(store: PostgresStore, code: str, words: str) -> None:
    """What the server answers is told in words, without what it says of the row; after that the store stops."""
    failing = f"DO $$ BEGIN RAISE EXCEPTION 'so it is' USING ERRCODE = '{code}', DETAIL = 'anna@example.com'; END $$"

    def fail() -> None:
        with store.transaction() as db:
            db.execute("INSERT INTO suppression VALUES ('anna@example.com', '', '')")
            db.execute(failing)

    with pytest.raises(WriteError) as first:
        fail()
    assert words in first.value.message
    assert "so it is" in first.value.message
    assert "anna" not in first.value.message
    with pytest.raises(WriteError) as second:
        Suppressions(store).add("ben@example.com", "", NOW)
    assert second.value.message == first.value.message
    assert _rows(store, "SELECT * FROM suppression") == []


@pytest.mark.parametrize("begins", ["transaction", "concurrent"])
def test_the_connection_dies(server: Server, place: Database, begins: str) -> None:
    """In the middle of a transaction: nothing of it stays, the store stops, and another one goes on."""
    store = PostgresStore(place, create=True)

    def die() -> None:
        with getattr(store, begins)() as db, server.connect() as other:
            db.execute("INSERT INTO suppression VALUES ('anna@example.com', '', '')")
            other.execute("SELECT pg_terminate_backend(%s, 5000)", (db.db.info.backend_pid,))

    with pytest.raises(WriteError, match="has ended the connection"):
        die()
    with pytest.raises(WriteError, match="has ended the connection"):
        Suppressions(store).add("anna@example.com", "", NOW)
    store.close()
    with open_store(place) as again:
        assert list(Suppressions(again).all()) == []
        assert Suppressions(again).add("anna@example.com", "", NOW)


def test_serial_and_beside_each_other(place: Database, store: PostgresStore) -> None:
    """Of two transactions one waits for the other; those that may run beside each other do not."""
    with PostgresStore(place) as other:
        with store.concurrent() as first, other.concurrent() as second:
            first.execute("INSERT INTO suppression VALUES ('anna@example.com', '', '')")
            second.execute("INSERT INTO suppression VALUES ('ben@example.com', '', '')")
        _wait_shortly(other)
        with store.transaction(), pytest.raises(LockedError), other.transaction():
            pass
        # in vain, but nothing has failed
        assert Suppressions(other).remove("anna@example.com")
        with store.concurrent() as first:
            first.execute("DELETE FROM suppression")
            with pytest.raises(LockedError), other.concurrent() as second:
                second.execute("DELETE FROM suppression")
        assert Suppressions(other).add("cora@example.com", "", NOW)
        assert [entry.identity for entry in Suppressions(store).all()] == ["cora@example.com"]


def _wait_shortly(store: PostgresStore) -> None:
    """Half a minute would be a long test."""
    store.ask("SELECT set_config('lock_timeout', '50', false)")


def test_many_who_are_new(store: PostgresStore) -> None:
    """They come as COPY takes them, and are what they would be one by one; the server knows at once how many."""
    post = Mailing(store)
    post.enrol(*(f"K{number} p{number}@example.com Name" for number in range(600)))
    post.enrol(*(f"K{number} p{number}@example.com Größe" for number in range(600)), "K9999 last@example.com Größe")
    found = list(store.rows_of("SELECT * FROM recipient WHERE key IN ('K77', 'K9999') ORDER BY id", {}))
    several, alone = (tuple(row)[5:] for row in found)
    differ = {place for place, (one, other) in enumerate(zip(several, alone, strict=True)) if one != other}
    # where it stands in the file, and its Message-ID
    assert differ == {3, 14}
    assert _rows(store, "SELECT reltuples::int >= 600 FROM pg_class WHERE oid = 'recipient'::regclass") == [(True,)]
    assert _rows(store, "SELECT count(*) < 10 FROM tally") == [(True,)]
    assert post.reports.counts()[Status.PENDING] == 601


def test_however_many_move_one_by_one(store: PostgresStore) -> None:
    """What is to be summed up for a count stays little, though nobody ends an enrolment meanwhile."""
    post = Mailing(store)
    post.enrol(*(f"K{number} p{number}@example.com" for number in range(9)))
    for number in range(600):
        with store.concurrent() as db:
            db.execute("UPDATE recipient SET selected = NOT selected WHERE key = :key", {"key": f"K{number % 9}"})
    assert _rows(store, "SELECT count(*) < 450 FROM tally") == [(True,)]
    assert post.reports.counts()[Status.PENDING] == 9


def test_the_lower_number_is_seen_last(place: Database, store: PostgresStore) -> None:
    """Of two workers the one that began first may be done last: whoever follows is told of both, and of each once."""
    post = Mailing(store)
    post.enrol("K1 anna@example.com", "K2 ben@example.com")
    written = (
        "INSERT INTO attempt (recipient, time, address, relay, phase, reply, status, scope, message_id)"
        " SELECT id, :time, address, '', 'dot', '250 Ok', 'sent', '', message_id FROM recipient WHERE key = :key"
    )
    moments = iter(range(99))
    new = NewAttempts(store, post.reports.attempts, clock=lambda: next(moments))
    with PostgresStore(place) as first, PostgresStore(place) as second, first.concurrent() as slow:
        slow.execute(written, {"key": "K1", "time": as_text(NOW)})
        with second.concurrent() as quick:
            quick.execute(written, {"key": "K2", "time": as_text(NOW)})
        assert [one.key for one in new.look()] == ["K2"]
    assert [one.key for one in new.look()] == ["K1"]
    assert [one.key for _ in range(30) for one in new.look()] == []


def test_no_index_has_what_a_handover_changes(store: PostgresStore) -> None:
    """Else every step of every message would be written to each index, too."""
    changed = {"status", "due", "run", "date", "digest", "version", "relay", "message_id"}
    indexes = _rows(
        store, "SELECT indexdef FROM pg_indexes WHERE tablename = 'recipient' AND schemaname = current_schema()"
    )
    assert len(indexes) == 4
    for (definition,) in indexes:
        _, _, columns = str(definition).partition(" USING ")
        assert not changed.intersection(columns.replace("(", " ").replace(")", " ").replace(",", " ").split())


def test_rows_that_nobody_reads_to_the_end(place: Database, store: PostgresStore) -> None:
    """A page is read at a time, beside what is written; what is left of them is gone with the store."""
    for number in range(1100):
        store.ask("INSERT INTO suppression VALUES (:who, '', '') RETURNING 1", who=f"p{number:04}@example.com")
    rows = store.rows("suppressions")
    assert next(rows)["identity"] == "p0000@example.com"
    with store.transaction() as db:
        db.execute("DELETE FROM suppression")
    # what was asked for is of one moment
    assert len(list(rows)) == 1099
    left, process = store.rows_of("SELECT generate_series(1, 2000)", {}), _process_of(store)
    next(left)
    store.close()
    with PostgresStore(place) as again:
        assert _process_of(again) == process
        # its own
        assert _rows(again, "SELECT count(*) FROM pg_cursors WHERE name LIKE 'rows%'") == [(1,)]
    with pytest.raises(NotifyError):
        list(left)


def test_a_connection_is_used_again(server: Server, place: Database) -> None:
    """Whoever opens the same ledger next has the connection, unless it has died, or somebody has it."""
    idle.close_all()
    with PostgresStore(place, create=True) as store:
        first = _process_of(store)
        with PostgresStore(place) as beside:
            assert _process_of(beside) != first
        with contextlib.closing(psycopg.connect(server.url, password=server.password)) as db:
            (at_once,) = db.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'notify'"
            ).fetchall()
    assert at_once == (2,)
    with PostgresStore(place) as again:
        second = _process_of(again)
        _end(server, again)
    with PostgresStore(place) as anew:
        assert _process_of(anew) not in {first, second}


def test_a_fork_has_its_own(place: Database) -> None:
    """A process that was forked neither uses nor ends the idle connection of the one that it comes from."""
    with PostgresStore(place, create=True) as store:
        process = _process_of(store)
    if (child := os.fork()) == 0:
        status = 1
        with contextlib.suppress(BaseException), PostgresStore(place) as own:
            status = int(_process_of(own) == process)
            idle.close_all()
        os._exit(status)
    assert os.waitpid(child, 0)[1] == 0
    with PostgresStore(place) as again:
        assert _process_of(again) == process


def test_ctrl_c_while_an_idle_connection_is_asked(place: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is closed as any other: the server hears of it, and Python does not warn."""
    open_store(place, create=True).close()
    db = idle.taken(place)
    idle.left(place, db)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(db, "execute", interrupt)
    with pytest.raises(KeyboardInterrupt):
        open_store(place)
    assert db.closed
