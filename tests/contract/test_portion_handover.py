"""What is believed of any run's dealings with recipients, of a worker's that leases portions."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import cast

import pytest

from notify.core.outcome import Phase
from notify.core.status import Status
from notify.errors import FencedError
from notify.ledger import Transitions
from notify.ledger.postgres.portion_handover import PortionHandover
from tests.contract.ledger.handover import Handovers
from tests.contract.ledger.histories import AnyHistory
from tests.contract.ledger.portion_mailing import PortionMailing
from tests.contract.ledger.postgres_kind import PostgresKind
from tests.contract.ledger.rollback import Rollbacks
from tests.unit.ledger.mailing import DATE, NOW, RELAY, Mailing, begin, outcome, settle

ANNA, BEN, CORA = "anna@example.com", "ben@example.com", "cora@example.com"
MOMENT = dt.timedelta(microseconds=1)
HOUR = dt.timedelta(hours=1)


class TestPortionHandover(PostgresKind, Handovers, AnyHistory, Rollbacks):
    """A portion is one recipient here. What a lease adds to a claim has a test of its own."""

    campaigns = PortionMailing

    def test_claimed_by_another_worker(self, post: Mailing) -> None:
        """Who is in the portions of one worker is not claimed by another."""
        post.enrol(*(f"K{number} p{number}@example.com" for number in range(3)))
        assert len(post.run("run 1").claim(2, NOW)) == 2
        assert [one.key for one in post.run("run 2").claim(9, NOW)] == ["K2"]

    def test_claims_wait_until_due(self, post: Mailing) -> None:
        """A deferred recipient is claimed from the moment at which it is due, not before."""
        post.enrol(f"K1 {ANNA}")
        post.bring(ANNA, Status.DEFERRED)
        due = post.reports.next_due(NOW)
        assert due is not None
        assert post.run().claim(1, due - MOMENT) == []
        assert [one.key for one in post.run().claim(1, due)] == ["K1"]

    def test_begin_is_fenced(self, post: Mailing) -> None:
        """Without the lease no dot leaves: of another worker, twice, after release, after recovery, for nobody."""
        post.enrol(f"K1 {ANNA}", f"K2 {BEN}", f"K3 {CORA}")
        anna, ben, cora = post.run("run 1").claim(3, NOW)
        assert not begin(post.run("run 2"), anna.id, "d", DATE)
        assert begin(post.run("run 1"), anna.id, "d", DATE)
        assert not begin(post.run("run 1"), anna.id, "d", DATE)
        settle(post.run("run 1"), anna.id, outcome(Status.SENT), NOW)
        assert not begin(post.run("run 1"), anna.id, "d", DATE)
        post.run("run 1").release()
        assert not begin(post.run("run 1"), ben.id, "d", DATE)
        late = post.run("run 2")
        late.claim(1, NOW, [CORA])
        post.transitions.recover(NOW)
        with pytest.raises(FencedError):
            begin(late, cora.id, "d", DATE)
        assert not begin(post.run("run 1"), 4711, "d", DATE)
        assert post.statuses() == {ANNA: Status.SENT, BEN: Status.PENDING, CORA: Status.PENDING}
        assert [post.row(who)["digest"] for who in (BEN, CORA)] == [None, None]

    def test_frozen_until_another_has_begun(self, post: Mailing) -> None:
        """A worker that was frozen while another one took over can neither send nor settle what it tried."""
        post.enrol(f"K1 {ANNA}")
        frozen = post.run("frozen")
        (claimed,) = frozen.claim(1, NOW)
        post.transitions.recover(NOW)
        assert post.claim(ANNA, run="other").id == claimed.id
        with pytest.raises(FencedError):
            begin(frozen, claimed.id, "d", DATE)
        with pytest.raises(FencedError, match="longer than its lease"):
            settle(frozen, claimed.id, outcome(Status.FAILED, Phase.RCPT), NOW)
        assert post.statuses() == {ANNA: Status.PENDING}
        assert post.attempts() == []

    def test_release(self, post: Mailing) -> None:
        """What a worker has claimed and not handed over is forgotten; what it handed over or another one has stays."""
        post.enrol(*(f"K{number} p{number}@example.com" for number in range(4)))
        first, second, third = post.run("run 1").claim(3, NOW)
        (fourth,) = post.run("run 2").claim(1, NOW)
        begin(post.run("run 1"), first.id, "d", DATE)
        begin(post.run("run 1"), second.id, "d", DATE)
        settle(post.run("run 1"), second.id, outcome(Status.SENT), NOW)
        run = cast("PortionHandover", post.run("run 1"))
        assert PortionHandover.release(run) == 1
        assert list(post.statuses().values()) == [Status.IN_FLIGHT, Status.SENT, Status.PENDING, Status.PENDING]
        assert PortionHandover.release(run) == 0
        assert not begin(post.run("run 1"), third.id, "d", DATE)
        assert begin(post.run("run 2"), fourth.id, "d", DATE)

    def test_recover(self, post: Mailing) -> None:
        """Once its lease is over, whoever was only claimed still waits; who was being handed over is in doubt, once."""
        post.enrol(*(f"K{number} p{number}@example.com" for number in range(4)))
        other = post.another("weihnachten")
        other.enrol("K0 p0@example.com")
        other.bring("p0@example.com", Status.IN_FLIGHT)
        first, *_ = post.run().claim(3, NOW)
        begin(post.run(), first.id, "d1", DATE)
        assert Transitions(post.store, post.record).recover(NOW) == (0, 0), "its lease is not over"
        assert post.transitions.recover(NOW + HOUR) == (0, 1)
        assert list(post.statuses().values()) == [Status.IN_DOUBT] + [Status.PENDING] * 3
        assert (post.row("p0@example.com")["digest"], post.row("p0@example.com")["date"]) == ("d1", DATE.isoformat())
        (attempt,) = post.attempts()
        assert (attempt["status"], attempt["relay"], attempt["phase"]) == (Status.IN_DOUBT, RELAY, Phase.DOT)
        assert attempt["time"] == (NOW + HOUR).isoformat(timespec="microseconds")
        assert post.transitions.recover(NOW) == (0, 0)
        assert other.statuses() == {"p0@example.com": Status.IN_FLIGHT}

    @pytest.mark.long
    def test_histories(self, tmp_path: Path) -> None:
        """Whatever happens in whatever order."""
        super().test_histories(tmp_path)
