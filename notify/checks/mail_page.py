"""An HTML message taken apart: its elements, what their style says, and in which colours their text is seen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field, replace
from html.parser import HTMLParser

from notify.checks.colours import Colour, colour_in
from notify.core.late_pattern import late_pattern
from notify.core.record import record

#: Have no content, and so no end.
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_BOLD_TAGS = frozenset("b strong h1 h2 h3 h4 h5 h6 th".split())
#: A declaration; a semicolon in a string or in url(…) is part of it.
_DECLARATION = late_pattern(r"""(?:[^;"'(]|"[^"]*"|'[^']*'|\([^)]*\))+""")
_PIXELS = late_pattern(r"(\d+(?:\.\d+)?)px")


@record(frozen=True, slots=True)
class Look:
    """How text looks: colours where they are known, size in pixels."""

    ink: Colour | None = (0, 0, 0)
    paper: Colour | None = (255, 255, 255)
    size_px: float = 16
    is_bold: bool = False


@record(frozen=False, slots=True)
class Element:
    """A tag with its attributes, its own style by property, and the look and the words of its own text."""

    tag: str
    attributes: Mapping[str, str]
    style: Mapping[str, str]
    look: Look
    line: int
    words: str = field(default="")


class Page(HTMLParser):
    """A page read from its HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        #: All elements, in their order.
        self.elements: list[Element] = []
        #: The rules of all ``<style>``.
        self.rules = ""
        self._open: list[Element] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element; it has the look of what it stands in, but for what it says itself."""
        attributes = {name: value or "" for name, value in attrs}
        style = _style(attributes.get("style", ""))
        around = self._open[-1].look if self._open else Look()
        element = Element(tag, attributes, style, _look(tag, attributes, style, around), self.getpos()[0])
        self.elements.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        """Go back to what the element stood in; an end without a beginning ends nothing."""
        for place in range(len(self._open) - 1, -1, -1):
            if self._open[place].tag == tag:
                del self._open[place:]
                return

    def handle_data(self, data: str) -> None:
        """Note the text of the innermost element."""
        if not self._open:
            return
        if self._open[-1].tag == "style":
            self.rules += data
        else:
            self._open[-1].words += data


def _style(text: str) -> dict[str, str]:
    """Return the declarations of a style attribute, by property."""
    pairs = (declaration.partition(":") for declaration in _DECLARATION.findall(text))
    return {
        name.strip().casefold(): value.replace("!important", "").strip().casefold() for name, _, value in pairs if value
    }


def _look(tag: str, attributes: Mapping[str, str], style: Mapping[str, str], around: Look) -> Look:
    look = replace(around, is_bold=_is_bold(tag, style, around))
    if "color" in style:
        look = replace(look, ink=colour_in(style["color"]))
    paper = style.get("background-color") or style.get("background") or attributes.get("bgcolor")
    if paper and paper not in {"transparent", "none"}:
        look = replace(look, paper=None if "url(" in paper or "gradient" in paper else colour_in(paper))
    if pixels := _PIXELS.search(style.get("font-size") or style.get("font", "")):
        look = replace(look, size_px=float(pixels[1]))
    return look


def _is_bold(tag: str, style: Mapping[str, str], around: Look) -> bool:
    weight = style.get("font-weight") or style.get("font", "")
    if weight:
        return bool(re.search(r"\b(?:bold|bolder|[6-9]00)\b", weight))
    return tag in _BOLD_TAGS or around.is_bold
