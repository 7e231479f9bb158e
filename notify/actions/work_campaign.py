"""A campaign as a worker has it: unpacked from the ledger, with the relays and passwords of this machine."""

from __future__ import annotations

import datetime as dt
import math
import os
import socket
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from notify.accounts import Account
from notify.actions.bundle_folder import Unpacked, unpacked
from notify.actions.bundle_job import job_of
from notify.config import RelaySettings
from notify.config.worker import WorkerSettings
from notify.core.local_day import day_of
from notify.core.pace import Rate
from notify.core.record import record
from notify.delivery.accounts import accounts_of
from notify.delivery.job import Job, Orders
from notify.delivery.routes import Route
from notify.errors import BusyError, ConfigError, LoginError
from notify.ledger import CampaignRecord, Versions, state_folder, watched
from notify.ledger.copies import COPIES
from notify.ledger.postgres.bundles import Bundles
from notify.ledger.postgres.store import PostgresStore

#: A worker has no batches: it takes portions, and whoever is left is in the next one.
ORDERS = Orders(batch=1 << 62, pause_s=0.0)


@record(frozen=True, slots=True)
class Machine:
    """What this machine brings along: what its file says, which relays it is to use alone, and on how many connections.

    ``relays``: names; empty is all. ``connections``: None is what the relay's settings say.
    """

    settings: WorkerSettings
    relays: tuple[str, ...] = ()
    connections: int | None = None

    def relays_for(self, campaign: Unpacked) -> tuple[RelaySettings, ...]:
        """Return the relays that a campaign is handed over to from here.

        :raises ConfigError: there is none.
        """
        there = self.settings.relays_for(campaign.settings.relays, campaign.bundle.by_token, socket.gethostname())
        found = tuple(relay for relay in there if not self.relays or _is_one_of(relay, self.relays))
        if not found:
            names = ", ".join(relay.name for relay in there)
            raise ConfigError(
                f"{', '.join(self.relays)}: there is no such relay for the campaign {campaign.campaign.id}.",
                hint=f"There is {names}:  notify worker --relay {there[0].host}",
            )
        if self.connections is not None:
            found = tuple(replace(relay, connections=self.connections) for relay in found)
        return found


@record(frozen=True, slots=True)
class Opened:
    """A campaign, ready to be delivered: ``fingerprint`` is that of its bundle, and ``day`` that of its rates."""

    job: Job
    accounts: Callable[[Route], Account]
    fingerprint: str
    day: dt.date


@contextmanager
def opened(
    store: PostgresStore, record: CampaignRecord, machine: Machine, now: dt.datetime, *, trust: bool
) -> Iterator[Opened]:
    """Open a campaign in a folder of its own, which is gone with this ``with``.

    :param trust: its user trusts the ledger, whatever the journal of this machine holds.
    :raises BusyError: it was not placed, or has changed at this moment.
    :raises VersionError: another notify has placed it.
    :raises ConfigError: this machine has no relay for it.
    :raises LoginError: this machine has no password for any of them.
    :raises ChangedError: its messages would be others than those that everybody was enrolled for.
    :raises WriteError: messages were sent from this machine that the ledger does not know.
    """
    bundles, of = Bundles(store), bundled_with(store, record)
    bundle, version = bundles.find(of), Versions(store).latest(of)
    if bundle is None or version is None:
        raise BusyError(f"The campaign {record.id} was not placed.", hint="Place it from its folder:  notify send")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="notify-worker-")))
        campaign = unpacked(bundle, folder, bundles.octets, bundles.own_file(of))
        sender = campaign.campaign.sender.mailbox.address
        watch = stack.enter_context(
            watched(store, record, state_folder(os.environ), sender, Path(store.label), trust=trust, is_shared=True)
        )
        relays = machine.relays_for(campaign)
        job = job_of(campaign, store=store, record=of, version=version, relays=relays, now=now, watch=watch)
        job = replace(job, record=record, routes=tuple(_with_pauses(job.routes, campaign)))
        if of is not record:
            # what they copy was sent in time
            job = replace(job, campaign=replace(job.campaign, deadline=None))
        accounts = stack.enter_context(accounts_of(job.routes, folder, os.environ, None, file="worker.toml"))
        job = replace(job, routes=_let_in(job.routes, accounts))
        yield Opened(job, accounts, bundle.fingerprint, day_of(now.timestamp()))


def bundled_with(store: PostgresStore, record: CampaignRecord) -> CampaignRecord:
    """Return from whose bundle a campaign is made: copies from that of the campaign that they are of."""
    of = Versions(store).find(record.id.removesuffix(COPIES)) if record.id.endswith(COPIES) else None
    return of or record


def _with_pauses(routes: Sequence[Route], campaign: Unpacked) -> Iterator[Route]:
    """Yield the routes with one rate more: a batch and a pause are kept by all workers together, not by each."""
    send = campaign.settings.send
    for route in routes:
        pause = (Rate(send.batch, math.ceil(send.pause_s)),) if send.pause_s else ()
        yield replace(route, rates=(*route.rates, *pause))


def _let_in(routes: Sequence[Route], accounts: Callable[[Route], Account]) -> tuple[Route, ...]:
    """Return the routes for which there is a password.

    :raises LoginError: there is for none.
    """
    found, missing = [], None
    for route in routes:
        try:
            accounts(route)
        except LoginError as error:
            missing = error
        else:
            found.append(route)
    if not found and missing:
        raise missing
    return tuple(found)


def _is_one_of(relay: RelaySettings, names: Collection[str]) -> bool:
    return bool({relay.name, relay.host} & {*names})
