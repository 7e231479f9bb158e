"""Which record of a table is its header.

Programs put titles and notes above the header, and people leave it out. A record with an address in it is never a
header.
"""

from __future__ import annotations

import functools
import itertools
from collections import Counter
from collections.abc import Collection, Sequence

from notify.contacts.address_columns import Holds, holds
from notify.contacts.cell_shapes import is_address
from notify.contacts.header import BROKEN, normal
from notify.contacts.row_signs import signs_of_a_row
from notify.contacts.vocabulary import names, vocabulary
from notify.core.finding import Finding, Severity
from notify.core.late_pattern import late_pattern
from notify.core.record import record

# contact1@localhost is an address as well: what matters is that nobody calls a column so
_ADDRESS = late_pattern(r"\w@\w")
_LONGEST = 60  # no column has a longer name
_SHORTEST_BROKEN = 5


@record(frozen=True, slots=True)
class Start:
    """Where a table begins: the ``place`` of its header among the records, or of its first row when it has none.

    ``known`` says how many names of the header are known.
    """

    place: int
    has_header: bool
    known: int = 0


def find_header(records: Sequence[Sequence[str]], called: Collection[str]) -> Start:
    """Find the header among the first records of a table; there is at least one.

    It is the first record with known names; else the first above all addresses that is as wide as a row. The title
    "E-Mail-Adressen" has one filled cell, and a header below it wins that has more names. What looks more like a row is
    one: "1 E-Mail" may be how somebody gets invoices, and then it stands there again and again.

    :param called: what notify.toml calls columns.
    """
    filled = [sum(map(bool, record)) for record in records]
    typical = sorted(filled)[(len(filled) - 1) // 2]
    wide = [2 * many > typical for many in filled]
    addressed = [has_address(record) for record in records]
    first_row = next((place for place in range(len(records)) if addressed[place] and wide[place]), len(records))
    above = [place for place in range(first_row) if not addressed[place]]
    own = {normal(name) for name in called}
    known = {place: _known(records[place], own) for place in above}
    best = max(known.values(), default=0)
    if best:
        candidates = [place for place in above if 2 * known[place] >= best]
        place = candidates[0]
        if filled[place] == 1 < typical:
            below = itertools.dropwhile(lambda other: filled[other] == 1, range(place, first_row))
            other = next(below, place)
            place = other if known.get(other, 0) > known[place] else place
        if signs_of_a_row(records[place], records[place + 1 :]) > known[place]:
            return Start(_first_row(wide, addressed), has_header=False)
        return Start(place, has_header=True, known=known[place])
    # an unknown header may be below titles, not below somebody's address
    unknown = [place for place in above if wide[place] and not any(addressed[:place])]
    # in a single column a title is as wide as the header, which stands directly above the rows
    place = unknown[-1 if typical == 1 and first_row < len(records) else 0] if unknown else -1
    if place < 0 or signs_of_a_row(records[place], records[place + 1 :]):
        return Start(_first_row(wide, addressed), has_header=False)
    return Start(place, has_header=True)


def _first_row(wide: Sequence[bool], addressed: Sequence[bool]) -> int:
    """Return the first record that may be a row."""
    return next(place for place, signs in enumerate(zip(wide, addressed, strict=True)) if any(signs))


def has_address(record: Sequence[str]) -> bool:
    """Tell whether a cell of a record has something like an address in it.

    One of several lines must be nothing but addresses: a stray quotation mark in a header makes rows a part of it.
    """
    return any("@" in cell and _ADDRESS.search(cell) and ("\n" not in cell or is_address(cell)) for cell in record)


def usual_width(records: Sequence[Sequence[str]]) -> int:
    """Return how many cells most of these records have."""
    return max(Counter(map(len, records)).items(), key=lambda item: (item[1], item[0]))[0]


def findings_on(start: Start, label: str, *, line: int, ignored: int, columns: int) -> tuple[Finding, ...]:
    """Return what a person should know about the header.

    :param label: the name of the file.
    :param line: where the table begins.
    :param ignored: how many lines above it are not read.
    :param columns: how many there are.
    """
    found = []
    top = "the header" if start.has_header else "the first row"
    if ignored:
        lines, are = ("line", "is") if ignored == 1 else ("lines", "are")
        what = f"{ignored} {lines} above {top} {are} not read"
        found.append(Finding("lines-above-header", Severity.INFO, label, what))
    if not start.has_header:
        called = f"column 1 to column {columns}" if columns > 1 else "column 1"
        what = f"there is no header: line {line} is read as a contact, and the columns are called {called}"
        found.append(Finding("no-header", Severity.WARNING, f"{label}:{line}", what))
    elif not start.known:
        what = f"line {line} is taken for the header, although none of its names is known"
        found.append(Finding("unknown-header", Severity.WARNING, f"{label}:{line}", what))
    return tuple(found)


def _known(record: Sequence[str], own: Collection[str]) -> int:
    return sum(_is_known(cell) or normal(cell) in own for cell in {*record} if 0 < len(cell) <= _LONGEST)


def _is_known(cell: str) -> bool:
    # of a short word with a letter missing, anything can be made
    if len(normal(cell)) < _SHORTEST_BROKEN and any(sign in cell for sign in BROKEN):
        return False
    return not _names().isdisjoint(names(cell)) or holds(cell) in (Holds.ADDRESSES, Holds.OF_PARENTS)


@functools.cache
def _names() -> frozenset[str]:
    known = vocabulary()
    return frozenset(name for listed in known.fields.values() for name in listed).union(
        *(rule.names for rule in known.beside)
    )
