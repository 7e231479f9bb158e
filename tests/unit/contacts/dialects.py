"""Ways to write a table as text, for tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Dialect:
    """A way to write a table."""

    delimiter: str
    quote: Callable[[str, str], str]
    line_end: str
    encoding: str
    above: str = ""
    trailing: bool = False

    def cell(self, text: str) -> str:
        """Return a cell as this dialect writes it."""
        return self.quote(text, self.delimiter)

    def record(self, cells: list[str]) -> str:
        """Return a row."""
        return self.delimiter.join(map(self.cell, cells)) + self.delimiter * self.trailing + "\n"

    def table(self, rows: list[list[str]], blank: frozenset[int] = frozenset()) -> tuple[bytes, list[int]]:
        """Return a table of these rows, the first of which is its header, and the line on which each begins."""
        text, lines = self.above.format(self.delimiter), []
        for number, row in enumerate(rows):
            text += "\n" * (number in blank)
            lines.append(text.count("\n") + 1)
            text += self.record(row)
        return text.replace("\n", self.line_end).encode(self.encoding), lines


def always(text: str, _: str) -> str:
    """Quote every cell."""
    return '"' + text.replace('"', '""') + '"'


def if_needed(text: str, delimiter: str) -> str:
    """Quote what must be quoted."""
    return always(text, delimiter) if any(sign in text for sign in f'"\n{delimiter}') else text
