"""What the zip files of Excel since 2007 have in common: which part is which sheet (ECMA-376, part 2, 9.3)."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterable
from typing import TypeVar

from notify.contacts.sheet_rows import SheetName, check_packing, parsed


class Nothing:
    """Takes what nobody asks for."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Pass over an element."""

    def end(self, name: str) -> None:
        """Pass over its end."""

    def text(self, text: str) -> None:
        """Pass over characters."""


_Handler = TypeVar("_Handler", bound=Nothing)


def read_part(archive: zipfile.ZipFile, part: str, handler: _Handler) -> _Handler:
    """Read a part of XML, and return what was made of it."""
    for _ in parsed(archive, part, handler):
        pass
    return handler


class Package:
    """The parts of a workbook by their names, whose letters may be large or small."""

    def __init__(self, archive: zipfile.ZipFile, main: re.Pattern[str]) -> None:
        """Read which part is meant by which id.

        :param main: how the part is called that lists the sheets.
        :raises KeyError: there is none.
        :raises TooLargeError: its parts unpack to more than sheets do.
        """
        check_packing(archive)
        self._names = {name.lower(): name for name in archive.namelist()}
        #: The part that lists the sheets.
        self.main = next((name for name in self._names.values() if main.fullmatch(name)), "")
        self._folder = posixpath.dirname(self.main)
        relations = f"{self._folder}/_rels/{posixpath.basename(self.main)}.rels"
        targets = read_part(archive, relations, _Relations()).targets
        self._places = {key: posixpath.normpath(posixpath.join(self._folder, name)) for key, name in targets.items()}

    def find(self, name: str) -> str:
        """Return the part of this name, beside the main one; empty where there is none."""
        return self._names.get(f"{self._folder}/{name}".lower(), "")

    def worksheets(self, sheets: Iterable[tuple[str, str, bool]]) -> tuple[SheetName, ...]:
        """Return those of some sheets that have cells, each given by its name, its id, and whether it can be seen."""
        found: dict[str, SheetName] = {}
        for name, key, is_visible in sheets:
            place = self._places.get(key, "")
            if "worksheets" in place or "sheet" in posixpath.basename(place):
                part = self._names[place.lstrip("/").lower()]
                # a part is one sheet, however often it is listed
                found.setdefault(part, SheetName(name, part, is_visible))
        return tuple(found.values())


class _Relations(Nothing):
    """Which part is meant by which id."""

    def __init__(self) -> None:
        self.targets: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take a relationship."""
        if name == "Relationship":
            self.targets[attributes["Id"]] = attributes["Target"]
