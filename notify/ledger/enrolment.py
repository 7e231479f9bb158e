"""Brings the contacts into the ledger: who is new, who changed, who is there twice, who left.

Duplicates are found in SQLite, never in a set in memory. A whole enrolment is one transaction: either all contacts
are in, or the ledger is as it was before.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum

from notify.core.status import WAITING, Status
from notify.ledger.intake import Given
from notify.ledger.queries import QUERIES
from notify.ledger.replacement import replace_failed
from notify.ledger.store import Store
from notify.ledger.versions import CampaignRecord

#: Where one of these differs from before, the message is made anew.
_COMPARED = ("identity", "address", "name", "language", "salutation", "fields")

#: Whoever was written to, or may have been, is not written to again, at no other address either.
_REACHED = frozenset({Status.SENT, Status.IN_DOUBT})

#: Whoever has one of these may still be written to, now or when something has changed.
_OPEN = frozenset({*WAITING, Status.FAILED, Status.EXPIRED, Status.SUPPRESSED, Status.WITHDRAWN})


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
class EnrolResult:
    """What became of a recipient, and where the other row stands if it is the same as an earlier one.

    ``is_done``: it was written to, or has failed; nothing is left to be decided about it.
    """

    became: Enrolled
    other_origin: str = ""
    is_done: bool = False


class Enrolment:
    """One enrolment, inside its transaction. Made by :meth:`Enrolment.of`."""

    def __init__(self, db: sqlite3.Connection, campaign: CampaignRecord, version: int) -> None:
        self._db = db
        self._campaign = campaign.number
        #: How many waited before anybody was given.
        (self.waited,) = db.execute(QUERIES["still_waiting"], {"campaign": self._campaign}).fetchone()
        db.execute(QUERIES["next_round"], {"campaign": self._campaign, "version": version})
        db.execute(QUERIES["forget_rejections"], {"campaign": self._campaign})
        #: How many had left the contact files; known at the end.
        self.withdrawn = 0
        #: How many who were new have taken the place of somebody who failed; known at the end.
        self.replaced = 0
        (self._known_before,) = db.execute(QUERIES["newest"]).fetchone()
        #: The number of this enrolment in its campaign; each key is taken at most once in it.
        (self.round,) = db.execute(QUERIES["round"], {"campaign": self._campaign}).fetchone()

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

    def take(self, given: Given) -> EnrolResult:
        """Enrol one recipient."""
        values = self._values(given)
        with_address = self._db.execute(QUERIES["with_address"], values).fetchone()
        if with_address is not None and with_address["round"] == self.round:
            return EnrolResult(Enrolled.DUPLICATE, with_address["origin"])
        with_key = self._db.execute(QUERIES["with_key"], values).fetchone()
        if with_key is not None and with_key["round"] == self.round:
            return EnrolResult(Enrolled.KEY_TWICE, with_key["origin"])
        # where key and address now name two earlier recipients, the address decides who it is: whoever was reached
        # under it is not written to again, whatever the key says
        row = with_address or with_key
        if row is None:
            self._db.execute(QUERIES["enrol"], values)
            return EnrolResult(Enrolled.NEW)
        return self._again(row, given, values)

    def made_from(self, row_digest: bytes) -> Given | None:
        """Return the recipient that an earlier enrolment made from the same row by the same rules, if it is known."""
        values = {"campaign": self._campaign, "row_digest": row_digest}
        row = self._db.execute(QUERIES["made_from"], values).fetchone()
        return None if row is None else Given(**dict(row))

    def reject(self, origin: str, reason: str) -> None:
        """Take note of a row that gives nobody to write to."""
        self._db.execute(QUERIES["reject"], {"campaign": self._campaign, "origin": origin, "reason": reason})

    def missing(self, excluded: Iterable[str] | None = None) -> Iterator[tuple[str, str]]:
        """Yield address and origin of everybody who waits and was not given: those are withdrawn at the end.

        :param excluded: identities of those whose rows still stand in the files, though the campaign is not for them
            any more: they are not missing.
        """
        query = "missing"
        if excluded is not None:
            self._db.execute(QUERIES["forget_excluded"])
            self._db.execute(QUERIES["make_excluded"])
            self._db.executemany(QUERIES["exclude"], ({"identity": identity} for identity in excluded))
            query = "missing_and_not_excluded"
        rows = self._db.execute(QUERIES[query], {"campaign": self._campaign, "round": self.round})
        return ((row["address"], row["origin"]) for row in rows)

    def _again(self, row: sqlite3.Row, given: Given, values: dict[str, object]) -> EnrolResult:
        """Enrol somebody whom an earlier enrolment brought in."""
        moved = row["identity"] != given.identity
        status = Status(row["status"])
        # once a dot has left, the same message must leave again: its fields stay, unless it goes somewhere else now
        differs = any(row[name] != getattr(given, name) for name in _COMPARED)
        changes = differs and status in _OPEN and (moved or row["digest"] is None)
        same_message = row["digest"] is None or not moved
        kept: dict[str, object] = {
            "id": row["id"],
            "message_id": row["message_id"] if same_message else given.message_id,
            # what is kept instead of the row was not made from it
            "row_digest": None if differs and not changes else given.row_digest,
        }
        self._db.execute(QUERIES["refresh" if changes else "seen"], values | kept)
        if status is Status.WITHDRAWN or (status is Status.FAILED and moved):
            self._db.execute(QUERIES["bring_back"], kept)
            return EnrolResult(Enrolled.BACK)
        if moved and status in _REACHED:
            return EnrolResult(Enrolled.MOVED_AFTER_SENDING, row["origin"], is_done=True)
        is_done = status in _REACHED or status is Status.FAILED
        return EnrolResult(Enrolled.UPDATED if changes else Enrolled.KNOWN, is_done=is_done)

    def _values(self, given: Given) -> dict[str, object]:
        return {
            "campaign": self._campaign,
            "round": self.round,
            "key": given.key,
            "identity": given.identity,
            "address": given.address,
            "name": given.name,
            "language": given.language,
            "salutation": given.salutation,
            "origin": given.origin,
            "fields": given.fields,
            "message_id": given.message_id,
            "opted_out": given.opted_out,
            "selected": given.selected,
            "row_digest": given.row_digest,
            "person": given.person,
            "shared_salutation": given.shared_salutation,
        }

    def _finish(self) -> None:
        values = {"campaign": self._campaign, "round": self.round}
        self.replaced = replace_failed(self._db, self._campaign, self.round, self._known_before)
        self.withdrawn = self._db.execute(QUERIES["withdraw_missing"], values).rowcount
        self._db.execute(QUERIES["lift_suppressed"], values)
        self._db.execute(QUERIES["set_suppressed_aside"], values)
