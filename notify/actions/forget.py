"""Forgets people, in whatever campaign a ledger knows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from notify.actions.addresses import identities
from notify.actions.folder_ledger import ledger_of_folder
from notify.actions.ledgers import opened_if_there
from notify.ledger import Forgetting, Remembered, open_store


def known_of(folder: Path, addresses: Sequence[str]) -> list[Remembered]:
    """Return what the ledger of a campaign folder knows of people, by their addresses.

    :raises InputError: one of them is not an address.
    """
    wanted = identities(addresses)
    with opened_if_there(ledger_of_folder(folder)) as store:
        return Forgetting(store).about(wanted) if store is not None else []


def forget(folder: Path, addresses: Sequence[str], now: dt.datetime) -> list[Remembered]:
    """Forget people; return what was known of them. Whoever was not known is not written to from now on either.

    :raises BusyError: a message to one of them is being handed over; nothing is changed.
    """
    with open_store(ledger_of_folder(folder), create=True) as store:
        return Forgetting(store).forget(identities(addresses), now)
