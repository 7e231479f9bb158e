"""Where a campaign stands, counted from its ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from notify.actions.approval import Requirement, approvals_of
from notify.actions.ledgers import day_of_writing, ledger_in_use, opened_if_there
from notify.config import Settings
from notify.core.approval import Approval
from notify.core.outcome import Attempt
from notify.core.ramp import RampDay
from notify.core.record import record
from notify.core.status import WAITING, Status
from notify.ledger import Codes, Place, Reports, Store, Versions, find_copies, is_held, sending_days

if TYPE_CHECKING:
    from notify.actions.own_mailboxes import OwnMailboxes


@record(frozen=True, slots=True)
class CampaignStatus:
    """Where a campaign stands. Without a ledger, or before its first run, all counts are 0.

    ``rejected`` is how many rows the latest enrolment rejected, ``last`` the attempt that was made last through a
    relay. Nobody is due before ``start``. ``ramps`` are those of the relays that have one, by their names. ``verified``
    is how many have called and said their code; ``alarms`` how many calls named a code that nobody was sent.
    ``copies`` are the counts of the copies of messages, which are in none of the others.
    ``approvals`` are all that were given, and ``requirement`` is who must have given them before it is sent.
    ``mailboxes`` is what is known of the sender's own.
    """

    campaign: str
    ledger: Place
    is_sandbox: bool
    counts: dict[Status, int]
    rejected: int
    next_due: dt.datetime | None
    running: bool
    last: Attempt | None
    start: dt.datetime | None
    ramps: Mapping[str, RampDay]
    verified: int
    alarms: int
    approvals: tuple[Approval, ...]
    requirement: Requirement
    mailboxes: OwnMailboxes
    copies: Mapping[Status, int] = field(default_factory=lambda: dict.fromkeys(Status, 0))

    @property
    def recipients(self) -> int:
        """How many there are, whatever became of them."""
        return sum(self.counts.values())


def campaign_status(settings: Settings, now: dt.datetime) -> CampaignStatus:
    """Count where the campaign stands. Works beside a run; without one, what is in flight counts as in doubt."""
    path = ledger_in_use(settings)
    counts, copies = dict.fromkeys(Status, 0), dict.fromkeys(Status, 0)
    next_due, rejected, last = None, 0, None
    verified = alarms = 0
    with opened_if_there(path) as store:
        running = store is not None and is_held(path)
        ramps = ramps_on(now.astimezone().date(), settings, store)
        record = Versions(store).find(settings.campaign().id) if store else None
        if store and record:
            reports = Reports(store, record)
            counts, next_due, rejected = reports.counts(), reports.next_due(now), reports.rejected()
            last = reports.last_attempt()
            verified, alarms = Codes(store).verified(record), Codes(store).alarms(record)
            if copied := find_copies(store, record):
                of_copies = Reports(store, copied)
                copies = of_copies.counts()
                next_due = min(filter(None, (next_due, of_copies.next_due(now))), default=None)
    for found in () if running else (counts, copies):
        # what a run that died has left; the next one will say the same
        found[Status.IN_DOUBT] += found[Status.IN_FLIGHT]
        found[Status.PENDING] += found[Status.CLAIMED]
        found[Status.IN_FLIGHT] = found[Status.CLAIMED] = 0
    start = settings.send.start if settings.relays else None
    if start and start > now:
        next_due = _not_before(start, next_due, {status for status, count in counts.items() if count})
    return CampaignStatus(
        settings.campaign().id,
        path,
        not settings.relays,
        counts,
        rejected,
        next_due,
        running,
        last,
        start,
        ramps,
        verified,
        alarms,
        approvals_of(settings),
        Requirement.of(settings),
        _own_mailboxes(settings),
        copies,
    )


def _own_mailboxes(settings: Settings) -> OwnMailboxes:
    # whoever asks for the ramps alone needs none of this
    from notify.actions.own_mailboxes import mailboxes_of

    return mailboxes_of(settings, settings.campaign(), day_of_writing(settings))


def ramps_on(today: dt.date, settings: Settings, store: Store | None) -> dict[str, RampDay]:
    """Return how the ramp of each relay that has one stands on a day; without a ledger nothing was sent."""
    return {
        relay.name: relay.ramp.on(today, sending_days(store, relay.name) if store else ())
        for relay in settings.relays
        if relay.ramp
    }


def _not_before(start: dt.datetime, due: dt.datetime | None, found: set[Status]) -> dt.datetime | None:
    """Return when the next message is due while the start is to come; when nobody waits any more, none is."""
    if not found or Status.PENDING in found:
        return start
    return max(start, due or start) if found.intersection(WAITING) else due
