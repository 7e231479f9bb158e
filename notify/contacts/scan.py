"""Our own scan of a table, in front of pandas.

pandas shifts the columns of a row with one field too many, pads short rows without a word and does not say on which
line a row stands. So every record is counted here first: what is misshapen is set aside with its line, and what goes on
to pandas has exactly as many cells as the header, with its line number as the first of them.

Nearly every line of nearly every file is *plain*: it is one row for sure, and none of its cells needs cleaning. That
shows without taking it apart, so it goes on as it stands and is parsed once, by pandas. The other records are taken
apart here: doubtful quotation marks, cells of several lines, blanks around cells, too few or too many cells, control
characters.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

from notify.contacts.dialect import DELIMITERS, Dialect
from notify.contacts.records import Record, Records
from notify.contacts.rows import Misshapen, Row
from notify.contacts.text_lines import LONGEST_LINE, DoubtfulLine, lines_of, open_text
from notify.core.damaged_text import mended
from notify.errors import InputError

_DOUBTFUL_AT_FIRST = 100

#: Behind so many a row without cells follows, with the line of the last one, negative.
MISSHAPEN_AT_ONCE = 20

_STRAY = "a stray quotation mark: it cannot be told where a cell ends"
_UNCLOSED = "a quotation mark opens in this row and is not closed"
_REST = "it may be the rest of a row that a stray quotation mark above has cut"


def plain_text(delimiter: str, width: int) -> Callable[[str], str | None]:
    """Return a function that returns the text of a plain line, without its end; None for one that says nothing.

    For any other line it returns an empty text.

    A plain line is one row with ``width`` cells whichever way it is read: a quotation mark stands only at the beginning
    of a cell and at its end. None of its cells needs cleaning, as
    :func:`notify.contacts.records.clean_cell` does it, and not all of them are empty.
    """
    sign = re.escape(delimiter)
    cell = rf'(?:"[^"]*"|[^"{sign}]*)'
    is_well_quoted = re.compile(rf"{cell}(?:{sign}{cell}){{{width - 1}}}").fullmatch
    before, behind, marked = f" {delimiter}", f"{delimiter} ", f"{delimiter}'"
    empty = f' {delimiter}"'

    def text_of(line: str) -> str | None:
        text = line.rstrip("\n")
        if not text.strip(empty):
            return "" if '"' in text else None
        if type(line) is DoubtfulLine or len(text) > LONGEST_LINE:
            return ""
        if not (text.replace("\t", "") if delimiter == "\t" else text).isprintable():
            return ""
        if text[0] in " '" or text[-1] == " " or before in text or behind in text or marked in text:
            return ""
        if '"' not in text:
            return text if text.count(delimiter) == width - 1 else ""
        is_clean = '" ' not in text and ' "' not in text and "\"'" not in text
        return text if is_clean and is_well_quoted(text) else ""

    return text_of


class Checked:
    """The records of a table behind its header: each with exactly the header's cells, or set aside."""

    def __init__(self, path: Path, encoding: str, dialect: Dialect, label: str, most: int | None = None) -> None:
        """Open the table and read up to its header.

        :param most: so many lines are read; all of them where it is None.
        :raises InputError: it cannot be read, or is not the same any more.
        """
        self._file = open_text(path, encoding, label)
        self._width = len(dialect.header)
        self._delimiter = dialect.delimiter
        self._is_whole = _whole(dialect.delimiter)
        self._records = Records(itertools.islice(lines_of(self._file), most), dialect.delimiter)
        self._records.skip_to(dialect.line)
        self._each = iter(self._records)
        # how many cells were missing at the end of rows so far
        self._short: set[int] = set()
        self._astray = False
        # the line in which the quotation mark was closed that made one record of several lines
        self._closing = 0
        top = self._records.first_line() if dialect.is_cut else next(self._each, None)
        if top is None or tuple(top.cells) != (dialect.first or dialect.header):
            self._file.close()
            raise InputError(f"{label}: the file was changed while it was read.", hint="Run the same command again.")
        self._first = (top,) if dialect.first else ()
        self._measure = "most rows have" if dialect.first else "the header has"

    def __iter__(self) -> Iterator[Row | Misshapen]:
        yield from map(self._checked, self._first)
        yield from map(self._checked, self._each)

    def mostly_plain(self, text_of: Callable[[str], str | None]) -> Iterator[tuple[int, str] | Row | Misshapen]:
        """Yield the same records, but plain ones as their line and their text, not taken apart.

        :param text_of: see :func:`plain_text`.
        """
        yield from map(self._checked, self._first)
        plain = doubtful = 0
        while doubtful <= plain + _DOUBTFUL_AT_FIRST:
            for text in self._records.plain(text_of):
                self._astray = False
                plain += 1
                yield text
            record = next(self._each, None)
            if record is None:
                return
            doubtful += 1
            yield self._checked(record)
        # where most lines are doubtful, looking whether one is plain costs more than it saves
        yield from map(self._checked, self._each)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _checked(self, record: Record) -> Row | Misshapen:
        reason = self._misshape(record)
        if reason and len(record.raw) > 1 and not self._has_too_many(record):
            # its other lines may be rows
            self._closing = record.line + len(record.raw) - 1
            record, reason = self._records.again(record), _UNCLOSED
        cells = [*map(mended, record.cells)]
        if reason:
            return Misshapen(record.line, reason, tuple(cells))
        missing = self._width - len(cells)
        if missing:
            self._short.add(missing)
            cells = [*cells, *[""] * missing] if missing > 0 else cells[: self._width]
        return Row(record.line, cells)

    def _misshape(self, record: Record) -> str:
        if not record.closed:
            self._astray = True
            return f"the row is longer than {LONGEST_LINE:,} characters" if _is_too_long(record) else _UNCLOSED
        cells = record.cells
        missing = self._width - len(cells)
        if self._has_too_many(record):
            return f"the row has {len(cells)} fields, {self._measure} {self._width}"
        if missing <= 0 and len(record.raw) == 1 and '"' not in record.raw[0]:
            self._astray = False
            return ""
        if self._is_doubtful(record):
            self._astray = True
            return _STRAY
        if self._swallows(cells):
            self._astray = True
            return _UNCLOSED
        # a stray quotation mark may end inside of a later cell, and what is left of that row looks like a short one, or
        # has a quotation mark where none belongs
        text = "".join(record.raw)
        is_odd = '"' in text and not self._is_whole(text)
        is_left = is_odd or (missing > 0 and missing not in self._short)
        self._astray = (self._astray and is_left) or (is_odd and record.line == self._closing)
        return _REST if self._astray else ""

    def _has_too_many(self, record: Record) -> bool:
        """Tell whether a record has more cells than the header, and each of them ends where it should."""
        if not any(record.cells[self._width :]):
            return False
        return len(record.raw) == 1 or (record.is_well_quoted(self._delimiter) and not self._swallows(record.cells))

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

    def _swallows(self, cells: list[str]) -> bool:
        """Tell whether a cell has rows in it."""
        last = min(len(cells), self._width) - 1
        return any(
            "\n" in cell and self._holds_rows(cell, before=place, after=max(last - place, 0))
            for place, cell in enumerate(cells)
        )

    def _holds_rows(self, cell: str, before: int, after: int) -> bool:
        """Tell whether a cell has lines that are rows: one of its own, or the end of one and the beginning of another.

        :param before: how many cells are before it.
        :param after: how many are behind it.
        """
        first, *inner, last = (line.count(self._delimiter) for line in cell.split("\n"))
        enough = self._width - 1
        if not enough:
            return False
        return max(first, *inner, last) >= enough or (first + before >= enough and last + after >= enough)


