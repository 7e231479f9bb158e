"""Writes a new campaign folder for a template; for the first one, it is the example that the project's checkout is."""

from __future__ import annotations

from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from notify.config import OCCASIONS, sample
from notify.errors import WriteError


def initialise(folder: Path, language: str, template: str = next(iter(OCCASIONS))) -> list[Path]:
    """Write notify.toml, contacts and template into ``folder``; return what was written.

    :param language: of the comments in notify.toml.
    :param template: which of those that notify comes with.
    :raises WriteError: one of the files is there already (then nothing is written), or cannot be written.
    """
    files = {folder / "notify.toml": sample(language, template).encode()}
    for part in ("contacts", f"templates/{template}"):
        files |= dict(_below(resources.files("notify") / "examples" / part, folder / part))
    there = [path for path in files if path.exists()]
    if there:
        raise WriteError(
            f"{there[0]} is there already; nothing was written.", hint="Name a new folder:  notify init DIR"
        )
    try:
        for path, octets in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                file.write(octets)
    except OSError as error:
        raise WriteError(
            f"{error.filename or folder}: cannot be written: {error.strerror}.",
            hint="Make the folder writable, or name another one.",
        ) from error
    return list(files)


def _below(source: Traversable, target: Path) -> list[tuple[Path, bytes]]:
    found = []
    for entry in sorted(source.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            found += _below(entry, target / entry.name)
        else:
            found.append((target / entry.name, entry.read_bytes()))
    return found
