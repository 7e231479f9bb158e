"""How a table in a text file is written: its delimiter, and where it begins."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Collection, Sequence
from pathlib import Path

from notify.contacts.cell_shapes import is_address
from notify.contacts.header_row import Start, find_header, findings_on, usual_width
from notify.contacts.records import Record, Records
from notify.contacts.text_lines import open_text
from notify.core.finding import Finding, Severity
from notify.core.record import record
from notify.errors import InputError

#: What stands between the cells of a table, unless a ``sep=`` line names something else.
DELIMITERS = ";,\t|"
_NOTHING = DELIMITERS + '" \r\n\0\ufeff'

# so many records are looked at, and no more of the file than this
_LOOKED_AT = 60
_CHARACTERS = 1 << 20
_LINES = 20_000


@record(frozen=True, slots=True)
class Dialect:
    """How a table is written: its delimiter, its header and the line on which that stands, counted from 1.

    Where there is no header, ``line`` is that of the first row, whose cells are in ``first``, and the header is empty
    cells. ``is_cut`` tells that a quotation mark opens on that line and is not closed.
    """

    delimiter: str
    header: tuple[str, ...]
    line: int
    first: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    is_cut: bool = False

    @property
    def header_line(self) -> int:
        """The line of the header; 0 where there is none."""
        return 0 if self.first else self.line


@record(frozen=True, slots=True)
class _Reading:
    """The first records of a file as one delimiter makes them, and where the table begins in them."""

    delimiter: str
    records: Sequence[Record]
    start: Start

    @property
    def top(self) -> Record:
        return self.records[self.start.place]

    @property
    def width(self) -> int:
        if self.start.has_header:
            return len(self.top.cells)
        return usual_width([record.cells for record in self.records[self.start.place :]])

    def likelihood(self) -> tuple[float, int]:
        """Return how much speaks for it: known names, addresses alone in their cells, rows of one width; then width."""
        rows = [record.cells for record in self.records[self.start.place + self.start.has_header :]]
        usual = usual_width(rows) if rows else 1
        known = min(self.start.known, 5)
        # a header that is narrower than its rows speaks against the delimiter, too
        heads = [self.top.cells] * self.start.has_header
        even = sum(len(cells) == usual for cells in (*heads, *rows)) / len([*heads, *rows]) if usual > 1 else 0
        addressed = sum(any(map(_is_bare_address, cells)) for cells in rows) / (len(rows) or 1)
        return 3 * bool(known) + known + 5 * addressed + 2 * even, self.width

    def _is_shorter_than_all(self) -> bool:
        """Tell whether every row has more cells than the header has names."""
        rows = self.records[self.start.place + 1 :]
        too_long = all(any(row.cells[self.width :]) and len(row.raw) == 1 for row in rows)
        return self.start.has_header and bool(rows) and too_long

    def dialect(self, label: str) -> Dialect:
        top, start = self.top, self.start
        # the lines from the first that says something down to the header
        ignored = top.line - self.records[0].line if start.place else 0
        return Dialect(
            self.delimiter,
            tuple(top.cells) if start.has_header else ("",) * self.width,
            top.line,
            first=() if start.has_header else tuple(top.cells),
            findings=(
                *findings_on(start, label, line=top.line, ignored=ignored, columns=self.width),
                *([_cut_header(label, top.line)] if start.has_header and not top.closed else []),
                *([_short_header(label, top.line)] if self._is_shorter_than_all() else []),
            ),
            is_cut=not top.closed,
        )


def find_dialect(path: Path, encoding: str, label: str, called: Collection[str] = ()) -> Dialect:
    """Find delimiter and header by the first records: by known names, by addresses, and by rows of one width.

    A ``sep=;`` line, as Excel writes it, is believed.

    :param called: what notify.toml calls columns.
    :raises InputError: there is no row at the beginning of the file, or one that is too long to be a header.
    """
    lines = _first_lines(path, encoding, label)
    skipped = sum(1 for _ in itertools.takewhile(lambda line: not line.strip(_NOTHING), lines))
    first = lines[skipped] if skipped < len(lines) else ""
    named = re.fullmatch(r'"?sep=([^\s"]|\t)"?\s*', first, re.IGNORECASE)
    skipped += bool(named)
    found = [
        reading
        for delimiter in (named[1] if named else DELIMITERS)
        if (reading := _read(lines, delimiter, skipped, called))
    ]
    if not found:
        raise InputError(f"{label}: the file has no row.", hint="Export the contacts again.")
    return max(found, key=lambda reading: (*reading.likelihood(), reading.delimiter == ",")).dialect(label)


def _first_lines(path: Path, encoding: str, label: str) -> list[str]:
    """Return the whole lines at the beginning of a file, with their ends.

    :raises InputError: the first one does not end where it has to.
    """
    with open_text(path, encoding, label) as file:
        text = file.read(_CHARACTERS)
    lines = list(io.StringIO(text, newline="\n"))
    if len(text) < _CHARACTERS or len(lines) > _LINES:
        return lines[:_LINES]
    if len(lines) == 1:
        raise InputError(
            f"{label}:1: this line is longer than {_CHARACTERS:,} characters, so it is no header of a table.",
            hint="Export the contacts again.",
        )
    return lines[:-1]


def _read(lines: Sequence[str], delimiter: str, skipped: int, called: Collection[str]) -> _Reading | None:
    """Read the first records with a delimiter; None where no record says anything."""
    found = _records(Records(iter(lines[skipped:]), delimiter, skipped))
    if not found:
        return None
    start = find_header([record.cells for record in found], called)
    top = found[start.place]
    # a header may have lines, but no line of it has an address
    if start.has_header and any("\n" in cell and "@" in cell for cell in top.cells):
        records = Records(iter(lines[top.line - 1 :]), delimiter, top.line - 1)
        found = [*found[: start.place], records.first_line(), *_records(records)]
        start = find_header([record.cells for record in found], called)
    return _Reading(delimiter, found, start)


def _records(records: Records) -> list[Record]:
    return list(itertools.islice(filter(_says_something, records), _LOOKED_AT))


def _short_header(label: str, line: int) -> Finding:
    what = (
        "all rows have more fields than the header: a name is missing in it, so nobody can tell which column is which"
    )
    return Finding("short-header", Severity.ERROR, f"{label}:{line}", what, "Mend the header.")


def _cut_header(label: str, line: int) -> Finding:
    what = "a quotation mark opens in the header and is not closed: the header is read to the end of its line"
    return Finding("unclosed-header", Severity.WARNING, f"{label}:{line}", what, 'Remove the stray " there.')


def _says_something(record: Record) -> bool:
    return any(cell.strip(_NOTHING) for cell in record.cells)


def _is_bare_address(cell: str) -> bool:
    """Tell whether a cell is an address and nothing else; a bar could be part of one, but is not."""
    return "@" in cell and "|" not in cell and is_address(cell)
