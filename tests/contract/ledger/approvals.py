"""Approvals in the ledger: kept as they were given, sealed, and compared message by message."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import pytest

from notify.core.approval import Approval, Marks
from notify.core.status import Status
from notify.ledger import Approvals, Suppressions
from tests.contract.ledger.base import LedgerKind
from tests.unit.ledger.mailing import NOW, Mailing, given

PARTS = {"message.de.md": "Grüße", "change": 'new.iban = "DE89 3704 0044 0532 0130 00"'}


def _approvals(post: Mailing) -> Approvals:
    return Approvals(post.store, post.record)


def _given(post: Mailing, name: str = "Anna Muster", *, is_alone: bool = False, now: dt.datetime = NOW) -> Approval:
    marks = Marks.of(one.mark for one in _approvals(post).messages())
    return Approval(now, name, "anna@office", PARTS, len(marks), marks, is_alone=is_alone)


class Approving(LedgerKind):
    """Approvals."""

    def test_kept_as_given(self, post: Mailing) -> None:
        """Each is found again as it was, the first one first; another campaign has none of them."""
        post.enrol("K1 anna@example.com Muster", "K2 ben@example.com Beispiel")
        first, second = _given(post), _given(post, "Ben Beispiel", is_alone=True, now=NOW + dt.timedelta(hours=1))
        for one in (first, second):
            _approvals(post).record(one)
        assert list(_approvals(post).all()) == [first, second]
        assert list(_approvals(post.another("another")).all()) == []

    @pytest.mark.parametrize(
        "change",
        [
            "name = 'Ben'",
            "time = '2026-12-01T09:00:00.000001+00:00'",
            "recipients = 3",
            "parts = '{}'",
            "marks = seal",
        ],
    )
    def test_what_notify_did_not_write_is_none(self, post: Mailing, tmp_path: Path, change: str) -> None:
        """Whatever else is written there, or taken over from another campaign, is no approval; and none is changed."""
        _approvals(post).record(_given(post))
        with self.connected(tmp_path) as db:
            db.execute("BEGIN")
            with pytest.raises(Exception, match="never changed"):
                db.execute(f"UPDATE approval SET {change}")  # noqa: S608  # our words
            db.rollback()
            db.execute("BEGIN")
            db.execute(self.let_approvals_be_changed)
            db.execute(f"UPDATE approval SET {change}")  # noqa: S608  # our words
            db.execute("COMMIT")
        assert list(_approvals(post).all()) == []

    def test_taken_over_from_another_campaign(self, post: Mailing, tmp_path: Path) -> None:
        """An approval is that of the campaign for which it was given, and of no other one in the ledger."""
        _approvals(post).record(_given(post))
        other = post.another("another")
        with self.connected(tmp_path) as db:
            db.execute("BEGIN")
            db.execute(self.let_approvals_be_changed)
            db.execute(f"UPDATE approval SET campaign = {other.record.number}")  # noqa: S608  # our words
            db.execute("COMMIT")
        assert list(_approvals(other).all()) == []

    def test_every_message_has_its_mark(self, post: Mailing) -> None:
        """A mark is the same as long as the message is; whoever has other values has another one."""
        post.enrol("K1 anna@example.com Muster", "K2 ben@example.com Beispiel")
        anna, ben = _approvals(post).messages()
        assert (anna.address, anna.origin) == ("anna@example.com", "people.csv:2")
        post.enrol("K2 ben@example.com Probe", "K9 anna@example.com Muster", "K3 cora@example.com Muster")
        marks = Marks.of((anna.mark, ben.mark))
        now = {one.address: one.mark for one in _approvals(post).messages()}
        assert now["anna@example.com"] == anna.mark
        assert [(one in marks, marks.knows(one)) for one in now.values()] == [
            (True, True),
            (False, True),
            (False, False),
        ]

    def test_who_waits(self, post: Mailing) -> None:
        """Whoever was sent to, or is suppressed, has a mark and waits for nothing; who has left has none."""
        names = ("anna", "ben", "cora", "dora")
        post.enrol(*(f"{name} {name}@example.com" for name in (*names, "emil")))
        post.bring("anna@example.com", Status.SENT)
        post.bring("ben@example.com", Status.DEFERRED)
        Suppressions(post.store).add("cora@example.com", "asked", NOW)
        post.enrol(*(f"{name} {name}@example.com" for name in names))
        found = {one.address[:-12]: (one.waits, one.is_suppressed) for one in _approvals(post).messages()}
        assert found == {"anna": (False, False), "ben": (True, False), "cora": (False, True), "dora": (True, False)}
        only = [one.address for one in _approvals(post).messages(["dora@example.com"]) if one.waits]
        assert only == ["dora@example.com"]

    def test_the_order_of_values_does_not_matter(self, post: Mailing) -> None:
        """Columns of a contact file may change their places."""
        row = given("K1 anna@example.com Muster")
        found = set()
        for fields in ('{"row": {"a": "1", "b": "2"}}', '{"row": {"b": "2", "a": "1"}}'):
            post.give(dataclasses.replace(row, fields=fields))
            found |= {one.mark for one in _approvals(post).messages()}
        assert len(found) == 1
