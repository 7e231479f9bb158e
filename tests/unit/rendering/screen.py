"""What a browser shows of a message's HTML, read by the standard library's parser and not by the one that made it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from notify.rendering.markdown import to_html

_BLOCKS = {"p", "div", "ul", "ol", "blockquote", "table", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "pre"}
#: What HTML takes for a blank: not the one that does not break.
_BLANKS = re.compile(r"[ \t\n\r\f]+")
_ITEM = re.compile(r"(?:-|\d+\.) \n*")


def html_of(typed: str) -> str:
    """Return the HTML of what is typed without a picture."""
    return to_html(typed, lambda _: {})


class Screen(HTMLParser):
    """The lines of a page, with the marks of its lists, and its links: what each shows, and where it leads."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self._lines = [""]
        self._lists: list[int | None] = []
        self.links: list[tuple[str, str]] = []
        self._shown: str | None = None
        self.feed(page)
        self.close()

    @property
    def lines(self) -> list[str]:
        """The lines that have something on them."""
        return [line for line in map(_without_blanks, self._lines) if line]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line where a browser does, and number the items of lists."""
        given = dict(attrs)
        # the first paragraph of an item stands beside its mark
        if tag == "br" or (tag in _BLOCKS and not _ITEM.fullmatch(self._lines[-1])):
            self._lines.append("")
        if tag in {"ul", "ol"}:
            self._lists.append(int(given.get("start") or 1) if tag == "ol" else None)
        if tag == "li":
            number = self._lists[-1]
            self._lines.append("- " if number is None else f"{number}. ")
            self._lists[-1] = number if number is None else number + 1
        if tag == "a":
            self._shown = ""
            self.links.append(("", given["href"] or ""))

    def handle_endtag(self, tag: str) -> None:
        """End a line where a browser does."""
        if tag in _BLOCKS:
            self._lines.append("")
        if tag in {"ul", "ol"}:
            self._lists.pop()
        if tag == "a":
            self.links[-1] = (self._shown or "", self.links[-1][1])
            self._shown = None

    def handle_data(self, data: str) -> None:
        """Note text."""
        self._lines[-1] += data
        if self._shown is not None:
            self._shown += data


def _without_blanks(line: str) -> str:
    return _BLANKS.sub(" ", line).strip(" ")
