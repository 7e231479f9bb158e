"""One ``send`` at a time: locks held for the whole run, freed by the kernel when the run dies, however it dies.

One lock stands beside the ledger. A copy of its folder has another one; so what both share, in the user's state
directory, is locked too (:func:`only_run`).
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import filelock

from notify.errors import BusyError, WriteError
from notify.ledger.file import check_is_ours, connect
from notify.ledger.holder import in_brackets
from notify.ledger.queries import QUERIES

#: Whoever only looks has the lock for a moment too (:func:`is_held`).
_PATIENCE_S = 0.5


def _lock_of(path: Path) -> filelock.BaseFileLock:
    # what two links lead to is one file
    path = path.resolve()
    return filelock.FileLock(path.with_name(path.name + ".lock"), timeout=0, mode=0o600)


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


@contextlib.contextmanager
def only_run(shared: Sequence[Path], others: Callable[[], Iterable[Path]]) -> Iterator[None]:
    """Hold the locks of files that several ledgers share, inside this ``with``: no two of them send at one time.

    The folder of the files is made when it is missing.

    :param others: the other ledgers, one of which a second run may have; asked for when it is busy, for the words.
    :raises BusyError: a run has one of the files.
    :raises OSError: they cannot be locked.
    """
    with contextlib.ExitStack() as stack:
        try:
            for path in shared:
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                stack.enter_context(_lock_of(path).acquire())
        except filelock.Timeout:
            raise _busy_elsewhere(others) from None
        yield


def _busy_elsewhere(others: Callable[[], Iterable[Path]]) -> BusyError:
    where = ""
    # who it is may not be found out, but that somebody is at work is certain
    with contextlib.suppress(OSError):
        where = next((f", from {ledger}{_holder(ledger)}" for ledger in others() if is_held(ledger)), "")
    return BusyError(
        f"This campaign is being sent by another run{where}: of two copies of a folder only one may send.",
        hint="Wait until it ends, and go on in that folder only. Is this another mailing? Then give it an id of its "
        "own in notify.toml.",
    )


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
        return in_brackets(row)
    return ""
