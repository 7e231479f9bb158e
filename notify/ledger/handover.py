"""What a run does with recipients: claim, begin, settle, release; and recover what a dead run left."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import Any, NamedTuple

from notify.core.outcome import Outcome
from notify.core.pace import LONGEST_DEFERRAL, LONGEST_WAIT, retry_delay
from notify.core.status import Status
from notify.errors import BusyError
from notify.ledger.journal import Begun, Journal
from notify.ledger.rollback import RollbackCheck
from notify.ledger.store import QUERIES, Store, as_moment, as_text
from notify.ledger.versions import CampaignRecord, Version

#: What happens within it, on several connections, is one event.
_ONE_MOMENT = dt.timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A recipient that this run has leased.

    ``date`` and ``digest`` are those of the message whose dot left in an earlier try, or None: the same message must
    leave again.
    """

    id: int
    key: str
    address: str
    name: str
    language: str
    salutation: str
    fields: dict[str, Any]
    message_id: str
    date: dt.datetime | None
    digest: str | None


def recover(store: Store, campaign: CampaignRecord, now: dt.datetime) -> tuple[int, int]:
    """Sort what a run that died has left. Only whoever holds the lock may call it.

    Returns how many went back to waiting (certainly not sent) and how many are in doubt (handed over, the answer is
    unknown).
    """
    values = {"campaign": campaign.number, "now": as_text(now)}
    with store.transaction() as db:
        back = db.execute(QUERIES["recover_claimed"], values).rowcount
        db.execute(QUERIES["note_doubts"], values)
        doubts = db.execute(QUERIES["recover_in_flight"], values).rowcount
    return back, doubts


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
    ) -> None:
        """Deal with recipients for the run named ``run``, which hands over to ``relay``, as attempts name it.

        :param journal: notes every message that is about to leave, too.
        :param rollback: knows of messages that the ledger does not know; whoever got one is not written to.
        """
        self._store = store
        self._journal = journal
        self._rollback = rollback if rollback and rollback.found_any else None
        self._looked = False
        self._relay = relay
        self._campaign = campaign.number
        self._constant = {"run": run, "version": version.number, "relay": relay}
        self._run = run

    def expire(self, now: dt.datetime) -> int:
        """End the waiting of everybody, because the campaign's deadline has passed. Returns how many."""
        values = {"campaign": self._campaign, "now": as_text(now)}
        with self._store.transaction() as db:
            db.execute(QUERIES["note_expired"], values)
            return db.execute(QUERIES["expire"], values).rowcount

    def unexpire(self) -> int:
        """Let everybody wait again who had expired: the deadline was moved. Returns how many."""
        return self._wait_again("unexpire")

    def retry_failed(self) -> int:
        """Let everybody who was refused for good wait again, by the user's word. Returns how many."""
        return self._wait_again("retry_failed")

    def _wait_again(self, query: str) -> int:
        with self._store.transaction() as db:
            waiting = db.execute(QUERIES[query], {"campaign": self._campaign}).rowcount
            return waiting - db.execute(QUERIES["set_suppressed_aside"], {"campaign": self._campaign}).rowcount

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
            self.set_doubted_aside(now)
            self._looked = True
        with self._store.transaction() as db:
            deferred = db.execute(QUERIES["claim_deferred"], values | {"most": most}).fetchall()
            pending = db.execute(QUERIES["claim_pending"], values | {"most": most - len(deferred)}).fetchall()
        # RETURNING promises no order (sqlite.org, "RETURNING")
        return [_claimed(row) for rows in (deferred, pending) for row in sorted(rows, key=_first_due)]

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
        meanwhile). A recipient that has been deferred for five days fails: nothing is tried for ever.

        :param taken_back: who failed in this run and was not at fault, and why: they wait again.
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
            begun = [self._begin(db, one) for one in leaving]
        if self._journal and any(begun):
            self._journal.keep(filter(None, begun))
        return statuses, [one is not None for one in begun]

    def _begin(self, db: sqlite3.Connection, leaving: Leaving) -> Begun | None:
        recipient, digest, date = leaving
        values = {"id": recipient, "digest": digest, "date": date.isoformat(), **self._constant}
        row = db.execute(QUERIES["begin"], values).fetchone()
        if row is None:
            return None
        if self._rollback:
            (settled,) = db.execute(QUERIES["settled_doubts"], {"id": recipient}).fetchone()
            if told := self._told_of(row["identity"], settled):
                # taken off the suppression list beside this run
                self._note_told(db, recipient, told, as_text(date))
                return None
        return Begun(row["message_id"], row["tries"], row["identity"])

    def set_doubted_aside(self, now: dt.datetime) -> int:
        """Put those in doubt who wait, but were written to, as the journals tell. Returns how many."""
        if self._rollback is None:
            return 0
        waiting = self._store.rows("unsettled", campaign=self._campaign)
        doubted = [(row["id"], told) for row in waiting if (told := self._told_of(row["identity"], row["settled"]))]
        with self._store.transaction() as db:
            for recipient, told in doubted:
                # the way that they took; no arrow leads there at once
                for status in (Status.CLAIMED, Status.IN_FLIGHT):
                    db.execute(QUERIES["hand_over_unknown"], {"id": recipient, "status": status})
                self._note_told(db, recipient, told, as_text(now))
        return len(doubted)

    def _told_of(self, identity: str, settled: int) -> int:
        """Return how many messages to an address only the journals know of, beyond those that are settled."""
        return max(0, self._rollback.count_messages(identity) - settled) if self._rollback else 0

    def _note_told(self, db: sqlite3.Connection, recipient: object, told: int, time: str) -> None:
        """Put in doubt who is in flight because a journal tells of it."""
        db.execute(QUERIES["hand_over_unknown"], {"id": recipient, "status": Status.IN_DOUBT})
        noted = {"recipient": recipient, "time": time, "relay": "witness", "phase": "", "status": Status.IN_DOUBT}
        noted |= {"reply": "handed over before, which this ledger does not know", "scope": ""}
        db.executemany(QUERIES["append_attempt"], [noted] * told)

    def _settle(
        self, db: sqlite3.Connection, finished: Sequence[tuple[int, Outcome]], now: dt.datetime
    ) -> list[Status]:
        statuses, values, time = [], [], as_text(now)
        for recipient, outcome in finished:
            status, due = self._end(db, recipient, outcome, now)
            statuses.append(status)
            values.append({**self._attempt(recipient, outcome, status, time), "run": self._run, "due": due})
        if db.executemany(QUERIES["settle"], values).rowcount != len(values):
            raise BusyError(
                "The ledger gave this run's recipients to another run, so this one has stopped.",
                hint="See where the campaign stands:  notify status",
            )
        db.executemany(QUERIES["append_attempt"], values)
        return statuses

    def _end(self, db: sqlite3.Connection, recipient: int, outcome: Outcome, now: dt.datetime) -> tuple[Status, str]:
        """Return the status to which an outcome leads, and when the recipient is due."""
        if outcome.status is Status.DEFERRED:
            row = db.execute(QUERIES["deferrals"], {"id": recipient}).fetchone()
            if row["first"] and now - as_moment(row["first"]) > LONGEST_DEFERRAL:
                return Status.FAILED, ""
            return Status.DEFERRED, as_text(now + retry_delay(row["count"] + 1))
        # behind everybody who was not tried yet: one odd message must not hold up all others at every resume
        return outcome.status, as_text(now) if outcome.status is Status.PENDING else ""

    def _attempt(self, recipient: int, outcome: Outcome, status: Status, time: str) -> dict[str, object]:
        return {
            "recipient": recipient,
            "time": time,
            "relay": self._relay,
            "phase": outcome.phase,
            "reply": str(outcome.answer),
            "status": status,
            "scope": "" if status is Status.SENT else outcome.scope,
        }

    def _take_back(self, db: sqlite3.Connection, recipients: Iterable[int], why: Outcome, time: str) -> None:
        """Let those wait again who failed though it was not their fault.

        What was refused was certainly not accepted, so their messages may be other ones the next time.
        """
        for recipient in recipients:
            if db.execute(QUERIES["take_back"], {"id": recipient, "run": self._run, "due": time}).rowcount:
                # no try: it must not count as one in the rates
                noted = self._attempt(recipient, why, Status.PENDING, time) | {"phase": ""}
                db.execute(QUERIES["append_attempt"], noted | {"reply": f"taken back: {why.answer}"})

    def give_back(self, recipients: Iterable[int]) -> None:
        """Let those wait again who are leased and not wanted now; each keeps its place in the order."""
        with self._store.transaction() as db:
            db.executemany(QUERIES["give_back"], [{"id": one, "run": self._run} for one in recipients])

    def release(self) -> int:
        """Give back whatever this run has leased and not handed over. Returns how many."""
        with self._store.transaction() as db:
            released = db.execute(QUERIES["release"], {"campaign": self._campaign, "run": self._run}).rowcount
            # some may have been suppressed while they were leased
            db.execute(QUERIES["set_suppressed_aside"], {"campaign": self._campaign})
            return released

    def has_sent(self) -> bool:
        """Tell whether this relay has ever taken a message."""
        return self._store.row("sent_through", relay=self._relay) is not None

    def losses(self) -> int:
        """Return how often in a row this relay's answer was lost, of messages of this campaign that are still in doubt.

        What several connections lose at one moment is one loss.
        """
        answers = self._store.rows("answers", relay=self._relay, campaign=self._campaign)
        moments = [as_moment(row["time"]) for row in takewhile(lambda row: row["is_lost"], answers)]
        return sum(later - one > _ONE_MOMENT for later, one in pairwise(moments)) + bool(moments)

    def handed_over(
        self, most: int, since: dt.datetime, until: dt.datetime, *, to_a_domain: int = 0
    ) -> Sequence[tuple[dt.datetime, str]]:
        """Return when messages left through this relay and to which domain, oldest first.

        :param most: so many of the latest.
        :param to_a_domain: and so many of the latest to each domain, however many left to others since.
        """
        period = {"since": as_text(since), "until": as_text(until)}
        # -1: without a limit; SQLite's own, and what is kept of the rows is little
        rows = self._store.rows("handed_over", relay=self._relay, most=-1 if to_a_domain else most, **period)
        found: Counter[str] = Counter()
        left: list[tuple[dt.datetime, str]] = []
        for number, row in enumerate(rows):
            domain = row["address"].rpartition("@")[2].lower()
            found[domain] += 1
            if number < most or found[domain] <= to_a_domain:
                left.append((as_moment(row["time"]), domain))
        return left[::-1]


def _first_due(row: sqlite3.Row) -> tuple[str, int]:
    return row["due"], row["id"]


def _claimed(row: sqlite3.Row) -> Claimed:
    return Claimed(
        id=row["id"],
        key=row["key"],
        address=row["address"],
        name=row["name"],
        language=row["language"],
        salutation=row["salutation"],
        fields=json.loads(row["fields"]),
        message_id=row["message_id"],
        date=as_moment(row["date"]) if row["date"] else None,
        digest=row["digest"],
    )
