"""Where a ledger is kept: in a file of this machine, or in a database that several machines share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from notify.core.record import record


def _no_password() -> str:
    return ""


@record(frozen=True, slots=True)
class Database:
    """A ledger in PostgreSQL: the ``schema`` of that name, in the database that ``url`` names.

    ``url`` is a connection URI of libpq without a password (PostgreSQL, "Connection URIs"); what it says of TLS holds.
    ``password`` is asked for whenever a connection is made; empty: libpq looks for one as it does for every program.
    """

    url: str
    schema: str = "notify"
    password: Callable[[], str] = field(default=_no_password, repr=False, compare=False)

    def __str__(self) -> str:
        """Return what it is called in words: server and database, or the name of libpq's service."""
        parts = urlsplit(self.url)
        said = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        host = parts.netloc.rpartition("@")[2].removesuffix(":5432") or said.get("host", "")
        name = unquote(parts.path.lstrip("/")) or said.get("dbname", "")
        if not host and "service" in said:
            return said["service"]
        return "/".join(filter(None, (host or "localhost", name)))


#: A file of SQLite, there or not, or a database.
Place = Path | Database
