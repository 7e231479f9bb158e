"""Markdown to HTML and to plain text, on shapes (:mod:`notify.rendering.slots`).

A line break in the source is a line break in the message: people write letters here, and an address block is lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from markdown_it.token import Token

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
# its rules are put together at the first use, which must not be that of two threads at once
_MARKDOWN.parse("x")


def to_html(shape: str, show: Callable[[str], Mapping[str, str]]) -> str:
    """Return the HTML of a shape.

    :param show: returns the attributes of a picture instead of its source, or raises when it cannot be shown.
    """
    tokens = _parse(shape)
    for image in _images(tokens):
        image.attrs |= show(str(image.attrs["src"]))
    return str(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))


def to_text(shape: str) -> str:
    """Return a shape as people write plain mails: no marks, links written out, tables as labelled lines."""
    return "\n\n".join(_Block(_parse(shape)).paragraphs()).strip("\n") + "\n"


def _parse(shape: str) -> list[Token]:
    return _MARKDOWN.parse(shape)


def _images(tokens: Iterable[Token]) -> Iterator[Token]:
    return (child for token in tokens for child in token.children or () if child.type == "image")


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
            elif token.type in {"fence", "code_block"}:
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
        else:
            parts.append(child.content)
    return "".join(parts)


def _indented(text: str, first: str, rest: str) -> str:
    head, *tail = text.split("\n")
    return "\n".join([first + head, *((rest + line).rstrip() for line in tail)])
