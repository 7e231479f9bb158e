"""The user's word about what is in doubt or was refused, kept for ever beside the relay's."""

from __future__ import annotations

import datetime as dt
from enum import Enum
from typing import TYPE_CHECKING

from notify.core.status import Status
from notify.ledger.queries import QUERIES, as_text
from notify.ledger.store import Store
from notify.ledger.versions import CampaignRecord

if TYPE_CHECKING:
    from notify.ledger.connection import Connection


class Word(Enum):
    """What the user says."""

    #: It arrived.
    SENT = "sent"
    #: It did not; send it again.
    AGAIN = "again"


class Resolution:
    """Settles single recipients by the user's word."""

    def __init__(self, store: Store, campaign: CampaignRecord) -> None:
        self._store = store
        self._campaign = campaign.number

    def settle(self, identity: str, word: Word, now: dt.datetime) -> Status | None:
        """Record the user's word about one address.

        Returns the status that it had before; nothing is changed unless that is "in doubt", or "failed" with the word
        to send again. None: the address is not in this campaign.
        """
        with self._store.transaction() as db:
            row = db.execute(QUERIES["by_identity"], {"campaign": self._campaign, "identity": identity}).fetchone()
            if row is None:
                return None
            before = Status(row["status"])
            if before is Status.IN_DOUBT or (before is Status.FAILED and word is Word.AGAIN):
                append_word(db, row["id"], before, word, now)
            return before


def append_word(db: Connection, recipient: int, before: Status, word: Word, now: dt.datetime) -> None:
    """Settle a recipient who is in doubt, or failed, and append the user's word to what was tried."""
    target = Status.SENT if word is Word.SENT else Status.PENDING
    db.execute(QUERIES["resolve"], {"id": recipient, "status": target, "from_status": before})
    decision = "it arrived" if word is Word.SENT else "send it again"
    db.execute(
        QUERIES["append_attempt"],
        {
            "recipient": recipient,
            "time": as_text(now),
            "relay": "you",
            "phase": "",
            "reply": f"resolved by you: {decision}",
            "status": target,
            "scope": "",
        },
    )
