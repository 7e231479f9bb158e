"""Makes the tables of the queue, or makes them anew where another version of procrastinate has made them.

Nothing is lost by that: the queue holds nothing that the ledger does not know.
"""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING

from notify.core.shipped import shipped

if TYPE_CHECKING:
    from procrastinate import App

#: Held while they are made: two that begin at the same time must not make them both.
_TURN = 0x6E6F74696679


def is_made(app: App, schema: str) -> bool:
    """Tell whether the tables are there, and those of this version."""
    found = app.connector.get_sync_connector().execute_query_all(
        "SELECT obj_description(oid, 'pg_namespace') AS made_by FROM pg_namespace WHERE nspname = %(schema)s",
        schema=schema,
    )
    return any(row["made_by"] == _maker() for row in found)


def make(app: App, schema: str) -> None:
    """Make the tables, all of them or none; the roles of the ledger, if it has any, may do their part with them."""
    statements = (
        f"SELECT pg_advisory_xact_lock({_TURN})",
        _said_of("as_sender.sql", schema),
        f'DROP SCHEMA IF EXISTS "{schema}" CASCADE',
        f'CREATE SCHEMA "{schema}"',
        app.schema_manager.get_schema().replace("%", "%%"),
        f"COMMENT ON SCHEMA \"{schema}\" IS '{_maker()}'",
        _said_of("for_workers.sql", schema),
    )
    # without arguments they go to the server as one text, and are one transaction there
    app.connector.get_sync_connector().execute_query(";\n".join(statements))


def _said_of(filename: str, schema: str) -> str:
    """Return a statement about the roles, which are called after the schema of the ledger, as that of the queue is."""
    text = shipped(__package__, filename)
    return text.replace("{ledger}", schema.removesuffix("_placing")).replace("{queue}", schema).rstrip()


def _maker() -> str:
    return f"procrastinate {metadata.version('procrastinate')}"
