"""A ledger in a database as one side of a move, and as what a rehearsal reads its copy from."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.pq import TransactionStatus
from psycopg.rows import tuple_row

from notify.errors import BusyError, WriteError
from notify.ledger.file_side import FileSide
from notify.ledger.marks import MARKED, MOVED, Mark, Stage, marks, place_of_database
from notify.ledger.moving import transfer
from notify.ledger.place import Database
from notify.ledger.postgres.connection import connected
from notify.ledger.postgres.dialect import own_queries, translated
from notify.ledger.postgres.migration import HOLDING, VERSION, bring_up_to_date, read_mark, version_of
from notify.ledger.postgres.words import in_words
from notify.ledger.tables import TABLES, Row, Table

_QUERIES = own_queries("side.sql")

#: How many rows are put in by one statement: what its triggers look at is kept until it ends.
_BATCH = 50_000
#: How many are read at a time.
_PAGE = 2_000

#: Tables that stay when everything is taken out: they are about the database, not about anybody in it.
_STAY = frozenset({"ledger", "arrow", "move", "only_for"})

_FROZEN = sql.Identifier("nobody_changes_what_was_moved")


@contextlib.contextmanager
def opened_side(place: Database) -> Iterator[PostgresSide]:
    """Give a ledger in a database, there or not, as one side of a move; no run has it inside this ``with``.

    :raises BusyError: a run has it, or a worker is at work with it.
    :raises WriteError: the database cannot be reached or written, or the ledger is newer than this notify.
    """
    with contextlib.closing(connected(place)) as db, in_words(place):
        db.row_factory = tuple_row
        version_of(db, place, is_moved=True)
        side = PostgresSide(db, place)
        if side.is_there():
            side.hold()
        yield side


def copy_into_file(place: Database, copy: Path) -> None:
    """Write a copy of a ledger, of one moment, into a file that is not there yet; it is thrown away later.

    :raises FileNotFoundError: there is none.
    :raises WriteError: the database cannot be reached, or the file not be written.
    """
    with contextlib.closing(connected(place)) as db, in_words(place), FileSide(copy, is_draft=True) as target:
        db.row_factory = tuple_row
        if not version_of(db, place):
            raise FileNotFoundError(str(place))
        source = PostgresSide(db, place)
        with db.transaction():
            db.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            target.empty(Mark(Stage.ARRIVING, "", source.label, ""))
            transfer(source, target)
        target.arrive(Mark(Stage.ARRIVED, "", source.label, ""))


class PostgresSide:
    """A ledger in the schema of a database. Whoever moves has its lock."""

    def __init__(self, db: psycopg.Connection[Row], place: Database) -> None:
        """Take part with a connection of its own."""
        self._db = db
        self._place = place
        self._schema = place.schema
        self.label = place_of_database(place.url, place.schema)

    def hold(self) -> None:
        """Keep every run away from it, as long as the connection is open.

        :raises BusyError: a run has it, or a worker.
        """
        ((is_ours,),) = self._asked(_QUERIES["hold"], {"holding": HOLDING})
        if not is_ours:
            raise BusyError(
                f"{self.label}: another run is sending from this ledger.",
                hint="Wait until it ends. You can watch it:  notify log --follow",
            )
        self._refuse_workers()

    def _refuse_workers(self) -> None:
        for (who,) in self._asked(_QUERIES["at_work"]):
            raise BusyError(
                f"{self.label}: a worker is there ({who}).",
                hint="End all workers, and run this again. One that was killed is forgotten after some seconds.",
            )

    def mark(self) -> Mark | None:
        """Return its mark."""
        return read_mark(self._db) if self.is_there() else None

    def is_there(self) -> bool:
        """Tell whether there is a ledger."""
        return "ledger" in self._tables()

    def is_empty(self) -> bool:
        """Tell whether nothing at all is kept in it."""
        there = self._tables()
        wanted = [sql.Identifier(table.name) for table in TABLES if table.name in there]
        return not any(self._db.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(one)).fetchone() for one in wanted)

    def columns(self, table: Table) -> Sequence[str]:
        """Return the columns of a table."""
        return [*self._kinds(table)]

    def rows(self, table: Table, columns: Sequence[str]) -> Iterator[Row]:
        """Yield all rows of a table in the order of its key; yes and no as 1 and 0."""
        kinds = self._kinds(table)
        cast = {"boolean": sql.SQL("{}::integer"), "bigint": sql.SQL("{}")}
        wanted = sql.SQL("SELECT {} FROM {} ORDER BY {}").format(
            sql.SQL(", ").join(cast.get(kinds[name], sql.SQL("{}")).format(sql.Identifier(name)) for name in columns),
            sql.Identifier(table.name),
            sql.SQL(", ").join(map(sql.Identifier, table.key)),
        )
        # inside of a move the transaction is that of all of it
        is_begun = self._db.info.transaction_status is TransactionStatus.INTRANS
        with contextlib.nullcontext() if is_begun else self._db.transaction(), self._db.cursor("rows") as cursor:
            cursor.itersize = _PAGE
            cursor.execute(wanted)
            yield from cursor

    @contextlib.contextmanager
    def still(self) -> Iterator[None]:
        """Let nobody else change it inside this ``with``; whoever only reads may do so."""
        with self._db.transaction():
            self._asked(_QUERIES["patience"])
            lock = sql.SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE")
            self._db.execute(lock.format(sql.SQL(", ").join(map(sql.Identifier, self._contents()))))
            # one may have come before the lock
            self._refuse_workers()
            yield

    def leave(self, mark: Mark) -> None:
        """Mark it as moved. Whoever has it open already is held up by triggers."""
        function = sql.SQL(
            "CREATE OR REPLACE FUNCTION refuse_what_was_moved() RETURNS trigger LANGUAGE plpgsql AS "
            "$$BEGIN RAISE EXCEPTION {}; END$$"
        )
        # inside of the text of a function there is no place for a value
        self._db.execute(function.format(sql.Literal(MOVED)))
        trigger = sql.SQL(
            "CREATE TRIGGER {} BEFORE INSERT OR UPDATE OR DELETE ON {} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_what_was_moved()"
        )
        for name in self._contents():
            self._db.execute(trigger.format(_FROZEN, sql.Identifier(name)))
        self._write(mark)

    def empty(self, mark: Mark) -> None:
        """Mark it as arriving, and take everything out of it: what workers were given and owe, too.

        Where there is none, it is made and marked at once.

        :raises BusyError: somebody else has made it a moment ago, and has it.
        """
        with self._db.transaction():
            is_new, version = not self.is_there(), version_of(self._db, self._place, is_moved=True)
            if version < VERSION:
                if version:
                    self._db.execute("UPDATE ledger SET version = %s", [version])
                bring_up_to_date(self._db, self._place)
            if is_new:
                self.hold()
                if not self.is_empty():
                    raise BusyError(f"{self.label}: another process has made a ledger here.", hint="Look what it is.")
            self._write(mark)
            for (name,) in self._asked(_QUERIES["frozen"], {"schema": self._schema}):
                self._db.execute(sql.SQL("DROP TRIGGER {} ON {}").format(_FROZEN, sql.Identifier(str(name))))
            tables = sql.SQL(", ").join(map(sql.Identifier, self._contents()))
            self._db.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY").format(tables))

    def fill(self, table: Table, columns: Sequence[str], rows: Iterable[Row]) -> None:
        """Put rows into a table, some at a time."""
        put = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, columns))
        )
        source = iter(rows)
        for first in source:
            with self._db.cursor() as cursor, cursor.copy(put) as copying:
                for row in chain((first,), islice(source, _BATCH - 1)):
                    copying.write_row(_without_nul(row, table))

    def finish(self) -> None:
        """Let the next numbers be behind those that are there, and tell the planner how much there is."""
        highest = sql.SQL("SELECT setval(pg_get_serial_sequence({}, {}), max({})) FROM {} HAVING max({}) > 0")
        for table, column in self._asked(_QUERIES["numbered"], {"schema": self._schema}):
            name, number = sql.Identifier(str(table)), sql.Identifier(str(column))
            said = sql.Literal(f"{self._schema}.{table}"), sql.Literal(str(column))
            self._db.execute(highest.format(*said, number, name, number))
        for name_ in self._contents():
            self._db.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(name_)))

    def arrive(self, mark: Mark) -> None:
        """Mark it as whole."""
        with self._db.transaction():
            self._write(mark)

    def _write(self, mark: Mark) -> None:
        said = {"stage": str(mark.stage), "id": mark.move, "place": mark.place, "time": mark.time}
        self._asked(marks()["make"])
        self._asked(marks()["write"], said)
        self._asked(_QUERIES["write_version"], {"marked": MARKED, "refuses": mark.refuses})

    def _contents(self) -> list[str]:
        return [name for name in self._tables() if name not in _STAY]

    def _tables(self) -> list[str]:
        return [str(name) for (name,) in self._asked(_QUERIES["tables"], {"schema": self._schema})]

    def _kinds(self, table: Table) -> dict[str, str]:
        found = self._asked(_QUERIES["columns"], {"table": f"{self._schema}.{table.name}"})
        return {str(name): str(kind) for name, kind in found}

    def _asked(self, statement: str, values: Mapping[str, object] | None = None) -> list[Row]:
        cursor = self._db.execute(translated(statement).encode(), values or {})
        return cursor.fetchall() if cursor.description else []


def _without_nul(row: Row, table: Table) -> Row:
    """Return the row; PostgreSQL keeps no text in which there is an octet of zero.

    :raises WriteError: there is one.
    """
    if any(isinstance(value, str) and "\0" in value for value in row):
        raise WriteError(
            f"In {table.name} of this ledger a text has an octet of zero in it, which PostgreSQL cannot keep.",
            hint="The ledger was not moved. Please report this as a bug.",
        )
    return row
