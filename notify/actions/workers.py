"""Tells which workers there are, and stops what they do for a campaign."""

from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from notify.errors import InputError
from notify.ledger import Database, Versions, find_copies, open_store

if TYPE_CHECKING:
    from notify.ledger.postgres.store import PostgresStore
    from notify.ledger.postgres.workers import WorkerSeen


def seen(place: Database) -> list[WorkerSeen]:
    """Return the workers of a database, the longest at work first.

    :raises InputError: there is no ledger yet.
    """
    from notify.ledger.postgres.workers import Workers

    with _opened(place) as store:
        return Workers(store).seen()


def hold(place: Database, campaign_id: str, now: dt.datetime, *, by: str) -> None:
    """Let no worker begin anything more of a campaign, and of its copies.

    :param by: who says so.
    :raises InputError: it was never placed.
    """
    from notify.ledger.postgres.commissions import Commissions

    with _opened(place) as store:
        campaign, commissions = Versions(store).find(campaign_id), Commissions(store)
        if campaign is None or commissions.find(campaign.number) is None:
            raise InputError(f"The campaign {campaign_id} was not placed yet.", hint="Place it:  notify send")
        for one in filter(None, (campaign, find_copies(store, campaign))):
            commissions.hold(one.number, "stopped by hand", f"{by}@{socket.gethostname()}".lstrip("@"), now)


@contextmanager
def _opened(place: Database) -> Iterator[PostgresStore]:
    try:
        store = open_store(place)
    except FileNotFoundError:
        raise InputError(f"{place}: there is no ledger yet.", hint="It is made by the first:  notify send") from None
    with store:
        yield cast("PostgresStore", store)
