"""The file of a ledger: told from other files, made, connected to and copied; and SQLite's errors in words.

WAL with ``synchronous=FULL``: with NORMAL a committed transaction might roll back after a power loss (sqlite.org,
"PRAGMA synchronous").
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import filelock

from notify.core.shipped import shipped
from notify.core.status import ARROWS
from notify.errors import LockedError, NotifyError, WriteError
from notify.ledger.marks import MARKED, MOVED, Mark, Stage, marks, refusal

#: "ntfy", marks our files among SQLite's (PRAGMA application_id).
APPLICATION_ID = 0x6E746679
#: Raised with every change of schema.sql or of the core's arrows; :mod:`notify.ledger.migration` says what else to do.
SCHEMA_VERSION = 7

#: How long a statement waits for another process that writes: a first enrolment of a million takes minutes.
_BUSY_MS = 30_000


def check_is_ours(path: Path, *, is_moved: bool = False) -> None:
    """Look at the header, before SQLite opens the file: that alone may change it.

    It is described in sqlite.org, "Database File Format", 1.3.

    :param is_moved: as for :func:`connect`.
    :raises WriteError: this is no ledger, or one of a version that this notify does not know.
    """
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except OSError as error:
        raise WriteError(
            f"{path}: the ledger cannot be read: {error.strerror}.", hint="Mend its permissions (chmod 600)."
        ) from error
    if not is_ledger(head):
        raise WriteError(
            f"{path}: this is not a ledger of notify.",
            hint="Move it out of the way, or bring the ledger back from your backup. The file was left as it is.",
        )
    version = _number(head, 60)
    _check_version(path, version % MARKED if is_moved else version)


def is_up_to_date(path: Path) -> bool:
    """Tell whether there is a ledger at ``path`` that is of this version, so that opening it changes nothing in it."""
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except OSError:
        return False
    return is_ledger(head) and _number(head, 60) == SCHEMA_VERSION


def is_ledger(head: bytes) -> bool:
    """Tell whether a file that begins so is a ledger, of whatever version."""
    return len(head) >= 100 and head.startswith(b"SQLite format 3\0") and _number(head, 68) == APPLICATION_ID


def connect(path: Path, *, is_moved: bool = False) -> sqlite3.Connection:
    """Open a ledger for reading and writing. Its version may be an earlier one: see :func:`version_of`.

    :param is_moved: take part in a move: it may be one that must not be used otherwise.
    :raises WriteError: it is of a version that this notify does not know, or must not be used.
    """
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
        # the header tells an earlier one while the change still stands in the -wal
        version = version_of(db)
        _check_version(path, version % MARKED if is_moved else version)
    except BaseException:
        db.close()
        raise
    return db


def version_of(db: sqlite3.Connection) -> int:
    """Return of which version an open ledger is."""
    (version,) = db.execute("PRAGMA user_version").fetchone()
    return int(version)


def check_is_whole(db: sqlite3.Connection, path: Path) -> None:
    """Look through the whole file.

    :raises WriteError: it is damaged.
    """
    (finding,) = db.execute("PRAGMA quick_check(1)").fetchone()
    if finding != "ok":
        raise _damaged(path, finding)


def make(path: Path, mark: Mark | None = None) -> None:
    """Make an empty ledger beside its place and put it there whole: half a ledger never exists.

    Another process may do the same at the same moment; the first one wins.

    :param mark: what it says of a move, if one fills it.
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
            with in_words(path), contextlib.closing(sqlite3.connect(draft)) as db:
                schema = shipped(__package__, "schema.sql")
                # one transaction: each statement in its own costs ten times as many fsyncs
                db.executescript(f"BEGIN;\n{schema}")
                draw_arrows(db)
                db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
                if mark is not None:
                    write_mark(db, mark)
                db.commit()
            with contextlib.suppress(FileExistsError):
                place(draft, path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(path, error) from error


def draw_arrows(db: sqlite3.Connection) -> None:
    """Write the arrows of the core into the ledger, in the place of those that it has."""
    db.execute("DELETE FROM arrow")
    db.executemany("INSERT INTO arrow VALUES (?, ?)", sorted(ARROWS))


def read_mark(db: sqlite3.Connection) -> Mark | None:
    """Return what an open ledger says of the last move that it took part in; None: it was never moved."""
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'move'").fetchone():
        return None
    row = db.execute(marks()["read"]).fetchone()
    return Mark(Stage(row[0]), *row[1:]) if row else None


def write_mark(db: sqlite3.Connection, mark: Mark) -> None:
    """Let a ledger of this version say so, in the caller's transaction."""
    said = {"stage": mark.stage, "id": mark.move, "place": mark.place, "time": mark.time}
    db.execute(marks()["make"])
    db.execute(marks()["write"], said)
    db.execute(f"PRAGMA user_version = {SCHEMA_VERSION + (MARKED if mark.refuses else 0)}")


def copy_ledger(path: Path, copy: Path) -> None:
    """Write a copy of a ledger, with what stands in its ``-wal``; of an earlier version too. It is left as it is.

    :raises WriteError: this is no ledger, or the copy cannot be written.
    """
    check_is_ours(path)
    with in_words(path), contextlib.closing(connect(path)) as db, contextlib.closing(sqlite3.connect(copy)) as target:
        db.backup(target)


def place(draft: Path, path: Path) -> None:
    """Give a finished draft its name, unless that is taken: who comes second never overwrites what the first has made.

    :raises FileExistsError: it is taken; the draft is still there.
    :raises OSError: it cannot be written.
    """
    if sys.platform == "win32":
        # fails there when the name is taken
        draft.rename(path)
        return
    try:
        os.link(draft, path)
    except FileExistsError:
        raise
    except OSError:
        _place_without_links(draft, path)
    else:
        draft.unlink()


def _place_without_links(draft: Path, path: Path) -> None:
    """Do so on a file system that has no hard links, such as FAT: one process at a time looks and renames."""
    turn = filelock.FileLock(path.with_name(f"{path.name}.new.lock"), mode=0o600)
    with turn:
        is_taken = path.exists()
        if not is_taken:
            draft.rename(path)
        # whoever waits for this lock, or makes it anew, will find that the name is taken
        Path(turn.lock_file).unlink(missing_ok=True)
    if is_taken:
        raise FileExistsError(path)


def sync_folder(folder: Path) -> None:
    """Let a new name last. Windows cannot, and need not."""
    with contextlib.suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


@contextlib.contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours."""
    try:
        yield
    except sqlite3.Error as error:
        raise worded(error, path) from error


def worded(error: sqlite3.Error, path: Path) -> NotifyError:
    """Return an error of SQLite's as one of ours, with the mend."""
    text = str(error)
    if "locked" in text:
        return LockedError(f"{path}: another process is writing to the ledger.", hint="Run it again in a moment.")
    if "full" in text:
        return WriteError(
            f"{path}: the disk is full. Nothing was lost; what is recorded stays recorded.",
            hint="Make room and run the same command again: it goes on where it stopped.",
        )
    if "malformed" in text or "not a database" in text:
        return _damaged(path, text)
    if "readonly" in text or "unable to open" in text or "disk I/O" in text:
        return WriteError(
            f"{path}: the ledger cannot be written ({text}).",
            hint="Make the file and its folder writable, and make room on the disk.",
        )
    if MOVED in text:
        return WriteError(f"{path}: {text}.", hint="Run it again: it says where to.")
    return WriteError(f"{path}: the ledger refused a change: {text}.", hint="Please report this as a bug.")


def unwritable(path: Path, error: OSError) -> WriteError:
    """Return the error that nothing can be written where the ledger is or shall be."""
    return WriteError(
        f"{path}: the ledger cannot be written here: {error.strerror}.",
        hint="Make the folder writable, or name another campaign folder with -C.",
    )


def _check_version(path: Path, version: int) -> None:
    if MARKED < version < 2 * MARKED:
        with in_words(path), contextlib.closing(connect(path, is_moved=True)) as db:
            mark = read_mark(db)
        # the header is behind what stands in the -wal
        if mark is None or not mark.refuses:
            return
        raise refusal(str(path), mark)
    if not 1 <= version <= SCHEMA_VERSION:
        raise WriteError(
            f"{path}: this ledger has version {version}, and this notify knows version {SCHEMA_VERSION}.",
            hint="Use the notify that made it, or a newer one. The file was left as it is.",
        )


def _number(head: bytes, place: int) -> int:
    return int.from_bytes(head[place : place + 4])


def _damaged(path: Path, finding: str) -> WriteError:
    return WriteError(
        f"{path}: the ledger is damaged ({finding}).",
        hint="Bring it back from your backup. Do not delete it: it knows who was written to.",
    )
