"""Hands over what a run has, and shows what happens: the messages, and the copies of those that were sent."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from notify.actions.copies import may_follow
from notify.cli.screen import emit_line, note, password_asker, warn
from notify.cli.send_progress import SendProgress
from notify.core.record import record
from notify.delivery.events import Over, Reason, Tried
from notify.delivery.failover import Failover
from notify.errors import LoginError, WriteError

if TYPE_CHECKING:
    from notify.accounts import Account
    from notify.actions.copies import Copying
    from notify.actions.run import Run
    from notify.actions.send import Plan
    from notify.cli.signals import Signals
    from notify.core.outcome import Attempt
    from notify.delivery.helper import Helper
    from notify.delivery.job import Job
    from notify.delivery.routes import Route


def deliver(run: Run, plan: Plan, signals: Signals, *, as_json: bool, stays: bool) -> Over | None:
    """Hand over the messages, and the copies of those that were sent; return how it ended, None where nothing left.

    Copies of every message come last. Where they are few, they do not wait for all others, which may take days: what
    an earlier run has left comes first, and the one copy of the campaign behind the first message.
    """
    from notify.actions.ledgers import outbox_folder
    from notify.delivery.accounts import accounts_of
    from notify.delivery.helper import helper_for

    outbox = outbox_folder(run.prepared.settings)
    # the helper first: it must not know a password
    with (
        helper_for(run.job, plan.waiting) as helper,
        accounts_of(run.job.routes, outbox, os.environ, password_asker()) as accounts,
    ):
        job = _with_credentials(run.job, accounts)
        delivery = _Delivery(job, plan, accounts, signals, as_json=as_json, stays=stays)
        if run.copying is None:
            return delivery.messages(helper)
        copying = replace(run.copying, job=replace(run.copying.job, routes=job.routes))
        over = delivery.messages_and_copies(copying, helper)
        if not may_follow(over):
            # they are missing all the same, and counted
            copying.bring_up_to_date(_now(), plan.orders.only)
        return over


@record(frozen=True, slots=True)
class _Delivery:
    """What is handed over in a run, and through what."""

    job: Job
    plan: Plan
    accounts: Callable[[Route], Account]
    signals: Signals
    as_json: bool
    stays: bool

    def messages_and_copies(self, copying: Copying, helper: Helper | None) -> Over | None:
        """Hand over both, in the order that :func:`deliver` tells."""
        over, done = None, 0
        if self.plan.total and copying.are_few:
            over = self._copies(copying, stays=False)
            if not _was_stopped(over) and self._begins_with_one(copying):
                over, done = self.messages(None, limit=1), 1
                if not may_follow(over):
                    return over
                over = self._copies(copying, stays=False)
            if _was_stopped(over):
                return over
        over = self.messages(helper, done=done)
        ended = self._copies(copying, stays=self.stays) if may_follow(over) else None
        return over if ended is None or (over and may_follow(ended)) else ended

    def messages(self, helper: Helper | None, *, limit: int | None = None, done: int = 0) -> Over | None:
        """Hand over those who wait.

        :param limit: how many, instead of all of the plan.
        :param done: how many of the plan were handed over before.
        """
        orders, total = self.plan.orders, self.plan.total
        if total <= done:
            return None
        limit = limit or (orders.limit and orders.limit - done)
        delivery = Failover(self.job, self.accounts, replace(orders, limit=limit), stays=self.stays, helper=helper)
        with SendProgress(total, orders.batch, lambda: delivery.phases, done=done) as progress:
            return self._hand_over(delivery, progress)

    def _begins_with_one(self, copying: Copying) -> bool:
        return self.plan.total > 1 and self.plan.orders.limit != 1 and copying.follow_the_first()

    def _copies(self, copying: Copying, *, stays: bool) -> Over | None:
        """Hand over the copies that are missing by now; return how that ended, None where there were none.

        :param stays: wait for those that are deferred; not while messages are still to leave.
        """
        orders = self.plan.orders
        copying.bring_up_to_date(_now(), orders.only)
        if not copying.due(_now(), stays=stays):
            return None
        over: Over | None = None
        deliveries: list[Failover] = []
        with SendProgress(
            copying.waiting(), orders.batch, lambda: deliveries[-1].phases if deliveries else [], what="Copies"
        ) as progress:
            while may_follow(over) and copying.due(_now(), stays=stays):
                alone = replace(orders, limit=None, only=())
                deliveries.append(Failover(copying.job, self.accounts, alone, stays=stays))
                over = self._hand_over(deliveries[-1], progress)
                copying.choose(_now(), orders.only)
        return over

    def _hand_over(self, delivery: Failover, progress: SendProgress) -> Over | None:
        """Hand over, and show what happens; return how it ended."""
        over: Over | None = None
        self.signals.attach(delivery)
        for event in delivery.events():
            if isinstance(event, Over):
                over = event
            elif isinstance(event, Tried):
                if self.as_json:
                    emit(event.attempt)
                progress.show_tried(event)
            else:
                progress.show(event)
        return over


def _was_stopped(over: Over | None) -> bool:
    """Tell whether the user has ended the run. That copies could not leave is no reason to try no message."""
    return over is not None and over.reason in {Reason.INTERRUPTED, Reason.TERMINATED}


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _with_credentials(job: Job, accounts: Callable[[Route], Account]) -> Job:
    """Look for the password of each relay, which must not be asked for below a moving bar.

    A relay behind the first for which there is none is left out: it must not make things worse than without it.
    """
    first, *others = job.routes
    accounts(first)
    routes = [first]
    for route in others:
        try:
            accounts(route)
        except LoginError as error:
            warn(f"{route.name} is left out of this run: {error}")
            note(f"  {error.hint}")
        else:
            routes.append(route)
    return replace(job, routes=tuple(routes))


def emit(attempt: Attempt) -> None:
    """Write an attempt as a JSON line. That it cannot be written is no reason to stop sending."""
    from notify.cli.attempts import as_record

    try:
        emit_line(as_record(attempt))
    except (click.exceptions.Exit, WriteError):
        note("Standard output cannot be written any more. The run goes on; later, all of it:  notify log --json")
