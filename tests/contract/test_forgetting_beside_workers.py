"""Somebody is forgotten while workers deliver: either they are, and get no message, or their message is waited for."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import cast

import pytest

from notify.core.status import Status
from notify.errors import BusyError
from notify.ledger import Forgetting, Leaving
from notify.ledger.postgres.leases import Leases
from notify.ledger.postgres.portion_handover import PortionHandover
from notify.ledger.postgres.portions import Portions
from notify.ledger.postgres.store import PostgresStore
from tests.contract.ledger.postgres_kind import PostgresKind
from tests.unit.ledger.mailing import DATE, NOW, RELAY, Mailing, outcome

ANNA, BEN = "anna@example.com", "ben@example.com"


class TestForgettingBesideWorkers(PostgresKind):
    """A worker has a connection of its own."""

    @pytest.fixture
    def worker(self, post: Mailing) -> PortionHandover:
        """Enrol two, and give a worker who may deliver to both."""
        post.enrol(f"K1 {ANNA}", f"K2 {BEN}")
        store = cast("PostgresStore", post.store)
        Portions(store).place(post.record, NOW)
        portions = Portions(store)
        leases = Leases(
            store, "w", lambda: portions.take("w", post.record.number, NOW, lease_s=60), lease_s=60, dot_s=0
        )
        return PortionHandover(store, post.record, post.version, RELAY, leases)

    def test_before_the_dot(self, post: Mailing, worker: PortionHandover, tmp_path: Path) -> None:
        """The worker has their message ready already; it does not leave."""
        claimed = worker.claim(2, NOW)
        with self.opened(tmp_path) as beside:
            Forgetting(beside).forget([ANNA], NOW)
        _, begun = worker.record([], [Leaving(one.id, "d", DATE) for one in claimed], NOW)
        assert dict(zip([one.address for one in claimed], begun, strict=True)) == {ANNA: False, BEN: True}
        assert [row["status"] for row in post.rows()] == [Status.WITHDRAWN, Status.IN_FLIGHT]

    def test_after_the_dot(self, post: Mailing, worker: PortionHandover, tmp_path: Path) -> None:
        """What a relay says of it is recorded first; then it may be forgotten."""
        anna, _ = worker.claim(2, NOW)
        worker.record([], [Leaving(anna.id, "d", DATE)], NOW)
        with self.opened(tmp_path) as beside, pytest.raises(BusyError, match="being handed over"):
            Forgetting(beside).forget([ANNA], NOW)
        worker.record([(anna.id, outcome(Status.SENT))], [], NOW)
        with self.opened(tmp_path) as beside:
            Forgetting(beside).forget([ANNA], NOW)
        assert [row["status"] for row in post.rows()] == [Status.SENT, Status.PENDING]
        assert [row["address"] for row in post.attempts()] == [""]

    def test_at_the_same_moment(self, post: Mailing, worker: PortionHandover, tmp_path: Path) -> None:
        """Whoever comes second waits for the first, and sees what it has done."""
        anna, _ = worker.claim(2, NOW)
        begun: list[bool] = []

        def begin() -> None:
            begun.extend(worker.record([], [Leaving(anna.id, "d", DATE)], NOW)[1])

        beginning = threading.Thread(target=begin)
        with self.opened(tmp_path) as beside, beside.erasing() as db:
            db.execute("UPDATE recipient SET status = 'withdrawn' WHERE key = 'K1'")
            beginning.start()
            beginning.join(0.3)
            assert beginning.is_alive()
        beginning.join(10)
        assert begun == [False]
        assert [row["status"] for row in post.rows()] == [Status.WITHDRAWN, Status.PENDING]
