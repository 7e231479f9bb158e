"""Shows the lines that an error or a finding is about, and what of them can be read in a message."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from notify.core.finding import Finding
from notify.core.late_pattern import late_pattern
from notify.errors import NotifyError
from notify.pages import Excerpt, Located, Trouble

_PLACE = late_pattern(r"(?P<path>[^:\n]+\.(?:md|txt|html|toml)):(?P<line>\d+)")
_AROUND = 2
#: Only texts are shown, and none of a length that nobody writes.
_LARGEST = 1_000_000
# what a line of a template has besides words: Jinja's parts, and the signs of Markdown and HTML
_NO_WORDS = late_pattern(
    r"\{\{.*?\}\}|\{%.*?%\}|<[^>]*>|\]\([^)]*\)|https?://\S+|[*_`#>\[\]|]+|^\s*[-+]\s|^[A-Z][\w-]*:\s"
)
_QUOTED = late_pattern(r'"([^"]{3,200})"|“([^”]{3,200})”|„([^“]{3,200})“')
_SHORTEST = 4
_MOST_WORDS = 6


def trouble_of(error: NotifyError, folder: Path) -> Trouble:
    """Return an error as the page shows it, with the first lines that it names."""
    said = [error.message, *map(str, error.problems)]
    excerpt = next((found for text in said if (found := _excerpt_in(text, folder)) is not None), None)
    return Trouble(error.message, error.hint, error.problems, excerpt)


def located(finding: Finding, texts: Mapping[str, str]) -> Located:
    """Return a finding with the lines of the template that it is about.

    :param texts: the texts of the template, by the names by which findings call them.
    """
    quoted = [next(filter(None, groups)) for groups in _QUOTED.findall(finding.what)]
    place = _PLACE.fullmatch(finding.where)
    if place is None or place["path"] not in texts:
        return Located(finding, None, tuple(quoted))
    lines, line = texts[place["path"]].splitlines(), int(place["line"])
    excerpt = _around(finding.where, lines, line)
    words = [*quoted, *(_words_of(lines[line - 1]) if 0 < line <= len(lines) else ())]
    return Located(finding, excerpt, tuple(dict.fromkeys(words))[:_MOST_WORDS])


def _excerpt_in(text: str, folder: Path) -> Excerpt | None:
    """Return the lines around the place that a sentence names, where it is in a text of the campaign."""
    place = _PLACE.search(text)
    if place is None:
        return None
    path = folder / place["path"].strip()
    try:
        if path.stat().st_size > _LARGEST:
            return None
        lines = path.read_text("utf-8", "replace").splitlines()
    except OSError:
        return None
    return _around(f"{place['path'].strip()}:{place['line']}", lines, int(place["line"]))


def _around(where: str, lines: list[str], line: int) -> Excerpt:
    first, last = max(1, line - _AROUND), min(len(lines), line + _AROUND)
    return Excerpt(where, line, tuple((number, lines[number - 1]) for number in range(first, last + 1)))


def _words_of(line: str) -> Iterable[str]:
    """Return what stands in a message because of a line of its template, the longest first."""
    pieces = (piece.strip() for piece in _NO_WORDS.split(line))
    return sorted((piece for piece in pieces if len(piece) >= _SHORTEST), key=len, reverse=True)
