"""The man page: as new as the program, whole, and right in what it says by itself."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from docs import command_line, manual
from notify.cli import group
from notify.cli.lazy import COMMANDS
from notify.config.schema import KEYS

ROOT = Path(__file__).parents[2]

#: Variables of others that are looked at.
OTHERS = {"TZ", "APPDATA", "LOCALAPPDATA", "PGHOST", "PGHOSTADDR", "XDG_STATE_HOME"}


def test_it_is_what_the_program_says() -> None:
    """docs/notify.1 is what would be written now. Mend with `./run python docs/write.py`."""
    assert manual.PAGE.read_text("utf-8") == manual.page()


def test_it_names_every_command_and_option() -> None:
    """Nothing that the command line takes is missing."""
    text = manual.page().replace("\\-", "-")
    for name in COMMANDS:
        command = group.get_command(None, name)  # type: ignore[arg-type]  # it needs no context
        assert command is not None
        assert f'.SS "notify {name}"' in text
        for option in (word for parameter in command.params for word in parameter.opts if word.startswith("-")):
            assert f"\\fB{option}\\fR" in text or f"\\fB{option}," in text, f"{name} {option}"


def test_it_names_every_variable() -> None:
    """Each variable that the sources name is explained, by itself or as that of a key."""
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "notify").rglob("*.py"))
    named = set(re.findall(r'environ(?:ment)?\.get\("([A-Z_]+)"', sources)) - OTHERS
    assert named >= {"NOTIFY_PASSWORD", "NOTIFY_STATE_DIR", "NOTIFY_DEBUG"}
    assert named <= {*command_line.VARIABLES, *(key.variable for key in KEYS)}


@pytest.mark.parametrize("example", manual.EXAMPLES)
def test_its_examples_are_commands(example: str) -> None:
    """What the page shows as an example, the command line takes."""
    words = shlex.split(example)
    assert words.pop(0) == "notify"
    if words[0] == "-C":
        words = words[2:]
    command = group.get_command(None, words[0])  # type: ignore[arg-type]  # it needs no context
    assert command is not None
    command.make_context(words[0], words[1:], parent=click.Context(group))


@pytest.mark.skipif(shutil.which("groff") is None, reason="there is no groff here")
def test_it_is_roff() -> None:
    """The page is shown without a complaint, and what is special to roff arrives as it was meant."""
    done = subprocess.run(
        ["groff", "-man", "-Tascii", "-P-cbou", "-ww", manual.PAGE], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    assert "--where 'country == \"AT\"'" in done.stdout
    assert "%LOCALAPPDATA%\\notify\\" in done.stdout
