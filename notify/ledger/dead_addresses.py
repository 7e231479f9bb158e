"""Addresses that are dead as earlier campaigns of a ledger have found out, so that a new one need not be told again."""

from __future__ import annotations

from collections.abc import Iterator

from notify.core.objection import Against, Objection
from notify.core.reply_patterns import is_of_nobody
from notify.ledger.store import Store


def dead_addresses(store: Store, campaign_id: str) -> Iterator[tuple[str, Objection]]:
    """Yield each address, in its normal form, that failed in another campaign because nobody has it, with the answer.

    One that a message was sent to later is not dead. Nor does another failure count: the message, or the sender, may
    have been the reason.
    """
    for row in store.rows("failed_elsewhere", id=campaign_id):
        if is_of_nobody(row["reply"]):
            reason = f"failed in the campaign {row['campaign']} on {row['time'][:10]}: {row['reply']}"
            yield row["identity"], Objection(Against.UNREACHABLE, reason)
