"""What one run does with recipients: it leases them, lets their dots leave, records the answers and gives back."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple

from notify.core.address import identity
from notify.core.form import Form
from notify.core.outcome import Outcome
from notify.core.pace import LONGEST_WAIT, is_given_up, retry_delay
from notify.core.record import record
from notify.core.status import Status
from notify.core.unsubscribing import unsubscribe_token
from notify.errors import BusyError
from notify.ledger.journal import Begun, Journal
from notify.ledger.queries import QUERIES, as_moment, as_text
from notify.ledger.rollback import RollbackCheck
from notify.ledger.store import Store
from notify.ledger.transitions import Transitions
from notify.ledger.versions import CampaignRecord, Version


class CopyOf(NamedTuple):
    """Of which message something is a copy."""

    address: str
    message_id: str

    def __str__(self) -> str:
        return f"{self.address} {self.message_id}"


@record(frozen=True, slots=True)
class Claimed:
    """A recipient that this run has leased.

    ``date`` and ``digest`` are those of the message whose dot left in an earlier try, or None: the same message must
    leave again. ``code`` is the call-back code, empty where none was given; by ``token`` a page knows who unsubscribes.
    ``copy_of``: this is a copy of the message that was sent to that address, with that Message-ID.
    """

    id: int
    key: str
    address: str
    name: str
    language: str
    form: Form
    salutation: str
    fields: dict[str, Any]
    message_id: str
    date: dt.datetime | None
    digest: str | None
    code: str = ""
    token: str = ""
    copy_of: CopyOf | None = None

    @property
    def variables(self) -> dict[str, Any]:
        """What the template is rendered with."""
        return self.fields | ({"code": self.code} if self.code else {}) | ({"token": self.token} if self.token else {})


class Leaving(NamedTuple):
    """A message whose final dot is about to leave: whose it is, its digest and its Date."""

    recipient: int
    digest: str
    date: dt.datetime


class Handover:
    """One run's dealings with the recipients of one campaign.

    Every method is a durable transaction; the arrows are checked inside it.
    """

    def __init__(
        self,
        store: Store,
        campaign: CampaignRecord,
        version: Version,
        relay: str,
        run: str,
        *,
        journal: Journal | None = None,
        rollback: RollbackCheck | None = None,
        gives_tokens: bool = True,
    ) -> None:
        """Deal with recipients for the run named ``run``, which hands over to ``relay``, as attempts name it.

        :param journal: notes every message that is about to leave, too.
        :param rollback: knows of messages that the ledger does not know; whoever got one is not written to.
        :param gives_tokens: the campaign has a page on which readers unsubscribe.
        """
        self._store = store
        self._journal = journal
        self._transitions = Transitions(store, campaign, rollback)
        self._looked = False
        self._relay = relay
        self._campaign = campaign.number
        self._token = partial(unsubscribe_token, campaign.secret, campaign.id) if gives_tokens else _no_token
        self._constant = {"run": run, "version": version.number, "relay": relay}
        self._run = run

    def claim(
        self, most: int, now: dt.datetime, only: Sequence[str] = (), without: Collection[str] = ()
    ) -> list[Claimed]:
        """Lease up to ``most`` recipients that are due: first those that were deferred, then in the files' order.

        :param only: identities; when given, nobody else is leased.
        :param without: domains of which nobody is leased.
        """
        values = {
            "campaign": self._campaign,
            "run": self._run,
            "now": as_text(now),
            "beyond": as_text(now + LONGEST_WAIT),
            "only": json.dumps(list(only)),
            "anybody": not only,
            "without": json.dumps(list(without)),
        }
        if not self._looked:
            # whoever came to wait again since the enrolment, too
            self._transitions.set_doubted_aside(now)
            self._looked = True
        with self._store.transaction() as db:
            deferred = db.execute(QUERIES["claim_deferred"], values | {"most": most}).fetchall()
            pending = db.execute(QUERIES["claim_pending"], values | {"most": most - len(deferred)}).fetchall()
        # RETURNING promises no order (sqlite.org, "RETURNING")
        return [self._claimed(row) for rows in (deferred, pending) for row in sorted(rows, key=_first_due)]

    def record(
        self,
        finished: Sequence[tuple[int, Outcome]],
        leaving: Sequence[Leaving],
        now: dt.datetime,
        taken_back: tuple[Sequence[int], Outcome] | None = None,
    ) -> tuple[list[Status], list[bool]]:
        """Settle what was tried, and cross the line for what leaves: durable before any of these dots may leave.

        Returns the new status of each recipient that was tried, and for each that leaves whether it may. It may not
        when it is not this run's any more (the process was frozen past its lease, or the recipient was suppressed
        meanwhile). A recipient that has been deferred for five days of trying fails: nothing is tried for ever.

        :param taken_back: who failed or was deferred in this run and was not at fault, and why: they wait again.
        :raises WriteError: the ledger cannot be written any more.
        :raises LockedError: another process writes to it. Nothing was recorded.
        :raises BusyError: another run was given these recipients. Nothing was recorded.
        """
        if not (finished or leaving):
            return [], []
        with self._store.transaction() as db:
            statuses = self._settle(db, finished, now)
            if taken_back:
                self._take_back(db, *taken_back, as_text(now))
            begun = [self._begin(db, message) for message in leaving]
        if self._journal and any(begun):
            self._journal.keep(filter(None, begun))
        return statuses, [message is not None for message in begun]

    def _begin(self, db: sqlite3.Connection, leaving: Leaving) -> Begun | None:
        recipient, digest, date = leaving
        values = {"id": recipient, "digest": digest, "date": date.isoformat(), **self._constant}
        row = db.execute(QUERIES["begin"], values).fetchone()
        # whoever was taken off the suppression list beside this run was not set aside when it began
        if row is None or self._transitions.doubt_handed_over(db, recipient, row["identity"], date):
            return None
        return Begun(row["message_id"], row["tries"], row["identity"])

    def _settle(
        self, db: sqlite3.Connection, finished: Sequence[tuple[int, Outcome]], now: dt.datetime
    ) -> list[Status]:
        statuses, attempts, sent, others, time = [], [], [], [], as_text(now)
        for recipient, outcome in finished:
            status, due = self._end(db, recipient, outcome, now)
            statuses.append(status)
            attempt = self._attempt(recipient, outcome, status, time)
            attempts.append(attempt)
            if status is Status.SENT:
                sent.append(attempt)
            else:
                attempt |= {"due": due, "is_refused": outcome.is_refusal_of_the_message}
                others.append(attempt)
        settled = db.executemany(QUERIES["settle_sent"], sent).rowcount if sent else 0
        settled += db.executemany(QUERIES["settle"], others).rowcount if others else 0
        if settled != len(statuses):
            raise BusyError(
                "The ledger gave this run's recipients to another run, so this one has stopped.",
                hint="See where the campaign stands:  notify status",
            )
        db.executemany(QUERIES["append_attempt"], attempts)
        return statuses

    def _end(self, db: sqlite3.Connection, recipient: int, outcome: Outcome, now: dt.datetime) -> tuple[Status, str]:
        """Return the status to which an outcome leads, and when the recipient is due."""
        if outcome.status is Status.DEFERRED:
            deferrals = [as_moment(row["time"]) for row in db.execute(QUERIES["deferrals"], {"id": recipient})]
            if is_given_up(deferrals, now):
                return Status.FAILED, ""
            return Status.DEFERRED, as_text(now + retry_delay(len(deferrals) + 1))
        # behind everybody who was not tried yet: one odd message must not hold up all others at every resume
        return outcome.status, as_text(now) if outcome.status is Status.PENDING else ""

    def _attempt(self, recipient: int, outcome: Outcome, status: Status, time: str) -> dict[str, object]:
        return {
            "recipient": recipient,
            "run": self._run,
            "time": time,
            "relay": self._relay,
            "phase": outcome.phase,
            "reply": str(outcome.answer),
            "status": status,
            "scope": "" if status is Status.SENT else outcome.scope,
        }

    def _take_back(self, db: sqlite3.Connection, recipients: Iterable[int], why: Outcome, time: str) -> None:
        """Let those wait again who failed, or were deferred, though it was not their fault.

        What was refused was certainly not accepted, so their messages may be other ones the next time.
        """
        for recipient in recipients:
            values = {"id": recipient, "run": self._run, "due": time}
            taken = db.execute(QUERIES["take_back"], values).rowcount
            if not taken and db.execute(QUERIES["take_back_deferred"], values).rowcount:
                taken = db.execute(QUERIES["give_back_behind"], values).rowcount
            if taken:
                # no try: it must not count as one in the rates
                noted = self._attempt(recipient, why, Status.PENDING, time) | {"phase": ""}
                db.execute(QUERIES["append_attempt"], noted | {"reply": f"taken back: {why.answer}"})

    def give_back(self, recipients: Iterable[int]) -> None:
        """Let those wait again who are leased and not wanted now; each keeps its place in the order."""
        with self._store.transaction() as db:
            db.executemany(QUERIES["give_back"], [{"id": recipient, "run": self._run} for recipient in recipients])

    def release(self) -> int:
        """Give back whatever this run has leased and not handed over. Returns how many."""
        with self._store.transaction() as db:
            released = db.execute(QUERIES["release"], {"campaign": self._campaign, "run": self._run}).rowcount
            # some may have been suppressed while they were leased
            db.execute(QUERIES["set_suppressed_aside"], {"campaign": self._campaign})
            return released

    def _claimed(self, row: sqlite3.Row) -> Claimed:
        fields = json.loads(row["fields"])
        copied = fields.pop("copy_of", None)
        return Claimed(
            id=row["id"],
            key=row["key"],
            address=row["address"],
            name=row["name"],
            language=row["language"],
            form=Form(row["form"]),
            salutation=row["salutation"],
            fields=fields,
            message_id=row["message_id"],
            date=as_moment(row["date"]) if row["date"] else None,
            digest=row["digest"],
            code=row["code"] or "",
            token=self._token(identity(row["address"])),
            copy_of=CopyOf(copied["to"], copied["message_id"]) if copied else None,
        )


def _no_token(_: str) -> str:
    return ""


def _first_due(row: sqlite3.Row) -> tuple[str, int]:
    return row["due"], row["id"]
