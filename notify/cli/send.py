"""``notify send``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notify.cli.exits import Exit
from notify.cli.options import (
    campaign_options,
    count,
    json_option,
    load_settings,
    name_of_finding,
    shared,
    where_option,
)
from notify.cli.screen import STATUS_WORDS, how_many, note, password_asker, warn
from notify.cli.send_copies import say_withdrawn, what_to_do_about
from notify.cli.send_enrolment import enrol, say_what_was_left
from notify.cli.send_question import agreed
from notify.cli.signals import Signals
from notify.cli.unread import warn_of_unread

if TYPE_CHECKING:
    from notify.actions.prepare import Prepared
    from notify.actions.run import Run
    from notify.actions.send import Plan
    from notify.core.status import Status
    from notify.delivery.events import Over


@click.command(short_help="Send in batches; safe to run again at any time.")
@click.option("--batch", type=count, metavar="N", help="How many are handed over, then a pause. Default: 50.")
@click.option("--pause", metavar="TIME", help='How long the pause is: "60s", "2min". Default: 60s.')
@click.option("--start", metavar="TIME", help="Nothing leaves before: 2026-12-01T08:00, or 2026-12-01.")
@click.option("--limit", type=count, metavar="N", help="End this run after N messages, and their copies.")
@click.option("--only", multiple=True, metavar="ADDR", help="Send to this recipient only; may be repeated.")
@where_option
@click.option(
    "--test", "test", metavar="ADDR", help="Send one message of each kind to yourself; nobody counts as reached."
)
@click.option("--dry-run", is_flag=True, help="Do everything but send: what would be sent, to how many, how long.")
@click.option("--retry-failed", is_flag=True, help="Try those again who were refused for good.")
@click.option("--wait", "wait", is_flag=True, help="Stay, and go on by itself until nobody is left to be tried.")
@click.option("--here", is_flag=True, help="Deliver from this machine, though [ledger] leaves that to workers.")
@click.option("--accept-change", is_flag=True, help="Send the rest although template, change or sender have changed.")
@click.option(
    "--accept",
    "accepted",
    type=name_of_finding,
    multiple=True,
    metavar="NAME",
    help="Send though this was found, by the name that notify check has for it; may be repeated.",
)
@click.option("--again", is_flag=True, help="Send though people got the same words before, under another id.")
@click.option(
    "--trust-ledger",
    is_flag=True,
    help="Send although the ledger is an old copy; whoever a newer one reached is in doubt.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@campaign_options
@json_option
@click.pass_obj
def send(
    folder: Path,
    batch: int | None,
    pause: str | None,
    start: str | None,
    limit: int | None,
    only: tuple[str, ...],
    where: str | None,
    test: str | None,
    dry_run: bool,
    retry_failed: bool,
    wait: bool,
    here: bool,
    accept_change: bool,
    accepted: tuple[str, ...],
    again: bool,
    trust_ledger: bool,
    yes: bool,
    contacts: tuple[str, ...],
    template: str | None,
    sender: str | None,
    as_json: bool,
) -> int:
    """Send to everybody who was not reached yet, in batches. Safe to run again at any time, from cron too.

    Without a [[relay]] in notify.toml it goes to the sandbox: a real SMTP server inside this command that keeps every
    message in outbox/ and forwards none. Where [ledger] names a database, it is only placed, and workers deliver it:
    notify worker.
    """
    from notify.actions.addresses import identities
    from notify.actions.prepare import prepare, prepare_to_send
    from notify.actions.run import begun
    from notify.actions.send import planned, statuses_of

    if test and (dry_run or len(only) > 1):
        raise click.UsageError("--test sends one message: without --dry-run, and with one --only at most.")
    options = shared(contacts, template, sender) | {
        "send.batch": batch,
        "send.pause": pause,
        "send.start": start,
    }
    settings = load_settings(folder, options).accepting(accepted)
    prepared = (prepare if test else prepare_to_send)(settings, where or "")
    for line in prepared.settings.notes:
        note(line)
    wanted = identities(only)
    if test:
        return _send_test(prepared, test, wanted)
    warn_of_unread(prepared.settings)
    now = dt.datetime.now(dt.UTC)
    begin = begun(
        prepared,
        now,
        accept_change=accept_change,
        rehearsal=dry_run,
        trust_ledger=trust_ledger,
        accept_repeat=again,
    )
    with Signals() as signals, begin as run:
        say_what_was_left(run)
        done = enrol(run)
        _say_who_is_done(statuses_of(run, wanted))
        if retry_failed:
            _retry_failed(run)
        if run.copying:
            say_withdrawn(run.copying.bring_up_to_date(_now(), wanted))
        is_placed = run.is_shared and not here
        plan = planned(run, _now(), limit=limit, only=wanted, stays=wait or is_placed)
        if not agreed(run, plan, done, dry_run=dry_run, yes=yes, as_json=as_json):
            note("Nothing was sent.")
            return Exit.DONE
        if dry_run:
            note("Nothing was sent and nothing was recorded (--dry-run).")
            return Exit.DONE
        if not (plan.total or plan.copies_due):
            return _summary(run)
        _note_alone(run, plan)
        if not is_placed:
            return _deliver(run, plan, signals, as_json=as_json, stays=wait)
        _place(run, plan, trust=trust_ledger)
    # others may place meanwhile
    return _follow(run, plan, as_json=as_json) if wait else Exit.DONE


def _deliver(run: Run, plan: Plan, signals: Signals, *, as_json: bool, stays: bool) -> int:
    # the engine is large, and a run from cron mostly finds nothing to do
    from notify.cli.send_delivery import deliver

    return _summary(run, deliver(run, plan, signals, as_json=as_json, stays=stays))


def _place(run: Run, plan: Plan, *, trust: bool) -> None:
    from notify.cli.send_placing import place

    place(run, plan, trust=trust)


def _follow(run: Run, plan: Plan, *, as_json: bool) -> int:
    """Follow what workers do until it is over; return the exit status."""
    from notify.actions.placing import followed
    from notify.cli.send_placing import Following, say_how_it_ended

    with Signals() as signals, followed(run) as looking:
        over, now = Following(looking, as_json=as_json).until_over(plan, signals)
        status = _summary(looking)
        return say_how_it_ended(over, now) or status


def _note_alone(run: Run, plan: Plan) -> None:
    """Record that a new IBAN leaves without a second person, if so; in the sandbox nothing leaves."""
    if plan.total and plan.approval.requirement.is_alone and run.prepared.settings.relays:
        from notify.actions.approve import note_alone

        note_alone(run, _now())


def _retry_failed(run: Run) -> None:
    """Let those wait again who were refused for good, and say how many."""
    failed = run.job.transitions().retry_failed()
    copies = run.copying.job.transitions().retry_failed() if run.copying else 0
    if failed or not copies:
        who = how_many(failed, "recipient") if failed else "Nobody"
        note(f"{who} who failed will be tried again.")
    if copies:
        note(f"{how_many(copies, 'copy', 'copies')} that failed will be tried again.")


def _say_who_is_done(statuses: Mapping[str, Status]) -> None:
    """Name those of the recipients asked for by address who do not wait any more."""
    from notify.core.status import WAITING, Status

    for who, status in statuses.items():
        if status not in WAITING:
            note(f"{who}: {'already sent' if status is Status.SENT else STATUS_WORDS[status]}.")


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _summary(run: Run, over: Over | None = None) -> int:
    """Say where the campaign stands and what to do next; return the exit status."""
    from notify.cli.send_summary import exit_status, next_steps, tally
    from notify.core.status import WAITING

    counts = run.job.reports().counts()
    copies = run.copying.counts() if run.copying else dict.fromkeys(counts, 0)
    note(tally(counts))
    if any(copies.values()):
        note(f"Copies: {tally(copies)}")
    somebody_waits = any(counts[status] for status in WAITING)
    for line in (*next_steps(run, counts, over), *what_to_do_about(copies, runs_anyway=somebody_waits)):
        note(line)
    return exit_status({status: count + copies[status] for status, count in counts.items()}, over)


def _send_test(prepared: Prepared, to: str, only: tuple[str, ...]) -> int:
    """Send one message of each cohort to the user's own address; return how the first failed, if one did.

    Through a relay behind the first goes only the first of them: it is the relay that is tried there.
    """
    import os

    from notify.actions.addresses import address_of
    from notify.actions.ledgers import outbox_folder
    from notify.actions.send_test import chosen, leaves_after, send_to
    from notify.cli.send_summary import status_of_stop
    from notify.cli.send_test import say_how_long, say_how_many, say_sent
    from notify.cli.walks import Walks
    from notify.core.status import Status
    from notify.delivery.accounts import accounts_of
    from notify.delivery.routes import routes_of

    settings, status = prepared.settings, Exit.DONE
    routes = routes_of(settings, dt.datetime.now().astimezone().date())
    messages, found = chosen(prepared, only[0] if only else "", Walks(prepared.sources))
    say_how_many(found, to)
    with accounts_of(routes, outbox_folder(settings), os.environ, password_asker()) as accounts:
        for number, route in enumerate(routes):
            through = f" through {route.name}" if len(routes) > 1 else ""
            tried = messages if number == 0 else messages[:1]
            say_how_long(route, leaves_after(len(tried) - 1, route.rates))
            for outcome, one, example in send_to(prepared, accounts(route), address_of(to), tried, route.rates):
                if outcome.status is Status.SENT:
                    where = "the sandbox kept it in outbox/" if route.is_sandbox else f"{outcome.answer}"
                    say_sent(one, example if len(messages) > 1 else None, to, f"{through}: {where}")
                    continue
                warn(f"Not sent{through}: {outcome.answer}")
                note(f"  {outcome.words}")
                status = status or status_of_stop(outcome)
    if len(messages) > 1:
        note("Nobody counts as reached.")
    return status
