"""The statements of the ledger, by name, and how moments stand in them."""

from __future__ import annotations

import datetime as dt
from functools import cache

from notify.core.shipped import shipped


def read_queries(filename: str) -> dict[str, str]:
    """Read a file of statements: each by the name in the ``-- name:`` line above it, in the order of the file."""
    return queries_in(shipped(__package__, filename))


def queries_in(text: str) -> dict[str, str]:
    """Return the statements of a text by their names, as they stand there."""
    named = (each.partition("\n") for each in f"\n{text}".split("\n-- name: ")[1:])
    return {name: statement.strip() for name, _, statement in named}


#: Every statement of queries.sql, by name.
QUERIES = read_queries("queries.sql")


@cache
def for_rows(query: str, rows: int) -> str:
    """Return the statement with this name for so many rows: the line below its ``VALUES`` stands there as often.

    One statement for ten rows takes less than ten statements, above all where a trigger watches.
    """
    before, values, rest = QUERIES[query].partition("VALUES\n")
    row, end, after = rest.partition("\n")
    return "".join([before, values, ",\n".join([row.rstrip(";")] * rows), end, after])


def as_text(moment: dt.datetime) -> str:
    """Return a moment as the ledger keeps it: UTC, with microseconds, so that it sorts as text."""
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")


def as_moment(text: str) -> dt.datetime:
    """Return a moment of the ledger as an aware datetime in UTC."""
    return dt.datetime.fromisoformat(text)
