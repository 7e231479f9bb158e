"""Workbooks of Excel until 2007: a stream of records ([MS-XLS]), read row by row, as Excel shows them.

Old accounting programs still write them, also in the form of Excel 5 and 95, whose texts are in an encoding of Windows.
Cells mostly stand in the order of their rows. Where they do not, the sheet is gathered first.
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

from notify.contacts.binary_cells import Emptiness, NumberFormats
from notify.contacts.compound_file import CompoundFile
from notify.contacts.number_format import BUILT_IN
from notify.contacts.shared_texts import SharedTexts
from notify.contacts.sheet_rows import LockedError, SheetName, SheetRow, TooLargeError, put
from notify.contacts.xls_cells import CellReader
from notify.contacts.xls_records import CELLS, Record, Records, outermost, records
from notify.contacts.xls_texts import Letters, shared_texts

#: Excel 97 and later; 5 and 95 have 0x0500.
_EXCEL_97 = 0x0600
_IS_WORKSHEET = 0
_HIDDEN_ROW = 0x20
_MOST_COLUMNS = 256
_MOST_CELLS = 1 << 23
_MOST_SHEETS = 4096
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
        self._empty = Emptiness()
        self._many_cells = 0
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

    def _records(self, begin: int, empty: Emptiness | None = None) -> Records:
        """Yield the records of the part that begins there."""
        return outermost(records(self._file.pieces(self._stream, begin)), empty or Emptiness())

    def _texts_of_book(self) -> Iterator[bytes]:
        """Yield the record of the shared texts, and those in which it goes on."""
        found = itertools.dropwhile(lambda record: record[0] != Record.TEXTS, self._records(0))
        yield next(found)[1]
        yield from (body for _, body in itertools.takewhile(lambda record: record[0] == Record.CONTINUE, found))

    def _layout(self, sheet: SheetName) -> _Layout:
        """Look through a sheet once, before its rows are read: what it takes is bounded for all sheets together."""
        if sheet.place not in self._layouts:
            layout = _Layout(self._records(int(sheet.place), self._empty), self._empty)
            self._layouts[sheet.place] = layout
            self._many_cells += layout.many_cells
            if self._many_cells > _MOST_CELLS:
                raise TooLargeError
        return self._layouts[sheet.place]

    def _read_rows(self, sheet: SheetName) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows in the order of the file; one comes again where its cells do not stand together."""
        reader = CellReader(self._texts.texts, self._formats, self._letters)
        row, cells = -1, list[str]()
        for kind, body in self._records(int(sheet.place)):
            if kind in CELLS:
                number = body[0] | body[1] << 8
                if number != row:
                    if cells:
                        yield row, cells
                    row, cells = number, []
                reader.read(kind, body, cells)
            elif kind in (Record.RESULT, Record.CONTINUE):
                reader.read_result(kind, body, cells)
        if cells:
            yield row, cells


class _Book:
    """What the first part of the stream says of the workbook."""

    def __init__(self, records: Records) -> None:
        self.sheets: list[SheetName] = []
        self.letters = Letters()
        self.has_texts = False
        self._since_1904 = False
        self._codes = dict(BUILT_IN)
        self._styles: list[int] = []
        self._names: list[tuple[bytes, int]] = []
        kind, body = next(records, (0, b""))
        if kind != Record.BEGIN:
            raise ValueError
        self.letters.are_wide = struct.unpack_from("<H", body)[0] >= _EXCEL_97
        empty = Emptiness()
        for kind, body in records:
            empty.add()
            self._take(kind, body)

    def formats(self) -> NumberFormats:
        """Return what shows a number by its style."""
        codes = [self._codes.get(number, "General") for number in self._styles]
        return NumberFormats(codes, since_1904=self._since_1904)

    def _take(self, kind: int, body: bytes) -> None:
        if kind == Record.LOCK:
            raise LockedError
        if kind == Record.CODE_PAGE:
            self.letters.choose(struct.unpack_from("<H", body)[0])
        elif kind == Record.SINCE_1904:
            self._since_1904 = body[:1] == b"\1"
        elif kind == Record.FORMAT:
            (number,) = struct.unpack_from("<H", body)
            code = self.letters.text(body, 2) if self.letters.are_wide else self.letters.short_text(body, 2)
            self._codes[number] = "General" if code.casefold() in ("general", "standard") else code
        elif kind == Record.STYLE:
            self._styles.append(struct.unpack_from("<H", body, 2)[0])
        elif kind == Record.SHEET:
            place, state, sort = struct.unpack_from("<IBB", body)
            if len(self.sheets) > _MOST_SHEETS:
                raise TooLargeError
            if sort == _IS_WORKSHEET:
                self.sheets.append(SheetName(self.letters.short_text(body, 6), str(place), not state & 3))
        self.has_texts |= kind == Record.TEXTS


class _Layout:
    """Which rows of a sheet are hidden, and whether its cells stand in the order of their rows."""

    def __init__(self, records: Records, empty: Emptiness) -> None:
        self.hidden: set[int] = set()
        self.is_in_order = True
        self.many_cells = 0
        self.gathered: list[tuple[int, list[str]]] = []
        last, many = -1, 0
        for kind, body in records:
            if kind not in CELLS:
                # a text that goes on and on costs more than what is passed over
                empty.add(4 if kind == Record.CONTINUE else 1)
                if kind == Record.ROW and struct.unpack_from("<H", body, 12)[0] & _HIDDEN_ROW:
                    self.hidden.add(struct.unpack_from("<H", body)[0])
                continue
            number = body[0] | body[1] << 8
            many = many + 1 if number == last else 1
            self.is_in_order &= number >= last
            last = number
            self.many_cells += 1
            if many > _MOST_COLUMNS or self.many_cells > _MOST_CELLS:
                raise TooLargeError


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
