"""What a terminal shows of the octets that a program writes to it: as much of ECMA-48 as notify and a shell use."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_PIECE = re.compile(r"\x1b\[([0-9;?]*)([A-Za-z])|\x1b\][^\x07]*\x07|\x1b[=>]|(.)", re.DOTALL)
_COLOURS = {31: "red", 32: "green", 33: "yellow", 34: "blue", 35: "magenta", 36: "cyan"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One letter, and how it is shown: names such as ``red``, ``bold`` and ``dim``."""

    letter: str = " "
    style: frozenset[str] = frozenset()


@dataclass(slots=True)
class Screen:
    """A screen of so many columns that keeps every line: what a real one scrolls away stays above."""

    columns: int
    lines: list[list[Cell]] = field(default_factory=lambda: [[]])
    _row: int = 0
    _column: int = 0
    _style: frozenset[str] = frozenset()

    def write(self, text: str) -> None:
        """Show what was written."""
        for found in _PIECE.finditer(text):
            arguments, command, letter = found.groups()
            if command:
                self._obey(command, [int(number or 0) for number in (arguments or "0").strip("?").split(";")])
            elif letter:
                self._put(letter)

    def text(self) -> list[str]:
        """Return the lines without their styles, and without blanks at their ends."""
        return ["".join(cell.letter for cell in line).rstrip() for line in self.lines]

    def _put(self, letter: str) -> None:
        if letter == "\r":
            self._column = 0
        elif letter == "\n":
            self._go_down()
        elif letter == "\b":
            self._column = max(0, self._column - 1)
        elif letter >= " ":
            if self._column == self.columns:
                self._column = 0
                self._go_down()
            line = self.lines[self._row]
            line.extend(Cell() for _ in range(self._column + 1 - len(line)))
            line[self._column] = Cell(letter, self._style)
            self._column += 1

    def _go_down(self) -> None:
        self._row += 1
        if self._row == len(self.lines):
            self.lines.append([])

    def _obey(self, command: str, numbers: list[int]) -> None:
        if command == "m":
            for number in numbers:
                self._style = _styled(self._style, number)
        elif command == "A":
            self._row = max(0, self._row - max(1, numbers[0]))
        elif command == "K":
            line = self.lines[self._row]
            del line[0 if numbers[0] == 2 else self._column :]


def _styled(style: frozenset[str], number: int) -> frozenset[str]:
    without_colour = style - set(_COLOURS.values())
    if number in {0, 22}:
        return frozenset() if number == 0 else style - {"bold", "dim"}
    if number in {1, 2}:
        return style | {"bold" if number == 1 else "dim"}
    if number == 39:
        return without_colour
    # the bright colours are the same ones
    colour = _COLOURS.get(number if number < 90 else number - 60)
    return without_colour | {colour} if colour else style
