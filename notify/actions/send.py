"""Plans a run that has enrolled everybody: to how many it hands over, through what, and how long that takes."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from notify.actions.approval import Requirement
from notify.actions.approval_state import ApprovalState, approval_state
from notify.actions.forms import refuse_without_text
from notify.actions.run import Run
from notify.core.pace import LONGEST_WAIT
from notify.core.record import record
from notify.core.status import Status
from notify.delivery.job import Job, Orders
from notify.errors import InputError

if TYPE_CHECKING:
    from notify.actions.own_mailboxes import OwnMailboxes


@record(frozen=True, slots=True)
class Plan:
    """What a run is about to do. ``waiting``: to how many at once; ``total``: to how many in the course of it.

    ``copies``: how many copies leave besides, as far as is known; ``copies_due``: of those, how many wait already.
    ``approval`` is who has approved it, ``mailboxes`` what is known of the sender's own; None where nothing is asked of
    them, as nothing leaves this machine.
    """

    orders: Orders
    waiting: int
    total: int
    approval: ApprovalState
    mailboxes: OwnMailboxes | None
    copies: int = 0
    copies_due: int = 0


@record(frozen=True, slots=True)
class Forecast:
    """How long a run takes through its first relay.

    ``starts`` is now, or the start that is to come. ``misses_deadline``: somebody still waits when it has passed.
    ``days`` is how many leave on which day, where the relay has a ramp.
    """

    starts: dt.datetime
    takes_s: float
    done: dt.datetime
    misses_deadline: bool
    days: Mapping[dt.date, int]


def planned(run: Run, now: dt.datetime, *, limit: int | None, only: Sequence[str], stays: bool) -> Plan:
    """Plan a run.

    :param limit: how many are handed over at most, besides the copies of these; None is all.
    :param only: identities; empty is everybody.
    :param stays: the run waits for whoever is deferred.
    :raises InputError: there is no text for the form in which somebody who waits is greeted.
    :raises UnapprovedError: it leaves this machine, and it was not approved though it must be.
    :raises ConfigError: it does, and nobody has seen that a new address of the sender's own receives.
    """
    settings, reports = run.prepared.settings, run.job.reports()
    # since the enrolment some of those may wait again who had failed or expired
    refuse_without_text(run.prepared, reports)
    # the sandbox takes everything at once
    pause_s = 0.0 if run.job.routes[0].is_sandbox else settings.send.pause_s
    waiting = reports.waiting(now, only)
    total = max(waiting, reports.waiting(now + LONGEST_WAIT, only)) if stays else waiting
    if limit is not None:
        waiting, total = min(waiting, limit), min(total, limit)
    copies, due = (run.copying.expected(waiting), run.copying.due(now, stays=stays)) if run.copying else (0, 0)
    leaves = bool(total or due)
    # where nothing leaves, nobody need have seen it
    approval = approval_state(run, only) if leaves or run.is_rehearsal else ApprovalState(Requirement.of(settings))
    if leaves and settings.relays and not run.is_rehearsal:
        approval.refuse_unapproved()
    mailboxes = None
    if settings.relays and (leaves or run.is_rehearsal):
        mailboxes = _own_mailboxes(run, now, only)
    orders = Orders(settings.send.batch, pause_s, limit, tuple(only))
    return Plan(orders, waiting, total, approval, mailboxes, copies, due)


def _own_mailboxes(run: Run, now: dt.datetime, only: Sequence[str]) -> OwnMailboxes:
    """Return what the ledger knows of the sender's mailboxes.

    :raises ConfigError: the run sends, and one of them was not seen to receive.
    """
    # a run that sends nothing needs none of this
    from notify.actions.own_mailboxes import known_of
    from notify.ledger import Probes

    campaign = run.prepared.campaign
    mailboxes = known_of(campaign, Probes(run.job.store).latest(), campaign.written or dt.date.max)
    if not run.is_rehearsal and (mailboxes.states or mailboxes.probes):
        # nor does one from a mailbox that is as it was
        from notify.actions.mailbox_findings import refuse_unproved

        refuse_unproved(run, mailboxes, now, only)
    return mailboxes


def forecast(job: Job, plan: Plan, now: dt.datetime) -> Forecast:
    """Return how long it takes by rates, ramp, pauses and hours; several connections make it no longer."""
    route, orders = job.routes[0], plan.orders
    starts = max(now, job.start or now)
    domain, there = _most(job, now, orders.only) if route.relay.per_domain else ("", 0)
    most = (domain, min(there, plan.waiting))
    pace = job.pace(route, now)

    def end_of(messages: int) -> dt.datetime:
        end = pace.forecast(starts.timestamp(), messages, orders.batch, orders.pause_s, most)
        return starts + dt.timedelta(seconds=end - starts.timestamp())

    in_all = plan.waiting + plan.copies
    done = end_of(in_all)
    # copies come last, and the deadline is not for them
    reached = end_of(plan.waiting) if plan.copies and job.closes else done
    days = pace.days(starts.timestamp(), in_all, orders.batch, orders.pause_s) if route.relay.ramp else {}
    misses_deadline = job.closes is not None and reached >= job.closes
    return Forecast(starts, (done - starts).total_seconds(), done, misses_deadline=misses_deadline, days=days)


def _most(job: Job, now: dt.datetime, only: Sequence[str]) -> tuple[str, int]:
    """Return a domain at the mail host at which most of those are who wait, and how many they are."""
    counts: Counter[str] = Counter()
    domains: dict[str, str] = {}
    for domain, count in job.reports().waiting_by_domain(now, only):
        host = job.hosts.of(domain)
        counts[host] += count
        domains.setdefault(host, domain)
    host, count = max(counts.items(), key=lambda item: item[1], default=("", 0))
    return domains.get(host, ""), count


def statuses_of(run: Run, wanted: Sequence[str]) -> dict[str, Status]:
    """Return the status of each recipient that is asked for by name.

    :raises InputError: one of them is nobody in the contact files.
    """
    reports = run.job.reports()
    statuses = {who: reports.status_of(who) for who in wanted}
    if unknown := [who for who, status in statuses.items() if status is None]:
        raise InputError(
            f"{', '.join(unknown)}: nobody in the contact files is written to at this address.",
            hint="See who is, and which rows are rejected:  notify contacts",
        )
    return {who: status for who, status in statuses.items() if status is not None}
