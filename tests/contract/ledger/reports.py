"""What the ledger tells about a campaign."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from notify.core.objection import Against
from notify.core.outcome import Attempt, Phase
from notify.core.pace import LONGEST_WAIT
from notify.core.status import Status
from notify.ledger import Versions, dead_addresses
from notify.ledger.queries import as_text
from notify.ledger.reports import Reports
from tests.contract.ledger.base import LedgerKind
from tests.unit.ledger.mailing import NOW, RELAY, Mailing, outcome, settle

ANNA, BEN = "anna@example.com", "ben@example.com"
HOUR = dt.timedelta(hours=1)


class Reporting(LedgerKind):
    """What is told about a campaign."""

    def test_counts(self, post: Mailing) -> None:
        """Every status is counted, also those that nobody has; of this campaign alone."""
        assert post.reports.counts() == dict.fromkeys(Status, 0)
        post.enrol(f"K1 {ANNA}", f"K2 {BEN}", "K3 cora@example.com")
        post.another("weihnachten").enrol(f"K1 {ANNA}")
        post.bring(ANNA, Status.SENT)
        assert post.reports.counts() == dict.fromkeys(Status, 0) | {Status.SENT: 1, Status.PENDING: 2}

    def test_dead_addresses(self, post: Mailing) -> None:
        """Those that another campaign has found to be nobody's, unless a message was taken there since."""
        cora = "cora@example.com"
        post.enrol(f"K1 {ANNA}", f"K2 {BEN}", f"K3 {cora}")
        for address in (ANNA, BEN):
            post.bring(address, Status.FAILED, phase=Phase.RCPT)
        post.bring(cora, Status.SENT)
        summer = post.another("sommer")
        summer.enrol(f"K1 {BEN}")
        summer.bring(BEN, Status.SENT)
        ((address, objection),) = dead_addresses(post.store, "weihnachten")
        assert (address, objection.against) == (ANNA, Against.UNREACHABLE)
        assert objection.reason == "failed in the campaign neue-adresse on 2026-12-01: 550 5.1.1 User unknown"
        assert not list(dead_addresses(post.store, post.record.id))

    def test_next_due(self, post: Mailing) -> None:
        """The next due date is that of the first deferred recipient; of nobody else."""
        post.enrol(f"K1 {ANNA}", f"K2 {BEN}")
        assert post.reports.next_due(NOW) is None
        post.bring(ANNA, Status.DEFERRED, now=NOW + HOUR)
        post.bring(BEN, Status.DEFERRED, now=NOW)
        assert post.reports.next_due(NOW) == NOW + dt.timedelta(minutes=15)
        post.bring(BEN, Status.SENT, now=NOW + HOUR)
        assert post.reports.next_due(NOW) == NOW + dt.timedelta(minutes=75)

    def test_next_due_when_somebody_has_moved(self, post: Mailing) -> None:
        """Who was deferred and has another address now waits for nothing, and hides nobody else's due date."""
        post.enrol(f"K1 {ANNA}", f"K2 {BEN}")
        post.bring(ANNA, Status.DEFERRED)
        post.bring(BEN, Status.DEFERRED, now=NOW + HOUR)
        post.enrol("K1 anna@example.org", f"K2 {BEN}")
        assert post.row("anna@example.org")["due"] == ""
        assert post.reports.waits_until(NOW) == post.reports.next_due(NOW) == NOW + dt.timedelta(minutes=75)

    @pytest.mark.parametrize(
        ("ahead", "waits"),
        [
            (dt.timedelta(hours=-3), dt.timedelta(hours=-3)),
            (dt.timedelta(minutes=10), dt.timedelta(minutes=10)),
            (LONGEST_WAIT, dt.timedelta(minutes=15)),
            (LONGEST_WAIT + dt.timedelta(microseconds=1), dt.timedelta()),
            (dt.timedelta(days=3650), dt.timedelta()),
        ],
    )
    def test_next_due_after_the_clock_was_wrong(self, post: Mailing, ahead: dt.timedelta, waits: dt.timedelta) -> None:
        """A due date stays as it was written, but for one that no deferral reaches: that is due now, before others."""
        post.enrol(f"K1 {ANNA}", f"K2 {BEN}")
        post.bring(ANNA, Status.DEFERRED)
        post.bring(BEN, Status.DEFERRED)
        with post.store.transaction() as db:
            db.execute(f"UPDATE recipient SET due = '{as_text(NOW + ahead)}' WHERE identity = '{BEN}'")  # noqa: S608  # written in this test
        assert post.reports.waits_until(NOW) == post.reports.next_due(NOW) == NOW + waits

    @pytest.mark.parametrize(
        "change",
        ["", f"SET selected = FALSE WHERE identity = '{ANNA}'", f"SET round = round - 1 WHERE identity = '{ANNA}'"],
    )
    @pytest.mark.parametrize("only", [(), (ANNA,), (BEN,), (ANNA, BEN), ("cora@example.com",), ("dora@example.com",)])
    def test_waits_until(self, post: Mailing, only: tuple[str, ...], change: str) -> None:
        """A run waits for the first deferred one whom it may lease, for nobody else; the campaign's date stays."""
        post.enrol(f"K1 {ANNA}", f"K2 {BEN}", "K3 cora@example.com")
        post.bring(ANNA, Status.DEFERRED, now=NOW)
        post.bring(BEN, Status.DEFERRED, now=NOW + HOUR)
        post.bring("cora@example.com", Status.SENT)
        if change:
            with post.store.transaction() as db:
                db.execute(f"UPDATE recipient {change}")
        quarters = (NOW + dt.timedelta(minutes=15 * number) for number in range(10))
        assert post.reports.waits_until(NOW, only) == next(
            (moment for moment in quarters if post.reports.waiting(moment, only)), None
        )
        assert post.reports.next_due(NOW) == NOW + dt.timedelta(minutes=15)

    def test_status_of(self, post: Mailing) -> None:
        """One address is found by its normalised form."""
        post.enrol("K1 Anna@Example.com")
        assert post.reports.status_of(ANNA) is Status.PENDING
        assert post.reports.status_of(BEN) is None

    def test_with_status(self, post: Mailing) -> None:
        """Who stands where is told with what was said last, in the order of the files."""
        post.enrol(f"K2 {BEN} Ben Beispiel", f"K1 {ANNA} Änne Muster")
        post.bring(ANNA, Status.DEFERRED, phase=Phase.RCPT)
        post.bring(ANNA, Status.FAILED, phase=Phase.RCPT, now=NOW + HOUR)
        post.bring(BEN, Status.FAILED, now=NOW)
        ben, anna = post.reports.with_status(Status.FAILED)
        assert (anna.key, anna.address, anna.name, anna.origin) == ("K1", ANNA, "Änne Muster", "people.csv:3")
        assert (anna.status, anna.due, anna.time) == (Status.FAILED, None, NOW + HOUR)
        assert (anna.relay, anna.reply, anna.message_id) == (
            RELAY,
            "550 5.1.1 User unknown",
            post.row(ANNA)["message_id"],
        )
        assert ben.key == "K2"
        assert list(post.reports.with_status(Status.SENT)) == []

    def test_with_status_without_a_try(self, post: Mailing) -> None:
        """Who was never tried has said nothing."""
        post.enrol(f"K1 {ANNA}")
        (anna,) = post.reports.with_status(Status.PENDING)
        assert (anna.time, anna.relay, anna.reply) == (None, "", "")

    def test_attempts(self, post: Mailing) -> None:
        """Every attempt is told in the order in which it was made; the log can be read on from any of them."""
        post.enrol(f"K1 {ANNA}", f"K2 {BEN}")
        post.bring(ANNA, Status.DEFERRED, phase=Phase.RCPT)
        post.bring(BEN, Status.SENT, now=NOW + HOUR)
        post.bring(ANNA, Status.SENT, now=NOW + HOUR)
        log = list(post.reports.attempts())
        assert [(attempt.to, attempt.status) for _, attempt in log] == [
            (ANNA, Status.DEFERRED),
            (BEN, Status.SENT),
            (ANNA, Status.SENT),
        ]
        assert log[0][1] == Attempt(
            time=NOW,
            key="K1",
            to=ANNA,
            message_id=post.row(ANNA)["message_id"],
            relay=RELAY,
            phase="rcpt",
            reply="451 4.7.1 Greylisted",
            status=Status.DEFERRED,
            scope="recipient",
        )
        assert list(post.reports.attempts(after=log[1][0])) == log[2:]
        assert list(post.reports.attempts(after=log[-1][0])) == []

    def test_attempts_tell_where_they_went(self, post: Mailing) -> None:
        """When an address is mended later, the log still says which one was refused."""
        post.enrol(f"K1 {ANNA}")
        post.bring(ANNA, Status.FAILED, phase=Phase.RCPT)
        post.enrol("K1 anna@example.org")
        post.bring("anna@example.org", Status.SENT)
        assert [attempt.to for _, attempt in post.reports.attempts()] == [ANNA, "anna@example.org"]

    def test_read_beside_a_run(self, post: Mailing, tmp_path: Path) -> None:
        """Reports of another process work beside a run: they see what is committed; a long one stays at a moment."""
        people = [f"K{number} p{number}@example.com" for number in range(1200)]
        post.enrol(*people)
        with self.opened(tmp_path) as beside:
            record = Versions(beside).find("neue-adresse")
            assert record is not None
            reports = Reports(beside, record)
            waiting = reports.with_status(Status.PENDING)
            seen = [next(waiting).address]
            with post.store.transaction() as db:
                db.execute("UPDATE recipient SET status = 'withdrawn'")
                assert reports.counts()[Status.PENDING] == 1200
                db.execute("UPDATE recipient SET status = 'pending'")
            for claimed in post.run().claim(30, NOW):
                settle(post.run(), claimed.id, outcome(Status.FAILED, Phase.RCPT), NOW)
            seen += [recipient.address for recipient in waiting]
            assert reports.counts()[Status.FAILED] == 30
        assert seen == [f"p{number}@example.com" for number in range(1200)]

    def test_page_by_page_while_others_commit(self, post: Mailing) -> None:
        """A long report goes on while threads of the same run commit, and tells nobody twice."""
        post.enrol(*[f"K{number} p{number}@example.com" for number in range(1100)])
        told = []
        for recipient in post.reports.with_status(Status.PENDING):
            told.append(recipient.key)
            if recipient.key in {"K0", "K499", "K501", "K1050"}:
                post.bring(f"p{1099 - len(told) // 2}@example.com", Status.SENT)
                post.run().release()
        assert len(told) == len(set(told))
        assert len(told) >= 1096
