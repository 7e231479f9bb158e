"""What the outcome of a try makes of a recipient: decisions alone, for whatever writes them down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from notify.core.outcome import Outcome
from notify.core.pace import is_given_up, retry_delay
from notify.core.status import Status
from notify.ledger.queries import as_text


def status_after(outcome: Outcome, deferrals: Sequence[dt.datetime], now: dt.datetime) -> tuple[Status, str]:
    """Return the status to which an outcome leads, and when the recipient is due, as the ledger keeps it.

    :param deferrals: when the recipient was deferred before; needed for one that is deferred now.
    """
    if outcome.status is Status.DEFERRED:
        if is_given_up(deferrals, now):
            return Status.FAILED, ""
        return Status.DEFERRED, as_text(now + retry_delay(len(deferrals) + 1))
    # behind everybody who was not tried yet: one odd message must not hold up all others at every resume
    return outcome.status, as_text(now) if outcome.status is Status.PENDING else ""


def attempt_at(recipient: int, outcome: Outcome, status: Status) -> dict[str, object]:
    """Return what is recorded of a try beside its run, relay and time."""
    return {
        "recipient": recipient,
        "phase": outcome.phase,
        "reply": str(outcome.answer),
        "status": status,
        "scope": "" if status is Status.SENT else outcome.scope,
    }


def taken_back(recipient: int, why: Outcome) -> dict[str, object]:
    """Return what is recorded when somebody waits again who failed, or was deferred, though it was not their fault."""
    # no try: it must not count as one in the rates
    return attempt_at(recipient, why, Status.PENDING) | {"phase": "", "reply": f"taken back: {why.answer}"}
