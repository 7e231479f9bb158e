"""The script that gives a ledger roles, so that no machine may do more with it than it has to."""

from __future__ import annotations

from notify.core.shipped import shipped


def roles_script(schema: str) -> str:
    """Return the script for the ledger in a schema, as an administrator of the server runs it.

    The name of the schema is one that needs no quotes, of 40 letters at most; the roles are called after it.
    """
    return f"{_text('roles.sql', schema)}\n{rights(schema)}\nCOMMIT;\n"


def rights(schema: str) -> str:
    """Return the statement by which the owner of a ledger says what each role may do with it; nothing without roles."""
    return _text("rights.sql", schema)


def _text(name: str, schema: str) -> str:
    return shipped(__package__, name).replace("{schema}", schema)
