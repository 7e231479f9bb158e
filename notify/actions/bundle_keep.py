"""Keeps in the ledger what other machines need to make a campaign's messages: before any of them may take some."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING

from notify.actions.bundle import own_files, packed
from notify.actions.forms import served
from notify.ledger import CampaignRecord, Version

if TYPE_CHECKING:
    from notify.actions.prepare import Prepared
    from notify.ledger.postgres.store import PostgresStore


def keep_bundle(
    prepared: Prepared, store: PostgresStore, record: CampaignRecord, version: Version, now: dt.datetime
) -> bool:
    """Keep a campaign's bundle and the files of single recipients who wait; tell whether the bundle is another one.

    :raises InputError: the template has a text that cannot travel.
    :raises ChangedError: a recipient's own file is another one than it was when everybody was enrolled.
    """
    from notify.ledger.postgres.bundles import Bundles

    bundles, template = Bundles(store), prepared.template
    # first the files: whoever finds the bundle finds them all
    if any(template.has_own_files(wording.language, wording.form) for wording in served(template)):
        bundles.keep_own(record, partial(own_files, template))
    ready = packed(prepared, version.number, now)
    return bundles.keep(record, ready.bundle, ready.octets, now)
