"""``notify ledger``: what is done to the ledger as a whole. Each of its commands has a module of its own."""

from __future__ import annotations

import click

from notify.cli.lazy import LazyCommands

#: Every command of the group, with the words of its overview.
COMMANDS = {
    "move": "Move the ledger into a database, or back into a file.",
    "roles": "Print the SQL that gives the database roles.",
    "forget": "Forget people, and write to them no more.",
}


class _Commands(LazyCommands):
    """The commands of the group."""

    overview, modules = COMMANDS, "notify.cli.ledger_"


@click.group(cls=_Commands, short_help="Look after the ledger as a whole.")
def ledger() -> None:
    """Look after the ledger as a whole: the file ledger.db, or the database that [ledger] in notify.toml names."""
