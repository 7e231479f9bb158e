"""Brings a ledger of an earlier version up to date, after a copy of it was put beside it.

There is one step from each version to the next, in ``to_version_N.sql``, and each is one transaction. Whenever the
process is killed the ledger is of the version before a step or of the one after it, whole and usable, and the next
opening takes the steps that are left. Beside it stands no copy, or a whole one.

A change of schema.sql, or of the arrows of :mod:`notify.core.status`, needs: the next :data:`SCHEMA_VERSION`, a step
that leads there, and a ledger of the version before it in ``tests/data/ledgers``.
"""

from __future__ import annotations

import contextlib
import filecmp
import logging
import os
import sqlite3
from pathlib import Path

from notify.ledger.file import (
    SCHEMA_VERSION,
    check_is_whole,
    draw_arrows,
    place,
    sync_folder,
    unwritable,
    version_of,
)
from notify.ledger.queries import read_queries

_LOG = logging.getLogger(__name__)


def migrate(db: sqlite3.Connection, path: Path, *, keep: bool = True) -> None:
    """Bring the open ledger at ``path`` up to date, if it is of an earlier version.

    Only whoever holds the lock may call it: a run of an earlier notify that is under way must not meet a newer ledger.

    :param keep: put a copy beside it first, and say so; not for what is a copy itself.
    :raises WriteError: it is damaged, or nothing can be written beside it; it is as it was.
    :raises sqlite3.Error: it cannot be written, or there is no room for the copy; it is of one of the versions, whole.
    """
    version = version_of(db)
    if version == SCHEMA_VERSION:
        return
    check_is_whole(db, path)
    copy = _keep_copy(db, path, version) if keep else None
    for number in range(version + 1, SCHEMA_VERSION + 1):
        _take_step(db, number)
    # into the file itself: its header tells the version to a notify that is older
    db.execute("PRAGMA wal_checkpoint(PASSIVE)")
    if copy is not None:
        # a warning, so that it is said without being asked for
        _LOG.warning("%s was brought up to date for this notify. As it was before, it is kept in %s.", path, copy.name)


def _take_step(db: sqlite3.Connection, number: int) -> None:
    """Bring a ledger to version ``number`` from the one before it."""
    db.execute("BEGIN IMMEDIATE")
    try:
        for statement in read_queries(f"to_version_{number}.sql").values():
            db.execute(statement)
        if number == SCHEMA_VERSION:
            draw_arrows(db)
        db.execute(f"PRAGMA user_version = {number}")
        db.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            db.execute("ROLLBACK")
        raise


def _keep_copy(db: sqlite3.Connection, path: Path, version: int) -> Path:
    """Put a copy of the ledger beside it, durably and readable for its owner only; return where it stands.

    A copy of another state, which an earlier migration has left there, is kept: the new one gets a number then.
    """
    draft = path.with_name(f"{path.name}.version-{version}.new")
    try:
        # of a migration that was killed
        draft.unlink(missing_ok=True)
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        try:
            with contextlib.closing(sqlite3.connect(draft)) as copy:
                # a draft that is spoiled by a crash is thrown away: it needs no protection
                copy.execute("PRAGMA journal_mode = OFF")
                copy.execute("PRAGMA synchronous = OFF")
                db.backup(copy)
            _sync(draft)
            return _name_copy(draft, path, version)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(path, error) from error


def _name_copy(draft: Path, path: Path, version: int) -> Path:
    first = kept = path.with_name(f"{path.name}.version-{version}")
    number = 1
    while not (kept.exists() and filecmp.cmp(draft, kept, shallow=False)):
        try:
            place(draft, kept)
            break
        except FileExistsError:
            number += 1
            kept = first.with_name(f"{first.name}.{number}")
    sync_folder(path.parent)
    return kept


def _sync(path: Path) -> None:
    # Windows syncs only what is open for writing
    file = os.open(path, os.O_RDWR)
    try:
        os.fsync(file)
    finally:
        os.close(file)
