"""Which ledger a campaign has, and what stands in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from notify.config import Settings
from notify.core.outcome import Attempt
from notify.core.status import Status
from notify.errors import InputError
from notify.ledger import CampaignRecord, Reports, Store, Versions, is_held


def real_ledger(settings: Settings) -> Path:
    """Return where the ledger of the campaign folder stands, there or not; it has the suppression list too."""
    return settings.folder / "ledger.db"


def outbox_folder(settings: Settings) -> Path:
    """Return where the sandbox keeps its messages and its own ledger."""
    return settings.folder / "outbox"


def ledger_in_use(settings: Settings) -> Path:
    """Return the ledger that a run now would use: rehearsals in the sandbox have their own."""
    return real_ledger(settings) if settings.relays else outbox_folder(settings) / "ledger.db"


@dataclass(frozen=True, slots=True)
class Standing:
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


def standing(settings: Settings, now: dt.datetime) -> Standing:
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
    return Standing(settings.campaign().id, path, not settings.relays, counts, rejected, next_due, running, last)


@contextmanager
def opened(settings: Settings) -> Iterator[tuple[Store, CampaignRecord]]:
    """Open the campaign in its ledger.

    :raises InputError: nothing was sent yet.
    """
    campaign = settings.campaign().id
    try:
        store = Store(ledger_in_use(settings))
    except FileNotFoundError:
        raise _nothing_yet(campaign) from None
    with store:
        record = Versions(store).find(campaign)
        if record is None:
            raise _nothing_yet(campaign)
        yield store, record


def _nothing_yet(campaign: str) -> InputError:
    return InputError(f"Nothing was sent yet in the campaign {campaign}.", hint="Begin with:  notify send")
