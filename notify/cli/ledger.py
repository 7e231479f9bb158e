"""``notify ledger``: what is done to the ledger as a whole. Each of its commands has a module of its own."""

from __future__ import annotations

import importlib

import click

#: Every command of the group, with the words of its overview.
COMMANDS = {
    "move": "Move the ledger into a database, or back into a file.",
    "roles": "Print the SQL that gives the database roles.",
    "forget": "Forget people, and write to them no more.",
}


class _LazyCommands(click.Group):
    """Knows its commands by name and imports one when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """Return the commands in the order of the overview."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(f"notify.cli.ledger_{cmd_name}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the overview without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_LazyCommands, short_help="Look after the ledger as a whole.")
def ledger() -> None:
    """Look after the ledger as a whole: the file ledger.db, or the database that [ledger] in notify.toml names."""
