"""A ledger is moved: whole or not at all, and never is there a second one that may be sent from."""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from notify.core.status import Status
from notify.errors import WriteError
from notify.ledger import Suppressions, copy_ledger, hold, open_store
from notify.ledger.file_side import FileSide
from notify.ledger.moving import Copied, move
from notify.ledger.tables import TABLES, contents_of
from tests.unit.ledger.earlier import make_earlier
from tests.unit.ledger.mailing import NOW, mailing, read

ROWS = [f"K{number} person{number}@example.com Ünïcøde {number}" for number in range(40)]


def _told(_: Copied) -> None:
    """Say nothing."""


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """Give a ledger in which something stands in most tables."""
    with mailing(tmp_path) as post:
        post.with_codes = True
        post.enrol(*ROWS)
        for number, status in enumerate((Status.SENT, Status.DEFERRED, Status.FAILED, Status.IN_DOUBT)):
            post.bring(f"person{number}@example.com", status)
        Suppressions(post.store).add("person9@example.com", "asked us to", NOW)
        with post.store.transaction() as db:
            db.execute(
                "INSERT INTO rejection VALUES (1, 'people.csv:3', 'no address'), (1, 'people.csv:2', 'no address')"
            )
            db.execute("INSERT INTO call (time, said, recipient, is_sent) VALUES ('2026', 'x \"y\"', NULL, 0)")
    return tmp_path / "ledger.db"


@contextlib.contextmanager
def _sides(source: Path, target: Path) -> Iterator[tuple[FileSide, FileSide]]:
    with FileSide(source) as first, FileSide(target) as second:
        yield first, second


def _move(source: Path, target: Path) -> bool:
    """Move a ledger; return whether anything was copied."""
    with _sides(source, target) as sides:
        return bool(move(*sides, NOW, _told).tables)


def _contents(path: Path) -> dict[str, list[dict[str, Any]]]:
    return {table.name: read(path, f"SELECT * FROM {table.name} ORDER BY {', '.join(table.key)}") for table in TABLES}  # noqa: S608


def _schema(path: Path) -> dict[str, str]:
    rows = read(path, "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> 'move'")
    return {row["name"]: row["sql"] for row in rows}


def test_every_table_is_moved(ledger: Path) -> None:
    """Every table of the ledger is moved, but for the two that are not its truth, behind those to which it refers."""
    with contextlib.closing(sqlite3.connect(ledger)) as db:
        made = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        names = [table.name for table in TABLES]
        assert sorted(made) == sorted([*names, "holder", "arrow"])
        for place, name in enumerate(names):
            referred = {row[2] for row in db.execute(f"PRAGMA foreign_key_list({name})")}
            assert referred <= {*names[:place]}


def test_moved(ledger: Path, tmp_path: Path) -> None:
    """All of it is there, with the same numbers, in a ledger like any other; what is told is what both hold."""
    target, before = tmp_path / "other" / "ledger.db", _contents(ledger)
    told: list[Copied] = []
    with _sides(ledger, target) as sides:
        assert move(*sides, NOW, told.append).tables == tuple(told)
    assert _contents(target) == before == _contents(ledger)
    assert {one.table: one.contents.rows for one in told} == {table: len(rows) for table, rows in before.items()}
    with open_store(tmp_path / "new.db", create=True):
        assert _schema(target) == _schema(tmp_path / "new.db")
    with open_store(target) as store:
        store.check()
        assert list(store.rows_of("PRAGMA foreign_key_check", {})) == []
        with store.transaction() as db, pytest.raises(sqlite3.IntegrityError, match="no such transition"):
            db.execute("UPDATE recipient SET status = 'pending' WHERE status = 'sent'")


