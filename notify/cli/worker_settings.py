"""Where a worker finds its settings: a file of the machine, the folder that it stands in, the environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from notify.errors import ConfigError

if TYPE_CHECKING:
    from notify.config.worker import WorkerSettings
    from notify.ledger import Database

#: The file of the machine, in the folder that the worker stands in.
_OWN, _CAMPAIGN = "worker.toml", "notify.toml"


def settings_of(folder: Path, config: Path | None, url: str | None) -> WorkerSettings:
    """Return what this machine says of itself.

    :param config: its file, as seen from the folder; None: worker.toml there, else what notify.toml says.
    :param url: of the database, which goes before all others.
    :raises ConfigError: with every problem at once.
    """
    from notify.config.worker import load_worker

    options = {"ledger.url": url}
    if config is not None or (folder / _OWN).is_file():
        return load_worker(folder / (config or _OWN), os.environ, options)
    if (folder / _CAMPAIGN).is_file():
        return load_worker(folder / _CAMPAIGN, os.environ, options, is_of_a_campaign=True)
    return load_worker(None, os.environ, options)


def place_of(settings: WorkerSettings) -> Database:
    """Return the database.

    :raises ConfigError: none is named.
    """
    from notify.actions.database import database_of

    if not settings.ledger.url:
        raise ConfigError(
            "No database is named, and workers share one.",
            hint="Name it:  notify worker --ledger postgresql://notify@db.example/notify\n"
            "Or as [ledger] url in worker.toml or notify.toml, or as NOTIFY_LEDGER_URL.",
        )
    return database_of(settings.ledger)
