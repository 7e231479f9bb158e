"""The README's commands, word for word, in the order in which a newcomer types them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from docs.command_line import STATUSES
from notify.cli.exits import Exit
from notify.cli.lazy import COMMANDS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")


@dataclass(frozen=True, slots=True)
class Step:
    """A command of the README and the output that stands below it."""

    command: str
    output: tuple[str, ...]


def _steps(text: str) -> Iterator[Step]:
    for block in re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        for command in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            line, *output = command.rstrip("\n").split("\n")
            yield Step(line, tuple(output))


def _like(expected: str, line: str) -> bool:
    return re.fullmatch(".*".join(re.escape(part) for part in expected.split("…")), line) is not None


def _assert_shown(step: Step, shown: str) -> None:
    """Every line that the README shows is in the output, in its order; … is anything."""
    lines = iter(shown.split("\n"))
    for expected in step.output:
        if expected == "…":
            continue
        # an ellipsis of notify's own, where it shortens a value, is matched by ours
        assert any(_like(expected, line) for line in lines), f"$ {step.command}\nno {expected!r} in:\n{shown}"


@pytest.fixture
def shell(tmp_path: Path) -> dict[str, str]:
    """Make an empty home, and notify on the path."""
    (tmp_path / "home").mkdir()
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "notify"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m notify "$@"\n', "utf-8")
    program.chmod(0o755)
    ours = {name: value for name, value in os.environ.items() if not name.startswith("NOTIFY_")}
    return ours | {
        "HOME": str(tmp_path / "home"),
        "XDG_STATE_HOME": "",
        "PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
    }


def _sh(command: str, folder: Path, environment: dict[str, str]) -> str:
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=120,
    )
    output = done.stdout.decode()
    assert "Traceback" not in output
    assert done.returncode in {Exit.DONE, Exit.AGAIN_LATER}, f"$ {command}\n{output}"
    return output


@pytest.mark.skipif(sys.platform == "win32", reason="the README shows a POSIX shell")
def test_try_it(tmp_path: Path, shell: dict[str, str]) -> None:
    """What "Try it" shows is what a fresh checkout says; ./run itself is tested apart."""
    folder = tmp_path / "clone"
    _sh(f"notify init {folder} --lang en", tmp_path, shell)
    run = folder / "run"
    run.write_text('#!/bin/sh\nexec "$@"\n', "utf-8")
    run.chmod(0o755)
    part = README[README.index("## Try it") : README.index("## Your own campaign")]
    steps = list(_steps(part))
    assert len(steps) == 3
    for step in steps:
        _assert_shown(step, _sh(step.command, folder, shell))


def test_every_command_is_documented() -> None:
    """The table of commands is the overview that the program gives, with each leading to its options."""
    rows = re.findall(r"^\| \[`notify (\w+)`\]\(docs/commands.md#notify-(\w+)\) \| (.*) \|$", README, re.MULTILINE)
    assert rows == [(name, name, words) for name, words in COMMANDS.items()]


def test_the_overview_says_what_the_commands_say() -> None:
    """The help of the group is written down once more, to import nothing; it must not drift."""
    from notify.cli import group

    for name, words in COMMANDS.items():
        command = group.get_command(None, name)  # type: ignore[arg-type]  # it needs no context
        assert command is not None
        assert command.short_help == words


def test_every_exit_status_is_documented() -> None:
    """The table of exit statuses, in docs/commands.md and in the man page, is the one of the code."""
    assert list(STATUSES) == list(Exit)


def test_every_field_of_a_contact_is_documented() -> None:
    """The table of fields in docs/templates.md is the one of the code."""
    from notify.core.contact import FIELDS

    documented = (ROOT / "docs" / "templates.md").read_text("utf-8")
    for field, words in FIELDS.items():
        assert f"| `{field}` | {words} |" in documented
