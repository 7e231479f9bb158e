"""What a run says at its end: where the campaign stands, what to do next, and the exit status."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from notify.cli.exits import Exit
from notify.cli.ramps import as_lines
from notify.cli.screen import STATUS_WORDS, moment
from notify.core.outcome import Action, Outcome, Phase
from notify.core.status import WAITING, Status

if TYPE_CHECKING:
    from notify.actions.run import Run
    from notify.core.campaign import Campaign
    from notify.delivery.events import Over

_BAD_ENDS = (Status.FAILED, Status.EXPIRED, Status.IN_DOUBT)


def tally(counts: Mapping[Status, int]) -> str:
    """Return the counts as one sentence."""
    return ", ".join(f"{count:,} {STATUS_WORDS[status]}" for status, count in counts.items() if count) + "."


def next_steps(run: Run, counts: Mapping[Status, int], over: Over | None) -> Iterator[str]:
    """Yield what the user should know or do now."""
    from notify.actions.ledgers import outbox_folder
    from notify.actions.status import ramps_on
    from notify.delivery.events import Reason

    if over is not None:
        yield from _why(over, counts)
        yield from _notes_of_providers(run, over)
        if over.reason in {Reason.THROTTLED, Reason.RELAY}:
            today = dt.datetime.now().astimezone().date()
            yield from as_lines(ramps_on(today, run.prepared.settings, run.job.store))
    if counts[Status.DEFERRED] and (due := run.job.reports().next_due(dt.datetime.now(dt.UTC))):
        then = "; workers go on by themselves." if run.is_shared else "; then:  notify send"
        yield f"Deferred means refused for the moment. The first is due {moment(due)}{then}"
    if counts[Status.IN_DOUBT]:
        yield "In doubt means handed over, but the answer was lost. You decide:  notify resolve"
    campaign = run.prepared.campaign
    if counts[Status.EXPIRED] and campaign.is_over(dt.datetime.now().astimezone().date()):
        yield deadline_has_passed(campaign)
    if counts[Status.FAILED]:
        yield "Why some failed:  notify log --failed"
    if run.job.routes[0].is_sandbox and counts[Status.SENT]:
        yield f"Kept in {outbox_folder(run.prepared.settings)}/; nothing was delivered."
        yield "To see them:  notify outbox"
        yield "To write to people, name your mail server as [[relay]] in notify.toml; then try it on yourself:"
        yield "  notify send --test YOUR-ADDRESS"


def deadline_has_passed(campaign: Campaign) -> str:
    """Return why nobody is sent to any more, and what would change that."""
    return (
        f"The deadline {campaign.deadline} has passed: whoever was not reached by then expires. "
        "With a later `deadline` in notify.toml they wait again:  notify send"
    )


def exit_status(counts: Mapping[Status, int], over: Over | None) -> Exit:
    """Return the exit status of a run that ended so."""
    from notify.delivery.events import Reason

    if over is not None and over.reason is Reason.INTERRUPTED:
        return Exit.INTERRUPTED
    if (
        over is not None
        and over.reason is Reason.RELAY
        and over.outcome is not None
        and over.outcome.action is Action.STOP
    ):
        return status_of_stop(over.outcome)
    # a relay that is away concerns only who still waits
    if _somebody_waits(counts):
        return Exit.AGAIN_LATER
    return Exit.SOME_FAILED if any(counts[status] for status in _BAD_ENDS) else Exit.DONE


def status_of_stop(outcome: Outcome) -> Exit:
    """Return the exit status for what a relay said that concerns everybody."""
    if outcome.action is not Action.STOP:
        return Exit.AGAIN_LATER
    return Exit.LOGIN if outcome.phase is Phase.AUTH else Exit.REFUSED


def _notes_of_providers(run: Run, over: Over) -> Iterator[str]:
    """Yield what the providers want known about logging in, when the trouble was there."""
    if over.outcome is not None and over.outcome.phase is Phase.AUTH:
        for relay in run.prepared.settings.relays:
            if relay.provider and relay.provider.note.en:
                yield f"  {relay.host} {relay.provider.note.en}."


def _somebody_waits(counts: Mapping[Status, int]) -> bool:
    return any(counts[status] for status in WAITING)


def _why(over: Over, counts: Mapping[Status, int]) -> Iterator[str]:
    from notify.delivery.events import Reason

    if over.reason is Reason.RELAY and over.outcome is not None:
        answer, words = str(over.outcome.answer), over.outcome.words
        if answer in words:
            yield f"Stopped: {words}"
        else:
            yield f"Stopped: {answer} ({over.outcome.phase})"
            yield f"  {words}"
        if over.until is not None and _somebody_waits(counts):
            again = f"It is worth running again from {moment(over.until)} on"
            yield f"{again}; or let it wait by itself:  notify send --wait"
    elif over.reason is Reason.THROTTLED and over.until is not None:
        yield f"Rates and hours allow the next message from {moment(over.until)} on; then:  notify send"
    elif over.reason is Reason.EARLY and over.until is not None:
        yield f"Nothing leaves before {moment(over.until)}, the start in [send]; run it again then:  notify send"
        yield "Or let it wait by itself:  notify send --wait"
    elif over.reason is Reason.LIMIT:
        yield "The limit of this run is reached. To go on:  notify send"
    elif over.reason in {Reason.INTERRUPTED, Reason.TERMINATED}:
        yield "Stopped as you asked. To go on where it stopped:  notify send"
