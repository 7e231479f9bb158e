"""What tells the first row of a table that has no header from a header that nobody knows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from notify.contacts.address_columns import Holds, holds
from notify.contacts.cell_shapes import is_address, is_directory_entry, is_nothing, is_prefix, nearly_all
from notify.core.late_pattern import late_pattern

# anna!@example.com, anna@, @example.com: whatever is wrong with it, nobody calls a column so
_AT = late_pattern(r"\S@|@\S+\.\S")
# anna(at)example.com, www.example.com
_DOMAIN = late_pattern(r"\w\.[^\W\d_]{2,}/?$|\(at\)|\[at\]", re.IGNORECASE)
_ADDRESSES = (Holds.ADDRESSES, Holds.OF_PARENTS)


def signs_of_a_row(record: Sequence[str], below: Sequence[Sequence[str]]) -> int:
    """Return how many cells of a record look like those of a row; none where it names the column of the addresses.

    :param below: the records behind it.
    """
    others = [other for other in below if other != record]
    signs = 0
    for place, cell in enumerate(record):
        cells = [other[place] for other in others if place < len(other) and other[place]]
        addresses = sum(map(is_address, cells))
        addressed = addresses > 0 and 2 * addresses >= sum(not is_nothing(text) for text in cells) > 0
        if addressed and holds(cell) in _ADDRESSES:
            return 0
        signs += _is_of_a_row(cell, cells, addressed=addressed)
    return signs


def _is_of_a_row(cell: str, cells: Sequence[str], *, addressed: bool) -> bool:
    """Tell whether a cell is no name of a column, by the other cells of the column.

    :param addressed: these are addresses.
    """
    if "\n" in cell:
        return False  # it may be a header that has swallowed rows
    if addressed:
        return bool(is_nothing(cell) or _AT.search(cell) or _DOMAIN.search(cell) or is_directory_entry(cell))
    if not cell:
        return False
    if _AT.search(cell) or cell in cells:
        return True
    return (_is_number(cell) and nearly_all(cells, _is_number)) or (is_prefix(cell) and any(map(is_prefix, cells)))


def _is_number(cell: str) -> bool:
    """Tell whether a cell is a number, a date, a telephone number or the like."""
    return any(letter.isdigit() for letter in cell) and not any(letter.isalpha() for letter in cell)
