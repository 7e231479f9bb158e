"""What a ledger in a database needs beside notify: the extra ``notify-circular[postgres]``."""

from __future__ import annotations

import importlib.util

from notify.errors import ConfigError

_HINT = (
    "Install it beside notify:  pip install 'notify-circular[postgres]'\n"
    "Where notify was installed from its folder:  uv tool install '.[postgres]'  or  pipx install --force '.[postgres]'"
)


def need_extra() -> None:
    """Do nothing where the extra is installed.

    :raises ConfigError: it is not, or psycopg does not find libpq.
    """
    try:
        import psycopg  # noqa: F401  # it looks for its library when it is imported
    except ImportError as error:
        raise _missing("psycopg") from error
    if importlib.util.find_spec("procrastinate") is None:
        raise _missing("procrastinate")


def _missing(library: str) -> ConfigError:
    return ConfigError(f"[ledger] names a database, and for that {library} is missing here.", hint=_HINT)
