"""What a page says of a campaign as a whole, and where its recipients stand in the ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from notify.actions.ledgers import ledger_in_use, opened_if_there
from notify.actions.prepare import Prepared
from notify.core.pace import Pace
from notify.core.status import Status
from notify.delivery.routes import routes_of
from notify.ledger import Reports, Versions
from notify.pages import Strip


def strip_of(prepared: Prepared, recipients: int, left_out: int) -> Strip:
    """Return the facts of a campaign.

    How long it takes is told by rates, pauses and hours alone, as if nothing had left today.

    :raises ConfigError: no relay may send for the campaign's sender.
    """
    settings, campaign = prepared.settings, prepared.campaign
    now = dt.datetime.now().astimezone()
    routes = [route for route in routes_of(settings, now.date()) if not route.is_sandbox]
    takes_s = None
    if routes and recipients:
        pace = Pace(routes[0].rates, window=routes[0].window)
        starts = now.timestamp()
        takes_s = pace.forecast(starts, recipients, settings.send.batch, settings.send.pause_s) - starts
    sender = campaign.sender.mailbox
    return Strip(
        title=campaign.id,
        sender=f"{sender.name} <{sender.address}>" if sender.name else sender.address,
        through=tuple(route.name for route in routes),
        recipients=recipients,
        left_out=left_out,
        takes_s=takes_s,
        change=campaign.change,
    )


def statuses_of(prepared: Prepared, identities: Iterable[str]) -> dict[str, Status]:
    """Return where recipients stand in the ledger; whoever was never enrolled is not in it."""
    with opened_if_there(ledger_in_use(prepared.settings)) as store:
        record = Versions(store).find(prepared.campaign.id) if store else None
        if store is None or record is None:
            return {}
        reports = Reports(store, record)
        found = {identity: reports.status_of(identity) for identity in identities}
    return {identity: status for identity, status in found.items() if status is not None}
