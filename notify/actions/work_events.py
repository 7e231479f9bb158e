"""What a worker tells while it works, as values."""

from __future__ import annotations

import datetime as dt

from notify.core.record import record
from notify.delivery.events import LeftOut, Pausing, Reason, Stopping, Switching, Tried, Waiting


@record(frozen=True, slots=True)
class Began:
    """The worker delivers a campaign that it has not delivered before, as it is now."""

    campaign: str


@record(frozen=True, slots=True)
class Aside:
    """The worker leaves a campaign alone until then, and others may go on; ``hint`` is the mend, or empty."""

    campaign: str
    why: str
    until: dt.datetime
    hint: str = ""


@record(frozen=True, slots=True)
class Holding:
    """Nobody delivers a campaign any more, until it is placed again; ``hint`` is the mend, or empty."""

    campaign: str
    why: str
    hint: str = ""


@record(frozen=True, slots=True)
class Fenced:
    """Others have what this worker had, because it was silent for too long."""

    campaign: str


@record(frozen=True, slots=True)
class Away:
    """The database cannot be used: nobody is sent to until it can."""

    why: str
    hint: str = ""


@record(frozen=True, slots=True)
class Back:
    """The database can be used again."""


@record(frozen=True, slots=True)
class Ended:
    """The worker has ended, asked to or because nothing was left to do."""

    reason: Reason


#: Everything that a worker tells; :class:`Ended` is the last.
WorkEvent = (
    Began | Aside | Holding | Fenced | Away | Back | Ended | Tried | Pausing | Stopping | Switching | LeftOut | Waiting
)
