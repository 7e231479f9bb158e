"""Brings the contacts into the ledger: who is new, who changed, who is there twice, who left.

Duplicates are found in SQLite, never in a set in memory. A whole enrolment is one transaction: either all contacts
are in, or the ledger is as it was before.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from enum import Enum
from operator import itemgetter
from typing import TYPE_CHECKING

from notify.core.form import Form, Wording
from notify.core.record import record
from notify.core.status import WAITING, Status
from notify.ledger.codes import give_codes
from notify.ledger.given import NAMES, Given, Values, values_of
from notify.ledger.intake import Sorted, Twin
from notify.ledger.queries import QUERIES, as_text
from notify.ledger.replacement import replace_failed
from notify.ledger.store import Store
from notify.ledger.versions import CampaignRecord, Version

if TYPE_CHECKING:
    from notify.ledger.connection import Connection, Row

#: So many who are new are written at once.
_AT_ONCE = 500

#: Where one of these differs from before, the message is made anew.
_COMPARED = ("identity", "address", "name", "language", "form", "salutation", "fields")

#: Whoever was written to, or may have been, is not written to again, at no other address either.
_LEFT_OUT = frozenset({Twin.MOVED, Twin.TAKEN_OVER})

#: Why a row is not enrolled, where the files alone decide that.
_BY_THE_FILES = frozenset({None, Twin.DUPLICATE})

#: Whoever has one of these was written to, or may have been.
_REACHED = frozenset({Status.SENT, Status.IN_DOUBT})

#: Whoever has one of these is not written to again by itself.
_DONE = frozenset({Status.SENT, Status.IN_DOUBT, Status.FAILED})

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
    #: Another row stands for it: one message serves both.
    DUPLICATE = "duplicate"
    #: Already written to, or in doubt, at an address that it had before, or another one had. Not sent again.
    MOVED_AFTER_SENDING = "moved after sending"


@record(frozen=True, slots=True)
class EnrolResult:
    """What became of one recipient; ``is_done``: it is not written to anyhow, so nothing is left to be decided."""

    became: Enrolled
    is_done: bool = False


_NEW = EnrolResult(Enrolled.NEW)
#: What is kept of somebody new, as the statement wants it.
_KEPT = ("key", "identity", "address", "name", "language", "form", "salutation", "origin", "fields", "person")
_kept = itemgetter(*map(NAMES.index, (*_KEPT, "shared_salutation", "row_digest", "opted_out", "selected")))


class Enrolment:
    """One enrolment, inside its transaction. Made by :meth:`Enrolment.of`."""

    def __init__(
        self,
        db: Connection,
        campaign: CampaignRecord,
        version: int,
        now: dt.datetime,
        *,
        with_codes: bool,
        made_from: bytes | None,
        told: str = "",
    ) -> None:
        self._db = db
        # what is over as soon as whoever was taken is written
        self._filling = ExitStack()
        self._now = as_text(now)
        self._record = campaign
        self._campaign = campaign.number
        self._with_codes = with_codes
        self._made_from = made_from
        self._to_tell = ""
        self._new: list[tuple[object, ...]] = []
        #: What the latest enrolment told, where this one comes to the same: then nobody is to be given.
        self.told = told
        #: How many waited before anybody was given.
        (self.waited,) = db.execute(QUERIES["still_waiting"], {"campaign": self._campaign}).fetchone()
        if not self.told:
            db.execute(QUERIES["forget_enrolment"], {"campaign": self._campaign})
            db.execute(QUERIES["next_round"], {"campaign": self._campaign, "version": version})
            db.execute(QUERIES["forget_rejections"], {"campaign": self._campaign})
        #: How many had left the contact files; known at the end.
        self.withdrawn = 0
        #: How many who were new have taken the place of somebody who failed; known at the end.
        self.replaced = 0
        (self._known_before,) = db.execute(QUERIES["newest"]).fetchone()
        #: Nobody was there before, so whoever is taken is new.
        self._is_first = db.execute(QUERIES["anybody"], {"campaign": self._campaign}).fetchone() is None
        #: How many were given whose key had another address before.
        self.moved = 0
        #: How many of those are left out and were not told of before.
        self.newly_left_out = 0
        #: How many of those that are left out are, by their key, somebody who was written to, and count as that.
        self.written_to_before = 0
        # who failed, and whose row is left out: it stands in the files all the same
        self._failed_and_left_out: set[int] = set()
        #: Whether everybody is kept as given, so that the same rows once more would change nothing.
        self._is_settled = True
        #: The number of this enrolment in its campaign; each key is taken at most once in it.
        (self.round,) = db.execute(QUERIES["round"], {"campaign": self._campaign}).fetchone()

    @classmethod
    @contextmanager
    def of(
        cls,
        store: Store,
        campaign: CampaignRecord,
        now: dt.datetime,
        version: int = 0,
        *,
        with_codes: bool = False,
        made_from: bytes | None = None,
    ) -> Iterator[Enrolment]:
        """Enrol inside this ``with``. At its end whoever was not given is withdrawn and the suppressed are set aside.

        :param version: the one that everybody is rendered with, or was before; 0 when nobody is rendered.
        :param with_codes: the messages print call-back codes, so whoever has none is given one.
        :param made_from: a digest of all that decides who is given, and as what; None: that is not known.

        An exception inside leaves the ledger as it was.
        """
        with store.enrolling(campaign) as db:
            enrolment = cls(db, campaign, version, now, with_codes=with_codes, made_from=made_from)
            with enrolment._filling as filling:
                filling.enter_context(store.filling())
                yield enrolment
                enrolment._finish()

    @classmethod
    @contextmanager
    def again(
        cls, store: Store, campaign: CampaignRecord, now: dt.datetime, made_from: bytes | None
    ) -> Iterator[Enrolment | None]:
        """Enrol inside this ``with`` what the latest enrolment has enrolled, so that nobody is to be given.

        None where that was not made from the same, or would not come to the same any more: then nothing is changed.

        :param made_from: as for :meth:`of`.
        """
        with store.enrolling(campaign) as db:
            row = db.execute(QUERIES["told"], {"campaign": campaign.number, "made_from": made_from}).fetchone()
            if row is None:
                yield None
                return
            enrolment = cls(db, campaign, 0, now, with_codes=False, made_from=made_from, told=row["told"])
            yield enrolment
            enrolment._finish()

    @property
    def is_first(self) -> bool:
        """Whether nobody was there before, so that whoever is taken is new."""
        return self._is_first

    def take(self, found: Sorted, message_id: str) -> EnrolResult:
        """Enrol one recipient, after all were sorted; ``message_id`` is for one who is new, or gets a new message."""
        if self._is_first and found.twin is None:
            # nobody was there before, so nobody has moved
            self.take_all([(values_of(found.given), message_id)])
            return _NEW
        # who is the same person, or has moved, depends on who was reached meanwhile; who is a duplicate does not
        self._is_settled &= found.twin in _BY_THE_FILES and found.moved_from is None
        if found.twin in _LEFT_OUT:
            self._leave_out(found)
            return EnrolResult(Enrolled.MOVED_AFTER_SENDING, is_done=True)
        if found.twin is not None:
            return EnrolResult(Enrolled.DUPLICATE, is_done=True)
        self.moved += found.moved_from is not None
        values = self._values(found.given) | {"message_id": message_id}
        there = self._db.execute(QUERIES["with_address"], values).fetchone()
        row = there if found.moved_from is None else self._recipient(found.moved_from)
        if row is None:
            self._db.execute(QUERIES["enrol"], (*_kept(values_of(found.given)), self._campaign, self.round, message_id))
            return _NEW
        if there is not None and there["id"] != row["id"] and Status(row["status"]) in _OPEN:
            # who had this address has another one now, in a row that may still come
            self._db.execute(QUERIES["vacate"], {"id": there["id"]})
        return self._again(row, found.given, values)

    def take_all(self, new: Iterable[tuple[Values, str]]) -> None:
        """Enrol recipients of a first enrolment, each with its Message-ID: whoever is to be enrolled then, is new."""
        campaign, round_ = self._campaign, self.round
        self._new += [(*_kept(values), campaign, round_, message_id) for values, message_id in new]
        if len(self._new) >= _AT_ONCE:
            self._write()

    def write(self) -> None:
        """Write whoever was taken and is not written yet: nobody else is taken. Then the ledger can be read."""
        self._write()
        self._filling.close()

    def _write(self) -> None:
        """Write them; many at once cost less."""
        self._db.executemany(QUERIES["enrol"], self._new)
        self._new.clear()

    def remember(self, told: str) -> None:
        """Keep what is told of this enrolment, for the next one; if that would come to the same, see :attr:`told`."""
        self._to_tell = told

    def is_done(self, given: Given) -> bool:
        """Tell whether nothing is left to be decided about somebody whom the latest enrolment has brought in."""
        row = self._db.execute(QUERIES["with_address"], self._values(given)).fetchone()
        return _is_done(Status(row["status"]), given)

    def made_from(self, row_digest: bytes) -> Given | None:
        """Return the recipient that an earlier enrolment made from the same row by the same rules, if it is known."""
        if self._is_first:
            return None
        values = {"campaign": self._campaign, "row_digest": row_digest}
        row = self._db.execute(QUERIES["made_from"], values).fetchone()
        return None if row is None else Given(**dict(row) | {"form": Form(row["form"])})

    def was_reached(self, given: Given) -> bool:
        """Tell whether a recipient was written to at this address, or may have been."""
        row = self._db.execute(QUERIES["with_address"], self._values(given)).fetchone()
        return row is not None and Status(row["status"]) in _REACHED

    def changed_files(self, most: int) -> Iterator[tuple[str, int]]:
        """Yield the files that some wait for and others were sent with other octets: their names, and how many wait."""
        values = {"campaign": self._campaign, "round": self.round, "most": most}
        rows = self._db.execute(QUERIES["changed_files"], values)
        return ((row["name"], row["waits"]) for row in rows)

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

    def repeated(
        self, other: CampaignRecord, version: Version, texts: Iterable[tuple[Wording, Form]]
    ) -> Iterator[tuple[str, str, bool]]:
        """Yield those who were sent a version in another campaign, in one of these texts.

        :param texts: each as how it was then, and in which form it is now.

        Each with address and origin, and whether they wait in this campaign; if not, they were sent to in both.
        """
        values = {"campaign": self._campaign, "round": self.round, "other": other.number, "version": version.number}
        named = json.dumps([f"{_as_text(before)} {now}" for before, now in texts])
        rows = self._db.execute(QUERIES["repeated"], values | {"texts": named})
        return ((row["address"], row["origin"], bool(row["waits"])) for row in rows)

    def _leave_out(self, found: Sorted) -> None:
        """Note once that a row is not written to because its owner was, or its address was, before."""
        self.moved += 1
        values = self._values(found.given) | {"id": found.moved_from, "now": self._now}
        owner = self._recipient(found.moved_from)
        # who was only thought to have been written to, at somebody else's address, stands in no file any more
        status = Status(owner["status"]) if owner["key"] == found.given.key else None
        if found.twin is Twin.MOVED and status in _REACHED:
            self._db.execute(QUERIES["seen"], values | {"row_digest": None})
            self.written_to_before += 1
        elif status is Status.FAILED:
            self._failed_and_left_out.add(owner["id"])
        reply = (
            f"written to at {found.old_address}" if found.twin is Twin.MOVED else "somebody else was written to there"
        )
        self.newly_left_out += self._db.execute(QUERIES["note_move"], values | {"reply": reply}).rowcount

    def _recipient(self, number: int | None) -> Row:
        row: Row = self._db.execute(QUERIES["recipient"], {"id": number}).fetchone()
        return row

    def _again(self, row: Row, given: Given, values: dict[str, object]) -> EnrolResult:
        """Enrol somebody whom an earlier enrolment brought in."""
        moved = row["identity"] != given.identity
        status = Status(row["status"])
        # once a dot has left, the same message must leave again: its fields stay, unless it goes somewhere else now
        differs = any(row[name] != getattr(given, name) for name in _COMPARED)
        changes = differs and status in _OPEN and (moved or row["digest"] is None)
        same_message = row["digest"] is None or not moved
        kept: dict[str, object] = {
            "id": row["id"],
            "message_id": row["message_id"] if same_message else values["message_id"],
            # what is kept instead of the row was not made from it
            "row_digest": None if differs and not changes else given.row_digest,
        }
        self._db.execute(QUERIES["refresh" if changes else "seen"], values | kept)
        # whoever was sent to stays as it was then, for ever; others only until something becomes of them
        self._is_settled &= not differs or changes or status is Status.SENT
        if status is Status.WITHDRAWN or (status is Status.FAILED and moved):
            self._db.execute(QUERIES["bring_back"], kept)
            return EnrolResult(Enrolled.BACK)
        return EnrolResult(Enrolled.UPDATED if changes else Enrolled.KNOWN, is_done=_is_done(status, given))

    def _values(self, given: Given) -> dict[str, object]:
        return {
            "campaign": self._campaign,
            "round": self.round,
            "key": given.key,
            "identity": given.identity,
            "address": given.address,
            "name": given.name,
            "language": given.language,
            "form": given.form,
            "salutation": given.salutation,
            "origin": given.origin,
            "fields": given.fields,
            "opted_out": given.opted_out,
            "selected": given.selected,
            "row_digest": given.row_digest,
            "person": given.person,
            "shared_salutation": given.shared_salutation,
        }

    def _finish(self) -> None:
        self.write()
        values = {"campaign": self._campaign, "round": self.round}
        if not (self.told or self._is_first):
            self.replaced = replace_failed(
                self._db, self._campaign, self.round, self._known_before, without=self._failed_and_left_out
            )
            self.withdrawn = self._db.execute(QUERIES["withdraw_missing"], values).rowcount
        self._db.execute(QUERIES["lift_suppressed"], values)
        self._db.execute(QUERIES["set_suppressed_aside"], values)
        if self._to_tell and self._made_from and self._is_settled and not self.replaced:
            values = {"campaign": self._campaign, "made_from": self._made_from, "told": self._to_tell}
            self._db.execute(QUERIES["remember_enrolment"], values)
        if self._with_codes and not self.told:
            # only now is nobody removed any more who was enrolled in this round
            give_codes(self._db, self._record)


def _is_done(status: Status, given: Given) -> bool:
    """Tell whether somebody is not written to anyhow.

    Once the deadline has moved, who was out of time waits again, unless it is left out by now.
    """
    return status in _DONE or (status is Status.EXPIRED and bool(given.opted_out))


def _as_text(wording: Wording) -> str:
    """Return a language and a form as the queries compare them."""
    return f"{wording.language} {wording.form}"
