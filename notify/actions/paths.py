"""Where the files of a campaign stand, and what they are called."""

from __future__ import annotations

import os
from pathlib import Path

from notify.config import Settings
from notify.errors import InputError

#: The file that corrects single contacts, where notify.toml names no other.
OVERRIDES = "overrides.csv"


def overrides_path(settings: Settings) -> Path | None:
    """Return where the file stands that corrects single contacts, if there is one.

    :raises InputError: it is named and not there.
    """
    named = settings.contacts.overrides
    path = settings.folder / (named or OVERRIDES)
    if named and not path.is_file():
        raise InputError(
            f'overrides = "{named}": there is no such file.', hint="Mend overrides in [contacts] of notify.toml."
        )
    return path if path.is_file() else None


def label_of(path: Path, folder: Path) -> str:
    """Return a path as the user would name it from the campaign folder."""
    try:
        # a link is shown where it stands, not where it leads
        return path.absolute().relative_to(folder.absolute()).as_posix()
    except ValueError:
        return os.fspath(path)
