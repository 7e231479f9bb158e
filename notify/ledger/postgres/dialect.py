"""The statements of the room, as PostgreSQL and psycopg have them.

What must be said in another way stands in ``queries.sql`` of this package; of all others only the places for values,
and lists that come as JSON, are written anew.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from notify.core.late_pattern import late_pattern
from notify.core.shipped import shipped
from notify.ledger.queries import QUERIES, queries_in, read_queries

if TYPE_CHECKING:
    import re

#: Strings, comments and casts, in which nothing is a place for a value; and the places: ``:name`` and ``?``.
_PLACES = late_pattern(r"('(?:[^']|'')*')|--[^\n]*(?:\n|\Z)|(::)|:(\w+)|(\?)|(%)")
_LIST = late_pattern(r"(\(SELECT (?:value|CAST\(value AS bigint\)) )FROM json_each\((:\w+)\)\)")


def own_queries(filename: str) -> dict[str, str]:
    """Read a file of statements of this package, as :func:`~notify.ledger.queries.read_queries` does."""
    return queries_in(shipped(__package__, filename))


#: Statements in PostgreSQL's own words, by name.
OWN = own_queries("queries.sql")


@cache
def _by_text() -> dict[str, str]:
    """Return the statements in PostgreSQL's own words, by those of the room that they stand for."""
    room = read_queries("copies.sql") | QUERIES
    return {room[name]: statement for name, statement in OWN.items() if name in room}


@cache
def translated(statement: str) -> str:
    """Return a statement of the room as psycopg takes it."""
    own = _by_text().get(statement)
    if own is None:
        own = _LIST.sub(r"\1FROM jsonb_array_elements_text(CAST(\2 AS jsonb)) AS listed (value))", statement)
    return _PLACES.sub(_place, own).strip().rstrip(";")


def _place(found: re.Match[str]) -> str:
    text, cast, name, in_order, percent = found.groups()
    if text:
        return str(text).replace("%", "%%")
    if name:
        return f"%({name})s"
    return cast or ("%s" if in_order else "%%" if percent else "\n")
