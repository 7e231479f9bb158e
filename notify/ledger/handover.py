"""What one run does with recipients: it leases them, lets their dots leave, records the answers and gives back."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

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

if TYPE_CHECKING:
    from notify.ledger.connection import Connection, Row

#: Beside the fields of a copy, of which message it is one.
_COPY_OF = "copy_of"


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
    ``copy_of``: this is a copy of the message that was sent to that address, with that Message-ID. ``stored`` is the
    JSON of the fields, which only whoever makes the message reads.
    """

    id: int
    key: str
    address: str
    name: str
    language: str
    form: Form
    salutation: str
    stored: str
    message_id: str
    date: dt.datetime | None
    digest: str | None
    code: str = ""
    token: str = ""
    copy_of: CopyOf | None = None

    @property
    def fields(self) -> dict[str, Any]:
        """The fields and cells that the template names; read anew each time."""
        fields: dict[str, Any] = json.loads(self.stored)
        fields.pop(_COPY_OF, None)
        return fields

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
        self._token = partial(_token, campaign) if gives_tokens else _no_token
        self._constant = {"version": version.number, "relay": relay}
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
            begun = self._begin(db, leaving) if leaving else {}
        if self._journal and begun:
            self._journal.keep(begun.values())
        return statuses, [message.recipient in begun for message in leaving]

    def _begin(self, db: Connection, leaving: Sequence[Leaving]) -> dict[int, Begun]:
        """Cross the line for those that may; return them by their recipients."""
        ids = json.dumps([message.recipient for message in leaving])
        rows = db.execute(QUERIES["may_leave"], {"ids": ids, "run": self._run})
        begun = {row["id"]: Begun(row["message_id"], row["tries"], row["identity"]) for row in rows}
        crossing = [message for message in leaving if message.recipient in begun]
        db.executemany(
            QUERIES["begin"],
            [
                {"id": who, "digest": digest, "date": date.isoformat(), **self._constant}
                for who, digest, date in crossing
            ],
        )
        # whoever was taken off the suppression list beside this run was not set aside when it began
        for who, _, date in crossing if self._transitions.knows_doubts else ():
            if self._transitions.doubt_handed_over(db, who, begun[who].identity, date):
                del begun[who]
        return begun

    def _settle(self, db: Connection, finished: Sequence[tuple[int, Outcome]], now: dt.datetime) -> list[Status]:
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

    def _end(self, db: Connection, recipient: int, outcome: Outcome, now: dt.datetime) -> tuple[Status, str]:
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

    def _take_back(self, db: Connection, recipients: Iterable[int], why: Outcome, time: str) -> None:
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

    def _claimed(self, row: Row) -> Claimed:
        # by their places: a name is looked for in each row again
        number, key, address, name, language, form, salutation, stored, message_id, date, digest, _, code = row
        return Claimed(
            number,
            key,
            address,
            name,
            language,
            Form(form),
            salutation,
            stored,
            message_id,
            as_moment(date) if date else None,
            digest,
            code or "",
            self._token(address),
            _copied(stored),
        )


def _copied(stored: str) -> CopyOf | None:
    """Return of which message a recipient is to get a copy (:mod:`~notify.ledger.copies`), if it is one."""
    if f'"{_COPY_OF}"' not in stored or (copied := json.loads(stored).get(_COPY_OF)) is None:
        return None
    return CopyOf(copied["to"], copied["message_id"])


def _token(campaign: CampaignRecord, address: str) -> str:
    return unsubscribe_token(campaign.secret, campaign.id, identity(address))


def _no_token(_: str) -> str:
    return ""


def _first_due(row: Row) -> tuple[str, int]:
    return row["due"], row["id"]
