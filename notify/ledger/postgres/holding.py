"""One run at a time enrols in a database: a lock of its session, which the server frees when its connection dies."""

from __future__ import annotations

import contextlib
import datetime as dt
import time
from collections.abc import Iterator

from notify.errors import BusyError, WriteError
from notify.ledger.holder import in_brackets, note_holder
from notify.ledger.place import Database
from notify.ledger.postgres.migration import HOLDING
from notify.ledger.postgres.store import PostgresStore

#: A connection that has died a moment ago may still have the lock.
_PATIENCE_S = 0.5

_TRY = "SELECT pg_try_advisory_lock(CAST(:lock AS int), CAST(:ledger AS int))"
_GIVE_BACK = "SELECT pg_advisory_unlock(CAST(:lock AS int), CAST(:ledger AS int))"
#: Looked for among all locks, so that whoever looks never has it.
_LOOK = """
SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted
    AND classid = CAST(:lock AS int) AND objid = to_regnamespace(current_schema())::oid
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
#: Whoever is in flight in such a portion is being handed over, and not in doubt.
_LEASED = "SELECT 1 FROM portion WHERE NOT done AND owner <> '' AND lease_until > clock_timestamp() LIMIT 1"


@contextlib.contextmanager
def hold(place: Database, now: dt.datetime, *, trust: bool = False) -> Iterator[PostgresStore]:
    """Open a ledger, made when it is missing, as the only run that enrols in it and places its recipients.

    :param trust: go on with a database that was brought back.
    :raises BusyError: another run holds it; says which.
    :raises WriteError: the database cannot be reached or written.
    """
    with PostgresStore(place, create=True) as store:
        if not _is_ours(store):
            raise BusyError(
                f"{place}: another run is sending from this ledger{in_brackets(store.row('holder'))}.",
                hint="Wait until it ends. You can watch it:  notify log --follow",
            )
        try:
            if trust:
                store.trust()
            store.check()
            note_holder(store, now)
            yield store
        finally:
            # where the connection has died the server has freed it
            with contextlib.suppress(WriteError):
                store.ask(_GIVE_BACK, lock=HOLDING, ledger=store.number)


def is_held(place: Database) -> bool:
    """Tell whether a run holds the ledger at this moment, or a worker has leased any of it; nobody where there is none.

    :raises WriteError: the database cannot be reached.
    """
    try:
        with PostgresStore(place) as store:
            return any(store.ask(question, lock=HOLDING) is not None for question in (_LOOK, _LEASED))
    except FileNotFoundError:
        return False


def _is_ours(store: PostgresStore) -> bool:
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        answer = store.ask(_TRY, lock=HOLDING, ledger=store.number)
        if answer is not None and answer[0]:
            return True
        if time.monotonic() > deadline:
            return False
        time.sleep(_PATIENCE_S / 20)
