"""The campaigns that a worker has open, each as it was placed last."""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from types import TracebackType
from typing import Self

from notify.accounts import Account
from notify.actions.work_campaign import Machine, Opened, bundled_with, opened
from notify.core.local_day import day_of
from notify.delivery.clock import Clock
from notify.delivery.job import Job
from notify.delivery.routes import Route
from notify.ledger import CampaignRecord, Handovers
from notify.ledger.postgres.bundles import Bundles
from notify.ledger.postgres.commissions import Commissions
from notify.ledger.postgres.leases import Leases
from notify.ledger.postgres.portion_handover import PortionHandover
from notify.ledger.postgres.store import PostgresStore

#: So many are open at a time; each has its files in a folder of this machine.
_MOST = 16


class OpenCampaign:
    """A campaign that is open. ``is_new``: nobody was told yet; ``is_stale``: it is to be opened anew."""

    def __init__(self, opened: Opened, store: PostgresStore, bundled: CampaignRecord, closing: ExitStack) -> None:
        self._store = store
        self.job: Job = opened.job
        self.accounts: Callable[[Route], Account] = opened.accounts
        self.fingerprint = opened.fingerprint
        self.day: dt.date = opened.day
        #: Which campaign it is packed with: its own, or for copies the one that they are of.
        self.bundled = bundled
        self.closing = closing
        self.is_stale = False
        self._is_new = True

    @property
    def is_new(self) -> bool:
        """Tell, once, that it was opened just now."""
        is_new, self._is_new = self._is_new, False
        return is_new

    def job_with(self, leases: Leases) -> Job:
        """Return its job under leases."""
        job = self.job

        def hands(route: Route) -> Handovers:
            return PortionHandover(
                self._store,
                job.record,
                job.version,
                route.name,
                leases,
                journal=job.watch.journal,
                rollback=job.watch.rollback,
                gives_tokens=bool(job.campaign.unsubscribe),
            )

        return replace(job, hands=hands)


class OpenCampaigns:
    """Opens campaigns, in a ``with``."""

    def __init__(self, store: PostgresStore, machine: Machine, clock: Clock) -> None:
        """Have none open yet."""
        self._store = store
        self._machine = machine
        self._clock = clock
        self._commissions, self._bundles = Commissions(store), Bundles(store)
        self._open: OrderedDict[int, OpenCampaign] = OrderedDict()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for campaign in [*self._open]:
            self.forget(campaign)

    def at(self, number: int) -> OpenCampaign | None:
        """Return a campaign as it was placed last, opened if need be; None: nothing of it may be delivered.

        For the errors see :func:`~notify.actions.work_campaign.opened`.
        """
        commission = self._commissions.find(number)
        if commission is None or commission.held:
            self.forget(number)
            return None
        now = self._clock.now()
        found = self._open.get(number)
        if found and not self._is_current(found, now):
            self.forget(number)
            found = None
        if found is None:
            found = self._opened(number, now, trust=commission.is_trusted)
        self._open.move_to_end(number)
        return found

    def forget(self, number: int) -> None:
        """Close a campaign."""
        if (found := self._open.pop(number, None)) is not None:
            found.closing.close()

    def _is_current(self, found: OpenCampaign, now: dt.datetime) -> bool:
        """Tell whether it is as it was placed last, and its rates are those of today."""
        if found.is_stale or found.day != day_of(now.timestamp()):
            return False
        return self._bundles.fingerprint(found.bundled) == found.fingerprint

    def _opened(self, number: int, now: dt.datetime, *, trust: bool) -> OpenCampaign:
        record = self._commissions.record_of(number)
        with ExitStack() as stack:
            job = stack.enter_context(opened(self._store, record, self._machine, now, trust=trust))
            found = OpenCampaign(job, self._store, bundled_with(self._store, record), stack.pop_all())
        self._open[number] = found
        while len(self._open) > _MOST:
            self.forget(next(iter(self._open)))
        return found
