"""Texts that are shipped beside the modules which need them: statements, words, tables."""

from __future__ import annotations

import pkgutil

from notify.core.text import plain_octets


def shipped(package: str, name: str) -> str:
    """Return a text that stands beside the modules of a package, wherever that is installed.

    ``importlib.resources`` would do the same, and loads more than twenty modules for it.

    :raises OSError: it is missing there.
    """
    octets = pkgutil.get_data(package, name)
    if octets is None:
        raise FileNotFoundError(name)
    return plain_octets(octets).decode()
