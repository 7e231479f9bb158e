"""The file itself refuses every arrow that is not drawn, and every change of what was recorded."""

from __future__ import annotations

import contextlib
import itertools
import sqlite3
from collections.abc import Iterator

import pytest

from notify.core.status import ARROWS, Status
from tests.unit.ledger.mailing import NOW, Mailing, mailing


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mailing]:
    """Give one campaign to all tests of this file; no connection of notify's is used in them."""
    with mailing(tmp_path_factory.mktemp("arrows")) as post:
        yield post


@pytest.fixture
def db(post: Mailing) -> Iterator[sqlite3.Connection]:
    """Give a connection of somebody else's to the ledger, and take back what was done through it."""
    with contextlib.closing(sqlite3.connect(post.store.path)) as db:
        db.execute("BEGIN")
        yield db
        db.rollback()


def _put(db: sqlite3.Connection, status: str) -> None:
    db.execute(
        "INSERT INTO recipient (id, campaign, key, identity, address, name, language, salutation, origin, fields, "
        "round, status, message_id) VALUES (1, 1, 'K1', 'anna@example.com', 'anna@example.com', 'Anna', 'de', '', '', "
        "'{}', 1, ?, '<1@alt.example>')",
        (status,),
    )


@pytest.mark.parametrize(("tail", "head"), list(itertools.product(Status, repeat=2)))
def test_arrow(db: sqlite3.Connection, tail: Status, head: Status) -> None:
    """An arrow can be drawn if and only if the core draws it, whoever writes to the file and by whatever statement."""
    _put(db, tail)
    if tail is head or (tail, head) in ARROWS:
        db.execute("UPDATE recipient SET status = ?", (head,))
        assert db.execute("SELECT status FROM recipient").fetchall() == [(head,)]
    else:
        with pytest.raises(sqlite3.IntegrityError, match="no such transition"):
            db.execute("UPDATE recipient SET due = '', status = ?", (head,))
        assert db.execute("SELECT status FROM recipient").fetchall() == [(tail,)]


def test_unknown_status(db: sqlite3.Connection) -> None:
    """A status that the core does not know cannot be reached."""
    _put(db, Status.PENDING)
    with pytest.raises(sqlite3.IntegrityError, match="no such transition"):
        db.execute("UPDATE recipient SET status = 'queued'")


def test_arrows_are_those_of_the_core(db: sqlite3.Connection) -> None:
    """The ledger carries the core's arrows, all of them and no other."""
    assert set(db.execute("SELECT tail, head FROM arrow")) == ARROWS


def test_one_row_for_an_address(db: sqlite3.Connection) -> None:
    """An address cannot stand in a campaign twice, whatever a program does."""
    _put(db, Status.SENT)
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        db.execute(
            "INSERT INTO recipient (id, campaign, key, identity, address, name, language, salutation, origin, fields, "
            "round, status, message_id) SELECT 2, campaign, 'K2', identity, address, name, language, salutation, "
            "origin, fields, round, 'pending', '<2@alt.example>' FROM recipient"
        )


@pytest.mark.parametrize("column", ["time", "address", "relay", "phase", "reply", "status", "scope", "message_id"])
def test_attempts_are_never_changed(db: sqlite3.Connection, column: str) -> None:
    """What a try came to stays as it was recorded."""
    _put(db, Status.SENT)
    db.execute(
        "INSERT INTO attempt (recipient, time, address, relay, phase, reply, status, scope, message_id) "
        "VALUES (1, ?, 'anna@example.com', '', 'dot', '250 Ok', 'sent', '', '<1@alt.example>')",
        (NOW.isoformat(),),
    )
    with pytest.raises(sqlite3.IntegrityError, match="never changed"):
        db.execute(f"UPDATE attempt SET {column} = 'x'")  # noqa: S608  # our own names
