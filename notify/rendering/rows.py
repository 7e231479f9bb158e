"""Tables of a message as rows that stand one below the other on a narrow screen.

A table of three columns has no room on a telephone, and mail programs that drop ``<style>`` know no narrow screen. So
every cell says itself what it is: a caption, which is its column's heading, stands before the value. The layout sets
the cells one below the other, and those of a table with few columns side by side where a program tells it that there is
room.

Cells that are no longer set as a table are none to some screen readers, so the roles are said. HTML allows them in a
table that is itself for the looks only; so what is the table to a screen reader stands around it.

In a table of what changes, the new stands before the old, whichever of the two was typed first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from markdown_it.token import Token

from notify.core.record import record

if TYPE_CHECKING:
    from collections.abc import Sequence

#: The headings of the columns that tell what is and what was, in every language of ours.
_NEW = frozenset({"neu", "new", "nouveau", "nouvelle"})
_OLD = frozenset({"bisher", "alt", "old", "previous", "until now", "ancien", "ancienne", "jusqu’ici", "jusqu'ici"})

#: So many columns have room side by side on a screen that is not narrow.
_FEW = 3

_ALIGNED = {"text-align:right": "right", "text-align:center": "center"}


@record(frozen=True, slots=True)
class _Cell:
    inline: Token
    alignment: str


def set_in_rows(tokens: Sequence[Token]) -> list[Token]:
    """Return the tokens of a text with every table made of such rows."""
    arranged: list[Token] = []
    walk = iter(tokens)
    for token in walk:
        if token.type == "table_open":
            arranged += _arranged(list(_rows(walk)))
        else:
            arranged.append(token)
    return arranged


def _rows(walk: Iterator[Token]) -> Iterator[list[_Cell]]:
    """Yield the rows of a table, the headings first; take its tokens up to the end."""
    cells: list[_Cell] = []
    alignment = ""
    for token in walk:
        if token.type == "table_close":
            return
        if token.type in {"th_open", "td_open"}:
            alignment = _ALIGNED.get(str(token.attrGet("style") or ""), "")
        elif token.type == "inline":
            cells.append(_Cell(token, alignment))
        elif token.type == "tr_close":
            yield cells
            cells = []


def _arranged(rows: list[list[_Cell]]) -> Iterator[Token]:
    heads = rows[0]
    order, kinds = _order([head.inline.content.strip().casefold() for head in heads])
    kind = "rows few" if len(heads) <= _FEW else "rows"
    yield _open("div", {"role": "table"})
    yield _open("table", {"class": kind, "role": "presentation"})
    yield _open("tbody", {})
    for number, cells in enumerate(rows[1:]):
        yield _open("tr", {"role": "row"})
        for place, column in enumerate(order):
            yield from _cell(heads[column], cells[column], kinds[column], is_name=not place, is_again=number > 0)
        yield _close("tr")
    yield _close("tbody")
    yield _close("table")
    yield _close("div")


def _order(heads: list[str]) -> tuple[list[int], list[str]]:
    """Return the order of the columns and the kind of each: ``new``, ``old`` or none; ``last`` is the last one."""
    order = list(range(len(heads)))
    new, old = ([column for column in order[1:] if heads[column] in words] for words in (_NEW, _OLD))
    kinds = [""] * len(heads)
    if len(new) == len(old) == 1:
        kinds[new[0]], kinds[old[0]] = "new", "old"
        if old[0] < new[0]:
            order.insert(order.index(old[0]), order.pop(new[0]))
    kinds[order[-1]] = f"{kinds[order[-1]]} last".strip()
    return order, kinds


def _cell(head: _Cell, cell: _Cell, kind: str, *, is_name: bool, is_again: bool) -> Iterator[Token]:
    """Yield a cell. The first of a row is what the row is about: its name."""
    tag, attributes = ("th", {"scope": "row", "role": "rowheader"}) if is_name else ("td", {"role": "cell"})
    has_caption = bool(head.inline.content.strip())
    # beside the captions of the others, where the cells stand side by side
    lowered = "below" if is_name and not is_again and not has_caption else ""
    kinds = " ".join(filter(None, (kind, cell.alignment, lowered)))
    yield _open(tag, attributes | ({"class": kinds} if kinds else {}))
    yield _inline(cell.inline, _caption(head.inline, is_again=is_again) if has_caption else [])
    yield _close(tag)


def _caption(head: Token, *, is_again: bool) -> list[Token]:
    """Return the words of a heading as a caption; ``again``: they stand above in the same column already."""
    attributes: dict[str, str | int | float] = {"class": "caption again" if is_again else "caption"}
    opening = Token("span_open", "span", 1, attrs=attributes)
    closing = Token("span_close", "span", -1)
    return [opening, *(head.children or ()), closing, Token("text", "", 0, content=" ")]


def _inline(words: Token, before: list[Token]) -> Token:
    return Token("inline", "", 0, content=words.content, children=[*before, *(words.children or ())])


def _open(tag: str, attributes: dict[str, str]) -> Token:
    return Token(f"{tag}_open", tag, 1, attrs=dict(attributes), block=True)


def _close(tag: str) -> Token:
    return Token(f"{tag}_close", tag, -1, block=True)
