"""Binary workbooks of Excel since 2007: zip files of records ([MS-XLSB]), read row by row, as Excel shows them."""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Callable, Generator, Iterator
from collections.abc import Set as AbstractSet
from contextlib import closing
from pathlib import Path

from notify.contacts.binary_cells import Emptiness, NumberFormats, error_shown, packed_number, truth_shown
from notify.contacts.number_format import BUILT_IN
from notify.contacts.package import Package
from notify.contacts.shared_texts import SharedTexts
from notify.contacts.sheet_rows import SheetName, SheetRow, TooLargeError, pieces, put
from notify.core.late_pattern import late_pattern

_Records = Generator[tuple[int, bytes], None, None]

_MAIN = late_pattern(r"xl/workbook\d*\.bin", re.IGNORECASE)

# the numbers of records, [MS-XLSB] 2.3.2
_ROW, _PACKED, _ERROR, _TRUTH, _NUMBER, _TEXT, _SHARED = 0, 2, 3, 4, 5, 6, 7
_FORMULA_TEXT, _FORMULA_NUMBER, _FORMULA_TRUTH, _FORMULA_ERROR, _RICH = 8, 9, 10, 11, 62
_SHARED_TEXT, _FORMAT, _STYLE, _BOOK, _SHEET = 19, 44, 47, 153, 156
_STYLES_BEGIN, _STYLES_END, _ROWS_BEGIN, _ROWS_END = 617, 618, 145, 146
_HIDDEN_ROW = 0x10
_MOST_ROWS = 1 << 20
# a text of 32,767 letters takes 64 KB
_LONGEST = 1 << 20
_CELLS = frozenset(
    {
        *(_PACKED, _ERROR, _TRUTH, _NUMBER, _TEXT, _SHARED, _RICH),
        *(_FORMULA_TEXT, _FORMULA_NUMBER, _FORMULA_TRUTH, _FORMULA_ERROR),
    }
)


class Xlsb:
    """An open workbook; see :class:`notify.contacts.sheet_rows.Workbook`."""

    def __init__(self, path: Path) -> None:
        """Read what its sheets share.

        :raises OSError: it cannot be read.
        :raises TooLargeError: it asks for more than a spreadsheet can hold.
        """
        self._path = path
        with zipfile.ZipFile(path) as archive:
            package = Package(archive, _MAIN)
            sheets, since_1904 = _read_book(archive, package.main)
            #: The sheets with cells, in their order.
            self.sheets = package.worksheets(sheets)
            shared, styles = package.find("sharedStrings.bin"), package.find("styles.bin")
            self._texts = _read_texts(archive, shared) if shared else []
            codes = _read_codes(archive, styles) if styles else []
        self._formats = NumberFormats(codes, since_1904=since_1904)
        self._hidden: dict[str, bool] = {}

    def rows(self, sheet: SheetName) -> Iterator[SheetRow]:
        """Read the rows of a sheet that have cells, each time anew."""
        reader = _Reader(self._texts, self._formats)
        number, cells, is_hidden = -1, list[str](), False
        for kind, body in self._cells(sheet):
            if kind != _ROW:
                reader.read(kind, body, cells)
                continue
            if cells:
                yield SheetRow(number + 1, cells, is_hidden)
            number, cells, is_hidden = struct.unpack_from("<I", body)[0], [], _is_hidden(body)
            if number >= _MOST_ROWS:
                raise TooLargeError
        if cells:
            yield SheetRow(number + 1, cells, is_hidden)

    def may_hide_rows(self, sheet: SheetName) -> bool:
        """Tell whether a row of it is hidden."""
        if sheet.place not in self._hidden:
            self._hidden[sheet.place] = any(kind == _ROW and _is_hidden(body) for kind, body in self._cells(sheet))
        return self._hidden[sheet.place]

    def _cells(self, sheet: SheetName) -> Iterator[tuple[int, bytes]]:
        """Yield the records of a sheet that stand between its beginning and its end."""
        inside, empty = False, Emptiness()
        wanted = _CELLS | {_ROW, _ROWS_BEGIN, _ROWS_END}
        with zipfile.ZipFile(self._path) as archive, closing(_records(archive, sheet.place, wanted)) as found:
            for kind, body in found:
                if kind == _ROWS_END:
                    return
                if kind == _ROW:
                    empty.add()
                if inside:
                    yield kind, body
                inside |= kind == _ROWS_BEGIN
        if inside:
            raise ValueError  # the sheet has no end


