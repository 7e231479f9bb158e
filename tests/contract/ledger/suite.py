"""Everything that is believed of a ledger, whatever database keeps it."""

from __future__ import annotations

from tests.contract.ledger.approvals import Approving
from tests.contract.ledger.arrows import Arrows
from tests.contract.ledger.codes import CallBackCodes
from tests.contract.ledger.enrolment import Enrolments
from tests.contract.ledger.forgetting import Forgetful
from tests.contract.ledger.handover import Handovers
from tests.contract.ledger.histories import AnyHistory
from tests.contract.ledger.probes import Probing
from tests.contract.ledger.replacements import Replacements
from tests.contract.ledger.reports import Reporting
from tests.contract.ledger.rollback import Rollbacks
from tests.contract.ledger.transactions import Transactions
from tests.contract.ledger.versions import Campaigns
from tests.contract.ledger.words import UsersWord


class SendersSuite(
    Approving,
    Arrows,
    CallBackCodes,
    Enrolments,
    AnyHistory,
    Handovers,
    Probing,
    Replacements,
    Reporting,
    Rollbacks,
    Transactions,
    Campaigns,
    UsersWord,
):
    """All that is needed to send."""


class LedgerSuite(SendersSuite, Forgetful):
    """One suite; a database joins it by a subclass that gives what its base, ``LedgerKind``, asks for."""
