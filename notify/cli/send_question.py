"""What ``notify send`` shows of a run before it begins, and its question."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import click

from notify.cli.approvals import about_the_approval, approval_record
from notify.cli.files import about_the_files, file_record
from notify.cli.noticed import names
from notify.cli.own_mailboxes import about_the_mailboxes
from notify.cli.own_mailboxes import records as mailbox_records
from notify.cli.ramps import by_days
from notify.cli.screen import (
    confirmed,
    duration,
    emit_line,
    how_many,
    is_terminal,
    moment,
    note,
    warn,
)
from notify.cli.send_copies import about_the_copies, record_of

if TYPE_CHECKING:
    from notify.actions.enrolling import Enrolling
    from notify.actions.outline import Outline
    from notify.actions.run import Run
    from notify.actions.send import Plan
    from notify.core.campaign import Campaign
    from notify.core.form import Wording
    from notify.core.status import Status
    from notify.delivery.job import Job
    from notify.delivery.routes import Route


def agreed(run: Run, plan: Plan, done: Enrolling, *, dry_run: bool, yes: bool, as_json: bool) -> bool:
    """Show what is about to happen and, towards a real relay, ask.

    :param as_json: write it to standard output too, where nothing else is written because it is a dry run.
    """
    if not (plan.waiting or plan.copies_due or (dry_run and as_json)):
        note(_nobody_now(run.job, plan))
        return True
    messages = _outline(run, plan, done)
    if dry_run and as_json:
        emit_line(_record(run, plan, done, messages))
    if not plan.waiting:
        note(_nobody_now(run.job, plan))
    if not (plan.waiting or plan.copies_due):
        return True
    if run.job.routes[0].is_sandbox:
        sender = sender_of(run.job)
        to = how_many(plan.waiting, "recipient") if plan.waiting else how_many(plan.copies_due, "copy", "copies")
        note(f"From {sender} to {to}, into the sandbox: nothing leaves this machine.")
    for text in run.accepted:
        warn(f"Accepted by [policy]: {text}")
    for label, text in _facts(run, plan, done, messages):
        note(f"{label:<9}{text}")
    if dry_run or yes or run.job.routes[0].is_sandbox:
        return True
    if not is_terminal(sys.stdin):
        raise click.UsageError("There is no terminal to ask on. If this is what you want, say --yes.")
    return confirmed("Send?")


def _outline(run: Run, plan: Plan, done: Enrolling) -> Outline:
    from notify.actions.outline import outline

    if done.inspection is None:
        # of files that are as they were it was known that nothing is wrong in them, whoever they are for
        from notify.actions.check import begin_inspection

        done.inspection = begin_inspection(run.prepared)
    return outline(run, plan, dt.datetime.now(dt.UTC), done.inspection)


def _nobody_now(job: Job, plan: Plan) -> str:
    if plan.total:
        return "Nobody is due now; whoever is deferred is waited for."
    is_deferred = job.reports().waits_until(dt.datetime.now(dt.UTC), plan.orders.only)
    return "Nobody is due now." if is_deferred else "Nothing left to send."


def _facts(run: Run, plan: Plan, done: Enrolling, messages: Outline) -> Iterator[tuple[str, str]]:
    """Yield what is about to happen, each with its label; an empty one goes on with the line before."""
    job = run.job
    is_real = not job.routes[0].is_sandbox
    if is_real:
        yield "From", sender_of(job)
    yield from about_the_messages(job, done, messages)
    if done.inspection and done.inspection.total:
        yield "Noticed", f"{names(done.inspection)}:  notify preview"
    if is_real and plan.waiting:
        yield "To", how_many(plan.waiting, "recipient")
    yield from about_the_recipients(job, plan, done, messages)
    if run.copying:
        yield from (("Copies", text) for text in about_the_copies(run.copying))
    if is_real:
        yield from _about_the_way(job, plan)
        if plan.mailboxes:
            relays = (route.name for route in job.routes)
            yield from about_the_mailboxes(plan.mailboxes, job.campaign.sender.mailbox.address, relays)
        yield from about_the_approval(plan.approval)


def sender_of(job: Job) -> str:
    """Return who writes."""
    sender = job.campaign.sender.mailbox
    return f"{sender.name} <{sender.address}>" if sender.name else sender.address


def about_the_messages(job: Job, done: Enrolling, messages: Outline) -> Iterator[tuple[str, str]]:
    """Yield what the messages are."""
    from notify.core.form import Form

    several = len(messages.subjects) > 1
    for number, subject in enumerate(messages.subjects):
        notes = [f"{_named(subject.wording, messages)}, to {subject.count:,}"] * (
            several or subject.wording.form is Form.FAMILIAR
        )
        notes += ["the first; others differ"] * subject.varies
        yield "" if number else "Subject", subject.text + (f"  ({'; '.join(notes)})" if notes else "")
    kind = job.campaign.kind
    yield "Kind", f"{kind}, which can be unsubscribed from" if kind == "newsletter" else kind
    yield from _about_what_is_seen(job.campaign)
    yield from about_the_files(messages, done.own_files)


def _about_what_is_seen(campaign: Campaign) -> Iterator[tuple[str, str]]:
    """Yield who may see those new details that not everybody may."""
    announced = campaign.change.announced()
    for number, audience in enumerate(campaign.disclosure.audiences):
        if sees := [name for name in announced if name in audience.sees]:
            who = "everybody" if audience.is_everybody or audience.is_public else f'only "{audience.name}"'
            look = f":  notify check --who-sees {sees[0]}" * (not number)
            yield "" if number else "Seen by", f"{who}: {', '.join(sees)}{look}"


def _named(wording: Wording, messages: Outline) -> str:
    """Return the language of a text, and its form where there is one with Du."""
    from notify.core.campaign import LANGUAGE_NAMES
    from notify.core.form import Form

    forms = {subject.wording.form for subject in messages.subjects if subject.wording.language == wording.language}
    tells = len(forms) > 1 or Form.FAMILIAR in forms
    return LANGUAGE_NAMES[wording.language] + f" with {wording.form}" * tells


def about_the_recipients(job: Job, plan: Plan, done: Enrolling, messages: Outline) -> Iterator[tuple[str, str]]:
    """Yield who is left out, and what of the others a person may want to mend or decide first."""
    from notify.cli.objections import who_is_left_out, who_is_written_to

    if suppressed := job.reports().suppressed():
        yield "Without", f"{how_many(suppressed, 'contact')} on the suppression list:  notify suppress --list"
    yield from (("Without", text) for text in who_is_left_out(done.objected, job.campaign.kind))
    if done.rejected:
        yield "Without", f"{how_many(done.rejected, 'rejected row')}:  notify contacts"
    yield from (("With", text) for text in who_is_written_to(done.written_to_though))
    if later := _later(job, plan):
        yield "Later", later
    if messages.neutral:
        yield "Greeted", f"{messages.neutral:,} of them neutrally, as nothing better is known:  notify contacts"
    if done.with_more_addresses:
        rows = how_many(done.with_more_addresses, "row")
        yield "Besides", f'{rows} with further addresses, which get nothing; to write to all:  address = "all"'


def _later(job: Job, plan: Plan) -> str:
    """Return how many wait whom this run does not begin with, and why; empty when there are none."""
    from notify.core.status import Status

    reports = job.reports()
    # an index has the counts of all, who are no fewer than those in the files
    if _others(reports.counts(), plan) <= 0:
        return ""
    counts = reports.counts_in_the_files()
    others = _others(counts, plan)
    if others <= 0:
        return ""
    due = reports.next_due(dt.datetime.now(dt.UTC)) if counts[Status.DEFERRED] else None
    why = [f"deferred, the first until {moment(due)}"] if due else []
    if counts[Status.PENDING] > plan.waiting or not why:
        why.append("not asked for by this run")
    return f"{how_many(others, 'other')}, {'; or '.join(why)}"


def _others(counts: Mapping[Status, int], plan: Plan) -> int:
    """Return how many of those who wait this run does not begin with."""
    from notify.core.status import WAITING

    return sum(counts[status] for status in WAITING) - plan.waiting


def _about_the_way(job: Job, plan: Plan) -> Iterator[tuple[str, str]]:
    from notify.actions.send import forecast

    route = job.routes[0]
    yield "Through", f"{route.name}, at most {_limits(route)}, {how_many(route.relay.connections, 'connection')}"
    for other in job.routes[1:]:
        yield "", f"{other.name}, when that is down or used up"
    if route.relay.per_domain and not job.hosts.exchangers:
        yield "", "which domains have their mail at one host is not known:  notify check  looks it up"
    now = dt.datetime.now(dt.UTC)
    expected = forecast(job, plan, now)
    if expected.starts > now:
        yield "Start", f"{moment(expected.starts)}: nothing leaves before"
    if expected.days:
        yield "Ramp", by_days(expected.days)
    alone = ", through the first alone" if len(job.routes) > 1 else ""
    yield "Takes", f"{duration(expected.takes_s)} at this rate{alone}, done {moment(expected.done)}"
    if expected.misses_deadline:
        last = job.campaign.deadline
        yield "", f"The deadline is {last}: whoever still waits when that day is over, expires."


def _record(run: Run, plan: Plan, done: Enrolling, messages: Outline) -> dict[str, object]:
    """Return the same for programs."""
    from notify.actions.send import forecast

    job, expected = run.job, forecast(run.job, plan, dt.datetime.now(dt.UTC))
    return {
        "campaign": job.campaign.id,
        "kind": job.campaign.kind,
        "from": sender_of(job),
        "sandbox": job.routes[0].is_sandbox,
        "relays": [route.name for route in job.routes],
        "subjects": {str(subject.wording): subject.text for subject in messages.subjects},
        "cohorts": {str(subject.wording): subject.count for subject in messages.subjects},
        "attachments": [*map(file_record, messages.attachments)],
        "pictures": [*map(file_record, messages.pictures)],
        "own_files": {"recipients": done.own_files.recipients, "files": done.own_files.files},
        "rows": done.rows,
        "recipients": plan.waiting,
        "copies": record_of(run.copying, plan.copies),
        "neutral": messages.neutral,
        "findings": done.inspection.counts if done.inspection else {},
        "with_further_addresses": done.with_more_addresses,
        "rejected": done.rejected,
        "left_out": dict(done.objected),
        "written_to_though": dict(done.written_to_though),
        "accepted": list(run.accepted),
        "approval": approval_record(plan.approval),
        "mailboxes": mailbox_records(plan.mailboxes) if plan.mailboxes else [],
        "suppressed": job.reports().suppressed(),
        "start": expected.starts.astimezone().isoformat(timespec="seconds"),
        "done": expected.done.astimezone().isoformat(timespec="seconds"),
        "misses_deadline": expected.misses_deadline,
    }


def _limits(route: Route) -> str:
    """Return the rates and hours of a relay."""
    limits = [*map(str, route.rates), *(f"{rate} to one mail host" for rate in route.relay.per_domain)]
    return ", ".join([*limits, *([str(route.window)] if route.window else [])])
