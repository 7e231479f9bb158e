"""What the ledger tells: how many, who, and every attempt. Numbers are counted from rows, never kept beside them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from notify.core.form import Form, Wording
from notify.core.outcome import Attempt
from notify.core.pace import LONGEST_WAIT
from notify.core.record import record
from notify.core.status import Status
from notify.ledger.intake import Known
from notify.ledger.queries import as_moment, as_text
from notify.ledger.store import Store
from notify.ledger.versions import CampaignRecord

if TYPE_CHECKING:
    from notify.ledger.connection import Row


@record(frozen=True, slots=True)
class RecipientState:
    """Where one recipient stands, with its last attempt; ``reply`` is empty when there was none.

    ``copy_of`` is whose message it gets a copy of; empty where it is none.
    """

    key: str
    address: str
    name: str
    origin: str
    status: Status
    due: dt.datetime | None
    message_id: str
    time: dt.datetime | None
    relay: str
    reply: str
    copy_of: str = ""


@record(frozen=True, slots=True)
class Reader:
    """What the message of one recipient is made from; ``fields`` is JSON. ``code`` is empty where none was given."""

    salutation: str
    fields: str
    origin: str
    code: str = ""


@record(frozen=True, slots=True)
class WithoutText:
    """Somebody who is greeted in a form, and reads a language, in which there is no text."""

    wording: Wording
    address: str
    origin: str
    salutation: str


@record(frozen=True, slots=True)
class Readers:
    """Those who wait, read one language and are greeted in one form: how many, how many of them neutrally, and two."""

    language: str
    form: Form
    count: int
    neutral: int
    first: Reader
    last: Reader


def latest_attempt(store: Store) -> dt.datetime | None:
    """Return the latest moment at which a try was recorded, in any campaign."""
    row = store.row("latest_attempt")
    return as_moment(row["time"]) if row and row["time"] else None


class Reports:
    """Reads one campaign; works beside a run that sends."""

    def __init__(self, store: Store, campaign: CampaignRecord) -> None:
        self._store = store
        self._campaign = campaign.number

    def counts(self) -> dict[Status, int]:
        """Return how many recipients have each status; every status is there."""
        found = {row["status"]: int(row["count"]) for row in self._store.rows("counts", campaign=self._campaign)}
        return {status: found.get(status, 0) for status in Status}

    def counts_in_the_files(self) -> dict[Status, int]:
        """Return the same of those only whom the latest enrolment has found in the contact files."""
        rows = self._store.rows("counts_in_the_files", campaign=self._campaign)
        return dict.fromkeys(Status, 0) | {Status(row["status"]): int(row["count"]) for row in rows}

    def rejected(self) -> int:
        """Return how many rows the latest enrolment could not take."""
        row = self._store.row("rejected", campaign=self._campaign)
        return int(row["count"]) if row else 0

    def waiting(self, now: dt.datetime, only: Sequence[str] = ()) -> int:
        """Return how many could be sent to at this moment."""
        row = self._waiting("waiting", now, only)
        return int(row["count"]) if row else 0

    def waiting_by_domain(self, now: dt.datetime, only: Sequence[str] = ()) -> Iterator[tuple[str, int]]:
        """Yield at which domains those are, and how many at each; where most are first."""
        rows = self._store.rows("waiting_by_domain", **self._values(now, only))
        return ((str(row["domain"]), int(row["count"])) for row in rows)

    def readers(self, now: dt.datetime, only: Sequence[str], most: int) -> list[Readers]:
        """Return, of the first ``most`` who could be sent to now, who reads which language, greeted in which form."""
        values = self._values(now, only) | {"most": most}
        return [
            Readers(
                row["language"],
                Form(row["form"]),
                row["count"],
                row["neutral"],
                self._reader(row["first"]),
                self._reader(row["last"]),
            )
            for row in self._store.rows("waiting_by_form", **values)
        ]

    def _reader(self, number: int) -> Reader:
        row = self._store.row("to_render", id=number)
        assert row is not None  # noqa: S101  # it was found a moment ago, and nobody is ever deleted
        return Reader(row["salutation"], row["fields"], row["origin"], row["code"] or "")

    def without_text(self, wordings: Iterable[Wording]) -> Iterator[WithoutText]:
        """Yield those who wait, and read none of these languages in the form in which they are greeted."""
        texts = json.dumps([f"{wording.language} {wording.form}" for wording in wordings])
        for row in self._store.rows("without_text", campaign=self._campaign, texts=texts):
            wording = Wording(row["language"], Form(row["form"]))
            yield WithoutText(wording, row["address"], row["origin"], row["salutation"])

    def suppressed(self) -> int:
        """Return how many of the contacts would be written to but for the suppression list."""
        row = self._store.row("on_the_list", campaign=self._campaign)
        return int(row["count"]) if row else 0

    def _waiting(self, query: str, now: dt.datetime, only: Sequence[str]) -> Row | None:
        return self._store.row(query, **self._values(now, only))

    def _values(self, now: dt.datetime, only: Sequence[str]) -> dict[str, Any]:
        return {
            "campaign": self._campaign,
            "now": as_text(now),
            "beyond": as_text(now + LONGEST_WAIT),
            "only": json.dumps(list(only)),
            "anybody": not only,
        }

    def next_due(self, now: dt.datetime) -> dt.datetime | None:
        """Return when the first deferred recipient is due, whomever the latest run was for."""
        return self._next_due(now, whoever=True)

    def waits_until(self, now: dt.datetime, only: Sequence[str] = ()) -> dt.datetime | None:
        """Return when the first deferred recipient is due whom :meth:`waiting` counts then; None when nobody is."""
        return self._next_due(now, only)

    def _next_due(self, now: dt.datetime, only: Sequence[str] = (), *, whoever: bool = False) -> dt.datetime | None:
        row = self._store.row("next_due", **self._values(now, only), whoever=whoever)
        return as_moment(row["due"]) if row and row["due"] else None

    def known(self) -> Iterator[Known]:
        """Yield everybody whom earlier enrolments have brought in, in no order."""
        for row in self._store.rows("known_recipients", campaign=self._campaign):
            yield Known(*row)

    def status_of(self, identity: str) -> Status | None:
        """Return where one address stands, or None when it was never enrolled."""
        row = self._store.row("standing_of", campaign=self._campaign, identity=identity)
        return Status(row["status"]) if row else None

    def with_status(self, status: Status) -> Iterator[RecipientState]:
        """Yield everybody who has ``status``, in the order of the files."""
        for row in self._store.rows("with_status", campaign=self._campaign, status=status):
            yield RecipientState(
                key=row["key"],
                address=row["address"],
                name=row["name"],
                origin=row["origin"],
                status=Status(row["status"]),
                due=as_moment(row["due"]) if row["due"] else None,
                message_id=row["message_id"],
                time=as_moment(row["time"]) if row["time"] else None,
                relay=row["relay"],
                reply=row["reply"],
                copy_of=row["copy_of"],
            )

    def anybody(self) -> bool:
        """Tell whether somebody was ever enrolled."""
        return self._store.row("anybody", campaign=self._campaign) is not None

    def attempts(
        self, after: int = 0, copies: CampaignRecord | None = None, *, failed: bool = False
    ) -> Iterator[tuple[int, Attempt]]:
        """Yield every attempt with its number, those after ``after``, in the order in which they were made.

        :param copies: the record that has the copies; those of copies are yielded, too.
        :param failed: only those by which nothing was sent.
        """
        number = copies.number if copies else None
        for row in self._store.rows("attempts", campaign=self._campaign, copies=number, after=after, failed=failed):
            yield row["id"], _attempt(row)

    def last_attempt(self) -> Attempt | None:
        """Return the attempt that was made last through a relay."""
        row = self._store.row("last_attempt", campaign=self._campaign)
        return _attempt(row) if row else None


def _attempt(row: Row) -> Attempt:
    return Attempt(
        time=as_moment(row["time"]),
        key=row["key"],
        to=row["address"],
        message_id=row["message_id"],
        relay=row["relay"],
        phase=row["phase"],
        reply=row["reply"],
        status=Status(row["status"]),
        scope=row["scope"],
        copy_of=row["copy_of"],
    )