class _Reader:
    """Reads the record of a cell, and puts what it shows in its place: its column, its style, and then its value."""

    def __init__(self, texts: list[str], formats: NumberFormats) -> None:
        self._texts, self._formats = texts, formats
        self._empty = Emptiness()
        self._readers: dict[int, Callable[[bytes], str]] = {
            _PACKED: lambda body: self._shown(packed_number(struct.unpack_from("<I", body, 8)[0]), body),
            _NUMBER: self._number,
            _FORMULA_NUMBER: self._number,
            _TEXT: lambda body: _text(body, 8),
            _FORMULA_TEXT: lambda body: _text(body, 8),
            _RICH: lambda body: _text(body, 9),
            _SHARED: lambda body: self._texts[struct.unpack_from("<I", body, 8)[0]],
            _TRUTH: lambda body: truth_shown(body[8]),
            _FORMULA_TRUTH: lambda body: truth_shown(body[8]),
            _ERROR: lambda body: error_shown(body[8]),
            _FORMULA_ERROR: lambda body: error_shown(body[8]),
        }

    def read(self, kind: int, body: bytes, cells: list[str]) -> None:
        """Read a cell of a row."""
        if text := self._readers[kind](body):
            put(cells, struct.unpack_from("<I", body)[0], text)
        else:
            self._empty.add()

    def _number(self, body: bytes) -> str:
        return self._shown(struct.unpack_from("<d", body, 8)[0], body)

    def _shown(self, number: float, body: bytes) -> str:
        return self._formats.shown(number, struct.unpack_from("<I", body, 4)[0] & 0xFFFFFF)


def _records(archive: zipfile.ZipFile, part: str, wanted: AbstractSet[int]) -> _Records:
    """Yield the records of a part that are wanted, the number and the body of each ([MS-XLSB] 2.1.4).

    :raises TooLargeError: one is larger than anything that is asked for here.
    """
    rest, empty = b"", Emptiness()
    with closing(pieces(archive, part)) as octets:
        for piece in octets:
            rest += piece
            at, end = 0, len(rest)
            while at + 2 <= end:
                kind, length, begin = rest[at], rest[at + 1], at + 2
                if (kind | length) & 0x80:
                    kind, length, begin = _head(rest, at)
                behind = begin + length
                if behind > end:
                    break
                at = behind
                if kind in wanted:
                    yield kind, rest[begin:behind]
                else:
                    empty.add()
            rest = rest[at:]
            if len(rest) > _LONGEST:
                raise TooLargeError
    if rest:
        raise ValueError


def _head(octets: bytes, at: int) -> tuple[int, int, int]:
    """Return the number of a record, its length, and where its body begins; behind the end where that is not there yet.

    Both are written in groups of seven bits, the lowest first; a length takes four of them at most.
    """
    kind = octets[at]
    if kind & 0x80:
        at += 1
        kind = kind & 0x7F | (octets[at] & 0x7F) << 7
    length = 0
    for number, octet in enumerate(octets[at + 1 : at + 5]):
        length |= (octet & 0x7F) << 7 * number
        if not octet & 0x80:
            return kind, length, at + 2 + number
    if len(octets) >= at + 5:
        raise ValueError
    return kind, 0, len(octets) + 1


def _is_hidden(row: bytes) -> bool:
    return bool(row[11] & _HIDDEN_ROW)


def _text(body: bytes, at: int) -> str:
    return _text_and_end(body, at)[0]


def _text_and_end(body: bytes, at: int) -> tuple[str, int]:
    """Return a text, and where it ends ([MS-XLSB] 2.5.168); of one that is not there the length is the largest."""
    (many,) = struct.unpack_from("<I", body, at)
    if many == 0xFFFFFFFF:
        return "", at + 4
    end = at + 4 + 2 * many
    if end > len(body):
        raise ValueError
    return body[at + 4 : end].decode("utf-16-le", "replace"), end


def _read_book(archive: zipfile.ZipFile, part: str) -> tuple[list[tuple[str, str, bool]], bool]:
    """Return the name of each sheet, its id and whether it can be seen; and whether days count from 1904."""
    sheets, since_1904 = [], False
    for kind, body in _records(archive, part, {_SHEET, _BOOK}):
        if kind == _SHEET:
            key, end = _text_and_end(body, 8)
            sheets.append((_text(body, end), key, body[:4] == bytes(4)))
        else:
            since_1904 = bool(body[0] & 1)
    return sheets, since_1904


def _read_texts(archive: zipfile.ZipFile, part: str) -> list[str]:
    found = SharedTexts()
    for _, body in _records(archive, part, {_SHARED_TEXT}):
        found.add(_text(body, 1))
    return found.texts


def _read_codes(archive: zipfile.ZipFile, part: str) -> list[str]:
    """Return the format of each style of cells."""
    codes, styles, inside = dict(BUILT_IN), list[int](), False
    for kind, body in _records(archive, part, {_FORMAT, _STYLE, _STYLES_BEGIN, _STYLES_END}):
        if kind == _FORMAT:
            codes[struct.unpack_from("<H", body)[0]] = _text(body, 2)
        elif kind in (_STYLES_BEGIN, _STYLES_END):
            inside = kind == _STYLES_BEGIN
        elif kind == _STYLE and inside:
            styles.append(struct.unpack_from("<H", body, 2)[0])
    return [codes.get(number, "General") for number in styles]
