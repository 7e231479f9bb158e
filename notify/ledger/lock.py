"""One ``send`` at a time: a lock held for the whole run, freed by the kernel when the run dies, however it dies."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import filelock

from notify.errors import BusyError, WriteError
from notify.ledger.store import QUERIES, Store, as_moment, as_text

#: Whoever only looks has the lock for a moment too (:func:`is_held`).
_PATIENCE_S = 0.5


def _lock_of(ledger: Path) -> filelock.BaseFileLock:
    return filelock.FileLock(ledger.with_name(ledger.name + ".lock"), timeout=0, mode=0o600)


@contextlib.contextmanager
def hold(path: Path, now: dt.datetime) -> Iterator[Store]:
    """Open the ledger at ``path``, made when it is missing, as the only run that sends from it.

    :raises BusyError: another run holds it; says which.
    :raises WriteError: the ledger cannot be written or trusted.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = _lock_of(path)
        lock.acquire(timeout=_PATIENCE_S, poll_interval=_PATIENCE_S / 20)
    except filelock.Timeout:
        raise BusyError(
            f"{path}: another run is sending from this ledger{_holder(path)}.",
            hint="Wait until it ends. You can watch it:  notify log --follow",
        ) from None
    except OSError as error:
        raise WriteError(
            f"{path}: the ledger cannot be locked here: {error.strerror or error}.",
            hint="Make the folder writable, or name another campaign folder with -C.",
        ) from error
    try:
        with Store(path, create=True) as store:
            store.check()
            with store.transaction() as db:
                db.execute(
                    QUERIES["record_holder"],
                    {"pid": os.getpid(), "host": socket.gethostname(), "since": as_text(now)},
                )
            yield store
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
    with contextlib.suppress(FileNotFoundError, WriteError, BusyError), Store(path) as store:
        row = store.row("holder")
        if row is not None:
            since = as_moment(row["since"]).astimezone().strftime("%Y-%m-%d %H:%M:%S")
            return f" (process {row['pid']} on {row['host']}, since {since})"
    return ""
