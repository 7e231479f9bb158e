"""An enrolment in PostgreSQL asks for many at once; it comes to what it comes to in SQLite, asked one by one."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from notify.core.status import Status
from notify.errors import InputError
from notify.ledger import Database, Enrolment, Given, Reports, Store, open_store
from notify.ledger.postgres import idle
from notify.ledger.postgres.connection import Session
from notify.ledger.postgres.store import PostgresStore
from notify.ledger.queries import QUERIES
from tests.servers.postgres import Postgres
from tests.unit.ledger.mailing import NOW, Mailing, given

PEOPLE = 250


@pytest.fixture
def store(postgres: Postgres) -> Iterator[PostgresStore]:
    """Give a new ledger in a database of its own."""
    with postgres.database() as server:
        with PostgresStore(Database(server.url, password=lambda: server.password), create=True) as store:
            yield store
        idle.close_all()


def _file(*changes: str) -> list[Given]:
    """Return the rows of a file; the address of whoever is named, by his number, is another one."""
    rows = []
    for number in range(PEOPLE):
        moved = "new." if str(number) in changes else ""
        row = given(f"K{number} {moved}p{number}@example.com Person {number}", f"people.csv:{number + 2}")
        rows.append(dataclasses.replace(row, row_digest=f"{moved}{number}".encode()))
    return rows


def _files() -> Iterator[Sequence[Given]]:
    yield _file()
    # nothing has changed; every third has left; in another order, with some who are new or have moved
    yield _file()
    yield _file()[::3]
    some = _file("7", "200", "201", "249")
    random.Random(1).shuffle(some)
    yield some
    # each has the address of the one before in this line, and one that of somebody who has left
    last = [*_file("7")[:-2], given("K1000 new.p249@example.com Person 1000")]
    line = ["new.p143@example.com", "p143@example.com", "p140@example.com"]
    for number, address in zip((143, 140, 144), line, strict=True):
        last[number] = dataclasses.replace(last[number], address=address, identity=address)
    yield last


def _enrolled(store: Store) -> list[list[Any]]:
    """Return all recipients after each of several enrolments, and what was told of the rows."""
    post, after = Mailing(store), []
    post.enrol("K1 p1@example.com", "K20 p20@example.com")
    post.bring("p1@example.com", Status.SENT)
    for rows in _files():
        told = post.give(*rows)
        found = store.rows_of("SELECT * FROM recipient ORDER BY identity", {})
        # the run keeps room in a file
        left_out = {"id", "run"}
        people = [
            {name: value for name, value in zip(row.keys(), row, strict=True) if name not in left_out} for row in found
        ]
        after.append([people, told, post.withdrawn, post.left_out, post.replaced, post.reports.counts()])
    return after


def test_the_same_as_in_sqlite(store: PostgresStore, tmp_path: Path) -> None:
    """Whatever has changed in the files, and in whatever order they are, the same becomes of everybody."""
    with open_store(tmp_path / "ledger.db", create=True) as other:
        expected = _enrolled(other)
    for one, expected_one in zip(_enrolled(store), expected, strict=True):
        assert one[1:] == expected_one[1:]
        for person, other_person in zip(one[0], expected_one[0], strict=True):
            # it is keyed with the secret of the ledger
            assert person | {"message_id": ""} == other_person | {"message_id": ""}


def test_asked_for_many_at_once(store: PostgresStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever was enrolled before, in the same order, costs no way there and back of his own."""
    post = Mailing(store)
    post.give(*_file())
    asked: list[str] = []
    execute = Session.execute

    def counted(session: Session, statement: str, values: Any = ()) -> object:  # noqa: ANN401  # handed on
        asked.append(statement)
        return execute(session, statement, values)

    monkeypatch.setattr(Session, "execute", counted)
    post.give(*_file())
    assert len(asked) < 60
    asked.clear()
    with Enrolment.of(store, post.record, NOW) as enrolment:
        assert [enrolment.made_from(row.row_digest or b"") for row in _file()] == _file()
        assert enrolment.made_from(b"unknown") is None
    assert len(asked) < 60


def test_read_in_another_way(store: PostgresStore) -> None:
    """What is read beside the enrolment has what it has noted; of one that fails nothing is written later."""
    post = Mailing(store)
    post.enrol("K1 p1@example.com", "K2 p2@example.com")

    def fail() -> None:
        with Enrolment.of(store, post.record, NOW) as enrolment:
            row = enrolment._db.execute("SELECT * FROM recipient ORDER BY id").fetchone()  # noqa: SLF001
            values = dict(row) | {"round": enrolment.round}
            enrolment._db.execute(QUERIES["seen"], values)  # noqa: SLF001
            assert sum(Reports(store, post.record).counts_in_the_files().values()) == 1
            enrolment._db.execute(QUERIES["seen"], values)  # noqa: SLF001
            # the order of the two is kept
            enrolment._db.execute(QUERIES["refresh"], values | {"origin": "people.csv:9"})  # noqa: SLF001
            assert [one.origin for one in Reports(store, post.record).known()][:1] == ["people.csv:9"]
            enrolment._db.execute(QUERIES["seen"], values)  # noqa: SLF001
            raise InputError("no")

    with pytest.raises(InputError):
        fail()
    assert sum(post.reports.counts_in_the_files().values()) == 2


def test_many_are_read_some_at_a_time(store: PostgresStore) -> None:
    """Whoever is missing is told of while others are written; whatever is read no further is closed, as it fails."""
    post = Mailing(store)
    post.with_codes = True
    post.give(*(given(f"K{number} p{number}@example.com") for number in range(1100)))
    assert [tuple(row) for row in store.rows_of("SELECT count(*) FROM code", {})] == [(1100,)]

    def fail() -> None:
        with Enrolment.of(store, post.record, NOW) as enrolment:
            missing = enrolment.missing()
            assert next(missing) == ("p0@example.com", "people.csv:2")
            enrolment.reject("people.csv:9", "no address")
            assert len(list(missing)) == 1099
            assert next(enrolment.missing())
            raise InputError("no")

    with pytest.raises(InputError):
        fail()
    assert post.reports.rejected() == 0
