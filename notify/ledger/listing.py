"""A list of everybody that is looked at in parts, in any order, and searched: what a page shows of a large campaign.

It is kept by SQLite in a file of its own, which has no name and goes with the program, as that of
:mod:`notify.ledger.intake` is: a million recipients are never all in memory.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from notify.core.record import record
from notify.ledger.queries import read_queries

_QUERIES = read_queries("listing.sql")
#: So many answers to a search are kept: each is asked for again with every part of the list that is looked at.
_KEPT = 8


@record(frozen=True, slots=True)
class Listed:
    """One line of the list. ``words`` are what it is found by, in small letters; ``kept`` is JSON of its owner's.

    ``cohort`` and ``flags`` are what was marked later.
    """

    number: int
    key: str
    identity: str
    name: str
    address: str
    note: str
    words: str
    kept: str
    cohort: int | None = None
    flags: tuple[str, ...] = ()


class Listing:
    """The list. Its methods may be called from several threads."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode = OFF")
        for table in ("create", "create_marks"):
            self._db.execute(_QUERIES[table])
        self._lock = threading.Lock()
        self._wanted = lru_cache(_KEPT)(self._numbers)
        #: How many there are.
        self.total = 0

    def close(self) -> None:
        """Give the file back."""
        with self._lock:
            self._db.close()

    def fill(self, listed: Iterable[Listed]) -> None:
        """Take in everybody, in the order of the list, which counts from 0."""
        with self._lock:
            self._db.execute("BEGIN")
            self._db.executemany(_QUERIES["add"], self._counted(listed))
            self._db.execute(_QUERIES["index_keys"])
            self._db.execute("COMMIT")

    def _counted(self, listed: Iterable[Listed]) -> Iterator[dict[str, object]]:
        for one in listed:
            yield {name: getattr(one, name) for name in _GIVEN}
            self.total += 1

    def mark(self, marks: Iterable[tuple[int, int | None, Sequence[str]]]) -> None:
        """Write down of each number its cohort, and the names of what was noticed."""
        values = [
            {"number": number, "cohort": cohort, "flags": "".join(f"|{flag}|" for flag in flags)}
            for number, cohort, flags in marks
        ]
        with self._lock:
            self._db.execute("BEGIN")
            self._db.executemany(_QUERIES["mark"], values)
            self._db.execute("COMMIT")
            self._wanted.cache_clear()

    def forget_marks(self) -> None:
        """Forget what was marked: everything is looked at anew."""
        with self._lock:
            self._db.execute(_QUERIES["forget_marks"])
            self._wanted.cache_clear()

    def wanted(self, words: str = "", cohort: int | None = None, flag: str = "") -> Sequence[int]:
        """Return the numbers of those who have all these words, are of the cohort, and have the flag."""
        if not (words.strip() or flag) and cohort is None:
            return range(self.total)
        with self._lock:
            return self._wanted(tuple(words.casefold().split()), cohort, flag)

    def some(self, numbers: Sequence[int]) -> list[Listed]:
        """Return these lines, in the order of the list."""
        with self._lock:
            rows = self._db.execute(_QUERIES["some"], {"numbers": json.dumps(list(numbers))}).fetchall()
        return [_listed(row) for row in rows]

    def one(self, number: int) -> Listed | None:
        """Return one line; None where there is none of this number."""
        return next(iter(self.some([number])), None)

    def number_of(self, key: str) -> int | None:
        """Return the number of the line that has this key; None where there is none."""
        with self._lock:
            row = self._db.execute(_QUERIES["of_key"], {"key": key}).fetchone()
        return int(row["number"]) if row else None

    def _numbers(self, words: tuple[str, ...], cohort: int | None, flag: str) -> Sequence[int]:
        values = {"words": json.dumps(words), "cohort": cohort, "flag": f"|{flag}|" if flag else ""}
        return array("L", (row["number"] for row in self._db.execute(_QUERIES["wanted"], values)))


_GIVEN = ("number", "key", "identity", "name", "address", "note", "words", "kept")


def _listed(row: sqlite3.Row) -> Listed:
    flags = tuple(filter(None, row["flags"].split("|")))
    return Listed(**{name: row[name] for name in _GIVEN}, cohort=row["cohort"], flags=flags)
