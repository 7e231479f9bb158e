"""How a line is taken apart whose cells are parted by blanks, where cells have blanks in them too.

In doubt it is not: nobody gets the cells of another column.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Protocol

from notify.contacts.header_row import find_header
from notify.core.late_pattern import late_pattern
from notify.core.record import record

#: What parts the cells of every other table. A text with them is none of this kind.
_SIGNS = ";\t|"
_ADDRESS = late_pattern(r"[^\s<>()@,;|:\"]+@[^\s<>()@,;|:\"]+\.[^\s<>()@,;|:\".]{2,}")
#: A cell where two blanks part them, and where one does.
_SPACED = late_pattern(r"\S+(?: \S+)*")
_WORD = late_pattern(r"\S+")
# so many rows must fit where a header tells the columns, and where nothing does
_MOST, _NEARLY_ALL = 0.5, 0.8
_FEW = 0.1
_LEAST = 3  # columns; of two, one is the address and the other one the rest


class Layout(Protocol):
    """How the lines are taken apart; ``width`` says how many cells each of them has."""

    @property
    def width(self) -> int:
        """How many columns there are."""

    def cells(self, text: str) -> tuple[str, ...] | None:
        """Return the cells of a line; None where nobody can tell them."""


@record(frozen=True, slots=True)
class Pair:
    """An address and the rest of the line, in front of it or behind it; ``place`` is the column of the address."""

    place: int
    width: int = 2

    def cells(self, text: str) -> tuple[str, ...] | None:
        """Return both; None where an address stands elsewhere, or several do."""
        words = text.split()
        if "@" not in text:
            rest = _unquoted(" ".join(words))
            return ("", rest) if self.place == 0 else (rest, "")
        if sum("@" in word for word in words) != 1:
            return None
        end = next((end for end in (0, -1) if is_address(words[end])), None)
        if end is None:
            return None
        address = words.pop(end)
        rest = _unquoted(" ".join(words))
        return (address, rest) if self.place == 0 else (rest, address)


@record(frozen=True, slots=True)
class Columns:
    """Columns; ``starts`` tells where each begins, and ``address`` which is that of the addresses.

    Where rows are ``aligned`` with it, a cell may be missing, and one that is too long may push those behind it.
    """

    cell: re.Pattern[str]
    starts: tuple[int, ...]
    address: int
    aligned: bool = False

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.starts)

    def cells(self, text: str) -> tuple[str, ...] | None:
        """Return the cells; None where one is in doubt, or the address is in another column."""
        places = self._places([*self.cell.finditer(text)])
        if not places:
            return None
        found = tuple(_unquoted(places[place][0]) if place in places else "" for place in range(self.width))
        return None if "@" in text and "@" not in found[self.address] else found

    def _places(self, found: Sequence[re.Match[str]]) -> dict[int, re.Match[str]]:
        """Return the cells by column, nothing where they do not fit."""
        if len(found) == self.width:
            fit = not self.aligned or all(
                start == cell.start() or (place and found[place - 1].end() > start - 2)
                for place, (start, cell) in enumerate(zip(self.starts, found, strict=True))
            )
            return dict(enumerate(found)) if fit else {}
        if not self.aligned or len(found) > self.width or any(cell.start() not in self.starts for cell in found):
            return {}
        places = {self.starts.index(cell.start()): cell for cell in found}
        fit = all(cell.end() < start for place, cell in places.items() for start in self.starts[place + 1 : place + 2])
        return places if fit else {}


@record(frozen=True, slots=True)
class Found:
    """A layout, and the names of its columns; they are empty, and ``place`` is -1, where there is no header.

    ``place`` is that of the header among the lines that were looked at.
    """

    layout: Layout
    header: tuple[str, ...]
    place: int = -1


def find_layout(texts: Sequence[str], called: Collection[str]) -> Found | None:
    """Find out how these lines are taken apart; None where they are no table of this kind.

    :param texts: the first lines that say something.
    :param called: what notify.toml calls columns.
    """
    first = next((number for number, text in enumerate(texts) if has_address(text)), len(texts))
    if first == len(texts) or any(sign in text for sign in _SIGNS for text in texts) or any(map(_has_commas, texts)):
        return None
    for cell in (_SPACED, _WORD):
        records = [[_unquoted(found[0]) for found in cell.finditer(text)] for text in texts[: first + 1]]
        start = find_header(records, called)
        names = records[start.place]
        if start.has_header and 2 * start.known >= len(names):
            starts = tuple(found.start() for found in cell.finditer(texts[start.place]))
            layout = _below_header(texts[start.place + 1 :], cell, starts)
            return Found(layout, tuple(names), start.place) if layout else None
    layout = _first_that_fits([_without_header(texts), _pair(texts, _NEARLY_ALL)], texts, _NEARLY_ALL)
    return Found(layout, ("",) * layout.width) if layout else None


def mixes_tabs(texts: Sequence[str]) -> bool:
    """Tell whether tabs part the cells of some lines and blanks those of others, as people type them.

    One line without a tab among many is a damaged one of a table with tabs.
    """
    addressed = [text.strip() for text in texts if has_address(text)]
    blank = sum(map(_parts_by_blanks, addressed))
    return blank > _FEW * len(addressed) and any("\t" in text.strip() for text in texts)


def _parts_by_blanks(text: str) -> bool:
    """Tell whether blanks part an address from what stands beside it, between two tabs too."""
    cells = text.split("\t")
    return " " in text if len(cells) == 1 else any("  " in cell.strip() and has_address(cell) for cell in cells)


def has_address(text: str) -> bool:
    """Tell whether one of the words of a line is an address."""
    return "@" in text and any(map(is_address, text.split()))


def is_address(word: str) -> bool:
    """Tell whether a word is an address, without any sign that parts cells."""
    return bool(_ADDRESS.fullmatch(word))


def _below_header(rows: Sequence[str], cell: re.Pattern[str], starts: tuple[int, ...]) -> Layout | None:
    """Return the layout of rows below a header whose names are parted in this way, and begin there."""
    if len(starts) < _LEAST:
        return _first_that_fits([_pair(rows, _MOST)] if len(starts) > 1 else [], rows, _MOST)
    return _first_that_fits([_columns(rows, part, starts) for part in (_SPACED, cell)], rows, _MOST)


def _first_that_fits(layouts: Sequence[Layout | None], rows: Sequence[str], share: float) -> Layout | None:
    """Return the first layout that at least this share of the rows fit, and most with an address."""
    return next((layout for layout in layouts if layout and _fits(layout, rows, share)), None)


def _fits(layout: Layout, rows: Sequence[str], share: float) -> bool:
    read = [layout.cells(text) for text in rows]
    addressed = sum(any(map(is_address, cells or ())) for cells in read)
    return addressed >= _MOST * len(rows) > 0 and sum(map(bool, read)) >= share * len(rows)


def _pair(rows: Sequence[str], share: float) -> Pair | None:
    """Return the layout of rows with an address and something else, if so many rows have one."""
    addressed = [words for text in rows if has_address(text) and (words := text.split())]
    more = [words for words in addressed if len(words) > 1]
    in_front = sum(is_address(words[0]) for words in more)
    is_usual = len(addressed) >= share * len(rows) and 2 * len(more) > len(addressed)
    return Pair(0 if 2 * in_front >= len(more) else 1) if is_usual else None


def _without_header(rows: Sequence[str]) -> Columns | None:
    """Return the layout of columns that are as many, and begin where they do, as in the first usual row."""
    found = [[cell.start() for cell in _SPACED.finditer(text)] for text in rows]
    width = Counter(map(len, found)).most_common(1)[0][0]
    starts = next(starts for starts in found if len(starts) == width)
    return _columns(rows, _SPACED, tuple(starts)) if width >= _LEAST else None


def _columns(rows: Sequence[str], cell: re.Pattern[str], starts: tuple[int, ...]) -> Columns | None:
    """Return the layout of these columns; None where no row has all of them and an address."""
    full = [found for text in rows if len(found := [*cell.finditer(text)]) == len(starts)]
    places = Counter(place for found in full for place, one in enumerate(found) if is_address(_unquoted(one[0])))
    if not places:
        return None
    aligned = cell is _SPACED and 2 * sum(_is_aligned(text, starts) for text in rows) > len(rows)
    return Columns(cell, starts, places.most_common(1)[0][0], aligned)


def _is_aligned(text: str, starts: Collection[int]) -> bool:
    return all(cell.start() in starts for cell in _SPACED.finditer(text))


def _has_commas(text: str) -> bool:
    """Tell whether a comma parts an address from what is in front of it, or behind it."""
    return any(
        (is_address(word) and before.endswith(",")) or (is_address(before) and word.startswith(","))
        for before, word in itertools.pairwise(text.split())
    )


def _unquoted(text: str) -> str:
    return text[1:-1].strip() if len(text) > 1 and text[0] == text[-1] == '"' else text
