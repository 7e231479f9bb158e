"""Old and binary workbooks of Excel, but small: for tests. Written from [MS-CFB], [MS-XLS] and [MS-XLSB]."""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

EXCEL_97, EXCEL_95 = 0x600, 0x500
_OWN = 164  # formats of a workbook's own have numbers from there on
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


class Formatted(NamedTuple):
    """A number with the format that its cell has; a day is one, too."""

    value: float
    code: str


Cell = str | float | bool | dt.date | Formatted | None
Sheets = Mapping[str, Sequence[Sequence[Cell]]]


_DAY = "yyyy-mm-dd"


def formatted(cell: Cell) -> Formatted:
    """Return a cell that holds a number with its format; a day is a number, too."""
    match cell:
        case Formatted():
            return cell
        case dt.date():
            return Formatted((cell - dt.date(1899, 12, 30)).days, _DAY)
        case int() | float():
            return Formatted(cell, "General")
    raise TypeError(cell)


def record(kind: int, body: bytes) -> bytes:
    """Return a record of an old workbook."""
    return struct.pack("<HH", kind, len(body)) + body


def letters(text: str, length: str = "<H") -> bytes:
    """Return a text as Excel 97 writes it: an octet for each letter, or two where one is not enough."""
    try:
        return struct.pack(length, len(text)) + b"\0" + text.encode("latin-1")
    except UnicodeEncodeError:
        wide = text.encode("utf-16-le")
        return struct.pack(length, len(wide) // 2) + b"\1" + wide


def xls(
    sheets: Sheets,
    *,
    hidden: Sequence[str] = (),
    hidden_rows: Sequence[int] = (),
    version: int = EXCEL_97,
    by_columns: bool = False,
    since_1904: bool = False,
    more: bytes = b"",
    book: bytes = b"",
) -> bytes:
    """Return an old workbook.

    :param hidden: the sheets that cannot be seen.
    :param hidden_rows: the numbers of rows that cannot be seen, as they stand beside them.
    :param by_columns: the cells stand in the order of their columns.
    :param more: records behind the cells of each sheet.
    :param book: records before the list of the sheets.
    """
    octets = xls_stream(
        sheets,
        hidden=hidden,
        hidden_rows=hidden_rows,
        version=version,
        by_columns=by_columns,
        since_1904=since_1904,
        more=more,
        book=book,
    )
    return compound(octets, "Workbook" if version == EXCEL_97 else "Book")


def xls_stream(
    sheets: Sheets,
    *,
    hidden: Sequence[str] = (),
    hidden_rows: Sequence[int] = (),
    version: int = EXCEL_97,
    by_columns: bool = False,
    since_1904: bool = False,
    more: bytes = b"",
    book: bytes = b"",
    shared: bytes = b"",
) -> bytes:
    """Return the records of an old workbook, without the file around them.

    :param shared: records behind the texts that cells share; it is said that there are as many as can be.
    """
    codes = _codes(sheets)
    is_new = version == EXCEL_97
    texts = _texts(sheets)
    first = _begin(5, version) + _formats(codes, is_new=is_new, since_1904=since_1904) + book
    texts_of_all = _shared(texts, many=0xFFFFFFFF if shared else len(texts)) + shared if is_new else b""
    parts = [
        _begin(0x10, version)
        + b"".join(record(0x208, struct.pack("<H10xH2x", row - 1, 0x20)) for row in hidden_rows)
        + b"".join(
            _xls_cell(*place, cell, codes, texts if is_new else None) for place, cell in _cells(rows, by_columns)
        )
        + more
        + record(0x0A, b"")
        for rows in sheets.values()
    ]
    names = [letters(name, "<B") if is_new else bytes([len(name)]) + name.encode("cp1252") for name in sheets]
    at = len(first + texts_of_all) + 4 + sum(10 + len(name) for name in names)
    for title, name, part in zip(sheets, names, parts, strict=True):
        first += record(0x85, struct.pack("<IBB", at, title in hidden, 0) + name)
        at += len(part)
    return first + texts_of_all + record(0x0A, b"") + b"".join(parts)


def compound(octets: bytes, name: str = "Workbook", *, shift: int = 9, is_small: bool = False) -> bytes:
    """Return a compound file with one stream.

    :param shift: 9 for sectors of 512 octets, 12 for 4,096.
    :param is_small: it is kept in small sectors, as a stream of less than 4,096 octets may be.
    """
    size = 1 << shift
    if not is_small:
        octets = octets.ljust(4096, b"\0")
    body = octets + bytes(-len(octets) % size)
    many = len(body) // size
    # the table, the directory, the table of small sectors, and then the stream
    tables = next(count for count in range(1, 1 << 20) if (count + 2 + many) * 4 <= count * size)
    numbers = [0xFFFFFFFD] * tables + [0xFFFFFFFE, 0xFFFFFFFE]
    numbers += [tables + 2 + number + 1 for number in range(many)]
    numbers[-1] = 0xFFFFFFFE
    table = struct.pack(f"<{len(numbers)}I", *numbers).ljust(tables * size, b"\xff")
    each = [*range(1, -(-len(octets) // 64)), 0xFFFFFFFE] if is_small else []
    small = struct.pack(f"<{len(each)}I", *each).ljust(size, b"\xff")
    begin = tables + 2
    directory = _entry("Root Entry", 5, begin if is_small else 0xFFFFFFFE, len(body) if is_small else 0)
    directory += _entry(name, 2, 0 if is_small else begin, len(octets))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, shift, 6)
    head += struct.pack("<II I4xI II II", 0, tables, tables, 4096, tables + 1, 1, 0xFFFFFFFE, 0)
    head += struct.pack("<109I", *range(tables), *[0xFFFFFFFF] * (109 - tables))
    return head.ljust(size, b"\0") + table + directory.ljust(size, b"\0") + small + body


def xlsb(
    sheets: Sheets,
    *,
    hidden: Sequence[str] = (),
    hidden_rows: Sequence[int] = (),
    since_1904: bool = False,
    more: bytes = b"",
    parts: Mapping[str, bytes] | None = None,
) -> bytes:
    """Return a binary workbook of today; the parameters are those of :func:`xls`.

    :param parts: others than would be written, by their names.
    """
    codes = _codes(sheets)
    texts = _texts(sheets)
    book = packed(153, struct.pack("<II", since_1904, 0) + wide(""))
    targets = {"rIdS": ("styles", "styles.bin"), "rIdT": ("sharedStrings", "sharedStrings.bin")}
    written = {}
    for number, (name, rows) in enumerate(sheets.items(), start=1):
        book += packed(156, struct.pack("<II", name in hidden, number) + wide(f"rId{number}") + wide(name))
        targets[f"rId{number}"] = ("worksheet", f"worksheets/sheet{number}.bin")
        written[f"xl/worksheets/sheet{number}.bin"] = _xlsb_sheet(rows, codes, texts, hidden_rows, more)
    styles = b"".join(packed(44, struct.pack("<H", _OWN + n) + wide(code)) for n, code in enumerate(codes))
    # the styles of styles come first, and are no styles of cells
    styles += packed(626, bytes(4)) + packed(47, struct.pack("<HH12x", 0, 9)) + packed(627, b"") + packed(617, bytes(4))
    styles += b"".join(packed(47, struct.pack("<HH12x", 0, n)) for n in [0, *range(_OWN, _OWN + len(codes))])
    listed = "".join(
        f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    return zipped(
        {
            "[Content_Types].xml": b"<Types/>",
            "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{_RELATIONS}">{listed}</Relationships>'.encode(),
            "xl/workbook.bin": book,
            "xl/styles.bin": styles + packed(618, b""),
            "xl/sharedStrings.bin": b"".join(packed(19, b"\0" + wide(text)) for text in texts),
            **written,
            **(parts or {}),
        }
    )


def packed(kind: int, body: bytes) -> bytes:
    """Return a record of a binary workbook of today."""
    number = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length, rest = b"", len(body)
    while rest >= 128:
        length += bytes([rest & 0x7F | 0x80])
        rest >>= 7
    return number + length + bytes([rest]) + body


def wide(text: str) -> bytes:
    """Return a text as such a workbook has it."""
    octets = text.encode("utf-16-le")
    return struct.pack("<I", len(octets) // 2) + octets


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """Return a zip file with these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        for name, octets in parts.items():
            book.writestr(zipfile.ZipInfo(name), octets, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _begin(kind: int, version: int) -> bytes:
    return record(0x809, struct.pack("<HHHH", version, kind, 0, 0))


def _formats(codes: Sequence[str], *, is_new: bool, since_1904: bool) -> bytes:
    """Return the records of the formats, and of a style for each."""
    octets = record(0x42, struct.pack("<H", 1200 if is_new else 1252)) + record(0x22, struct.pack("<H", since_1904))
    for number, code in enumerate(codes):
        text = letters(code) if is_new else bytes([len(code)]) + code.encode("cp1252")
        octets += record(0x41E, struct.pack("<H", _OWN + number) + text)
    numbers = [0, *range(_OWN, _OWN + len(codes))]
    return octets + b"".join(record(0xE0, struct.pack("<HH", 0, number) + bytes(16)) for number in numbers)


def _shared(texts: Iterable[str], many: int) -> bytes:
    """Return the records of the shared texts: none is longer than 8,224 octets."""
    bodies = [struct.pack("<II", many, many)]
    for text in map(letters, texts):
        if len(bodies[-1]) + len(text) > 8224:
            bodies.append(b"")
        bodies[-1] += text[:8224]
        # what does not fit goes on in others, each of which says how wide its letters are
        bodies += [text[2:3] + text[at : at + 8222] for at in range(8224, len(text), 8222)]
    return b"".join(record(0x3C if number else 0xFC, body) for number, body in enumerate(bodies))


def _codes(sheets: Sheets) -> list[str]:
    """Return the formats that these sheets need."""
    cells = [cell for rows in sheets.values() for row in rows for cell in row]
    return sorted({formatted(cell).code for cell in cells if cell is not None and not isinstance(cell, str)})


def _texts(sheets: Sheets) -> dict[str, int]:
    """Return the texts that cells share, each with its number."""
    found = {cell for rows in sheets.values() for row in rows for cell in row if isinstance(cell, str)}
    return {text: number for number, text in enumerate(sorted(found))}


def _style(cell: Cell, codes: Sequence[str]) -> int:
    return 0 if cell is None or isinstance(cell, str) else 1 + codes.index(formatted(cell).code)


def _cells(rows: Sequence[Sequence[Cell]], by_columns: bool) -> list[tuple[tuple[int, int], Cell]]:
    found = [((row, place), cell) for row, cells in enumerate(rows) for place, cell in enumerate(cells)]
    found = [one for one in found if one[1] is not None]
    return sorted(found, key=lambda one: one[0][1]) if by_columns else found


def _number(value: float) -> tuple[bool, bytes]:
    """Return whether a number can be packed, and its octets."""
    if value == int(value) and abs(value) < 1 << 29:
        return True, struct.pack("<i", int(value) << 2 | 2)
    return False, struct.pack("<d", value)


def _xls_cell(row: int, place: int, cell: Cell, codes: Sequence[str], texts: Mapping[str, int] | None) -> bytes:
    head = struct.pack("<HHH", row, place, _style(cell, codes))
    match cell:
        case bool():
            return record(0x205, head + bytes([cell, 0]))
        case str() if texts is not None:
            return record(0xFD, head + struct.pack("<I", texts[cell]))
        case str():
            return record(0x204, head + struct.pack("<H", len(cell)) + cell.encode("cp1252"))
        case None:
            return b""
        case _:
            is_packed, octets = _number(formatted(cell).value)
            return record(0x27E if is_packed else 0x203, head + octets)


def _xlsb_sheet(
    rows: Sequence[Sequence[Cell]], codes: Sequence[str], texts: Mapping[str, int], hidden: Sequence[int], more: bytes
) -> bytes:
    octets = bytearray(packed(129, b"") + packed(145, b""))
    for number, cells in enumerate(rows, start=1):
        octets += packed(0, struct.pack("<IIHBBB4x", number - 1, 0, 300, 0, 0x10 * (number in hidden), 0))
        octets += b"".join(_xlsb_cell(place, cell, codes, texts) for place, cell in enumerate(cells))
    return bytes(octets) + more + packed(146, b"") + packed(130, b"")


def _xlsb_cell(place: int, cell: Cell, codes: Sequence[str], texts: Mapping[str, int]) -> bytes:
    head = struct.pack("<II", place, _style(cell, codes))
    match cell:
        case bool():
            return packed(4, head + bytes([cell]))
        case str():
            return packed(7, head + struct.pack("<I", texts[cell]))
        case None:
            return packed(1, head)
        case _:
            is_packed, octets = _number(formatted(cell).value)
            return packed(2 if is_packed else 5, head + octets)


def _entry(name: str, kind: int, begin: int, length: int) -> bytes:
    octets = name.encode("utf-16-le") + b"\0\0"
    head = octets.ljust(64, b"\0") + struct.pack("<HBB3I", len(octets), kind, 1, *[0xFFFFFFFF] * 3)
    return head.ljust(116, b"\0") + struct.pack("<III", begin, length, 0)
