"""What ``notify send`` says, and asks, before it sends."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from notify.cli.screen import duration, further_addresses, how_many, is_terminal, moment, note, warn

if TYPE_CHECKING:
    from notify.actions.enrol import Enrolling
    from notify.actions.run import Run
    from notify.actions.send import Plan
    from notify.delivery.job import Job
    from notify.delivery.routes import Route


def say_what_was_left(run: Run) -> None:
    """Say what an earlier run that died has left, and what this run has to do without, before anything else."""
    if run.job.clock_is_behind:
        warn("The clock of this machine is behind what the ledger has recorded. In this run the deadline is ignored.")
    if run.job.watch.trouble:
        warn(
            f"{run.job.watch.trouble}. So nothing in this run guards against an old copy of the ledger but the ledger."
        )
    if run.recovered:
        who = how_many(run.recovered, "recipient")
        note(f"An earlier run ended abruptly: {who} certainly not sent to, waiting again.")
    if run.doubts:
        warn(
            f"An earlier run ended abruptly: {how_many(run.doubts, 'message')} in doubt, handed over without an "
            "answer. Nobody is sent to twice by guessing; you decide:  notify resolve"
        )


def say_enrolled(done: Enrolling, waiting: int) -> None:
    """Say what was read, and which rows a person must look at.

    :param waiting: how many are still to be sent to, now or later.
    """
    from notify.ledger import Enrolled

    counts = done.counts
    note(f"{how_many(done.rows, 'row')}: {', '.join(_counted(done, waiting)) or 'nothing new'}.")
    # what was said once is not said again by every run
    if counts[Enrolled.NEW] or done.rejected == done.rows:
        _say_rejected(done)
        for line in done.first_left_out:
            warn(f"  {line}")
    if done.with_further and counts[Enrolled.NEW]:
        note(further_addresses(done.with_further))
    if done.doubted:
        warn(
            f"{how_many(done.doubted, 'recipient')} in doubt, written to though this ledger does not know it; you "
            "decide:  notify resolve"
        )
    for origin in done.unused_overrides:
        warn(f"  {origin}: no contact was found for this row of the overrides")
    for line in done.first_moved:
        warn(f"  {line} is a new address of somebody already written to; not sent again by itself")


def _say_rejected(done: Enrolling) -> None:
    for row in done.first_rejected:
        warn(f"  {row.origin}: {row.reason}")
    if done.rejected > len(done.first_rejected):
        note(f"  … and {done.rejected - len(done.first_rejected):,} more:  notify contacts --rejected rejected.csv")


def _counted(done: Enrolling, waiting: int) -> Iterator[str]:
    """Yield what became of the rows; who is new is told where others were known before."""
    from notify.ledger import Enrolled

    new, duplicates = done.counts[Enrolled.NEW], done.counts[Enrolled.DUPLICATE]
    is_first = new + duplicates == sum(done.counts.values())
    counts = (
        (waiting, "to send"),
        (0 if is_first else new, "new"),
        (done.counts[Enrolled.UPDATED], "changed since the last run"),
        (done.counts[Enrolled.BACK], "back"),
        (duplicates, "duplicate" if duplicates == 1 else "duplicates"),
        (done.withdrawn, f"no longer in the files{' or not meant any more' * bool(done.filtered)} and withdrawn"),
        (done.rejected, "rejected"),
        (done.left_out.total(), "left out"),
        (done.filtered, "not meant by where"),
    )
    yield from (f"{count:,} {words}" for count, words in counts if count)


def agreed(run: Run, plan: Plan, done: Enrolling, *, dry_run: bool, yes: bool) -> bool:
    """Show what is about to happen and, towards a real relay, ask."""
    from notify.actions.send import forecast

    job = run.job
    route, sender = job.routes[0], job.campaign.sender.mailbox
    who = f"{sender.name} <{sender.address}>" if sender.name else sender.address
    if route.is_sandbox:
        note(f"From {who} to {how_many(plan.waiting, 'recipient')}, into the sandbox: nothing leaves this machine.")
        _say_objections(job, done)
        return True
    note(f"From     {who}")
    note(f"To       {how_many(plan.waiting, 'recipient')}")
    _say_objections(job, done)
    note(f"Through  {route.name}, at most {_limits(route)}, {how_many(route.relay.connections, 'connection')}")
    for other in job.routes[1:]:
        note(f"         {other.name}, when that is down or used up")
    expected = forecast(job, plan, dt.datetime.now(dt.UTC))
    alone = ", through the first alone" if len(job.routes) > 1 else ""
    note(f"Takes    {duration(expected.takes_s)} at this rate{alone}, done {moment(expected.done)}")
    if expected.misses_deadline:
        last = job.campaign.deadline
        note(f"         The deadline is {last}: whoever still waits when that day is over, expires.")
    if dry_run or yes:
        return True
    if not is_terminal(sys.stdin):
        raise click.UsageError("There is no terminal to ask on. If this is what you want, say --yes.")
    return click.confirm("Send?", default=False, err=True)


def _limits(route: Route) -> str:
    """Return the rates and hours of a relay."""
    limits = [*map(str, route.rates), *(f"{rate} to one domain" for rate in route.relay.per_domain)]
    return ", ".join([*limits, *([str(route.window)] if route.window else [])])


def _say_objections(job: Job, done: Enrolling) -> None:
    """Say who is left out, and who is written to though something speaks against it: both are the user's to decide."""
    from notify.cli.objections import who_is_left_out, who_is_written_to

    if suppressed := job.reports().suppressed():
        note(f"Without  {how_many(suppressed, 'contact')} on the suppression list:  notify suppress --list")
    for line in who_is_left_out(done.left_out, job.campaign.kind):
        note(f"Without  {line}")
    for line in who_is_written_to(done.written_to_though):
        note(f"With     {line}")
