"""Workbooks of Excel until 2007: a stream of records ([MS-XLS]), read row by row, as Excel shows them.

Old accounting programs still write them, also in the form of Excel 5 and 95, whose texts are in an encoding of Windows.
Cells mostly stand in the order of their rows. Where they do not, the sheet is gathered first.
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from notify.contacts.binary_cells import Emptiness, NumberFormats, error_shown, packed_number, truth_shown
from notify.contacts.compound_file import CompoundFile
from notify.contacts.number_format import BUILT_IN
from notify.contacts.shared_texts import SharedTexts
from notify.contacts.sheet_rows import LockedError, SheetName, SheetRow, TooLargeError, put
from notify.contacts.xls_texts import Letters, shared_texts, whole

_Records = Iterator[tuple[int, bytes]]

# the numbers of records, [MS-XLS] 2.3.2
_FORMULA, _EOF, _1904, _LOCK, _CONTINUE, _CODE_PAGE = 0x06, 0x0A, 0x22, 0x2F, 0x3C, 0x42
_SHEET, _PACKED_MANY, _EMPTY_MANY, _RICH, _STYLE, _TEXTS, _SHARED = 0x85, 0xBD, 0xBE, 0xD6, 0xE0, 0xFC, 0xFD
_EMPTY, _NUMBER, _LABEL, _TRUTH, _RESULT, _ROW = 0x201, 0x203, 0x204, 0x205, 0x207, 0x208
_PACKED, _FORMAT, _BEGIN = 0x27E, 0x41E, 0x809
_BEGINS = frozenset({0x09, 0x209, 0x409, _BEGIN})
#: Apple's Numbers writes those of Excel 3 and 4.
_FORMULAS = frozenset({_FORMULA, 0x206, 0x406})
_CELLS = frozenset({*_FORMULAS, _PACKED_MANY, _RICH, _SHARED, _NUMBER, _LABEL, _TRUTH, _PACKED})
#: Excel 97 and later; 5 and 95 have 0x0500.
_EXCEL_97 = 0x0600
_IS_WORKSHEET = 0
_HIDDEN_ROW = 0x20
_MOST_CELLS = 256  # of a row
# 65,536 rows could have more, and no list of contacts has
_MOST_GATHERED = 2_000_000
_MOST_CHARACTERS = 1 << 26


class Xls:
    """An open workbook; see :class:`notify.contacts.sheet_rows.Workbook`."""

    def __init__(self, path: Path) -> None:
        """Read what its sheets share.

        :raises OSError: it cannot be read.
        :raises ValueError: it is damaged, or older than Excel 5.
        :raises LockedError: it is locked with a password.
        :raises TooLargeError: it asks for more than a spreadsheet can hold.
        """
        self._file = CompoundFile(path)
        self._stream = "Workbook" if "Workbook" in self._file else "Book"
        book = _Book(self._records(0))
        #: The sheets with cells, in their order.
        self.sheets = tuple(book.sheets)
        self._letters = book.letters
        self._formats = book.formats()
        self._texts = shared_texts(self._texts_of_book(), book.letters) if book.has_texts else SharedTexts()
        self._layouts: dict[str, _Layout] = {}

    def rows(self, sheet: SheetName) -> Iterator[SheetRow]:
        """Read the rows of a sheet that have cells, each time anew."""
        layout = self._layout(sheet)
        rows: Iterable[tuple[int, list[str]]] = self._read_rows(sheet)
        if not layout.is_in_order:
            # kept, because a sheet is read several times
            rows = layout.gathered = layout.gathered or _gathered(rows)
        for number, cells in rows:
            yield SheetRow(number + 1, cells, number in layout.hidden)

    def may_hide_rows(self, sheet: SheetName) -> bool:
        """Tell whether a row of it is hidden."""
        return bool(self._layout(sheet).hidden)

    def _records(self, begin: int) -> _Records:
        return _outermost(_records(self._file.pieces(self._stream, begin)))

    def _texts_of_book(self) -> Iterator[bytes]:
        """Yield the record of the shared texts, and those in which it goes on."""
        found = itertools.dropwhile(lambda record: record[0] != _TEXTS, self._records(0))
        yield next(found)[1]
        yield from (body for _, body in itertools.takewhile(lambda record: record[0] == _CONTINUE, found))

    def _layout(self, sheet: SheetName) -> _Layout:
        if sheet.place not in self._layouts:
            self._layouts[sheet.place] = _Layout(self._records(int(sheet.place)))
        return self._layouts[sheet.place]

    def _read_rows(self, sheet: SheetName) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows in the order of the file; one comes again where its cells do not stand together."""
        reader = _Reader(self._texts.texts, self._formats, self._letters)
        row, cells = -1, list[str]()
        for kind, body in self._records(int(sheet.place)):
            if kind in _CELLS:
                number = body[0] | body[1] << 8
                if number != row:
                    if cells:
                        yield row, cells
                    row, cells = number, []
                reader.read(kind, body, cells)
            elif kind in (_RESULT, _CONTINUE):
                reader.read_result(kind, body, cells)
        if cells:
            yield row, cells


