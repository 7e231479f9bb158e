"""The SQL by which the ledger in a database is given roles."""

from __future__ import annotations

import os
from pathlib import Path

from notify.config.ledger_alone import load_ledger
from notify.ledger.postgres.roles import roles_script


def roles_of_folder(folder: Path) -> str:
    """Return the script for the schema that [ledger] of a campaign folder names; for the usual one where it names none.

    :raises ConfigError: what says so must be mended.
    """
    return roles_script(load_ledger(folder, os.environ).schema)
