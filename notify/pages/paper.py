"""What the page is written on: its templates, rendered by Jinja so that every value is text and nothing else."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path

import jinja2

from notify.core.campaign import DETAIL_LABELS, Change, in_words
from notify.pages.words import WORDS

_PLACE = Path(__file__).parent / "files"
_UNITS = (("days", 86400), ("hours", 3600), ("minutes", 60), ("seconds", 1))


class Paper:
    """Renders the templates of the page, in the language of whoever looks at it."""

    def __init__(self) -> None:
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(_PLACE),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def write(self, name: str, language: str, **values: object) -> bytes:
        """Return a template of this name, filled in."""
        words = WORDS[language]
        return self.fill(
            name,
            word=words,
            language=language,
            number=lambda number: _number(number, language),
            size=lambda octets: _size(octets, language),
            duration=lambda seconds: _duration(seconds, words, language),
            changes=lambda change: _changes(change, language),
            stays=lambda change: _stays(change, language),
            day=lambda day: in_words(day, language),
            **values,
        )

    def fill(self, name: str, **values: object) -> bytes:
        """Return a template of this name, filled in with nothing but these values."""
        return self._environment.get_template(name).render(values).encode()


def read_file(name: str) -> bytes:
    """Return a file of the page that is no template."""
    return (_PLACE / name).read_bytes()


def _number(number: int, language: str) -> str:
    text = f"{number:,}"
    return text.replace(",", ".") if language == "de" else text


def _size(octets: int, language: str) -> str:
    size, unit = (octets / 1_000_000, "MB") if octets >= 1_000_000 else (octets / 1000, "kB")
    text = f"{size:.1f}" if size < 10 else f"{size:.0f}"
    return f"{text.replace('.', ',') if language == 'de' else text} {unit}"


def _duration(seconds: float, words: Mapping[str, str], language: str) -> str:
    unit, length = next(((unit, length) for unit, length in _UNITS if seconds >= 1.5 * length), _UNITS[-1])
    return f"{words['about']} {_number(max(1, math.ceil(seconds / length)), language)} {words[unit]}"


def _changes(change: Change, language: str) -> Iterable[object]:
    return tuple(change.changes(language))


def _stays(change: Change, language: str) -> list[str]:
    """Return the details that are named and stay as they are."""
    announced, named = change.announced(), change.old.given().keys() | change.new.given().keys()
    return [label for name, label in DETAIL_LABELS[language].items() if name in named and name not in announced]
