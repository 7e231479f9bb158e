"""A ledger in PostgreSQL: each folder stands for a schema of its own, in one database."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import psycopg
import pytest
from psycopg import sql
from psycopg.rows import DictRow, dict_row

from notify.ledger import Database, Store, open_store
from tests.contract.ledger.base import LedgerKind
from tests.servers.postgres import Database as Server
from tests.servers.postgres import Postgres

#: In the order of their references; what else there is comes with these.
_TABLES = "campaign version recipient rejection enrolment attempt code call approval probe suppression holder".split()
#: Those that give numbers of their own.
_COUNTED = {"campaign": "number"} | dict.fromkeys(("recipient", "attempt", "call", "approval", "probe"), "id")


class PostgresKind(LedgerKind):
    """One database for all, as making one takes longer than most of the tests."""

    server: ClassVar[Server]
    let_approvals_be_changed = "DROP TRIGGER approvals_are_never_changed ON approval"

    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def _database(cls, postgres: Postgres) -> Iterator[None]:
        with postgres.database() as cls.server:
            yield

    def _schema(self, folder: Path) -> str:
        return f"ledger_{hashlib.sha256(str(folder).encode()).hexdigest()[:16]}"

    def opened(self, folder: Path) -> Store:
        """Open the schema."""
        return open_store(Database(self.server.url, self._schema(folder), lambda: self.server.password), create=True)

    @contextlib.contextmanager
    def connected(self, folder: Path) -> Iterator[psycopg.Connection[DictRow]]:
        """Connect to the database, in the schema."""
        path = f"-c search_path={self._schema(folder)}"
        url, password = self.server.url, self.server.password
        with psycopg.connect(url, password=password, row_factory=dict_row, options=path, autocommit=True) as db:
            yield db

    def copy(self, folder: Path, to: Path) -> None:
        """Copy all rows."""
        old, new = sql.Identifier(self._schema(folder)), sql.Identifier(self._schema(to))
        with self.server.connect() as db:
            db.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(new))
        with self.opened(to), self.server.connect() as db:
            for name in map(sql.Identifier, _TABLES):
                db.execute(sql.SQL("INSERT INTO {}.{} SELECT * FROM {}.{}").format(new, name, old, name))
            for table, column in _COUNTED.items():
                ahead = sql.SQL("ALTER TABLE {}.{} ALTER {} RESTART WITH 1000")
                db.execute(ahead.format(new, sql.Identifier(table), sql.Identifier(column)))
