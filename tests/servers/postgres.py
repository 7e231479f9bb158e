"""A PostgreSQL of the tests' own: on loopback and a socket of its own, in memory where there is room, gone afterwards.

Its programs are those on the PATH or of Debian and Ubuntu (``sudo apt install postgresql``); ``NOTIFY_TEST_POSTGRES``
names the folder of others. It runs as whoever runs the tests, and as ``postgres`` or ``nobody`` where that is root,
whom PostgreSQL refuses. However the tests end, :mod:`tests.servers.postgres_keeper` ends it and removes its folder.

In a test, which shares one server with all others of its process::

    def test_…(postgres: Postgres) -> None:
        with postgres.database() as database:
            run("--ledger", database.url, NOTIFY_LEDGER_PASSWORD=database.password)

What kills, stops or restarts the server takes the fixture ``postgres_of_its_own``, or ``with Postgres(…)``.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import os
import random
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlencode

import pytest

from tests.servers import postgres_keeper

if TYPE_CHECKING:
    import psycopg

    from tests.servers.scripted import Certificates

if sys.platform != "win32":
    import pwd

#: Who owns the databases of the tests: no superuser, as nobody's ledger belongs to one.
OWNER = "notify"
#: The oldest that is still looked after.
_OLDEST = 15
_ROOM = 1 << 30
_CONFIGURATION = """\
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{folder}'
# whoever connects and says nothing holds up its end no longer than that
authentication_timeout = 10s
fsync = {fsync}
full_page_writes = {fsync}
shared_buffers = '32MB'
# in its folder, which is removed: other memory outlives whoever is killed
dynamic_shared_memory_type = mmap
min_wal_size = '32MB'
max_wal_size = '512MB'
jit = off
lc_messages = 'C'
# not that of the programs: whoever lets the server write or cut a moment is found out
timezone = 'Asia/Kathmandu'
"""
#: An order of words as people have it: what sorts moments or digests by it is found out.
_AS_PEOPLE_SORT = ("--locale-provider=icu", "--icu-locale=de-DE")
_GUARD = """\
local all all scram-sha-256
local replication all scram-sha-256
host  all all 127.0.0.1/32 scram-sha-256
"""


def programs() -> Path | None:
    """Return the folder of the newest PostgreSQL here; None where there is none."""
    if given := os.environ.get("NOTIFY_TEST_POSTGRES"):
        return Path(given)
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(folders, key=lambda folder: int(folder.parent.name), default=None)


@functools.cache
def why_not() -> str:
    """Return why no PostgreSQL can be started here; empty where one can."""
    if not Path("/proc/self/stat").exists():
        return "what PostgreSQL does is read from /proc, which this system has not"
    folder = programs()
    if folder is None:
        return "there is no PostgreSQL (Debian, Ubuntu: postgresql)"
    said = "none"
    with contextlib.suppress(OSError):
        said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    version = re.search(r"\d+", said)
    if version is None or int(version[0]) < _OLDEST:
        return f"PostgreSQL {_OLDEST} or newer is needed, and there is {said.strip()} in {folder}"
    return ""


def need_postgres() -> None:
    """Skip the test where no PostgreSQL can be started; in continuous integration on Linux there has to be one."""
    if reason := why_not():
        if os.environ.get("CI") and sys.platform == "linux":
            pytest.fail(reason)
        pytest.skip(reason)


@dataclass(frozen=True, slots=True)
class Database:
    """A database of a test's own, and how its owner, or another user, is let in."""

    name: str
    port: int
    folder: Path
    password: str
    user: str = OWNER

    @property
    def url(self) -> str:
        """Return its address on loopback, without a password."""
        return self.url_at(self.port)

    def url_at(self, port: int, host: str = "127.0.0.1", **more: str) -> str:
        """Return its address by another line or name; ``more`` are settings of libpq."""
        return f"postgresql://{self.user}@{host}:{port}/{self.name}" + (f"?{urlencode(more)}" if more else "")

    @property
    def socket_url(self) -> str:
        """Return its address by the socket."""
        return f"postgresql://{self.user}@/{self.name}?{urlencode({'host': str(self.folder), 'port': self.port})}"

    def connect(self, **more: Any) -> psycopg.Connection[tuple[Any, ...]]:  # noqa: ANN401  # libpq's own
        """Return a connection that commits each statement; the caller closes it."""
        import psycopg

        return psycopg.connect(self.url, password=self.password, autocommit=True, **more)


