"""What does PostgreSQL need for each recipient where several workers share a ledger? Prints one table.

    ./run python tests/bench/portions.py [--recipients 20000] [--owners 2] [--at-once 32]

The server is one of its own on the disk, with fsync and synchronous_commit on. Each owner is a process that takes
portions and hands over, without any relay: a record settles those before and begins the next ones. "heap-only" is the
share of the updates of recipients that touched no index. It is checked that everybody was begun, and nobody twice.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from notify.ledger import Database, open_store
from notify.ledger.postgres.portions import Portions
from notify.ledger.postgres.store import PostgresStore
from tests.servers.portion_owners import owner, taken_by
from tests.servers.postgres import Database as Server
from tests.servers.postgres import Postgres
from tests.unit.ledger.mailing import NOW, Mailing

#: What was asked for, on two loaded cores.
_MOST_CPU_US, _MOST_WAL = 120, 1_200


@dataclass(frozen=True, slots=True)
class Figures:
    """What so many recipients took."""

    recipients: int
    elapsed_s: float
    cpu_s: float
    wal_octets: int
    heap_only: float


def measured(server: Postgres, database: Server, recipients: int, owners: int, at_once: int) -> Figures:
    """Enrol, place, and let so many owners hand over."""
    place = Database(database.url, password=lambda: database.password)
    with cast("PostgresStore", open_store(place, create=True)) as store:
        post = Mailing(store, "bench")
        post.enrol(*(f"K{number} p{number}@example.com Muster {number}" for number in range(recipients)))
        Portions(store).place(post.record, NOW)
    cpu_s, wal_octets, start = server.cpu_s(), server.wal_octets(), time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / str(number) for number in range(owners)]
        running = [owner(database, file.name, file, campaign="bench", at_once=at_once) for file in files]
        failed = [process.wait() for process in running if process.wait()]
        begun = Counter(taken_by(*files))
    elapsed_s = time.perf_counter() - start
    cpu_s, wal_octets = server.cpu_s() - cpu_s, server.wal_octets() - wal_octets
    if failed or begun.total() != recipients or len(begun) != recipients:
        raise SystemExit(f"{len(begun):,} of {recipients:,} were begun, {begun.total() - len(begun):,} twice")
    return Figures(recipients, elapsed_s, cpu_s, wal_octets, _heap_only(database))


def _heap_only(database: Server) -> float:
    # what a session has changed is told to all when it ends
    time.sleep(1)
    with database.connect() as db:
        row = db.execute(
            "SELECT sum(n_tup_hot_upd), sum(n_tup_upd) FROM pg_stat_user_tables WHERE relname = 'recipient'"
        ).fetchone()
    assert row is not None
    return float(row[0] / row[1])


def show(figures: Figures) -> None:
    """Print the figures, and whether they are as they were asked for."""
    cpu_us = figures.cpu_s / figures.recipients * 1e6
    wal = figures.wal_octets / figures.recipients
    print(f"{'recipients/s':<28} {figures.recipients / figures.elapsed_s:>8,.0f}")
    print(f"{'CPU us of PostgreSQL each':<28} {cpu_us:>8,.0f}  {'ok' if cpu_us <= _MOST_CPU_US else 'MISSED'}")
    print(f"{'WAL octets each':<28} {wal:>8,.0f}  {'ok' if wal <= _MOST_WAL else 'MISSED'}")
    print(f"{'heap-only updates':<28} {figures.heap_only:>8.0%}")
    print(f"goal: at most {_MOST_CPU_US} us and {_MOST_WAL:,} octets each; nobody was begun twice")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipients", type=int, default=20_000)
    parser.add_argument("--owners", type=int, default=2)
    parser.add_argument("--at-once", type=int, default=32)
    given = parser.parse_args(arguments)
    with Postgres(fsync=True) as server, server.database() as database:
        show(measured(server, database, given.recipients, given.owners, given.at_once))


if __name__ == "__main__":
    main()
