"""Where the queue is: in the database of the ledger, in a schema of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from notify.core.record import record


@record(frozen=True, slots=True)
class Server:
    """A database server as psycopg is told of it.

    ``url`` is without a password; ``arguments`` returns whatever else a new connection is told, the password above all,
    which may be another one tomorrow. ``schema`` is that of the queue.
    """

    url: str
    arguments: Callable[[], dict[str, Any]]
    schema: str

    def pool(self) -> dict[str, Any]:
        """Return what a pool of connections is made with: few of them, as one worker does one thing after the other."""
        return {"conninfo": self.url, "kwargs": self.arguments(), "min_size": 1, "max_size": 4, "timeout": WAIT_S}

    @property
    def first_words(self) -> str:
        """What is said on each new connection, so that it finds the tables of the queue."""
        return f'SET search_path TO "{self.schema}"'


#: So long a connection is waited for.
WAIT_S = 4.0
