"""The session of an enrolment: of the many who are known already it asks, and writes, for some hundred at once.

An enrolment asks for each row of the files who has its address, or was made from it, and notes that it was seen. In a
file that is a matter of microseconds; over a line it would be two or three ways there and back for each of a million.
The rows come nearly in the order in which their recipients were enrolled first, so whoever follows is asked for ahead.

Nobody else changes a recipient of the campaign meanwhile: such a transaction is alone.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import psycopg

from notify.ledger.postgres.connection import Session
from notify.ledger.postgres.dialect import OWN, translated
from notify.ledger.postgres.rows import row_of
from notify.ledger.queries import QUERIES

if TYPE_CHECKING:
    from notify.ledger.connection import Cursor, Row, Values

#: So many are asked for ahead at most, and written at once.
_PAGE = 500
#: Two recipients follow each other when no more than these are between them: in the files not everybody is in a row.
_GAP = 8

#: They change nothing of those who are known, and ask for nothing that is still to be written.
_HARMLESS = frozenset(QUERIES[name] for name in ("enrol", "reject", "note_move"))
#: They change one recipient.
_CHANGES = frozenset(QUERIES[name] for name in ("refresh", "vacate", "bring_back", "recipient"))

#: They may find as many as there are: those are read some hundred at a time.
_LONG = frozenset(
    QUERIES[name] for name in ("repeated", "missing", "missing_and_not_excluded", "without_code", "new_in_this_round")
)

_MADE_FROM = (
    *("key", "identity", "address", "name", "language", "form", "salutation", "origin", "fields", "person"),
    *("shared_salutation", "opted_out", "row_digest"),
)
_SEEN = (*("id", "round", "key", "origin", "person", "shared_salutation", "row_digest", "opted_out", "selected"),)


class Found:
    """What a statement has found that was not run: no row, or one."""

    def __init__(self, *rows: Row) -> None:
        self._rows = list(rows)
        self.rowcount = len(rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    def fetchone(self) -> Row | None:
        """Return the row, or None."""
        return self._rows.pop(0) if self._rows else None

    def fetchall(self) -> list[Row]:
        """Return the row, if there is one."""
        return self._rows


class EnrollingSession(Session):
    """A session in which those are asked for ahead who follow each other."""

    def __init__(self, db: psycopg.Connection[Any]) -> None:
        super().__init__(db)
        self._by_identity: dict[str, Row] = {}
        self._by_digest: dict[bytes, Row] = {}
        self._ahead: dict[int, Row] = {}
        self._seen: dict[int, Mapping[str, Any]] = {}
        self._being_read: list[psycopg.ServerCursor[Any]] = []
        self._latest = 0
        self._page = 1

    def execute(self, statement: str, values: Values = (), /) -> Cursor:
        """Run a statement, now or with others of its kind."""
        if isinstance(values, Mapping):
            if statement == QUERIES["with_address"]:
                return self._found(self._by_identity.get(values["identity"]), statement, values)
            if statement == QUERIES["made_from"]:
                return self._made_from(values)
            if statement == QUERIES["seen"]:
                return self._note_seen(values)
            if statement in _CHANGES:
                self._forget(values["id"])
                return super().execute(statement, values)
        if statement not in _HARMLESS:
            self._forget_all()
        if statement in _LONG:
            return self._read(statement, values)
        return super().execute(statement, values)

    def end(self) -> None:
        """Close what nobody reads any more."""
        for cursor in self._being_read:
            # with a transaction that has failed they are gone
            with contextlib.suppress(psycopg.Error):
                cursor.close()

    def _read(self, statement: str, values: Values) -> Cursor:
        cursor = self.db.cursor(f"enrolling_{len(self._being_read)}")
        cursor.itersize = _PAGE
        self._being_read.append(cursor)
        return cursor.execute(translated(statement), values)

    def _made_from(self, values: Mapping[str, Any]) -> Found:
        found = self._found(self._by_digest.get(values["row_digest"]), OWN["whole_made_from"], values).fetchone()
        return Found() if found is None else Found(row_of(_MADE_FROM, [found[name] for name in _MADE_FROM]))

    def _found(self, row: Row | None, statement: str, values: Mapping[str, Any]) -> Found:
        if row is None:
            row = super().execute(statement, values).fetchone()
            if row is None:
                return Found()
            if row["id"] in self._seen:
                self.write()
                row = super().execute(statement, values).fetchone()
            self._ask_ahead(row["id"], values["campaign"])
        self._latest = row["id"]
        return Found(row)

    def _ask_ahead(self, number: int, campaign: int) -> None:
        """Ask for those behind a recipient: for the more, the longer one has followed the other."""
        follows = 0 < number - self._latest <= _GAP
        self._page = min(self._page * 2, _PAGE) if follows else 1
        if not follows:
            return
        self._forget_all()
        values = {"campaign": campaign, "id": number, "last": number + _GAP * self._page, "most": self._page}
        for row in super().execute(OWN["following"], values):
            self._ahead[row["id"]] = self._by_identity[row["identity"]] = row
            if row["row_digest"] is not None:
                self._by_digest[row["row_digest"]] = row

    def _note_seen(self, values: Mapping[str, Any]) -> Found:
        self._forget(values["id"])
        self._seen[values["id"]] = values
        if len(self._seen) >= _PAGE:
            self.write()
        return Found()

    def write(self) -> None:
        """Write who was seen."""
        if self._seen:
            columns = {name: [values[name] for values in self._seen.values()] for name in _SEEN}
            self._seen.clear()
            self.db.execute(translated(OWN["seen_many"]), columns)

    def _forget(self, number: int) -> None:
        """Know nothing of a recipient any more: it is about to be changed."""
        if number in self._seen:
            self.write()
        row = self._ahead.pop(number, None)
        if row is not None:
            self._by_identity.pop(row["identity"], None)
            self._by_digest.pop(row["row_digest"], None)

    def _forget_all(self) -> None:
        self.write()
        for known in (self._ahead, self._by_identity, self._by_digest):
            known.clear()
