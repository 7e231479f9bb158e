"""A click group that imports a command only when it runs: help and status cost no pandas."""

from __future__ import annotations

import importlib

import click

#: Every command, with the words of the overview. The module of the same name holds the function.
COMMANDS = {
    "init": "Write a campaign folder that works at once.",
    "contacts": "Show what was read from your contact files.",
    "preview": "Show exactly what each recipient gets.",
    "send": "Send in batches; safe to run again at any time.",
    "status": "Show where the campaign stands.",
    "log": "Show every attempt and what the relay answered.",
    "resolve": "Settle what is in doubt, by your word.",
    "suppress": "Keep the list of who must not be written to.",
    "completion": "Print the script that completes commands in your shell.",
}


class LazyGroup(click.Group):
    """Knows its commands by name and imports one when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """Return the commands in the order in which one needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a command."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"notify.cli.{cmd_name}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the overview without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))
