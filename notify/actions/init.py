"""Writes a new campaign folder: the example for a template, or what the guided set-up has planned."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from notify.actions.init_plan import Plan
from notify.config import OCCASIONS, sample
from notify.errors import WriteError

_EXAMPLES = resources.files("notify") / "examples"


def initialise(folder: Path, language: str, template: str = next(iter(OCCASIONS))) -> list[Path]:
    """Write notify.toml, contacts and template of the example into ``folder``; return what was written.

    :param language: of the comments in notify.toml.
    :param template: which of those that notify comes with.
    :raises WriteError: one of the files is there already (then nothing is written), or cannot be written.
    """
    contacts = dict(_below(_EXAMPLES / "contacts", folder / "contacts"))
    return _write(folder, {**contacts, **_template(folder, template)}, sample(language, template))


def begin(folder: Path, plan: Plan) -> list[Path]:
    """Write what is planned into ``folder``; return what was written.

    :raises WriteError: one of the files is there already (then nothing is written), or cannot be written.
    """
    files: dict[Path, bytes | Path] = {**_template(folder, plan.template)}
    if plan.copied is not None:
        files[folder / "contacts" / plan.copied.name] = plan.copied
    return _write(folder, files, plan.toml)


def refuse_campaign(folder: Path) -> None:
    """Refuse a folder that is a campaign already, or cannot be made, before anybody is asked anything.

    :raises WriteError: it is one.
    """
    if (folder / "notify.toml").exists():
        raise _there(folder / "notify.toml")
    parent = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
    if not parent.is_dir() or not os.access(parent, os.W_OK):
        raise WriteError(f"{parent}: cannot be written to.", hint="Make the folder writable, or name another one.")


def _template(folder: Path, template: str) -> dict[Path, bytes]:
    return dict(_below(_EXAMPLES / "templates" / template, folder / "templates" / template))


def _write(folder: Path, files: Mapping[Path, bytes | Path], toml: str) -> list[Path]:
    """Write all of the files or none; last of all notify.toml, which makes a campaign of the folder."""
    everything = {**files, folder / "notify.toml": toml.encode()}
    if there := [path for path in everything if path.exists()]:
        raise _there(there[0])
    made: list[Path] = []
    try:
        _make_folder(folder / "contacts", made)
        for path, content in everything.items():
            _make_folder(path.parent, made)
            with path.open("xb") as file:
                made.append(path)
                if isinstance(content, bytes):
                    file.write(content)
                else:
                    with content.open("rb") as source:
                        shutil.copyfileobj(source, file)
    except BaseException as error:
        _take_back(made)
        if not isinstance(error, OSError):
            raise
        raise WriteError(
            f"{error.filename or folder}: cannot be written: {error.strerror}.",
            hint="Make the folder writable, or name another one.",
        ) from error
    return [folder / "notify.toml", *files]


def _make_folder(folder: Path, made: list[Path]) -> None:
    for place in reversed((folder, *folder.parents)):
        if not place.exists():
            place.mkdir(exist_ok=True)
            made.append(place)


def _take_back(made: list[Path]) -> None:
    """Remove what was just made: files, and folders that are empty again."""
    for path in reversed(made):
        with suppress(OSError):
            if path.is_dir():
                path.rmdir()
            else:
                path.unlink()


def _there(path: Path) -> WriteError:
    return WriteError(f"{path} is there already; nothing was written.", hint="Name a new folder:  notify init DIR")


def _below(source: Traversable, target: Path) -> list[tuple[Path, bytes]]:
    found = []
    for entry in sorted(source.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            found += _below(entry, target / entry.name)
        else:
            found.append((target / entry.name, entry.read_bytes()))
    return found
