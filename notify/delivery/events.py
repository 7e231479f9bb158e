"""What happens in a run, as values: one closed union, and one enum of reasons why a run comes to its end."""

from __future__ import annotations

import datetime as dt
from enum import Enum

from notify.core.outcome import Action, Attempt, Outcome
from notify.core.record import record
from notify.core.status import Status
from notify.delivery.routes import Route
from notify.ledger import Claimed


class Reason(Enum):
    """Why a run hands over no more messages."""

    #: Nobody is left who could be sent to now.
    EXHAUSTED = "exhausted"
    #: ``--limit`` was reached.
    LIMIT = "limit"
    #: The campaign's start has not come.
    EARLY = "early"
    #: Rates, ramp or hours allow the next message only later.
    THROTTLED = "throttled"
    #: The campaign's deadline has passed.
    DEADLINE = "deadline"
    #: Ctrl-C.
    INTERRUPTED = "interrupted"
    #: SIGTERM, or nobody watches the run any more.
    TERMINATED = "terminated"
    #: What a relay said, or did not say, concerns everybody.
    RELAY = "relay"


@record(frozen=True, slots=True)
class Over:
    """The run has ended. ``outcome`` is set when a relay was the reason, ``until`` when it is worth going on then."""

    reason: Reason
    outcome: Outcome | None = None
    until: dt.datetime | None = None

    @property
    def is_passing(self) -> bool:
        """Whether the relay is down or used up, which passes."""
        if self.reason is Reason.RELAY:
            return self.outcome is not None and self.outcome.action is not Action.STOP
        return self.reason is Reason.THROTTLED


@record(frozen=True, slots=True)
class Tried:
    """A message was tried, and what came of it: when, whose it is, and through which relay it went."""

    time: dt.datetime
    claimed: Claimed
    relay: str
    outcome: Outcome

    @property
    def attempt(self) -> Attempt:
        """The record of it; made for whoever wants it, which hardly anybody does of what was sent."""
        claimed, outcome = self.claimed, self.outcome
        return Attempt(
            time=self.time,
            key=claimed.key,
            to=claimed.address,
            message_id=claimed.message_id,
            relay=self.relay,
            phase=str(outcome.phase),
            reply=str(outcome.answer),
            status=outcome.status,
            scope="" if outcome.status is Status.SENT else str(outcome.scope),
            copy_of=claimed.copy_of.address if claimed.copy_of else "",
        )


@record(frozen=True, slots=True)
class Pausing:
    """A batch was handed over; the next one follows at ``until``."""

    until: dt.datetime


@record(frozen=True, slots=True)
class Stopping:
    """The run was asked to stop while messages are in flight; they come to their end first."""

    reason: Reason


@record(frozen=True, slots=True)
class Switching:
    """The run goes on through another relay; ``over`` is why this one does not."""

    to: Route
    over: Over


@record(frozen=True, slots=True)
class LeftOut:
    """A relay does not let us in, and the run does without it; ``outcome`` is why."""

    route: Route
    outcome: Outcome


@record(frozen=True, slots=True)
class Waiting:
    """The run goes on at ``until``; ``over`` is why it does not go on now."""

    until: dt.datetime
    over: Over


#: Everything that a run tells; :class:`Over` is always the last.
Event = Tried | Pausing | Stopping | Switching | LeftOut | Waiting | Over
