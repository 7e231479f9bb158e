"""Commands that send nothing, run in the process of the test: that saves most of the time of a process each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notify.cli import group
from notify.cli.exits import report
from notify.errors import NotifyError

if TYPE_CHECKING:
    import pytest


@dataclass(frozen=True, slots=True)
class Told:
    """What a command has said, and its status."""

    status: int
    stdout: str
    stderr: str


Tell = Callable[..., Told]


def teller(capsys: pytest.CaptureFixture[str]) -> Tell:
    """Return what runs a command in a campaign folder."""

    def tell(folder: Path, *arguments: str) -> Told:
        capsys.readouterr()
        try:
            status = group.main(["-C", str(folder), *arguments], prog_name="notify", standalone_mode=False) or 0
        except NotifyError as error:
            status = report(error)
        except click.UsageError as error:
            status = error.exit_code
        return Told(status, *capsys.readouterr())

    return tell
