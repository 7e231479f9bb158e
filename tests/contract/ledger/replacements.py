"""Who failed and stands in the files at a mended address is one recipient, with a key or without."""

from __future__ import annotations

from dataclasses import replace

import pytest

from notify.core.outcome import Phase
from notify.core.status import Status
from notify.ledger import Given
from tests.contract.ledger.base import LedgerKind
from tests.unit.ledger.mailing import Mailing, given

OLD, NEW, BEN = "anna@exmaple.com", "anna@example.com", "ben@example.com"


def _row(line: int, row: str, person: str = "") -> Given:
    return replace(given(row, f"people.csv:{line}"), person=person)


def _give(post: Mailing, *rows: Given) -> int:
    post.give(*rows)
    return post.replaced


class Replacements(LedgerKind):
    """What becomes of somebody who failed, when the address is mended in the files."""

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            # the same person, wherever it stands now
            (_row(2, f"- {OLD} Anna Muster", "p1"), _row(7, f"- {NEW} Anna Muster-Neu", "p1")),
            # the same line and name; also where there are no names
            (_row(2, f"- {OLD} Anna Muster"), _row(2, f"- {NEW} Anna Muster")),
            (_row(2, f"- {OLD}"), _row(2, f"- {NEW}")),
            # the same name in another line, or in a new file
            (_row(2, f"- {OLD} Anna Muster"), _row(7, f"- {NEW} ANNA Muster")),
        ],
    )
    def test_one_and_the_same(self, post: Mailing, before: Given, after: Given) -> None:
        """It waits again with a new message, and what was tried before stays on record."""
        _give(post, before, _row(3, f"- {BEN} Ben"))
        post.bring(OLD, Status.FAILED)
        failed = post.row(OLD)["message_id"]
        assert _give(post, after, _row(3, f"- {BEN} Ben")) == 1
        assert post.statuses() == {NEW: "pending", BEN: "pending"}
        anna = post.row(NEW)
        assert anna["message_id"] != failed
        assert (anna["digest"], anna["origin"]) == (None, after.origin)
        assert [attempt["address"] for attempt in post.attempts()] == [OLD]
        assert post.bring(NEW, Status.SENT) is Status.SENT

    @pytest.mark.parametrize(
        "after",
        [
            # somebody else in the same line, or two who may be meant
            [_row(2, f"- {NEW} Cora Probe")],
            [_row(4, f"- {NEW} Anna Muster"), _row(5, "- anna@example.org Anna Muster")],
            # she is still there
            [_row(2, f"- {OLD} Anna Muster"), _row(4, f"- {NEW} Anna Muster")],
        ],
    )
    def test_somebody_else(self, post: Mailing, after: list[Given]) -> None:
        """Who may be somebody else is new, and who failed has failed."""
        _give(post, _row(2, f"- {OLD} Anna Muster"))
        post.bring(OLD, Status.FAILED)
        assert _give(post, *after) == 0
        assert post.statuses() == {OLD: "failed", **{row.address: "pending" for row in after if row.address != OLD}}

    def test_two_of_one_name(self, post: Mailing) -> None:
        """Where a name says too little, the line may tell."""
        both = [_row(2, f"- {OLD} Anna Muster"), _row(3, "- muster@exmaple.com Anna Muster")]
        _give(post, *both)
        for row in both:
            post.bring(row.address, Status.FAILED, phase=Phase.RCPT)
        assert _give(post, _row(2, f"- {NEW} Anna Muster"), _row(3, "- muster@example.com Anna Muster")) == 2
        assert [(row["address"], row["origin"]) for row in post.rows()] == [
            (NEW, "people.csv:2"),
            ("muster@example.com", "people.csv:3"),
        ]

    @pytest.mark.parametrize("status", [Status.SENT, Status.IN_DOUBT, Status.DEFERRED, Status.PENDING])
    def test_only_who_failed(self, post: Mailing, status: Status) -> None:
        """Who was reached, or still waits, is no business of this rule."""
        _give(post, _row(2, f"- {OLD} Anna Muster"))
        post.bring(OLD, status)
        assert _give(post, _row(2, f"- {NEW} Anna Muster")) == 0
        assert set(post.statuses()) == {OLD, NEW}

    @pytest.mark.parametrize(("key", "replaced"), [("K1", 0), ("K9", 1)])
    def test_with_a_key(self, post: Mailing, key: str, replaced: int) -> None:
        """Nobody was reached there, so a mended address is no move that leaves somebody out; nor is it with a new key.

        Where somebody else was, it is, and who failed has failed.
        """
        post.enrol(f"K1 {OLD} Anna Muster", f"K2 {BEN} Ben")
        post.bring(OLD, Status.FAILED)
        post.bring(BEN, Status.SENT)
        moved = given("K2 ben@example.net Ben", "people.csv:3")
        assert _give(post, _row(2, f"{key} {NEW} Anna Muster"), moved) == replaced
        assert (post.statuses(), post.left_out) == ({NEW: "pending", BEN: "sent"}, 1)
        post.bring(NEW, Status.FAILED)
        assert _give(post, _row(2, f"{key} {BEN} Anna Muster"), moved) == 0
        assert post.statuses() == {NEW: "failed", BEN: "sent"}

    def test_without_names_but_with_keys(self, post: Mailing) -> None:
        """In a list without names another key in the same line is somebody else."""
        _give(post, _row(2, f"K1 {OLD}"))
        post.bring(OLD, Status.FAILED)
        assert _give(post, _row(2, f"K9 {NEW}")) == 0
        assert post.statuses() == {OLD: "failed", NEW: "pending"}

    def test_a_row_that_is_left_out(self, post: Mailing) -> None:
        """Who failed and stands at an address now where somebody else was reached has not left.

        So nobody new is taken for them, who would have another key, and hide who had that address before.
        """
        _give(post, _row(2, f"K1 {OLD}"), _row(3, f"K2 {BEN}"))
        post.bring(OLD, Status.FAILED)
        post.bring(BEN, Status.SENT)
        rows = _row(2, f"K9 {NEW}"), _row(3, "K2 ben@example.net"), _row(4, f"K1 {BEN}")
        assert _give(post, *rows) == 0
        assert post.statuses() == {OLD: "failed", NEW: "pending", BEN: "sent"}
        # and Ben moves on
        rows = _row(2, f"K9 {NEW}"), _row(3, "K2 ben@example.org"), _row(4, f"K1 {BEN}")
        assert _give(post, *rows) == 0
        assert post.statuses() == {OLD: "failed", NEW: "pending", BEN: "sent"}

    def test_who_opted_out_since(self, post: Mailing) -> None:
        """A mended address whose owner wants no mail is not written to."""
        _give(post, _row(2, f"- {OLD} Anna Muster"))
        post.bring(OLD, Status.FAILED)
        assert _give(post, replace(_row(2, f"- {NEW} Anna Muster"), opted_out="Opt-out: yes")) == 1
        assert post.statuses() == {NEW: "suppressed"}
