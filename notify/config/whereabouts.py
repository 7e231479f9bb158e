"""Where the values of the settings stand, for what is noticed about them after they were read."""

from __future__ import annotations

from notify.config.campaign import SENDER
from notify.config.change import NEW_DETAILS, OLD_DETAILS
from notify.config.document import read
from notify.config.schema import KEYS
from notify.config.sections import Example, Key, header
from notify.config.settings import Settings

_FILE = "notify.toml"
#: What many people have in common with the sample: they live in its town, or write in its country.
_COMMON = frozenset({"postcode", "city", "country", "seat"})


def places(settings: Settings) -> dict[str, str]:
    """Return where each key of the settings stands, by its dotted name: file and line, or key and section.

    A relay stands there by its number: ``relay.0``.
    """
    document = read(settings.folder / _FILE)
    found: dict[str, str] = {}
    for key in KEYS:
        line = document.lines.get(key.path) if document else None
        found[".".join(key.path)] = f"{_FILE}:{line}" if line else _named(key)
    for number, _ in enumerate(settings.relays):
        line = document.lines.get(("relay", number)) if document else None
        found[f"relay.{number}"] = f"{_FILE}:{line}" if line else "[[relay]]"
    sender = settings.sender.mailbox
    for key, value in zip(SENDER.keys, (sender.name, sender.address), strict=False):
        # --from, or a variable, has given another one
        if document and document.values.get("sender", {}).get(key.name, value) != value:
            found[".".join(key.path)] = _named(key)
    return found


def _named(key: Key) -> str:
    return f"{key.name} in {header(key.section)}"


def sample_values() -> tuple[str, ...]:
    """Return what the sample file announces, and who writes in it: none of it is anybody's."""
    examples: list[Example | None] = []
    for section in (SENDER, OLD_DETAILS, NEW_DETAILS):
        for key in section.keys:
            if key.name not in _COMMON:
                examples += [key.about.example, key.about.old_example]
    return tuple(dict.fromkeys(value for value in examples if isinstance(value, str) and value))
