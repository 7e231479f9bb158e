"""The notify.toml of the guided set-up: what was answered and nothing else, each key with its note."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from notify.config.mailbox import MAILBOX
from notify.config.relay import RELAY
from notify.config.sample import written_section
from notify.config.schema import SECTIONS
from notify.config.sections import Example, Section
from notify.core.bilingual import Bilingual

_INTRODUCTION = Bilingual(
    "# Who writes, what changes, to whom, through which server. Change whatever you like, then look:  notify preview\n"
    "# All other keys, each with its note, stand in an example:  notify init --example example\n",
    "# Wer schreibt, was sich ändert, an wen, über welchen Server. Ändern Sie, was Sie möchten; dann:  notify preview\n"
    "# Alle weiteren Schlüssel stehen, jeder mit Erklärung, in einem Beispiel:  notify init --example beispiel\n",
)
_SWITCH_ON = Bilingual(
    "# To send in earnest: fill in what is empty, and remove the # before [[relay]] and the lines below it.\n",
    "# Um wirklich zu senden: Leeres ausfüllen, und das # vor [[relay]] und vor den Zeilen darunter entfernen.\n",
)
#: What is behind a # where no server is known: a host that is left empty is refused with a clear sentence.
_NO_RELAY: dict[tuple[str, ...], Example] = {("relay", "host"): "", ("relay", "user"): ""}


def written(values: Mapping[tuple[str, ...], Example], language: str, *, relay_in_use: bool) -> str:
    """Return a notify.toml with these values alone, by the paths of their keys, and notes in ``en`` or ``de``.

    :param relay_in_use: False comments out [[relay]], so that everything goes to the sandbox until somebody wants more;
        so does a relay of which nothing is known.
    """
    has_relay = any(path[:1] == RELAY.path for path in values)
    parts = [_INTRODUCTION.in_language(language)]
    for section in SECTIONS:
        filled = _filled(section, values if has_relay else {**_NO_RELAY, **values})
        if section is RELAY and not (has_relay and relay_in_use):
            filled.about = replace(filled.about, active=False)
            parts.append(_SWITCH_ON.in_language(language) + written_section(filled, language))
        elif section is MAILBOX and filled.keys:
            # who reads no mailbox types a code
            filled.about = replace(filled.about, active=False)
            parts.append(written_section(filled, language))
        elif filled.keys:
            filled.about = replace(filled.about, active=True)
            parts.append(written_section(filled, language))
    return "\n".join(parts)


def _filled(section: Section[Any], values: Mapping[tuple[str, ...], Example]) -> Section[Any]:
    """Return a section with those of its keys that have a value, and these in them."""
    keys = [
        replace(key, about=replace(key.about, example=value, old_example=value, active=True))
        for key in section.keys
        if (value := values.get(key.path)) is not None
    ]
    return Section(section.path, section.about, keys, section.make, section.check)
