"""Starts processes that hand over portions (:mod:`tests.servers.portion_owner`)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.servers.postgres import Database

_ROOT = Path(__file__).parents[2]


def owner(database: Database, name: str, taken: Path, **more: object) -> subprocess.Popen[str]:
    """Start one that writes whom it has handed over into ``taken``; ``more`` are its options."""
    values = {"taken": taken} | more
    options = [text for option, value in values.items() for text in (f"--{option.replace('_', '-')}", str(value))]
    command = [sys.executable, "-m", "tests.servers.portion_owner", "--url", database.url, "--owner", name, *options]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, text=True, cwd=_ROOT)
    assert process.stdin is not None
    process.stdin.write(database.password)
    process.stdin.close()
    return process


def taken_by(*files: Path) -> list[int]:
    """Return whom owners have handed over, by what they have written."""
    return [int(line) for file in files if file.exists() for line in file.read_text().split()]
