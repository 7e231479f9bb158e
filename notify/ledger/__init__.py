"""The ledger: the durable, resumable log. The only room that knows SQL.

:mod:`store` is an open one, which reads and commits, and :mod:`opening` opens it, wherever its :mod:`place` is: in
SQLite :mod:`sqlite_store`, whose file :mod:`file` tells, makes and copies, and into which :mod:`lock` lets one run.
:mod:`intake` sorts what the contact files hold, :mod:`enrolment` brings it in, :mod:`handover` is what a run does with
recipients, :mod:`transitions` is what else moves them, :mod:`reports`, :mod:`relay_history` and :mod:`dead_addresses`
only read, :mod:`resolution` and :mod:`suppression` record the user's word, :mod:`codes` tells whose call-back code
somebody says, and :mod:`approvals` who has approved what. :mod:`copies` lets copies wait of what was sent, and
:mod:`probes` are test messages to oneself.
:mod:`journal` notes outside of the ledger what was begun, :mod:`rollback` compares a ledger with that, and :mod:`disk`
looks at where it lies. :mod:`glance` is for those who ask before a run begins. :mod:`listing` is a list that a page
shows.

Each is imported when something of it is asked for: who only reads the counts need not load what enrols and sends.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

# not when it is asked for: it is called like its module, which would stand in its place
from notify.ledger.dead_addresses import dead_addresses

if TYPE_CHECKING:
    from notify.ledger.approvals import Approvals, Approved
    from notify.ledger.brought_back import set_reached_aside
    from notify.ledger.claimed import Claimed, CopyOf, Leaving
    from notify.ledger.codes import Call, Codes, GivenCode
    from notify.ledger.copies import Copies, SentMessage, copies_went_to, find_copies
    from notify.ledger.disk import check_disk
    from notify.ledger.enrolment import Enrolled, Enrolment
    from notify.ledger.file import is_ledger
    from notify.ledger.forgetting import Forgetting, Forgotten, Remembered, forgotten_in, is_mark
    from notify.ledger.given import Given, Proof, objections_of, values_of
    from notify.ledger.handover import Handover
    from notify.ledger.handovers import Handovers
    from notify.ledger.intake import Group, Groups, Intake, Known, Member, Pack, Sharing, Sorted, Twin
    from notify.ledger.journal import Journal, state_folder
    from notify.ledger.listing import Listed, Listing
    from notify.ledger.moving import Copied, Moved, Step, move, next_step
    from notify.ledger.new_attempts import NewAttempts
    from notify.ledger.opening import copy_ledger, exists, hold, is_held, is_up_to_date, open_store
    from notify.ledger.place import Database, Place
    from notify.ledger.probes import Probes
    from notify.ledger.relay_history import RelayHistory, sending_days
    from notify.ledger.reports import Reader, Readers, RecipientState, Reports, WithoutText, latest_attempt
    from notify.ledger.resolution import Resolution, Word
    from notify.ledger.rollback import RollbackCheck, Watch, watched
    from notify.ledger.sides import taking_part
    from notify.ledger.store import Store
    from notify.ledger.suppression import Suppressed, Suppressions
    from notify.ledger.told import told_last
    from notify.ledger.transitions import Transitions
    from notify.ledger.versions import CampaignRecord, Version, Versions, day_written

#: What each module gives.
_GIVES = {
    "approvals": "Approvals Approved",
    "codes": "Call Codes GivenCode",
    "copies": "Copies SentMessage copies_went_to find_copies",
    "disk": "check_disk",
    "enrolment": "Enrolled Enrolment",
    "file": "is_ledger",
    "forgetting": "Forgetting Forgotten Remembered forgotten_in is_mark",
    "brought_back": "set_reached_aside",
    "claimed": "Claimed CopyOf Leaving",
    "given": "Given Proof objections_of values_of",
    "handover": "Handover",
    "handovers": "Handovers",
    "intake": "Group Groups Intake Known Member Pack Sharing Sorted Twin",
    "journal": "Journal state_folder",
    "listing": "Listed Listing",
    "moving": "Copied Moved Step move next_step",
    "new_attempts": "NewAttempts",
    "opening": "copy_ledger exists hold is_held is_up_to_date open_store",
    "place": "Database Place",
    "probes": "Probes",
    "relay_history": "RelayHistory sending_days",
    "reports": "Reader Readers RecipientState Reports WithoutText latest_attempt",
    "resolution": "Resolution Word",
    "rollback": "RollbackCheck Watch watched",
    "sides": "taking_part",
    "store": "Store",
    "told": "told_last",
    "suppression": "Suppressed Suppressions",
    "transitions": "Transitions",
    "versions": "CampaignRecord Version Versions day_written",
}
_HOMES = {name: module for module, names in _GIVES.items() for name in names.split()}

__all__ = [
    "Approvals",
    "Approved",
    "Call",
    "CampaignRecord",
    "Claimed",
    "Codes",
    "Copied",
    "Copies",
    "CopyOf",
    "Database",
    "Enrolled",
    "Enrolment",
    "Forgetting",
    "Forgotten",
    "Given",
    "GivenCode",
    "Group",
    "Groups",
    "Handover",
    "Handovers",
    "Intake",
    "Journal",
    "Known",
    "Leaving",
    "Listed",
    "Listing",
    "Member",
    "Moved",
    "NewAttempts",
    "Pack",
    "Place",
    "Probes",
    "Proof",
    "Reader",
    "Readers",
    "RecipientState",
    "RelayHistory",
    "Remembered",
    "Reports",
    "Resolution",
    "RollbackCheck",
    "SentMessage",
    "Sharing",
    "Sorted",
    "Step",
    "Store",
    "Suppressed",
    "Suppressions",
    "Transitions",
    "Twin",
    "Version",
    "Versions",
    "Watch",
    "WithoutText",
    "Word",
    "check_disk",
    "copies_went_to",
    "copy_ledger",
    "day_written",
    "dead_addresses",
    "exists",
    "find_copies",
    "forgotten_in",
    "hold",
    "is_held",
    "is_ledger",
    "is_mark",
    "is_up_to_date",
    "latest_attempt",
    "move",
    "next_step",
    "objections_of",
    "open_store",
    "sending_days",
    "set_reached_aside",
    "state_folder",
    "taking_part",
    "told_last",
    "values_of",
    "watched",
]


def __getattr__(name: str) -> object:
    """Import a name from its module (PEP 562).

    :raises AttributeError: there is no such name.
    """
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
