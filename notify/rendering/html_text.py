"""The text of an HTML that its author has written, for those who read plain text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_HIDDEN = frozenset("head script style template title".split())
_LINES = frozenset("br div li tr h1 h2 h3 h4 h5 h6 address dt dd".split())
_PARAGRAPHS = frozenset("p ul ol table blockquote pre hr section article header footer".split())
_SAME = ("", "mailto:", "tel:", "https://", "http://")


def text_of_html(html: str) -> str:
    """Return what an HTML says, with a blank line between paragraphs, and the address of a link behind its words."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = [re.sub(r"[ \t\r\f]+", " ", line).strip() for line in "".join(reader.pieces).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n") + "\n"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden = 0
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._break(tag)
        self._hidden += tag in _HIDDEN
        if tag == "li":
            self.pieces.append("- ")
        elif tag == "td":
            self.pieces.append(" ")
        elif tag == "a":
            self._links.append((dict(attrs).get("href") or "", len(self.pieces)))

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in _HIDDEN and self._hidden > 0
        if tag == "a" and self._links:
            target, start = self._links.pop()
            words = "".join(self.pieces[start:]).strip()
            if target and all(target != before + words for before in _SAME):
                self.pieces.append(f" ({target.removeprefix('mailto:').removeprefix('tel:')})")
        if tag not in {"br", "hr"}:
            self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            # a line end is a blank in HTML
            self.pieces.append(re.sub(r"\s+", " ", data))

    def _break(self, tag: str) -> None:
        if not self._hidden and tag in _LINES | _PARAGRAPHS:
            blank = "\n\n" if tag in _PARAGRAPHS else "\n"
            so_far = "".join(self.pieces[-3:]).rstrip(" ")
            if tag == "br" or not so_far.endswith("\n") or blank == "\n\n":
                self.pieces.append(blank)
