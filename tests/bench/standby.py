"""What does a standby cost a worker? Prints what was measured; checks nothing.

    ./run python tests/bench/standby.py [--people 8000] [--rounds 3] [--at-once 32]

One worker's dealings with the ledger, without a relay: so many recipients begun and settled in one commit, in a
PostgreSQL that waits for its disk, alone, beside a standby that nobody waits for, and with one that has to have
written what was committed (``on``), or to show it (``remote_apply``). Both are on this machine: between two machines
each commit takes at least one way there and back longer.
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from notify.core.outcome import Outcome
from notify.core.status import Status
from notify.ledger import Database as Place
from notify.ledger import Leaving, open_store
from notify.ledger.postgres.leases import Leases
from notify.ledger.postgres.portion_handover import PortionHandover
from notify.ledger.postgres.portions import Portions
from notify.ledger.postgres.store import PostgresStore
from tests.servers.postgres import Postgres, Standby
from tests.unit.ledger.mailing import DATE, NOW, Mailing, outcome

#: What the database is told in each case.
_CASES = {
    "alone": {},
    "a standby, nobody waits": {},
    "synchronous, on": {"synchronous_standby_names": "*", "synchronous_commit": "on"},
    "synchronous, remote_apply": {"synchronous_standby_names": "*", "synchronous_commit": "remote_apply"},
}


def worked(store: PostgresStore, mailing: Mailing, at_once: int) -> float:
    """Hand everybody over who was placed; return how many milliseconds a commit took."""
    portions = Portions(store)
    leases = Leases(store, "bench", lambda: portions.take("bench", mailing.record.number, NOW, lease_s=600))
    handover = PortionHandover(store, mailing.record, mailing.version, "relay.example:465", leases)
    sent, taken = outcome(Status.SENT), list[float]()
    finished: list[tuple[int, Outcome]] = []
    while True:
        claimed = handover.claim(at_once, NOW)
        begin = time.perf_counter()
        handover.record(finished, [Leaving(one.id, "d", DATE) for one in claimed], NOW)
        taken.append(time.perf_counter() - begin)
        if not claimed:
            leases.free()
            return statistics.median(taken) * 1000
        finished = [(one.id, sent) for one in claimed]


@contextlib.contextmanager
def _told(server: Postgres, settings: dict[str, str]) -> Iterator[None]:
    with server.administrator() as db:
        for name in ("synchronous_standby_names", "synchronous_commit"):
            value = settings.get(name)
            db.execute(f"ALTER SYSTEM SET {name} = '{value}'" if value else f"ALTER SYSTEM RESET {name}")
        db.execute("SELECT pg_reload_conf()")
    time.sleep(1)
    yield


def measured(server: Postgres, people: int, at_once: int, number: int) -> tuple[float, float]:
    """Return how many recipients a second were handed over, and how long a commit took, in milliseconds."""
    with server.database() as database:
        place = Place(database.url, password=lambda: database.password)
        with open_store(place, create=True) as store:
            assert isinstance(store, PostgresStore)
            mailing = Mailing(store, f"campaign {number}", look=lambda _: [])
            mailing.enrol(*(f"K{one} p{one}@example.com Muster" for one in range(people)))
            Portions(store).place(mailing.record, NOW)
            begin = time.perf_counter()
            commit_ms = worked(store, mailing, at_once)
            return people / (time.perf_counter() - begin), commit_ms


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--people", type=int, default=8_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--at-once", type=int, default=32)
    wanted = parser.parse_args()
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in _CASES}
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(Postgres(fsync=True))
        for number in range(wanted.rounds):
            found["alone"].append(measured(server, wanted.people, wanted.at_once, number))
        stack.enter_context(Standby(server))
        for number in range(wanted.rounds):
            for name in [*_CASES][1:]:
                with _told(server, _CASES[name]):
                    found[name].append(measured(server, wanted.people, wanted.at_once, number))
        with _told(server, {}):
            pass
    print(f"{wanted.people:,} recipients, {wanted.at_once} in a commit")
    for name, these in found.items():
        speed, commit_ms = (statistics.median(values) for values in zip(*these, strict=True))
        print(f"{name:<26} {speed:>7,.0f} in a second, {commit_ms:>6.2f} ms each commit")


if __name__ == "__main__":
    main()
