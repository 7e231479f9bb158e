"""Where the campaign folders of a test have their ledgers: each in a file, or in a schema of one database.

A module whose tests hold for both says ``pytestmark = pytest.mark.both_ledgers``: each is run a second time, with the
ledger of every folder that :func:`tests.folders.make_folder` makes in a PostgreSQL. That is a long test, unless it says
``both_ledgers("every day")`` itself. One that looks at the file says ``file_ledger``.
"""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from notify.ledger import Database, Place
from tests.servers import postgres

_NUMBERS = itertools.count(1)

#: The database that the folders made now have their ledgers in.
_kept_in: list[postgres.Database] = []


@contextmanager
def kept_in(database: postgres.Database) -> Iterator[None]:
    """Let every folder that is made inside this ``with`` have its ledger in a database, in a schema of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NOTIFY_LEDGER_PASSWORD", database.password)
        _kept_in.append(database)
        try:
            yield
        finally:
            _kept_in.pop()


def section() -> str:
    """Return the section [ledger] of one more folder; empty where the ledger is a file."""
    if not _kept_in:
        return ""
    return f'\n[ledger]\nurl = "{_kept_in[-1].url}"\nschema = "notify_{next(_NUMBERS)}"\n'


def environment() -> dict[str, str]:
    """Return the variables that a process of notify needs for its ledger."""
    return {name: value for name, value in os.environ.items() if _kept_in and name == "NOTIFY_LEDGER_PASSWORD"}


def arguments(given: Sequence[str]) -> list[str]:
    """Return the arguments of a command: where the ledger is in a database, too, the tests deliver from here."""
    return [*given, "--here"] if _kept_in and given[:1] == ("send",) else [*given]


def line(given: str) -> str:
    """Return a line of a shell in which ``notify send`` delivers from here, too."""
    return re.sub(r"(-m notify(?: -C \S+)? send\b)", r"\1 --here", given) if _kept_in else given


def rows_in(database: Database, query: str, *values: object) -> list[dict[str, Any]]:
    """Ask a database through a connection of its own: what is found there is committed."""
    from notify.ledger.postgres.connection import Session, connected

    with connected(database) as db:
        return [dict(row) for row in Session(db).execute(query, values)]


def change_in(database: Database, statement: str, *values: object) -> int:
    """Change something in a database; return in how many rows."""
    from notify.ledger.postgres.connection import Session, connected

    with connected(database) as db:
        return Session(db).execute(statement, values).rowcount


def without_relay(toml: str) -> str:
    """Return a notify.toml without its relays and what follows them, but for the section [ledger]."""
    before, _, after = toml.partition("[[relay]]")
    return before + "".join(after.partition("\n[ledger]")[1:])


def back_up(place: Place, copy: Path) -> None:
    """Keep a copy of a ledger that nobody uses, as its user would."""
    if isinstance(place, Path):
        shutil.copy(place, copy)
    else:
        _tool("pg_dump", place, f"--schema={place.schema}", "--no-owner", f"--file={copy}")


def bring_back(place: Place, copy: Path) -> None:
    """Put a copy of a ledger in its place."""
    if isinstance(place, Path):
        shutil.copy(copy, place)
    else:
        remove(place)
        _tool("psql", place, "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", f"--file={copy}")


def remove(place: Place) -> None:
    """Lose a ledger."""
    if isinstance(place, Path):
        place.unlink()
    else:
        change_in(place, f"DROP SCHEMA {place.schema} CASCADE")


def _tool(name: str, database: Database, *arguments: str) -> None:
    folder = postgres.programs()
    assert folder is not None
    command = [str(folder / name), f"--dbname={database.url}", *arguments]
    environment = {**os.environ, "PGPASSWORD": database.password()}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert not done.returncode, done.stderr


def ways(metafunc: pytest.Metafunc) -> None:
    """Run a test that holds for both kinds of ledgers with both."""
    mark = metafunc.definition.get_closest_marker("both_ledgers")
    if mark and not metafunc.definition.get_closest_marker("file_ledger"):
        marks = () if mark.args else pytest.mark.long
        metafunc.parametrize("_ledger", ["file", pytest.param("database", marks=marks)], indirect=True)
