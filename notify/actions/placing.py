"""Places what a run has enrolled, for the workers that share its ledger; and follows how far they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from notify.actions.bundle_keep import keep_bundle
from notify.actions.run import Run
from notify.actions.shift import server_of
from notify.actions.work_beat import fill
from notify.core.record import record
from notify.core.status import WAITING, Status
from notify.delivery.job import Job
from notify.ledger import CampaignRecord, Copies, Watch, open_store
from notify.ledger.postgres.commissions import Commissions, Held, OpenPortions
from notify.ledger.postgres.portions import Portions
from notify.ledger.postgres.workers import Workers, WorkerSeen
from notify.placing import Queue

if TYPE_CHECKING:
    from notify.actions.send import Plan
    from notify.ledger.postgres.store import PostgresStore

#: A worker that has said nothing for so many seconds is not counted on.
_SILENT_S = 10.0


@record(frozen=True, slots=True)
class Placement:
    """What was placed: so many ``portions``, and how many are ``open`` with those of before; and who is there."""

    portions: int
    open: OpenPortions
    workers: tuple[WorkerSeen, ...]


@record(frozen=True, slots=True)
class Standing:
    """How far workers are with a campaign. ``held``: why nobody goes on."""

    counts: Mapping[Status, int]
    open: OpenPortions
    held: Held | None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will be handed over by what was placed."""
        return self.held is not None or not (self.open.open or self.open.are_more)

    @property
    def done(self) -> int:
        """How many were tried, or will not be."""
        under_way = {*WAITING, Status.CLAIMED, Status.IN_FLIGHT}
        return sum(count for status, count in self.counts.items() if status not in under_way)


def place(run: Run, plan: Plan, now: dt.datetime, *, trust: bool) -> Placement:
    """Let workers deliver what a run has enrolled: what its messages are made of, and who is to get them.

    :param trust: the user trusts the ledger, whatever the journals of the machines hold.
    :raises InputError: the template includes a file by a path that other machines have not.
    :raises BusyError: the queue cannot be used; placed is placed all the same.
    """
    job, orders = run.job, plan.orders
    store = _database(job)
    keep_bundle(run.prepared, store, job.record, job.version, now)
    made = _place(store, job.record, now, orders.only, orders.limit, trust=trust)
    if run.copying:
        made += _place(store, run.copying.job.record, now, (), None, trust=trust)
    workers = Workers(store)
    with Queue(server_of(store.place)) as queue:
        fill(workers, queue)
    there = tuple(one for one in workers.seen() if one.silent_s <= _SILENT_S)
    return Placement(made, Commissions(store).open_portions(job.record), there)


def _place(
    store: PostgresStore,
    campaign: CampaignRecord,
    now: dt.datetime,
    only: tuple[str, ...],
    limit: int | None,
    *,
    trust: bool,
) -> int:
    Commissions(store).give(campaign, now, is_trusted=trust)
    return len(Portions(store).place(campaign, now, only, limit))


@contextmanager
def followed(run: Run) -> Iterator[Run]:
    """Give a run that has ended as one that only looks, with a ledger of its own: it keeps no other run out."""
    with open_store(run.job.store.place) as store:
        job, copying = replace(run.job, store=store, watch=Watch()), run.copying
        if copying is not None:
            copies = Copies(store, job.record, copying.job.record, job.version)
            copying = replace(copying, job=replace(copying.job, store=store, watch=Watch()), copies=copies)
        yield replace(run, job=job, copying=copying)


def standing(job: Job) -> Standing:
    """Return how far workers are."""
    store = _database(job)
    commissions = Commissions(store)
    commission = commissions.find(job.record.number)
    return Standing(
        job.reports().counts(),
        commissions.open_portions(job.record),
        held=commission.held if commission else None,
    )


def place_copies(run: Run, now: dt.datetime) -> int:
    """Place the copies that are missing by now of what was sent; return how many portions they are."""
    if run.copying is None:
        return 0
    run.copying.bring_up_to_date(now)
    return _place(_database(run.job), run.copying.job.record, now, (), None, trust=False)


def _database(job: Job) -> PostgresStore:
    return cast("PostgresStore", job.store)
