"""Keeps the suppression list of a campaign folder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

from notify.actions.addresses import identities
from notify.ledger import Store, Suppressed, Suppressions


def change(
    ledger: Path, addresses: Sequence[str], reason: str, now: dt.datetime, *, remove: bool
) -> tuple[int, list[str]]:
    """Put addresses on the list, or take them off it.

    Returns how many were changed, and those that were already as asked for.

    :raises InputError: one of them is not an address; nothing is changed then.
    """
    wanted = identities(addresses)
    as_before = []
    with Store(ledger, create=True) as store:
        suppressions = Suppressions(store)
        for who in wanted:
            changed = suppressions.remove(who) if remove else suppressions.add(who, reason, now)
            if not changed:
                as_before.append(who)
    return len(wanted) - len(as_before), as_before


def entries(ledger: Path) -> Iterator[Suppressed]:
    """Yield the list."""
    if ledger.exists():
        with Store(ledger) as store:
            yield from Suppressions(store).all()
