"""What the latest enrolment has told, for those who ask before a run begins."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from notify.errors import NotifyError
from notify.ledger.file import check_is_ours, connect
from notify.ledger.queries import QUERIES


def told_last(path: Path, campaign_id: str) -> str:
    """Return what was kept of the latest enrolment of a campaign, as :meth:`Enrolment.remember` was given it.

    Empty where nothing is known. The ledger is left as it is: of an earlier version, damaged or not there, it tells
    nothing, and whoever sends with it hears why.
    """
    try:
        check_is_ours(path)
        with contextlib.closing(connect(path)) as db:
            row = db.execute(QUERIES["told_last"], {"id": campaign_id}).fetchone()
            return str(row["told"]) if row else ""
    except (NotifyError, sqlite3.Error):
        return ""
