"""Moves a ledger from one database to another, so that at every moment one of the two may be sent from, or none.

1. The source is locked: nobody changes it until the move ends. The target is marked as arriving and emptied.
2. Every table is copied, read back from the target, and compared: the number of rows and a digest.
3. The source is marked as moved, and refuses every use from now on. It holds what it held.
4. The target is marked as arrived: it is the ledger.

Killed before 3, the source is the ledger as before, and the next try begins anew; killed between 3 and 4, the next try
only takes step 4.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from enum import Enum
from typing import Protocol

from notify.core.record import record
from notify.errors import WriteError
from notify.ledger.marks import Mark, Stage, how_to_use
from notify.ledger.queries import as_text
from notify.ledger.tables import TABLES, Contents, Digest, Row, Table, contents_of


class Source(Protocol):
    """A database that a ledger is read from."""

    @property
    def label(self) -> str:
        """Its place, as users write it."""

    def columns(self, table: Table) -> Sequence[str]:
        """Return the columns of a table."""

    def rows(self, table: Table, columns: Sequence[str]) -> Iterator[Row]:
        """Yield all rows of a table in the order of its key; they are never all in memory."""


class Side(Source, Protocol):
    """One of the two databases of a move. Whoever moves holds both, so that no run sends meanwhile."""

    def mark(self) -> Mark | None:
        """Return its mark."""

    def is_there(self) -> bool:
        """Tell whether there is a ledger."""

    def is_empty(self) -> bool:
        """Tell whether nothing at all is kept in it."""

    def still(self) -> AbstractContextManager[None]:
        """Let nobody change it inside this ``with``; at its end what was done inside becomes durable."""

    def leave(self, mark: Mark) -> None:
        """Mark it as moved, and let nobody change it any more; inside of :meth:`still`."""

    def empty(self, mark: Mark) -> None:
        """Mark it as arriving, durably, and take everything out of it."""

    def fill(self, table: Table, columns: Sequence[str], rows: Iterable[Row]) -> None:
        """Put rows into a table."""

    def finish(self) -> None:
        """Make durable what was put in, with everything that serves to find it."""

    def arrive(self, mark: Mark) -> None:
        """Mark it as whole, durably: it is a ledger from now on."""


@record(frozen=True, slots=True)
class Copied:
    """A table that was copied, and compared."""

    table: str
    contents: Contents


class Step(Enum):
    """What is left of a move."""

    #: all of it
    COPY = "copy"
    #: only that the target is told that it is the ledger
    ARRIVE = "arrive"
    #: nothing
    NOTHING = "nothing"


@record(frozen=True, slots=True)
class Moved:
    """A move that has come to its end. ``tables`` are those that were copied now: none, if only the end was missing."""

    source: str
    target: str
    tables: tuple[Copied, ...]

    @property
    def what_to_write(self) -> str:
        """What the user is to write into notify.toml now."""
        return how_to_use(self.target)


def move(source: Side, target: Side, now: dt.datetime, told: Callable[[Copied], None]) -> Moved:
    """Move the ledger, or finish what an earlier try has begun.

    :param told: is called with each table when it is copied and compared.
    :raises WriteError: one of them is not what it should be, or cannot be written. The source is as it was.
    """
    step, tables = next_step(source, target), []
    if step is Step.COPY:
        name = secrets.token_hex(16)
        with source.still():
            target.empty(Mark(Stage.ARRIVING, name, source.label, as_text(now)))
            for copied in copy(source, target):
                tables.append(copied)
                told(copied)
            source.leave(Mark(Stage.MOVED, name, target.label, as_text(now)))
    if step is not Step.NOTHING:
        left = source.mark()
        assert left is not None  # noqa: S101  # it was written in the lines above, or by an earlier try
        target.arrive(Mark(Stage.ARRIVED, left.move, source.label, as_text(now)))
    return Moved(source.label, target.label, tuple(tables))


def copy(source: Source, target: Side) -> Iterator[Copied]:
    """Copy every table into an empty target, and yield each when it was read back and is the same.

    :raises WriteError: something is not the same.
    """
    for copied in transfer(source, target):
        (table,) = (table for table in TABLES if table.name == copied.table)
        found = contents_of(target.rows(table, _columns(source, target, table)))
        if found != copied.contents:
            raise WriteError(
                f"{target.label}: {table.name} is not what {source.label} holds: {found.rows:,} rows instead of "
                f"{copied.contents.rows:,}, or others.",
                hint="The ledger was not moved. Run it again; if it says the same, please report this as a bug.",
            )
        yield copied


def transfer(source: Source, target: Side) -> list[Copied]:
    """Copy every table into an empty target; return what the source holds."""
    sent = []
    for table in TABLES:
        digest = Digest()
        columns = _columns(source, target, table)
        target.fill(table, columns, digest.passing(source.rows(table, columns)))
        sent.append(Copied(table.name, digest.contents()))
    target.finish()
    return sent


def next_step(source: Side, target: Side) -> Step:
    """Tell what is left to be done to move one ledger into another place.

    :raises WriteError: the source is no ledger any more, or the target another one.
    """
    left, there = source.mark(), target.mark()
    if left is not None and left.refuses:
        if left.stage is Stage.MOVED and there is not None and there.move == left.move:
            return Step.ARRIVE if there.stage is Stage.ARRIVING else Step.NOTHING
        raise _not_from_here(source, left)
    if there is None or there.stage is Stage.ARRIVED:
        if target.is_empty():
            return Step.COPY
    elif there.stage is Stage.ARRIVING:
        if there.place == source.label:
            return Step.COPY
    elif left is not None and left.move == there.move:
        # back to where it came from
        return Step.COPY
    raise _another_ledger(target, there)


def _columns(source: Source, target: Source, table: Table) -> Sequence[str]:
    """Return the columns of a table that both have; one of the two may have more, which concern itself alone."""
    columns, others = {*source.columns(table)}, {*target.columns(table)}
    if columns <= others or others <= columns:
        return sorted(columns & others)
    some = ", ".join(sorted(columns ^ others))
    raise WriteError(
        f"{source.label} and {target.label} are of two versions: {table.name} has {some} in one of them only.",
        hint="Let the same notify open both, then run this again.",
    )


def _not_from_here(source: Side, mark: Mark) -> WriteError:
    if mark.stage is Stage.MOVED:
        return WriteError(
            f"{source.label}: this ledger was moved to {mark.place} on {mark.time[:10]}.",
            hint=f"Move it from there:  notify ledger move TO --from {mark.place}",
        )
    return WriteError(
        f"{source.label}: a ledger was to be moved here from {mark.place}, and that was not finished.",
        hint=f"Finish it first:  notify ledger move {source.label} --from {mark.place}",
    )


def _another_ledger(target: Side, mark: Mark | None) -> WriteError:
    if mark is not None and mark.refuses:
        what = "was moved to" if mark.stage is Stage.MOVED else "is being moved here from"
        return WriteError(
            f"{target.label}: there is another ledger, which {what} {mark.place}.",
            hint="Name a place where there is none. It was left as it is.",
        )
    return WriteError(
        f"{target.label}: there is another ledger already.",
        hint="Name a place where there is none. Two ledgers cannot be made one.",
    )
