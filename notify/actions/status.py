"""Where a campaign stands, counted from its ledger."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from notify.actions.ledgers import ledger_in_use
from notify.config import Settings
from notify.core.outcome import Attempt
from notify.core.status import Status
from notify.ledger import Reports, Store, Versions, is_held


@dataclass(frozen=True, slots=True)
class CampaignStatus:
    """Where a campaign stands. Without a ledger, or before its first run, all counts are 0.

    ``rejected`` is how many rows the latest enrolment rejected, ``last`` the attempt that was made last.
    """

    campaign: str
    ledger: Path
    is_sandbox: bool
    counts: dict[Status, int]
    rejected: int
    next_due: dt.datetime | None
    running: bool
    last: Attempt | None

    @property
    def recipients(self) -> int:
        """How many there are, whatever became of them."""
        return sum(self.counts.values())


def campaign_status(settings: Settings, now: dt.datetime) -> CampaignStatus:
    """Count where the campaign stands. Works beside a run; without one, what is in flight counts as in doubt."""
    path = ledger_in_use(settings)
    counts = dict.fromkeys(Status, 0)
    next_due, rejected, last = None, 0, None
    running = path.exists() and is_held(path)
    if path.exists():
        with Store(path) as store:
            record = Versions(store).find(settings.campaign().id)
            if record is not None:
                reports = Reports(store, record)
                counts, next_due, rejected = reports.counts(), reports.next_due(now), reports.rejected()
                last = reports.last_attempt()
    if not running:
        # what a run that died has left; the next one will say the same
        counts[Status.IN_DOUBT] += counts[Status.IN_FLIGHT]
        counts[Status.PENDING] += counts[Status.CLAIMED]
        counts[Status.IN_FLIGHT] = counts[Status.CLAIMED] = 0
    return CampaignStatus(settings.campaign().id, path, not settings.relays, counts, rejected, next_due, running, last)
