"""The ledger itself refuses every arrow that is not drawn, and every change of what was recorded."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from notify.core.status import Status
from tests.contract.ledger.base import Connection, LedgerKind
from tests.unit.ledger.mailing import NOW


def _put(db: Connection, status: str) -> None:
    db.execute(
        "INSERT INTO recipient (id, campaign, key, identity, address, name, language, salutation, origin, fields, "  # noqa: S608  # written in this test
        "round, status, message_id) VALUES (1, 1, 'K1', 'anna@example.com', 'anna@example.com', 'Anna', 'de', '', '', "
        f"'{{}}', 1, '{status}', '<1@alt.example>')",
    )


def _status(db: Connection) -> str:
    (row,) = db.execute("SELECT status FROM recipient").fetchall()
    return str(row["status"])


class Arrows(LedgerKind):
    """The ledger itself refuses what is not drawn, whoever writes to it."""

    @pytest.fixture(scope="class")
    @classmethod
    def folder(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
        """Give one ledger with one campaign to all these tests; no connection of notify's is used in them."""
        folder, kind = tmp_path_factory.mktemp("arrows"), cls()
        with kind.opened(folder) as store:
            kind.mailing(store, folder)
            yield folder

    @pytest.fixture
    def db(self, folder: Path) -> Iterator[Connection]:
        """Give a connection of somebody else's to the ledger, and take back what was done through it."""
        with self.connected(folder) as db:
            db.execute("BEGIN")
            yield db
            db.rollback()

    @pytest.mark.parametrize(("tail", "head"), list(itertools.product(Status, repeat=2)))
    def test_arrow(self, db: Connection, tail: Status, head: Status) -> None:
        """An arrow can be drawn if and only if the core draws it, whoever writes and by whatever statement."""
        _put(db, tail)
        if tail is head or (tail, head) in self.arrows:
            db.execute(f"UPDATE recipient SET status = '{head}'")  # noqa: S608  # written in this test
            assert _status(db) == head
        else:
            db.execute("SAVEPOINT before")
            with pytest.raises(Exception, match="no such transition"):
                db.execute(f"UPDATE recipient SET due = '', status = '{head}'")  # noqa: S608  # written in this test
            db.execute("ROLLBACK TO SAVEPOINT before")
            assert _status(db) == tail

    def test_unknown_status(self, db: Connection) -> None:
        """A status that the core does not know cannot be reached."""
        _put(db, Status.PENDING)
        with pytest.raises(Exception, match="no such transition"):
            db.execute("UPDATE recipient SET status = 'queued'")

    def test_arrows_are_those_of_the_core(self, db: Connection) -> None:
        """The ledger carries the core's arrows, all of them and no other."""
        rows = db.execute("SELECT tail, head FROM arrow").fetchall()
        assert {(row["tail"], row["head"]) for row in rows} == self.arrows

    def test_one_row_for_an_address(self, db: Connection) -> None:
        """An address cannot stand in a campaign twice, whatever a program does."""
        _put(db, Status.SENT)
        with pytest.raises(Exception, match=r"(?i)unique"):
            db.execute(
                "INSERT INTO recipient (id, campaign, key, identity, address, name, language, salutation, origin, "
                "fields, round, status, message_id) SELECT 2, campaign, 'K2', identity, address, name, language, "
                "salutation, origin, fields, round, 'pending', '<2@alt.example>' FROM recipient"
            )

    @pytest.mark.parametrize("column", ["time", "address", "relay", "phase", "reply", "status", "scope", "message_id"])
    def test_attempts_are_never_changed(self, db: Connection, column: str) -> None:
        """What a try came to stays as it was recorded."""
        _put(db, Status.SENT)
        db.execute(
            "INSERT INTO attempt (recipient, time, address, relay, phase, reply, status, scope, message_id) "  # noqa: S608  # written in this test
            f"VALUES (1, '{NOW.isoformat()}', 'anna@example.com', '', 'dot', '250 Ok', 'sent', '', '<1@alt.example>')",
        )
        with pytest.raises(Exception, match="never changed"):
            db.execute(f"UPDATE attempt SET {column} = 'x'")  # noqa: S608  # written in this test
