"""The section [ledger] read alone, for commands that want nothing else of notify.toml and work where it is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from notify.config.document import Document, read
from notify.config.layers import from_environment, lay_over
from notify.config.ledger import LEDGER, LedgerSettings
from notify.config.problems import Places, config_error
from notify.config.reading import Reading
from notify.config.unknown import is_mistyped


def load_ledger(folder: Path, environment: Mapping[str, str], filename: str = "notify.toml") -> LedgerSettings:
    """Return what a campaign folder, and the environment over it, say of the ledger; the file need not be there.

    :raises ConfigError: it is no TOML, or something in the section, or in its name, must be mended.
    """
    document = read(folder / filename) or Document()
    ours = {name: value for name, value in document.values.items() if _is_ours(name, value)}
    overrides = [override for override in from_environment(environment) if override.section == LEDGER.path]
    merged, sources = lay_over(ours, overrides)
    reading = Reading(merged, Places(filename, document.lines, sources))
    ledger = reading.section(LEDGER)
    if reading.problems:
        raise config_error(reading.problems)
    return ledger


def _is_ours(name: str, value: object) -> bool:
    """Tell whether a section is this one, or is told to be meant for it."""
    return name == LEDGER.path[0] or is_mistyped(("ledger", "url"), {"url": ""}, {name: value})
