"""The ledger in PostgreSQL: opened, read, and committed to, by one transaction at a time or by several at once."""

from __future__ import annotations

import contextlib
import itertools
import threading
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import psycopg

from notify.errors import LockedError, NotifyError, WriteError
from notify.ledger.place import Database
from notify.ledger.postgres.connection import Session
from notify.ledger.postgres.dialect import own_queries, translated
from notify.ledger.postgres.idle import left, taken
from notify.ledger.postgres.migration import VERSION, WRITING, bring_up_to_date, version_of
from notify.ledger.postgres.origin import check_origin, keep_origin
from notify.ledger.postgres.words import in_words, worded
from notify.ledger.queries import QUERIES
from notify.ledger.store import Store

if TYPE_CHECKING:
    from notify.ledger.connection import Row
    from notify.ledger.versions import CampaignRecord

#: How many rows are read at a time.
_PAGE = 500
#: Tell the cursors of a process apart.
_NUMBERS = itertools.count()


class PostgresStore(Store):
    """An open ledger in a database. Close it, or use it in a ``with``.

    One connection serves all threads, one at a time.
    """

    def __init__(self, place: Database, *, create: bool = False) -> None:
        """Open the ledger; one of an earlier version is brought up to date first.

        :param create: make it when there is none. Without it a missing ledger is a :class:`FileNotFoundError`.
        :raises WriteError: the database cannot be reached or written, or the ledger is newer than this notify.
        """
        self.place: Database = place
        self.label = str(place)
        self._turn = threading.RLock()
        self._broken: NotifyError | None = None
        self._is_closed = False
        #: Those whose rows nobody has read to their end.
        self._being_read: set[psycopg.ServerCursor[Any]] = set()
        self._db = taken(place)
        try:
            with in_words(place):
                self._begin_with(create=create)
        except BaseException:
            self._db.close()
            raise
        self._session = Session(self._db)

    def _begin_with(self, *, create: bool) -> None:
        version = version_of(self._db, self.place)
        if not version and not create:
            raise FileNotFoundError(self.label)
        if version < VERSION:
            bring_up_to_date(self._db, self.place)
        row = self._db.execute("SELECT to_regnamespace(current_schema())::oid::int").fetchone()
        #: The second number of the advisory locks of this ledger.
        self.number = int(row[0]) if row else 0

    def close(self) -> None:
        """Give the connection back: whoever opens this ledger next goes on with it, unless it has failed."""
        with self._turn:
            if self._is_closed:
                return
            self._is_closed = True
            for cursor in self._being_read:
                with contextlib.suppress(psycopg.Error):
                    cursor.close()
            if self._broken:
                self._db.close()
            else:
                left(self.place, self._db)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Session]:
        """Run what is inside as one durable transaction, or not at all; no other one of this kind runs meanwhile."""
        with self._committed(self._alone, Session(self._db)) as session:
            yield session

    @contextlib.contextmanager
    def erasing(self) -> Iterator[Session]:
        """Run what is inside as :meth:`transaction` does; files of single recipients go with them."""
        with self.transaction() as session:
            yield session
            for name in ("forget_unnamed", "forget_octets"):
                session.execute(own_queries("bundles.sql")[name])

    @contextlib.contextmanager
    def enrolling(self, campaign: CampaignRecord) -> Iterator[Session]:
        """Run what is inside as :meth:`transaction` does; no worker hands over anybody of the campaign meanwhile."""
        from notify.ledger.postgres.enrolling import EnrollingSession
        from notify.ledger.postgres.portions import wait_for_workers

        with self._committed(self._alone, EnrollingSession(self._db)) as session:
            wait_for_workers(session, campaign)
            yield session

    @contextlib.contextmanager
    def concurrent(self) -> Iterator[Session]:
        """Run what is inside as one durable transaction beside others: two that touch the same row wait there."""
        with self._committed("BEGIN", Session(self._db)) as session:
            yield session

    @contextlib.contextmanager
    def _committed(self, begin: str, session: Session) -> Iterator[Session]:
        with self._turn, in_words(self.place):
            if self._broken:
                raise self._broken
            self._start(begin)
            try:
                self._session = session
                yield session
                session.settle_down()
                self._commit()
            except BaseException as error:
                if isinstance(error, psycopg.Error):
                    self._broken = worded(error, self.place)
                with contextlib.suppress(psycopg.Error):
                    self._db.execute("ROLLBACK")
                    if isinstance(self._broken, LockedError):
                        # it has only waited in vain, and nothing is left of it: that may be tried again
                        self._broken = None
                raise
            finally:
                session.end()
                self._session = Session(self._db)

    @property
    def _alone(self) -> str:
        return f"BEGIN; SELECT pg_advisory_xact_lock({WRITING}, {self.number})"

    def _start(self, begin: str) -> None:
        try:
            self._db.execute(begin.encode())
        except BaseException:
            # nobody has written anything: it may be tried again
            with contextlib.suppress(psycopg.Error):
                self._db.execute("ROLLBACK")
            raise

    def _commit(self) -> None:
        # a transaction in which a statement has failed answers to COMMIT with ROLLBACK, and that is no error
        if (answer := self._db.execute("COMMIT").statusmessage) != "COMMIT":
            raise WriteError(
                f"{self.place}: the ledger has taken back what was to be recorded ({answer}).",
                hint="Please report this as a bug.",
            )

    def rows_of(self, statement: str, values: Mapping[str, object]) -> Iterator[Row]:
        """Yield the rows of a statement, as :meth:`rows` does; the database keeps those that were not read yet."""
        with self._turn, in_words(self.place):
            self._session.write()
            cursor = self._db.cursor(f"rows_{next(_NUMBERS)}", withhold=True)
            self._being_read.add(cursor)
            cursor.execute(translated(statement), values)
            page = cursor.fetchmany(_PAGE)
        try:
            while page:
                yield from page
                with self._turn, in_words(self.place):
                    page = cursor.fetchmany(_PAGE) if len(page) == _PAGE else []
        finally:
            self._give_back(cursor)

    def _give_back(self, cursor: psycopg.ServerCursor[Any]) -> None:
        # in a transaction that has failed, and when the ledger was closed, it is gone already
        with self._turn, contextlib.suppress(psycopg.Error):
            self._being_read.discard(cursor)
            cursor.close()

    def row(self, query: str, **values: object) -> Row | None:
        """Return the first row of a named query."""
        return self.ask(QUERIES[query], **values)

    def ask(self, statement: str, **values: object) -> Row | None:
        """Return the first row of a statement, as :meth:`row` does of a named query."""
        with self._turn, in_words(self.place):
            self._session.write()
            found: Row | None = self._db.execute(translated(statement), values).fetchone()
            return found

    def ask_all(self, statement: str, **values: object) -> list[Row]:
        """Return all rows of a statement, which commits by itself: one way there and back; BEGIN makes it three."""
        with self._turn, in_words(self.place):
            if self._broken:
                raise self._broken
            self._session.write()
            found: list[Row] = self._db.execute(translated(statement), values).fetchall()
            return found

    def bring(self, statement: str, **values: object) -> Row | None:
        """Return the same with octets as they are: written out in digits, as a rule, they would be twice as many."""
        with self._turn, in_words(self.place):
            found: Row | None = self._db.execute(translated(statement).encode(), values, binary=True).fetchone()
            return found

    def check(self) -> None:
        """See whether it was brought back, or a standby took its place; it looks after its own files.

        :raises WriteError: what was recorded last may be missing.
        """
        with self._turn, in_words(self.place):
            check_origin(self._db, self.place)

    def trust(self) -> None:
        """Go on with what is there, by the user's word, though something may be missing."""
        with self._turn, in_words(self.place):
            keep_origin(self._db)
