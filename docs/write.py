"""Writes every file that is made from the program: its reference, the man page, and the sample notify.toml.

    ./run python docs/write.py

A test tells when one of them is old.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from docs import commands, manual, providers
from notify.config import sample
from notify.config.reference import reference

#: What each file is to hold.
WRITTEN: dict[Path, Callable[[], str]] = {
    ROOT / "docs" / "commands.md": commands.page,
    ROOT / "docs" / "configuration.md": reference,
    ROOT / "docs" / "providers.md": providers.page,
    ROOT / "docs" / "notify.1": manual.page,
    ROOT / "notify.toml": lambda: sample("en"),
}


def main() -> None:
    """Write what is not there, or is old."""
    for path, text in WRITTEN.items():
        path.write_text(text(), "utf-8")


if __name__ == "__main__":
    main()
