"""Whatever workers do, and in whatever order they die: who waits is in a portion, or in one as soon as it is due."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from typing import cast

import pytest

from notify.core.outcome import Phase
from notify.core.status import WAITING, Status
from notify.ledger import Leaving, Suppressions
from notify.ledger.postgres.leases import Leases
from notify.ledger.postgres.portion_handover import PortionHandover
from notify.ledger.postgres.portions import Portions
from notify.ledger.postgres.store import PostgresStore
from tests.contract.ledger.postgres_kind import PostgresKind
from tests.unit.ledger.mailing import DATE, NOW, RELAY, Mailing, outcome

PEOPLE, SIZE, STEPS = 24, 5, 60
OUTCOMES = [
    outcome(Status.SENT),
    outcome(Status.DEFERRED),
    outcome(Status.PENDING),
    outcome(Status.FAILED),
    outcome(Status.IN_DOUBT),
]
REFUSED = [
    outcome(Status.DEFERRED, Phase.RCPT),
    outcome(Status.FAILED, Phase.RCPT),
    outcome(Status.PENDING, Phase.MAIL),
]
_OPEN = """
SELECT r.id FROM recipient r JOIN portion p ON p.campaign = r.campaign AND NOT p.done
    AND (p.chosen IS NULL AND r.id BETWEEN p.first AND p.last OR r.id = ANY (p.chosen))
"""


class History:
    """A campaign, its workers, and how often the relay took a message for each."""

    def __init__(self, post: Mailing, chance: random.Random) -> None:
        self.post = post
        self.store = cast("PostgresStore", post.store)
        self.chance = chance
        self.now = NOW
        self.portions = Portions(self.store, size=SIZE)
        self.workers = 0
        self.taken: Counter[int] = Counter()
        self.enrol()

    def enrol(self) -> None:
        """Enrol anew, with other names for some."""
        names = ["", "Muster", "Other"]
        rows = (f"K{number} p{number}@example.com {self.chance.choice(names)}" for number in range(PEOPLE))
        self.post.enrol(*rows)
        self.portions.place(self.post.record, self.now)

    def work(self) -> None:
        """Let a worker hand over some, and die, or let go in good order."""
        self.workers += 1
        owner, campaign = f"worker {self.workers}", self.post.record.number
        leases = Leases(self.store, owner, lambda: self.portions.take(owner, campaign, self.now, lease_s=60))
        handover = PortionHandover(self.store, self.post.record, self.post.version, RELAY, leases)
        for _ in range(self.chance.randint(1, 3)):
            claimed = [one.id for one in handover.claim(self.chance.randint(1, 8), self.now)]
            refused = [who for who in claimed if self.chance.random() < 0.2]
            leaving = [Leaving(who, f"d{who}", DATE) for who in claimed if who not in refused]
            _, begun = handover.record([(who, self.chance.choice(REFUSED)) for who in refused], leaving, self.now)
            under_way = [one.recipient for one, may in zip(leaving, begun, strict=True) if may]
            if self.chance.random() < 0.2:
                # it dies; the relay has taken some of them
                self.taken.update(who for who in under_way if self.chance.random() < 0.7)
                self.end_leases()
                return
            came = [(who, self.chance.choice(OUTCOMES)) for who in under_way]
            self.taken.update(who for who, what in came if what.status is Status.SENT)
            handover.record(came, [], self.now)
        handover.release()
        leases.free()

    def end_leases(self) -> None:
        """Let all leases be over."""
        with self.store.concurrent() as db:
            db.execute("UPDATE portion SET lease_until = clock_timestamp() - interval '1 second' WHERE NOT done")

    def wait(self) -> None:
        """Time passes; what has become due is gathered."""
        self.now += dt.timedelta(minutes=self.chance.choice([1, 20, 400]))
        self.portions.gather(self.post.record, self.now)

    def suppress(self) -> None:
        """Put somebody on the suppression list."""
        Suppressions(self.store).add(f"p{self.chance.randrange(PEOPLE)}@example.com", "", self.now)

    def step(self) -> None:
        """Do something."""
        self.chance.choices([self.work, self.wait, self.suppress, self.enrol], [6, 3, 1, 1])[0]()

    def left_out(self) -> list[str]:
        """Return who waits for nothing and is in no portion."""
        self.portions.gather(self.post.record, self.now)
        with self.store.concurrent() as db:
            placed = {row["id"] for row in db.execute(_OPEN)}
        late = (self.now).isoformat(timespec="microseconds")
        waiting = [row for row in self.post.rows() if row["status"] in WAITING]
        return [row["key"] for row in waiting if row["id"] not in placed and row["due"] <= late]


class TestNobodyIsLeftOut(PostgresKind):
    """By chance, but the same each time."""

    @pytest.mark.long
    @pytest.mark.parametrize("seed", range(8))
    def test_whatever_happens(self, post: Mailing, seed: int) -> None:
        """After each step everybody who could be sent to is in a portion; in the end all are through, none twice."""
        history = History(post, random.Random(seed))
        for _ in range(STEPS):
            history.step()
            assert history.left_out() == []
        for _ in range(200):
            if not any(row["status"] in WAITING for row in post.rows()):
                break
            history.end_leases()
            history.wait()
            history.work()
        history.end_leases()
        while history.portions.take("last", post.record.number, history.now, lease_s=60):
            pass
        rows = {row["id"]: row["status"] for row in post.rows()}
        assert not {*rows.values()} & {*WAITING, Status.IN_FLIGHT, Status.CLAIMED}
        assert all(times == 1 for times in history.taken.values())
        assert {who for who, status in rows.items() if status == Status.SENT} <= history.taken.keys()
        reached = {Status.SENT, Status.IN_DOUBT}
        assert all(rows[who] in reached for who in history.taken)
