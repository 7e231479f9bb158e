"""Opens the contact files of a campaign, and says what becomes of their rows."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from notify.config import Settings
from notify.contacts import Table, check_assigned
from notify.core.admission import admit
from notify.core.people import Contact, Recipient, Rejected
from notify.errors import ConfigError

#: Admits a row as a recipient, or rejects it.
Judge = Callable[[Contact | Rejected], Recipient | Rejected]


def open_tables(settings: Settings) -> tuple[Table, ...]:
    """Open every contact file.

    :raises InputError: one of them cannot be read.
    :raises ConfigError: a column that notify.toml names is in none of them.
    """
    tables = tuple(Table(path, shown(path, settings.folder), settings.columns) for path in settings.contact_files)
    headers = [header for table in tables for header in table.headers]
    check_assigned(headers, settings.columns)
    if settings.key and settings.key not in headers:
        raise ConfigError(
            f'key = "{settings.key}": no contact file has this column. The columns are {", ".join(headers)}.',
            hint="Mend key in [contacts] of notify.toml. Files without the column are known by their addresses.",
        )
    return tables


def judge_for(settings: Settings, languages: Sequence[str]) -> Judge:
    """Return what admits a row of this campaign's files, or rejects it.

    :param languages: those that the template is written in.
    """
    language = settings.campaign().language

    def judge(row: Contact | Rejected) -> Recipient | Rejected:
        if isinstance(row, Rejected):
            return row
        return admit(row, key_column=settings.key or None, language=language, languages=languages)

    return judge


def shown(path: Path, folder: Path) -> str:
    """Return a path as the user would name it from the campaign folder."""
    try:
        # a link is shown where it stands, not where it leads
        return path.absolute().relative_to(folder.absolute()).as_posix()
    except ValueError:
        return os.fspath(path)
