"""The records of a table in a text file, each with the line on which it begins."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from notify.core.spreadsheet import as_meant
from notify.errors import InputError

#: A cell this long is no contact: a quotation mark opens and is never closed.
LONGEST_CELL = 1 << 20

_CONTROLS = dict.fromkeys(code for code in (*range(0x20), 0x7F, *range(0x80, 0xA0)) if chr(code) not in "\t\n")


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

    def __init__(self, lines: Iterator[str], delimiter: str, label: str, skipped: int) -> None:
        """Read them from ``lines``, before which ``skipped`` lines of the file were left out."""
        csv.field_size_limit(LONGEST_CELL)
        self._line = skipped + 1
        self._label = label
        self._lines = lines
        # a line that was looked at and begins the next record
        self._ahead = ""
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
            cells = [clean_cell(cell) for cell in cells]
            line = self._line
            self._line += len(self._raw)
            if any(cells):
                yield Record(line, cells, self._raw)

    def plain(self, text_of: Callable[[str], str]) -> Iterator[tuple[int, str]]:
        """Yield the records that need not be taken apart, as text with their lines, up to the first that must be.

        :param text_of: returns the text of a line that is a whole record, and an empty text for any other line.
        """
        for line in self._lines:
            text = text_of(line)
            if not text:
                self._ahead = line
                return
            yield self._line, text
            self._line += 1

    def unclosed(self, line: int) -> InputError:
        """Return what to say of a quotation mark that is never closed."""
        return InputError(
            f"{self._label}:{line}: a quotation mark opens in this row and is not closed.",
            hint='Remove the stray " in this row, or write it twice ("") inside a quoted cell.',
        )

    def _kept(self) -> Iterator[str]:
        while line := self._ahead or next(self._lines, ""):
            self._ahead = ""
            self._raw.append(line)
            yield line
        # the reader asks past the last line only while a quotation mark is open
        self._ended_inside = bool(self._raw)


def open_text(path: Path, encoding: str, label: str) -> io.TextIOWrapper:
    """Open a table for reading, line ends as they are. Bytes that cannot be decoded become U+FFFD.

    :raises InputError: it cannot be read.
    """
    try:
        return path.open(encoding=encoding, errors="replace", newline="")
    except OSError as error:
        raise InputError(f"{label}: the file cannot be read: {error.strerror}.") from error


def clean_cell(cell: str) -> str:
    """Return a cell without blanks around it, with plain line ends and without control characters."""
    cell = as_meant(cell.strip())
    if cell.isprintable():
        return cell
    return cell.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS).strip()
