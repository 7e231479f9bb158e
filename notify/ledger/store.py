"""Opens a ledger file, refuses what is not one, and commits.

WAL with ``synchronous=FULL``: with NORMAL a committed transaction might roll back after a power loss (sqlite.org,
"PRAGMA synchronous"). After a failed commit the store stops for good: having lost an fsync, Linux may have dropped the
pages, and a second try would only seem to succeed.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import re
import sqlite3
import sys
import tempfile
import threading
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from types import TracebackType
from typing import Self

from notify.core.status import ARROWS
from notify.errors import LockedError, NotifyError, WriteError

#: "ntfy", marks our files among SQLite's (PRAGMA application_id).
APPLICATION_ID = 0x6E746679
#: Raised with every change of schema.sql.
SCHEMA_VERSION = 1

#: How long a statement waits for another process that writes: a first enrolment of a million takes minutes.
_BUSY_MS = 30_000

#: How many rows are read at a time.
_PAGE = 500


def read_queries(filename: str) -> dict[str, str]:
    """Read a file of statements: each by the name in the ``-- name:`` line above it."""
    text = resources.files(__package__).joinpath(filename).read_text("utf-8")
    return {found[1]: found[2].strip() for found in re.finditer(r"(?ms)^-- name: (\w+)$(.*?)(?=^-- name: |\Z)", text)}


#: Every statement of queries.sql, by name.
QUERIES = read_queries("queries.sql")


def as_text(moment: dt.datetime) -> str:
    """Return a moment as the ledger keeps it: UTC, with microseconds, so that it sorts as text."""
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")


def as_moment(text: str) -> dt.datetime:
    """Return a moment of the ledger as an aware datetime in UTC."""
    return dt.datetime.fromisoformat(text)


class Store:
    """An open ledger file. Made readable for its owner only; close it, or use it in a ``with``.

    One connection serves all threads, one at a time.
    """

    def __init__(self, path: Path, *, create: bool = False) -> None:
        """Open the ledger.

        :param create: make it when there is none. Without it a missing ledger is a :class:`FileNotFoundError`.
        :raises WriteError: when it is not a ledger, newer than this notify, damaged, or cannot be written.
        """
        self.path = path
        self._turn = threading.RLock()
        self._broken: NotifyError | None = None
        if not path.exists():
            if not create:
                raise FileNotFoundError(path)
            _make(path)
        # before SQLite opens it: that alone may change a file
        _check_is_ours(path)
        with _in_words(path):
            self._db = _connect(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; what was committed is folded back into it."""
        with self._turn:
            self._db.close()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Run what is inside as one durable transaction, or not at all."""
        with self._turn:
            if self._broken:
                raise self._broken
            with _in_words(self.path):
                self._db.execute("BEGIN IMMEDIATE")
                try:
                    yield self._db
                    self._db.execute("COMMIT")
                except BaseException as error:
                    if isinstance(error, sqlite3.Error):
                        self._broken = _worded(error, self.path)
                    with contextlib.suppress(sqlite3.Error):
                        self._db.execute("ROLLBACK")
                    raise

    def rows(self, query: str, **values: object) -> Iterator[sqlite3.Row]:
        """Yield the rows of a named query, a page at a time, so that a million are never all in memory.

        A page is of one moment; what this store itself writes meanwhile may show in later ones.
        """
        with self._turn, _in_words(self.path):
            cursor = self._db.execute(QUERIES[query], values)
            page = cursor.fetchmany(_PAGE)
        while page:
            yield from page
            with self._turn, _in_words(self.path):
                page = cursor.fetchmany(_PAGE)

    def row(self, query: str, **values: object) -> sqlite3.Row | None:
        """Return the first row of a named query."""
        with self._turn, _in_words(self.path):
            found: sqlite3.Row | None = self._db.execute(QUERIES[query], values).fetchone()
            return found

    def copy_to(self, path: Path) -> None:
        """Write a copy of the ledger, for a rehearsal on it."""
        with self._turn, _in_words(self.path), contextlib.closing(sqlite3.connect(path)) as copy:
            self._db.backup(copy)

    def check(self) -> None:
        """Look through the whole file.

        :raises WriteError: it is damaged.
        """
        with self._turn, _in_words(self.path):
            (said,) = self._db.execute("PRAGMA quick_check(1)").fetchone()
        if said != "ok":
            raise _damaged(self.path, said)


def _make(path: Path) -> None:
    """Make an empty ledger beside its place and move it there whole: half a ledger never exists.

    Another process may do the same at the same moment; the first one wins.
    """
    wal = path.with_name(path.name + "-wal")
    if wal.exists() and not path.exists():
        raise WriteError(
            f"{path} is gone, but {wal.name} still holds what was written to it last.",
            hint=f"Bring the ledger back beside it: it knows who was written to. If it is lost for good, remove {wal}.",
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # readable for its owner only
        handle, name = tempfile.mkstemp(prefix=f"{path.name}.", suffix=".new", dir=path.parent)
        os.close(handle)
        draft = Path(name)
        try:
            with _in_words(path), contextlib.closing(sqlite3.connect(draft)) as db:
                schema = resources.files(__package__).joinpath("schema.sql").read_text("utf-8")
                # one transaction: each statement in its own costs ten times as many fsyncs
                db.executescript(f"BEGIN;\n{schema}")
                db.executemany("INSERT INTO arrow VALUES (?, ?)", sorted(ARROWS))
                db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
                db.commit()
            if not path.exists():
                draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise WriteError(
            f"{path}: the ledger cannot be written here: {error.strerror}.",
            hint="Make the folder writable, or name another campaign folder with -C.",
        ) from error


def _connect(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path.absolute().as_uri() + "?mode=rw", uri=True, isolation_level=None, check_same_thread=False)
    try:
        db.row_factory = sqlite3.Row
        db.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA foreign_keys = ON")
        if sys.platform == "darwin":
            # macOS's fsync does not reach the disk's platters; this asks for the one that does
            db.execute("PRAGMA fullfsync = 1")
    except sqlite3.Error:
        db.close()
        raise
    return db


def _check_is_ours(path: Path) -> None:
    """Look at the header (sqlite.org, "Database File Format", 1.3)."""
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except OSError as error:
        raise WriteError(
            f"{path}: the ledger cannot be read: {error.strerror}.", hint="Mend its permissions (chmod 600)."
        ) from error
    if len(head) < 100 or not head.startswith(b"SQLite format 3\0") or _number(head, 68) != APPLICATION_ID:
        raise WriteError(
            f"{path}: this is not a ledger of notify.",
            hint="Move it out of the way, or bring the ledger back from your backup. The file was left as it is.",
        )
    if (version := _number(head, 60)) != SCHEMA_VERSION:
        raise WriteError(
            f"{path}: this ledger has version {version}, and this notify knows version {SCHEMA_VERSION}.",
            hint="Use the notify that made it, or a newer one. The file was left as it is.",
        )


def _number(head: bytes, place: int) -> int:
    return int.from_bytes(head[place : place + 4])


def _damaged(path: Path, said: str) -> WriteError:
    return WriteError(
        f"{path}: the ledger is damaged ({said}).",
        hint="Bring it back from your backup. Do not delete it: it knows who was written to.",
    )


@contextlib.contextmanager
def _in_words(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours."""
    try:
        yield
    except sqlite3.Error as error:
        raise _worded(error, path) from error


def _worded(error: sqlite3.Error, path: Path) -> NotifyError:
    said = str(error)
    if "locked" in said:
        return LockedError(f"{path}: another process is writing to the ledger.", hint="Run it again in a moment.")
    if "full" in said:
        return WriteError(
            f"{path}: the disk is full. Nothing was lost; what is recorded stays recorded.",
            hint="Make room and run the same command again: it goes on where it stopped.",
        )
    if "malformed" in said or "not a database" in said:
        return _damaged(path, said)
    if "readonly" in said or "unable to open" in said or "disk I/O" in said:
        return WriteError(
            f"{path}: the ledger cannot be written ({said}).",
            hint="Make the file and its folder writable, and make room on the disk.",
        )
    return WriteError(f"{path}: the ledger refused a change: {said}.", hint="Please report this as a bug.")