class _Book:
    """What the first part of the stream says of the workbook."""

    def __init__(self, records: _Records) -> None:
        self.sheets: list[SheetName] = []
        self.letters = Letters()
        self.has_texts = False
        self._since_1904 = False
        self._codes = dict(BUILT_IN)
        self._styles: list[int] = []
        self._names: list[tuple[bytes, int]] = []
        kind, body = next(records, (0, b""))
        if kind != _BEGIN:
            raise ValueError
        self.letters.are_wide = struct.unpack_from("<H", body)[0] >= _EXCEL_97
        for kind, body in records:
            self._take(kind, body)

    def formats(self) -> NumberFormats:
        """Return what shows a number by its style."""
        codes = [self._codes.get(number, "General") for number in self._styles]
        return NumberFormats(codes, since_1904=self._since_1904)

    def _take(self, kind: int, body: bytes) -> None:
        if kind == _LOCK:
            raise LockedError
        if kind == _CODE_PAGE:
            self.letters.choose(struct.unpack_from("<H", body)[0])
        elif kind == _1904:
            self._since_1904 = body[:1] == b"\1"
        elif kind == _FORMAT:
            (number,) = struct.unpack_from("<H", body)
            code = self.letters.text(body, 2) if self.letters.are_wide else self.letters.short_text(body, 2)
            self._codes[number] = "General" if code.casefold() in ("general", "standard") else code
        elif kind == _STYLE:
            self._styles.append(struct.unpack_from("<H", body, 2)[0])
        elif kind == _SHEET:
            place, state, sort = struct.unpack_from("<IBB", body)
            if sort == _IS_WORKSHEET:
                self.sheets.append(SheetName(self.letters.short_text(body, 6), str(place), not state & 3))
        self.has_texts |= kind == _TEXTS


class _Layout:
    """Which rows of a sheet are hidden, and whether its cells stand in the order of their rows."""

    def __init__(self, records: _Records) -> None:
        self.hidden: set[int] = set()
        self.is_in_order = True
        self.gathered: list[tuple[int, list[str]]] = []
        last, many, empty = -1, 0, Emptiness()
        for kind, body in records:
            if kind in _CELLS:
                number = body[0] | body[1] << 8
                many = many + 1 if number == last else 1
                self.is_in_order &= number >= last
                last = number
                if many > _MOST_CELLS:
                    raise TooLargeError
            else:
                empty.add()
                if kind == _ROW and struct.unpack_from("<H", body, 12)[0] & _HIDDEN_ROW:
                    self.hidden.add(struct.unpack_from("<H", body)[0])


class _Reader:
    """Reads the record of a cell, and puts what it shows in its place."""

    def __init__(self, texts: list[str], formats: NumberFormats, letters: Letters) -> None:
        self._texts, self._formats, self._letters = texts, formats, letters
        self._empty = Emptiness()
        self._awaits: int | None = None
        self._missing = 0
        self._readers: dict[int, Callable[[bytes, int], str]] = {
            _SHARED: lambda body, _: self._texts[struct.unpack_from("<I", body, 6)[0]],
            _NUMBER: lambda body, style: self._formats.shown(struct.unpack_from("<d", body, 6)[0], style),
            _PACKED: lambda body, style: self._packed(body, 6, style),
            _LABEL: lambda body, _: self._letters.text(body, 6),
            _RICH: lambda body, _: self._letters.text(body, 6),
            _TRUTH: lambda body, _: error_shown(body[6]) if body[7] else truth_shown(body[6]),
            **dict.fromkeys(_FORMULAS, self._formula),
        }

    def read(self, kind: int, body: bytes, cells: list[str]) -> None:
        """Read one or several cells of a row."""
        place, style = struct.unpack_from("<HH", body, 2)
        self._awaits, self._missing = None, 0
        if kind == _PACKED_MANY:
            for number, at in enumerate(range(4, len(body) - 6, 6)):
                style = struct.unpack_from("<H", body, at)[0]
                put(cells, place + number, self._packed(body, at + 2, style))
        elif text := self._readers[kind](body, style):
            put(cells, place, text)
        else:
            self._empty.add()
        if kind in _FORMULAS and body[6] == 0 and body[12:14] == b"\xff\xff":
            self._awaits = place

    def read_result(self, kind: int, body: bytes, cells: list[str]) -> None:
        """Read the text that a formula came to: it stands in a record of its own, and goes on in others."""
        if self._awaits is None:
            return
        if kind == _RESULT:
            text, self._missing = self._letters.begun(body, 0)
            put(cells, self._awaits, text)
        elif self._missing > 0:
            more, self._missing = self._letters.more(body, self._missing)
            put(cells, self._awaits, whole(cells[self._awaits] + more))

    def _packed(self, body: bytes, at: int, style: int) -> str:
        return self._formats.shown(packed_number(struct.unpack_from("<I", body, at)[0]), style)

    def _formula(self, body: bytes, style: int) -> str:
        """Return what a formula came to ([MS-XLS] 2.5.133); nothing yet where that is a text."""
        if body[12:14] != b"\xff\xff":
            return self._formats.shown(struct.unpack_from("<d", body, 6)[0], style)
        match body[6]:
            case 1:
                return truth_shown(body[8])
            case 2:
                return error_shown(body[8])
            case _:
                return ""


def _records(pieces: Iterator[bytes]) -> _Records:
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


def _outermost(records: _Records) -> _Records:
    """Yield the records of one part, without those of what is embedded in it, as charts are."""
    depth = 0
    for kind, body in records:
        depth += kind in _BEGINS
        if depth == 1:
            if kind == _EOF:
                return
            yield kind, body
        depth -= kind == _EOF
        if depth < 1:
            raise ValueError  # no part begins here


def _gathered(rows: Iterable[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """Put together the rows whose cells stand here and there.

    :raises TooLargeError: they are more than there is memory for.
    """
    found: dict[int, list[str]] = {}
    many = size = 0
    for number, cells in rows:
        row = found.setdefault(number, [])
        for place, text in enumerate(cells):
            if text:
                put(row, place, text)
                many += 1
                size += len(text)
        if many > _MOST_GATHERED or size > _MOST_CHARACTERS:
            raise TooLargeError
    return sorted(found.items())
