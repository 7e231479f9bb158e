"""What is kept beside the recipients, so that nobody counts them all, is what a count would say: whatever happens."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis.stateful import invariant

from tests.contract.ledger.histories import Histories
from tests.contract.ledger.portion_mailing import PortionMailing
from tests.contract.ledger.postgres_kind import PostgresKind

#: What is kept, and what the recipients say.
_KEPT = {
    "SELECT campaign, round, selected, opted_out, begun, status, CAST(sum(count) AS bigint) FROM tally"
    " GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(count) <> 0": (
        "SELECT campaign, round, selected, opted_out <> '', digest IS NOT NULL, status, count(*) FROM recipient"
        " GROUP BY 1, 2, 3, 4, 5, 6"
    ),
    "SELECT recipient, campaign, due, status FROM deferral": (
        "SELECT id, campaign, due, status FROM recipient WHERE due > '' AND status IN ('pending', 'deferred')"
    ),
}


class TestTally(PostgresKind):
    """Any history of edits, runs, crashes and words of the user, of runs that lease recipients."""

    @pytest.mark.long
    def test_it_is_what_a_count_says(self, tmp_path: Path) -> None:
        """After every step tally and deferrals are those of the recipients, whoever hands over."""
        with self.opened(tmp_path) as store:
            first = self.mailing(store, tmp_path)

            class Run(Histories):
                ledger = first

                @invariant()
                def what_is_kept_is_what_is_counted(self) -> None:
                    """Believe it."""
                    for kept, counted in _KEPT.items():
                        rows = [sorted(map(tuple, store.rows_of(wanted, {}))) for wanted in (kept, counted)]
                        assert rows[0] == rows[1]

            case = Run.TestCase
            case.settings = settings(stateful_step_count=20, max_examples=15)
            case().runTest()


class TestTallyOfPortions(TestTally):
    """The same of workers that lease portions."""

    campaigns = PortionMailing
