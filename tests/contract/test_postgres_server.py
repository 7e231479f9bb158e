"""The PostgreSQL that tests start: empty for each, killed and stopped when they say so, and never left behind."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest

from tests.servers import postgres as module
from tests.servers.line import Line
from tests.servers.postgres import Postgres, need_postgres
from tests.servers.postgres_keeper import children, is_alive
from tests.servers.scripted import make_certificates

_IN_A_PROCESS = """\
import sys
from tests.servers.postgres import Postgres
with Postgres() as server:
    print(server.folder, flush=True)
    sys.stdin.read()
"""


def test_a_database_is_its_owner_s_own(postgres: Postgres) -> None:
    """It is empty, or a copy; it opens by loopback and by the socket, by its password; it is gone with its test."""
    with postgres.database() as first:
        with first.connect() as connection:
            connection.execute("CREATE TABLE word (text text)")
            connection.execute("INSERT INTO word VALUES ('Gruß')")
            asked = "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls FROM pg_roles WHERE rolname = user"
            assert connection.execute(asked).fetchone() == (False,)
        with postgres.database() as second, second.connect() as connection:
            assert connection.execute("SELECT to_regclass('word')").fetchone() == (None,)
        with postgres.database(first.name) as copy, psycopg.connect(copy.socket_url, password=copy.password) as left:
            assert left.execute("SELECT text FROM word").fetchone() == ("Gruß",)
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(first.url, password="wrong")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        first.connect()


def test_it_sorts_and_tells_the_time_as_no_program_of_ours_expects(postgres: Postgres) -> None:
    """Whoever leaves the order of texts or the time zone to the server does not pass by luck."""
    with postgres.database() as database, database.connect() as connection:
        asked = "SELECT 'a' < 'B', 'a' < 'B' COLLATE \"C\" FROM pg_database WHERE datlocprovider = 'i' LIMIT 1"
        # some builds are without ICU
        assert connection.execute(asked).fetchone() in {(True, False), None}
        assert connection.execute("SELECT '2026-12-01 00:00Z'::timestamptz::text").fetchone() == (
            "2026-12-01 05:45:00+05:45",
        )


def test_what_it_used_is_counted(postgres: Postgres) -> None:
    """Processor and log, in all processes, whether they go on or have ended."""
    with postgres.database() as database:
        cpu, octets = postgres.cpu_s(), postgres.wal_octets()
        with database.connect() as connection:
            connection.execute("CREATE TABLE number AS SELECT generate_series(1, 400000) AS n")
            running = postgres.cpu_s()
            assert running > cpu
        time.sleep(0.1)
        assert postgres.cpu_s() >= running
        # 400,000 rows of 28 octets and more
        assert postgres.wal_octets() - octets > 10_000_000


@pytest.mark.long
def test_it_is_killed_stopped_and_restarted(postgres_of_its_own: Postgres) -> None:
    """Its port stays, and so does what was committed; what stands still answers nobody, and goes on."""
    server = postgres_of_its_own
    with server.database() as database:
        with database.connect() as connection:
            connection.execute("CREATE TABLE word (text text)")
            server.kill()
            assert not server.is_running
            with pytest.raises(psycopg.OperationalError):
                connection.execute("INSERT INTO word VALUES ('lost')")
        server.start()
        with database.connect() as connection:
            assert connection.execute("SELECT count(*), current_setting('fsync') FROM word").fetchone() == (0, "on")
            with server.stopped():
                answering = threading.Thread(target=connection.execute, args=("INSERT INTO word VALUES ('late')",))
                answering.start()
                answering.join(0.5)
                assert answering.is_alive()
            answering.join(10)
            assert connection.execute("SELECT text FROM word").fetchone() == ("late",)
        server.restart()
        with database.connect() as connection:
            assert connection.execute("SELECT text FROM word").fetchone() == ("late",)


@pytest.mark.parametrize("ending", ["in order", "killed", "killed while it stands still"])
def test_nothing_is_left_however_the_tests_end(ending: str) -> None:
    """Neither process nor folder."""
    need_postgres()
    started = subprocess.Popen(
        [sys.executable, "-c", _IN_A_PROCESS],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert started.stdin is not None
    assert started.stdout is not None
    folder = Path(started.stdout.readline().decode().strip())
    postmaster = int((folder / "data" / "postmaster.pid").read_text().split()[0])
    processes = [postmaster, *children(postmaster)]
    assert len(processes) > 3
    if ending == "killed while it stands still":
        for process in processes:
            # some come and go as there is work
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGSTOP)
    if ending == "in order":
        started.stdin.close()
    else:
        started.kill()
    started.wait(30)
    started.stdin.close()
    started.stdout.close()
    deadline = time.monotonic() + 20
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not folder.exists()
    assert not any(is_alive(process) for process in processes)


def test_without_one_the_tests_are_skipped_but_not_in_continuous_integration(monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without programs is as none."""
    monkeypatch.setenv("NOTIFY_TEST_POSTGRES", "/nowhere")
    monkeypatch.setattr(module, "why_not", module.why_not.__wrapped__)
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="PostgreSQL 15 or newer is needed, and there is none in /nowhere"):
        need_postgres()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="there is none in /nowhere"):
        need_postgres()


