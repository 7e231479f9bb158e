"""How a table in a text file is written: its delimiter, and where it begins."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from notify.contacts.cell_shapes import is_address
from notify.contacts.header_row import Start, find_header, findings_on, usual_width
from notify.contacts.records import Record, Records, open_text
from notify.core.finding import Finding
from notify.errors import InputError

#: What stands between the cells of a table, unless a ``sep=`` line names something else.
DELIMITERS = ";,\t|"
_NOTHING = DELIMITERS + '" \r\n\0\ufeff'

# so many records are looked at, and no more of the file than this
_LOOKED_AT = 60
_CHARACTERS = 1 << 20


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a table is written: its delimiter, its header and the line on which that stands, counted from 1.

    Where there is no header, ``line`` is that of the first row, whose cells are in ``first``, and the header is empty
    cells.
    """

    delimiter: str
    header: tuple[str, ...]
    line: int
    first: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def header_line(self) -> int:
        """The line of the header; 0 where there is none."""
        return 0 if self.first else self.line


@dataclass(frozen=True, slots=True)
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
        even = sum(len(cells) == usual for cells in rows) / len(rows) if usual > 1 else 0
        addressed = sum(any(map(_is_bare_address, cells)) for cells in rows) / (len(rows) or 1)
        return 3 * bool(known) + known + 5 * addressed + 2 * even, self.width

    def dialect(self, label: str) -> Dialect:
        top, start = self.top, self.start
        # the lines from the first that says something down to the header
        ignored = top.line - self.records[0].line if start.place else 0
        return Dialect(
            self.delimiter,
            tuple(top.cells) if start.has_header else ("",) * self.width,
            top.line,
            first=() if start.has_header else tuple(top.cells),
            findings=findings_on(start, label, line=top.line, ignored=ignored, columns=self.width),
        )


def find_dialect(path: Path, encoding: str, label: str, called: Collection[str] = ()) -> Dialect:
    """Find delimiter and header by the first records: by known names, by addresses, and by rows of one width.

    A ``sep=;`` line, as Excel writes it, is believed.

    :param called: what notify.toml calls columns.
    :raises InputError: there is no row at all, or a quotation mark in the header is never closed.
    """
    lines = _first_lines(path, encoding, label)
    skipped = sum(1 for _ in itertools.takewhile(lambda line: not line.strip(_NOTHING), lines))
    first = lines[skipped] if skipped < len(lines) else ""
    named = re.fullmatch(r'"?sep=([^\s"]|\t)"?\s*', first, re.IGNORECASE)
    skipped += bool(named)
    found: list[_Reading] = []
    unclosed: InputError | None = None
    for delimiter in named[1] if named else DELIMITERS:
        try:
            found += _read(lines, delimiter, label, skipped, called)
        except InputError as error:
            # a delimiter that is not the file's may put a quotation mark at the beginning of a cell
            unclosed = unclosed or error
    best = max(found, key=_Reading.likelihood, default=None)
    if unclosed is not None and (best is None or best.width == 1):
        raise unclosed
    if best is None:
        raise InputError(f"{label}: the file has no row.", hint="Export the contacts again.")
    dialect = best.dialect(label)
    return dialect if named or best.width > 1 else replace(dialect, delimiter=",")


def _first_lines(path: Path, encoding: str, label: str) -> list[str]:
    """Return the whole lines at the beginning of a file, with their ends."""
    with open_text(path, encoding, label) as file:
        text = file.read(_CHARACTERS)
    lines = list(io.StringIO(text, newline=""))
    return lines[:-1] if len(text) == _CHARACTERS and len(lines) > 1 else lines


def _read(lines: Sequence[str], delimiter: str, label: str, skipped: int, called: Collection[str]) -> list[_Reading]:
    """Read the first records with a delimiter; nothing is found where no record says anything.

    :raises InputError: a quotation mark opens in the header, or above it, and is never closed.
    """
    records = Records(iter(lines[skipped:]), delimiter, label, skipped)
    found: list[Record] = []
    unclosed: InputError | None = None
    try:
        for record in itertools.islice(records, _LOOKED_AT):
            if _says_something(record):
                found.append(record)  # noqa: PERF401  # what comes before an error is kept
    except InputError as error:
        unclosed = error
    if not found:
        if unclosed:
            raise unclosed
        return []
    start = find_header([record.cells for record in found], called)
    top = found[start.place]
    # a header may have lines, but no line of it has an address
    if start.has_header and any("\n" in cell and "@" in cell for cell in top.cells):
        raise records.unclosed(top.line)
    return [_Reading(delimiter, found, start)]


def _says_something(record: Record) -> bool:
    return any(cell.strip(_NOTHING) for cell in record.cells)


def _is_bare_address(cell: str) -> bool:
    """Tell whether a cell is an address and nothing else; a bar could be part of one, but is not."""
    return "@" in cell and "|" not in cell and is_address(cell)
