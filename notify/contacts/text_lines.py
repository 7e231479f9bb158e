"""The lines of a text file, a block at a time: neither a line without end nor millions of blank ones cost much."""

from __future__ import annotations

import functools
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from notify.core.damaged_text import may_be_mended
from notify.core.late_pattern import late_pattern
from notify.errors import InputError

#: Of a line no more is kept: it is none of a contact.
LONGEST_LINE = 1 << 20

_BLOCK = 1 << 14
_MANY = ("\n" * 64, "\r\n" * 32)
_RUNS = late_pattern(r"(?<=\n)((?:\r*\n){63,})")


class BlankLines(str):
    """So many empty lines, one behind the other."""

    __slots__ = ()

    @property
    def many(self) -> int:
        """How many they are."""
        return self.count("\n")


class DoubtfulLine(str):
    """A line near one that was damaged on its way, see :mod:`notify.core.damaged_text`: it is to be taken apart."""

    __slots__ = ()


def open_text(path: Path, encoding: str, label: str) -> TextIO:
    """Open a table for reading; every line ends with a line feed. Bytes that cannot be decoded become U+FFFD.

    :raises InputError: it cannot be read.
    """
    try:
        return path.open(encoding=encoding, errors="replace")
    except OSError as error:
        raise InputError(f"{label}: the file cannot be read: {error.strerror}.") from error


def lines_of(file: TextIO, longest: int = LONGEST_LINE) -> Iterator[str]:
    """Yield the lines with their ends. Of a line that is too long there is one character too many, and no end.

    Runs of blank lines are one :class:`BlankLines`.
    """
    rest, too_long = "", False
    for block in iter(functools.partial(file.read, _BLOCK), ""):
        text = rest + block
        if too_long:
            _, end, text = text.partition("\n")
            too_long = not end
        lines = _split(text)
        if may_be_mended(text):
            lines = [line if isinstance(line, BlankLines) else DoubtfulLine(line) for line in lines]
        rest = lines.pop() if text and not text.endswith("\n") else ""
        yield from lines
        if len(rest) > longest:
            yield rest[: longest + 1]
            rest, too_long = "", True
    if rest:
        yield rest


def _split(text: str) -> list[str]:
    if not any(many in text for many in _MANY):
        return list(io.StringIO(text, newline="\n"))
    found: list[str] = []
    for number, piece in enumerate(_RUNS.split(text)):
        found += [BlankLines(piece)] if number % 2 else io.StringIO(piece, newline="\n")
    return found
