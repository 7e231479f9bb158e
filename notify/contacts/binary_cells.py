"""What the two binary kinds of workbooks share: how a number is packed, what an error is called, how a cell is shown.

The records are those of [MS-XLS], until 2007, and of [MS-XLSB], since then.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

from notify.contacts.number_format import general, shown
from notify.contacts.sheet_rows import TooLargeError

#: So many records without anything in them are no list of contacts: a million rows have a record each.
MOST_EMPTY = 3_000_000

#: [MS-XLS] 2.5.10
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}


def packed_number(packed: int) -> float:
    """Return a number that was packed into 32 bits ([MS-XLS] 2.5.122): a whole one, or the head of a long one."""
    if packed & 2:
        number = float((packed >> 2) - (1 << 30 if packed >> 31 else 0))
    else:
        number = float(struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))[0])
    return number / 100 if packed & 1 else number


def error_shown(code: int) -> str:
    """Return what stands in a cell whose formula came to nothing."""
    return _ERRORS.get(code, "#ERROR!")


def truth_shown(value: int) -> str:
    """Return what stands in a cell that is true or false."""
    return "TRUE" if value else "FALSE"


class NumberFormats:
    """Shows a number by the style of its cell."""

    __slots__ = ("_codes", "_since_1904")

    def __init__(self, codes: Sequence[str], *, since_1904: bool) -> None:
        """Take the format of each style.

        :param since_1904: days are counted from 1904-01-01.
        """
        self._codes, self._since_1904 = codes, since_1904

    def shown(self, number: float, style: int) -> str:
        """Return a number as its spreadsheet shows it."""
        code = self._codes[style] if style < len(self._codes) else "General"
        return general(number) if code == "General" else shown(number, code, since_1904=self._since_1904)


class Emptiness:
    """Counts the records of a sheet that bring nothing, so that a file of nothing else is not read for ever."""

    __slots__ = ("_many",)

    def __init__(self) -> None:
        """Begin with none."""
        self._many = 0

    def add(self, many: int = 1) -> None:
        """Count some.

        :raises TooLargeError: they are more than any list has.
        """
        self._many += many
        if self._many > MOST_EMPTY:
            raise TooLargeError
