"""``notify send``."""

from __future__ import annotations

import datetime as dt
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notify.cli.announce import agreed, say_enrolled, say_what_was_left
from notify.cli.exits import Exit
from notify.cli.options import campaign_options, json_option, load_settings, shared
from notify.cli.screen import how_many, note, warn

if TYPE_CHECKING:
    from notify.actions.deliver import Delivery, Orders, Over
    from notify.actions.prepare import Prepared
    from notify.actions.run import Run


@click.command(short_help="Send in batches; safe to run again at any time.")
@click.option("--batch", type=int, metavar="N", help="How many are handed over before a pause. Default: 50.")
@click.option("--pause", metavar="TIME", help='How long the pause is: "60s", "2min". Default: 60s.')
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="End this run after N messages.")
@click.option("--only", multiple=True, metavar="ADDR", help="Send to this recipient only; may be repeated.")
@click.option("--test", "test", metavar="ADDR", help="Send the first message to yourself; nobody counts as reached.")
@click.option("--dry-run", is_flag=True, help="Do everything but send: what would be sent, to how many, how long.")
@click.option("--retry-failed", is_flag=True, help="Try those again who were refused for good.")
@click.option("--accept-change", is_flag=True, help="Send the rest although template, change or sender have changed.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@campaign_options
@json_option
@click.pass_obj
def send(
    folder: Path,
    batch: int | None,
    pause: str | None,
    limit: int | None,
    only: tuple[str, ...],
    test: str | None,
    dry_run: bool,
    retry_failed: bool,
    accept_change: bool,
    yes: bool,
    contacts: tuple[str, ...],
    template: str | None,
    sender: str | None,
    as_json: bool,
) -> int:
    """Send to everybody who was not reached yet, in batches. Safe to run again at any time, from cron too.

    Without a [[relay]] in notify.toml it goes to the sandbox: a real SMTP server inside this command that keeps every
    message in outbox/ and forwards none.
    """
    from notify.actions.deliver import Orders
    from notify.actions.prepare import prepare
    from notify.actions.run import begun
    from notify.actions.who import identities

    options = shared(contacts, template, sender) | {"send.batch": batch, "send.pause": pause}
    prepared = prepare(load_settings(folder, options))
    wanted = identities(only)
    if test:
        return _send_test(prepared, test, wanted)
    now = dt.datetime.now(dt.UTC)
    with begun(prepared, now, accept_change=accept_change, rehearsal=dry_run) as run:
        say_what_was_left(run)
        _enrol(run)
        if retry_failed:
            note(f"{how_many(run.handover().retry_failed(), 'recipient')} who failed will be tried again.")
        orders = Orders(prepared.settings.batch, run.route.pause_s, limit, wanted)
        waiting = run.reports().waiting(dt.datetime.now(dt.UTC), wanted)
        if limit is not None:
            waiting = min(waiting, limit)
        if waiting and not agreed(run, orders, waiting, dry_run=dry_run, yes=yes):
            return Exit.DONE
        if dry_run or not waiting:
            return _nothing_sent(run, dry_run=dry_run)
        return _deliver(run, orders, waiting, as_json=as_json)


def _enrol(run: Run) -> None:
    """Read and render everybody, and say what a person must look at."""
    from notify.actions.enrol import Enrolling
    from notify.cli.progress import reading

    done = Enrolling()
    for done in reading(run.enrol()):  # noqa: B007  # the last one tells everything
        pass
    say_enrolled(done)


def _nothing_sent(run: Run, *, dry_run: bool) -> int:
    if dry_run:
        note("Nothing was sent and nothing was recorded (--dry-run).")
        return Exit.DONE
    note("Nobody is to be sent to now.")
    return _summary(run)


def _deliver(run: Run, orders: Orders, waiting: int, *, as_json: bool) -> int:
    """Run, and show what happens."""
    import os

    from notify.actions.account import account_of
    from notify.actions.deliver import Delivery, Pausing, Tried
    from notify.cli.log import as_record
    from notify.cli.progress import SendProgress
    from notify.cli.screen import emit_line

    over: Over | None = None
    with account_of(run.prepared.settings, os.environ, _asker()) as account:
        delivery = Delivery(run, account, orders)
        with _signals(delivery), SendProgress(waiting, orders.batch) as progress:
            for event in delivery.events():
                if isinstance(event, Tried):
                    if as_json:
                        emit_line(as_record(event.attempt))
                    progress.tried(event)
                elif isinstance(event, Pausing):
                    progress.pausing(event)
                else:
                    over = event
    return _summary(run, over)


def _asker() -> Callable[[str], str] | None:
    """Return what asks for a password, or None where nobody sits."""
    if not sys.stdin.isatty():
        return None
    return lambda prompt: str(click.prompt(prompt, hide_input=True, err=True))


@contextmanager
def _signals(delivery: Delivery) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end the run in good order: a message in flight is finished first."""
    from notify.actions.deliver import Why

    def interrupted(*_: object) -> None:
        note("\nFinishing the message in flight; Ctrl-C once more ends at once and may leave it in doubt.")
        delivery.stop(Why.INTERRUPTED)

    def terminated(*_: object) -> None:
        delivery.stop(Why.TERMINATED)

    handlers = {signal.SIGINT: interrupted, signal.SIGTERM: terminated}
    if hasattr(signal, "SIGHUP"):
        handlers[signal.SIGHUP] = terminated
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _summary(run: Run, over: Over | None = None) -> int:
    """Say where the campaign stands and what to do next; return the exit status."""
    from notify.cli.summary import exit_status, next_steps, tally

    counts = run.reports().counts()
    note(tally(counts))
    for line in next_steps(run, counts, over):
        note(line)
    return exit_status(counts, over)


def _send_test(prepared: Prepared, to: str, only: tuple[str, ...]) -> int:
    """Send one message to the user's own address."""
    import os

    from notify.actions.account import account_of
    from notify.actions.ledgers import real_ledger
    from notify.actions.trial import send_one
    from notify.actions.who import address_of
    from notify.cli.summary import status_of_stop
    from notify.core.status import Status

    settings = prepared.settings
    with account_of(settings, os.environ, _asker()) as account:
        outcome, whose = send_one(prepared, account, real_ledger(settings), address_of(to), only[0] if only else "")
    if outcome.status is Status.SENT:
        where = "the sandbox kept it in outbox/" if settings.relay is None else f"{outcome.answer}"
        note(f"Sent the message of {whose} to {to} instead: {where}. Nobody counts as reached.")
        return Exit.DONE
    warn(f"Not sent: {outcome.answer}")
    note(f"  {outcome.words}")
    return status_of_stop(outcome)
