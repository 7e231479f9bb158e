"""What moves recipients outside of handing over: a run that died, the deadline, the user's word, a journal."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from notify.core.status import Status
from notify.ledger.queries import QUERIES, as_text
from notify.ledger.rollback import RollbackCheck
from notify.ledger.store import Store
from notify.ledger.versions import CampaignRecord

if TYPE_CHECKING:
    from notify.ledger.connection import Connection


class Transitions:
    """Moves many recipients of one campaign at once.

    Every method is a durable transaction; the arrows are checked inside it.
    """

    def __init__(self, store: Store, campaign: CampaignRecord, rollback: RollbackCheck | None = None) -> None:
        """Move the recipients of one campaign.

        :param rollback: knows of messages that the ledger does not know; whoever got one is set aside as in doubt.
        """
        self._store = store
        self._campaign = campaign.number
        self._rollback = rollback if rollback and rollback.found_any else None

    @property
    def knows_doubts(self) -> bool:
        """Whether a journal tells of anybody whom this ledger does not know to be written to."""
        return self._rollback is not None

    def recover(self, now: dt.datetime) -> tuple[int, int]:
        """Sort what a run that died has left. Only whoever holds the lock may call it.

        Returns how many went back to waiting (certainly not sent) and how many are in doubt (handed over, the answer
        is unknown).
        """
        values = {"campaign": self._campaign, "now": as_text(now)}
        with self._store.transaction() as db:
            back = db.execute(QUERIES["recover_claimed"], values).rowcount
            db.execute(QUERIES["note_doubts"], values)
            doubts = db.execute(QUERIES["recover_in_flight"], values).rowcount
        return back, doubts

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
            if waiting:
                # who waited before was set aside as soon as it was suppressed
                waiting -= db.execute(QUERIES["set_suppressed_aside"], {"campaign": self._campaign}).rowcount
            return waiting

    def set_doubted_aside(self, now: dt.datetime) -> int:
        """Put those in doubt who wait, but were written to, as the journals tell. Returns how many."""
        if self._rollback is None:
            return 0
        waiting = self._store.rows("waiting_with_settled_doubts", campaign=self._campaign)
        doubted = [
            (row["id"], Status(row["status"]), messages)
            for row in waiting
            if (messages := self._unknown_messages(row["identity"], row["settled"]))
        ]
        with self._store.transaction() as db:
            return sum(self._set_aside(db, *row, as_text(now)) for row in doubted)

    def doubt_handed_over(self, db: Connection, recipient: int, identity: str, now: dt.datetime) -> bool:
        """Put somebody in doubt whose message is about to leave, if a journal tells that one has left before.

        Returns whether that is so. ``db`` is the caller's transaction, in which that recipient is in flight.
        """
        if self._rollback is None:
            return False
        (settled,) = db.execute(QUERIES["settled_doubts"], {"id": recipient}).fetchone()
        messages = self._unknown_messages(identity, settled)
        if messages:
            self._put_in_doubt(db, recipient, messages, as_text(now))
        return messages > 0

    def _unknown_messages(self, identity: str, settled: int) -> int:
        """Return how many messages to an address only the journals know of, beyond those that are settled."""
        return max(0, self._rollback.count_messages(identity) - settled) if self._rollback else 0

    def _set_aside(self, db: Connection, recipient: int, status: Status, messages: int, time: str) -> bool:
        """Take somebody who waits the way that a message takes; no arrow leads from waiting to in doubt at once.

        Returns False where somebody else has moved them meanwhile: a process beside this run that suppresses.
        """
        in_flight = {"id": recipient, "status": Status.IN_FLIGHT, "from_status": status}
        if not db.execute(QUERIES["take_as_handed_over"], in_flight).rowcount:
            return False
        self._put_in_doubt(db, recipient, messages, time)
        return True

    @staticmethod
    def _put_in_doubt(db: Connection, recipient: int, messages: int, time: str) -> None:
        """Put in doubt who is in flight, with an attempt for each message of which only a journal tells."""
        in_doubt = {"id": recipient, "status": Status.IN_DOUBT, "from_status": Status.IN_FLIGHT}
        db.execute(QUERIES["take_as_handed_over"], in_doubt)
        attempt = {"recipient": recipient, "time": time, "relay": "journal", "phase": "", "status": Status.IN_DOUBT}
        attempt |= {"reply": "handed over before, which this ledger does not know", "scope": ""}
        db.executemany(QUERIES["append_attempt"], [attempt] * messages)
