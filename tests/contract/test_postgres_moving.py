"""A ledger is moved from a file into a database and back: the same in both, and only one of them may be used."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.rows import dict_row

from notify.core.status import Status
from notify.errors import BusyError, WriteError
from notify.ledger import Database, Place, Suppressions, copy_ledger, move, open_store, taking_part
from notify.ledger.moving import Copied, Side
from notify.ledger.postgres.side import PostgresSide
from notify.ledger.tables import TABLES
from tests.servers.postgres import Postgres
from tests.unit.ledger.mailing import NOW, Mailing, mailing, read

Contents = dict[str, list[tuple[Any, ...]]]


@pytest.fixture
def database(postgres: Postgres) -> Iterator[Database]:
    """Give a database in which nothing is."""
    with postgres.database() as made:
        yield Database(made.url, password=lambda: made.password)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """Give a file in which something stands in every table."""
    with mailing(tmp_path) as post:
        post.with_codes = True
        post.enrol(*(f"K{number} person{number}@example.com Ünïcøde {number}" for number in range(40)))
        for number, status in enumerate((Status.SENT, Status.DEFERRED, Status.FAILED, Status.IN_DOUBT)):
            post.bring(f"person{number}@example.com", status)
        Suppressions(post.store).add("person9@example.com", 'asked "us"\tto\\N\n', NOW)
        post.enrol(*(f"K{number} person{number}@example.com Ünïcøde {number}" for number in range(30)))
        with post.store.transaction() as db:
            db.execute("INSERT INTO rejection VALUES (1, 'people.csv:3', ''), (1, 'people.csv:2', 'no address')")
            db.execute("INSERT INTO rejection VALUES (1, 'people.csv:2', 'no address')")
            db.execute(
                "INSERT INTO call (time, said, recipient, is_sent) VALUES ('2026', 'x', NULL, 0), ('2027', 'y', 3, 1)"
            )
            db.execute("INSERT INTO enrolment VALUES (1, x'00ff', '{}')")
            db.execute("INSERT INTO approval VALUES (7, 1, '2026', 'Anna', 'anna', 1, '{}', 3, x'0102', x'')")
            db.execute(
                "INSERT INTO probe (time, address, identity, sender, relay, message_id, code, fate)"
                " VALUES ('2026', 'a@example.com', 'a@example.com', 's', 'r', '<1@x>', x'00', 'waiting')"
            )
    return tmp_path / "ledger.db"


def _told(_: Copied) -> None:
    """Say nothing."""


def _move(source: Place, target: Place) -> bool:
    """Move a ledger; return whether anything was copied."""
    with taking_part(source) as first, taking_part(target) as second:
        return bool(move(first, second, NOW, _told).tables)


def _in_file(path: Path) -> Contents:
    ordered = {table.name: f"SELECT * FROM {table.name} ORDER BY {', '.join(table.key)}" for table in TABLES}  # noqa: S608  # our names
    return {name: [tuple(row.values()) for row in read(path, query)] for name, query in ordered.items()}


def _rows(database: Database, query: str) -> list[dict[str, Any]]:
    options = "-c search_path=notify"
    connection = psycopg.connect(database.url, password=database.password(), options=options, row_factory=dict_row)
    with contextlib.closing(connection) as db:
        return db.execute(query.encode()).fetchall()


def _asked(database: Database, *statements: str) -> list[tuple[Any, ...]]:
    with contextlib.closing(psycopg.connect(database.url, password=database.password(), autocommit=True)) as db:
        db.execute("SET search_path TO notify")
        for statement in statements:
            cursor = db.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def test_there_and_back(ledger: Path, database: Database, tmp_path: Path) -> None:
    """Everything is the same after a way into a database, and back into another file."""
    before = _in_file(ledger)
    assert all(before.values())
    assert _move(ledger, database)
    assert _tally(database) == _counted(database)
    assert _move(database, tmp_path / "other.db")
    assert _in_file(tmp_path / "other.db") == before


def test_its_numbers_go_on(ledger: Path, database: Database) -> None:
    """Whoever is enrolled afterwards, and what is tried, has the next number; what is never changed is not."""
    before = _in_file(ledger)
    _move(ledger, database)
    with open_store(database) as store:
        post = Mailing(store, look=lambda query: _rows(database, query))
        post.enrol("K99 late@example.com Late")
        post.bring("late@example.com", Status.SENT)
    assert _asked(database, "SELECT max(id), (SELECT max(id) FROM attempt) FROM recipient") == [
        (len(before["recipient"]) + 1, len(before["attempt"]) + 1)
    ]
    for change in ("UPDATE attempt SET reply = ''", "UPDATE recipient SET status = 'pending' WHERE status = 'sent'"):
        with pytest.raises(psycopg.errors.CheckViolation):
            _asked(database, change)


def test_only_one_of_them_may_be_used(ledger: Path, database: Database) -> None:
    """What was moved refuses everybody, whoever has it open already too; moved back, the other one does."""
    before = _in_file(ledger)
    with open_store(ledger) as page:
        assert _move(ledger, database)
        with pytest.raises(WriteError, match="this ledger was moved meanwhile"):
            Suppressions(page).add("late@example.com", "", NOW)
    with pytest.raises(WriteError, match="was moved to postgresql://") as said:
        open_store(ledger)
    assert f'url = "{database.url}"' in said.value.hint
    with open_store(database) as worker:
        assert _move(database, ledger)
        with pytest.raises(WriteError, match="this ledger was moved meanwhile"):
            Suppressions(worker).add("late@example.com", "", NOW)
    with pytest.raises(WriteError, match=f"was moved to {ledger} on 2026-12-01, and nothing is sent from here"):
        open_store(database)
    assert _in_file(ledger) == before
    assert _move(ledger, database)
    with open_store(database) as store:
        assert Suppressions(store).add("late@example.com", "", NOW)


def test_a_rehearsal_works_on_a_copy(ledger: Path, database: Database, tmp_path: Path) -> None:
    """A copy of a database is a ledger in a file, and the database is as it was, also beside a run."""
    before = _in_file(ledger)
    _move(ledger, database)
    with taking_part(database):
        copy_ledger(database, tmp_path / "copy.db")
    assert _in_file(tmp_path / "copy.db") == before
    with open_store(tmp_path / "copy.db") as store:
        store.check()
    assert _can_be_opened(database)


def test_not_beside_a_run(ledger: Path, database: Database) -> None:
    """While a run holds one of the two, nothing is moved."""
    with open_store(database, create=True):
        """Make it."""
    with taking_part(database):
        with pytest.raises(BusyError, match="another run is sending from this ledger"), taking_part(database):
            """Never reached."""
        with pytest.raises(BusyError):
            _move(ledger, database)
    with taking_part(ledger), pytest.raises(BusyError):
        _move(ledger, database)
    assert _move(ledger, database)


def test_another_ledger_is_left_alone(ledger: Path, database: Database) -> None:
    """Where another ledger is, nothing is moved to; where one was made and nothing recorded, it is."""
    with open_store(database, create=True) as store:
        Suppressions(store).add("anna@example.com", "", NOW)
    with pytest.raises(WriteError, match="there is another ledger already"):
        _move(ledger, database)
    with open_store(database) as store:
        assert Suppressions(store).remove("anna@example.com")
    assert _move(ledger, database)


@pytest.mark.parametrize("point", ["empty", "fill", "finish", "leave", "arrive"])
@pytest.mark.parametrize("back", [False, True])
def test_stopped_anywhere(
    ledger: Path, database: Database, monkeypatch: pytest.MonkeyPatch, point: str, back: bool
) -> None:
    """Stopped at any moment, one of the two is the ledger, or none; never both; and the next try ends the move."""
    from notify.ledger.file_side import FileSide

    before = _in_file(ledger)
    source, target = (database, ledger) if back else (ledger, database)
    if back:
        _move(ledger, database)
    kinds: dict[str, type[Side]] = (
        {"source": PostgresSide, "target": FileSide} if back else {"source": FileSide, "target": PostgresSide}
    )
    kind = kinds["source" if point == "leave" else "target"]
    real: Callable[..., None] = getattr(kind, point)

    def stopped(self: Side, *values: object) -> None:
        if point != "arrive":
            real(self, *values)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(kind, point, stopped)
        with pytest.raises(KeyboardInterrupt):
            _move(source, target)
    usable = [place for place in (source, target) if _can_be_opened(place)]
    assert usable == ([] if point == "arrive" else [source])
    _move(source, target)
    assert [place for place in (source, target) if _can_be_opened(place)] == [target]
    if back:
        assert _in_file(ledger) == before
    else:
        assert _tally(database) == _counted(database)


def test_a_difference_is_found(ledger: Path, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sign of one row that is not the same, and nothing was moved."""
    real = PostgresSide.finish

    def spoil(self: PostgresSide) -> None:
        real(self)
        self._db.execute(sql.SQL("UPDATE recipient SET fields = replace(fields, '17', '71') WHERE id = 18"))

    monkeypatch.setattr(PostgresSide, "finish", spoil)
    with pytest.raises(WriteError, match=r"recipient is not what .* holds: 40 rows instead of 40, or others"):
        _move(ledger, database)
    assert [place for place in (ledger, database) if _can_be_opened(place)] == [ledger]


def test_what_a_database_cannot_keep(ledger: Path, database: Database) -> None:
    """A text with an octet of zero is said, and nothing was moved."""
    with open_store(ledger) as store:
        Suppressions(store).add("nul@example.com", "a\0b", NOW)
    with pytest.raises(WriteError, match="suppression of this ledger a text has an octet of zero"):
        _move(ledger, database)
    assert _can_be_opened(ledger)


def _can_be_opened(place: Place) -> bool:
    try:
        with open_store(place):
            return True
    except WriteError:
        return False


def _tally(database: Database) -> list[tuple[Any, ...]]:
    return _asked(
        database,
        "SELECT campaign, round, selected, opted_out, begun, status, sum(count)::int FROM tally"
        " GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(count) <> 0 ORDER BY 1, 2, 3, 4, 5, 6",
    )


def _counted(database: Database) -> list[tuple[Any, ...]]:
    return _asked(
        database,
        "SELECT campaign, round, selected, opted_out <> '', digest IS NOT NULL, status, count(*)::int FROM recipient"
        " GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6",
    )