def _is_too_long(record: Record) -> bool:
    return len(record.raw[0]) > LONGEST_LINE


def _whole(delimiter: str) -> Callable[[str], object]:
    """Return a function that tells whether quotation marks stand in a text only where cells begin and end."""
    sign = re.escape(delimiter)
    cell = rf'(?: *"[^"]*(?:""[^"]*)*" *|[^"{sign}]*)'
    return re.compile(rf"{cell}(?:{sign}{cell})*\n?").fullmatch


class CheckedRows(io.TextIOBase):
    """A table, of which :meth:`unquoted` yields the first rows, and which is a stream for pandas from there on.

    In each line of the stream stands the number of the line in the file, then exactly the header's cells. What is not
    one row lands in :attr:`misshapen` as it is met.
    """

    def __init__(self, path: Path, encoding: str, dialect: Dialect, label: str) -> None:
        """Open the table and read up to its header.

        :raises InputError: it cannot be read, or is not the same any more.
        """
        self._checked = Checked(path, encoding, dialect, label)
        #: What stands between the cells of this stream.
        self.delimiter = ","
        self._width = len(dialect.header)
        self._rows: Iterator[tuple[int, str] | Row | Misshapen] = iter(self._checked)
        # a sep= line may name any sign, also one that pandas cannot take
        if dialect.delimiter in DELIMITERS:
            self.delimiter = dialect.delimiter
            self._rows = self._checked.mostly_plain(plain_text(dialect.delimiter, len(dialect.header)))
        self._buffer = io.StringIO()
        self._writer = csv.writer(self._buffer, delimiter=self.delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n")
        #: Records that were set aside and not fetched yet.
        self.misshapen: deque[Misshapen] = deque()
        #: Nothing is left to be read.
        self.is_at_its_end = False

    def unquoted(self) -> Iterator[Row | Misshapen]:
        """Yield the rows before the first one that has quotation marks; most files have none at all.

        Such a row is parted by splitting it, which takes a fourth of the time, and pandas need not be there: importing
        it takes as long as parsing 50,000 rows.
        """
        for row in self._rows:
            if not isinstance(row, tuple) or isinstance(row, Row):
                yield row
            elif '"' in row[1]:
                self._rows = itertools.chain([row], self._rows)
                return
            else:
                yield Row(row[0], row[1].split(self.delimiter))
        self.is_at_its_end = True

    def close(self) -> None:
        """Close the file."""
        self._checked.close()
        super().close()

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def read(self, size: int | None = -1, /) -> str:
        """Return at least ``size`` characters of whole rows, or what is left; an empty text at the end."""
        for row in self._rows:
            if isinstance(row, Misshapen):
                self.misshapen.append(row)
                if len(self.misshapen) % MISSHAPEN_AT_ONCE:
                    continue
                # or all of them would wait here for a row that may never come
                self._writer.writerow([-row.line, *[""] * self._width])
            elif isinstance(row, Row):
                self._writer.writerow([row.line, *row.cells])
            else:
                line, text = row
                self._buffer.write(f"{line}{self.delimiter}{text}\n")
            if size is not None and 0 <= size <= self._buffer.tell():
                break
        text = self._buffer.getvalue()
        self._buffer.seek(0)
        self._buffer.truncate()
        return text
