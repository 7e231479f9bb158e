"""A ledger file as one side of a move, and as a copy that a ledger in a database is read into."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

from notify.core.shipped import shipped
from notify.ledger.file import (
    check_is_ours,
    connect,
    draw_arrows,
    in_words,
    make,
    read_mark,
    version_of,
    write_mark,
)
from notify.ledger.marks import MARKED, MOVED, Mark, Stage, marks
from notify.ledger.tables import TABLES, Row, Table

#: How many rows are written in one transaction, so that the -wal stays small.
_BATCH = 5_000
#: What the names of the triggers begin with that hold up whoever has open what was moved.
_FROZEN = "moved_"


class FileSide:
    """A ledger file, there or not, that may be marked. Use it in a ``with``; whoever moves has its lock."""

    def __init__(self, path: Path, *, is_draft: bool = False) -> None:
        """Open the file if there is one.

        :param is_draft: it is thrown away when it is not finished, and need not outlast a power loss.
        :raises WriteError: it is no ledger, or of a version that this notify does not know.
        """
        self.path = path.absolute()
        self._is_draft = is_draft
        self._opened: sqlite3.Connection | None = None
        if path.exists():
            check_is_ours(path, is_moved=True)
            self._open()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._opened is not None:
            self._opened.close()

    @property
    def label(self) -> str:
        """The path."""
        return str(self.path)

    @property
    def _db(self) -> sqlite3.Connection:
        assert self._opened is not None  # noqa: S101  # nobody asks for what is in a ledger that is not there
        return self._opened

    def _open(self) -> None:
        with in_words(self.path):
            self._opened = connect(self.path, is_moved=True)
            self._opened.row_factory = None

    def mark(self) -> Mark | None:
        """Return its mark."""
        if self._opened is None:
            return None
        with in_words(self.path):
            return read_mark(self._opened)

    def is_there(self) -> bool:
        """Tell whether there is a ledger."""
        return self._opened is not None

    def is_empty(self) -> bool:
        """Tell whether nothing at all is kept in it."""
        if self._opened is None:
            return True
        with in_words(self.path):
            asked = (f"SELECT 1 FROM {table.name} LIMIT 1" for table in TABLES)  # noqa: S608  # our names
            return not any(self._db.execute(question).fetchone() for question in asked)

    def columns(self, table: Table) -> Sequence[str]:
        """Return the columns of a table."""
        with in_words(self.path):
            return [name for _, name, *_ in self._db.execute(f"PRAGMA table_info({table.name})")]

    def rows(self, table: Table, columns: Sequence[str]) -> Iterator[Row]:
        """Yield all rows of a table in the order of its key."""
        wanted = f"SELECT {', '.join(columns)} FROM {table.name} ORDER BY {', '.join(table.key)}"  # noqa: S608  # our names
        with in_words(self.path):
            yield from self._db.execute(wanted)

    @contextlib.contextmanager
    def still(self) -> Iterator[None]:
        """Let nobody else write to the file inside this ``with``."""
        with in_words(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    self._db.execute("ROLLBACK")
                raise
            self._fold()

    def leave(self, mark: Mark) -> None:
        """Mark it as moved. Whoever has it open already is held up by triggers."""
        with in_words(self.path):
            for table in TABLES:
                for verb in ("INSERT", "UPDATE", "DELETE"):
                    self._db.execute(
                        f"CREATE TRIGGER {_FROZEN}{table.name}_{verb} BEFORE {verb} ON {table.name} "
                        f"BEGIN SELECT RAISE(ABORT, '{MOVED}'); END"
                    )
            write_mark(self._db, mark)

    def empty(self, mark: Mark) -> None:
        """Mark it as arriving, and leave only its empty tables; what finds rows in them is made at the end."""
        if self._opened is None:
            make(self.path, mark)
            self._open()
        with in_words(self.path):
            self._db.execute("PRAGMA foreign_keys = OFF")
            self._db.execute("BEGIN IMMEDIATE")
            for kind in ("trigger", "index", "table"):
                for name, statement in self._made(kind):
                    if statement and name != "move":
                        self._db.execute(f"DROP {kind} {name}")
            for statement in _schema("table"):
                self._db.execute(statement)
            write_mark(self._db, mark)
            self._db.execute("COMMIT")
            self._fold()
            if self._is_draft:
                self._db.execute("PRAGMA journal_mode = OFF")
            # what was not on the disk when the power went is not missed: it says that it is not whole
            self._db.execute("PRAGMA synchronous = OFF" if self._is_draft else "PRAGMA synchronous = NORMAL")

    def _made(self, kind: str) -> list[tuple[str, str | None]]:
        wanted = "SELECT name, sql FROM sqlite_master WHERE type = ?"
        return self._db.execute(wanted, (kind,)).fetchall()

    def fill(self, table: Table, columns: Sequence[str], rows: Iterable[Row]) -> None:
        """Put rows into a table, some at a time."""
        places = ", ".join("?" * len(columns))
        put = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608  # our names
        source = iter(rows)
        while batch := [*islice(source, _BATCH)]:
            with in_words(self.path):
                self._db.execute("BEGIN")
                self._db.executemany(put, batch)
                self._db.execute("COMMIT")

    def finish(self) -> None:
        """Make indexes and triggers, and bring everything to the disk."""
        with in_words(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            for kind in ("index", "trigger"):
                for statement in _schema(kind):
                    self._db.execute(statement)
            draw_arrows(self._db)
            self._db.execute("COMMIT")
            if not self._is_draft:
                self._db.execute("PRAGMA synchronous = FULL")
                self._fold()

    def arrive(self, mark: Mark) -> None:
        """Mark it as whole."""
        with in_words(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            write_mark(self._db, mark)
            self._db.execute("COMMIT")
            self._fold()

    def take_back(self) -> None:
        """Let it be the ledger again, if it was moved: by the user's word, where the other one is lost for good."""
        if (mark := self.mark()) is None or mark.stage is not Stage.MOVED:
            return
        with in_words(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            for name, _ in self._made("trigger"):
                if name.startswith(_FROZEN):
                    self._db.execute(f"DROP TRIGGER {name}")
            self._db.execute(marks()["forget"])
            self._db.execute(f"PRAGMA user_version = {version_of(self._db) % MARKED}")
            self._db.execute("COMMIT")
            self._fold()

    def _fold(self) -> None:
        """Bring what stands in the -wal into the file itself, whose header tells what it is."""
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _schema(kind: str) -> list[str]:
    """Return the statements that make the tables, the indexes or the triggers of a ledger."""
    schema = shipped(__package__, "schema.sql")
    with contextlib.closing(sqlite3.connect(":memory:")) as db:
        db.executescript(schema)
        wanted = "SELECT sql FROM sqlite_master WHERE type = ? AND sql IS NOT NULL ORDER BY rowid"
        return [statement for (statement,) in db.execute(wanted, (kind,))]
