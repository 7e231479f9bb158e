"""What a worker does with recipients of its portions: it claims them, lets their dots leave, records the answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from notify.core.outcome import Action, Loss, Outcome, Phase, Scope
from notify.core.status import Status
from notify.errors import WriteError
from notify.ledger import settling
from notify.ledger.claimed import Claimed, Leaving, reader_of
from notify.ledger.journal import Begun, Journal
from notify.ledger.postgres.claims import Claims
from notify.ledger.postgres.leases import Leases, Renewal, fenced
from notify.ledger.postgres.portions import PORTION_QUERIES
from notify.ledger.queries import as_moment, as_text
from notify.ledger.transitions import Transitions

if TYPE_CHECKING:
    from notify.ledger.connection import Cursor
    from notify.ledger.postgres.connection import Session
    from notify.ledger.postgres.store import PostgresStore
    from notify.ledger.rollback import RollbackCheck
    from notify.ledger.versions import CampaignRecord, Version

#: What came of a dot that was not let leave: the line was crossed, and that took nearly as long as the lease.
_TOO_LATE = Outcome(
    status=Status.PENDING,
    scope=Scope.RELAY,
    action=Action.GO_ON,
    phase=Phase.BODY,
    answer=Loss("the ledger took too long to record it"),
    words="It was not handed over, and is tried again.",
)


class PortionHandover:
    """The dealings of a worker that has leased portions (:class:`~notify.ledger.handovers.Handovers`).

    Nothing is written when recipients are claimed: the portion is leased, and who was given out is remembered here.
    """

    def __init__(
        self,
        store: PostgresStore,
        campaign: CampaignRecord,
        version: Version,
        relay: str,
        leases: Leases,
        *,
        journal: Journal | None = None,
        rollback: RollbackCheck | None = None,
        gives_tokens: bool = True,
    ) -> None:
        """Deal with the recipients of leased portions, and hand over to ``relay``, as attempts name it.

        :param journal: notes every message that is about to leave, too.
        :param rollback: knows of messages that the ledger does not know; whoever got one is not written to.
        :param gives_tokens: the campaign has a page on which readers unsubscribe.
        """
        self._store = store
        self._leases = leases
        self._journal = journal
        self._transitions = Transitions(store, campaign, rollback)
        self._claimed_at: dt.datetime | None = None
        self._relay = relay
        self._campaign = campaign.number
        self._version = version.number
        self._claimed = reader_of(campaign, gives_tokens=gives_tokens)
        self._claims = Claims(store, leases)

    def claim(
        self, most: int, now: dt.datetime, only: Sequence[str] = (), without: Collection[str] = ()
    ) -> list[Claimed]:
        """Give out up to ``most`` recipients that are due: of each portion first those that were deferred."""
        if self._claimed_at is None:
            # whoever came to wait again since the enrolment, too
            self._transitions.set_doubted_aside(now)
        self._claimed_at = now
        return [self._claimed(claim.values) for claim in self._claims.give_out(most, now, only, without)]

    def record(
        self,
        finished: Sequence[tuple[int, Outcome]],
        leaving: Sequence[Leaving],
        now: dt.datetime,
        taken_back: tuple[Sequence[int], Outcome] | None = None,
    ) -> tuple[list[Status], list[bool]]:
        """Settle what was tried, and cross the line for what leaves: durable before any of these dots may leave.

        See :meth:`notify.ledger.Handovers.record`. All leases are renewed with it. When that took so long that hardly
        anything is left of them, those who have crossed the line are taken back over it, and none of these dots leaves.

        :raises FencedError: a lease is over. Nothing was recorded.
        """
        if not (finished or leaving):
            return [], []
        with self._store.concurrent() as db:
            renewal = Renewal(self._leases)
            tried = self._came_to(db, finished, now)
            with db.pipeline():
                renewal.ask(db)
                settled = self._settle(db, tried, now)
                if taken_back:
                    self._take_back(db, *taken_back, now)
                crossing = self._begin(db, leaving)
            renewal.check()
            statuses = self._statuses(tried, settled)
            begun = self._begun(db, crossing, leaving)
        renewal.note()
        self._note(finished, leaving, begun)
        if begun and not self._leases.may_dot:
            self.record([(recipient, _TOO_LATE) for recipient in begun], [], now)
            begun = {}
        return statuses, [message.recipient in begun for message in leaving]

    def _came_to(
        self, db: Session, finished: Sequence[tuple[int, Outcome]], now: dt.datetime
    ) -> list[dict[str, object]]:
        """Return what is recorded of each try: the recipient's new standing and the attempt.

        :raises FencedError: somebody was not given out by this worker, or is settled already.
        """
        deferrals: dict[int, list[dt.datetime]] = {
            recipient: [] for recipient, outcome in finished if outcome.status is Status.DEFERRED
        }
        if deferrals:
            for row in db.execute(PORTION_QUERIES["deferrals_of"], {"recipients": list(deferrals)}):
                deferrals[row["recipient"]].append(as_moment(row["time"]))
        tried = []
        for recipient, outcome in finished:
            claim = self._claims.of(recipient)
            if claim is None:
                raise fenced()
            status, due = settling.status_after(outcome, deferrals.get(recipient, ()), now)
            tried.append(
                settling.attempt_at(recipient, outcome, status)
                | {"run": claim.lease.run, "round": claim.round, "is_begun": claim.is_begun}
                | {"due": due, "is_refused": outcome.is_refusal_of_the_message}
            )
        return tried

    def _settle(self, db: Session, tried: Sequence[dict[str, object]], now: dt.datetime) -> Cursor | None:
        if not tried:
            return None
        columns = {name: [one[name] for one in tried] for name in tried[0]}
        return db.execute(PORTION_QUERIES["settle"], columns | {"time": as_text(now), "relay": self._relay})

    def _statuses(self, tried: Sequence[dict[str, object]], settled: Cursor | None) -> list[Status]:
        """Return the new status of each who was tried.

        Who was refused before the dot, and was changed, suppressed or begun by others meanwhile, is left alone.
        """
        known = {row["recipient"] for row in settled} if settled is not None else set()
        if any(one["is_begun"] and one["recipient"] not in known for one in tried):
            raise WriteError(
                "The database has lost what it had recorded: of those whom this worker hands over it knows nothing.",
                hint="Was it restored, or did a standby take over? See who was written to before more is sent.",
            )
        return [Status(str(one["status"])) if one["recipient"] in known else Status.PENDING for one in tried]

    def _take_back(self, db: Session, recipients: Sequence[int], why: Outcome, now: dt.datetime) -> None:
        noted = settling.taken_back(0, why) | {"relay": self._relay, "time": as_text(now), "due": as_text(now)}
        values = noted | {"recipients": list(recipients), "runs": self._leases.runs}
        db.execute(PORTION_QUERIES["take_back"], values)

    def _begin(self, db: Session, leaving: Sequence[Leaving]) -> Cursor | None:
        """Cross the line for those that may, in the order of their numbers: so no two workers wait for each other."""
        crossing = [(claim, one) for one in sorted(leaving) if (claim := self._claims.of(one.recipient))]
        if not crossing:
            return None
        values: dict[str, object] = {
            "recipients": [claim.id for claim, _ in crossing],
            "runs": [claim.lease.run for claim, _ in crossing],
            "rounds": [claim.round for claim, _ in crossing],
            "digests": [message.digest for _, message in crossing],
            "dates": [message.date.isoformat() for _, message in crossing],
            "version": self._version,
            "relay": self._relay,
            "campaign": self._campaign,
            "is_noted": self._journal is not None,
        }
        return db.execute(PORTION_QUERIES["begin"], values)

    def _begun(self, db: Session, crossing: Cursor | None, leaving: Sequence[Leaving]) -> dict[int, Begun]:
        """Return those who have crossed the line, by their numbers."""
        rows = crossing if crossing is not None else ()
        begun = {row["id"]: Begun(row["message_id"], row["tries"], row["identity"]) for row in rows}
        # whoever was taken off the suppression list beside this run was not set aside when it began
        for who, _, date in leaving if self._transitions.knows_doubts else ():
            if who in begun and self._transitions.doubt_handed_over(db, who, begun[who].identity, date):
                del begun[who]
        return begun

    def _note(
        self, finished: Sequence[tuple[int, Outcome]], leaving: Sequence[Leaving], begun: dict[int, Begun]
    ) -> None:
        """Remember what was recorded, and note in the journal which dots are about to leave."""
        self._claims.drop(recipient for recipient, _ in finished)
        claims = [claim for message in leaving if (claim := self._claims.of(message.recipient))]
        for claim in claims:
            claim.is_begun |= claim.id in begun
        self._claims.drop(claim.id for claim in claims if not claim.is_begun)
        if leaving and not begun:
            # whoever was read with them may have been changed like them
            self._claims.look_anew()
        if self._journal and begun:
            self._journal.keep(begun.values())

    def follow_up(self) -> None:
        """Do nothing: a journal that several processes share is on the disk before the dots leave."""

    def give_back(self, recipients: Iterable[int]) -> None:
        """Let those wait again who were given out and are not wanted now; each keeps its place in the order."""
        self._claims.give_back(recipients)

    def release(self) -> int:
        """Let those wait again who were given out and not handed over; be done with the portions where nobody waits.

        The other leases stay this worker's. Returns how many they were.
        """
        return 0 if self._claimed_at is None else self._claims.release(self._claimed_at)
