"""Lists whose cells are parted by blanks: columns that stand one below the other, or an address and a name."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from notify.contacts.blank_columns import Found, find_layout, has_address, mixes_tabs
from notify.contacts.cell_shapes import nearly_all
from notify.contacts.encoding import tell_encoding
from notify.contacts.records import clean_cell
from notify.contacts.rows import Misshapen, Row
from notify.contacts.source import ContactFile, Format, Kind
from notify.contacts.table import Table
from notify.contacts.text_lines import LONGEST_LINE, BlankLines, lines_of, open_text
from notify.core.damaged_text import mended
from notify.core.finding import Finding, Severity
from notify.errors import InputError

#: What Excel calls "Formatted Text (Space delimited)" ends so.
PRN = Format("prn", "text in columns", (".prn",))

_LOOKED_AT = 200  # lines
_BLANKS: Mapping[int, str | int] = {ord("\u00a0"): " "}
_TABS: Mapping[int, str | int] = {ord("\t"): "  "}  # two blanks part cells


class Blanks:
    """A table with blanks between its cells. See :class:`notify.contacts.rows.Grid`."""

    format = PRN
    delimiter = " "

    def __init__(self, path: Path, label: str, encoding: str, called: Collection[str] = ()) -> None:
        """Look at the first lines of the file.

        :param encoding: what notify.toml says; it is found out where that is empty.
        :param called: what notify.toml calls columns.
        :raises InputError: it cannot be read, or is no table of this kind.
        :raises ConfigError: there is no such encoding.
        """
        self._path = path
        self._label = label
        self._blanks: Mapping[int, str | int] = _BLANKS
        told = tell_encoding(path, label, encoding)
        self.encoding = told.name
        lines = [*itertools.islice(self._lines(), _LOOKED_AT)]
        if mixes_tabs([text for _, text in lines]):
            self._blanks = {**_BLANKS, **_TABS}
            lines = [(number, text.translate(self._blanks)) for number, text in lines]
        found = find_layout([text for _, text in lines], called)
        if not found:
            raise InputError(f"{label}: the cells cannot be told by the blanks.", hint="Export the contacts as CSV.")
        self._layout = found.layout
        self.header = found.header
        self.header_line = lines[found.place][0] if found.place >= 0 else 0
        self.findings = (*told.findings, *_findings(found, label, lines[max(found.place, 0)][0]))

    def sample(self, many: int) -> list[Sequence[str]]:
        """Return the cells of the first rows, at most so many."""
        return [row.cells for row in itertools.islice(self.rows(), 2 * many) if isinstance(row, Row)][:many]

    def rows(self) -> Iterator[Row | Misshapen]:
        """Read the rows in the order of the file.

        :raises InputError: the file cannot be read any more.
        """
        for number, text in self._lines():
            if number <= self.header_line:
                continue
            if len(text) > LONGEST_LINE:
                yield Misshapen(number, f"the row is longer than {LONGEST_LINE:,} characters", ())
            elif cells := self._layout.cells(text):
                yield Row(number, [mended(clean_cell(cell)) for cell in cells])
            else:
                yield Misshapen(number, self._reason(text), (text.strip(),))

    def _lines(self) -> Iterator[tuple[int, str]]:
        """Read the lines that say something, with their numbers."""
        number = 1
        with open_text(self._path, self.encoding, self._label) as file:
            for line in lines_of(file):
                if isinstance(line, BlankLines):
                    number += line.many
                    continue
                if any(map(str.isalnum, line)) or "@" in line:
                    yield number, line.rstrip("\n").translate(self._blanks)
                number += 1

    def _reason(self, text: str) -> str:
        if not has_address(text):
            return "there is no address in the line"
        return f"blanks part the cells, and nobody can tell which of the {self._layout.width} columns they belong to"


def _findings(found: Found, label: str, line: int) -> tuple[Finding, ...]:
    if found.place > 0:
        lines = "1 line above the header is" if found.place == 1 else f"{found.place} lines above the header are"
        return (Finding("lines-above-header", Severity.INFO, label, f"{lines} not read"),)
    if found.place == 0:
        return ()
    what = (
        f"there is no header: line {line} is read as a contact, and the columns are called column 1 to column"
        f" {len(found.header)}"
    )
    return (Finding("no-header", Severity.WARNING, f"{label}:{line}", what),)


def _recognise(file: ContactFile) -> Format | None:
    # a look that costs nothing; most files are another kind
    addressed = [line for line in file.lines if "@" in line]
    if not nearly_all(addressed, has_address):
        return None
    try:
        Blanks(file.path, file.label, file.encoding, file.assigned.values())
    except InputError:
        return None  # the table that takes whatever is left says why
    return PRN


def _grid(file: ContactFile, _: Format) -> Blanks:
    return Blanks(file.path, file.label, file.encoding, file.assigned.values())


KIND = Kind(
    (PRN,),
    _recognise,
    read=lambda file, form: Table(file.path, file.label, file.assigned, _grid(file, form)),
    grid=_grid,
)
