"""What the latest enrolment has told, for those who ask before a run begins."""

from __future__ import annotations

from notify.ledger.glance import glance
from notify.ledger.place import Place


def told_last(place: Place, campaign_id: str) -> str:
    """Return what was kept of the latest enrolment of a campaign, as :meth:`Enrolment.remember` was given it.

    Empty where nothing is known. The ledger is left as it is, as :func:`glance` tells.
    """
    row = glance(place, "told_last", id=campaign_id)
    return str(row["told"]) if row else ""
