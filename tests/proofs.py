"""Mailboxes that were seen to receive, as ``notify probe`` would have recorded it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from notify.actions.folder_ledger import ledger_of_folder
from notify.core.authentication import Authentication
from notify.core.probe import Fate, Probe, SeenBy, Sighting
from notify.ledger import Probes, open_store


def prove(
    folder: Path,
    *addresses: str,
    seen: dt.datetime | None = None,
    sender: str = "petra@berg-kommunikation.internal",
    relay: str = "mail.berg-kommunikation.internal:465 (petra@berg-kommunikation.internal)",
    found: Authentication | None = None,
) -> Path:
    """Record in the ledger of a campaign folder that a test message was seen at each address; return the folder."""
    time = seen or dt.datetime.now(dt.UTC)
    with open_store(ledger_of_folder(folder), create=True) as store:
        probes = Probes(store)
        for address in addresses:
            message_id = f"<probe-{address}-{time.timestamp()}@berg-kommunikation.internal>"
            probes.record(Probe(time, address, sender, relay, message_id), "AAAAAA")
            probes.see(message_id, Sighting(Fate.ARRIVED, SeenBy.IMAP, found=found), time)
    return folder
