"""The records of a table in a text file, each with the line on which it begins."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterator
from itertools import chain
from typing import NamedTuple

from notify.contacts.control_characters import without_controls
from notify.contacts.text_lines import LONGEST_LINE, BlankLines
from notify.core.damaged_text import without_entities
from notify.core.spreadsheet import as_meant

# Behind a quotation mark that is not closed everything is read again. So many characters may be, and some for each line
# that was read; beyond, no cell is believed to have lines, or quotation marks could make a file take for ever.
_PATIENCE = 1 << 23
_PATIENCE_FOR_A_LINE = 100
_COST_OF_A_LINE = 100


class Record(NamedTuple):
    """A record as it was read: the line on which it begins, its cells, and its lines as they stand in the file.

    Where it is not ``closed``, a quotation mark opens in its line and the next one is missing, or too far away.
    """

    line: int
    cells: list[str]
    raw: list[str]
    closed: bool = True

    def is_well_quoted(self, delimiter: str) -> bool:
        """Tell whether every quoted cell ends with its second quotation mark."""
        try:
            for _ in csv.reader(self.raw, delimiter=delimiter, skipinitialspace=True, strict=True):
                pass
        except csv.Error:
            return False
        return True


class _EndlessError(Exception):
    """A record does not end where one has to."""


class Records:
    """The records of a file, one after the other, each with the line on which it begins."""

    def __init__(self, lines: Iterator[str], delimiter: str, skipped: int = 0) -> None:
        """Read them from ``lines``, before which ``skipped`` lines of the file were left out.

        :param lines: from :func:`notify.contacts.text_lines.lines_of`.
        """
        csv.field_size_limit(LONGEST_LINE)
        self._delimiter = delimiter
        self._lines = lines
        # lines that were looked at and are read next
        self._waiting: deque[str] = deque()
        self._read_again = 0
        self._patient = True
        # the line that is read next, the one where the record begins, and the lines of the record
        self._next = skipped + 1
        self._line = self._next
        self._raw: list[str] = []
        self._ended_inside = False
        self._begin()

    def __iter__(self) -> Iterator[Record]:
        """Yield each record that is not blank."""
        while (record := self._read()) is not None:
            if any(record.cells):
                yield record

    def plain(self, text_of: Callable[[str], str | None]) -> Iterator[tuple[int, str]]:
        """Yield the records that need not be taken apart, as text with their lines, up to the first that must be.

        :param text_of: returns the text of a line that is a whole record, None for a blank line, and an empty text for
            any other.
        """
        for line in chain(self._waited(), self._lines):
            text = text_of(line)
            if text:
                yield self._next, text
            elif text is not None:
                self._waiting.appendleft(line)
                return
            elif isinstance(line, BlankLines):
                self._next += line.many - 1
            self._next += 1

    def again(self, record: Record) -> Record:
        """Take the latest record for one of a single line; its other lines are read again, as records of their own."""
        self._take_back(record.raw)
        self._line = record.line
        return self.first_line()

    def first_line(self) -> Record:
        """Read the next line as a record, whatever its quotation marks say."""
        self._raw = []
        line = next(chain(self._waited(), self._lines), "")
        self._next += 1
        self._begin()
        if self._delimiter == ";":
            line = without_entities(line)
        cells = [clean_cell(cell.strip().strip('"')) for cell in line[:LONGEST_LINE].split(self._delimiter)]
        return Record(self._next - 1, cells, [line], closed=False)

    def skip_to(self, number: int) -> None:
        """Pass over the lines before the one with this number."""
        while self._next < number and (line := next(self._lines, "")):
            self._next += line.many if isinstance(line, BlankLines) else 1

    def _read(self) -> Record | None:
        self._raw = []
        try:
            cells = next(self._reader)
        except StopIteration:
            return None
        except (csv.Error, _EndlessError):
            self._ended_inside = True
        if self._ended_inside:
            self._take_back(self._raw)
            return self.first_line()
        return Record(self._line, [clean_cell(cell) for cell in cells], self._raw)

    def _take_back(self, raw: list[str]) -> None:
        """Let the lines of a record be read again."""
        self._waiting.extendleft(reversed(raw))
        self._next -= len(raw)
        self._read_again += sum(map(len, raw)) + _COST_OF_A_LINE * len(raw)
        self._patient = self._read_again < _PATIENCE + _PATIENCE_FOR_A_LINE * self._next

    def _begin(self) -> None:
        self._ended_inside = False
        self._reader = csv.reader(self._kept(), delimiter=self._delimiter, skipinitialspace=True)

    def _kept(self) -> Iterator[str]:
        size = 0
        while line := self._waiting.popleft() if self._waiting else next(self._lines, ""):
            too_long = len(line) > LONGEST_LINE
            if self._raw and (isinstance(line, BlankLines) or too_long or size > LONGEST_LINE or not self._patient):
                self._waiting.appendleft(line)
                raise _EndlessError
            if isinstance(line, BlankLines):
                self._next += line.many
                continue
            if not self._raw:
                self._line, size = self._next, 0
            if self._delimiter == ";":
                # the one at the end of an entity parts no cells: J&ouml;rg
                line = without_entities(line)
            size += len(line)
            self._raw.append(line)
            self._next += 1
            if too_long:
                raise _EndlessError
            yield line
        # the reader asks past the last line only while a quotation mark is open
        self._ended_inside = bool(self._raw)

    def _waited(self) -> Iterator[str]:
        while self._waiting:
            yield self._waiting.popleft()


def clean_cell(cell: str) -> str:
    """Return a cell as it was meant: without blanks and control characters around it, and with plain line ends."""
    return as_meant(without_controls(cell))
