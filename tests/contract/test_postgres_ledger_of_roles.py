"""The ledger in PostgreSQL once more, opened by whoever has the role of a sender: nothing else is needed to send."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import pytest

from notify.ledger import Database, Store, open_store
from notify.ledger.postgres.roles import roles_script
from tests.contract.ledger.postgres_kind import PostgresKind
from tests.contract.ledger.suite import SendersSuite
from tests.servers.postgres import Postgres

pytestmark = pytest.mark.long


class TestPostgresLedgerOfASender(PostgresKind, SendersSuite):
    """Its tables belong to somebody else, and rows are secured."""

    postgres: ClassVar[Postgres]

    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def _server(cls, postgres: Postgres, _database: None) -> None:
        cls.postgres = postgres

    def opened(self, folder: Path) -> Store:
        """Open the schema, which its owner has made."""
        schema = self._schema(folder)
        sender, password = f"{schema}_login", self.server.password
        with self.postgres.administrator(self.server.name) as db:
            if not db.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [schema]).fetchone():
                super().opened(folder).close()
                db.execute(roles_script(schema).encode())
            if not db.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [sender]).fetchone():
                db.execute(f"CREATE ROLE {sender} LOGIN PASSWORD '{password}' IN ROLE {schema}_sender".encode())
        url = self.server.url.replace("//notify@", f"//{sender}@")
        return open_store(Database(url, schema, lambda: password), create=True)
