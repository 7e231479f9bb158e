"""Settles what is in doubt by the user's word."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from notify.actions.addresses import address_of
from notify.actions.ledgers import ledger_in_use, opened, real_ledger
from notify.actions.suppress import entries
from notify.config import Settings
from notify.core.address import identity
from notify.core.status import Status
from notify.errors import BusyError, InputError
from notify.ledger import (
    Copies,
    RecipientState,
    Reports,
    Resolution,
    Transitions,
    Word,
    find_copies,
    hold,
    is_held,
)


def in_doubt(settings: Settings) -> Iterator[RecipientState]:
    """Yield everybody who is in doubt, then the copies; what a run that died left in flight too."""
    running = is_held(ledger_in_use(settings))
    with opened(settings) as (store, record):
        for one in filter(None, (record, find_copies(store, record))):
            reports = Reports(store, one)
            yield from reports.with_status(Status.IN_DOUBT)
            if not running:
                yield from reports.with_status(Status.IN_FLIGHT)


def settle(
    settings: Settings, addresses: Sequence[str], word: Word, now: dt.datetime
) -> Iterator[tuple[str, Status | None]]:
    """Record the user's word about ``addresses``, about everybody in doubt when there are none.

    Yields each address with None when it was settled, else with the status that it was left in.

    :raises InputError: something is not an address, or not one of this campaign; nothing is settled then.
    """
    _sort_out_what_died(settings, now)
    with opened(settings) as (store, record):
        reports = Reports(store, record)
        wanted = [_known(reports, text) for text in addresses] or [
            (state.address, identity(state.address)) for state in reports.with_status(Status.IN_DOUBT)
        ]
        resolution = Resolution(store, record)
        for address, who in wanted:
            before = resolution.settle(who, word, now)
            settled = before is Status.IN_DOUBT or (before is Status.FAILED and word is Word.AGAIN)
            yield address, None if settled else before


def settle_copies(settings: Settings, addresses: Sequence[str], word: Word, now: dt.datetime) -> list[str]:
    """Record the user's word about the copies in doubt at ``addresses``, about all when there are none.

    A Message-ID, which looks like an address, names one of them. Returns the address of each that was settled.

    :raises InputError: something is not an address.
    """
    wanted = [identity(address_of(text)) for text in addresses] or [""]
    _sort_out_what_died(settings, now)
    with opened(settings) as (store, record):
        copies = find_copies(store, record)
        return [to for who in wanted for to, _ in Copies.settle(store, copies, who, word, now)] if copies else []


def left_out(settings: Settings, addresses: Iterable[str], now: dt.datetime) -> dict[str, str]:
    """Return who of ``addresses``, settled to be sent to again, will not be, each with the reason.

    The contact files are not read for that; it counts what the last run found in them.
    """
    is_over = settings.campaign().is_over(now.astimezone().date())
    suppressed = {entry.identity for entry in entries(real_ledger(settings))}
    reasons = {}
    with opened(settings) as (store, record):
        reports = Reports(store, record)
        for address in addresses:
            who = identity(address)
            if who in suppressed:
                reasons[address] = "on the suppression list"
            # waits, and no run may lease it; beside a run it may have been leased by now
            elif not reports.waiting(now, [who]) and reports.status_of(who) is Status.PENDING:
                reasons[address] = "left the contact files, or was left out of the last run by --where"
            elif is_over:
                reasons[address] = "the deadline has passed"
    return reasons


def _sort_out_what_died(settings: Settings, now: dt.datetime) -> None:
    """Do what the next run would do first, so that what is in flight without a run can be settled."""
    with opened(settings) as (_, record), contextlib.suppress(BusyError), hold(ledger_in_use(settings), now) as store:
        for one in filter(None, (record, find_copies(store, record))):
            Transitions(store, one).recover(now)


def _known(reports: Reports, text: str) -> tuple[str, str]:
    address = address_of(text)
    if reports.status_of(identity(address)) is None:
        raise InputError(f"{address} is not in this campaign.", hint="See who is in doubt:  notify resolve")
    return address, identity(address)
