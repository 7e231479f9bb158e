"""Workbooks of Excel since 2007: zip files of XML (ECMA-376, part 1, 18.3), read row by row, as Excel shows them."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from notify.contacts.number_format import BUILT_IN, general, shown
from notify.contacts.package import Nothing, Package, read_part
from notify.contacts.shared_texts import SharedTexts
from notify.contacts.sheet_rows import SheetName, SheetRow, Texts, attribute, contains, parsed, put
from notify.core.late_pattern import late_pattern

_MAIN = late_pattern(r"xl/workbook\d*\.xml", re.IGNORECASE)
_REFERENCE = late_pattern(r"([A-Z]+)(\d*)")
_ESCAPED = late_pattern(r"_x([0-9A-Fa-f]{4})_")  # ECMA-376, part 1, 22.9.2.19
_WHOLE = late_pattern(r"-?[1-9]\d{0,14}|0")
_HIDDEN = (b'hidden="1"', b'hidden="true"', b"hidden='1'")


class Xlsx:
    """An open workbook; see :class:`notify.contacts.sheet_rows.Workbook`."""

    def __init__(self, path: Path) -> None:
        """Read what its sheets share.

        :raises OSError: it cannot be read.
        :raises TooLargeError: it asks for more than a spreadsheet can hold.
        """
        self._path = path
        with zipfile.ZipFile(path) as archive:
            package = Package(archive, _MAIN)
            book = read_part(archive, package.main, _Book())
            #: The sheets with cells, in their order.
            self.sheets = package.worksheets(book.sheets)
            self._since_1904 = book.since_1904
            shared, styles = package.find("sharedStrings.xml"), package.find("styles.xml")
            self._texts = read_part(archive, shared, _SharedTexts()).texts.texts if shared else []
            self._formats = read_part(archive, styles, _Styles()).formats() if styles else []

    def rows(self, sheet: SheetName) -> Iterator[SheetRow]:
        """Read the rows of a sheet that have cells, each time anew."""
        handler = _Sheet(self._texts, self._formats, since_1904=self._since_1904)
        with zipfile.ZipFile(self._path) as archive, closing(parsed(archive, sheet.place, handler)) as steps:
            for _ in steps:
                yield from handler.rows
                handler.rows.clear()

    def may_hide_rows(self, sheet: SheetName) -> bool:
        """Tell whether a row of it may be hidden, without reading them all."""
        with zipfile.ZipFile(self._path) as archive:
            return contains(archive, sheet.place, _HIDDEN)


class _Book(Nothing):
    """The names of the sheets, their ids, and whether they can be seen."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, bool]] = []
        self.since_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take a sheet."""
        if name == "sheet":
            is_visible = attributes.get("state", "visible") == "visible"
            self.sheets.append((attributes["name"], attribute(attributes, "id"), is_visible))
        elif name == "workbookPr":
            self.since_1904 = attributes.get("date1904") in {"1", "true"}


class _Styles(Nothing):
    """The formats of numbers, by the style of a cell."""

    def __init__(self) -> None:
        self._codes = dict(BUILT_IN)
        self._styles: list[int] = []
        self._inside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take a format or a style."""
        if name == "numFmt":
            self._codes[int(attributes["numFmtId"])] = attributes["formatCode"]
        elif name == "cellXfs":
            self._inside = True
        elif name == "xf" and self._inside:
            self._styles.append(int(attributes.get("numFmtId", 0)))

    def end(self, name: str) -> None:
        """Leave the styles of cells."""
        self._inside = self._inside and name != "cellXfs"

    def formats(self) -> list[str]:
        """Return the format of each style."""
        return [self._codes.get(number, "General") for number in self._styles]


class _SharedTexts(Nothing):
    """The texts that cells refer to by their number; how a text is pronounced is left out (18.4.6)."""

    def __init__(self) -> None:
        self.texts = SharedTexts()
        self._texts = Texts()
        self._heard = self._aside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:  # noqa: ARG002  # those of a text are its looks
        """Listen to a text."""
        self._heard = name == "t" and not self._aside
        self._aside |= name == "rPh"

    def end(self, name: str) -> None:
        """Keep a text when it is whole."""
        self._heard = False
        if name == "rPh":
            self._aside = False
        elif name == "si":
            self.texts.add(_unescaped(self._texts.take()))

    def text(self, text: str) -> None:
        """Take characters."""
        if self._heard:
            self._texts.add(text)


class _Sheet:
    """Makes rows of the cells of a sheet."""

    def __init__(self, texts: list[str], formats: list[str], *, since_1904: bool) -> None:
        self.rows: list[SheetRow] = []
        self._texts, self._formats, self._since_1904 = texts, formats, since_1904
        self._number = 0
        self._cells: list[str] = []
        self._place = 0
        self._kind = self._style = ""
        self._value = Texts()
        self._heard = self._aside = self._is_hidden = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Begin a row or a cell, or listen to its value."""
        if name == "c":
            found = _REFERENCE.match(attributes.get("r", ""))
            self._place = _column(found[1]) if found else len(self._cells)
            self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
        elif name in ("v", "t"):
            self._heard = not self._aside
        elif name == "row":
            self._number = int(attributes.get("r") or self._number + 1)
            self._is_hidden = attributes.get("hidden") in {"1", "true"}
            self._cells = []
        elif name == "rPh":
            self._aside = True

    def end(self, name: str) -> None:
        """Keep a cell or a row when it is whole."""
        self._heard = False
        if name == "c":
            if raw := self._value.take():
                put(self._cells, self._place, self._shown(raw))
        elif name == "row":
            if self._cells:
                self.rows.append(SheetRow(self._number, self._cells, self._is_hidden))
                self._cells = []
        elif name == "rPh":
            self._aside = False

    def text(self, text: str) -> None:
        """Take characters."""
        if self._heard:
            self._value.add(text)

    def _shown(self, raw: str) -> str:
        """Return a value as it is shown, by the type of the cell (18.18.11) and its style."""
        match self._kind:
            case "s":
                return self._texts[int(raw)]
            case "n":
                return self._number_shown(raw)
            case "b":
                return "TRUE" if raw.strip() == "1" else "FALSE"
            case "str" | "inlineStr":
                return _unescaped(raw)
            case _:  # an error such as #N/A, or a date as ISO 8601 has it
                return raw

    def _number_shown(self, raw: str) -> str:
        code = self._formats[int(self._style)] if self._style and int(self._style) < len(self._formats) else "General"
        if code == "General":
            return raw if _WHOLE.fullmatch(raw) else general(float(raw))
        return shown(float(raw), code, since_1904=self._since_1904)


def _column(letters: str) -> int:
    """Return the number of a column from 0: A, B … XFD."""
    number = 0
    for letter in letters[:4]:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
