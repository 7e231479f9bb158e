"""What the command line says of itself, as values: for the man page and for docs/commands.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import click

from notify.cli import group
from notify.cli.exits import Exit

#: An option of at least so many commands is explained once.
_COMMON = 4

#: Names of an option with its value, and what it does.
Record = tuple[str, str]

#: Every exit status: what it means, and what to do.
STATUSES: dict[Exit, tuple[str, str]] = {
    Exit.DONE: ("All sent, nothing left to do, or you declined.", ""),
    Exit.SOME_FAILED: (
        "Finished, but some, or copies, failed for good, expired or are in doubt.",
        "`notify log --failed`, `notify resolve`",
    ),
    Exit.USAGE: ("Wrong usage of the command line.", "`notify COMMAND --help`"),
    Exit.INPUT: (
        "Contacts, template or announced details must be mended, or approved.",
        "The message names file and line.",
    ),
    Exit.ALARM: (
        "A call-back code that nobody was sent.",
        "Ask for it again; then it is forged: `notify verify` says what to do.",
    ),
    Exit.REFUSED: (
        "The relay refuses us: policy, content, TLS; or it loses every answer.",
        "The message says whose word it was.",
    ),
    Exit.BUG: ("A bug in notify. Nothing was lost.", "Please report it."),
    Exit.CANNOT_WRITE: (
        "It cannot be written here, or the ledger cannot be trusted.",
        "Make room, mend permissions, restore a backup.",
    ),
    Exit.AGAIN_LATER: (
        "Not finished: deferred, throttled, relay away, limit reached, another run, SIGTERM.",
        "Run it again later.",
    ),
    Exit.LOGIN: ("The relay refused the login.", "Mend user or password; many providers want an app password."),
    Exit.CONFIG: ("`notify.toml`, an option or a variable must be mended.", "The message names the line."),
    Exit.INTERRUPTED: ("Interrupted by Ctrl-C.", "`notify send` goes on where it stopped."),
}

#: The variables that are no keys of notify.toml.
VARIABLES = {
    "NOTIFY_PASSWORD": "The password of the relay, where no `password_command` gives it.",
    "NOTIFY_MAILBOX_PASSWORD": "The same of the mailbox in `[mailbox]`.",
    "NOTIFY_LEDGER_PASSWORD": "The password of the database in `[ledger]`.",
    "NOTIFY_STATE_DIR": "The folder to use instead of ~/.local/state/notify/.",
    "NOTIFY_ALLOW_NETWORK_DISK": "1 lets a ledger lie on the disk of another machine, if only this one writes to it.",
    "NOTIFY_DEBUG": "1 shows where notify broke, when it has a bug.",
    "NO_COLOR": "Anything in it: no colours (https://no-color.org).",
    "TERM": "Where it is dumb, there are no colours either.",
    "SSL_CERT_FILE": "The file of a private certificate authority, in PEM.",
}


@dataclass(frozen=True, slots=True)
class Command:
    """A command: how it is called, its help, and its options, apart from those that several commands share."""

    name: str
    usage: str
    help: str
    own: tuple[Record, ...]
    shared: tuple[Record, ...]


class CommandLine:
    """The whole command line, as its help shows it."""

    def __init__(self) -> None:
        root = click.Context(group, info_name="notify", **group.context_settings)
        contexts = [*_contexts(group, root)]
        records = Counter(record for context in contexts for record in _records(context))
        self.help = group.help or ""
        self.options = _records(root)
        self.common = [record for record, number in records.items() if number >= _COMMON]
        self.commands = [self._command(context) for context in contexts]

    def _command(self, context: click.Context) -> Command:
        records = _records(context)
        return Command(
            context.command_path.removeprefix("notify "),
            " ".join(context.command.collect_usage_pieces(context)),
            context.command.help or "",
            tuple(record for record in records if record not in self.common),
            tuple(record for record in records if record in self.common and not record[0].startswith("-h")),
        )


def _contexts(commands: click.Group, parent: click.Context) -> Iterator[click.Context]:
    """Yield each command of a group, and behind one that is a group itself those of that."""
    for name in commands.list_commands(parent):
        command = commands.get_command(parent, name)
        assert command is not None  # noqa: S101  # the group listed it
        context = click.Context(command, info_name=name, parent=parent)
        yield context
        if isinstance(command, click.Group):
            yield from _contexts(command, context)


def _records(context: click.Context) -> list[Record]:
    options = [parameter for parameter in context.command.get_params(context) if isinstance(parameter, click.Option)]
    return [record for option in options if (record := _record(option, context))]


def _record(option: click.Option, context: click.Context) -> Record | None:
    record = option.get_help_record(context)
    # click keeps the option that it made at first, in whatever context that was, with the names that it had there
    return ("-h, --help", record[1]) if record and "--help" in option.opts else record