def test_tls_is_offered_and_asked_for(postgres: Postgres, tmp_path: Path) -> None:
    """By the certificate that is given, and for those inside the `with` only."""
    certificates = make_certificates(tmp_path, "db.example")
    trusted = {"sslmode": "verify-full", "sslrootcert": str(certificates.authority)}
    with postgres.database() as database:
        url = database.url_at(database.port, "db.example", hostaddr="127.0.0.1", **trusted)
        with postgres.tls(certificates, only=True):
            with psycopg.connect(url, password=database.password) as connection:
                asked = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
                assert connection.execute(asked).fetchone() == (True,)
            with pytest.raises(psycopg.OperationalError, match="no encryption"):
                database.connect(sslmode="disable")
        with pytest.raises(psycopg.OperationalError, match="server does not support SSL"):
            psycopg.connect(url, password=database.password)


def test_a_line_is_slow_silent_or_cut(postgres: Postgres) -> None:
    """What was held up arrives when it is healed; what was cut does not, and the next connection is taken."""
    with postgres.database() as database, Line(database.port) as line:
        with psycopg.connect(database.url_at(line.port), password=database.password, autocommit=True) as connection:
            connection.execute("CREATE TABLE word (text text)")
            line.delay(0.1)
            begin = time.monotonic()
            connection.execute("SELECT 1")
            assert time.monotonic() - begin >= 0.2
            line.delay(0)
            line.silence()
            asking = threading.Thread(target=connection.execute, args=("INSERT INTO word VALUES ('late')",))
            asking.start()
            asking.join(0.3)
            assert asking.is_alive()
            with pytest.raises(psycopg.OperationalError, match="timeout"):
                psycopg.connect(database.url_at(line.port), password=database.password, connect_timeout=2)
            with database.connect() as other:
                assert other.execute("SELECT count(*) FROM word").fetchone() == (0,)
                line.heal()
                asking.join(10)
                assert other.execute("SELECT count(*) FROM word").fetchone() == (1,)
            line.cut()
            with pytest.raises(psycopg.OperationalError):
                connection.execute("SELECT 1")
        psycopg.connect(database.url_at(line.port), password=database.password).close()
        assert line.connections == 3


def test_a_silent_line_does_not_tell_that_the_other_side_is_gone(postgres: Postgres) -> None:
    """The server keeps the session of a client that was killed, as it does when a machine loses its power."""
    with postgres.database() as database, Line(database.port) as line, database.connect() as watching:
        psycopg.connect(database.url_at(line.port), password=database.password).close()
        connection = psycopg.connect(database.url_at(line.port), password=database.password)
        number = connection.info.backend_pid
        line.silence()
        connection.close()
        time.sleep(0.3)
        asked = "SELECT count(*) FROM pg_stat_activity WHERE pid = %s"
        assert watching.execute(asked, [number]).fetchone() == (1,)
        line.cut()
        for _ in range(200):
            if watching.execute(asked, [number]).fetchone() == (0,):
                break
            time.sleep(0.02)
        else:
            pytest.fail("the session goes on after the line was cut")


def test_a_folder_of_programs_can_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before what is on the PATH, and that before those of Debian."""
    monkeypatch.setenv("NOTIFY_TEST_POSTGRES", "/opt/postgres/bin")
    assert module.programs() == Path("/opt/postgres/bin")
    monkeypatch.delenv("NOTIFY_TEST_POSTGRES")
    monkeypatch.setattr(shutil, "which", lambda _: "/usr/local/pgsql/bin/initdb")
    assert module.programs() == Path("/usr/local/pgsql/bin")
