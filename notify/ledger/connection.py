"""What the room uses of an open database: as much of :mod:`sqlite3` as both kinds of ledger give.

For annotations only; at run time they are sqlite3's own classes, or those of :mod:`notify.ledger.postgres`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

#: The values of a statement: by their names, or in their order.
Values = Mapping[str, Any] | Sequence[Any]


class Row(Protocol):
    """One row; its values by their names or their places, or all in their order."""

    def __getitem__(self, key: Any, /) -> Any:  # noqa: ANN401  # of whatever type the column is
        """Return one value."""
        ...

    def __iter__(self) -> Iterator[Any]:
        """Yield the values."""
        ...

    def keys(self) -> list[str]:
        """Return the names of the columns."""
        ...


class Cursor(Protocol):
    """What a statement has found, or how many rows it has changed."""

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""
        ...

    def __iter__(self) -> Iterator[Any]:
        """Yield the rows that are left."""
        ...

    def fetchone(self) -> Any:  # noqa: ANN401  # a row or None, as sqlite3 has it
        """Return the next row, or None."""
        ...

    def fetchall(self) -> list[Any]:
        """Return the rows that are left."""
        ...


class Connection(Protocol):
    """A connection inside a transaction."""

    def execute(self, statement: str, values: Values = ..., /) -> Cursor:
        """Run a statement."""
        ...

    def executemany(self, statement: str, values: Iterable[Values], /) -> Cursor:
        """Run a statement with one set of values after the other."""
        ...
