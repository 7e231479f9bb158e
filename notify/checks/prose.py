"""The words of a message apart from what is quoted in it: code, tags, links."""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Iterator

from notify.core.late_pattern import late_pattern
from notify.core.record import record
from notify.core.rendered import Words

_CODE = late_pattern(r"<(code|pre)\b[^>]*>(.*?)</\1>", re.DOTALL | re.IGNORECASE)
_TAG = late_pattern(r"<[^>]*>")
# neither part goes over the next tag of its kind: a hostile text would be gone over again and again
_ANCHOR = late_pattern(r"<a\b([^<>]*)>([^<]*(?:<(?!/?a\b)[^<]*)*)</a>", re.IGNORECASE)
_HREF = late_pattern(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
# begins with the blank: only where there is one it is looked at what stands before it
_BETWEEN_SENTENCES = late_pattern(r"\s(?<=[^\W\d]{3}[.!?]\s)\s*(?=\W?[A-ZÄÖÜÉÈÀ])")
_FENCE = late_pattern(r"^(?:    |\t).*$", re.MULTILINE)


@record(frozen=True, slots=True)
class Link:
    """A link: where it leads, and the words that people click."""

    target: str
    label: str


@functools.lru_cache(maxsize=8)
def without_code(words: Words) -> str:
    """Return the plain text without the code that is quoted in it: a dozen checks ask for that of the same words."""
    text = words.text
    for found in _CODE.finditer(words.html):
        for line in html.unescape(_TAG.sub("", found[2])).split("\n"):
            if line.strip():
                text = text.replace(line.strip(), "", 1)
    return text if words.html else _FENCE.sub("", text)


def links_in(html_text: str) -> Iterator[Link]:
    """Yield the links of an HTML text."""
    for attributes, label in _ANCHOR.findall(html_text):
        if href := _HREF.search(attributes):
            yield Link(html.unescape(href[1] or href[2] or ""), html.unescape(_TAG.sub("", label)).strip())


@functools.lru_cache(maxsize=64)
def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of a text, none of which goes over the end of a line."""
    parted = (part for line in text.split("\n") for part in _BETWEEN_SENTENCES.split(line))
    return tuple(part for part in parted if part.strip())
