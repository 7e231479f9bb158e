"""Opens, holds and copies a ledger wherever it is kept, and tells whether it is there and whether a run holds it.

What each kind of ledger needs is imported when there is one: whoever has a file loads nothing of a database.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from notify.ledger.place import Place
    from notify.ledger.store import Store


def open_store(place: Place, *, create: bool = False, is_locked: bool = False, is_copy: bool = False) -> Store:
    """Open a ledger; one of an earlier version is brought up to date first.

    :param create: make it when there is none. Without it a missing ledger is a :class:`FileNotFoundError`.
    :param is_locked: the caller holds it.
    :param is_copy: it is thrown away later; nothing is kept beside it when it is brought up to date.
    :raises WriteError: it is not a ledger, newer than this notify, damaged, or cannot be written.
    :raises BusyError: it is of an earlier version, and a run holds it.
    """
    if not isinstance(place, Path):
        from notify.ledger.postgres.store import PostgresStore

        return PostgresStore(place, create=create)
    from notify.ledger.sqlite_store import SqliteStore

    return SqliteStore(place, create=create, is_locked=is_locked, is_copy=is_copy)


@contextlib.contextmanager
def hold(place: Place, now: dt.datetime, *, trust: bool = False) -> Iterator[Store]:
    """Open a ledger, made when it is missing, as the only run that sends from it.

    :param trust: go on with a database that was brought back, or with a file that was moved; else only journals tell of
        a file.
    :raises BusyError: another run holds it; says which.
    :raises WriteError: the ledger cannot be written or trusted.
    """
    if not isinstance(place, Path):
        from notify.ledger.postgres import holding

        with holding.hold(place, now, trust=trust) as held:
            yield held
        return
    from notify.ledger.holder import note_holder
    from notify.ledger.lock import locked

    with locked(place), contextlib.ExitStack() as stack:
        if trust and place.exists():
            from notify.ledger.file_side import FileSide

            with FileSide(place) as side:
                side.take_back()
        store = stack.enter_context(open_store(place, create=True, is_locked=True))
        store.check()
        note_holder(store, now)
        yield store


def is_held(place: Place) -> bool:
    """Tell whether a run holds a ledger at this moment.

    :raises WriteError: the database that has it cannot be reached.
    """
    if not isinstance(place, Path):
        from notify.ledger.postgres import holding

        return holding.is_held(place)
    from notify.ledger import lock

    return lock.is_held(place)


def exists(place: Place) -> bool:
    """Tell whether there is a ledger.

    :raises WriteError: the database that would have it cannot be reached.
    """
    if not isinstance(place, Path):
        from notify.ledger.postgres.looking import version_at

        return version_at(place) > 0
    return place.exists()


def is_up_to_date(place: Place) -> bool:
    """Tell whether there is a ledger that is of this version, so that opening it changes nothing in it.

    :raises WriteError: the database that would have it cannot be reached.
    """
    if not isinstance(place, Path):
        from notify.ledger.postgres.looking import version_at
        from notify.ledger.postgres.migration import VERSION

        return version_at(place) == VERSION
    from notify.ledger import file

    return file.is_up_to_date(place)


def copy_ledger(place: Place, copy: Path) -> None:
    """Write a copy of a ledger into a file; of an earlier version too. The ledger is left as it is.

    :raises WriteError: this is no ledger, or the copy cannot be written.
    """
    if not isinstance(place, Path):
        from notify.ledger.postgres.side import copy_into_file

        copy_into_file(place, copy)
        return
    from notify.ledger import file

    file.copy_ledger(place, copy)


def _file(place: Place) -> Path:
    if isinstance(place, Path):
        return place
    raise TypeError(place)
