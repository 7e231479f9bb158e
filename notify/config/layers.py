"""Options beat environment variables beat notify.toml: laid over each other before they are read.

What an option or a variable gave is remembered, so that a problem names it and not the file.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Iterator, Mapping
from typing import Any

from notify.config.lines import Place
from notify.config.schema import KEYS, SECTIONS
from notify.config.sections import REPEATED
from notify.core.late_pattern import late_pattern
from notify.core.record import record

_NAME_AND_ADDRESS = late_pattern(r"(?P<name>[^<>]*?)\s*<(?P<address>[^<>]*)>\s*")
_OPTIONS = {".".join(key.path): key.about.option for key in KEYS if key.about.option}


@record(frozen=True, slots=True)
class Override:
    """A value from outside the file, and the option or variable that gave it."""

    section: tuple[str, ...]
    name: str
    value: object
    source: str


def from_environment(environment: Mapping[str, str]) -> Iterator[Override]:
    """Yield what ``NOTIFY_SEND_BATCH`` and its like say. An empty variable says nothing, an unknown one is not ours."""
    for key in KEYS:
        if key.variable and (text := environment.get(key.variable, "").strip()):
            value: object = text
            if key.path == ("contacts", "files"):
                value = [part for part in text.split(os.pathsep) if part.strip()]
            yield Override(key.section, key.name, value, key.variable)


def from_options(options: Mapping[str, object]) -> Iterator[Override]:
    """Yield what the command line says, by dotted names such as ``send.batch``. None and () were not given."""
    for dotted, given in options.items():
        if given is None or given == ():
            continue
        *section, name = dotted.split(".")
        source = _OPTIONS.get(dotted, f"--{name.replace('_', '-')}")
        value = _plain(given)
        if dotted == "sender.email" and isinstance(value, str) and (found := _NAME_AND_ADDRESS.fullmatch(value)):
            value = found["address"]
            if sender := found["name"].strip().strip('"'):
                yield Override(("sender",), "name", sender, source)
        yield Override(tuple(section), name, value, source)


def _plain(given: object) -> object:
    """Turn what the command line makes of its words into what stands in a TOML file."""
    if isinstance(given, (list, tuple)):
        return [_plain(part) for part in given]
    return os.fspath(given) if isinstance(given, os.PathLike) else given


def lay_over(values: Mapping[str, Any], overrides: list[Override]) -> tuple[dict[str, Any], dict[Place, str]]:
    """Return the file's values with every section in them and the overrides on top, and where those come from.

    Later overrides beat earlier ones. What should be a section and is none, stays for the reading to judge.
    """
    merged = copy.deepcopy(dict(values))
    sources: dict[Place, str] = {}
    for top in SECTIONS:
        if len(top.path) == 1:
            merged.setdefault(top.path[0], [] if top.path in REPEATED else {})
    for override in overrides:
        place, section = _section(merged, override.section)
        if isinstance(section, dict):
            # a relay that was made by an override has no other header
            if 0 in place and not section:
                sources[place] = override.source
            section[override.name] = override.value
            sources[*place, override.name] = override.source
    return merged, sources


def _section(merged: dict[str, Any], path: tuple[str, ...]) -> tuple[Place, Any]:
    """Return the section to write in, made when it is not there. A relay's values go to the first one."""
    place: Place = ()
    section: Any = merged
    for name in path:
        if not isinstance(section, dict):
            break
        section = section.setdefault(name, {})
        place += (name,)
        if name == "relay" and isinstance(section, list):
            section.extend([{}] if not section else [])
            section, place = section[0], (*place, 0)
    return place, section
