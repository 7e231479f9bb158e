"""What ``notify send`` says, and asks, before it sends."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from notify.cli.screen import duration, how_many, is_terminal, moment, note, warn

if TYPE_CHECKING:
    from notify.actions.enrol import Enrolling
    from notify.actions.run import Run
    from notify.delivery.batches import Orders


def say_what_was_left(run: Run) -> None:
    """Say what an earlier run that died has left, and what this run has to do without, before anything else."""
    if run.clock_is_behind:
        warn("The clock of this machine is behind what the ledger has recorded. In this run the deadline is ignored.")
    if run.watch.trouble:
        warn(f"{run.watch.trouble}. So nothing in this run guards against an old copy of the ledger but the ledger.")
    if run.recovered:
        who = how_many(run.recovered, "recipient")
        note(f"An earlier run ended abruptly: {who} certainly not sent to, waiting again.")
    if run.doubts:
        warn(
            f"An earlier run ended abruptly: {how_many(run.doubts, 'message')} in doubt, handed over without an "
            "answer. Nobody is sent to twice by guessing; you decide:  notify resolve"
        )


def say_enrolled(done: Enrolling) -> None:
    """Say what was read, and which rows a person must look at."""
    from notify.ledger import Enrolled

    counts = done.counts
    said = [f"{how_many(done.rows, 'row')} read", *_counted(done)]
    note(", ".join(said) + ".")
    # what was said once is not said again by every run
    if counts[Enrolled.NEW] or done.rejected == done.rows:
        _say_rejected(done)
        for line in done.first_opted_out:
            warn(f"  {line}")
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


def _counted(done: Enrolling) -> Iterator[str]:
    from notify.ledger import Enrolled

    counts = (
        (done.counts[Enrolled.NEW], "new"),
        (done.counts[Enrolled.UPDATED], "changed since the last run"),
        (done.counts[Enrolled.BACK], "back"),
        (done.counts[Enrolled.DUPLICATE], "there twice, written to once"),
        (done.withdrawn, f"no longer in the files{' or not meant any more' * bool(done.filtered)} and withdrawn"),
        (done.rejected, "rejected"),
        (done.opted_out, "left out because they want no mail"),
        (done.filtered, "not meant by where"),
    )
    yield from (f"{count:,} {words}" for count, words in counts if count)


def agreed(run: Run, orders: Orders, waiting: int, opted_out: int, *, dry_run: bool, yes: bool) -> bool:
    """Show what is about to happen and, towards a real relay, ask.

    :param opted_out: how many are left out because they want no mail.
    """
    from notify.delivery.batches import pace_of
    from notify.delivery.clock import Clock

    sender = run.prepared.campaign.sender.mailbox
    shown = f"{sender.name} <{sender.address}>" if sender.name else sender.address
    if run.route.is_sandbox:
        note(f"From {shown} to {how_many(waiting, 'recipient')}, into the sandbox: nothing leaves this machine.")
        _say_opted_out(run, opted_out)
        return True
    clock = Clock()
    now = clock.now()
    domain, there = run.reports().most_waiting(now, orders.only) if run.route.per_domain else ("", 0)
    most = (domain, min(there, waiting))
    ends = pace_of(run, clock).forecast(now.timestamp(), waiting, orders.batch, orders.pause_s, most)
    seconds = ends - now.timestamp()
    rates = ", ".join(map(str, run.route.rates))
    rates += "".join(f", {rate} to one domain" for rate in run.route.per_domain)
    rates += f", {run.route.window}" if run.route.window else ""
    note(f"From     {shown}")
    note(f"To       {how_many(waiting, 'recipient')}")
    _say_opted_out(run, opted_out)
    note(f"Through  {run.route.name}, at most {rates}, {how_many(run.route.connections, 'connection')}")
    for other in run.routes[1:]:
        note(f"         {other.name}, when that is down or used up")
    done = now + dt.timedelta(seconds=seconds)
    alone = ", through the first alone" if len(run.routes) > 1 else ""
    note(f"Takes    {duration(seconds)} at this rate{alone}, done {moment(done)}")
    if run.closes and done >= run.closes:
        last = run.prepared.campaign.deadline
        note(f"         The deadline is {last}: whoever still waits when that day is over, expires.")
    if dry_run or yes:
        return True
    if not is_terminal(sys.stdin):
        raise click.UsageError("There is no terminal to ask on. If this is what you want, say --yes.")
    return click.confirm("Send?", default=False, err=True)


def _say_opted_out(run: Run, opted_out: int) -> None:
    """Say who is left out by their own wish: the law lets a notice reach them, a newsletter never."""
    if suppressed := run.reports().suppressed():
        note(f"Without  {how_many(suppressed, 'contact')} on the suppression list:  notify suppress --list")
    if not opted_out:
        return
    decide = ""
    if run.prepared.campaign.kind == "notice":
        decide = '; a notice may go to them all the same, if you decide so:  opted_out = "write"  in [contacts]'
    note(f"Without  {how_many(opted_out, 'contact')} who said that they want no mail{decide}")
