"""The ledger in SQLite."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from notify.ledger import Store, open_store
from tests.contract.ledger.suite import LedgerSuite


class TestSqliteLedger(LedgerSuite):
    """A folder holds one file, ledger.db."""

    def opened(self, folder: Path) -> Store:
        """Open the file."""
        return open_store(folder / "ledger.db", create=True)

    @contextlib.contextmanager
    def connected(self, folder: Path) -> Iterator[sqlite3.Connection]:
        """Connect to the file."""
        with contextlib.closing(sqlite3.connect(folder / "ledger.db")) as db:
            db.row_factory = sqlite3.Row
            yield db

    def copy(self, folder: Path, to: Path) -> None:
        """Copy the file."""
        shutil.copy(folder / "ledger.db", to / "ledger.db")
