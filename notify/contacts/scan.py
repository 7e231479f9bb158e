"""Our own scan of a table, in front of pandas.

pandas shifts the columns of a row with one field too many, pads short rows without a word and does not say on which
line a row stands. So every record is counted here first: what is wrong is set aside with its line, and what goes on to
pandas has exactly as many cells as the header, with its line number as the first of them.
"""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from notify.errors import InputError

_DELIMITERS = ";,\t|"

#: A cell this long is no contact: a quotation mark opens and is never closed.
_LONGEST_CELL = 1 << 20

_CONTROLS = dict.fromkeys(code for code in (*range(0x20), 0x7F, *range(0x80, 0xA0)) if chr(code) not in "\t\n")


@dataclass(frozen=True, slots=True)
class Misshapen:
    """A record that cannot be one row: its line, what is wrong, and its cells as far as they were read."""

    line: int
    reason: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a table is written: its delimiter, its header and the line on which that stands, counted from 1."""

    delimiter: str
    header: tuple[str, ...]
    header_line: int


class Record(NamedTuple):
    """A record as it was read: the line on which it begins, its cells, and its lines as they stand in the file."""

    line: int
    cells: list[str]
    raw: list[str]

    def is_well_quoted(self, delimiter: str) -> bool:
        """Tell whether every quoted cell ends with its second quotation mark."""
        try:
            for _ in csv.reader(self.raw, delimiter=delimiter, skipinitialspace=True, strict=True):
                pass
        except csv.Error:
            return False
        return True


class Records:
    """The records of a file, one after the other, each with the line on which it begins."""

    def __init__(self, lines: Iterator[str], delimiter: str, shown: str, skipped: int) -> None:
        """Read them from ``lines``, before which ``skipped`` lines of the file were left out."""
        csv.field_size_limit(_LONGEST_CELL)
        self._line = skipped + 1
        self._shown = shown
        self._lines = lines
        self._raw: list[str] = []
        self._ended_inside = False
        self._reader = csv.reader(self._kept(), delimiter=delimiter, skipinitialspace=True)

    def __iter__(self) -> Iterator[Record]:
        """Yield each record that is not blank.

        :raises InputError: a quotation mark that is never closed.
        """
        while True:
            self._raw = []
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise self.unclosed(self._line) from error
            if self._ended_inside:
                raise self.unclosed(self._line)
            cells = [_clean(cell) for cell in cells]
            if any(cells):
                yield Record(self._line, cells, self._raw)
            self._line += len(self._raw)

    def unclosed(self, line: int) -> InputError:
        """Return what to say of a quotation mark that is never closed."""
        return InputError(
            f"{self._shown}:{line}: a quotation mark opens in this row and is not closed.",
            hint='Remove the stray " in this row, or write it twice ("") inside a quoted cell.',
        )

    def _kept(self) -> Iterator[str]:
        for line in self._lines:
            self._raw.append(line)
            yield line
        # the reader asks past the last line only while a quotation mark is open
        self._ended_inside = bool(self._raw)


def find_dialect(path: Path, encoding: str, shown: str) -> Dialect:
    """Find delimiter and header: the delimiter that makes the most cells of the first row that is not blank.

    A ``sep=;`` line, as Excel writes it, is believed.

    :raises InputError: there is no row at all, or a quotation mark in the header is never closed.
    """
    nothing = InputError(f"{shown}: the file has no row.", hint="Export the contacts again.")
    with open_text(path, encoding, shown) as file:
        for number, first in enumerate(file, start=1):  # noqa: B007  # both are used below
            if first.strip(_DELIMITERS + '" \r\n'):
                break
        else:
            raise nothing
    named = re.fullmatch(r'"?sep=([^\s"]|\t)"?\s*', first, re.IGNORECASE)
    skipped = number if named else number - 1
    best: Dialect | None = None
    unclosed: InputError | None = None
    for delimiter in named[1] if named else _DELIMITERS:
        with open_text(path, encoding, shown) as file:
            for _ in range(skipped):
                next(file)
            records = Records(iter(file), delimiter, shown, skipped)
            try:
                record = next(iter(records), None)
                # a header may have lines, but no line of it has an address
                if record is not None and any("\n" in cell and "@" in cell for cell in record.cells):
                    raise records.unclosed(record.line)
            except InputError as error:
                # a delimiter that is not the file's may put a quotation mark at the beginning of a cell
                unclosed = unclosed or error
                continue
        if record is not None and (best is None or len(record.cells) > len(best.header)):
            best = Dialect(delimiter, tuple(record.cells), record.line)
    if unclosed is not None and (best is None or len(best.header) == 1):
        raise unclosed
    if best is None:
        raise nothing
    return best if named or len(best.header) > 1 else replace(best, delimiter=",")


def open_text(path: Path, encoding: str, shown: str) -> io.TextIOWrapper:
    """Open a table for reading, line ends as they are. Bytes that cannot be decoded become U+FFFD.

    :raises InputError: it cannot be read.
    """
    try:
        return path.open(encoding=encoding, errors="replace", newline="")
    except OSError as error:
        raise InputError(f"{shown}: the file cannot be read: {error.strerror}.") from error


class CheckedRows(io.TextIOBase):
    """A table as a stream for pandas: the line number, then exactly the header's cells, every cell quoted.

    What is not one row lands in :attr:`misshapen` as it is met.
    """

    def __init__(self, path: Path, encoding: str, dialect: Dialect, shown: str) -> None:
        """Open the table and read up to its header.

        :raises InputError: it cannot be read, or is not the same any more.
        """
        self._file = open_text(path, encoding, shown)
        self._width = len(dialect.header)
        self._delimiter = dialect.delimiter
        for _ in range(dialect.header_line - 1):
            next(self._file, "")
        self._records = iter(Records(iter(self._file), dialect.delimiter, shown, dialect.header_line - 1))
        # how many cells were missing at the end of rows so far
        self._short: set[int] = set()
        self._astray = False
        if not self._is_next(dialect.header):
            self._file.close()
            raise InputError(f"{shown}: the file was changed while it was read.", hint="Run the same command again.")
        self._buffer = io.StringIO()
        self._writer = csv.writer(self._buffer, quoting=csv.QUOTE_ALL, lineterminator="\n")
        #: Records that were set aside and not fetched yet.
        self.misshapen: deque[Misshapen] = deque()

    def _is_next(self, header: tuple[str, ...]) -> bool:
        try:
            record = next(self._records, None)
        except InputError:
            return False
        return record is not None and tuple(record.cells) == header

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def read(self, size: int | None = -1, /) -> str:
        """Return at least ``size`` characters of whole rows, or what is left; an empty text at the end."""
        for record in self._records:
            self._put(record)
            if size is not None and 0 <= size <= self._buffer.tell():
                break
        text = self._buffer.getvalue()
        self._buffer.seek(0)
        self._buffer.truncate()
        return text

    def _put(self, record: Record) -> None:
        cells = record.cells
        reason = self._misshape(record)
        if reason:
            self.misshapen.append(Misshapen(record.line, reason, tuple(cells)))
            return
        missing = self._width - len(cells)
        if missing:
            self._short.add(missing)
            cells = [*cells, *[""] * missing] if missing > 0 else cells[: self._width]
        self._writer.writerow([record.line, *cells])

    def _misshape(self, record: Record) -> str:
        cells = record.cells
        missing = self._width - len(cells)
        if missing < 0 and any(cells[self._width :]):
            return f"the row has {len(cells)} fields, the header has {self._width}"
        if missing <= 0 and len(record.raw) == 1 and '"' not in record.raw[0]:
            self._astray = False
            return ""
        if self._is_doubtful(record):
            self._astray = True
            return "a stray quotation mark: it cannot be told where a cell ends"
        if reason := self._swallowed(cells):
            self._astray = True
            return reason
        # a stray quotation mark may end inside of a later cell, and what is left of that row looks like a short one
        self._astray = self._astray and missing > 0 and missing not in self._short
        return "it may be the rest of a row that a stray quotation mark above has cut" if self._astray else ""

    def _is_doubtful(self, record: Record) -> bool:
        """Tell whether quotation marks may have put together or cut what they should not.

        ``"Zum Löwen" Gasthof`` harms nobody. But where a cell has delimiters or lines in it, or cells are missing,
        nobody knows where one that is quoted like that was meant to end.
        """
        text = "".join(record.raw)
        if '"' not in text:
            return False
        if len(record.cells) < self._width and text.count('"') % 2:
            return True
        # as many delimiters as cells: none of them is inside of one
        whole = len(record.raw) == 1 and len(record.cells) >= self._width
        if whole and text.count(self._delimiter) < len(record.cells):
            return False
        return not record.is_well_quoted(self._delimiter)

    def _swallowed(self, cells: list[str]) -> str:
        for place, cell in enumerate(cells):
            if "\n" in cell and self._swallows(cell, before=place, after=len(cells) - place - 1):
                return f"a stray quotation mark makes {cell.count(chr(10)) + 1} rows into one cell"
        return ""

    def _swallows(self, cell: str, before: int, after: int) -> bool:
        """Tell whether a cell has lines that are rows: one of its own, or the end of one and the beginning of another.

        :param before: how many cells are before it.
        :param after: how many are behind it.
        """
        first, *inner, last = (line.count(self._delimiter) for line in cell.split("\n"))
        enough = self._width - 1
        if not enough:
            return False
        return max(first, *inner, last) >= enough or (first + before >= enough and last + after >= enough)


def _clean(cell: str) -> str:
    """Return a cell without blanks around it, with plain line ends and without control characters."""
    cell = cell.strip()
    if cell.isprintable():
        return cell
    return cell.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS).strip()
