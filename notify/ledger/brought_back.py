"""What a machine does when it meets a database that was brought back: it sets aside whom it has reached."""

from __future__ import annotations

import datetime as dt
import logging
from pathlib import Path

from notify.ledger.journal import Journal
from notify.ledger.rollback import RollbackCheck, known_tries
from notify.ledger.store import Store
from notify.ledger.transitions import Transitions
from notify.ledger.versions import CampaignRecord, Versions

_LOG = logging.getLogger(__name__)


def set_reached_aside(store: Store, state: Path, now: dt.datetime) -> int:
    """Put in doubt who waits, though a journal of this machine tells of a message to them. Returns how many.

    Nobody is sent to meanwhile: such a database is refused until its user has said otherwise. A warning tells how many.

    :param state: the state directory of this machine, which has the journals.
    :raises WriteError: the ledger cannot be written.
    """
    done = sum(_of_campaign(store, campaign, state, now) for campaign in Versions(store).campaigns())
    if done:
        _LOG.warning("This machine has reached %d recipients who wait in %s: set aside as in doubt.", done, store.label)
    return done


def _of_campaign(store: Store, campaign: CampaignRecord, state: Path, now: dt.datetime) -> int:
    journal = Journal.of(state, campaign.secret, Path(store.label))
    if not journal.path.exists():
        return 0
    with RollbackCheck(journal, (), lambda: known_tries(store, campaign)) as rollback:
        return Transitions(store, campaign, rollback).set_doubted_aside(now)
