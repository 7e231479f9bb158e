"""What the contact files hold, before it is enrolled: who is there twice, who shares an address, whose key is not one.

It is kept and sorted by SQLite in a file of its own, which has no name and goes with the run: a million recipients are
never all in memory, and nothing is known of the first one before the last one was given.

Of most rows there is nothing to find out, so they are kept as they come, many packed together. By digests of address
and key it is found which may belong with others, and those alone are laid out in columns and compared.
"""

from __future__ import annotations

import itertools
import marshal
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from types import TracebackType
from typing import Any, NamedTuple, Self

from notify.core.objection import Objection
from notify.core.record import record
from notify.ledger.given import FORM, IDENTITY, KEY, PERSON, SALUTATION, Given, Proof, Values, given_of, values_of
from notify.ledger.queries import read_queries

_QUERIES = read_queries("intake.sql")

#: So many are packed together, and written at once.
_AT_ONCE = 100
#: How many rows of a group are named; all are counted.
_NAMED = 10

#: The steps that find out whose address has changed, by the keys.
_MOVES = (
    *("find_holders", "index_holders", "index_held_keys", "find_sole_keys", "index_sole_keys", "index_sole_identities"),
    *("find_vacated", "find_moves", "index_moves", "index_movers", "tell_moves", "find_successors", "find_merged"),
)


class Known(NamedTuple):
    """A recipient whom an earlier enrolment has brought into the ledger.

    ``round``: the latest enrolment in which it was given. ``is_reached``: it was written to, or may have been.
    ``left_out`` is the identity that its row had when it was left out last, because it has moved, or its own when
    somebody else was left out there; empty when neither was. ``stood_at`` is one of those at which another recipient
    was written to: perhaps the one to whom the row belongs.
    """

    id: int
    key: str
    identity: str
    address: str
    name: str
    person: str
    origin: str
    round: int
    is_reached: bool
    left_out: str = ""
    stood_at: str = ""


@record(frozen=True, slots=True)
class Sharing:
    """What is done where several rows seem to mean the same: the settings of notify.toml.

    ``neutral``: an address that several people share is greeted neutrally, not as the first of them. ``once``: somebody
    who seems to have several addresses in several rows is written to at the first of them only.
    """

    neutral: bool = True
    once: bool = False


class Twin(Enum):
    """Why a row is not enrolled."""

    #: The address was given before.
    DUPLICATE = "duplicate"
    #: Probably the same person as in a row before, with another address.
    SAME_PERSON = "same person"
    #: The key was given before, with another address.
    KEY_TWICE = "key twice"
    #: Somebody who was written to, or may have been, at the address that stood there before.
    MOVED = "moved"
    #: The address was written to when it was somebody else's; who has it now was not.
    TAKEN_OVER = "taken over"


class Groups(Enum):
    """The kinds of groups of rows that a person should look at; the value is the query that finds them."""

    #: Several people, one address.
    SHARED_ADDRESS = "shared_addresses"
    #: One address in several rows.
    REPEATED_ROWS = "repeated_rows"
    #: One person, several addresses, in several rows.
    SAME_PERSON = "same_people"
    #: One key, several addresses.
    KEY_TWICE = "keys_twice"


@record(frozen=True, slots=True)
class Member:
    """One row of a group."""

    origin: str
    name: str
    address: str


@record(frozen=True, slots=True)
class Group:
    """Rows that belong together: what they have in common, the first few of them, and how many there are."""

    kind: Groups
    mark: str
    members: tuple[Member, ...]
    rows: int


@record(frozen=True, slots=True)
class Sorted:
    """A recipient after all were given; with why it is not enrolled, and the row it is the twin of.

    ``moved_from`` is the recipient of an earlier enrolment that its key names, if that had another address:
    ``old_address``. ``proof`` is the one that it was given with, None where it is greeted in another way by now.
    """

    given: Given
    twin: Twin | None
    other_origin: str
    moved_from: int | None = None
    old_address: str = ""
    proof: Proof | None = None


@record(frozen=True, slots=True)
class Pack:
    """Recipients who follow each other in the files: as they were taken in, and those of whom more was found out then.

    ``sorted``: these, by their places in ``taken``.
    """

    taken: Sequence[tuple[Values, Proof | None]]
    sorted: Mapping[int, Sorted]

    @property
    def plain(self) -> Sequence[tuple[Values, Proof]]:
        """All of them with their proofs, where of none more was found out than was known before; else nobody."""
        proved = [(values, proof) for values, proof in self.taken if proof]
        return () if self.sorted or len(proved) < len(self.taken) else proved

    def rows(self) -> Iterator[Sorted]:
        """Yield each."""
        for place, (values, proof) in enumerate(self.taken):
            yield self.sorted.get(place) or Sorted(given_of(values), None, "", proof=proof)


