"""Compound files ([MS-CFB]): a small file system inside a file, in which Excel kept its workbooks until 2007.

A stream is a chain of sectors, and a table says of each sector which one comes next. A chain can be made to bite its
own tail; so none may be longer than the file has sectors.
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_HEADER = 512
_LAST_SECTOR = 0xFFFFFFFA  # the numbers from there on are marks (2.1)
_IN_HEADER = 109  # so many sectors of the table are named in the header; the others in a chain of their own
_ENTRY = 128
_STREAM, _ROOT = 2, 5
_PIECE = 1 << 16


class CompoundFile:
    """A compound file whose tables were read; the streams in it are read piece by piece."""

    def __init__(self, path: Path) -> None:
        """Read the tables, and the names of the streams.

        :raises OSError: it cannot be read.
        :raises ValueError: it is damaged.
        """
        self._path = path
        with path.open("rb") as file:
            head = file.read(_HEADER)
            if len(head) < _HEADER:
                raise ValueError
            shift, small_shift = struct.unpack_from("<2H", head, 30)
            if shift not in (9, 12) or small_shift != 6:
                raise ValueError
            self._size: int = 1 << shift
            self._small_size: int = 1 << small_shift
            self._end = path.stat().st_size
            self._most = self._end // self._size + 1
            first, self._cutoff, small_first = struct.unpack_from("<I4xII", head, 48)
            self._next = self._table(file, self._sectors_of_table(file, head), self._size)
            self._small_next = self._table(file, self._chain(small_first, self._next), self._small_size)
            self._small: list[int] = []
            #: Where each stream begins, and how long it is, by its name in small letters.
            self._streams: dict[str, tuple[int, int]] = {}
            self._read_names(file, first)

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._streams

    def pieces(self, name: str, begin: int = 0) -> Iterator[bytes]:
        """Yield a stream from a place on, piece by piece.

        :raises KeyError: there is none of this name.
        :raises ValueError: its chain is broken.
        """
        first, length = self._streams[name.lower()]
        with self._path.open("rb") as file:
            for place, many in self._runs(first, length):
                length -= many
                if begin < many:
                    file.seek(place + begin)
                    yield from _read(file, many - begin)
                begin = max(begin - many, 0)
        if length > 0:
            raise ValueError

    def _runs(self, first: int, length: int) -> Iterator[tuple[int, int]]:
        """Yield where the parts of a stream stand in the file, and how long each is; neighbours are one part."""
        is_small = length < self._cutoff
        size = self._small_size if is_small else self._size
        place = many = 0
        for sector in self._chain(first, self._small_next if is_small else self._next):
            found = self._place_of_small(sector) if is_small else (sector + 1) * self._size
            if many and found == place + many:
                many += size
            else:
                if many:
                    yield place, min(many, length)
                    length -= many
                place, many = found, size
            if many >= length:
                break
        if many and length > 0:
            yield place, min(many, length)

    def _place_of_small(self, sector: int) -> int:
        """Return where a small sector stands: they share the sectors of the root's stream."""
        each: int = self._size // self._small_size
        return (self._small[sector // each] + 1) * self._size + sector % each * self._small_size

    def _chain(self, sector: int, table: array[int]) -> Iterator[int]:
        for _ in range(len(table) + 1):
            if sector >= _LAST_SECTOR:
                return
            yield sector
            sector = table[sector]
        raise ValueError  # it comes back to where it was

    def _sectors_of_table(self, file: BinaryIO, head: bytes) -> Iterator[int]:
        """Yield the sectors that hold the table of what comes next, in their order."""
        many, more = struct.unpack_from("<I20xI", head, 44)
        if many > self._most:
            raise ValueError
        numbers = [*struct.unpack_from(f"<{_IN_HEADER}I", head, 76)]
        while len(numbers) < many and more < _LAST_SECTOR:
            *found, more = _numbers(self._sector(file, more))
            numbers += found
        return iter(numbers[:many])

    def _table(self, file: BinaryIO, sectors: Iterator[int], size: int) -> array[int]:
        """Read what comes behind each sector of a size."""
        table = array("I")
        for sector in sectors:
            if len(table) * size > self._end:
                raise ValueError  # it tells of more sectors than there are
            if sector < _LAST_SECTOR:
                table.extend(_numbers(self._sector(file, sector)))
        return table

    def _sector(self, file: BinaryIO, number: int) -> bytes:
        file.seek((number + 1) * self._size)
        octets = file.read(self._size)
        if len(octets) < self._size:
            raise ValueError  # it is behind the end
        return octets

    def _read_names(self, file: BinaryIO, first: int) -> None:
        for sector in self._chain(first, self._next):
            octets = self._sector(file, sector)
            for place in range(0, len(octets) - _ENTRY + 1, _ENTRY):
                name, length, kind = struct.unpack_from("<64sHB", octets, place)
                begin, size = struct.unpack_from("<II", octets, place + 116)
                if kind == _ROOT:
                    self._small = [*self._chain(begin, self._next)]
                elif kind == _STREAM:
                    text = name[: max(length - 2, 0)].decode("utf-16-le", "replace")
                    self._streams.setdefault(text.lower(), (begin, size))


def _read(file: BinaryIO, many: int) -> Iterator[bytes]:
    while many > 0:
        piece = file.read(min(many, _PIECE))
        if not piece:
            raise ValueError  # the file ends before the stream does
        many -= len(piece)
        yield piece


def _numbers(octets: bytes) -> array[int]:
    """Return the 32-bit numbers of a sector."""
    numbers = array("I", octets[: len(octets) // 4 * 4])
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
