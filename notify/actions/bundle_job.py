"""The job of a machine that has unpacked a bundle: as a run has it in the campaign's folder, with its own relays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from notify.actions.bundle_folder import Unpacked
from notify.actions.change import are_same, differences, parts_of
from notify.config import RelaySettings
from notify.delivery.job import Job, is_behind
from notify.delivery.routes import routes_of
from notify.errors import ChangedError, ConfigError
from notify.ledger import CampaignRecord, Store, Version, Watch


def job_of(
    unpacked: Unpacked,
    *,
    store: Store,
    record: CampaignRecord,
    version: Version,
    relays: Sequence[RelaySettings],
    now: dt.datetime,
    watch: Watch,
) -> Job:
    """Return what this machine hands over with.

    :param relays: those that it hands over to, in the order of failover.
    :raises ChangedError: what was unpacked makes other messages than those that everybody was enrolled for.
    :raises ConfigError: there is no relay, or none that may send for the sender, or local time is another one here.
    """
    if not relays:
        # without one it would be the sandbox, which is for rehearsals in a folder
        raise ConfigError(
            f"This machine has no relay for the campaign {record.id}.", hint="Name a [[relay]] in the worker's file."
        )
    unpacked.check_local_time(relays)
    parts = parts_of(unpacked)
    if not are_same(version.parts, parts):
        raise ChangedError(
            f"What this machine was given makes other messages of the campaign {record.id} than those of its folder.",
            hint="Place the campaign again from its folder:  notify send",
            problems=list(differences(version.parts, parts)),
        )
    settings = replace(unpacked.settings, relays=tuple(relays))
    return Job(
        unpacked.campaign,
        lambda: unpacked.template,
        store,
        record,
        version,
        routes_of(settings, now.astimezone().date()),
        now,
        clock_is_behind=is_behind(store, now),
        watch=watch,
        start=settings.send.start,
        hosts=unpacked.hosts,
    )