class Intake:
    """Takes in all recipients of the contact files, then sorts them. Use it in a ``with``."""

    def __init__(self) -> None:
        # without a name SQLite makes a file that nobody can open and that is gone when it is closed; the first
        # megabytes stay in memory (sqlite.org, "In-Memory Databases", 3)
        self._db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._added: list[tuple[Values, Proof | None]] = []
        # whether anybody is known by anything but the address
        self._has_keys = False
        self._db.execute("PRAGMA journal_mode = OFF")
        self._take("packs", "digests", "given", "objections", "known")
        self._db.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    def add(self, given: Given) -> None:
        """Take in one recipient."""
        self.add_values(values_of(given))

    def add_values(self, values: Values, proof: Proof | None = None) -> None:
        """Take in one recipient, as :func:`values_of` told it."""
        self._added.append((values, proof))
        if len(self._added) >= _AT_ONCE:
            self._write()

    def _write(self) -> None:
        """Write those who were added."""
        self._db.execute(_QUERIES["pack"], (marshal.dumps(self._added),))
        marks = [(hash(values[IDENTITY]), hash(values[KEY])) for values, _ in self._added]
        self._db.executemany(_QUERIES["digest"], marks)
        self._has_keys = self._has_keys or any(values[IDENTITY] != values[KEY] for values, _ in self._added)
        self._added.clear()

    def object(self, identity: str, objection: Objection, *, leaves_out: bool) -> None:
        """Take note of what a row, whatever becomes of it, says against an address; it holds for all rows with it.

        :param leaves_out: the address is not written to because of it.
        """
        against = objection.against
        values = {"identity": identity, "digest": hash(identity), "against": against, "reason": objection.reason}
        self._db.execute(_QUERIES["object"], values | {"weight": against.weight, "leaves_out": leaves_out})

    def sort(self, sharing: Sharing, known: Iterable[Known] = ()) -> None:
        """Find out, after all were added, who is there twice. Only then :meth:`rows` and :meth:`groups` can tell.

        :param known: whom earlier enrolments have brought in. Nothing depends on the order of the rows but which of
            several that are the same is enrolled.
        """
        self._write()
        is_anybody_known = False
        if self._has_keys or sharing.once:
            is_anybody_known = self._db.executemany(_QUERIES["know"], known).rowcount > 0
            self._take("index_known_identities")
        # who was known before may belong with any row, and so may a person
        self._lay_out("all_rows" if is_anybody_known or sharing.once else "rows_that_may_belong_together")
        self._take("index_identities", "find_duplicates")
        if self._has_keys:
            self._take("index_keys", "find_keys_twice")
        if sharing.once:
            self._take("index_people", "index_known_people", "find_reached_people", "find_same_people")
        if self._has_keys and is_anybody_known:
            self._take(*_MOVES)
        if sharing.neutral:
            self._take("greet_neutrally")
        # what speaks against an address is joined to those alone who are to be enrolled, when all others are known
        self._take("ask_for_all_rows", "join_objections")

    def _lay_out(self, which: str) -> None:
        """Lay out in columns the rows whose numbers a query tells."""
        numbers = self._db.execute(_QUERIES[which], {"has_keys": self._has_keys})
        for pack, these in itertools.groupby(numbers, key=lambda row: (row["number"] - 1) // _AT_ONCE):
            (packed,) = self._db.execute(_QUERIES["packed"], (pack + 1,)).fetchone()
            rows = marshal.loads(packed)  # noqa: S302  # this object has packed them
            laid = [(number, *rows[(number - 1) % _AT_ONCE][0]) for (number,) in these]
            self._db.executemany(_QUERIES["lay_out"], laid)

    def _lay_out_same_people(self) -> None:
        """Lay out those too who may be somebody whom another row is about."""
        self._take("people")
        taken = itertools.chain.from_iterable(pack.taken for pack in self.packs())
        people = ((number, values[PERSON]) for number, (values, _) in enumerate(taken, start=1))
        self._db.executemany(_QUERIES["person"], ((number, hash(person)) for number, person in people if person))
        self._lay_out("rows_of_same_people")
        self._take("index_people")

    def _take(self, *steps: str) -> None:
        for step in steps:
            self._db.execute(_QUERIES[step])

    def rows(self) -> Iterator[Sorted]:
        """Yield everybody in the order in which they were added."""
        return itertools.chain.from_iterable(pack.rows() for pack in self.packs())

    def packs(self) -> Iterator[Pack]:
        """Yield the same, some at a time."""
        laid_out = self._db.cursor()
        laid_out.row_factory = None
        laid_out.execute(_QUERIES["sorted"])
        number, *found = next(laid_out, _NONE)
        for at, packed in enumerate(self._db.execute(_QUERIES["all_packed"])):
            taken = marshal.loads(packed["rows"])  # noqa: S302  # this object has packed them
            begin, more = at * _AT_ONCE + 1, dict[int, Sorted]()
            while begin <= number < begin + len(taken):
                values, proof = taken[number - begin]
                is_greeted_as_given = (found[SALUTATION], found[FORM]) == (values[SALUTATION], values[FORM])
                more[number - begin] = _sorted(found, proof if is_greeted_as_given else None)
                number, *found = next(laid_out, _NONE)
            yield Pack(taken, more)

    def groups(self, kind: Groups) -> Iterator[Group]:
        """Yield the groups of a kind, in the order of their first rows."""
        if kind is Groups.SAME_PERSON:
            self._lay_out_same_people()
        rows = self._db.execute(_QUERIES[kind.value])
        for mark, members in itertools.groupby(rows, key=lambda row: str(row["mark"])):
            yield _group(kind, mark, members)


def _group(kind: Groups, mark: str, rows: Iterable[sqlite3.Row]) -> Group:
    named: list[Member] = []
    number = 0
    for number, row in enumerate(rows, start=1):
        if number <= _NAMED:
            named.append(Member(row["origin"], row["name"], row["address"]))
    return Group(kind, mark, tuple(named), number)


def _sorted(row: Sequence[Any], proof: Proof | None) -> Sorted:
    """Return a row that was laid out."""
    *values, became, other_origin, moved_from, old_address = row
    return Sorted(given_of(values), Twin(became) if became else None, other_origin, moved_from, old_address, proof)


#: In the place of a row that was laid out, when there is no more.
_NONE = (0,)
