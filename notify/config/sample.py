"""The notify.toml that ``notify init`` writes: a campaign that works at once, in the sandbox."""

from __future__ import annotations

import datetime as dt
import json
import textwrap
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from notify.config.change import OLD_DETAILS
from notify.config.occasions import OCCASIONS
from notify.config.schema import SECTIONS
from notify.config.sections import About, Example, Key, Section

_WIDTH = 100

_INTRODUCTION = {
    "en": (
        "The campaign: who writes, what changes, to whom, through which server.",
        "Lines that start with # are ignored. Remove the # before a key to use it.",
        "To check everything:  notify preview",
    ),
    "de": (
        "Die Kampagne: wer schreibt, was sich ändert, an wen, über welchen Server.",
        "Zeilen, die mit # beginnen, werden ignoriert. Um einen Schlüssel zu verwenden, entfernen Sie das # davor.",
        "Ob alles stimmt, zeigt:  notify preview",
    ),
}


def sample(language: str, template: str = next(iter(OCCASIONS))) -> str:
    """Return the sample file with its comments in ``en`` or ``de``. Everything in it is invented.

    :param template: the shipped one that it is for.
    """
    parts = ["".join(f"# {line}\n" for line in _INTRODUCTION[language])]
    parts += [written_section(_fitted(section, OCCASIONS[template].values), language) for section in SECTIONS]
    return "\n".join(parts)


def _fitted(section: Section[Any], values: Mapping[tuple[str, ...], Example | None]) -> Section[Any]:
    """Return a section with the values of a template in its keys."""
    keys = [_with_value(key, values[key.path]) if key.path in values else key for key in section.keys]
    # a section that is out of use is in use once a template has values for it
    is_needed = any(values.get(key.path) is not None for key in section.keys)
    about = replace(section.about, active=section.about.active or is_needed)
    return Section(section.path, about, keys, section.make, section.check)


def _with_value(key: Key, value: Example | None) -> Key:
    """Return a key with this value in the sample; without one it is commented out, in [change.old] left out."""
    if value is not None:
        return replace(key, about=replace(key.about, example=value, old_example=value, active=True))
    return replace(key, about=replace(key.about, old_example=None, active=False))


def written_section(section: Section[Any], language: str) -> str:
    """Write a section: its introduction, its header, its keys with the comments in one column."""
    introduction = textwrap.wrap(_words(section.about, language), _WIDTH, initial_indent="# ", subsequent_indent="# ")
    off = "" if section.about.active else "# "
    keys = [(_line(key, off), _words(key.about, language)) for key in section.keys if _example(key) is not None]
    column = max(len(line) for line, _ in keys)
    lines = [f"{line:{column}}  # {words}" if words else line for line, words in keys]
    return "\n".join([*introduction, f"{off}{section.header}", *lines, ""])


def _line(key: Key, off: str) -> str:
    return f"{off if key.about.active else '# '}{key.name} = {_toml(_example(key))}"


def _example(key: Key) -> Example | None:
    return key.about.old_example if key.section == OLD_DETAILS.path else key.about.example


def _words(about: About, language: str) -> str:
    return about.de if language == "de" else about.en


def _toml(value: Example | None) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, str) and '"' in value and "'" not in value:
        return f"'{value}'"  # a literal string: nothing is escaped in it
    return value.isoformat() if isinstance(value, dt.date) else json.dumps(value, ensure_ascii=False)
