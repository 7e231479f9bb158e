"""Workbooks of Excel, old and binary, that are made to take all time or all memory."""

from __future__ import annotations

import struct
from collections.abc import Callable

from notify.contacts.binary_cells import MOST_EMPTY
from tests.unit.contacts.binary_workbooks import compound, letters, packed, record, wide, xls_stream, xlsb, zipped

PEOPLE = [["E-Mail", "Ort"], ["a@example.com", "Bonn"]]
MANY = 10_000_000  # a record takes four octets or more, two in a binary workbook of today
FEW = MOST_EMPTY
BEGIN, BEGIN_SHEET = (record(0x809, struct.pack("<HHHH", 0x600, kind, 0, 0)) for kind in (5, 0x10))
END = record(0x0A, b"")
EMPTY = record(0x201, b"")


def old(more: bytes = b"", *, shared: bytes = b"", book: bytes = b"") -> bytes:
    """Return a workbook with two rows, and behind them other records."""
    return compound(xls_stream({"Kunden": PEOPLE}, more=more, shared=shared, book=book), shift=12)


def cell(row: int, place: int, number: int = 7) -> bytes:
    """Return a cell with a number."""
    return record(0x27E, struct.pack("<HHHi", row, place, 0, number << 2 | 2))


def patched(octets: bytes, at: int, number: int) -> bytes:
    """Return a file with another number of 32 bits in a place."""
    return octets[:at] + struct.pack("<I", number) + octets[at + 4 :]


def circle(octets: bytes) -> bytes:
    """Return a compound file whose stream comes back to where it began."""
    table = 512
    first = struct.unpack_from("<I", octets, 512 * (1 + struct.unpack_from("<I", octets, 48)[0]) + 128 + 116)[0]
    return patched(octets, table + 4 * (first + 2), first)


def embedded() -> bytes:
    """Return a workbook of many sheets, each of which holds all those behind it."""
    many, name = 4000, letters("x", "<B")
    first = len(BEGIN) + (10 + len(name)) * many + len(END)
    listed = [record(0x85, struct.pack("<IBB", first + n * len(BEGIN_SHEET), 0, 0) + name) for n in range(many)]
    return BEGIN + b"".join(listed) + END + BEGIN_SHEET * many + EMPTY * 100_000 + END * many


def today(more: bytes = b"", **parts: bytes) -> bytes:
    """Return a binary workbook of today with two rows, behind them other records, and other parts."""
    return xlsb({"Kunden": PEOPLE}, more=more, parts={f"xl/{name}.bin": octets for name, octets in parts.items()})


def row(number: int) -> bytes:
    """Return the beginning of a row of such a workbook."""
    return packed(0, struct.pack("<IIHBBB4x", number, 0, 300, 0, 0, 0))


