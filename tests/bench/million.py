"""What does a long list cost in PostgreSQL? Prints what was measured; checks nothing.

    ./run python tests/bench/million.py [--rows 1000000] [--sent 100000] [--workers 2] [--more 10000000]

The list is enrolled by ``notify send``, a part of it is handed over to Postfix's ``smtp-sink`` by workers, and then it
is asked where the campaign stands. PostgreSQL waits for the disk that ``--folder`` is on. With ``--more`` recipients
are made in the database, without a message, until there are so many, and the same is asked once more. A million rows
and a tenth of them take a quarter of an hour on two cores, and 6 GB; ten million 20 GB more.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench import letter
from tests.bench.sink import sink
from tests.servers.postgres import Database, Postgres

_CONNECTIONS = 10
#: As a server that is meant for it has them; the rest is as it comes.
_SETTINGS = {"shared_buffers": "1GB", "max_wal_size": "4GB", "maintenance_work_mem": "256MB"}

_MORE = """
INSERT INTO recipient (campaign, key, identity, address, name, language, salutation, origin, fields, person, row_digest,
                       round, status, message_id, form)
SELECT r.campaign, 'more ' || n, n || '@more.example', n || '@more.example', r.name, r.language, r.salutation, r.origin,
    r.fields, r.person, r.row_digest, r.round, 'pending', '<' || n || '@more.example>', r.form
FROM (SELECT * FROM recipient ORDER BY id LIMIT 1) r, generate_series(%s::bigint, %s::bigint) n
"""


@dataclass(frozen=True, slots=True)
class Bench:
    """A campaign folder whose ledger is in a database."""

    folder: Path
    server: Postgres
    database: Database

    @property
    def environment(self) -> dict[str, str]:
        """What all of its processes are told."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        return clean | {
            "PYTHONPATH": str(ROOT),
            "NOTIFY_LEDGER_PASSWORD": self.database.password,
            "NOTIFY_STATE_DIR": str(self.folder / "state"),
        }

    @contextlib.contextmanager
    def told(self, what: str, people: int) -> Iterator[None]:
        """Print what the database has done inside of this ``with``, for each of so many."""
        begin, cpu_s, octets = time.perf_counter(), self.server.cpu_s(), self.server.wal_octets()
        yield
        wall, cpu_s = time.perf_counter() - begin, self.server.cpu_s() - cpu_s
        octets = self.server.wal_octets() - octets
        each = f"{cpu_s / people * 1e6:,.0f} us and {octets / people:,.0f} octets of log each"
        print(f"{what}: {wall:,.1f} s, {people / wall:,.0f} in a second; PostgreSQL {each}", flush=True)

    def run(self, *arguments: str) -> None:
        """Run notify to its end, and print how long that took and how large it was."""
        command = [sys.executable, "-m", "notify", "-C", str(self.folder), *arguments]
        begin = time.perf_counter()
        with tempfile.TemporaryFile() as output:
            process = subprocess.Popen(command, env=self.environment, stdout=output, stderr=subprocess.STDOUT)
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            output.seek(0)
            last = output.read().decode().strip().splitlines()[-1:]
        took, cpu_s = time.perf_counter() - begin, used.ru_utime + used.ru_stime
        print(
            f"  notify {' '.join(arguments)}: {took:,.2f} s, {cpu_s:,.2f} s of CPU, {used.ru_maxrss / 1024:,.0f} MB, "
            f"status {process.returncode}: {' '.join(last)}",
            flush=True,
        )

    def work(self, workers: int) -> None:
        """Let workers hand over what was placed, until nothing is left."""
        command = [sys.executable, "-m", "notify", "-C", str(self.folder), "worker", "--until-idle"]
        with contextlib.ExitStack() as stack:
            for process in [stack.enter_context(self._started(command)) for _ in range(workers)]:
                _, _, used = os.wait4(process.pid, 0)
                process.returncode = 0
                cpu_s = used.ru_utime + used.ru_stime
                print(f"  a worker: {cpu_s:,.1f} s of CPU, {used.ru_maxrss / 1024:,.0f} MB", flush=True)

    def _started(self, command: list[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def ask(self) -> None:
        """Ask where the campaign stands, and print how many recipients were read for that."""
        before = self._read()
        self.run("status")
        time.sleep(1)
        print(f"  recipients that were read for it: {self._read() - before:,}", flush=True)

    def sizes(self) -> None:
        """Print how large the database is."""
        with self.database.connect() as db:
            row = db.execute(
                "SELECT count, pg_database_size(current_database()), pg_total_relation_size('notify.recipient'),"
                " pg_total_relation_size('notify.attempt') FROM (SELECT sum(count) AS count FROM notify.tally) t"
            ).fetchone()
            assert row is not None
            people, whole, recipients, attempts = map(int, row)
            print(
                f"  {people:,} recipients: {whole / 1e9:,.2f} GB; {recipients / people:,.0f} octets each, all "
                f"attempts {attempts / 1e6:,.1f} MB",
                flush=True,
            )

    def make_more(self, people: int) -> None:
        """Make recipients until there are so many."""
        with self.database.connect() as db:
            db.execute("SET search_path TO notify")
            (highest,) = db.execute("SELECT max(id) FROM recipient").fetchone() or (0,)
            for first in range(int(highest) + 1, people + 1, 500_000):
                db.execute(_MORE, (first, min(first + 499_999, people)))

    def _read(self) -> int:
        with self.database.connect() as db:
            wanted = "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_user_tables WHERE relname = 'recipient'"
            row = db.execute(wanted).fetchone()
            return int(row[0]) if row else 0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--sent", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--more", type=int, default=0)
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp"), help="on a disk")  # noqa: S108  # folders below have names of their own
    wanted = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=wanted.folder)))
        port = stack.enter_context(sink(folder))
        tempfile.tempdir = str(wanted.folder)
        server = stack.enter_context(Postgres(fsync=True, settings=_SETTINGS))
        bench = Bench(folder, server, stack.enter_context(server.database()))
        letter.write_for_notify(folder, wanted.rows, port, _CONNECTIONS)
        with (folder / "notify.toml").open("a", encoding="utf-8") as toml:
            toml.write(f'\n[ledger]\nurl = "{bench.database.url}"\n')
        with bench.told(f"{wanted.rows:,} enrolled, {wanted.sent:,} placed", wanted.rows):
            bench.run("send", "--yes", "--limit", str(wanted.sent))
        bench.sizes()
        with bench.told(f"{wanted.sent:,} handed over by {wanted.workers} workers", wanted.sent):
            bench.work(wanted.workers)
        bench.sizes()
        bench.ask()
        if wanted.more:
            with bench.told(f"made until there are {wanted.more:,}", wanted.more):
                bench.make_more(wanted.more)
            bench.sizes()
            bench.ask()


if __name__ == "__main__":
    main()
