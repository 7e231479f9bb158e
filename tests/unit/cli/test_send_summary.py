"""What a run says at its end, and the status it ends with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from notify.cli.exits import Exit
from notify.cli.send_summary import exit_status
from notify.core.outcome import Action, Phase
from notify.core.status import Status
from notify.delivery.events import Over, Reason
from tests.unit.ledger.mailing import outcome

WAITS = {Status.PENDING: 1}


def _relay(action: Action, phase: Phase = Phase.CONNECT) -> Over:
    return Over(Reason.RELAY, replace(outcome(Status.PENDING, phase), action=action))


@pytest.mark.parametrize(
    ("over", "counts", "status"),
    [
        (None, {Status.SENT: 2}, Exit.DONE),
        (Over(Reason.EXHAUSTED), {Status.DEFERRED: 1, Status.FAILED: 1}, Exit.AGAIN_LATER),
        (Over(Reason.EXHAUSTED), {Status.EXPIRED: 1}, Exit.SOME_FAILED),
        (Over(Reason.INTERRUPTED), WAITS, Exit.INTERRUPTED),
        (_relay(Action.PAUSE), WAITS, Exit.AGAIN_LATER),
        (_relay(Action.PAUSE), {Status.DEFERRED: 1}, Exit.AGAIN_LATER),
        (_relay(Action.PAUSE), {Status.IN_DOUBT: 1, Status.SENT: 1}, Exit.SOME_FAILED),
        (_relay(Action.PAUSE), {Status.SENT: 1}, Exit.DONE),
        (_relay(Action.STOP), WAITS, Exit.REFUSED),
        (_relay(Action.STOP, Phase.AUTH), WAITS, Exit.LOGIN),
        (_relay(Action.STOP), {Status.SENT: 1}, Exit.REFUSED),
    ],
)
def test_exit_status(over: Over | None, counts: Mapping[Status, int], status: Exit) -> None:
    """Running again is worth it only when somebody waits; what needs the user is said in any case."""
    assert exit_status(dict.fromkeys(Status, 0) | dict(counts), over) is status
