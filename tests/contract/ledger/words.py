"""The user's words: about a doubt, about a refusal, and about who must not be written to."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from notify.core.status import Status
from notify.ledger import Suppressed, Suppressions, Word
from tests.contract.ledger.base import LedgerKind
from tests.unit.ledger.mailing import DATE, NOW, Mailing

ANNA, BEN = "anna@example.com", "ben@example.com"
LATER = NOW + dt.timedelta(hours=3)


class UsersWord(LedgerKind):
    """What the user says about recipients."""

    @pytest.mark.parametrize("word", Word)
    @pytest.mark.parametrize(
        "status",
        [
            Status.PENDING,
            Status.IN_FLIGHT,
            Status.SENT,
            Status.DEFERRED,
            Status.FAILED,
            Status.IN_DOUBT,
        ],
    )
    def test_resolve(self, post: Mailing, status: Status, word: Word) -> None:
        """A doubt is settled by either word, a refusal can be tried again; nothing else is changed by a word."""
        post.enrol(f"K1 {ANNA}")
        if status is not Status.PENDING:
            post.bring(ANNA, status)
        before, made = post.row(ANNA), len(post.attempts())
        assert post.resolve(ANNA, word, LATER) is status
        if status is Status.IN_DOUBT or (status is Status.FAILED and word is Word.AGAIN):
            assert post.row(ANNA)["status"] == (Status.SENT if word is Word.SENT else Status.PENDING)
            (attempt,) = post.attempts()[made:]
            assert (attempt["relay"], attempt["status"], attempt["scope"]) == ("you", post.row(ANNA)["status"], "")
            assert attempt["time"] == LATER.isoformat(timespec="microseconds")
            assert "by you" in attempt["reply"]
        else:
            assert post.row(ANNA) == before
            assert len(post.attempts()) == made

    def test_resolved_as_sent(self, post: Mailing) -> None:
        """By the user's word it arrived: that message, with its date and digest, and nothing is sent again."""
        post.enrol(f"K1 {ANNA}")
        post.bring(ANNA, Status.IN_DOUBT)
        post.resolve(ANNA, Word.SENT)
        assert (post.row(ANNA)["digest"], post.row(ANNA)["date"]) == ("d1", DATE.isoformat())
        assert post.run().claim(9, LATER) == []

    def test_resolved_to_be_sent_again(self, post: Mailing) -> None:
        """Sent again by the user's word it is a new message, at once, with the same Message-ID for whoever got both."""
        post.enrol(f"K1 {ANNA}")
        post.bring(ANNA, Status.IN_DOUBT)
        named = post.row(ANNA)["message_id"]
        post.resolve(ANNA, Word.AGAIN)
        claimed = post.claim(ANNA)
        assert (claimed.digest, claimed.date, claimed.message_id) == (None, None, named)

    def test_resolve_nobody(self, post: Mailing) -> None:
        """An address that is not in this campaign is told apart; it may be in another one."""
        other = post.another("weihnachten")
        other.enrol(f"K1 {ANNA}")
        other.bring(ANNA, Status.IN_DOUBT)
        assert post.resolve(ANNA, Word.SENT) is None
        assert other.statuses() == {ANNA: Status.IN_DOUBT}

    @pytest.mark.parametrize("status", [status for status in Status if status is not Status.CLAIMED])
    def test_suppress(self, post: Mailing, status: Status) -> None:
        """Whoever waits is set aside at once in all campaigns; what was sent, or is on its way, stays what it is."""
        other = post.another("weihnachten")
        for campaign in (post, other):
            campaign.enrol(f"K1 {ANNA}", f"K2 {BEN}")
        if status is Status.EXPIRED:
            post.transitions.expire(NOW)
        elif status is Status.WITHDRAWN:
            post.enrol()
        elif status not in {Status.PENDING, Status.SUPPRESSED}:
            post.bring(ANNA, status)
        suppressions = Suppressions(post.store)
        assert suppressions.add(ANNA, "asked us to", NOW)
        waits = status in {Status.PENDING, Status.DEFERRED, Status.SUPPRESSED}
        assert post.row(ANNA)["status"] == (Status.SUPPRESSED if waits else status)
        assert post.row(ANNA)["due"] == ""
        assert other.statuses() == {ANNA: Status.SUPPRESSED, BEN: Status.PENDING}
        assert suppressions.remove(ANNA)
        assert post.row(ANNA)["status"] == (Status.PENDING if waits else status)
        assert other.statuses() == {ANNA: Status.PENDING, BEN: Status.PENDING}

    def test_suppression_list(self, post: Mailing) -> None:
        """The list keeps the first reason and date, tells what was new, and is read in the order of the addresses."""
        suppressions = Suppressions(post.store)
        assert suppressions.add(BEN, "Grüße, bitte nicht mehr", NOW)
        assert not suppressions.add(BEN, "again", LATER)
        assert suppressions.add(ANNA, "", LATER)
        entries = [Suppressed(ANNA, "", LATER), Suppressed(BEN, "Grüße, bitte nicht mehr", NOW)]
        assert list(suppressions.all()) == entries
        assert suppressions.find(BEN) == entries[1]
        assert suppressions.find("cora@example.com") is None
        assert suppressions.remove(BEN)
        assert not suppressions.remove(BEN)
        assert list(suppressions.all()) == entries[:1]

    def test_adopt(self, post: Mailing, tmp_path: Path) -> None:
        """A rehearsal's list becomes that of the campaign, with reasons and dates, and what it had of its own goes."""
        real = Suppressions(post.store)
        real.add(ANNA, "asked us to", NOW)
        with self.opened(tmp_path / "rehearsal") as store:
            own = Suppressions(store)
            own.add(BEN, "", NOW)
            own.adopt(real)
            assert list(own.all()) == list(real.all()) == [Suppressed(ANNA, "asked us to", NOW)]
