"""What a run hands over with: ledger, template, composer, routes and deadline, and nothing of any contact file.

Whom it writes to stands in the ledger since the enrolment, so a job can start where there are no contact files.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from notify.config.server import is_loopback
from notify.core.campaign import Campaign
from notify.core.local_day import start_of
from notify.core.mail_host import NO_HOSTS, MailHosts
from notify.core.pace import Pace
from notify.core.ramp import Allowance
from notify.core.record import record
from notify.delivery.pacing import Pacing
from notify.delivery.relay_state import OwnRelayState, RelayState
from notify.delivery.routes import Route
from notify.ledger import (
    CampaignRecord,
    Handover,
    RelayHistory,
    Reports,
    Store,
    Transitions,
    Version,
    Watch,
    latest_attempt,
    sending_days,
)

if TYPE_CHECKING:
    from notify.composing import Composer
    from notify.ledger import Handovers
    from notify.ledger.postgres.store import PostgresStore
    from notify.rendering import Template

#: How far clocks differ without anything being wrong.
_CLOCK_SLACK = dt.timedelta(minutes=5)
#: From here on some systems know no local time.
_NEVER = dt.date(3000, 1, 1)


@record(frozen=True, slots=True)
class Orders:
    """What the user asked of this run. ``only``: identities; empty is everybody. ``limit``: None is all."""

    batch: int
    pause_s: float
    limit: int | None = None
    only: tuple[str, ...] = ()


@record(frozen=True, slots=True)
class Job:
    """A campaign in a ledger that is held, ready to be handed over. ``routes`` are in the order of failover."""

    campaign: Campaign
    #: Opens the template, which a run that finds nothing to do never needs.
    opened: Callable[[], Template]
    store: Store
    record: CampaignRecord
    version: Version
    routes: tuple[Route, ...]
    started: dt.datetime
    #: Whether this machine's clock is behind what the ledger has recorded, so that no deadline is judged by it.
    clock_is_behind: bool
    watch: Watch
    #: Nothing leaves before.
    start: dt.datetime | None = None
    #: By which the domains of recipients count.
    hosts: MailHosts = NO_HOSTS
    #: Leases recipients, for a worker that shares the campaign with others; None: this run has it alone.
    hands: Callable[[Route], Handovers] | None = None

    @property
    def template(self) -> Template:
        """The template of the campaign, opened."""
        return self.opened()

    def composer(self) -> Composer:
        """Return what composes the campaign's messages."""
        from notify.composing import Composer

        return Composer.of(self.campaign)

    def reports(self) -> Reports:
        """Return what the ledger tells about this campaign."""
        return Reports(self.store, self.record)

    def handover(self, route: Route) -> Handovers:
        """Return what leases recipients and records their handing over through a route."""
        if self.hands is not None:
            return self.hands(route)
        return Handover(
            self.store,
            self.record,
            self.version,
            route.name,
            f"{self.started.timestamp():.6f}",
            journal=self.watch.journal,
            rollback=self.watch.rollback,
            gives_tokens=bool(self.campaign.unsubscribe),
        )

    def transitions(self) -> Transitions:
        """Return what moves recipients outside of handing over."""
        return Transitions(self.store, self.record, self.watch.rollback)

    def relay_history(self, route: Route) -> RelayHistory:
        """Return what the relay of a route has done before."""
        return RelayHistory(self.store, self.record, route.name)

    def pace(self, route: Route, now: dt.datetime) -> Pace:
        """Return the pace of a route, with what left through it before: limits count over restarts."""
        per_domain = route.relay.per_domain
        kept = (*route.rates, *per_domain)
        if not kept:
            return Pace((), window=route.window)
        longest = dt.timedelta(seconds=max(rate.per_s for rate in kept))
        # what was written while the clock was ahead must not hold up everything until then: a little counts as now, and
        # what is further ahead than any limit reaches does not count, or it would at every restart anew
        most, to_a_domain = (max((rate.count for rate in rates), default=0) for rates in (route.rates, per_domain))
        left = self.relay_history(route).handed_over(most, now - longest, now + longest, to_a_domain=to_a_domain)
        past = [(min(moment, now).timestamp(), domain) for moment, domain in left]
        ramp = route.relay.ramp
        allowance = Allowance(ramp, lambda: sending_days(self.store, route.name)) if ramp else None
        to_each = partial(Pace, per_domain=per_domain, hosts=self.hosts)
        return to_each(route.rates, past, window=route.window, allowance=allowance)

    def pacing(self, route: Route, now: dt.datetime) -> Pacing:
        """Return what tells when messages may leave through a route: together with all who share the ledger, if any."""
        shared = self._shared_store()
        if shared is None or not (route.rates or route.relay.per_domain):
            return self.pace(route, now)
        from notify.delivery.shared_pace import shared_pace

        return shared_pace(shared, route, self.hosts)

    def relay_state(self, route: Route) -> RelayState:
        """Return what is known of the trouble of a route's relay: by all who share the ledger, if any.

        A relay on loopback is another one on each machine, so its trouble is this machine's own.
        """
        if (shared := self._shared_store()) is None or is_loopback(route.relay.host):
            return OwnRelayState()
        from notify.delivery.shared_relay_state import SharedRelayState

        return SharedRelayState(shared, route.name)

    def _shared_store(self) -> PostgresStore | None:
        """Return the ledger if it is one that machines share."""
        return None if isinstance(self.store.place, Path) else cast("PostgresStore", self.store)

    def settle_deadline(self, now: dt.datetime) -> None:
        """Expire those who still wait once the deadline has passed; once it was moved, let them wait again.

        By a clock that is behind, and may have been ahead before, only that there is none any more can be told. That it
        was moved is for whoever enrols to see, and not for each worker.
        """
        if self.is_closed(now):
            self.transitions().expire(now)
        elif self.hands is None and (self.campaign.deadline is None or not self.clock_is_behind):
            self.transitions().unexpire()

    def is_early(self, now: dt.datetime) -> bool:
        """Tell whether the start is still to come, so that nothing may leave yet."""
        return self.start is not None and now < self.start

    def is_closed(self, now: dt.datetime) -> bool:
        """Tell whether the deadline has passed, so that nobody is left to be sent to."""
        return self.closes is not None and now >= self.closes

    @property
    def closes(self) -> dt.datetime | None:
        """The moment at which the day of the deadline is over; None: there is no deadline, or it is ignored."""
        deadline = self.campaign.deadline
        if deadline is None or deadline >= _NEVER or self.clock_is_behind:
            return None
        return dt.datetime.fromtimestamp(start_of(deadline + dt.timedelta(days=1)), dt.UTC).astimezone()


def is_behind(store: Store, now: dt.datetime) -> bool:
    """Tell whether the clock stands clearly before what the ledger has recorded."""
    latest = latest_attempt(store)
    return latest is not None and now < latest - _CLOCK_SLACK
