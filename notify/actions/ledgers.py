"""Which ledger a campaign has, and opening it."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from notify.config import Settings
from notify.core.local_day import day_of
from notify.errors import InputError
from notify.ledger import CampaignRecord, Store, Versions, day_written, open_store


def real_ledger(settings: Settings) -> Path:
    """Return where the ledger of the campaign folder stands, there or not; it has the suppression list too."""
    return settings.folder / "ledger.db"


def outbox_folder(settings: Settings) -> Path:
    """Return where the sandbox keeps its messages and its own ledger."""
    return settings.folder / "outbox"


def ledger_in_use(settings: Settings) -> Path:
    """Return the ledger that a run now would use: rehearsals in the sandbox have their own."""
    return real_ledger(settings) if settings.relays else outbox_folder(settings) / "ledger.db"


def day_of_writing(settings: Settings) -> dt.date:
    """Return from which day the texts tell what is to come from what is over.

    It is that of the first run that reached somebody, so that whoever is written to later reads the same; before, it
    is today, whatever was rehearsed.
    """
    return day_written(real_ledger(settings), settings.campaign().id) or day_of(time.time())


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
