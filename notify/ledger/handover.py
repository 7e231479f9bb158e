"""What one run does with recipients: it claims them, lets their dots leave, records the answers and gives back."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from notify.core.outcome import Outcome
from notify.core.pace import LONGEST_WAIT
from notify.core.record import record
from notify.core.status import Status
from notify.errors import BusyError
from notify.ledger import settling
from notify.ledger.claimed import Claimed, Leaving, reader_of
from notify.ledger.journal import Begun, Journal
from notify.ledger.queries import QUERIES, as_moment, as_text, for_rows
from notify.ledger.rollback import RollbackCheck
from notify.ledger.settling import status_after
from notify.ledger.store import Store
from notify.ledger.transitions import Transitions
from notify.ledger.versions import CampaignRecord, Version

if TYPE_CHECKING:
    from notify.ledger.connection import Connection, Row


@record(frozen=False, slots=True)
class _Claim:
    """Somebody whom this run has claimed. ``is_begun``: the line was crossed."""

    address: str
    message: Begun
    is_begun: bool = False


class Handover:
    """The dealings of a run that has the ledger for itself (:class:`~notify.ledger.handovers.Handovers`).

    Nothing is written when recipients are claimed: who was is remembered here, and the fence is at the line. What
    writes is a durable transaction; the arrows are checked inside it.
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
        self._campaign = campaign.number
        self._read = reader_of(campaign, gives_tokens=gives_tokens)
        self._version = version.number
        self._relay = relay
        self._run = run
        self._claims: dict[int, _Claim] = {}

    def claim(
        self, most: int, now: dt.datetime, only: Sequence[str] = (), without: Collection[str] = ()
    ) -> list[Claimed]:
        """Claim up to ``most`` recipients that are due: first those that were deferred, then in the files' order."""
        if not self._looked:
            # whoever came to wait again since the enrolment, too
            self._transitions.set_doubted_aside(now)
            self._looked = True
        values = {
            "campaign": self._campaign,
            "now": as_text(now),
            "beyond": as_text(now + LONGEST_WAIT),
            "only": json.dumps(list(only)),
            "anybody": not only,
            "without": json.dumps(list(without)),
            "held": json.dumps(list(self._claims)),
        }
        rows = [*self._store.rows("deferred_and_due", **values, most=most)]
        rows += self._store.rows("next_pending", **values, most=most - len(rows))
        return [self._claim(row) for row in rows]

    def _claim(self, row: Row) -> Claimed:
        *values, identity, tries = row
        claimed = self._read(values)
        self._claims[claimed.id] = _Claim(claimed.address, Begun(claimed.message_id, tries, identity))
        return claimed

    def record(
        self,
        finished: Sequence[tuple[int, Outcome]],
        leaving: Sequence[Leaving],
        now: dt.datetime,
        taken_back: tuple[Sequence[int], Outcome] | None = None,
    ) -> tuple[list[Status], list[bool]]:
        """Settle what was tried, and cross the line for what leaves: durable before any of these dots may leave.

        See :meth:`notify.ledger.Handovers.record`.
        """
        if not (finished or leaving):
            return [], []
        with self._store.transaction() as db:
            statuses = self._settle(db, finished, now)
            if taken_back:
                self._take_back(db, *taken_back, as_text(now))
            begun = self._begin(db, leaving)
        for recipient, _ in finished:
            del self._claims[recipient]
        for recipient in begun:
            self._claims[recipient].is_begun = True
        if self._journal and begun:
            self._journal.keep([self._claims[recipient].message for recipient in begun])
        return statuses, [message.recipient in begun for message in leaving]

    def follow_up(self) -> None:
        """Bring the entries of the journal to the disk."""
        if self._journal:
            self._journal.make_durable()

    def _begin(self, db: Connection, leaving: Sequence[Leaving]) -> Collection[int]:
        """Cross the line for those that may; return which those are."""
        crossing = [
            message
            for message in leaving
            if (claim := self._claims.get(message.recipient)) is not None and not claim.is_begun
        ]
        if not crossing:
            return ()
        made = self._version, self._relay, self._run
        each = chain.from_iterable([(who, digest, date.isoformat()) for who, digest, date in crossing])
        crossed = db.execute(for_rows("begin", len(crossing)), [*made, *each]).rowcount
        begun = {message.recipient: message.date for message in crossing}
        if crossed < len(crossing):
            values = {"recipients": json.dumps(list(begun)), "run": self._run}
            begun = {row["id"]: begun[row["id"]] for row in db.execute(QUERIES["begun"], values)}
        if not self._transitions.knows_doubts:
            return begun
        # whoever was taken off the suppression list beside this run was not set aside when it began
        return [
            who
            for who, date in begun.items()
            if not self._transitions.doubt_handed_over(db, who, self._claims[who].message.identity, date)
        ]

    def _settle(self, db: Connection, finished: Sequence[tuple[int, Outcome]], now: dt.datetime) -> list[Status]:
        statuses, attempts, sent, time = list[Status](), [], [], as_text(now)
        for recipient, outcome in finished:
            claim = self._claims.get(recipient)
            if claim is None:
                raise _given_away()
            status = outcome.status
            if status is Status.SENT and claim.is_begun:
                sent.append(recipient)
            elif (settled := self._settle_one(db, recipient, outcome, now, is_begun=claim.is_begun)) is not None:
                status = settled
            else:
                statuses.append(Status.PENDING)
                continue
            statuses.append(status)
            # as plain text: for each kind of text of ours the driver looks whether it knows a way to keep it
            said = str(outcome.phase), str(outcome.answer), str(status)
            scope = "" if status is Status.SENT else str(outcome.scope)
            attempts.append((recipient, time, claim.address, self._relay, *said, scope, claim.message.message_id))
        values = {"recipients": json.dumps(sent), "run": self._run}
        if sent and db.execute(QUERIES["settle_sent"], values).rowcount < len(sent):
            raise _given_away()
        if attempts:
            db.execute(for_rows("append_attempts", len(attempts)), [*chain.from_iterable(attempts)])
        return statuses

    def _settle_one(
        self, db: Connection, recipient: int, outcome: Outcome, now: dt.datetime, *, is_begun: bool
    ) -> Status | None:
        """Settle what was not sent. Who was refused before the dot, and waits no more, is left alone: None."""
        deferrals = self._deferrals(db, recipient) if outcome.status is Status.DEFERRED else ()
        status, due = status_after(outcome, deferrals, now)
        values = {
            "recipient": recipient,
            "run": self._run,
            "is_begun": is_begun,
            "status": status,
            "due": due,
            "phase": outcome.phase,
            "is_refused": outcome.is_refusal_of_the_message,
        }
        if db.execute(QUERIES["settle"], values).rowcount:
            return status
        if is_begun:
            raise _given_away()
        return None

    @staticmethod
    def _deferrals(db: Connection, recipient: int) -> list[dt.datetime]:
        return [as_moment(row["time"]) for row in db.execute(QUERIES["deferrals"], {"id": recipient})]

    def _take_back(self, db: Connection, recipients: Iterable[int], why: Outcome, time: str) -> None:
        """Let those wait again who failed, or were deferred, though it was not their fault."""
        for recipient in recipients:
            if db.execute(QUERIES["take_back"], {"id": recipient, "run": self._run, "due": time}).rowcount:
                noted = settling.taken_back(recipient, why) | {"relay": self._relay, "time": time}
                db.execute(QUERIES["append_attempt"], noted)

    def give_back(self, recipients: Iterable[int]) -> None:
        """Let those be claimed again who were claimed and are not wanted now; each keeps its place in the order."""
        for recipient in recipients:
            if (claim := self._claims.get(recipient)) is not None and not claim.is_begun:
                del self._claims[recipient]

    def release(self) -> int:
        """Give back whomever this run has claimed and not handed over. Returns how many."""
        claimed = [recipient for recipient, claim in self._claims.items() if not claim.is_begun]
        self.give_back(claimed)
        with self._store.transaction() as db:
            # some may have been suppressed while they were handed over, and wait again
            db.execute(QUERIES["set_suppressed_aside"], {"campaign": self._campaign})
        return len(claimed)


def _given_away() -> BusyError:
    return BusyError(
        "The ledger gave this run's recipients to another run, so this one has stopped.",
        hint="See where the campaign stands:  notify status",
    )
