"""The ledger in a file of SQLite: opened, alone or as the run that holds it, read, and committed to."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from notify.errors import NotifyError
from notify.ledger.file import (
    SCHEMA_VERSION,
    check_is_ours,
    check_is_whole,
    connect,
    in_words,
    make,
    version_of,
    worded,
)
from notify.ledger.lock import locked
from notify.ledger.migration import migrate
from notify.ledger.queries import QUERIES
from notify.ledger.store import Store

if TYPE_CHECKING:
    from notify.ledger.connection import Connection, Row

_EARLIER = "an earlier notify has made this ledger, which cannot be brought up to date while another run uses it"

#: How many rows are read at a time.
_PAGE = 500

#: Those that were made by a statement of ours.
_INDEXES = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'recipient' AND sql IS NOT NULL"


class SqliteStore(Store):
    """An open ledger file. Made readable for its owner only; close it, or use it in a ``with``.

    One connection serves all threads, one at a time.
    """

    def __init__(self, path: Path, *, create: bool = False, is_locked: bool = False, is_copy: bool = False) -> None:
        """Open the ledger; one of an earlier version is brought up to date first, under the lock.

        :param create: make it when there is none. Without it a missing ledger is a :class:`FileNotFoundError`.
        :param is_locked: the caller holds the lock of the ledger.
        :param is_copy: it is thrown away later; nothing is kept beside it when it is brought up to date.
        :raises WriteError: when it is not a ledger, newer than this notify, damaged, or cannot be written.
        :raises BusyError: it is of an earlier version, and a run holds it.
        """
        self.place: Path = path
        self.label = str(path)
        self._turn = threading.RLock()
        self._broken: NotifyError | None = None
        if not path.exists():
            if not create:
                raise FileNotFoundError(path)
            make(path)
        check_is_ours(path)
        with in_words(path):
            self._db = connect(path)
            try:
                self._bring_up_to_date(is_locked=is_locked, is_copy=is_copy)
            except BaseException:
                self._db.close()
                raise

    def close(self) -> None:
        """Close the file; what was committed is folded back into it."""
        with self._turn:
            self._db.close()

    def _bring_up_to_date(self, *, is_locked: bool, is_copy: bool) -> None:
        if is_locked or is_copy:
            migrate(self._db, self.place, keep=not is_copy)
        elif version_of(self._db) < SCHEMA_VERSION:
            with locked(self.place, _EARLIER, hint="Wait until it ends, then run this again."):
                migrate(self._db, self.place)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Run what is inside as one durable transaction, or not at all."""
        with self._turn:
            if self._broken:
                raise self._broken
            with in_words(self.place):
                self._db.execute("BEGIN IMMEDIATE")
                try:
                    yield self._db
                    self._db.execute("COMMIT")
                except BaseException as error:
                    if isinstance(error, sqlite3.Error):
                        self._broken = worded(error, self.place)
                    with contextlib.suppress(sqlite3.Error):
                        self._db.execute("ROLLBACK")
                    raise

    @contextlib.contextmanager
    def erasing(self) -> Iterator[Connection]:
        """Run what is inside as one durable transaction; what it removes is written over."""
        with self._turn, in_words(self.place):
            self._db.execute("PRAGMA secure_delete = ON")
            with self.transaction() as db:
                yield db
            # while somebody reads, it stays in the -wal until the last one has closed the file
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextlib.contextmanager
    def filling(self) -> Iterator[None]:
        """Let an empty ledger be filled inside this ``with``; the indexes are made at its end, in the order of each.

        Digests come in no order, nor do most addresses. So an index that grows with each row is read and written all
        over as soon as it is larger than the cache.
        """
        (newest,) = self._db.execute(QUERIES["newest"]).fetchone()
        indexes = [] if newest else self._db.execute(_INDEXES).fetchall()
        for name, _ in indexes:
            self._db.execute(f"DROP INDEX {name}")
        yield
        for _, statement in indexes:
            self._db.execute(statement)

    def rows_of(self, statement: str, values: Mapping[str, object]) -> Iterator[Row]:
        """Yield the rows of a statement, as :meth:`rows` does."""
        with self._turn, in_words(self.place):
            cursor = self._db.execute(statement, values)
            page = cursor.fetchmany(_PAGE)
        while page:
            yield from page
            with self._turn, in_words(self.place):
                page = cursor.fetchmany(_PAGE)

    def row(self, query: str, **values: object) -> Row | None:
        """Return the first row of a named query."""
        with self._turn, in_words(self.place):
            found: Row | None = self._db.execute(QUERIES[query], values).fetchone()
            return found

    def check(self) -> None:
        """Look through the whole file.

        :raises WriteError: it is damaged.
        """
        with self._turn, in_words(self.place):
            check_is_whole(self._db, self.place)