def test_the_source_refuses_everything(ledger: Path, tmp_path: Path) -> None:
    """Nobody opens what was moved, not even to look; the sentence says where it is, and how to use that."""
    target = tmp_path / "other" / "ledger.db"
    with open_store(ledger) as page:
        _move(ledger, target)
        # whoever has it open already changes nothing
        with pytest.raises(WriteError, match="this ledger was moved meanwhile"):
            Suppressions(page).add("late@example.com", "", NOW)
    for use in (
        lambda: hold(ledger, NOW).__enter__(),
        lambda: open_store(ledger),
        lambda: copy_ledger(ledger, tmp_path / "c"),
    ):
        with pytest.raises(
            WriteError, match=f"was moved to {target} on 2026-12-01, and nothing is sent from here"
        ) as said:
            use()
        assert "Take [ledger] out of notify.toml" in said.value.hint
    # and an older notify takes it for one of a version that it does not know
    assert int.from_bytes(ledger.read_bytes()[60:64]) > 1000


def test_moved_back(ledger: Path, tmp_path: Path) -> None:
    """It goes back to where it came from, with what was done meanwhile; then that is the ledger, not the other."""
    other = tmp_path / "other.db"
    _move(ledger, other)
    with open_store(other) as store:
        Suppressions(store).add("late@example.com", "", NOW)
    assert _move(other, ledger)
    with open_store(ledger) as store:
        assert "late@example.com" in {entry.identity for entry in Suppressions(store).all()}
    with pytest.raises(WriteError, match=f"was moved to {ledger}"):
        open_store(other)
    assert _move(ledger, other)
    assert not _move(ledger, other)


def test_another_ledger_is_left_alone(ledger: Path, tmp_path: Path) -> None:
    """Where another ledger is, nothing is moved to, however that one stands; an empty one is no other ledger."""
    other, third = tmp_path / "other.db", tmp_path / "third.db"
    with open_store(other, create=True) as store:
        Suppressions(store).add("anna@example.com", "", NOW)
    before = other.read_bytes()
    with pytest.raises(WriteError, match=r"other\.db: there is another ledger already"):
        _move(ledger, other)
    assert other.read_bytes() == before
    with open_store(third, create=True):
        pass
    _move(other, third)
    with pytest.raises(WriteError, match="there is another ledger, which was moved to"):
        _move(ledger, other)
    with pytest.raises(WriteError, match=r"was moved to .*third"):
        _move(other, tmp_path / "fourth.db")
    with open_store(ledger):
        """It is a ledger as before."""


class _KilledError(Exception):
    """Stands for a kill, at a point where nothing of it can be told from one."""


def _stop_at(monkeypatch: pytest.MonkeyPatch, name: str, *, after: bool = False) -> None:
    real = getattr(FileSide, name)

    def stopped(self: FileSide, *values: object) -> None:
        if after:
            real(self, *values)
        raise _KilledError

    monkeypatch.setattr(FileSide, name, stopped)


@pytest.mark.parametrize("point", ["empty", "fill", "finish", "leave"])
def test_stopped_before_it_left(ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, point: str) -> None:
    """Stopped before all is compared, the source is the ledger as before, the target is none, and it is begun anew."""
    target, before = tmp_path / "other.db", _contents(ledger)
    with monkeypatch.context() as patched:
        _stop_at(patched, point, after=True)
        with pytest.raises(_KilledError):
            _move(ledger, target)
    with open_store(ledger) as store:
        Suppressions(store).add("late@example.com", "", NOW)
    with pytest.raises(WriteError, match=r"is being moved here from .*, and is not whole yet"):
        open_store(target)
    with pytest.raises(WriteError, match=r"was to be moved here from .*, and that was not finished"):
        _move(target, tmp_path / "third.db")
    with (
        open_store(tmp_path / "fourth.db", create=True),
        pytest.raises(WriteError, match="there is another ledger, which is"),
    ):
        _move(tmp_path / "fourth.db", target)
    assert _move(ledger, target)
    assert len(_contents(target)["suppression"]) == len(before["suppression"]) + 1


