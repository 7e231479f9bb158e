"""What a run does with recipients: claim, begin, settle, release; and what is left when it dies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from notify.core.outcome import Loss, Phase, Reply, Scope
from notify.core.pace import LONGEST_DEFERRAL, retry_delay
from notify.core.status import Status
from notify.errors import BusyError, WriteError
from notify.ledger import Leaving, Suppressions, Versions, Word
from tests.contract.ledger.base import LedgerKind
from tests.unit.ledger.mailing import DATE, NOW, RELAY, Mailing, begin, given, outcome, settle

ANNA, BEN, CORA = "anna@example.com", "ben@example.com", "cora@example.com"
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
MOMENT = dt.timedelta(microseconds=1)
NEVER = NOW + dt.timedelta(days=99)


def _people(count: int) -> list[str]:
    return [f"K{number} p{number}@example.com" for number in range(count)]


def _claimed(post: Mailing, most: int, now: dt.datetime = NOW, *only: str) -> list[str]:
    return [claimed.address.partition("@")[0] for claimed in post.run().claim(most, now, only)]


def _tried_until_given_up(post: Mailing, address: str) -> Iterator[dt.datetime]:
    """Defer a recipient whenever it is due, until it fails; yield the moments."""
    now: dt.datetime | None = NOW
    while now is not None:
        yield now
        post.bring(address, Status.DEFERRED, phase=Phase.RCPT, now=now)
        now = post.reports.next_due(now)


def _moments(handed_over: Iterable[tuple[dt.datetime, str]]) -> list[dt.datetime]:
    return [moment for moment, domain in handed_over if domain == "example.com"]


class Handovers(LedgerKind):
    """One run, or several, and the recipients."""

    def test_claims_follow_the_files(self, post: Mailing) -> None:
        """Nobody was tried yet: the order is that of the files, in portions of the size asked for, each person once.

        In the ledger they wait until a dot is about to leave.
        """
        post.enrol(*_people(7))
        assert _claimed(post, 3) == ["p0", "p1", "p2"]
        assert _claimed(post, 3) == ["p3", "p4", "p5"]
        assert _claimed(post, 3) == ["p6"]
        assert _claimed(post, 3) == []
        assert set(post.statuses().values()) == {Status.PENDING}

    @pytest.mark.parametrize("most", [0, 1, 2, 3, 100])
    def test_claims_are_bounded(self, post: Mailing, most: int) -> None:
        """No more are claimed than were asked for, whether deferred or not."""
        post.enrol(*_people(3))
        post.bring("p1@example.com", Status.DEFERRED)
        assert len(_claimed(post, most, NOW + HOUR)) == min(most, 3)

    def test_deferred_come_first_the_longest_due_before(self, post: Mailing) -> None:
        """Who is due is tried before anybody new, in the order in which they became due, not in that of the files."""
        post.enrol(*_people(5))
        for minute, who in enumerate(("p3", "p1", "p2")):
            post.bring(f"{who}@example.com", Status.DEFERRED, now=NOW + dt.timedelta(minutes=minute))
        assert _claimed(post, 2, NOW + HOUR) == ["p3", "p1"]
        assert _claimed(post, 2, NOW + HOUR) == ["p2", "p0"]

    def test_claims_wait_until_due(self, post: Mailing) -> None:
        """A deferred recipient is claimed from the moment at which it is due, not before."""
        post.enrol(f"K1 {ANNA}")
        post.bring(ANNA, Status.DEFERRED)
        due = NOW + retry_delay(1)
        assert post.reports.next_due(NOW) == due
        assert post.reports.waiting(due - MOMENT) == 0
        assert _claimed(post, 1, due - MOMENT) == []
        assert post.reports.waiting(due) == 1
        assert _claimed(post, 1, due) == ["anna"]
        assert _claimed(post, 1, due) == []

    def test_claims_when_the_clock_was_wrong(self, post: Mailing) -> None:
        """A due date written while the clock was years ahead holds nobody up; one that is an hour ahead is kept."""
        post.enrol(f"K1 {ANNA}", f"K2 {BEN}")
        post.bring(ANNA, Status.DEFERRED, now=NOW + dt.timedelta(days=3650))
        post.bring(BEN, Status.DEFERRED, now=NOW + HOUR)
        assert post.reports.waiting(NOW) == 1
        assert _claimed(post, 9) == ["anna"]

    @pytest.mark.parametrize(
        ("only", "expected"),
        [
            ((), ["p2", "p0", "p1", "p3"]),
            (("p2@example.com",), ["p2"]),
            (("p3@example.com", "p0@example.com"), ["p0", "p3"]),
            (("nobody@example.com",), []),
        ],
    )
    def test_claims_of_some_only(self, post: Mailing, only: tuple[str, ...], expected: list[str]) -> None:
        """With a choice nobody else is claimed, deferred or not; the order stays."""
        post.enrol(*_people(4))
        post.bring("p2@example.com", Status.DEFERRED)
        assert post.reports.waiting(NOW + HOUR, only) == len(expected)
        assert _claimed(post, 9, NOW + HOUR, *only) == expected

    def test_claimed(self, post: Mailing) -> None:
        """A claim carries everything that the message is made of, as it was enrolled."""
        post.enrol("K1 Anna@Example.com Muster")
        claimed = post.claim(ANNA)
        assert (claimed.key, claimed.address, claimed.name, claimed.language) == (
            "K1",
            "Anna@Example.com",
            "Muster",
            "de",
        )
        assert (claimed.salutation, claimed.fields) == ("Guten Tag,", {"contact": {"last_name": "Muster"}})
        assert (claimed.date, claimed.digest) == (None, None)
        assert claimed.message_id == post.row(ANNA)["message_id"]

    def test_begin(self, post: Mailing) -> None:
        """Crossing the line records which message leaves, made from which version, when and through which relay."""
        post.enrol(f"K1 {ANNA}")
        claimed = post.claim(ANNA)
        assert begin(post.run(), claimed.id, "d1", DATE)
        row = post.row(ANNA)
        assert (row["status"], row["digest"], row["version"], row["relay"]) == (Status.IN_FLIGHT, "d1", 1, RELAY)
        assert row["date"] == "2026-12-01T10:00:00+01:00"

    def test_begin_is_fenced(self, post: Mailing) -> None:
        """Without the claim no dot leaves: of another run, twice, after release, for nobody."""
        post.enrol(f"K1 {ANNA}", f"K2 {BEN}", f"K3 {CORA}")
        anna, ben, cora = post.run("run 1").claim(3, NOW)
        assert not begin(post.run("run 2"), anna.id, "d", DATE)
        assert begin(post.run("run 1"), anna.id, "d", DATE)
        assert not begin(post.run("run 1"), anna.id, "d", DATE)
        settle(post.run("run 1"), anna.id, outcome(Status.SENT), NOW)
        assert not begin(post.run("run 1"), anna.id, "d", DATE)
        post.run("run 1").release()
        assert not begin(post.run("run 1"), ben.id, "d", DATE)
        assert not begin(post.run("run 2"), cora.id, "d", DATE)
        assert not begin(post.run("run 1"), 4711, "d", DATE)
        assert post.statuses() == {ANNA: Status.SENT, BEN: Status.PENDING, CORA: Status.PENDING}
        assert [post.row(who)["digest"] for who in (BEN, CORA)] == [None, None]

    def test_frozen_until_another_has_begun(self, post: Mailing) -> None:
        """A run that was frozen while another one recovered and sent can neither send nor settle what it tried."""
        post.enrol(f"K1 {ANNA}", f"K2 {BEN}")
        anna, ben = post.run("frozen").claim(2, NOW)
        assert begin(post.run("frozen"), ben.id, "d", DATE)
        post.transitions.recover(NOW)
        assert post.claim(ANNA, run="other").id == anna.id
        assert begin(post.run("other"), anna.id, "d", DATE)
        assert not begin(post.run("frozen"), anna.id, "d", DATE)
        assert settle(post.run("frozen"), anna.id, outcome(Status.FAILED, Phase.RCPT), NOW) is Status.PENDING
        with pytest.raises(BusyError, match="another run"):
            settle(post.run("frozen"), ben.id, outcome(Status.SENT), NOW)
        assert post.statuses() == {ANNA: Status.IN_FLIGHT, BEN: Status.IN_DOUBT}
        assert [attempt["status"] for attempt in post.attempts()] == [Status.IN_DOUBT]

    def test_suppressed_between_claim_and_dot(self, post: Mailing, tmp_path: Path) -> None:
        """Whoever is suppressed while their message is being written gets no dot, and is set aside at once."""
        post.enrol(f"K1 {ANNA}")
        claimed = post.claim(ANNA)
        with self.opened(tmp_path) as beside:
            Suppressions(beside).add(ANNA, "asked us to", NOW)
        assert post.statuses() == {ANNA: Status.SUPPRESSED}
        assert not begin(post.run(), claimed.id, "d", DATE)
        post.run().release()
        assert post.statuses() == {ANNA: Status.SUPPRESSED}

    def test_listed_between_claim_and_dot(self, post: Mailing) -> None:
        """The list counts too: whoever came on it and waits all the same gets no dot, and is not claimed once more."""
        post.enrol(f"K1 {ANNA}")
        claimed = post.claim(ANNA)
        with post.store.transaction() as db:
            db.execute(f"INSERT INTO suppression VALUES ('{ANNA}', '', '')")  # noqa: S608  # written in this test
        assert not begin(post.run(), claimed.id, "d", DATE)
        assert post.run().claim(1, NOW) == []

    def test_suppressed_between_claim_and_refusal(self, post: Mailing) -> None:
        """What the relay said of whoever was suppressed meanwhile, before the dot, changes nothing and stops nobody."""
        post.enrol(f"K1 {ANNA}", f"K2 {BEN}")
        anna, ben = post.run().claim(2, NOW)
        Suppressions(post.store).add(ANNA, "asked us to", NOW)
        failed = outcome(Status.FAILED, Phase.RCPT)
        statuses, _ = post.run().record([(anna.id, failed), (ben.id, failed)], [], NOW)
        assert statuses == [Status.PENDING, Status.FAILED]
        assert post.statuses() == {ANNA: Status.SUPPRESSED, BEN: Status.FAILED}
        assert [attempt["recipient"] for attempt in post.attempts()] == [ben.id]

    @pytest.mark.parametrize(
        ("phase", "status", "due"),
        [
            (Phase.RCPT, Status.DEFERRED, True),
            (Phase.RCPT, Status.FAILED, False),
            (Phase.MAIL, Status.PENDING, True),
            (Phase.DOT, Status.SENT, False),
            (Phase.DOT, Status.DEFERRED, True),
            (Phase.DOT, Status.FAILED, False),
            (Phase.DOT, Status.IN_DOUBT, False),
            (Phase.DOT, Status.PENDING, True),
        ],
    )
    def test_settle(self, post: Mailing, phase: Phase, status: Status, *, due: bool) -> None:
        """What the try came to is the recipient's new status, and an attempt with the relay's own words."""
        post.enrol(f"K1 {ANNA}")
        claimed = post.claim(ANNA)
        if phase is Phase.DOT:
            begin(post.run(), claimed.id, "d1", DATE)
        what = replace(outcome(status, phase), scope=Scope.RELAY)
        assert settle(post.run(), claimed.id, what, NOW) is status
        assert post.statuses() == {ANNA: status}
        assert bool(post.row(ANNA)["due"]) == due
        (attempt,) = post.attempts()
        del attempt["id"], attempt["recipient"]
        assert attempt == {
            "time": "2026-12-01T09:00:00.000000+00:00",
            "address": ANNA,
            "relay": RELAY,
            "phase": str(phase),
            "reply": str(what.answer),
            "status": str(status),
            "scope": "" if status is Status.SENT else "relay",
            "message_id": claimed.message_id,
        }

    @pytest.mark.parametrize("status", [Status.SENT, Status.IN_DOUBT])
    def test_settle_needs_a_dot(self, post: Mailing, status: Status) -> None:
        """Nobody for whom no dot has left can be sent to or in doubt: the ledger refuses, and stays as it was."""
        post.enrol(f"K1 {ANNA}")
        claimed = post.claim(ANNA)
        with pytest.raises(Exception, match="no such transition"):
            settle(post.run(), claimed.id, outcome(status), NOW)
        assert post.statuses() == {ANNA: Status.PENDING}
        assert post.attempts() == []

    @pytest.mark.parametrize("status", [Status.SENT, Status.FAILED, Status.DEFERRED, Status.PENDING])
    def test_settle_once(self, post: Mailing, status: Status) -> None:
        """What is settled is not settled again, so that no answer is booked on a second try."""
        post.enrol(f"K1 {ANNA}")
        claimed = post.claim(ANNA)
        begin(post.run(), claimed.id, "d1", DATE)
        settle(post.run(), claimed.id, outcome(status), NOW)
        with pytest.raises(BusyError):
            settle(post.run(), claimed.id, outcome(Status.SENT), NOW)
        assert len(post.attempts()) == 1

    def test_deferrals(self, post: Mailing) -> None:
        """A recipient is tried ever more rarely, until five days after its first deferral; the next one is its last."""
        post.enrol(f"K1 {ANNA}")
        moments = list(_tried_until_given_up(post, ANNA))
        waits, now = [later - earlier for earlier, later in pairwise(moments)], moments[-1]
        assert waits == [retry_delay(number + 1) for number in range(len(waits))]
        assert LONGEST_DEFERRAL < now - NOW <= LONGEST_DEFERRAL + retry_delay(99)
        assert [attempt["status"] for attempt in post.attempts()] == [Status.DEFERRED] * len(waits) + [Status.FAILED]
        assert post.attempts()[-1]["reply"] == "451 4.7.1 Greylisted"

    @pytest.mark.parametrize(
        ("then", "due"),
        [
            pytest.param([6 * DAY], 6 * DAY + retry_delay(2), id="a pause of six days"),
            pytest.param([2 * DAY, 4 * DAY, 6 * DAY], 6 * DAY + retry_delay(4), id="pauses of two days"),
            pytest.param([365 * DAY, 2 * HOUR], 2 * HOUR + retry_delay(3), id="a clock ahead by a year, set right"),
            pytest.param([-365 * DAY, HOUR], HOUR + retry_delay(3), id="a clock behind by a year, set right"),
        ],
    )
    def test_days_without_a_try_are_not_charged(
        self, post: Mailing, then: list[dt.timedelta], due: dt.timedelta
    ) -> None:
        """Deferred once, and again when days have passed or a clock says so, a recipient waits for its next try."""
        post.enrol(f"K1 {ANNA}")
        for moment in (dt.timedelta(), *then):
            assert post.bring(ANNA, Status.DEFERRED, phase=Phase.RCPT, now=NOW + moment) is Status.DEFERRED
        assert post.row(ANNA)["due"] == (NOW + due).isoformat(timespec="microseconds")

    def test_the_relays_trouble_costs_no_try(self, post: Mailing) -> None:
        """An outage of two weeks, met at every phase, makes nobody wait longer and ends nobody's five days."""
        post.enrol(f"K1 {ANNA}")
        for day in range(14):
            phase = Phase.DOT if day % 2 else Phase.MAIL
            post.bring(ANNA, Status.PENDING, phase=phase, now=NOW + dt.timedelta(days=day))
        later = NOW + dt.timedelta(days=14)
        post.bring(ANNA, Status.DEFERRED, now=later)
        assert post.reports.next_due(later) == later + retry_delay(1)

    @pytest.mark.parametrize("how", ["retry", "word", "doubt", "deadline"])
    def test_waits_begin_anew(self, post: Mailing, how: str) -> None:
        """Whoever failed, was in doubt or expired, and waits again, begins with the shortest wait and five days."""
        post.enrol(f"K1 {ANNA}")
        later = NOW + 6 * DAY
        if how in {"retry", "word"}:
            assert max(_tried_until_given_up(post, ANNA)) < later
            assert post.statuses() == {ANNA: Status.FAILED}
        else:
            for number in range(3):
                post.bring(ANNA, Status.DEFERRED, now=NOW + number * HOUR)
        if how == "doubt":
            post.bring(ANNA, Status.IN_DOUBT, now=later)
        elif how == "deadline":
            post.transitions.expire(later)
        if how == "retry":
            assert post.transitions.retry_failed() == 1
        elif how == "deadline":
            assert post.transitions.unexpire() == 1
        else:
            post.resolve(ANNA, Word.AGAIN, later)
        post.bring(ANNA, Status.DEFERRED, now=later)
        assert post.reports.next_due(later) == later + retry_delay(1)

    @pytest.mark.parametrize("status", [Status.DEFERRED, Status.PENDING])
    def test_the_same_message_leaves_again(self, post: Mailing, status: Status) -> None:
        """Refused after the dot, the message is tried again with the Date, its zone and the digest that it had."""
        post.enrol(f"K1 {ANNA}")
        post.bring(ANNA, status)
        claimed = post.claim(ANNA, NOW + HOUR)
        assert (claimed.digest, claimed.date) == ("d1", DATE)
        assert claimed.date is not None
        assert claimed.date.isoformat() == DATE.isoformat()

    def test_one_odd_message_does_not_hold_up_the_others(self, post: Mailing) -> None:
        """Whose try ended the run, by the relay's trouble, comes behind everybody who was not tried yet."""
        post.enrol(f"K1 {ANNA}", f"K2 {BEN}", f"K3 {CORA}")
        post.bring(ANNA, Status.PENDING, phase=Phase.RCPT)
        assert [claimed.key for claimed in post.run("run 2").claim(3, NOW + HOUR)] == ["K2", "K3", "K1"]

    @pytest.mark.parametrize("dies", [True, False])
    def test_two_odd_messages_do_not_hold_up_the_others(self, post: Mailing, *, dies: bool) -> None:
        """Given back untried, or left by a run that died, everybody keeps their place: no two take turns in front."""
        post.enrol(*_people(4))
        tried = []
        for number in range(3):
            run, now = post.run(f"run {number}"), NOW + number * HOUR
            first, *_ = run.claim(4, now)
            tried.append(first.key)
            settle(run, first.id, outcome(Status.PENDING, Phase.RCPT), now)
            if dies:
                post.transitions.recover(now)
            else:
                run.release()
        assert tried == ["K0", "K1", "K2"]
        later = post.run("run 3").claim(4, NOW + 9 * HOUR)
        assert [claimed.key for claimed in later] == ["K3", "K0", "K1", "K2"]

    def test_another_message_after_a_deferral_before_the_dot(self, post: Mailing) -> None:
        """Refused before the dot nothing had left, and the next message may be another one."""
        post.enrol(f"K1 {ANNA}")
        post.bring(ANNA, Status.DEFERRED, phase=Phase.RCPT)
        claimed = post.claim(ANNA, NOW + HOUR)
        assert (claimed.digest, claimed.date) == (None, None)

    def test_release(self, post: Mailing) -> None:
        """What a run has claimed and not handed over it gives back; what it handed over stays."""
        post.enrol(*_people(4))
        first, second, _ = post.run("run 1").claim(3, NOW)
        begin(post.run("run 1"), first.id, "d", DATE)
        begin(post.run("run 1"), second.id, "d", DATE)
        settle(post.run("run 1"), second.id, outcome(Status.SENT), NOW)
        assert post.run("run 1").release() == 1
        assert list(post.statuses().values()) == [Status.IN_FLIGHT, Status.SENT, Status.PENDING, Status.PENDING]
        assert post.run("run 1").release() == 0
        assert [claimed.key for claimed in post.run("run 1").claim(9, NOW)] == ["K2", "K3"]

    def test_recover(self, post: Mailing) -> None:
        """After a crash whoever was only claimed still waits; whoever was being handed over is in doubt, once."""
        post.enrol(*_people(4))
        other = post.another("weihnachten")
        other.enrol(*_people(1))
        other.bring("p0@example.com", Status.IN_FLIGHT)
        first, *_ = post.run().claim(3, NOW)
        begin(post.run(), first.id, "d1", DATE)
        assert post.transitions.recover(NOW + HOUR) == (0, 1)
        assert list(post.statuses().values()) == [Status.IN_DOUBT] + [Status.PENDING] * 3
        assert (post.row("p0@example.com")["digest"], post.row("p0@example.com")["date"]) == ("d1", DATE.isoformat())
        (attempt,) = post.attempts()
        assert (attempt["status"], attempt["relay"], attempt["phase"]) == (Status.IN_DOUBT, RELAY, Phase.DOT)
        assert attempt["time"] == (NOW + HOUR).isoformat(timespec="microseconds")
        assert post.transitions.recover(NOW) == (0, 0)
        assert other.statuses() == {"p0@example.com": Status.IN_FLIGHT}

    def test_expire(self, post: Mailing) -> None:
        """At the deadline everybody who waits expires, claimed or not, with an attempt that says so; nobody else."""
        post.enrol(*_people(6))
        for who, status in enumerate((Status.DEFERRED, Status.SENT, Status.FAILED, Status.IN_DOUBT, Status.CLAIMED)):
            post.bring(f"p{who}@example.com", status)
        made = len(post.attempts())
        assert post.transitions.expire(NOW) == 3
        assert list(post.statuses().values()) == ["expired", "sent", "failed", "in_doubt", "expired", "expired"]
        assert [attempt["status"] for attempt in post.attempts()[made:]] == [Status.EXPIRED] * 3
        assert not begin(post.run(), post.row("p4@example.com")["id"], "d", DATE)
        assert post.transitions.expire(NOW) == 0
        assert post.transitions.unexpire() == 3
        assert [row["due"] for row in post.rows() if row["status"] == Status.PENDING] == ["", "", ""]
        assert post.transitions.unexpire() == 0

    @pytest.mark.parametrize("status", [Status.EXPIRED, Status.FAILED])
    def test_nobody_suppressed_waits_again(self, post: Mailing, status: Status) -> None:
        """Whoever was suppressed after they expired or failed does not come back to waiting, and is not counted."""
        post.enrol(f"K1 {ANNA}", f"K2 {BEN}")
        if status is Status.EXPIRED:
            post.transitions.expire(NOW)
        else:
            post.bring(ANNA, Status.FAILED)
            post.bring(BEN, Status.FAILED)
        Suppressions(post.store).add(ANNA, "", NOW)
        assert post.transitions.unexpire() + post.transitions.retry_failed() == 1
        assert post.statuses() == {ANNA: Status.SUPPRESSED, BEN: Status.PENDING}

    def test_who_opted_out_since_stays_expired(self, post: Mailing) -> None:
        """A later deadline brings nobody back who wants no mail by now."""
        post.enrol(f"K1 {ANNA}", f"K2 {BEN}")
        post.transitions.expire(NOW)
        post.give(replace(given(f"K1 {ANNA}"), opted_out="Opt-out: yes"), given(f"K2 {BEN}"))
        assert post.transitions.unexpire() == 1
        assert post.statuses() == {ANNA: Status.EXPIRED, BEN: Status.PENDING}

    def test_retry_failed_keeps_the_message(self, post: Mailing) -> None:
        """Tried again by no word about the one address, a message that was put off for five days must be the same."""
        post.enrol(f"K1 {ANNA}")
        later = NOW
        while post.bring(ANNA, Status.DEFERRED, now=later) is Status.DEFERRED:
            later += dt.timedelta(days=1)
        assert post.transitions.retry_failed() == 1
        assert post.claim(ANNA, later).digest == "d1"

    @pytest.mark.parametrize("before", [None, Status.DEFERRED])
    def test_lost_before_the_dot(self, post: Mailing, before: Status | None) -> None:
        """When the connection is found lost after the mark, no dot has left: only an earlier one keeps the message."""
        post.enrol(f"K1 {ANNA}")
        now = NOW
        if before:
            post.bring(ANNA, before, digest="d1")
            now = NOW + DAY
        claimed = post.claim(ANNA, now, "run 2")
        assert begin(post.run("run 2"), claimed.id, "d1", DATE)
        settle(post.run("run 2"), claimed.id, outcome(Status.PENDING, Phase.BODY), now)
        assert post.row(ANNA)["digest"] == ("d1" if before else None)
        assert (post.row(ANNA)["date"] is None) == (before is None)

    @pytest.mark.parametrize("status", [Status.FAILED, Status.PENDING])
    def test_refused_after_the_dot(self, post: Mailing, status: Status) -> None:
        """A message that was refused for good is nobody's: it may be mended, and nobody counts as reached by it."""
        post.enrol(f"K1 {ANNA}")
        anna = post.claim(ANNA)
        assert begin(post.run(), anna.id, "d1", DATE)
        refused = Reply(554, ("5.7.1 Message refused",))
        settle(post.run(), anna.id, replace(outcome(status), answer=refused), NOW)
        row = post.row(ANNA)
        assert (row["status"], row["digest"], row["date"]) == (status, None, None)
        assert row["message_id"] == anna.message_id
        assert not Versions(post.store).anybody_reached(post.record)

    def test_taken_back(self, post: Mailing) -> None:
        """Who failed by no fault of theirs waits again, as a new message behind all others; it is no try."""
        post.enrol(f"K1 {ANNA}", f"K2 {BEN}", f"K3 {CORA}", "K4 dora@example.com")
        post.bring(ANNA, Status.FAILED)
        why = outcome(Status.FAILED, Phase.RCPT)
        anna = post.row(ANNA)["id"]
        dora = post.claim("dora@example.com", run="run 2")
        post.run("run 2").record([(dora.id, outcome(Status.PENDING, Phase.MAIL))], [], NOW, ([anna], why))
        assert post.statuses()[ANNA] == Status.FAILED, "it was another run's"
        ben = post.claim(BEN)
        post.run().record([(ben.id, why)], [], NOW, ([anna, 999], why))
        assert post.statuses() == {ANNA: "pending", BEN: "failed", CORA: "pending", "dora@example.com": "pending"}
        assert (post.row(ANNA)["digest"], post.attempts()[-1]["reply"]) == (None, f"taken back: {why.answer}")
        assert len(list(post.history().handed_over(99, NOW, NEVER))) == 3
        assert [claimed.key for claimed in post.run().claim(9, NOW)] == ["K3", "K1", "K4"]

    @pytest.mark.parametrize("phase", [Phase.RCPT, Phase.DOT])
    def test_deferral_taken_back(self, post: Mailing, phase: Phase) -> None:
        """Who was deferred by no fault of theirs waits behind all others, with the message whose dot has left."""
        post.enrol(f"K1 {ANNA}", f"K2 {BEN}", f"K3 {CORA}")
        post.bring(ANNA, Status.DEFERRED, phase=phase)
        why, anna = outcome(Status.DEFERRED, phase), post.row(ANNA)["id"]
        dora = post.claim(CORA, run="run 2")
        post.run("run 2").record([(dora.id, outcome(Status.PENDING, Phase.MAIL))], [], NOW, ([anna], why))
        assert post.statuses()[ANNA] == Status.DEFERRED, "it was another run's"
        post.run().record([(post.claim(BEN).id, why)], [], NOW + MOMENT, ([anna, post.row(BEN)["id"]], why))
        assert post.statuses() == {ANNA: "pending", BEN: "pending", CORA: "pending"}
        assert post.row(ANNA)["digest"] == ("d1" if phase is Phase.DOT else None)
        assert [(one["status"], one["phase"], one["reply"]) for one in post.attempts()[-2:]] == [
            ("pending", "", f"taken back: {why.answer}")
        ] * 2
        assert [claimed.key for claimed in post.run().claim(9, NOW + HOUR)] == ["K3", "K1", "K2"]

    def test_a_deferral_taken_back_counts_no_more(self, post: Mailing) -> None:
        """Neither the waits that grow nor the five days know of it; what was deferred before it does count."""
        post.enrol(f"K1 {ANNA}")
        post.bring(ANNA, Status.DEFERRED, phase=Phase.RCPT)
        days = dt.timedelta(days=1)
        deferred, anna = outcome(Status.DEFERRED, Phase.RCPT), post.row(ANNA)["id"]
        for day in range(1, 4):
            claimed = post.claim(ANNA, NOW + day * days)
            post.run().record([(claimed.id, deferred)], [], NOW + day * days, ([anna], deferred))
        later = NOW + 4 * days
        settle(post.run(), post.claim(ANNA, later).id, deferred, later)
        assert post.reports.next_due(later) == later + retry_delay(2)
        other = post.another("weihnachten")
        other.enrol(f"K1 {ANNA}")
        claimed = other.claim(ANNA)
        other.run().record([(claimed.id, deferred)], [], NOW, ([claimed.id], deferred))
        assert other.bring(ANNA, Status.DEFERRED, phase=Phase.RCPT, now=NOW + 6 * days) is Status.DEFERRED
        assert other.reports.next_due(NOW + 6 * days) == NOW + 6 * days + retry_delay(1)

    def test_handed_over(self, post: Mailing) -> None:
        """The rates count what the relay was asked to take, whatever it said; no word of the user, no other relay."""
        post.enrol(*_people(9))
        asked = [
            (Status.FAILED, Phase.RCPT),
            (Status.SENT, Phase.DOT),
            (Status.PENDING, Phase.MAIL),
            (Status.DEFERRED, Phase.DATA),
            (Status.IN_DOUBT, Phase.DOT),
        ]
        for number, (status, phase) in enumerate(asked):
            post.bring(f"p{number}@example.com", status, phase=phase, now=NOW + number * HOUR)
        post.resolve("p4@example.com", Word.SENT)
        elsewhere = post.run(relay="other.example:465")
        (claimed,) = elsewhere.claim(1, NOW, ["p6@example.com"])
        settle(elsewhere, claimed.id, outcome(Status.FAILED, Phase.RCPT), NOW)
        post.transitions.expire(NOW)
        moments = [NOW + number * HOUR for number in range(5)]
        assert _moments(post.history().handed_over(99, NOW, NEVER)) == moments
        assert _moments(post.history().handed_over(2, NOW, NEVER)) == moments[-2:]
        assert _moments(post.history().handed_over(99, NOW + 2 * HOUR + MOMENT, NEVER)) == moments[3:]
        assert _moments(post.history().handed_over(99, NOW, NOW + 2 * HOUR)) == moments[:3]
        assert _moments(post.history("other.example:465").handed_over(99, NOW, NEVER)) == [NOW]

    def test_answers(self, post: Mailing) -> None:
        """The latest answers to the dot, the oldest first, and which were lost: not what is settled, or our doing."""
        people = _people(9)
        post.enrol(*people)

        def lose(number: int, seconds: float, reply: str = "the connection was closed") -> None:
            claimed = post.claim(f"p{number}@example.com")
            begin(post.run(), claimed.id, "d1", DATE)
            what = replace(outcome(Status.IN_DOUBT, Phase.DOT), answer=Loss(reply))
            settle(post.run(), claimed.id, what, NOW + dt.timedelta(seconds=seconds))

        post.bring("p0@example.com", Status.SENT)
        for number, seconds in ((1, 60), (2, 70)):
            lose(number, seconds)
        lose(3, 80, "the connection was ended here")
        lose(4, 90, "the run ended before the answer was recorded")
        post.bring("p5@example.com", Status.FAILED, phase=Phase.RCPT, now=NOW + dt.timedelta(seconds=100))
        lost = [NOW + dt.timedelta(seconds=seconds) for seconds in (60, 70)]
        assert post.history().answers(20) == [(NOW, False), (lost[0], True), (lost[1], True)]
        assert post.history().answers(1) == [(lost[1], True)]
        assert post.history("other.example:465").answers(20) == []
        post.resolve("p1@example.com", Word.SENT)
        assert [is_lost for _, is_lost in post.history().answers(20)] == [False, False, True]

    def test_handed_over_to_a_domain(self, post: Mailing) -> None:
        """However many have left to others since, the latest to each domain are told, and no more than asked for."""
        people = [*(f"p{n}@a.example" for n in range(4)), *(f"p{n}@b.example" for n in range(4)), "p@C.example"]
        post.enrol(*(f"K{number} {address}" for number, address in enumerate(people)))
        for number, address in enumerate(people):
            post.bring(address.lower(), Status.SENT, now=NOW + number * HOUR)
        told = post.history().handed_over(1, NOW, NEVER, to_a_domain=2)
        assert told == [(NOW + number * HOUR, people[number].partition("@")[2].lower()) for number in (2, 3, 6, 7, 8)]
        assert len(post.history().handed_over(3, NOW, NEVER, to_a_domain=1)) == 4
        assert [domain for _, domain in post.history().handed_over(0, NOW, NEVER, to_a_domain=9)].count(
            "a.example"
        ) == 4

    def test_handed_over_counts_for_every_campaign(self, post: Mailing) -> None:
        """The relay does not care which campaign a message is of."""
        post.enrol(f"K1 {ANNA}")
        post.bring(ANNA, Status.SENT)
        assert _moments(post.another("weihnachten").history().handed_over(99, NOW, NEVER)) == [NOW]

    def test_one_that_is_fenced_does_not_hold_up_the_others(self, post: Mailing) -> None:
        """Of those who share a commit each gets its own answer."""
        post.enrol(*[f"K{number} p{number}@example.com" for number in range(6)])
        run = post.run()
        claimed = run.claim(6, NOW)
        Suppressions(post.store).add("p3@example.com", "", NOW)
        _, begun = run.record([], [Leaving(recipient.id, "d", DATE) for recipient in claimed], NOW)
        assert begun == [True, True, True, False, True, True]

    def test_a_failure_undoes_what_shares_it(self, post: Mailing) -> None:
        """When a shared transaction fails none of it is durable, and the ledger is not written to any more."""
        post.enrol(*[f"K{number} p{number}@example.com" for number in range(6)])
        run = post.run()
        claimed = run.claim(6, NOW)
        beyond = [Leaving(recipient.id, "d", DATE) for recipient in claimed[1:4]]
        with pytest.raises(WriteError):
            # the second is an arrow that does not exist
            run.record([(claimed[5].id, outcome(Status.PENDING)), (claimed[0].id, outcome(Status.SENT))], beyond, NOW)
        assert {row["digest"] for row in post.rows()} == {None}
        assert set(post.statuses().values()) == {Status.PENDING}
        with pytest.raises(WriteError):
            begin(run, claimed[1].id, "d", DATE)

    def test_a_lease_that_is_gone_undoes_what_shares_it(self, post: Mailing) -> None:
        """The store itself goes on."""
        post.enrol("K1 anna@example.com", "K2 ben@example.com")
        (anna,), run = post.run("run 0").claim(1, NOW), post.run()
        (ben,) = run.claim(1, NOW, [BEN])
        with pytest.raises(BusyError):
            run.record([(anna.id, outcome(Status.FAILED, Phase.RCPT))], [Leaving(ben.id, "d", DATE)], NOW)
        assert set(post.statuses().values()) == {Status.PENDING}
        assert begin(run, ben.id, "d", DATE)
