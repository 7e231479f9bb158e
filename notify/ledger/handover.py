"""What one run does with recipients: it leases them, lets their dots leave, records the answers and gives back."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from notify.core.outcome import Outcome
from notify.core.pace import LONGEST_WAIT
from notify.core.status import Status
from notify.errors import BusyError
from notify.ledger import settling
from notify.ledger.claimed import Claimed, Leaving, reader_of
from notify.ledger.journal import Begun, Journal
from notify.ledger.queries import QUERIES, as_moment, as_text
from notify.ledger.rollback import RollbackCheck
from notify.ledger.settling import attempt_at, status_after
from notify.ledger.store import Store
from notify.ledger.transitions import Transitions
from notify.ledger.versions import CampaignRecord, Version

if TYPE_CHECKING:
    from notify.ledger.connection import Connection, Row


class Handover:
    """The dealings of a run that has the ledger for itself (:class:`~notify.ledger.handovers.Handovers`).

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
        self._campaign = campaign.number
        self._claimed = reader_of(campaign, gives_tokens=gives_tokens)
        self._version_and_relay = {"version": version.number, "relay": relay}
        self._run_and_relay = {"run": run, "relay": relay}
        self._run = run

    def claim(
        self, most: int, now: dt.datetime, only: Sequence[str] = (), without: Collection[str] = ()
    ) -> list[Claimed]:
        """Lease up to ``most`` recipients that are due: first those that were deferred, then in the files' order."""
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

        See :meth:`notify.ledger.Handovers.record`.
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
                {"id": who, "digest": digest, "date": date.isoformat(), **self._version_and_relay}
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
            deferrals = self._deferrals(db, recipient) if outcome.status is Status.DEFERRED else ()
            status, due = status_after(outcome, deferrals, now)
            statuses.append(status)
            attempt = attempt_at(recipient, outcome, status) | self._run_and_relay | {"time": time}
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

    @staticmethod
    def _deferrals(db: Connection, recipient: int) -> list[dt.datetime]:
        return [as_moment(row["time"]) for row in db.execute(QUERIES["deferrals"], {"id": recipient})]

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
                noted = settling.taken_back(recipient, why) | self._run_and_relay | {"time": time}
                db.execute(QUERIES["append_attempt"], noted)

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


def _first_due(row: Row) -> tuple[str, int]:
    return row["due"], row["id"]
