"""How fast do workers deliver, and what does that cost the database? Prints one table; checks that nobody is missing.

    ./run python tests/bench/workers.py [--recipients 20000] [--connections 16] [--workers 1 2] [--away MS]

PostgreSQL is one of its own on the disk, with fsync and synchronous_commit on; Postfix's ``smtp-sink`` takes the
messages. Each worker is a process of its own, with a home of its own: it renders, composes and hands over what
``notify send`` has placed. Counted is from the first message that was begun to the last that was settled, by the
attempts, so that the start of Python is not in it. The rate is one that is never reached, and kept all the same.
Everything runs on one machine: on two cores the sink, the database and the workers share them. With ``--away`` the
relay has a round trip of so many milliseconds, so that neither the database nor a core is what the workers wait for.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.sink import sink
from tests.folders import make_folder
from tests.servers.line import Line
from tests.servers.postgres import Postgres
from tests.workers import Shop


@dataclass(frozen=True, slots=True)
class Figures:
    """What so many recipients took."""

    workers: int
    recipients: int
    took_s: float
    cpu_us: float
    wal_octets: float


def measured(server: Postgres, port: int, recipients: int, workers: int, connections: int) -> Figures:
    """Place, let so many workers deliver, and count."""
    with server.database() as database, tempfile.TemporaryDirectory() as folder:
        section = f'\n[ledger]\nurl = "{database.url}"\n'
        campaign = make_folder(
            Path(folder) / "campaign", contacts=recipients, relay_port=port, connections=connections, more=section
        )
        shop = Shop(campaign, database)
        placed = shop.run("send", "--yes")
        assert placed.returncode == 0, placed.stderr
        cpu_s, wal_octets = server.cpu_s(), server.wal_octets()
        running = [shop.worker() for _ in range(workers)]
        try:
            while shop.ask("SELECT 1 FROM portion WHERE NOT done LIMIT 1"):
                time.sleep(0.5)
        finally:
            for process in running:
                process.kill()
                process.communicate()
        cpu_s, wal_octets = server.cpu_s() - cpu_s, server.wal_octets() - wal_octets
        [(sent, first, last)] = shop.ask(
            "SELECT count(DISTINCT recipient), min(time), max(time) FROM attempt WHERE status = 'sent'"
        )
        assert sent == recipients, f"{sent} of {recipients}"
        took = dt.datetime.fromisoformat(str(last)) - dt.datetime.fromisoformat(str(first))
    return Figures(workers, recipients, took.total_seconds(), cpu_s / recipients * 1e6, wal_octets / recipients)


@contextlib.contextmanager
def relay(folder: Path, away_ms: float) -> Iterator[int]:
    """Let somebody take messages, so far away; give the port."""
    with sink(folder) as port:
        if not away_ms:
            yield port
            return
        with Line(port) as line:
            line.delay(away_ms / 2000)
            yield line.port


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--recipients", type=int, default=20_000)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--away", type=float, default=0, metavar="MS")
    given = parser.parse_args(arguments)
    with (
        Postgres(fsync=True) as server,
        tempfile.TemporaryDirectory() as folder,
        relay(Path(folder), given.away) as port,
    ):
        print(f"{'workers':>8}{'messages/s':>12}{'database CPU':>14}{'WAL':>10}   each")
        for workers in given.workers:
            found = measured(server, port, given.recipients, workers, given.connections)
            speed = found.recipients / found.took_s
            print(f"{workers:>8}{speed:>12,.0f}{found.cpu_us:>11.0f} µs{found.wal_octets:>8.0f} B", flush=True)


if __name__ == "__main__":
    main()
