"""``notify approve``."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notify.cli.approvals import as_record, given_by
from notify.cli.exits import Exit
from notify.cli.noticed import names
from notify.cli.options import campaign_options, json_option, load_settings, shared
from notify.cli.screen import confirmed, emit, how_many, is_terminal, moment, note, warn
from notify.cli.send_copies import about_the_copies
from notify.cli.send_enrolment import enrol
from notify.cli.send_question import about_the_messages, about_the_recipients, sender_of

if TYPE_CHECKING:
    from notify.actions.approve import Proposal
    from notify.actions.enrolling import Enrolling
    from notify.actions.run import Run
    from notify.core.campaign import Change


@click.command(short_help="Approve what is to be sent, by your name.")
@click.option("--by", "name", metavar="NAME", help="Who approves it. Default: you are asked.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@campaign_options
@json_option
@click.pass_obj
def approve(
    folder: Path,
    name: str | None,
    yes: bool,
    contacts: tuple[str, ...],
    template: str | None,
    sender: str | None,
    as_json: bool,
) -> int:
    """Show what would be sent, and record that you approve it: texts, details, sender, and every recipient's values.

    With approval = "required" in [send], and for a new IBAN, notify send refuses what was not approved, or has changed
    since. Nothing is sent, and a rehearsal in the sandbox needs no approval.
    """
    from notify.actions.approve import approve as record
    from notify.actions.approve import proposal, to_approve
    from notify.actions.prepare import prepare

    if not is_terminal(sys.stdin) and not (name and yes):
        raise click.UsageError("There is no terminal to ask on. Say who approves it:  --by NAME --yes")
    settings = load_settings(folder, shared(contacts, template, sender))
    prepared, now = prepare(settings), dt.datetime.now(dt.UTC)
    for line in settings.notes:
        note(line)
    with to_approve(prepared, now) as run:
        done = enrol(run)
        proposed = proposal(run)
        for label, text in _facts(run, done, proposed, now):
            note(f"{label:<9}{text}")
        is_over = not yes and _is_over(run, proposed)
    _say_what_has_changed(proposed)
    if is_over:
        note("Everybody was sent to already: nothing is left to approve.")
        return Exit.DONE
    by = name or _asked_for_a_name(yes=yes)
    if earlier := proposed.approved_by(by):
        note(f"{earlier.name} has approved this already, {moment(earlier.time)}.")
    elif yes or confirmed("Approve?"):
        earlier = record(settings, proposed, by, dt.datetime.now(dt.UTC))
        note(f"Approved by {earlier.name}: {how_many(earlier.recipients, 'recipient')}.")
    else:
        note("Nothing was approved.")
        return Exit.DONE
    missing = proposed.missing_with(earlier)
    if as_json:
        emit(as_record(earlier) | {"missing": missing})
    note("One more person must approve it:  notify approve" if missing else "What is approved may leave:  notify send")
    return Exit.DONE


def _facts(run: Run, done: Enrolling, proposed: Proposal, now: dt.datetime) -> Iterator[tuple[str, str]]:
    """Yield what would be sent, each with its label; an empty one goes on with the line before."""
    from notify.actions.outline import outline
    from notify.actions.send import planned

    plan = planned(run, now, limit=None, only=(), stays=False)
    messages = outline(run, plan, now, done.inspection)
    yield "From", sender_of(run.job)
    yield from about_the_messages(run.job, done, messages)
    label = "New"
    for line in _announced(run.prepared.campaign.change):
        yield label, line
        label = ""
    if done.inspection and done.inspection.total:
        yield "Noticed", f"{names(done.inspection)}:  notify preview"
    yield "To", _to(run, proposed)
    yield from about_the_recipients(run.job, plan, done, messages)
    if run.copying:
        yield from (("Copies", text) for text in about_the_copies(run.copying))
    for number, text in enumerate(given_by(proposed.state)):
        yield "" if number else "Approved", text
    yield "Look", "at one message of each kind:  notify preview --cohorts"


def _announced(change: Change) -> Iterator[str]:
    """Yield what is announced, each detail whole: whoever approves it compares it with what is right."""
    for detail in change.changes("en"):
        yield f"{detail.label}: {detail.new or 'none any more'}" + (f" (before: {detail.old})" if detail.old else "")
    if change.announces("iban") and not change.announces("account_holder"):
        yield f"Account holder, as before: {change.new.account_holder}"
    if change.effective:
        until = f"; the old works until {change.old_works_until}" if change.old_works_until else ""
        yield f"From {change.effective} on{until}"


def _to(run: Run, proposed: Proposal) -> str:
    from notify.core.status import Status

    sent = run.job.reports().counts_in_the_files()[Status.SENT]
    return how_many(proposed.recipients, "recipient") + (f", {sent:,} of them sent to already" if sent else "")


def _is_over(run: Run, proposed: Proposal) -> bool:
    """Tell whether everybody was sent to, so that a person need not be asked."""
    from notify.core.status import Status

    return 0 < proposed.recipients <= run.job.reports().counts_in_the_files()[Status.SENT]


def _say_what_has_changed(proposed: Proposal) -> None:
    """Say what has changed since it was approved, and for whom; for several people the same is said once."""
    changed: dict[tuple[str, ...], list[str]] = {}
    for since in proposed.state.latest:
        if not since.is_same:
            who = f"{since.approval.name}, {moment(since.approval.time)}"
            changed.setdefault(tuple(map(str, since.problems)), []).append(who)
    for problems, people in changed.items():
        warn(f"Changed since it was approved by {'; '.join(people)}:")
        for problem in problems:
            note("  " + problem.replace("\n", "\n    "))


def _asked_for_a_name(*, yes: bool) -> str:
    from notify.actions.approve import own_name

    return own_name() if yes else str(click.prompt("Your name", default=own_name(), err=True))
