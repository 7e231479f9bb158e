"""Rows as :mod:`sqlite3` gives them: values by their names or their places, or all in their order."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    import psycopg
    from psycopg.rows import RowMaker


class Row(tuple[Any, ...]):
    """The values of one row; of each kind of row there is a class of its own, which knows their places."""

    __slots__ = ()
    _places: ClassVar[dict[str, int]] = {}

    def __getitem__(self, key: Any, /) -> Any:  # noqa: ANN401  # of whatever type the column is
        if key.__class__ is str:
            return tuple.__getitem__(self, self._places[key])
        return tuple.__getitem__(self, key)

    def keys(self) -> list[str]:
        """Return the names of the columns."""
        return list(self._places)


def rows_by_name(cursor: psycopg.Cursor[Any]) -> RowMaker[Row]:
    """Return what makes a row of its values, for a cursor of psycopg's."""
    return _kind(tuple(column.name for column in cursor.description or ()))


def row_of(names: Sequence[str], values: Sequence[Any]) -> Row:
    """Return a row of these values, which have these names."""
    return _kind(tuple(names))(values)


@lru_cache(maxsize=256)
def _kind(names: Sequence[str]) -> type[Row]:
    return type("Row", (Row,), {"__slots__": (), "_places": {name: place for place, name in enumerate(names)}})