def test_stopped_before_it_arrived(ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped between the two marks, neither is a ledger until the move is taken up; then nothing is copied again."""
    target = tmp_path / "other.db"
    with monkeypatch.context() as patched:
        _stop_at(patched, "arrive")
        with pytest.raises(_KilledError):
            _move(ledger, target)
    for path in (ledger, target):
        with pytest.raises(WriteError):
            open_store(path)
    assert not _move(ledger, target)
    with open_store(target) as store:
        store.check()


def test_a_difference_is_found(ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One octet of one row that is not the same, and nothing was moved."""
    real = FileSide.finish

    def spoil(self: FileSide) -> None:
        self._db.execute("UPDATE recipient SET fields = replace(fields, '6', '7') WHERE id = 7")
        real(self)

    monkeypatch.setattr(FileSide, "finish", spoil)
    with pytest.raises(WriteError, match=r"recipient is not what .* holds: 40 rows instead of 40, or others"):
        _move(ledger, tmp_path / "other.db")
    with open_store(ledger):
        """It is a ledger as before."""


def test_nobody_writes_meanwhile(ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While it is copied, another process changes nothing in the source."""
    real, seen = FileSide.finish, []

    def look(self: FileSide) -> None:
        with contextlib.closing(sqlite3.connect(ledger, timeout=0)) as db:
            try:
                db.execute("DELETE FROM suppression")
            except sqlite3.OperationalError as error:
                seen.append(str(error))
        real(self)

    monkeypatch.setattr(FileSide, "finish", look)
    _move(ledger, tmp_path / "other.db")
    assert seen == ["database is locked"]


def test_the_header_may_be_behind(ledger: Path, tmp_path: Path) -> None:
    """A ledger whose arrival stands only in its -wal is one; and one whose leaving stands there is none."""
    other = tmp_path / "other.db"
    _move(ledger, other)
    with contextlib.closing(sqlite3.connect(other)) as db:
        db.execute("PRAGMA user_version = 1006")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute("PRAGMA user_version = 6")
        db.commit()
        with open_store(other) as store:
            store.check()


def test_the_digest_is_of_every_value() -> None:
    """Texts, numbers, octets and nothing are told apart, and two rows from one; the form is the documented one."""
    rows: list[tuple[object, ...]] = [(1, "1", b"1", None), (2, "ü\n", b"\x00", "")]
    assert contents_of(rows).rows == 2
    others: list[list[tuple[object, ...]]] = [
        [rows[0]],
        [rows[1], rows[0]],
        [("1", "1", b"1", None), rows[1]],
        [(1, "1", "1", None), rows[1]],
        [(1, "1", b"1", ""), rows[1]],
        [(1, "1", b"1"), (None, *rows[1])],
    ]
    assert len({contents_of(one).digest for one in [rows, *others]}) == 1 + len(others)
    text = '[1,"1",{"octets":"31"},null]\n[2,"ü\\n",{"octets":"00"},""]\n'
    assert contents_of(rows).digest == hashlib.sha256(text.encode()).hexdigest()


def test_an_earlier_ledger_that_was_moved(tmp_path: Path) -> None:
    """A place that was filled by an earlier notify is made anew when the ledger comes back."""
    source = make_earlier(tmp_path / "ledger.db", 5)
    with open_store(source):
        """Bring it up to date."""
    other = tmp_path / "other.db"
    _move(source, other)
    with contextlib.closing(sqlite3.connect(source)) as db:
        db.execute("DROP TABLE probe")
        db.execute("PRAGMA user_version = 1005")
        db.commit()
    _move(other, source)
    with open_store(source) as store:
        store.check()
        assert not list(store.rows_of("SELECT * FROM probe", {}))


def test_taken_back_by_the_users_word(ledger: Path, tmp_path: Path) -> None:
    """Where the other ledger is lost for good, the old one goes on if its user says so, and only then."""
    before = _contents(ledger)
    _move(ledger, tmp_path / "other.db")
    with pytest.raises(WriteError, match="was moved to"), hold(ledger, NOW):
        """Never reached."""
    with hold(ledger, NOW, trust=True) as store:
        store.check()
        assert Suppressions(store).add("late@example.com", "", NOW)
    after = _contents(ledger)
    assert after.pop("suppression") != before.pop("suppression")
    assert after == before
    with open_store(tmp_path / "new.db", create=True):
        assert _schema(ledger) == _schema(tmp_path / "new.db")
