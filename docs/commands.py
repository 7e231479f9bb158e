"""Writes docs/commands.md, every command and option, from what the command line says of itself.

./run python docs/write.py
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from docs.command_line import STATUSES, VARIABLES, Command, CommandLine, Record

_INTRODUCTION = """\
# Commands

Every command works on the folder it stands in; `-C DIR` names another. `--contacts FILE --template PATH --from ADDR`
stand in for a `notify.toml`, or beat it. `--json` writes [JSON](json.md) to standard output and nothing else there. The
same is in `notify COMMAND --help`, and in the man page, [notify.1](notify.1): `man notify` where it is installed, `man
-l docs/notify.1` in a clone.

The Tab key completes commands, options and files once your shell has read what `notify completion` prints:
`eval "$(notify completion bash)"` in `~/.bashrc`, `eval "$(notify completion zsh)"` in `~/.zshrc`, or for fish
`notify completion fish >~/.config/fish/completions/notify.fish`.
"""


def page() -> str:
    """Return the page, as Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    line = CommandLine()
    yield _INTRODUCTION
    for command in line.commands:
        yield f"- [{command.name}](#notify-{command.name.replace(' ', '-')})"
    yield "- [Options of several commands](#options-of-several-commands)"
    yield "- [Exit status](#exit-status)"
    yield "- [Environment](#environment)"
    for command in line.commands:
        yield from _command(command)
    yield "\n## Options of several commands\n"
    yield from _table(line.common)
    yield "\n## Exit status\n"
    yield "So that cron and scripts can tell; the numbers are those of sendmail.\n"
    yield "| Status | Meaning | What to do |\n| --- | --- | --- |"
    for status, (meaning, mend) in STATUSES.items():
        yield f"| {int(status)} | {meaning} | {mend} |"
    yield "\n## Environment\n"
    yield "Each key of notify.toml has a variable too, beside it in [configuration.md](configuration.md).\n"
    yield "| Variable | Meaning |\n| --- | --- |"
    for name, words in VARIABLES.items():
        yield f"| `{name}` | {words} |"


def _command(command: Command) -> Iterator[str]:
    yield f"\n## notify {command.name}\n"
    yield f"```\nnotify {command.name} {command.usage}\n```\n"
    yield _paragraphs(command.help) + "\n"
    if command.own:
        yield from _table(command.own)
    if command.shared:
        names = ", ".join(f"`{names}`" for names, _ in command.shared)
        yield f"{names}: [options of several commands](#options-of-several-commands)."


def _table(records: Iterable[Record]) -> Iterator[str]:
    yield "| Option | What it does |\n| --- | --- |"
    for names, words in records:
        # a bar parts cells, even within backticks
        yield f"| `{names.replace('|', chr(92) + '|')}` | {_escaped(words)} |"
    yield ""


def _paragraphs(text: str) -> str:
    return _escaped("\n\n".join(" ".join(part.split()) for part in text.strip().split("\n\n")))


def _escaped(text: str) -> str:
    """Return words of a help so that Markdown shows them as they are."""
    return re.sub(r"([*_<|])", r"\\\1", text)
