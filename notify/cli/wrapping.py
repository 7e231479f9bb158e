"""Lines that fit a terminal: broken at blanks, never in a word, and never in a command that somebody will copy.

What is wider than the terminal and has no blank in it, an address or a path, stays whole on a line of its own.
"""

from __future__ import annotations

import os
import re
import shutil
import unicodedata
from collections.abc import Iterator, Sequence
from typing import TextIO

from notify.core.late_pattern import late_pattern

_STYLE = late_pattern(r"\x1b\[[0-9;]*m")
#: A word in front of what it stands for, as ``From     info@alt.example``: further lines begin below the second.
_LABEL = late_pattern(r" *\S[^:]{0,19}? {2,}(?=\S)")
_FAR = 8
#: A command with what belongs to it, wherever it stands in a sentence.
_COMMAND = late_pattern(
    r"(?:cd \S+ +&& +|[A-Z_]+=\S+ )?notify [a-z]+"
    r"(?: (?:--?[a-z][\w-]*|[A-Z][A-Z-]*…?|'[^']*'|\d+|[\w./-]+[./]\w*)(?![\w:]))*"
)
#: What stands behind a colon and two blanks is to be copied, up to the next two blanks.
_COPIED = late_pattern(r"(?<=: {2})\S+(?: \S+)*")

#: A call-back code between its quotation marks: it is read aloud as one.
_CODE = late_pattern(r'"\w+(?: \w+)* \d+"')


def width_of(stream: TextIO | None) -> int | None:
    """Return how many columns a stream has, and None where it is no terminal."""
    if stream is None or not stream.isatty():
        return None
    try:
        columns = os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):
        columns = 0
    # a terminal that does not tell, and one that makes an empty line below a full one
    return (columns or shutil.get_terminal_size().columns) - (os.name == "nt")


def cells(text: str) -> int:
    """Return how many columns a text takes: two for wide letters, none for accents and styles (Unicode, UAX 11)."""
    plain = _STYLE.sub("", text)
    return len(plain) if plain.isascii() else sum(map(_cells_of, plain))


def _cells_of(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def wrapped(text: str, width: int | None, hang: int = 2) -> str:
    """Return a text whose lines fit into ``width`` columns; None: as it is.

    :param hang: how much further lines are indented than the first one of them.
    """
    if width is None:
        return text
    return "\n".join(piece for line in text.split("\n") for piece in _lines(line, width, hang))


def _lines(line: str, width: int, hang: int) -> Iterator[str]:
    if cells(line) <= width:
        yield line
        return
    plain = _STYLE.sub("", line)
    indent = len(plain) - len(plain.lstrip(" "))
    label = _LABEL.match(plain)
    # a line that is indented far goes on with the one before it
    below = indent + hang * (indent < _FAR)
    start = cells(label[0]) if label and hang else below
    if start > width // 2:
        start = below
    current = ""
    for separator, unit in _units(line, width - start):
        if cells(current + separator + unit) <= width:
            current += separator + unit
            continue
        if current:
            yield current
        current = " " * (start if cells(unit) + start <= width else 0) + unit
    yield current


def _units(line: str, room: int) -> Iterator[tuple[str, str]]:
    """Yield what is not broken, each behind the blanks before it: words, commands, and what is copied if it fits."""
    copied = [found for found in _COPIED.finditer(line) if cells(found[0]) <= room]
    whole = [found.span() for found in (*copied, *_COMMAND.finditer(line), *_CODE.finditer(line))]
    begin = end = 0
    for found in re.finditer(r"( *)(\S+)", line):
        if found.start(2) > end > begin and not any(low <= end < high for low, high in whole):
            yield _parted(line[begin:end])
            begin = end
        end = found.end()
    yield _parted(line[begin:end])


def _parted(text: str) -> tuple[str, str]:
    unit = text.lstrip(" ")
    return text[: len(text) - len(unit)], unit


def columns(rows: Sequence[Sequence[str]], indent: str = "  ", width: int | None = None) -> list[str]:
    """Return rows as aligned lines that fit; without room for the last column it stands below the others."""
    if not rows:
        return []
    widths = [max(map(cells, column)) for column in zip(*rows, strict=True)]
    start = len(indent) + sum(wide + 2 for wide in widths[:-1])
    lines = []
    for *first, last in rows:
        head = indent + "".join(
            f"{cell}{' ' * (wide - cells(cell))}  " for cell, wide in zip(first, widths, strict=False)
        )
        if width is None or start + cells(last) <= width or not last:
            lines.append((head + last).rstrip())
        elif start <= width // 2:
            lines += _below(head, last, width, start)
        else:
            lines += [*wrapped(head.rstrip(), width).split("\n"), *_below(indent + "  ", last, width, len(indent) + 2)]
    return lines


def _below(head: str, text: str, width: int, start: int) -> Iterator[str]:
    pieces = wrapped(text, width - start, hang=0).split("\n")
    for number, piece in enumerate(pieces):
        before = head if number == 0 else " " * start
        yield (before if before.strip() or cells(before + piece) <= width else "") + piece
