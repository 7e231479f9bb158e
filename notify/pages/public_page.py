"""The page with the announced details for the sender's website: one file of HTML that fetches and runs nothing.

What a program compares stands beside what people read: each value is a ``data`` element, each day a ``time`` element
(HTML Living Standard, 4.5.13 and 4.5.14), with the name of the detail in ``data-detail``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from notify.core.campaign import in_words
from notify.core.late_pattern import late_pattern
from notify.core.record import record
from notify.pages.paper import Paper
from notify.pages.public_words import WORDS

_VALUE = late_pattern(
    r"<(?:data|time)\b(?=[^>]*\sdata-detail=\"([\w.]+)\")(?=[^>]*\s(?:value|datetime)=\"([^\"]*)\")[^>]*>"
)


@record(frozen=True, slots=True)
class Piece:
    """A value of a line: the detail that it is (``new.phone``), the value as settings have it, and as people read it.

    ``before`` stands between it and the piece before. Without a ``detail`` it is for people alone.
    """

    detail: str
    value: str
    text: str
    before: str = ""


@record(frozen=True, slots=True)
class Line:
    """What changes: what it is called, and its values on both sides; either may be empty."""

    label: str
    new: tuple[Piece, ...]
    old: tuple[Piece, ...]


@record(frozen=True, slots=True)
class PublicPage:
    """What stands on the page. ``says``, ``stays`` and ``former`` are sentences, ``verify`` by what one verifies it."""

    language: str
    headline: str
    sender: str
    says: str
    lines: tuple[Line, ...]
    stays: str
    former: str
    verify: str
    effective: dt.date | None
    written: dt.date
    footer: tuple[str, ...] = ()

    def html(self) -> bytes:
        """Return the file. The same page is always the same file."""
        words = WORDS[self.language]
        return Paper().fill(
            "public.html",
            page=self,
            public=words,
            verify=words[f"verify_{self.verify}"],
            day=lambda day: in_words(day, self.language),
        )


def values_on(html_text: str) -> Mapping[str, str]:
    """Return the values that a page of ours has for programs, by the names of details; nothing for any other page."""
    return dict(_found(html_text))


def _found(html_text: str) -> Iterator[tuple[str, str]]:
    from html import unescape

    for name, value in _VALUE.findall(html_text):
        yield name, unescape(value)
