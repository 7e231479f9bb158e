"""A click group that imports a command only when it runs: help and status cost no pandas."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from difflib import get_close_matches
from typing import ClassVar

import click

#: Every command, with the words of the overview. The module of the same name holds the function.
COMMANDS = {
    "init": "Make a campaign folder: asks, or takes options.",
    "contacts": "Show what was read from your contact files.",
    "preview": "Show exactly what each recipient gets.",
    "check": "Find what would go wrong before anything leaves.",
    "probe": "See that your own mailboxes receive.",
    "page": "Write a page with the announced details for your website.",
    "approve": "Approve what is to be sent, by your name.",
    "send": "Send in batches; safe to run again at any time.",
    "worker": "Deliver what others have placed in a database.",
    "workers": "Show who delivers, and how fast; or stop it.",
    "outbox": "Show what the sandbox has kept, and open it.",
    "status": "Show where the campaign stands.",
    "log": "Show every attempt and what the relay answered.",
    "resolve": "Settle what is in doubt, by your word.",
    "verify": "Tell whose call-back code a caller says.",
    "providers": "Show what is known of mail providers.",
    "suppress": "Keep the list of who must not be written to.",
    "ledger": "Look after the ledger as a whole.",
    "completion": "Print the script that completes commands in your shell.",
}


#: What people try, and what does it here.
_ALIASES = {
    "dry-run": "send --dry-run",
    "help": "--help",
    "new": "init",
    "test": "send --test ADDR",
    "version": "--version",
}


class LazyCommands(click.Group):
    """Knows its commands by name and imports one when it is asked for: each has a module of its own.

    ``overview`` has each command with its words, in the order in which they are shown; ``modules`` begins the name of
    the module of each; ``aliases`` are words that people try, with what does it here.
    """

    overview: ClassVar[Mapping[str, str]]
    modules: ClassVar[str]
    aliases: ClassVar[Mapping[str, str]] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """Return the commands in the order of the overview."""
        return list(self.overview)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # click's signature
        """Import a command."""
        if cmd_name not in self.overview:
            return None
        command: click.Command = getattr(importlib.import_module(self.modules + cmd_name), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  # click's
        """Write the overview without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self.overview.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; of one that is not there, say what was probably meant."""
        name = args[0]
        if name in self.overview or name.startswith("-"):
            return super().resolve_command(ctx, args)
        meant = self._meant(name.lower())
        mend = f"Did you mean:  {ctx.command_path} {meant}" if meant else f"There are {', '.join(self.overview)}."
        raise click.UsageError(f"No such command '{name}'. {mend}", ctx)

    def _meant(self, name: str) -> str:
        """Return the command that a word was probably meant to be; empty when it is like none."""
        begun = [command for command in self.overview if len(name) > 1 and command.startswith(name)]
        near = get_close_matches(name, [*self.overview, *self.aliases], 1)
        return next((self.aliases.get(word, word) for word in (*begun, *near)), "")


class LazyGroup(LazyCommands):
    """The commands of the program; it says so where an option stands before the command that it belongs to."""

    overview, modules, aliases = COMMANDS, "notify.cli.", _ALIASES

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options before the command; one that belongs behind it is told so."""
        words = list(args)
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            owners = self._owners(ctx, words)
            near = get_close_matches(error.option_name, owners, 1, 0.75)
            if not near:
                raise
            meant = f"notify {owners[near[0]]} {near[0]}"
            what = f"{error.option_name} does not stand before a command. Did you mean:  {meant}"
            raise click.UsageError(what, ctx) from None

    def _owners(self, ctx: click.Context, words: list[str]) -> dict[str, str]:
        """Return the command of each option: one that is among the words, else the first that has it."""
        owners: dict[str, str] = {}
        for name in sorted(COMMANDS, key=words.__contains__, reverse=True):
            command = self.get_command(ctx, name)
            for parameter in command.params if command else ():
                owners = {option: name for option in parameter.opts if option.startswith("-")} | owners
        return owners
