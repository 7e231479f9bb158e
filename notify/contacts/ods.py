"""Sheets of LibreOffice: OpenDocument 1.2, part 1, 9.1. A cell says itself how it is shown, in its paragraphs."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from notify.contacts.number_format import general
from notify.contacts.sheet_rows import (
    MOST_COLUMNS,
    SheetName,
    SheetRow,
    Texts,
    TooLargeError,
    attribute,
    contains,
    parsed,
)

_CONTENT = "content.xml"
_MOST_BLANKS = 1024  # of a text:s
_MOST_ROWS = 1 << 20
_MOST_ALIKE = 10_000  # rows with something in them, one behind the other
_CELLS = ("table-cell", "covered-table-cell")
# what stands in a cell and is no text of it: comments, pictures
_ASIDE = frozenset({"annotation", "shapes", "frame", "custom-shape", "g"})
_HIDDEN = (b'visibility="filter"', b'visibility="collapse"')
_VALUES = ("date-value", "time-value", "boolean-value", "string-value")


class Ods:
    """An open workbook; see :class:`notify.contacts.sheet_rows.Workbook`."""

    def __init__(self, path: Path) -> None:
        """Look at its sheets.

        :raises OSError: it cannot be read.
        """
        self._path = path
        handler = _Tables("")
        with zipfile.ZipFile(path) as archive:
            for _ in parsed(archive, _CONTENT, handler):
                handler.rows.clear()
        #: The sheets, in their order.
        self.sheets = tuple(
            SheetName(name, name, is_visible=style not in handler.hidden) for name, style in handler.tables
        )

    def rows(self, sheet: SheetName) -> Iterator[SheetRow]:
        """Read the rows of a sheet that have cells, each time anew."""
        handler = _Tables(sheet.place)
        with zipfile.ZipFile(self._path) as archive, closing(parsed(archive, _CONTENT, handler)) as steps:
            for _ in steps:
                for numbers, cells, is_hidden in handler.rows:
                    yield from (SheetRow(number, cells, is_hidden) for number in numbers)
                handler.rows.clear()
                if handler.is_over:
                    return

    def may_hide_rows(self, sheet: SheetName) -> bool:  # noqa: ARG002  # one part has all sheets
        """Tell whether a row of it may be hidden, without reading them all."""
        with zipfile.ZipFile(self._path) as archive:
            return contains(archive, _CONTENT, _HIDDEN)


class _Tables:
    """Makes rows of the cells of one table, and keeps the names of all."""

    def __init__(self, wanted: str) -> None:
        self.tables: list[tuple[str, str]] = []
        #: The styles of tables that are not displayed.
        self.hidden: set[str] = set()
        #: Their numbers, cells, and whether they are hidden.
        self.rows: list[tuple[range, list[str], bool]] = []
        self.is_over = False
        self._wanted = wanted
        self._inside = False
        self._style = ""
        self._number = 1
        self._row: dict[str, str] = {}
        self._cells: list[str] = []
        self._cell: dict[str, str] = {}
        self._text = Texts()
        self._paragraphs = self._aside = 0
        self._heard = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Begin a table, a row or a cell, or listen to its text."""
        if name in _ASIDE:
            self._aside += 1
        elif name == "table":
            self.tables.append((attribute(attributes, "name"), attribute(attributes, "style-name")))
            self._inside = self.tables[-1][0] == self._wanted and not self.is_over
        elif name == "style":
            self._style = attribute(attributes, "name")
        elif name == "table-properties" and attribute(attributes, "display") == "false":
            self.hidden.add(self._style)
        elif self._inside and not self._aside:
            self._start_inside(name, attributes)

    def _start_inside(self, name: str, attributes: dict[str, str]) -> None:
        if name in _CELLS:
            self._cell, self._paragraphs = attributes, 0
        elif name == "table-row":
            self._row, self._cells = attributes, []
        elif name == "p":
            self._heard = True
            self._text.add("\n" * bool(self._paragraphs))
            self._paragraphs += 1
        elif name == "s":
            self._text.add(" " * min(_repeated(attributes, "c"), _MOST_BLANKS))
        elif name in ("tab", "line-break"):
            self._text.add("\t" if name == "tab" else "\n")

    def end(self, name: str) -> None:
        """Keep a cell or a row when it is whole."""
        if name in _ASIDE:
            self._aside -= 1
        elif not self._inside or self._aside:
            return
        elif name == "p":
            self._heard = False
        elif name in _CELLS:
            self._end_cell()
        elif name == "table-row":
            self._end_row()
        elif name == "table":
            self._inside, self.is_over = False, True

    def text(self, text: str) -> None:
        """Take characters."""
        if self._heard and not self._aside:
            self._text.add(text)

    def _end_cell(self) -> None:
        text = _shown(self._text.take(), self._cell)
        room = MOST_COLUMNS - len(self._cells)
        self._cells += [text] * min(_repeated(self._cell, "number-columns-repeated"), max(room, 0))

    def _end_row(self) -> None:
        while self._cells and not self._cells[-1]:
            self._cells.pop()
        times = _repeated(self._row, "number-rows-repeated")
        if self._cells:
            is_hidden = attribute(self._row, "visibility") in {"filter", "collapse"}
            if times > _MOST_ALIKE:
                raise TooLargeError
            last = min(self._number + times, _MOST_ROWS + 1)
            self.rows.append((range(self._number, last), self._cells, is_hidden))
        self._number += times


def _shown(text: str, cell: dict[str, str]) -> str:
    """Return how a cell is shown; programs that are no spreadsheets write 7.0 and True as they know them."""
    kind = attribute(cell, "value-type")
    if not text:
        return _value(cell)
    if kind == "boolean":
        return text.upper()
    number = attribute(cell, "value")
    return general(float(number)) if kind == "float" and text.endswith(".0") and float(number) == float(text) else text


def _value(cell: dict[str, str]) -> str:
    """Return the value of a cell that does not say how it is shown."""
    if number := attribute(cell, "value"):
        return general(float(number))
    return next((text for name in _VALUES if (text := attribute(cell, name))), "")


def _repeated(attributes: dict[str, str], name: str) -> int:
    """Return how often something is there; once where nothing is said."""
    return max(int(attribute(attributes, name) or 1), 1)
