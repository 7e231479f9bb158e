"""The rows of a table, wherever they stand: in a text file or on a sheet of a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from notify.core.finding import Finding
from notify.core.record import record

if TYPE_CHECKING:
    from notify.contacts.source import Format


class Row(NamedTuple):
    """A row with its line, counted from 1, and exactly as many cells as the table has columns.

    ``is_hidden``: it cannot be seen in its workbook, and such rows are to be left out.
    """

    line: int
    cells: Sequence[str]
    is_hidden: bool = False


@record(frozen=True, slots=True)
class Misshapen:
    """A record that cannot be one row: its line, what is wrong, and its cells as far as they were read."""

    line: int
    reason: str
    cells: tuple[str, ...]


class Grid(Protocol):
    """A table before anybody has asked what its columns hold."""

    @property
    def format(self) -> Format:
        """How it is written."""

    @property
    def encoding(self) -> str:
        """The encoding as Python names it; empty where the format has its own."""

    @property
    def delimiter(self) -> str:
        """What parts the cells; empty where they are no text."""

    @property
    def header(self) -> tuple[str, ...]:
        """The cells of the header row, one for each column; all empty where there is none."""

    @property
    def header_line(self) -> int:
        """The line of the header, counted from 1; 0 where there is none."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What had to be guessed."""

    def sample(self, many: int) -> list[Sequence[str]]:
        """Return the cells of the first rows, at most so many."""

    def rows(self) -> Iterator[Row | Misshapen]:
        """Read the rows, each time anew, in their order.

        :raises InputError: the file cannot be read to its end.
        """


def distinct(headers: Sequence[str]) -> tuple[str, ...]:
    """Return the headers of columns with numbers where they are empty or repeated, so that no two are alike."""
    told: dict[str, None] = {}
    for number, header in enumerate(headers, start=1):
        name = header or f"column {number}"
        times = 2
        while name in told:
            name = f"{header or f'column {number}'} ({times})"
            times += 1
        told[name] = None
    return tuple(told)
