"""Reads the log of a campaign: every attempt so far, and on request those that follow."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator

from notify.actions.ledgers import opened
from notify.actions.status import campaign_status
from notify.config import Settings
from notify.core.outcome import Attempt
from notify.ledger import Reports, find_copies

#: How often it is looked for new attempts.
_LOOK_S = 0.5


def anybody_enrolled(settings: Settings) -> bool:
    """Tell whether there is anything that could have been tried."""
    return campaign_status(settings, dt.datetime.now(dt.UTC)).recipients > 0


def has_copies(settings: Settings) -> bool:
    """Tell whether copies of messages were ever made."""
    return any(campaign_status(settings, dt.datetime.now(dt.UTC)).copies.values())


def attempts(settings: Settings, *, follow: bool) -> Iterator[Attempt]:
    """Yield every attempt so far, of copies too; with ``follow`` those that are made from now on too, for ever.

    :raises InputError: nothing was sent yet, and ``follow`` is not set.
    """
    while follow and not anybody_enrolled(settings):
        time.sleep(_LOOK_S)
    with opened(settings) as (store, record):
        reports = Reports(store, record)
        last = 0
        while True:
            for number, attempt in reports.attempts(after=last, copies=find_copies(store, record)):
                last = number
                yield attempt
            if not follow:
                return
            time.sleep(_LOOK_S)
