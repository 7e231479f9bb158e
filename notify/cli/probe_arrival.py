"""How ``notify probe`` sees a test message arrive: in the mailbox, or by the code that somebody types."""

from __future__ import annotations

import datetime as dt
import functools
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import click

from notify.cli.own_mailboxes import as_signed
from notify.cli.screen import how_many, is_terminal, note, password_asker, warn

if TYPE_CHECKING:
    from notify.actions.probe import Probing
    from notify.config import Settings
    from notify.core.probe import Probe, Sighting
    from notify.mailbox import Mailbox

#: So many seconds a message is waited for: in the mailbox that it went to, and in one that it may be forwarded to.
_PATIENCE_S, _SHORT_PATIENCE_S = 120, 30
#: So often the mailbox is looked into.
_EVERY_S = 3


@contextmanager
def opened_mailbox(settings: Settings) -> Iterator[Callable[[], Mailbox | None]]:
    """Give, inside this ``with``, a function that returns the mailbox in [mailbox]; it is opened when it is needed.

    Where there is none, or it cannot be opened, that is None; the login is tried once.
    """
    with ExitStack() as stack:

        @functools.cache
        def open_once() -> Mailbox | None:
            mailbox = _opened(settings)
            if mailbox:
                stack.callback(mailbox.close)
            return mailbox

        yield open_once


def _opened(settings: Settings) -> Mailbox | None:
    """Open the mailbox; where that fails, say why: the codes can be typed instead."""
    from notify.actions.probe import mailbox_account
    from notify.errors import LoginError
    from notify.mailbox import Unopened, open_mailbox

    account = mailbox_account(settings, os.environ, password_asker())
    if account is None:
        return None
    try:
        opened = open_mailbox(account)
    except LoginError as error:
        warn(f"The mailbox cannot be read: {error.message}")
        note(f"  {error.hint}")
        return None
    if not isinstance(opened, Unopened):
        return opened
    why = "it refuses the login: " if opened.is_login else ""
    warn(f"The mailbox {account.name} cannot be read: {why}{opened.reason.rstrip('.')}.")
    note("  Mend [mailbox] in notify.toml, or type the code that stands in the message.")
    return None


def see_arrive(known: Probing, mailbox: Mailbox | None, probes: Sequence[Probe], settings: Settings) -> None:
    """Wait for messages in the mailbox, then ask for the codes of those that were not seen there."""
    missing = _wait(known, mailbox, probes, settings) if mailbox else list(probes)
    if not missing:
        return
    if is_terminal(sys.stdin):
        _ask_for_codes(known, missing)
    elif not mailbox:
        note("Each message has a code in it:  notify probe --code CODE")


def look(known: Probing, mailbox: Mailbox, probes: Sequence[Probe], settings: Settings) -> list[Probe]:
    """Look into the mailbox once; say and record what is there. Return those that were not seen."""
    missing = {probe.message_id: probe for probe in probes}
    since = min(probe.time for probe in probes).astimezone().date()
    try:
        for message_id, sighting in mailbox.look(known.wanted(probes), since):
            known.see(message_id, sighting, dt.datetime.now(dt.UTC))
            if probe := missing.pop(message_id, None):
                say_seen(probe, sighting, settings)
    except ConnectionError as error:
        warn(f"{error}.")
    return list(missing.values())


def _wait(known: Probing, mailbox: Mailbox, probes: Sequence[Probe], settings: Settings) -> list[Probe]:
    began, missing = time.monotonic(), list(probes)
    longest_s = _patience_s(mailbox, probes)
    note(f"Looking for {how_many(len(probes), 'message')} in {mailbox.name}, for up to {longest_s} seconds.")
    while (missing := look(known, mailbox, missing, settings)) and (
        time.monotonic() - began < _patience_s(mailbox, missing)
    ):
        time.sleep(_EVERY_S)
    for probe in missing:
        warn(f"{probe.address}: the test message has not been seen there yet.")
        note("  Some servers let a new sender wait for a few minutes. To look again:  notify probe")
    return missing


def _patience_s(mailbox: Mailbox, probes: Sequence[Probe]) -> int:
    """Return how long messages are worth waiting for: longer where one of them went to this very mailbox."""
    is_there = any(probe.address.casefold() == mailbox.user.casefold() for probe in probes)
    return _PATIENCE_S if is_there else _SHORT_PATIENCE_S


def _ask_for_codes(known: Probing, probes: Sequence[Probe]) -> None:
    """Let a person type the codes, in any order, until all are there or they are to come later."""
    from notify.errors import InputError

    missing = {probe.message_id: probe for probe in probes}
    while missing:
        of = " or ".join(probe.address for probe in missing.values())
        typed = click.prompt(f"Code in the message to {of} (Enter: later)", default="", show_default=False, err=True)
        if not typed.strip():
            note("Later:  notify probe --code CODE")
            return
        try:
            found = known.confirm(typed, dt.datetime.now(dt.UTC))
        except InputError as error:
            warn(error.message)
            if not known.waiting(dt.datetime.now(dt.UTC)):
                note(f"  {error.hint}")
                return
        except ValueError as error:
            warn(f"{typed}: {error}.")
        else:
            missing.pop(found.message_id, None)
            say_typed(found)


def say_typed(found: Probe) -> None:
    """Say that a code was right, and what it does not tell."""
    note(f"{found.address} receives: the code of its test message was typed.")
    note("  How it was signed, a code does not tell. To see that too, save the message with all its headers, then:")
    note("  notify probe --message FILE.eml")


def say_seen(found: Probe, sighting: Sighting, settings: Settings) -> None:
    """Say what was seen of a message."""
    from notify.core.probe import Fate

    if sighting.fate is Fate.RETURNED:
        warn(f"{found.address} does not receive: the test message came back. {sighting.reason}".rstrip())
        return
    where = ", in the folder for spam" if sighting.in_spam else ""
    note(f"{found.address} receives: the test message has arrived{where}.")
    note(f"  {as_signed(sighting, settings.sender.domain)}")
