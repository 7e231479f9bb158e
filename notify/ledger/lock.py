"""One ``send`` at a time: a lock held for the whole run, freed by the kernel when the run dies, however it dies."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import filelock

from notify.errors import BusyError, WriteError
from notify.ledger.file import check_is_ours, connect
from notify.ledger.queries import QUERIES, as_moment

#: Whoever only looks has the lock for a moment too (:func:`is_held`).
_PATIENCE_S = 0.5


def _lock_of(ledger: Path) -> filelock.BaseFileLock:
    return filelock.FileLock(ledger.with_name(ledger.name + ".lock"), timeout=0, mode=0o600)


@contextlib.contextmanager
def locked(
    path: Path,
    problem: str = "another run is sending from this ledger",
    hint: str = "Wait until it ends. You can watch it:  notify log --follow",
) -> Iterator[None]:
    """Hold the lock of the ledger at ``path`` inside this ``with``; its folder is made when it is missing.

    :param problem: what is said, with the holder, when another run holds it.
    :raises BusyError: another run holds it.
    :raises WriteError: it cannot be locked.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = _lock_of(path)
        lock.acquire(timeout=_PATIENCE_S, poll_interval=_PATIENCE_S / 20)
    except filelock.Timeout:
        raise BusyError(f"{path}: {problem}{_holder(path)}.", hint=hint) from None
    except OSError as error:
        raise WriteError(
            f"{path}: the ledger cannot be locked here: {error.strerror or error}.",
            hint="Make the folder writable, or name another campaign folder with -C.",
        ) from error
    try:
        yield
    finally:
        lock.release()


def is_held(path: Path) -> bool:
    """Tell whether a run holds the ledger at this moment."""
    lock = _lock_of(path)
    if not Path(lock.lock_file).exists():
        return False
    try:
        with lock:
            return False
    except filelock.Timeout:
        return True
    except OSError:
        return False


def _holder(path: Path) -> str:
    """Return who holds the ledger, of whatever version it is; empty where it cannot be read."""
    with contextlib.suppress(WriteError, sqlite3.Error):
        check_is_ours(path)
        with contextlib.closing(connect(path)) as db:
            row = db.execute(QUERIES["holder"]).fetchone()
        if row is not None:
            since = as_moment(row["since"]).astimezone().strftime("%Y-%m-%d %H:%M:%S")
            return f" (process {row['pid']} on {row['host']}, since {since})"
    return ""
