"""Four processes hand over from one ledger, and are killed and frozen at any moment: nobody is written to twice."""

from __future__ import annotations

import contextlib
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from notify.ledger import Database, open_store
from notify.ledger.postgres.portions import Portions
from notify.ledger.postgres.store import PostgresStore
from tests.servers.portion_owners import owner, taken_by
from tests.servers.postgres import Database as Server
from tests.servers.postgres import Postgres
from tests.unit.ledger.mailing import NOW, Mailing

OWNERS, AT_ONCE, LEASE_S = 4, 8, 1.0
RECIPIENTS, SIZE = 6_000, 50
#: Of an owner: a death, or a sleep that is mostly longer than the lease. And of the server.
BLOWS, DEATHS = 40, 6


class Owners:
    """The processes; one that is killed is replaced. ``blows`` counts what they bore, by its name."""

    def __init__(self, database: Server, folder: Path) -> None:
        self._database = database
        self._folder = folder
        self.files: list[Path] = []
        self.blows: Counter[str] = Counter()
        self._running = [self._another() for _ in range(OWNERS)]

    def _another(self) -> subprocess.Popen[str]:
        self.files.append(self._folder / f"owner {len(self.files)}")
        options = {"campaign": "fire", "at_once": AT_ONCE, "lease": LEASE_S, "pause": 0.1}
        return owner(self._database, self.files[-1].name, self.files[-1], **options)

    def strike(self, chance: random.Random) -> None:
        """Kill or freeze one of them, unless it has come to its end."""
        number = chance.randrange(OWNERS)
        process = self._running[number]
        if process.poll() is not None:
            return
        if chance.random() < 0.5:
            process.kill()
            process.wait()
            self._running[number] = self._another()
            self.blows["killed"] += 1
        else:
            process.send_signal(signal.SIGSTOP)
            time.sleep(LEASE_S * chance.uniform(0.5, 1.8))
            process.send_signal(signal.SIGCONT)
            self.blows["frozen"] += 1

    def wait(self) -> list[int]:
        """Wait until all have come to their ends; return how."""
        return [process.wait(120) for process in self._running]

    def kill(self) -> None:
        """End whichever are left."""
        for process in self._running:
            process.kill()
            process.wait()


def opened(database: Server) -> PostgresStore:
    """Open the ledger."""
    return cast("PostgresStore", open_store(Database(database.url, password=lambda: database.password), create=True))


@contextlib.contextmanager
def campaign(database: Server) -> Iterator[PostgresStore]:
    """Give a ledger with a campaign that is placed."""
    with opened(database) as store:
        post = Mailing(store, "fire")
        post.enrol(*(f"K{number} p{number}@example.com" for number in range(RECIPIENTS)))
        Portions(store, size=SIZE).place(post.record, NOW)
        yield store


def by_status(store: PostgresStore) -> dict[str, set[int]]:
    """Return the numbers of the recipients by where they stand."""
    found: dict[str, set[int]] = {}
    with store.concurrent() as db:
        for row in db.execute("SELECT id, status FROM recipient"):
            found.setdefault(row["status"], set()).add(row["id"])
    return found


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3))
def test_killed_and_frozen(postgres: Postgres, tmp_path: Path, seed: int) -> None:
    """By what a relay took, nobody gets two messages and nobody is left out; in doubt is only who was under way."""
    chance = random.Random(seed)
    with postgres.database() as database, campaign(database) as store:
        owners = Owners(database, tmp_path)
        try:
            for _ in range(BLOWS):
                time.sleep(chance.uniform(0.05, 0.5))
                owners.strike(chance)
            assert owners.wait() == [0] * OWNERS
        finally:
            owners.kill()
        found = by_status(store)
    assert min(owners.blows["killed"], owners.blows["frozen"]) > 3
    judge(found, Counter(taken_by(*owners.files)), owners.blows.total())


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2))
def test_server_killed(postgres_of_its_own: Postgres, tmp_path: Path, seed: int) -> None:
    """Nor is it otherwise when the server dies, and is there again, while all of them hand over."""
    chance, server = random.Random(seed), postgres_of_its_own
    with server.database() as database:
        with campaign(database):
            pass
        owners = Owners(database, tmp_path)
        try:
            for _ in range(DEATHS):
                time.sleep(chance.uniform(0.5, 2))
                server.kill()
                time.sleep(chance.uniform(0, 1.5 * LEASE_S))
                server.start()
            assert owners.wait() == [0] * OWNERS
        finally:
            owners.kill()
        with opened(database) as store:
            found = by_status(store)
    judge(found, Counter(taken_by(*owners.files)), DEATHS * OWNERS)


def judge(found: dict[str, set[int]], taken: Counter[int], ended: int) -> None:
    """Hold where everybody stands against what a relay has taken; so often an owner was ended in the middle."""
    sent, in_doubt = found.pop("sent"), found.pop("in_doubt", set())
    assert not found, "somebody is left"
    assert [who for who, times in taken.items() if times > 1] == []
    assert sent <= taken.keys() <= sent | in_doubt
    assert len(in_doubt) <= ended * AT_ONCE
