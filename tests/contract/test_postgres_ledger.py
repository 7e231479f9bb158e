"""The ledger in PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.ledger.postgres_kind import PostgresKind
from tests.contract.ledger.suite import LedgerSuite


class TestPostgresLedger(PostgresKind, LedgerSuite):
    """One schema of a database for each ledger."""

    @pytest.mark.long
    def test_histories(self, tmp_path: Path) -> None:
        """As in SQLite; here each step takes the longer."""
        super().test_histories(tmp_path)
        self.check_what_is_kept(tmp_path)
