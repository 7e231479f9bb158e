"""A ledger in PostgreSQL: each folder stands for a schema of its own, in one database."""

from __future__ import annotations

import contextlib
import graphlib
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import psycopg
import pytest
from psycopg import sql
from psycopg.rows import DictRow, dict_row

from notify.ledger import Database, Store, open_store
from notify.ledger.postgres import idle
from tests.contract.ledger.base import LedgerKind
from tests.servers.postgres import Database as Server
from tests.servers.postgres import Postgres
from tests.unit.ledger.mailing import Mailing

#: In the order of their references; what else there is comes with these.
_TABLES = "campaign version recipient rejection enrolment attempt code call approval probe suppression holder".split()
#: Those that give numbers of their own.
_COUNTED = {"campaign": "number"} | dict.fromkeys(("recipient", "attempt", "call", "approval", "probe"), "id")

#: What is kept beside the recipients, and the same as it is counted: each has what the other one has not.
_KEPT = """
SELECT campaign, round, selected, opted_out, begun, status, sum(count)::bigint FROM tally
GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(count) <> 0
"""
_COUNTED_ANEW = """
SELECT campaign, round, selected, opted_out <> '', digest IS NOT NULL, status, count(*) FROM recipient
GROUP BY 1, 2, 3, 4, 5, 6
"""
_WAIT = "SELECT recipient, campaign, due, status FROM deferral"
_WAIT_INDEED = "SELECT id, campaign, due, status FROM recipient WHERE due > '' AND status IN ('pending', 'deferred')"

_GUARDS = "SELECT 1 FROM pg_trigger WHERE tgrelid = 'approval'::regclass AND tgname = 'approvals_are_never_changed'"
#: Each table that has rows of its own, with each of those to which it refers.
_TABLES_THERE = """
SELECT c.relname AS table, r.relname AS to
FROM pg_class c LEFT JOIN pg_constraint f ON f.conrelid = c.oid AND f.contype = 'f' AND f.confrelid <> c.oid
LEFT JOIN pg_class r ON r.oid = f.confrelid
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND c.relname NOT IN ('ledger', 'arrow')
"""
_NUMBERED_ANEW = (
    "SELECT setval(oid::regclass, 1, false) FROM pg_class"
    " WHERE relkind = 'S' AND relnamespace = current_schema()::regnamespace"
)
_NUMBERS = itertools.count()


class PostgresKind(LedgerKind):
    """One database for all, as making one takes longer than most of the tests."""

    server: ClassVar[Server]
    #: Which schema a folder stands for, and those that were made for others and are empty again: that takes less long.
    schemas: ClassVar[dict[Path, str]]
    spare: ClassVar[list[str]]
    let_approvals_be_changed = "DROP TRIGGER approvals_are_never_changed ON approval"

    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def _database(cls, postgres: Postgres) -> Iterator[None]:
        cls.schemas, cls.spare = {}, []
        with postgres.database() as cls.server:
            yield
        idle.close_all()

    @pytest.fixture
    def post(self, tmp_path: Path) -> Iterator[Mailing]:
        """Give a campaign in a new ledger; whatever a test does there, what is kept beside its recipients is true."""
        with self.opened(tmp_path) as store:
            yield self.mailing(store, tmp_path)
        self.check_what_is_kept(tmp_path)
        self._empty(tmp_path)

    def check_what_is_kept(self, folder: Path) -> None:
        """See whether the tally and the deferrals are what they come to when they are counted anew."""
        with self.connected(folder) as db:
            for kept, anew in ((_KEPT, _COUNTED_ANEW), (_WAIT, _WAIT_INDEED)):
                for one, other in ((kept, anew), (anew, kept)):
                    assert db.execute(f"({one}) EXCEPT ({other})").fetchall() == []

    def _schema(self, folder: Path) -> str:
        if folder not in self.schemas:
            self.schemas[folder] = self.spare.pop() if self.spare else f"ledger_{next(_NUMBERS)}"
        return self.schemas[folder]

    def _empty(self, folder: Path) -> None:
        """Empty the ledger of a folder for another test, unless this one has changed what it is made of."""
        with self.connected(folder) as db:
            if db.execute(_GUARDS).fetchall():
                db.execute(_emptying(db))
                self.spare.append(self._schema(folder))

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


def _emptying(db: psycopg.Connection[DictRow]) -> bytes:
    """Return what empties all tables of a ledger: those that refer to others first, and at last what triggers write."""
    order = graphlib.TopologicalSorter[str]()
    for row in db.execute(_TABLES_THERE).fetchall():
        order.add(row["to"] or row["table"], *([row["table"]] if row["to"] else []))
    tables = [*order.static_order(), "tally", "deferral"]
    deletes = [f'DELETE FROM "{table}"' for table in tables]  # noqa: S608  # the names are the catalogue's
    return ";".join(["BEGIN", *deletes, _NUMBERED_ANEW, "COMMIT"]).encode()
