"""The ledger: the durable, resumable log in SQLite. The only room that knows SQL.

:mod:`store` opens it and groups commits, :mod:`lock` lets one run in, :mod:`intake` sorts what the contact files hold,
:mod:`enrolment` brings it in,
:mod:`handover` is what a run does with a recipient, :mod:`reports` only reads, :mod:`resolution` and
:mod:`suppression` record the user's word.
"""

from notify.ledger.enrolment import Enrolled, Enrolment
from notify.ledger.handover import Claimed, Handover, recover
from notify.ledger.intake import Given, Group, Groups, Intake, Member, Sharing, Sorted, Twin
from notify.ledger.lock import hold, is_held
from notify.ledger.reports import Reports, Standing
from notify.ledger.resolution import Resolution, Word
from notify.ledger.store import Store
from notify.ledger.suppression import Suppressed, Suppressions
from notify.ledger.versions import CampaignRecord, Version, Versions

__all__ = [
    "CampaignRecord",
    "Claimed",
    "Enrolled",
    "Enrolment",
    "Given",
    "Group",
    "Groups",
    "Handover",
    "Intake",
    "Member",
    "Reports",
    "Resolution",
    "Sharing",
    "Sorted",
    "Standing",
    "Store",
    "Suppressed",
    "Suppressions",
    "Twin",
    "Version",
    "Versions",
    "Word",
    "hold",
    "is_held",
    "recover",
]
