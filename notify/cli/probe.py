"""``notify probe``."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notify.cli.exits import Exit
from notify.cli.findings import GRAVITY, record_of
from notify.cli.options import json_option, load_settings, shared
from notify.cli.own_mailboxes import named, proved_lines, record
from notify.cli.screen import confirmed, emit, how_many, is_terminal, note, password_asker, warn
from notify.core.outcome import Scope
from notify.core.status import Status

if TYPE_CHECKING:
    from notify.actions.probe import Probing
    from notify.config import Settings
    from notify.core.own_mailbox import MailboxState


@click.command(short_help="See that your own mailboxes receive.")
@click.argument("addresses", nargs=-1, metavar="[ADDR]...")
@click.option("--code", "codes", multiple=True, metavar="CODE", help="This code stands in a test message that arrived.")
@click.option(
    "--message",
    "files",
    type=click.Path(),
    multiple=True,
    metavar="FILE",
    help="A test message as it was received, with all its headers, or what came back; - is standard input.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@click.pass_obj
def probe(
    folder: Path, addresses: tuple[str, ...], codes: tuple[str, ...], files: tuple[str, ...], yes: bool, as_json: bool
) -> int:
    """Send a test message to your own new mailbox, after a question, and see that it arrives and how it is signed.

    It goes to the new address that is announced and to reply_to and return_path, as far as nobody has seen yet that
    they receive; with ADDR to that of your own addresses. It is looked for in the mailbox that stands in [mailbox] of
    notify.toml; without one, or when it is not there, you type the code in it, now or later. notify send waits for it.
    """
    from notify.actions.probe import probing

    if (codes or files) and addresses:
        raise click.UsageError("--code and --message are about messages that were sent; they need no address.")
    settings, now = load_settings(folder, shared((), None, None)), dt.datetime.now(dt.UTC)
    if not settings.relays:
        note("There is no [[relay]] in notify.toml, so no message can leave. Once there is one:  notify probe")
        if as_json:
            emit({"mailboxes": [], "findings": []})
        return Exit.DONE
    status: int = Exit.DONE
    with probing(settings) as known:
        if codes or files:
            _take(known, settings, codes, files, now)
        else:
            status = _send_and_see(known, settings, addresses, now, yes=yes)
        told = _tell(known, settings, addresses, as_json=as_json)
    return status or told


def _take(known: Probing, settings: Settings, codes: Sequence[str], files: Sequence[str], now: dt.datetime) -> None:
    """Take what saved messages and typed codes tell."""
    from notify.cli.probe_arrival import say_seen, say_typed

    for file in files:
        label = "standard input" if file == "-" else file
        say_seen(*known.read_message(_octets(file, label), label, now), settings)
    for code in codes:
        try:
            found = known.confirm(code, now)
        except ValueError as error:
            raise click.BadParameter(f"'{code}': {error}.", param_hint="--code") from None
        say_typed(found)


def _octets(file: str, label: str) -> bytes:
    from notify.actions.probe import LARGEST
    from notify.errors import InputError

    try:
        return sys.stdin.buffer.read(LARGEST) if file == "-" else Path(file).read_bytes()[:LARGEST]
    except OSError as error:
        raise InputError(f"{label}: {error.strerror}.", hint="Name the message that you saved.") from error


def _send_and_see(known: Probing, settings: Settings, addresses: Sequence[str], now: dt.datetime, *, yes: bool) -> int:
    """Look for what was sent before, send what is missing, see it arrive; return how the relay failed, if it did."""
    from notify.cli.probe_arrival import look, opened_mailbox, see_arrive

    asked = known.asked_for(addresses)
    if not asked:
        return Exit.DONE
    with opened_mailbox(settings) as open_once:
        if (waiting := known.waiting(now)) and (mailbox := open_once()):
            look(known, mailbox, waiting, settings)
        missing = [state for state in known.refreshed(asked) if not state.was_seen_since(now)]
        on_their_way = {probe.address for probe in known.recent(missing, now)}
        to_send = [state for state in missing if state.mailbox.address not in on_their_way]
        status = _send(known, settings, to_send, yes=yes) if to_send else Exit.DONE
        if recent := known.recent(known.refreshed(missing), now):
            see_arrive(known, open_once(), recent, settings)
    return status


def _send(known: Probing, settings: Settings, states: Sequence[MailboxState], *, yes: bool) -> int:
    """Ask, then send a message to each mailbox."""
    from notify.actions.ledgers import outbox_folder
    from notify.cli.send_summary import status_of_stop
    from notify.delivery.accounts import accounts_of
    from notify.delivery.routes import routes_of

    routes = routes_of(settings, dt.datetime.now().astimezone().date())
    route = routes[0]
    go = "A test message goes" if len(states) == 1 else f"{how_many(len(states), 'test message')} go"
    to, sender = ", ".join(map(named, states)), settings.sender.mailbox.address
    note(f"{go} to {to}, from {sender} through {route.name}. Nobody else gets anything.")
    if not yes:
        if not is_terminal(sys.stdin):
            raise click.UsageError("There is no terminal to ask on. If this is what you want, say --yes.")
        if not confirmed("Send?"):
            note("Nothing was sent.")
            return Exit.DONE
    status = Exit.DONE
    now, addresses = dt.datetime.now(dt.UTC), [state.mailbox.address for state in states]
    with accounts_of(routes, outbox_folder(settings), os.environ, password_asker()) as accounts:
        for handed in known.send(accounts(route), route, addresses, now):
            if handed.outcome.status is Status.SENT:
                note(f"Sent to {handed.probe.address}: {handed.outcome.answer}")
                continue
            if handed.outcome.scope is Scope.RELAY:
                # it is away, or does not let us in: for all of them the same
                warn(f"Not sent through {route.name}: {handed.outcome.answer}")
                note("  What is to be done, says:  notify check")
                return status_of_stop(handed.outcome)
            warn(f"Not sent to {handed.probe.address}: {handed.outcome.answer}")
            note(f"  {handed.outcome.words}")
            status = status or status_of_stop(handed.outcome)
    return status


def _tell(known: Probing, settings: Settings, addresses: Sequence[str], *, as_json: bool) -> int:
    """Say what is known now of the mailboxes, and what is wrong; return the exit status."""
    from notify.actions.mailbox_findings import findings_of
    from notify.checks import Facts
    from notify.config import places
    from notify.core.finding import Severity

    mailboxes = known.known()
    found = [*findings_of(settings, lambda: Facts(settings.campaign(), {}, places(settings)), mailboxes, dict)]
    if as_json:
        states = {state.mailbox.address: state for state in (*mailboxes.states, *known.asked_for(addresses))}
        shown = [record(state, is_proved=mailboxes.is_proved(state)) for state in states.values()]
        emit({"mailboxes": shown, "findings": [record_of(one) | {"severity": GRAVITY[one.severity]} for one in found]})
    for line in proved_lines(mailboxes, with_signature=False):
        note(line)
    for finding in found:
        warn(f"{finding.where}: {finding.what}. ({finding.name})")
        note("  " + finding.mend.replace("\n", "\n  "))
    if not mailboxes.states and not addresses:
        note("Nothing needs to be proved: no new address is announced, and answers go to the sender's own.")
        note(f"To see how your messages are signed all the same:  notify probe {settings.sender.mailbox.address}")
    if any(state.has_returned for state in mailboxes.states):
        return Exit.CONFIG
    return Exit.AGAIN_LATER if any(finding.severity is Severity.ERROR for finding in found) else Exit.DONE
