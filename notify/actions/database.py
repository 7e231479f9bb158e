"""The database that [ledger] names, and where its password comes from."""

from __future__ import annotations

import functools
import os
import time
from typing import TYPE_CHECKING

from notify.ledger import Database

if TYPE_CHECKING:
    from notify.config.ledger import LedgerSettings

#: One command opens several connections, and a password that changes by the quarter of an hour is not outlived.
_KEPT_S = 60


def database_of(ledger: LedgerSettings) -> Database:
    """Return the database; its password is fetched when a connection is made."""
    return Database(ledger.url, ledger.schema, functools.partial(_password, ledger.password_command))


def _password(command: str) -> str:
    """Return what the command prints, else what stands in the environment; empty: libpq looks for it in its own files.

    :raises LoginError: the command failed.
    :raises ConfigError: the command cannot be read.
    """
    if command:
        return _printed(command, int(time.monotonic() / _KEPT_S))
    return os.environ.get("NOTIFY_LEDGER_PASSWORD", "")


@functools.lru_cache(maxsize=1)
def _printed(command: str, _while: int) -> str:
    from notify.accounts.commands import first_line

    return first_line(command, "password")
