"""``notify completion``: the script that lets a shell complete commands, options and files of notify."""

from __future__ import annotations

import sys

import click
from click.shell_completion import get_completion_class

from notify.cli.screen import is_terminal, note, put_as_it_is

#: Every shell that there is a script for, and how it is told to read it.
INSTALL = {
    "bash": """echo 'eval "$(notify completion bash)"' >>~/.bashrc""",
    "zsh": """echo 'eval "$(notify completion zsh)"' >>~/.zshrc""",
    "fish": "notify completion fish >~/.config/fish/completions/notify.fish",
}


@click.command(short_help="Print the script that completes commands in your shell.")
@click.argument("shell", type=click.Choice(list(INSTALL)), required=False)
@click.pass_context
def completion(ctx: click.Context, shell: str | None) -> None:
    """Print the script that lets your shell complete notify's commands, options and files with the Tab key.

    Without SHELL, list the shells that there is one for.
    """
    if shell is None:
        put_as_it_is("\n".join(INSTALL))
        return
    script = get_completion_class(shell)
    assert script is not None  # noqa: S101  # click has one for each of INSTALL
    put_as_it_is(script(ctx.find_root().command, {}, "notify", "_NOTIFY_COMPLETE").source())
    # a shell that reads it at its start has a terminal on standard error, and is to be left in peace
    if is_terminal(sys.stdout):
        note(f"# To have it in every new shell:  {INSTALL[shell]}")
