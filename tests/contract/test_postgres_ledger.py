"""The ledger in PostgreSQL."""

from __future__ import annotations

from pathlib import Path

from tests.contract.ledger.postgres_kind import PostgresKind
from tests.contract.ledger.suite import LedgerSuite


class TestPostgresLedger(PostgresKind, LedgerSuite):
    """One schema of a database for each ledger.

    What there are a hundred cases of is about the sorting of rows, which is SQLite's in every ledger, and about the
    enrolment, of which ``test_postgres_enrolment.py`` believes every day that it comes to the same.
    """

    takes_long = frozenset({"test_histories", "test_row_changed", "test_addresses_that_move", "test_row_removed"})

    def test_histories(self, tmp_path: Path) -> None:
        """As in SQLite, and what is kept beside the recipients is true after all of them."""
        super().test_histories(tmp_path)
        self.check_what_is_kept(tmp_path)