class Postgres:
    """The server; it runs inside its ``with``.

    :param fsync: whether it waits for the disk, as a real one does; what is killed loses nothing either way, only what
        is measured differs.
    :param settings: more lines of postgresql.conf.
    """

    def __init__(self, *, fsync: bool = False, settings: Mapping[str, str] | None = None) -> None:
        self.fsync = fsync
        self.settings = dict(settings or {})
        self.password = secrets.token_urlsafe(12)
        self.port = 0
        self.folder = Path()
        self._numbers = itertools.count(1)
        self._postmaster: subprocess.Popen[bytes] | None = None
        self._closing = contextlib.ExitStack()

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as closing:
            self.folder = closing.enter_context(_folder(in_memory=not self.fsync))
            self._initialise()
            closing.callback(self.kill)
            self.start()
            self._furnish()
            self._closing = closing.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()

    def _furnish(self) -> None:
        with self.administrator() as connection:
            connection.execute(f"CREATE ROLE {OWNER} LOGIN PASSWORD '{self.password}'")

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[Database]:
        """Make a database, empty or a copy of another, and drop it afterwards, whoever is still connected to it."""
        name = f"test_{next(self._numbers)}"
        with self.administrator() as connection:
            connection.execute(f"CREATE DATABASE {name} OWNER {OWNER} TEMPLATE {template}")
        try:
            yield Database(name, self.port, self.folder, self.password)
        finally:
            # the folder of a server that was killed is removed as a whole
            if self.is_running:
                self.drop(name)

    def drop(self, name: str) -> None:
        """Drop a database."""
        with self.administrator() as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def start(self) -> None:
        """Start it, on a free port at the first time and on the same one afterwards; wait until it answers.

        :raises RuntimeError: it does not start; the text has what it said.
        """
        for _ in range(1 if self.port else 5):
            port = self.port or _free_port()
            self._configure(port)
            with (self.folder / "log").open("ab") as log:
                self._postmaster = subprocess.Popen(
                    [_program("postgres"), "-D", str(self.folder / "data")],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    # whoever presses Ctrl-C means the tests
                    start_new_session=True,
                    **_account(),
                )
            if self._is_answering():
                self.port = port
                return
        raise RuntimeError(f"PostgreSQL does not start: {(self.folder / 'log').read_text()}")

    def stop(self) -> None:
        """Stop it in order, whoever is connected; say what it was doing where it does not end.

        :raises TimeoutError: it does not.
        """
        assert self._postmaster is not None
        self._postmaster.send_signal(signal.SIGINT)
        try:
            self._postmaster.wait(60)
        except subprocess.TimeoutExpired:
            left = [f"{one}: {_title(one)}" for one in postgres_keeper.children(self._postmaster.pid)]
            raise TimeoutError(f"PostgreSQL does not end; still there: {', '.join(left)}") from None

    def restart(self) -> None:
        """Stop it in order and start it again."""
        self.stop()
        self.start()

    def kill(self) -> None:
        """End all of its processes at once, as the end of its machine would."""
        if self._postmaster is not None:
            postgres_keeper.kill(self._postmaster.pid)
            self._postmaster.wait(60)

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Let all of its processes stand still inside the ``with``: connections stay open, and nothing is answered."""
        assert self._postmaster is not None
        # the postmaster first: it could start another one meanwhile
        _signal(signal.SIGSTOP, self._postmaster.pid)
        processes = [self._postmaster.pid, *postgres_keeper.children(self._postmaster.pid)]
        for process in processes:
            _signal(signal.SIGSTOP, process)
        try:
            yield
        finally:
            for process in reversed(processes):
                _signal(signal.SIGCONT, process)

    @property
    def is_running(self) -> bool:
        """Tell whether it runs, or stands still."""
        return self._postmaster is not None and self._postmaster.poll() is None

    def cpu_s(self) -> float:
        """Return the seconds of processor that it has used since it was started, in all of its processes."""
        assert self._postmaster is not None
        return postgres_keeper.ticks(self._postmaster.pid) / os.sysconf("SC_CLK_TCK")

    def wal_octets(self) -> int:
        """Return how many octets of log (WAL) it has written."""
        with self.administrator() as connection:
            row = connection.execute("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn").fetchone()
            assert row is not None
            return int(row[0])

    def administrator(self, database: str = "postgres") -> psycopg.Connection[tuple[Any, ...]]:
        """Return a connection of the one who may do everything; each statement commits, and the caller closes it."""
        import psycopg

        administrator = Database(database, self.port, self.folder, self.password, "postgres")
        # by the socket: what is tried with the line and its guard does not concern it
        return psycopg.connect(administrator.socket_url, password=self.password, autocommit=True)

    @contextmanager
    def tls(self, certificates: Certificates, *, only: bool = False) -> Iterator[None]:
        """Offer TLS with a certificate inside the ``with``.

        :param only: whether a connection without TLS is refused.
        """
        kept = self.folder / "server.pem"
        kept.write_bytes(certificates.server.read_bytes())
        kept.chmod(0o600)
        _give(kept)
        lines = {"ssl": "on", "ssl_cert_file": str(kept), "ssl_key_file": str(kept)}
        before, self.settings = self.settings, self.settings | lines
        try:
            self._reload(_GUARD.replace("host ", "hostssl ") if only else _GUARD)
            yield
        finally:
            self.settings = before
            self._reload(_GUARD)

    def _initialise(self) -> None:
        with tempfile.NamedTemporaryFile("w", dir=self.folder) as file:
            file.write(self.password)
            file.flush()
            _give(Path(file.name))
            command = [_program("initdb"), "-D", str(self.folder / "data"), "--no-sync", "--username=postgres"]
            command += [f"--pwfile={file.name}", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"]
            done = _done([*command, *_AS_PEOPLE_SORT])
            if "ICU is not supported" in done.stderr:
                done = _done(command)
        if done.returncode:
            raise RuntimeError(f"PostgreSQL cannot be set up: {done.stdout}{done.stderr}")

    def _configure(self, port: int, guard: str = _GUARD) -> None:
        words = {"port": port, "folder": self.folder, "fsync": "on" if self.fsync else "off"}
        more = "".join(f"{name} = '{value}'\n" for name, value in self.settings.items())
        (self.folder / "data" / "postgresql.conf").write_text(_CONFIGURATION.format(**words) + more)
        (self.folder / "data" / "pg_hba.conf").write_text(guard)

    def _reload(self, guard: str) -> None:
        self._configure(self.port, guard)
        with self.administrator() as connection:
            connection.execute("SELECT pg_reload_conf()")
        wanted = (self.settings.get("ssl", "off"), guard.count("hostssl"))
        asked = "SELECT current_setting('ssl'), (SELECT count(*)::int FROM pg_hba_file_rules WHERE type = 'hostssl')"
        for _ in range(200):
            with self.administrator() as connection:
                if connection.execute(asked).fetchone() == wanted:
                    return
            time.sleep(0.02)
        raise RuntimeError("PostgreSQL does not take its new settings")

    def _is_answering(self) -> bool:
        """Wait until it takes connections; false when it has ended instead."""
        state = self.folder / "data" / "postmaster.pid"
        assert self._postmaster is not None
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self._postmaster.poll() is None:
            with contextlib.suppress(OSError):
                lines = state.read_text().splitlines()
                # the last of its lines; those of a server that was killed are not about this one
                if lines[:1] == [str(self._postmaster.pid)] and lines[7:8] in (["ready   "], ["standby "]):
                    return True
            time.sleep(0.02)
        return False


class Standby(Postgres):
    """A server that follows another one, as a copy of it that can be read."""

    def __init__(self, primary: Postgres) -> None:
        super().__init__(fsync=primary.fsync, settings=primary.settings | {"synchronous_standby_names": ""})
        self._primary = primary
        self.password = primary.password

    def promote(self) -> None:
        """Let it take the place of the other one, and wait until it has."""
        with self.administrator() as connection:
            connection.execute("SELECT pg_promote()")

    def lose_touch(self) -> None:
        """Let it follow no more, as if the way between the two were cut."""
        with self.administrator() as connection:
            connection.execute("ALTER SYSTEM SET primary_conninfo = ''")
            connection.execute("SELECT pg_reload_conf()")
        self._wait("SELECT count(*) = 0 FROM pg_stat_replication")

    def catch_up(self) -> None:
        """Wait until it has all that the other one has."""
        self._wait("SELECT coalesce(bool_and(replay_lsn = pg_current_wal_lsn()), false) FROM pg_stat_replication")

    def _wait(self, wanted: str) -> None:
        """Wait until the other one says yes to a question."""
        for _ in range(600):
            with self._primary.administrator() as connection:
                if connection.execute(wanted.encode()).fetchone() == (True,):
                    return
            time.sleep(0.05)
        raise RuntimeError(f"The standby does not follow: {(self.folder / 'log').read_text()}")

    def _initialise(self) -> None:
        whom = f"user=postgres host={self._primary.folder} port={self._primary.port} application_name=standby"
        command = [
            _program("pg_basebackup"),
            "-D",
            str(self.folder / "data"),
            "-d",
            whom,
            "-R",
            "-c",
            "fast",
            "--no-sync",
        ]
        account = _account() | {"env": {"PGPASSWORD": self.password}}
        done = subprocess.run(command, capture_output=True, text=True, check=False, **account)
        if done.returncode:
            raise RuntimeError(f"No standby can be set up: {done.stdout}{done.stderr}")

    def _furnish(self) -> None:
        """Do nothing: it has what the other one has."""


@contextmanager
def _folder(*, in_memory: bool) -> Iterator[Path]:
    """Make a folder that is gone afterwards, with whatever runs in it, even if this process is killed."""
    memory = Path("/dev/shm")  # noqa: S108  # the folder below has a name that nobody knows
    has_room = in_memory and memory.is_dir() and shutil.disk_usage(memory).free > _ROOM
    # the names of sockets are short, so not in pytest's folders
    folder = Path(tempfile.mkdtemp(prefix="notify-pg-", dir=memory if has_room else None))
    keeper = subprocess.Popen(
        [sys.executable, "-I", "-S", postgres_keeper.__file__, str(folder)],
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        _give(folder)
        yield folder
    finally:
        keeper.communicate(timeout=60)


def _done(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, **_account())


def _program(name: str) -> str:
    folder = programs()
    assert folder is not None
    return str(folder / name)


def _free_port() -> int:
    """Return a port that nobody has, and that the system gives nobody who only asks for any."""
    while True:
        port = random.randrange(20000, 32000)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


@functools.cache
def _account() -> dict[str, Any]:
    """Return whom its programs run as, as :class:`subprocess.Popen` takes it: whoever runs the tests, unless root."""
    if os.geteuid():
        return {}
    names = {account.pw_name for account in pwd.getpwall()}
    account = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _give(path: Path) -> None:
    """Give a file or folder to whom its programs run as."""
    if account := _account():
        os.chown(path, account["user"], account["group"])


def _title(process: int) -> str:
    """Return what a process of the server says that it does."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    return "gone"


def _signal(number: signal.Signals, process: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, number)
