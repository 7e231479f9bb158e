"""The tables of a ledger, as they are copied from one database to another, and by what two copies are compared.

The canonical form of a row is a JSON array of its values in the order of the names of its columns, without blanks, in
UTF-8, on a line of its own. A text is a string, a whole number a number, octets are ``{"octets":"…"}`` in hexadecimal,
and yes and no are 1 and 0, as SQLite keeps them. The digest of a table is the SHA-256 of its lines in the order of its
key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from itertools import islice
from json import JSONEncoder

from notify.core.record import record

#: The values of a row, as SQLite gives them.
Row = tuple[object, ...]


@record(frozen=True, slots=True)
class Table:
    """A table. ``key``: the columns by which its rows are in one order, the same in every database."""

    name: str
    key: tuple[str, ...]


#: Every table that is the ledger's truth, each behind those to which it refers. Who holds the ledger concerns its place
#: alone, and the arrows are the program's.
TABLES = (
    Table("campaign", ("number",)),
    Table("version", ("campaign", "number")),
    Table("recipient", ("id",)),
    Table("rejection", ("campaign", "origin", "reason")),
    Table("enrolment", ("campaign",)),
    Table("attempt", ("id",)),
    Table("code", ("recipient",)),
    Table("call", ("id",)),
    Table("approval", ("id",)),
    Table("probe", ("id",)),
    Table("suppression", ("identity",)),
)

#: How many rows are hashed at a time.
_PAGE = 500

_encode = JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), default=lambda octets: {"octets": bytes(octets).hex()}
).encode


@record(frozen=True, slots=True)
class Contents:
    """What a table holds: how many rows, and their digest in hexadecimal."""

    rows: int
    digest: str


class Digest:
    """Reads rows as they pass."""

    def __init__(self) -> None:
        self._rows = 0
        self._hash = hashlib.sha256()

    def passing(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield the rows as they are."""
        source = iter(rows)
        while page := [*islice(source, _PAGE)]:
            self._rows += len(page)
            self._hash.update("".join([f"{_encode(row)}\n" for row in page]).encode())
            yield from page

    def contents(self) -> Contents:
        """Return what has passed."""
        return Contents(self._rows, self._hash.hexdigest())


def contents_of(rows: Iterable[Row]) -> Contents:
    """Return what a table of these rows holds."""
    digest = Digest()
    for _ in digest.passing(rows):
        pass
    return digest.contents()
