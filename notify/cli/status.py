"""``notify status``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notify.cli.approvals import as_record as approval_record
from notify.cli.approvals import as_words
from notify.cli.options import campaign_options, json_option, load_settings, shared
from notify.cli.own_mailboxes import as_lines as as_lines_about_mailboxes
from notify.cli.own_mailboxes import records as mailbox_records
from notify.cli.ramps import as_lines, as_record
from notify.cli.screen import STATUS_WORDS, emit, moment, note, put_columns
from notify.cli.send_copies import what_to_do_about

if TYPE_CHECKING:
    from notify.actions.status import CampaignStatus


@click.command(short_help="Show where the campaign stands.")
@campaign_options
@json_option
@click.pass_obj
def status(folder: Path, contacts: tuple[str, ...], template: str | None, sender: str | None, as_json: bool) -> None:
    """Show where the campaign stands: counts, what is due when, what needs you. Works beside a run."""
    from notify.actions.status import campaign_status
    from notify.cli.send_summary import deadline_has_passed
    from notify.core.status import WAITING, Status

    settings, time = load_settings(folder, shared(contacts, template, sender)), dt.datetime.now(dt.UTC)
    now, campaign = campaign_status(settings, time), settings.campaign()
    if as_json:
        emit(
            {
                "campaign": now.campaign,
                "sandbox": now.is_sandbox,
                "running": now.running,
                "recipients": now.recipients,
                "counts": {str(status): count for status, count in now.counts.items()},
                "rejected": now.rejected,
                "next_due": _as_json(now.next_due),
                "start": _as_json(now.start),
                "ramps": [as_record(relay, day) for relay, day in now.ramps.items()],
                "verified_by_phone": now.verified,
                "alarms_by_phone": now.alarms,
                "approvals": [*map(approval_record, now.approvals)],
                "approvals_needed": now.requirement.people,
                "mailboxes": mailbox_records(now.mailboxes),
            }
            | (
                {"copies": {str(status): count for status, count in now.copies.items()}}
                if any(now.copies.values())
                else {}
            )
        )
        return
    where = "rehearsal in the sandbox" if now.is_sandbox else f"ledger {now.ledger}"
    note(f"Campaign {now.campaign} ({where})" + (", a run is sending now" if now.running else ""))
    _say_what_holds(now, time)
    _say_who_approved(now)
    if not now.is_sandbox:
        for line in as_lines_about_mailboxes(now.mailboxes):
            note(line)
    if not now.recipients:
        note("Nothing was sent yet. Begin with:  notify send")
        return
    rows = [(STATUS_WORDS[status], f"{count:,}") for status, count in now.counts.items() if count]
    rejected = [("rejected rows", f"{now.rejected:,}")] if now.rejected else []
    put_columns([("recipients", f"{now.recipients:,}"), *rows, *rejected, *_copies(now), *_calls(now)])
    is_over = campaign.is_over(time.astimezone().date())
    if is_over and any(now.counts[status] for status in (*WAITING, Status.EXPIRED)):
        note(deadline_has_passed(campaign))
    if now.counts[Status.PENDING] and not now.running and not is_over:
        if now.last and now.last.status is Status.PENDING:
            note(f"The last try, {moment(now.last.time)}, was not about one recipient alone: {now.last.reply}")
        note("Who is pending waits to be sent to. To go on:  notify send")
    if now.counts[Status.DEFERRED] and now.next_due and not is_over:
        note(f"The next deferred one is due {moment(now.next_due)}" + ("." if now.running else "; then:  notify send"))
    for line in _what_to_look_into(now):
        note(line)


def _what_to_look_into(now: CampaignStatus) -> Iterator[str]:
    """Yield what a person decides, or may want to know the reason of."""
    from notify.core.status import Status

    if now.counts[Status.IN_DOUBT]:
        yield "In doubt means handed over, but the answer was lost. You decide:  notify resolve"
    if now.counts[Status.FAILED]:
        yield "Why they failed:  notify log --failed"
    if now.rejected:
        yield "Why rows were rejected:  notify contacts"
    yield from what_to_do_about(now.copies, runs_anyway=now.running)


def _say_what_holds(now: CampaignStatus, time: dt.datetime) -> None:
    """Say how start and ramps hold the campaign back, unless nobody is left to be written to."""
    from notify.core.status import WAITING

    if now.recipients and not any(now.counts[status] for status in WAITING):
        return
    if now.start and now.start > time:
        note(f"Nothing leaves before {moment(now.start)}, the start in [send].")
    for line in as_lines(now.ramps):
        note(line)


def _say_who_approved(now: CampaignStatus) -> None:
    """Say who has approved it; whether it has changed since is known when the contacts are read."""
    for approval in now.approvals:
        note(f"{moment(approval.time)}: {as_words(approval)}.")
    people = {approval.person for approval in now.approvals if not approval.is_alone}
    if len(people) < now.requirement.people and not now.is_sandbox:
        note(f"Nothing leaves yet, as {now.requirement}:  notify approve")


def _copies(now: CampaignStatus) -> list[tuple[str, str]]:
    """Return how many copies there are, and where they stand."""
    from notify.cli.send_summary import tally

    count = sum(now.copies.values())
    return [("copies", f"{count:,} ({tally(now.copies).rstrip('.')})")] if count else []


def _calls(now: CampaignStatus) -> list[tuple[str, str]]:
    """Return how many have called and said their code, and how many calls named one that nobody was sent."""
    verified = [("verified by phone", f"{now.verified:,}")] if now.verified else []
    return [*verified, *([("alarms by phone", f"{now.alarms:,}:  notify verify --list")] if now.alarms else [])]


def _as_json(when: dt.datetime | None) -> str | None:
    return when.astimezone().isoformat(timespec="seconds") if when else None
