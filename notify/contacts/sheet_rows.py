"""What every reader of workbooks gives: sheets by name, and their rows as a spreadsheet shows them, one by one.

A workbook is a zip file of XML, and its numbers may ask for more than any memory: a cell in the last column of the last
row, a billion blanks, a gigabyte that packs into a megabyte. So parts are read piece by piece, and no cell, row or part
may be larger than a spreadsheet makes them.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from typing import NamedTuple, Protocol
from xml.parsers import expat

from notify.core.record import record

#: Excel and LibreOffice have no more.
MOST_COLUMNS = 16_384
#: Excel takes 32,767 characters.
LONGEST_CELL = 1 << 20

_PIECE = 1 << 16
# a part that packs better than any sheet does, and is larger than what is read in no time
_LARGE = 1 << 26
_BEST_RATIO = 150
_LARGEST = 1 << 31

#: What zipfile and expat raise where a file is damaged.
DAMAGED = (
    KeyError,  # a part is missing
    IndexError,  # a cell refers to what is not there
    ValueError,  # a number is none, or a part begins before the file does
    struct.error,  # a record is too short
    zipfile.BadZipFile,
    NotImplementedError,  # the part needs a newer version of zip
    RuntimeError,  # the part is encrypted
    EOFError,
    zlib.error,
    expat.ExpatError,
)


class SheetRow(NamedTuple):
    """A row with the number that is shown beside it, its cells up to the last one, and whether it is hidden."""

    number: int
    cells: list[str]
    is_hidden: bool = False


@record(frozen=True, slots=True)
class SheetName:
    """A sheet, where it is kept, and whether it can be seen."""

    name: str
    place: str
    is_visible: bool = True


class Workbook(Protocol):
    """An open workbook."""

    @property
    def sheets(self) -> Sequence[SheetName]:
        """The sheets with cells, in their order."""

    def rows(self, sheet: SheetName) -> Iterator[SheetRow]:
        """Read the rows of a sheet that have cells, each time anew."""

    def may_hide_rows(self, sheet: SheetName) -> bool:
        """Tell whether a row of it may be hidden, without reading them all."""


class TooLargeError(Exception):
    """A workbook asks for more than a spreadsheet can hold."""


class LockedError(Exception):
    """A workbook was saved with a password."""


def put(cells: list[str], place: int, text: str) -> None:
    """Put a text in its place in a row.

    :raises TooLargeError: no row has so many cells.
    """
    if place >= MOST_COLUMNS:
        raise TooLargeError
    if missing := place - len(cells):
        if missing < 0:
            cells[place] = text
            return
        cells += [""] * missing
    cells.append(text)


class Texts:
    """The characters of one cell as they come."""

    __slots__ = ("_parts", "_size")

    def __init__(self) -> None:
        """Begin without any."""
        self._parts: list[str] = []
        self._size = 0

    def add(self, text: str) -> None:
        """Add some.

        :raises TooLargeError: no cell is so long.
        """
        self._size += len(text)
        if self._size > LONGEST_CELL:
            raise TooLargeError
        self._parts.append(text)

    def take(self) -> str:
        """Return them, and begin anew."""
        text = "".join(self._parts)
        self._parts.clear()
        self._size = 0
        return text


class Handler(Protocol):
    """What is done with the elements of a part; names are without their prefixes."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""

    def end(self, name: str) -> None:
        """Take its end."""

    def text(self, text: str) -> None:
        """Take characters."""


def check_packing(archive: zipfile.ZipFile) -> None:
    """Look at all parts of a zip file together, so that many small bombs are no way around.

    :raises TooLargeError: they unpack to more than sheets do.
    """
    parts = archive.infolist()
    if _packs_too_well(sum(part.file_size for part in parts), sum(part.compress_size for part in parts)):
        raise TooLargeError


def _packs_too_well(size: int, packed: int) -> bool:
    return size > _LARGE and size > _BEST_RATIO * packed


def pieces(archive: zipfile.ZipFile, part: str) -> Generator[bytes, None, None]:
    """Yield a part of a zip file piece by piece.

    :raises TooLargeError: it unpacks to more than a sheet can be.
    """
    found = archive.getinfo(part)
    if _packs_too_well(found.file_size, found.compress_size) or found.file_size > _LARGEST:
        raise TooLargeError
    with archive.open(found) as file:
        while piece := file.read(_PIECE):
            yield piece


def parsed(archive: zipfile.ZipFile, part: str, handler: Handler) -> Generator[None, None, None]:
    """Parse a part, a step for each piece.

    :raises TooLargeError: it unpacks to more than a sheet can be.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: handler.start(_local(name), attributes)
    parser.EndElementHandler = lambda name: handler.end(_local(name))
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = _refuse
    with closing(pieces(archive, part)) as octets:
        for piece in octets:
            parser.Parse(piece)
            yield
    parser.Parse(b"", True)  # noqa: FBT003  # it takes no names
    yield


def attribute(attributes: dict[str, str], name: str) -> str:
    """Return an attribute by its name without a prefix; empty where it is not there."""
    return next((text for key, text in attributes.items() if key.rpartition(":")[2] == name), "")


def contains(archive: zipfile.ZipFile, part: str, words: Sequence[bytes]) -> bool:
    """Tell whether one of these words stands in a part."""
    rest = b""
    with closing(pieces(archive, part)) as octets:
        for piece in octets:
            if any(word in rest + piece for word in words):
                return True
            rest = piece[-64:]
    return False


def _local(name: str) -> str:
    return name if ":" not in name else name.rpartition(":")[2]


def _refuse(*_: object) -> None:
    raise TooLargeError  # entities may unpack to anything, and no spreadsheet writes them
