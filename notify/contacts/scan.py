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
from dataclasses import dataclass
from pathlib import Path

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


class Records:
    """The records of a file, one after the other, each with the line on which it begins."""

    def __init__(self, lines: Iterator[str], delimiter: str, shown: str) -> None:
        csv.field_size_limit(_LONGEST_CELL)
        self._shown = shown
        self._lines = lines
        self._raw: list[str] = []
        self._ended_inside = False
        self._reader = csv.reader(self._kept(), delimiter=delimiter)
        self._delimiter = delimiter

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """Yield line and cells of each record that is not blank.

        :raises InputError: a quotation mark that is never closed.
        """
        line = 1
        while True:
            self._raw = []
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise self._unclosed(line) from error
            if self._ended_inside:
                raise self._unclosed(line)
            cells = [_clean(cell) for cell in cells]
            if any(cells):
                yield line, cells
            line += len(self._raw)

    def _kept(self) -> Iterator[str]:
        for line in self._lines:
            self._raw.append(line)
            yield line
        # the reader asks past the last line only while a quotation mark is open
        self._ended_inside = bool(self._raw)

    def _unclosed(self, line: int) -> InputError:
        return InputError(
            f"{self._shown}:{line}: a quotation mark opens in this row and is not closed.",
            hint='Remove the stray " in this row, or write it twice ("") inside a quoted cell.',
        )


def find_dialect(path: Path, encoding: str, shown: str) -> Dialect:
    """Find delimiter and header: the delimiter that makes the most cells of the first row that is not blank.

    A ``sep=;`` line, as Excel writes it, is believed.

    :raises InputError: there is no row at all.
    """
    with open_text(path, encoding, shown) as file:
        first, number = "", 0
        for number, first in enumerate(file, start=1):  # noqa: B007  # both are used below
            if first.strip(_DELIMITERS + " \r\n"):
                break
        named = re.fullmatch(r'"?sep=(.)"?\s*', first, re.IGNORECASE)
        skipped = number if named else number - 1
    candidates = named[1] if named else _DELIMITERS
    best: tuple[int, str, tuple[str, ...], int] | None = None
    for delimiter in candidates:
        with open_text(path, encoding, shown) as file:
            for _ in range(skipped):
                next(file)
            for line, cells in Records(iter(file), delimiter, shown):
                if best is None or len(cells) > best[0]:
                    best = (len(cells), delimiter, tuple(cells), skipped + line)
                break
    if best is None:
        raise InputError(f"{shown}: the file has no row.", hint="Export the contacts again.")
    return Dialect(best[1] if best[0] > 1 else ",", best[2], best[3])


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
        self._file = open_text(path, encoding, shown)
        self._width = len(dialect.header)
        self._delimiter = dialect.delimiter
        for _ in range(dialect.header_line - 1):
            next(self._file)
        self._offset = dialect.header_line - 1
        self._records = iter(Records(iter(self._file), dialect.delimiter, shown))
        next(self._records)
        self._buffer = io.StringIO()
        self._writer = csv.writer(self._buffer, quoting=csv.QUOTE_ALL, lineterminator="\n")
        #: Records that were set aside and not fetched yet.
        self.misshapen: deque[Misshapen] = deque()

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def read(self, size: int | None = -1, /) -> str:
        """Return at least ``size`` characters of whole rows, or what is left; an empty text at the end."""
        for line, cells in self._records:
            self._put(line + self._offset, cells)
            if size is not None and 0 <= size <= self._buffer.tell():
                break
        text = self._buffer.getvalue()
        self._buffer.seek(0)
        self._buffer.truncate()
        return text

    def _put(self, line: int, cells: list[str]) -> None:
        reason = self._misshape(cells)
        if reason:
            self.misshapen.append(Misshapen(line, reason, tuple(cells)))
        else:
            self._writer.writerow([line, *cells[: self._width], *[""] * (self._width - len(cells))])

    def _misshape(self, cells: list[str]) -> str:
        if any(cells[self._width :]):
            return f"the row has {len(cells)} fields, the header has {self._width}"
        for cell in cells:
            # a cell may have lines, but a line like a whole row is one that a stray quotation mark has swallowed
            if "\n" in cell and any(line.count(self._delimiter) >= self._width - 1 > 0 for line in cell.split("\n")):
                return f"a stray quotation mark makes {cell.count(chr(10)) + 1} rows into one cell"
        return ""


def _clean(cell: str) -> str:
    """Return a cell without blanks around it, with plain line ends and without control characters."""
    cell = cell.strip()
    if cell.isprintable():
        return cell
    return cell.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS).strip()
