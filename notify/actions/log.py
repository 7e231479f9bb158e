"""Reads the log of a campaign: every attempt and approval so far, and on request those that follow."""

from __future__ import annotations

import datetime as dt
import time
from collections import deque
from collections.abc import Iterator

from notify.actions.approval import approvals_of
from notify.actions.ledgers import opened
from notify.actions.status import campaign_status
from notify.config import Settings
from notify.core.approval import Approval
from notify.core.outcome import Attempt
from notify.errors import InputError
from notify.ledger import NewAttempts, Reports, find_copies

#: How often it is looked for new attempts.
_LOOK_S = 0.5


def anybody_enrolled(settings: Settings) -> bool:
    """Tell whether there is anything that could have been tried."""
    try:
        with opened(settings) as (store, record):
            return Reports(store, record).anybody()
    except InputError:
        return False


def has_copies(settings: Settings) -> bool:
    """Tell whether copies of messages were ever made."""
    return any(campaign_status(settings, dt.datetime.now(dt.UTC)).copies.values())


def entries(settings: Settings, *, follow: bool, failed: bool = False) -> Iterator[Attempt | Approval]:
    """Yield every attempt and every approval so far, in their order; with ``follow`` those to come too, for ever.

    :param failed: of the attempts only those by which nothing was sent.
    """
    approvals = deque(approvals_of(settings))
    told = len(approvals)
    for attempt in _attempts(settings, follow=follow, failed=failed):
        if attempt is None:
            # nothing new for the moment
            later = approvals_of(settings)[told:]
            told += len(later)
            approvals.extend(later)
        while approvals and (attempt is None or approvals[0].time <= attempt.time):
            yield approvals.popleft()
        if attempt is not None:
            yield attempt


def _attempts(settings: Settings, *, follow: bool, failed: bool) -> Iterator[Attempt | None]:
    """Yield every attempt so far, and then None; with ``follow`` it looks for others again and again."""
    while not anybody_enrolled(settings):
        yield None
        if not follow:
            return
        time.sleep(_LOOK_S)
    with opened(settings) as (store, record):
        reports = Reports(store, record)
        new = NewAttempts(store, lambda after: reports.attempts(after, find_copies(store, record), failed=failed))
        while True:
            yield from new.look()
            yield None
            if not follow:
                return
            time.sleep(_LOOK_S)
