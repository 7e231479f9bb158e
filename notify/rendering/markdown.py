"""Markdown to HTML and to plain text, on shapes (:mod:`notify.rendering.slots`).

A line break in the source is a line break in the message: people write letters here, and an address block is lines.
Which marks there are, and where they stay what was typed, say :mod:`notify.rendering.block_marks` and
:mod:`notify.rendering.inline_marks`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt

from notify.rendering.block_marks import add_block_marks
from notify.rendering.inline_marks import add_inline_marks
from notify.rendering.rows import set_in_rows

if TYPE_CHECKING:
    from markdown_it.renderer import RendererHTML
    from markdown_it.token import Token
    from markdown_it.utils import OptionsDict


def _picture(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: MutableMapping[str, Any]
) -> str:
    """Return a picture as it is shown. Its token is left alone: the shape may be asked for again."""
    image = tokens[index]
    shown = image.copy(attrs=image.attrs | env["show"](str(image.attrs["src"])))
    return renderer.image([shown], 0, options, env)


class _Parser(MarkdownIt):
    """CommonMark, less what it would take from a letter; targets of links stay as they were typed."""

    def __init__(self) -> None:
        super().__init__("commonmark", {"html": False, "breaks": True})
        self.enable(["table", "strikethrough"])
        self.add_render_rule("image", _picture)
        add_block_marks(self)
        add_inline_marks(self)

    def normalizeLink(self, url: str) -> str:  # noqa: N802  # named by the parser
        return url


_MARKDOWN = _Parser()
# its rules are put together at the first use, which must not be that of two threads at once
_MARKDOWN.parse("x")


def to_html(shape: str, show: Callable[[str], Mapping[str, str]], *, in_rows: bool = False) -> str:
    """Return the HTML of a shape.

    :param show: returns the attributes of a picture instead of its source, or raises when it cannot be shown.
    :param in_rows: make its tables of rows that fit on a narrow screen (:mod:`notify.rendering.rows`).
    """
    tokens = set_in_rows(_parse(shape)) if in_rows else _parse(shape)
    return str(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {"show": show}))


def to_text(shape: str) -> str:
    """Return a shape as people write plain mails: no marks, links written out, tables as labelled lines."""
    return "\n\n".join(_Block(_parse(shape)).paragraphs()).strip("\n") + "\n"


# each shape is asked for twice, as HTML and as text
@functools.lru_cache(maxsize=4)
def _parse(shape: str) -> list[Token]:
    return _MARKDOWN.parse(shape)


class _Block:
    """Walks over block tokens and yields paragraphs of plain text."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = iter(tokens)

    def paragraphs(self, until: str = "") -> Iterator[str]:
        """Yield each block up to the closing token ``until``."""
        for token in self._tokens:
            if token.type == until:
                return
            if token.type == "inline":
                # a picture that says nothing is no paragraph
                yield from filter(None, [_inline(token.children or [])])
            elif token.type in {"bullet_list_open", "ordered_list_open"}:
                yield "\n".join(self._items(token))
            elif token.type == "blockquote_open":
                yield _indented("\n\n".join(self.paragraphs("blockquote_close")), "> ", "> ")
            elif token.type == "table_open":
                yield "\n".join(self._table())
            elif token.type == "indented_open":
                yield _indented("\n\n".join(self.paragraphs("indented_close")), "    ", "    ")
            elif token.type == "fence":
                yield _indented(token.content.rstrip("\n"), "    ", "    ")
            elif token.type == "hr":
                yield "-" * 20

    def _items(self, opening: Token) -> Iterator[str]:
        number = int(opening.attrs.get("start", 1))
        for token in self._tokens:
            if token.type == opening.type.replace("open", "close"):
                return
            if token.type == "list_item_open":
                mark = "- " if opening.type == "bullet_list_open" else f"{number}. "
                yield _indented("\n".join(self.paragraphs("list_item_close")), mark, " " * len(mark))
                number += 1

    def _table(self) -> Iterator[str]:
        """Yield a table as lines.

        Columns cannot be aligned in the proportional letters in which most people read mail. So a row is its first
        cell and, below it, each further cell with the heading of its column; with two columns, one line.
        """
        rows = list(self._rows())
        heads, body = rows[0], rows[1:]
        width = max((len(head) for head in heads[1:]), default=0) + 1
        for cells in body:
            if len(heads) <= 2:
                yield ": ".join(cell for cell in cells if cell)
                continue
            yield cells[0]
            for head, cell in zip(heads[1:], cells[1:], strict=True):
                yield f"  {head + ':' if head else '':<{width}} {cell}".rstrip()

    def _rows(self) -> Iterator[list[str]]:
        cells: list[str] = []
        for token in self._tokens:
            if token.type == "table_close":
                return
            if token.type == "inline":
                cells.append(_inline(token.children or []))
            elif token.type == "tr_close":
                yield cells
                cells = []


def _inline(children: list[Token]) -> str:
    """Return the text of inline tokens; a link is its text, then its address unless that says the same."""
    parts: list[str] = []
    targets: list[tuple[int, str]] = []
    for child in children:
        if child.type in {"softbreak", "hardbreak"}:
            parts.append("\n")
        elif child.type == "link_open":
            targets.append((len(parts), str(child.attrGet("href") or "")))
        elif child.type == "link_close":
            start, href = targets.pop()
            label = "".join(parts[start:])
            if href not in {label, f"mailto:{label}", f"tel:{label}", f"https://{label}", f"http://{label}"}:
                parts.append(f" ({href.removeprefix('mailto:').removeprefix('tel:')})")
        elif child.type in {"s_open", "s_close"}:
            # an old detail must not look like a valid one
            parts.append("~~")
        else:
            parts.append(child.content)
    return "".join(parts)


def _indented(text: str, first: str, rest: str) -> str:
    head, *tail = text.split("\n")
    return "\n".join([first + head, *((rest + line).rstrip() for line in tail)])