#: By name; the suffix says nothing.
WORKBOOKS: dict[str, Callable[[], bytes]] = {
    "records without number.xls": lambda: old(EMPTY * MANY),
    "records just about.xls": lambda: old(EMPTY * (FEW - 100)),
    "cells of nothing.xls": lambda: old(
        b"".join(record(0xBE, struct.pack("<HH", n, 0) + bytes(512) + b"\xff\0") for n in range(2, 65_536))
    ),
    "cells of nothing, one by one.xls": lambda: old(record(0x201, bytes(6)) * (MANY // 2)),
    "the last cell.xls": lambda: old(cell(65_535, 255)),
    "a cell behind the last.xls": lambda: old(cell(2, 65_535)),
    "the same cell.xls": lambda: old(cell(2, 1) * (MANY // 3)),
    "cells without order.xls": lambda: old((cell(9, 1) + cell(3, 1)) * (MANY // 6)),
    "packed cells without order.xls": lambda: old(
        b"".join(record(0xBD, struct.pack("<HH", n, 0) + bytes(6 * 256) + b"\xff\0") for n in [*range(30_000, 0, -1)])
    ),
    "texts without number.xls": lambda: old(shared=record(0x3C, bytes(8220)) * 5000),
    "texts without end.xls": lambda: old(
        shared=record(0x3C, b"\xff\xff\1") + record(0x3C, b"\1" + bytes(8222)) * 12_000
    ),
    "a formula's text without end.xls": lambda: old(
        (
            record(0x06, struct.pack("<HHH8s", 1, 1, 0, b"\0\0\0\0\0\0\xff\xff") + bytes(8))
            + record(0x207, b"\xff\xff\0")
            + record(0x3C, b"\0x") * 60_000
        )
        * 40
    ),
    "formats without number.xls": lambda: old(book=record(0x41E, b"\xff\0" + letters("0")) * (MANY // 2)),
    "styles without number.xls": lambda: old(book=record(0xE0, bytes(4)) * MANY),
    "sheets without number.xls": lambda: old(book=record(0x85, bytes(6) + letters("x", "<B")) * (MANY // 2)),
    "a format without end.xls": lambda: old(
        b"".join(record(0x27E, struct.pack("<HHHi", n, 1, 1, 30)) for n in range(2, 60_000)),
        book=record(0x41E, b"\xff\0" + letters("0" * 60_000)) + record(0xE0, b"\0\0\xff\0"),
    ),
    "parts in parts.xls": lambda: old(BEGIN_SHEET * (MANY // 4)),
    "parts in parts that end.xls": lambda: old(BEGIN_SHEET * (MANY // 8) + END * (MANY // 8)),
    "sheets in sheets.xls": lambda: compound(embedded(), shift=12),
    "cut off.xls": lambda: old(cell(3, 1) * 2000)[:-8192],
    "a circle.xls": lambda: circle(compound(xls_stream({"Kunden": PEOPLE}, more=EMPTY * 20_000))),
    "a circle in the table.xls": lambda: patched(patched(old(), 44, 1 << 16), 68, 0) + bytes(50_000_000),
    "a circle in the folder.xls": lambda: (
        (octets := compound(xls_stream({"Kunden": PEOPLE}), shift=9))[:512]
        + patched(
            octets[512:1024], 4 * struct.unpack_from("<I", octets, 48)[0], struct.unpack_from("<I", octets, 48)[0]
        )
        + octets[1024:]
    ),
    "a circle of small sectors.xls": lambda: patched(
        compound(xls_stream({"Kunden": PEOPLE}), is_small=True), 512 * 3 + 4, 0
    ),
    "a table of itself.xls": lambda: patched(old(), 44, 0x7FFFFFFF),
    "four gigabytes of it.xls": lambda: patched(
        octets := old(), 4096 * (1 + struct.unpack_from("<I", octets, 48)[0]) + 128 + 120, 0xFFFFFFFF
    ),
    "records without number.xlsb": lambda: today(packed(1, b"") * 3 * MANY),
    "records just about.xlsb": lambda: today(packed(1, b"") * (FEW - 100)),
    "cells of nothing.xlsb": lambda: today(packed(1, bytes(8)) * (MANY // 2)),
    "rows of nothing.xlsb": lambda: today(b"".join(row(2 + n % 1_000_000) for n in range(FEW // 2))),
    "a row behind the last.xlsb": lambda: today(row(1 << 20)),
    "the last cell.xlsb": lambda: today(row((1 << 20) - 1) + packed(2, struct.pack("<IIi", 16_383, 0, 30))),
    "a cell behind the last.xlsb": lambda: today(packed(2, struct.pack("<IIi", 16_384, 0, 30))),
    "a record without end.xlsb": lambda: today(b"\x06\xff\xff\xff\x7f" + bytes(60_000_000)),
    "a length without end.xlsb": lambda: today(b"\x06" + b"\xff" * 60_000_000),
    "a text that claims more.xlsb": lambda: today(packed(6, bytes(8) + b"\xfe\xff\xff\xff")),
    "texts without number.xlsb": lambda: today(sharedStrings=packed(19, bytes(5)) * (MANY - 1_000_000)),
    "texts without end.xlsb": lambda: today(sharedStrings=packed(19, b"\0" + wide("x" * 400_000)) * 80),
    "a bomb.xlsb": lambda: today(bytes(400_000_000)),
    "bombs side by side.xlsb": lambda: today(**{f"worksheets/sheet{n}": bytes(60_000_000) for n in range(2, 8)}),
    "formats without number.xlsb": lambda: today(
        styles=packed(617, b"") + packed(47, struct.pack("<HH", 0, 9)) * (MANY - 1_000_000)
    ),
    "sheets without number.xlsb": lambda: today(
        packed(1, b"") * 2_000_000,
        workbook=packed(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("Kunden")) * 100_000,
    ),
    "no parts.xlsb": lambda: zipped({"xl/workbook.bin": b""}),
}
