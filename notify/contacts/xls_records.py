"""The records of an old workbook ([MS-XLS] 2.1.4): which there are, and how they follow each other."""

from __future__ import annotations

import enum
import struct
from collections.abc import Iterator

from notify.contacts.binary_cells import Emptiness

#: The number of a record and its body.
Records = Iterator[tuple[int, bytes]]


class Record(enum.IntEnum):
    """The records that are asked for here, by their numbers ([MS-XLS] 2.3.2)."""

    FORMULA = 0x06
    EOF = 0x0A
    SINCE_1904 = 0x22
    LOCK = 0x2F
    CONTINUE = 0x3C
    CODE_PAGE = 0x42
    SHEET = 0x85
    #: Several packed numbers in a row.
    PACKED_MANY = 0xBD
    #: A text of several looks.
    RICH = 0xD6
    STYLE = 0xE0
    #: The texts that cells share, and the cell that has one of them.
    TEXTS = 0xFC
    SHARED = 0xFD
    NUMBER = 0x203
    LABEL = 0x204
    #: True, false, or an error.
    TRUTH = 0x205
    #: The text that a formula came to.
    RESULT = 0x207
    ROW = 0x208
    PACKED = 0x27E
    FORMAT = 0x41E
    BEGIN = 0x809


#: What begins a part; charts that are embedded may be older than the workbook.
BEGINS = frozenset({0x09, 0x209, 0x409, int(Record.BEGIN)})
#: Apple's Numbers writes those of Excel 3 and 4.
FORMULAS = frozenset({int(Record.FORMULA), 0x206, 0x406})
#: What holds cells.
CELLS = FORMULAS.union(
    (Record.PACKED_MANY, Record.RICH, Record.SHARED, Record.NUMBER, Record.LABEL, Record.TRUTH, Record.PACKED)
)
_END = int(Record.EOF)


def records(pieces: Iterator[bytes]) -> Records:
    """Yield the records of a stream, the number and the body of each."""
    rest = b""
    for piece in pieces:
        octets = rest + piece
        at, end = 0, len(octets)
        while at + 4 <= end:
            kind, length = struct.unpack_from("<HH", octets, at)
            behind = at + 4 + length
            if behind > end:
                break
            yield kind, octets[at + 4 : behind]
            at = behind
        rest = octets[at:]
    raise ValueError  # the part that was read has no end


def outermost(found: Records, empty: Emptiness) -> Records:
    """Yield the records of one part, without those of what is embedded in it, as charts are."""
    depth = 0
    for kind, body in found:
        depth += kind in BEGINS
        if depth == 1:
            if kind == _END:
                return
            yield kind, body
        else:
            empty.add()
        depth -= kind == _END
        if depth < 1:
            raise ValueError  # no part begins here
