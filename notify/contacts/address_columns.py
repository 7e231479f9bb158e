"""Which columns hold mail addresses of the contact, of what kind they are, and which of them is meant first."""

from __future__ import annotations

import enum
import functools
from collections.abc import Collection, Iterable, Sequence

from notify.contacts.vocabulary import meanings, vocabulary
from notify.core.contact import AddressCell
from notify.core.late_pattern import late_pattern
from notify.core.record import record

#: The fields of addresses, in the order in which they are written to.
ADDRESS_FIELDS = ("email", "email_2", "email_3")

_KINDS = ("work", "private")
_GLUED = late_pattern(r"(?P<before>\w*?)(?P<mail>e?mail)(?P<behind>\w*)")


class Holds(enum.Enum):
    """What stands below a header, as far as its words tell."""

    #: Addresses of the contact.
    ADDRESSES = enum.auto()
    #: Addresses of a child's parents.
    OF_PARENTS = enum.auto()
    #: Something that has to do with mail; the cells can tell.
    PERHAPS = enum.auto()
    #: Never an address of the contact: a type, a display name, a date, the address of somebody else.
    NEVER = enum.auto()
    #: Nothing that has to do with mail.
    NOTHING = enum.auto()


@record(frozen=True, slots=True)
class AddressColumn:
    """A column that may hold addresses.

    ``kind`` is ``work``, ``private`` or empty; ``label`` is the position of the column that tells the kind row by row,
    as in exports of Google; ``preferred`` is the one that the program, or notify.toml, calls the first.
    """

    position: int
    kind: str = ""
    preferred: bool = False
    label: int | None = None

    def cell(self, row: Sequence[str]) -> AddressCell:
        """Return the cell of a row, with the kind that the row tells."""
        text = row[self.position] if self.position < len(row) else ""
        if self.label is None:
            return AddressCell(text, self.kind, self.preferred)
        label = row[self.label] if self.label < len(row) else ""
        kind, starred = read_label(label)
        return AddressCell(text, kind or self.kind, self.preferred or starred)


@functools.lru_cache(maxsize=4096)
def holds(header: str) -> Holds:
    """Tell what stands below a header."""
    lists = vocabulary().words
    found = Holds.NOTHING
    for reading in map(_unglued, meanings(header)):
        if "".join(reading) in _names():
            return Holds.ADDRESSES
        if not lists["mail.mail"].intersection(reading):
            continue
        if lists["mail.never"].intersection(reading):
            return Holds.NEVER
        if all(_is_count(word) or word in _understood() for word in reading):
            return Holds.OF_PARENTS if lists["mail.parents"].intersection(reading) else Holds.ADDRESSES
        found = Holds.PERHAPS
    return found


def called_addresses(headers: Sequence[str], known: Iterable[int], passed_over: Collection[int]) -> list[int]:
    """Return the columns that are called addresses of the contact; those of parents where there are no others.

    :param known: columns of addresses, whatever they are called.
    :param passed_over: columns that do not hold what they are called.
    """
    held = {place: holds(header) for place, header in enumerate(headers) if place not in passed_over}
    own = Holds.ADDRESSES in held.values() or any(held.get(place) is not Holds.OF_PARENTS for place in known)
    meant = Holds.ADDRESSES if own else Holds.OF_PARENTS
    return [place for place, found in held.items() if found is meant]


def address_columns(
    headers: Sequence[str], positions: Iterable[int], chosen: int | None = None
) -> tuple[AddressColumn, ...]:
    """Describe the columns that hold addresses.

    :param positions: those columns.
    :param chosen: the one that notify.toml names; it is preferred before all others.
    """
    return tuple(
        AddressColumn(
            position,
            kind_of(headers[position]),
            preferred=_has(headers[position], "mail.first") if chosen is None else position == chosen,
            label=_label_of(headers, position),
        )
        for position in positions
    )


def in_order(headers: Sequence[str], positions: Iterable[int]) -> list[int]:
    """Return address columns in the order in which they are written to: the first, by number, at work, at home."""
    return sorted(positions, key=lambda position: (*_rank(headers[position]), headers[position], position))


@functools.lru_cache(maxsize=4096)
def kind_of(text: str) -> str:
    """Return ``work`` or ``private`` where a header or a label says so, else an empty string."""
    found = [kind for kind in _KINDS if _has(text, f"mail.{kind}")]
    return found[0] if len(found) == 1 else ""


@functools.lru_cache(maxsize=1024)
def read_label(cell: str) -> tuple[str, bool]:
    """Return the kind that a label tells, and whether it is starred: Google writes ``* Work`` for the first."""
    return (kind_of(cell), cell.lstrip().startswith("*")) if cell else ("", False)


def _rank(header: str) -> tuple[bool, int, bool, bool]:
    number = next((int(word) for reading in meanings(header)[:1] for word in reading if _is_count(word)), 1)
    later = 3 if _has(header, "mail.third") else 2 if _has(header, "mail.second") else 1
    return not _has(header, "mail.first"), max(number, later), kind_of(header) == "private", kind_of(header) == ""


def _is_count(word: str) -> bool:
    return word.isdecimal() and len(word) < 3


def _label_of(headers: Sequence[str], position: int) -> int | None:
    """Find the column with the labels of an address column: E-mail 1 - Label, E-Mail-Kategorie."""
    subjects = _subjects(headers[position])
    labels = (place for place, header in enumerate(headers) if place != position and _has(header, "mail.label"))
    return next((place for place in labels if subjects & _subjects(headers[place])), None)


@functools.lru_cache(maxsize=4096)
def _subjects(header: str) -> frozenset[frozenset[str]]:
    """Return what tells apart the address columns of a file, in each of its readings: mail and private, mail and 2."""
    lists = vocabulary().words
    silent = lists["mail.mail"] | lists["mail.plain"] | lists["mail.label"]
    return frozenset(
        frozenset(reading) - silent
        for reading in map(_unglued, meanings(header))
        if lists["mail.mail"].intersection(reading)
    )


def _has(header: str, words: str) -> bool:
    listed = vocabulary().words[words]
    return any(listed.intersection(_unglued(reading)) for reading in meanings(header))


def _unglued(reading: tuple[str, ...]) -> tuple[str, ...]:
    """Take apart what is written as one word: Geschäftsmail, EMailtyp."""
    found: list[str] = []
    for word in reading:
        parts = _GLUED.fullmatch(word) if word not in _understood() else None
        pieces = [piece for piece in parts.groups() if piece] if parts else [word]
        found += pieces if all(piece in _understood() or piece in _never() for piece in pieces) else [word]
    return tuple(found)


def _never() -> frozenset[str]:
    return vocabulary().words["mail.never"]


@functools.cache
def _understood() -> frozenset[str]:
    """Return the words of which headers of address columns are made."""
    keys = ("mail", "plain", "first", "second", "third", "parents", *_KINDS)
    return frozenset().union(*(vocabulary().words[f"mail.{key}"] for key in keys))


@functools.cache
def _names() -> frozenset[str]:
    return frozenset(name for field in ADDRESS_FIELDS for name in vocabulary().fields[field])
