"""Brings the contacts into the ledger: who is new, who changed, who is there twice, who left.

Duplicates are found in SQLite, never in a set in memory. A whole enrolment is one transaction: either all contacts
are in, or the ledger is as it was before.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum

from notify.core.status import WAITING, Status
from notify.ledger.store import QUERIES, Store
from notify.ledger.versions import CampaignRecord


@dataclass(frozen=True, slots=True)
class Given:
    """A recipient as enrolment is given it. ``fields`` is JSON: exactly what the template names."""

    key: str
    identity: str
    address: str
    name: str
    language: str
    salutation: str
    origin: str
    fields: str
    message_id: str


class Enrolled(Enum):
    """What became of one recipient that was given to the enrolment."""

    #: Not seen before in this campaign.
    NEW = "new"
    #: Known, and as it was.
    KNOWN = "known"
    #: Known and still waiting; its address, fields or salutation are newer now.
    UPDATED = "updated"
    #: Was withdrawn, or failed under another address, and waits again.
    BACK = "back"
    #: The address was already given in this enrolment: one message serves both rows.
    DUPLICATE = "duplicate"
    #: The key was already given in this enrolment, with another address.
    KEY_TWICE = "key twice"
    #: Already written to, or in doubt, under the address it had before. Not sent again.
    MOVED_AFTER_SENDING = "moved after sending"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a recipient, and where the row stands that it is the same as, if any."""

    became: Enrolled
    other_origin: str = ""


class Enrolment:
    """One enrolment, inside its transaction. Made by :meth:`Enrolment.of`."""

    def __init__(self, db: sqlite3.Connection, campaign: CampaignRecord, version: int) -> None:
        self._db = db
        self._campaign = campaign.number
        db.execute(QUERIES["next_round"], {"campaign": self._campaign, "version": version})
        db.execute(QUERIES["forget_rejections"], {"campaign": self._campaign})
        #: How many had left the contact files; known at the end.
        self.withdrawn = 0
        (self._round,) = db.execute(QUERIES["round"], {"campaign": self._campaign}).fetchone()

    @classmethod
    @contextmanager
    def of(cls, store: Store, campaign: CampaignRecord, version: int = 0) -> Iterator[Enrolment]:
        """Enrol inside this ``with``. At its end whoever was not given is withdrawn and the suppressed are set aside.

        :param version: the one that everybody is rendered with, or was before; 0 when nobody is rendered.

        An exception inside leaves the ledger as it was.
        """
        with store.transaction() as db:
            enrolment = cls(db, campaign, version)
            yield enrolment
            enrolment._finish()

    def take(self, given: Given) -> Verdict:
        """Enrol one recipient."""
        rows = self._db.execute(
            QUERIES["same_person"], {"campaign": self._campaign, "key": given.key, "identity": given.identity}
        ).fetchall()
        if not rows:
            self._db.execute(QUERIES["enrol"], self._values(given))
            return Verdict(Enrolled.NEW)
        # where key and address now name two earlier recipients, the address decides who it is: whoever was reached
        # under it is not written to again, whatever the key says
        row = next((row for row in rows if row["identity"] == given.identity), rows[0])
        given_already = [row for row in rows if row["round"] == self._round]
        if row in given_already:
            twice = Enrolled.DUPLICATE if row["identity"] == given.identity else Enrolled.KEY_TWICE
            return Verdict(twice, row["origin"])
        if given_already:
            return Verdict(Enrolled.KEY_TWICE, given_already[0]["origin"])
        return self._again(row, given)

    def reject(self, origin: str, reason: str) -> None:
        """Take note of a row that nobody can be written to by."""
        self._db.execute(QUERIES["reject"], {"campaign": self._campaign, "origin": origin, "reason": reason})

    def _again(self, row: sqlite3.Row, given: Given) -> Verdict:
        """Enrol somebody whom an earlier enrolment brought in."""
        moved = row["identity"] != given.identity
        status = Status(row["status"])
        if status is Status.WITHDRAWN or (status is Status.FAILED and moved):
            self._db.execute(QUERIES["bring_back"], {"id": row["id"]})
            self._refresh(row, given)
            return Verdict(Enrolled.BACK)
        # once a dot has left, the same message must leave again: its fields stay, unless it goes somewhere else now
        if status in {*WAITING, Status.SUPPRESSED} and (moved or row["digest"] is None):
            if any(row[name] != getattr(given, name) for name in _COMPARED):
                self._refresh(row, given)
                return Verdict(Enrolled.UPDATED)
        elif moved and status in {Status.SENT, Status.IN_DOUBT}:
            self._seen(row)
            return Verdict(Enrolled.MOVED_AFTER_SENDING, row["origin"])
        self._seen(row)
        return Verdict(Enrolled.KNOWN)

    def _refresh(self, row: sqlite3.Row, given: Given) -> None:
        # a recipient keeps the key under which it was enrolled, and so its Message-ID
        kept = {"id": row["id"], "key": row["key"], "message_id": row["message_id"]}
        self._db.execute(QUERIES["refresh"], self._values(given) | kept)

    def _seen(self, row: sqlite3.Row) -> None:
        self._db.execute(QUERIES["seen"], {"id": row["id"], "round": self._round})

    def _values(self, given: Given) -> dict[str, object]:
        return {
            "campaign": self._campaign,
            "round": self._round,
            "key": given.key,
            "identity": given.identity,
            "address": given.address,
            "name": given.name,
            "language": given.language,
            "salutation": given.salutation,
            "origin": given.origin,
            "fields": given.fields,
            "message_id": given.message_id,
        }

    def _finish(self) -> None:
        values = {"campaign": self._campaign, "round": self._round}
        self.withdrawn = self._db.execute(QUERIES["withdraw_missing"], values).rowcount
        self._db.execute(QUERIES["lift_suppressed"], values)
        self._db.execute(QUERIES["set_suppressed_aside"], values)


#: What makes a recipient another one than before, so that its message is made anew.
_COMPARED = ("identity", "address", "name", "language", "salutation", "origin", "fields")
