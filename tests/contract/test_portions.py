"""Portions: placed once, leased by one worker at a time, and nobody is left out."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import cast

import pytest

from notify.core.outcome import Phase
from notify.core.status import Status
from notify.errors import BusyError, FencedError, LockedError, WriteError
from notify.ledger import Leaving, Suppressions, Word, is_held
from notify.ledger.postgres import portions as module
from notify.ledger.postgres.leases import Leases
from notify.ledger.postgres.portion_handover import PortionHandover
from notify.ledger.postgres.portions import PORTION_QUERIES, Lease, Portion, Portions
from notify.ledger.postgres.store import PostgresStore
from tests.contract.ledger.postgres_kind import PostgresKind
from tests.unit.ledger.mailing import DATE, NOW, RELAY, Mailing, begin, outcome, read, settle

SENT = outcome(Status.SENT)
LATER = NOW + dt.timedelta(hours=1)


def people(count: int, domain: str = "example.com") -> list[str]:
    """Return the rows of so many people."""
    return [f"K{number} p{number}@{domain}" for number in range(count)]


def free(post: Mailing) -> list[int]:
    """Return the portions that could be leased at this moment."""
    return [
        row["id"]
        for row in read(
            post.store.place,
            "SELECT id FROM portion WHERE NOT done AND (owner = '' OR lease_until < clock_timestamp())",
        )
    ]


@dataclass
class Worker:
    """A worker with a connection of its own; ``in_doubt``: of each portion that it has taken."""

    post: Mailing
    store: PostgresStore
    name: str
    lease_s: float = 60
    dot_s: float = 0
    now: dt.datetime = NOW
    in_doubt: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.portions = Portions(self.store)
        self.leases = Leases(self.store, self.name, self.take, lease_s=self.lease_s, dot_s=self.dot_s)
        self.handover = PortionHandover(self.store, self.post.record, self.post.version, RELAY, self.leases)

    def take(self) -> Lease | None:
        """Take the next portion."""
        lease = self.portions.take(self.name, self.post.record.number, self.now, lease_s=self.lease_s)
        if lease is not None:
            self.in_doubt.append(lease.in_doubt)
        return lease

    def claim(self, most: int = 99) -> list[int]:
        """Claim; return the numbers."""
        return [one.id for one in self.handover.claim(most, self.now)]

    def begin(self, *recipients: int) -> list[bool]:
        """Let dots leave."""
        return self.handover.record([], [Leaving(who, "d", DATE) for who in recipients], self.now)[1]

    def deliver(self, most: int, done: list[int]) -> None:
        """Hand everybody over; note who was."""
        while claimed := self.claim(most):
            begun = [who for who, may in zip(claimed, self.begin(*claimed), strict=True) if may]
            self.handover.record([(who, SENT) for who in begun], [], self.now)
            done += begun


class TestPortions(PostgresKind):
    """Each test is a campaign of its own in a schema of its own."""

    @pytest.fixture
    def worker(self, post: Mailing, tmp_path: Path) -> Iterator[Callable[..., Worker]]:
        """Give workers, by their names."""
        stores = []

        def make(name: str = "w1", *, lease_s: float = 60, dot_s: float = 0) -> Worker:
            stores.append(cast("PostgresStore", self.opened(tmp_path)))
            return Worker(post, stores[-1], name, lease_s, dot_s)

        yield make
        for store in stores:
            store.close()

    @pytest.fixture
    def portions(self, post: Mailing) -> Portions:
        """Give portions of ten."""
        return Portions(cast("PostgresStore", post.store), size=10)

    def members(self, post: Mailing, portion: Portion) -> list[str]:
        """Return who belongs to a portion."""
        there = [row for row in post.rows() if portion.first <= row["id"] <= portion.last]
        return [row["key"] for row in there if portion.chosen is None or row["id"] in portion.chosen]

    def test_place(self, post: Mailing, portions: Portions) -> None:
        """Everybody is in one portion, in the order of the files; placing again changes nothing."""
        post.enrol(*people(25))
        placed = portions.place(post.record, NOW)
        members = [self.members(post, portion) for portion in placed]
        assert members == [
            [f"K{number}" for number in numbers] for numbers in (range(10), range(10, 20), range(20, 25))
        ]
        assert [portion.chosen for portion in placed] == [None, None, None], "ranges: nothing is written to anybody"
        assert portions.place(post.record, NOW) == []
        post.enrol(*people(27))
        (more,) = portions.place(post.record, NOW)
        assert self.members(post, more) == ["K25", "K26"]

    def test_scattered(self, post: Mailing, portions: Portions) -> None:
        """Where many others stand between them, those who are meant are named: nobody looks through the others."""
        post.enrol(*people(3))
        other = post.another("weihnachten")
        other.enrol(*people(30))
        post.enrol(*people(6))
        (placed,) = portions.place(post.record, NOW)
        assert placed.chosen == tuple(row["id"] for row in post.rows())
        assert [portion.chosen for portion in portions.place(other.record, NOW)] == [None, None, None]

    def test_place_some(self, post: Mailing, portions: Portions) -> None:
        """Only who is meant is placed, by identity or the first ones; the others are placed when they are meant."""
        post.enrol(*people(9))
        (some,) = portions.place(post.record, NOW, ["p7@example.com", "p2@example.com", "nobody@example.com"])
        assert self.members(post, some) == ["K2", "K7"]
        (first,) = portions.place(post.record, NOW, limit=3)
        assert self.members(post, first) == ["K0", "K1", "K3"]
        assert portions.gather(post.record, LATER) == [], "the others were never meant"
        (rest,) = portions.place(post.record, NOW)
        assert self.members(post, rest) == ["K4", "K5", "K6", "K8"]

    def test_place_by_turns(self, post: Mailing, portions: Portions, worker: Callable[..., Worker]) -> None:
        """Who was deferred comes first, whose try was the relay's trouble last, in portions of their own."""
        post.enrol(*people(5))
        post.bring("p3@example.com", Status.DEFERRED)
        post.bring("p0@example.com", Status.PENDING, phase=Phase.MAIL)
        assert [self.members(post, portion) for portion in portions.place(post.record, NOW)] == [
            ["K1", "K2", "K4"],
            ["K0"],
        ]
        assert [self.members(post, portion) for portion in portions.place(post.record, LATER)] == [["K3"]]
        one = worker()
        one.now = LATER
        keys = {row["id"]: row["key"] for row in post.rows()}
        assert [keys[who] for who in one.claim()] == ["K3", "K1", "K2", "K4", "K0"]

    def test_many_place_at_once(self, post: Mailing, worker: Callable[..., Worker]) -> None:
        """Whoever places at the same moment, everybody is in one portion."""
        post.enrol(*people(99))
        workers = [worker(f"w{number}") for number in range(4)]
        placed: list[Portion] = []

        def place(one: Worker) -> None:
            placed.extend(Portions(one.store, size=10).place(post.record, NOW))

        _at_once([partial(place, one) for one in workers])
        count = Counter(key for portion in placed for key in self.members(post, portion))
        assert count == {f"K{number}": 1 for number in range(99)}

    def test_whoever_looks_sees_that_a_worker_is_at_work(self, post: Mailing, worker: Callable[..., Worker]) -> None:
        """So nobody in flight is taken for in doubt; and only as long as the lease lasts."""
        post.enrol(*people(2))
        one = worker("w1", lease_s=0.5)
        one.portions.place(post.record, NOW)
        assert not is_held(post.store.place)
        assert one.leases.take() is not None
        assert is_held(post.store.place)
        time.sleep(0.6)
        assert not is_held(post.store.place)

    def test_many_take_at_once(self, post: Mailing, portions: Portions, worker: Callable[..., Worker]) -> None:
        """Each portion is one worker's; nobody waits for anybody, and everybody is handed over once."""
        post.enrol(*people(99))
        portions.place(post.record, NOW)
        workers = [worker(f"w{number}") for number in range(4)]
        done: list[int] = []
        _at_once([partial(one.deliver, 7, done) for one in workers])
        assert sorted(done) == [row["id"] for row in post.rows()]
        assert set(post.statuses().values()) == {Status.SENT}
        assert free(post) == []

    def test_overlapping_portions(self, post: Mailing, portions: Portions, worker: Callable[..., Worker]) -> None:
        """Whatever portions there are, no message is begun twice."""
        post.enrol(*people(60))
        portions.place(post.record, NOW)
        with cast("PostgresStore", post.store).concurrent() as db:
            # all of them once more, as it must never be
            db.execute(
                "INSERT INTO portion (campaign, turn, first, last, placed) SELECT campaign, turn, first - 5, last + 5, "
                "placed FROM portion"
            )
        workers = [worker(f"w{number}") for number in range(4)]
        done: list[int] = []
        _at_once([partial(one.deliver, 5, done) for one in workers])
        assert sorted(done) == [row["id"] for row in post.rows()]
        assert len(post.attempts()) == 60

    def test_frozen(self, post: Mailing, portions: Portions, worker: Callable[..., Worker]) -> None:
        """A worker that was frozen for longer than its lease records nothing, though nobody has taken over yet."""
        post.enrol(*people(4))
        portions.place(post.record, NOW)
        frozen = worker("frozen", lease_s=0.3)
        first, second, third, _ = frozen.claim()
        assert frozen.begin(first, second) == [True, True]
        time.sleep(0.4)
        with pytest.raises(FencedError):
            frozen.handover.record([(first, SENT)], [Leaving(third, "d", DATE)], NOW)
        with pytest.raises(FencedError):
            frozen.leases.renew()
        assert list(post.statuses().values()) == ["in_flight", "in_flight", "pending", "pending"]
        other = worker("other")
        assert len(other.claim()) == 2
        assert other.in_doubt == [2]
        assert list(post.statuses().values()) == ["in_doubt", "in_doubt", "pending", "pending"]
        attempts = [(one["recipient"], one["status"], one["phase"], one["relay"]) for one in post.attempts()]
        assert attempts == [(first, "in_doubt", "dot", RELAY), (second, "in_doubt", "dot", RELAY)]
        with pytest.raises(FencedError):
            frozen.handover.record([(first, SENT)], [], NOW)
        assert post.resolve("p0@example.com", Word.SENT) is Status.IN_DOUBT

    def test_renewed(self, post: Mailing, portions: Portions, worker: Callable[..., Worker]) -> None:
        """A lease that is renewed, by itself or with what is recorded, is nobody else's; one that is freed is."""
        post.enrol(*people(3))
        portions.place(post.record, NOW)
        one, other = worker("w1", lease_s=0.4), worker("w2")
        first, second, third = one.claim()
        for number in range(6):
            time.sleep(0.15)
            if number == 1:
                assert one.begin(first) == [True]
            elif number == 3:
                one.handover.record([(first, SENT)], [], NOW)
            else:
                one.leases.renew()
            assert other.claim() == []
        assert one.begin(second) == [True]
        one.leases.free()
        assert other.claim() == [third]
        assert other.in_doubt == [1]

    def test_done(self, post: Mailing, portions: Portions, worker: Callable[..., Worker]) -> None:
        """A portion is done when nobody in it waits or is in flight, and not before."""
        post.enrol(*people(2))
        portions.place(post.record, NOW)
        one, other = worker("w1"), worker("w2")
        first, second = one.claim()
        (lease,) = one.leases.held()
        assert not one.leases.finish(lease, NOW), "both wait"
        one.begin(first, second)
        one.handover.record([(first, SENT)], [], NOW)
        assert one.claim() == []
        assert one.handover.release() == 0
        one.leases.free()
        assert other.claim() == []
        assert other.in_doubt == [1]
        assert other.handover.release() == 0
        assert free(post) == []

    def test_slow_ledger(self, post: Mailing, portions: Portions, worker: Callable[..., Worker]) -> None:
        """When a record has taken so long that hardly anything is left of the lease, no dot leaves; they wait again."""
        post.enrol(*people(2))
        portions.place(post.record, NOW)
        one = worker("w1", lease_s=30, dot_s=31)
        assert one.begin(*one.claim()) == [False, False]
        assert set(post.statuses().values()) == {Status.PENDING}
        assert {(row["digest"], row["date"]) for row in post.rows()} == {(None, None)}
        assert {(one["status"], one["phase"]) for one in post.attempts()} == {("pending", "body")}

    def test_gather(self, post: Mailing, portions: Portions, worker: Callable[..., Worker]) -> None:
        """Whoever waits again is in a portion again when due, and nobody else; in the meantime in none."""
        post.enrol(*people(5))
        portions.place(post.record, NOW)
        one = worker()
        a, b, c, d, e = one.claim()
        one.begin(a, b, c, d)
        came = [(a, outcome(Status.DEFERRED)), (b, outcome(Status.PENDING)), (c, SENT), (d, outcome(Status.FAILED))]
        one.handover.record([*came, (e, outcome(Status.DEFERRED, Phase.RCPT))], [], NOW)
        assert one.claim() == []
        one.handover.release()
        assert free(post) == []
        assert [self.members(post, portion) for portion in portions.gather(post.record, NOW)] == [["K1"]]
        assert [self.members(post, portion) for portion in portions.gather(post.record, LATER)] == [["K0", "K4"]]
        assert portions.gather(post.record, LATER) == []
        one.now = LATER
        assert one.claim() == [a, e, b]

    def test_suppressed(self, post: Mailing, portions: Portions, worker: Callable[..., Worker]) -> None:
        """Who is suppressed after the claim is not begun, nor the copy that goes to that address."""
        post.enrol(*people(2))
        with cast("PostgresStore", post.store).concurrent() as db:
            db.execute("UPDATE recipient SET identity = 'copy p1@example.com' WHERE key = 'K1'")
        portions.place(post.record, NOW)
        one = worker()
        claimed = one.claim()
        Suppressions(post.store).add("p0@example.com", "", NOW)
        Suppressions(post.store).add("p1@example.com", "", NOW)
        assert one.begin(*claimed) == [False, False]
        assert one.claim() == []
        one.handover.release()
        assert free(post) == []

    def test_enrolment_beside(
        self, post: Mailing, portions: Portions, worker: Callable[..., Worker], tmp_path: Path
    ) -> None:
        """While an enrolment is at work nobody is begun; whom it has changed is claimed anew, as it is then."""
        post.enrol(*people(4))
        portions.place(post.record, NOW)
        one = worker()
        first, second, third, _ = one.claim(3) + one.claim(1)
        with self.opened(tmp_path) as beside:
            assert one.begin(first) == [True]
            one.handover.record([(first, SENT)], [], NOW)
            with beside.enrolling(post.record):
                assert one.begin(second) == [False]
                assert one.claim() == []
        post.enrol(*people(4, "example.net")[:3])
        assert one.begin(third) == [False]
        claimed = one.handover.claim(9, NOW)
        assert [(who.key, who.address) for who in claimed] == [("K1", "p1@example.net"), ("K2", "p2@example.net")]
        assert one.begin(*(who.id for who in claimed)) == [True, True]
        assert post.statuses()["p3@example.com"] == Status.WITHDRAWN

    def test_enrolment_waits_for_the_answers(
        self,
        post: Mailing,
        portions: Portions,
        worker: Callable[..., Worker],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """An enrolment begins when nobody is in flight; a relay that takes too long to answer puts it off."""
        post.enrol(*people(2))
        portions.place(post.record, NOW)
        one = worker()
        first, second = one.claim()
        one.begin(first)
        enrolled = threading.Event()

        def enrol() -> None:
            with self.opened(tmp_path) as beside:
                Mailing(beside).enrol(*people(2))
            enrolled.set()

        thread = threading.Thread(target=enrol)
        thread.start()
        assert not enrolled.wait(0.3)
        assert one.handover.record([(first, SENT)], [Leaving(second, "d", DATE)], NOW) == ([Status.SENT], [False])
        thread.join(10)
        assert enrolled.is_set()
        assert one.begin(*one.claim()) == [True]
        monkeypatch.setattr(module, "_LONGEST_ANSWER_S", 0.1)
        with pytest.raises(BusyError, match="takes long to answer"):
            post.enrol(*people(2))

    def test_refused_beside_a_change(self, post: Mailing, portions: Portions, worker: Callable[..., Worker]) -> None:
        """What a relay said of an address that is another one by now is not booked on the new one."""
        post.enrol(*people(1))
        portions.place(post.record, NOW)
        one = worker()
        (who,) = one.claim()
        post.enrol("K0 p0@example.net")
        assert settle(one.handover, who, outcome(Status.FAILED, Phase.RCPT), NOW) is Status.PENDING
        assert post.statuses() == {"p0@example.net": Status.PENDING}
        assert post.attempts() == []

    def test_lost_commit(self, post: Mailing, portions: Portions, worker: Callable[..., Worker]) -> None:
        """A database that knows nothing of a message under way, under a lease that holds, is not to be trusted."""
        post.enrol(*people(1))
        portions.place(post.record, NOW)
        one = worker()
        (who,) = one.claim()
        begin(one.handover, who, "d", DATE)
        with cast("PostgresStore", post.store).concurrent() as db:
            db.execute("UPDATE recipient SET status = 'pending', run = ''")
        with pytest.raises(WriteError, match="has lost what it had recorded"):
            one.handover.record([(who, SENT)], [], NOW)
        assert post.attempts() == []

    def test_held_up_domains(self, post: Mailing, portions: Portions, worker: Callable[..., Worker]) -> None:
        """Of domains that are held up nobody is claimed; others are looked for in the next portions, in some only."""
        post.enrol(*people(90), "L1 other@example.net", *(f"M{number} m{number}@example.com" for number in range(30)))
        portions.place(post.record, NOW)
        one = worker()
        assert [who.key for who in one.handover.claim(9, NOW, (), {"example.com"})] == []
        assert len(one.leases.held()) == 4
        assert [who.key for who in one.handover.claim(9, NOW)] == [f"K{number}" for number in range(9)]

    def test_given_back(self, post: Mailing, portions: Portions, worker: Callable[..., Worker]) -> None:
        """Who was claimed and is not wanted keeps the place in the order."""
        post.enrol(*people(6))
        portions.place(post.record, NOW)
        one = worker()
        first, second, third = one.claim(3)
        one.handover.give_back([second, first])
        assert one.claim(2) == [first, second]
        assert one.begin(third, first) == [True, True]

    def test_waiting_in_vain(
        self, post: Mailing, portions: Portions, worker: Callable[..., Worker], tmp_path: Path
    ) -> None:
        """When somebody else holds a row for too long nothing is recorded, and the same can be recorded later."""
        post.enrol(*people(2))
        portions.place(post.record, NOW)
        one = worker()
        first, second = one.claim()
        assert one.begin(first) == [True]
        with one.store.concurrent() as db:
            db.execute("SET lock_timeout TO 200")
        with self.connected(tmp_path) as beside:
            beside.execute("BEGIN")
            beside.execute("SELECT 1 FROM recipient WHERE key = 'K1' FOR UPDATE")
            with pytest.raises(LockedError):
                one.handover.record([(first, SENT)], [Leaving(second, "d", DATE)], NOW)
            beside.rollback()
        assert list(post.statuses().values()) == ["in_flight", "pending"]
        assert one.handover.record([(first, SENT)], [Leaving(second, "d", DATE)], NOW) == ([Status.SENT], [True])

    def test_counts_are_summed_up(
        self, post: Mailing, portions: Portions, worker: Callable[..., Worker], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What workers count is one number for each kind again when somebody gathers, and the same number."""
        monkeypatch.setattr(module, "_MANY_COUNTS", 9)
        post.enrol(*people(20))
        portions.place(post.record, NOW)
        worker().deliver(2, [])
        with cast("PostgresStore", post.store).concurrent() as db:
            (before,) = db.execute("SELECT count(*) FROM tally").fetchone() or (0,)
            counts = post.reports.counts()
        assert portions.gather(post.record, NOW) == []
        with cast("PostgresStore", post.store).concurrent() as db:
            (after,) = db.execute("SELECT count(*) FROM tally").fetchone() or (0,)
        assert after < 5 < before
        assert post.reports.counts() == counts
        assert counts[Status.SENT] == 20

    def test_gathering_waits_for_nobody(self, post: Mailing, worker: Callable[..., Worker], tmp_path: Path) -> None:
        """Whoever gathers renews leases too: neither a long enrolment holds it up, nor somebody who places."""
        post.enrol(*people(3))
        post.bring("p0@example.com", Status.DEFERRED)
        gathering = Portions(worker().store)
        with self.opened(tmp_path) as beside, beside.transaction():
            assert [portion.chosen for portion in gathering.gather(post.record, LATER)] == [(1,)]
        with cast("PostgresStore", post.store).concurrent() as db:
            db.execute(PORTION_QUERIES["wait_to_place"], {"campaign": post.record.number})
            assert gathering.gather(post.record, LATER) == []

    def test_one_portion(self, post: Mailing, portions: Portions, worker: Callable[..., Worker]) -> None:
        """A portion is taken by its number too, unless somebody has it; the others are still there."""
        post.enrol(*people(20))
        first, second = portions.place(post.record, NOW)
        one = worker("w1")
        assert one.portions.take_that("w1", second.id, NOW, lease_s=60) is not None
        assert one.portions.take_that("w2", second.id, NOW, lease_s=60) is None
        assert free(post) == [first.id]


def _at_once(steps: list[Callable[[], None]]) -> None:
    """Do several things, each in a thread; whatever one of them raises is raised."""
    errors: list[BaseException] = []

    def do(step: Callable[[], None]) -> None:
        try:
            step()
        except BaseException as error:  # noqa: BLE001  # raised again below
            errors.append(error)

    threads = [threading.Thread(target=do, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
