"""Which ledger a campaign has, and opening it."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from notify.actions.folder_ledger import LEDGER_FILE
from notify.config import Settings
from notify.core.local_day import day_of
from notify.errors import InputError
from notify.ledger import CampaignRecord, Place, Store, Versions, day_written, open_store


def real_ledger(settings: Settings) -> Place:
    """Return where the ledger of the campaign is kept, there or not; it has the suppression list too."""
    if settings.ledger.url:
        from notify.actions.database import database_of

        return database_of(settings.ledger)
    return settings.folder / LEDGER_FILE


def outbox_folder(settings: Settings) -> Path:
    """Return where the sandbox keeps its messages and its own ledger."""
    return settings.folder / "outbox"


def ledger_in_use(settings: Settings) -> Place:
    """Return the ledger that a run now would use: rehearsals in the sandbox have their own, in a file."""
    return real_ledger(settings) if settings.relays else outbox_folder(settings) / LEDGER_FILE


def day_of_writing(settings: Settings) -> dt.date:
    """Return from which day the texts tell what is to come from what is over.

    It is that of the first run that reached somebody, so that whoever is written to later reads the same; before, it
    is today, whatever was rehearsed.
    """
    return day_written(real_ledger(settings), settings.campaign().id) or day_of(time.time())


@contextmanager
def opened_if_there(place: Place) -> Iterator[Store | None]:
    """Open a ledger, or give None where there is none yet.

    :raises WriteError: it cannot be opened.
    """
    try:
        store = open_store(place)
    except FileNotFoundError:
        yield None
        return
    with store:
        yield store


@contextmanager
def opened(settings: Settings) -> Iterator[tuple[Store, CampaignRecord]]:
    """Open the campaign in its ledger.

    :raises InputError: nothing was sent yet.
    """
    campaign = settings.campaign().id
    try:
        store = open_store(ledger_in_use(settings))
    except FileNotFoundError:
        raise _nothing_yet(campaign) from None
    with store:
        record = Versions(store).find(campaign)
        if record is None:
            raise _nothing_yet(campaign)
        yield store, record


def _nothing_yet(campaign: str) -> InputError:
    return InputError(f"Nothing was sent yet in the campaign {campaign}.", hint="Begin with:  notify send")
