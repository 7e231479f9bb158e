"""Ledgers of earlier versions, each made by the program of that version and kept as SQL text.

Their messages are plain text: the HTML around a message may change with the program, and what waits to be sent once
more as it was would not be the same message.
"""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

#: For each version its text, ``version-N.sql``; beside the text, in ``version-N/``, the campaign folder it stood in.
LEDGERS = Path(__file__).parents[2] / "data" / "ledgers"


def earlier_versions() -> list[int]:
    """Return the versions of which there is a ledger, in their order."""
    return sorted(int(path.stem.removeprefix("version-")) for path in LEDGERS.glob("version-*.sql"))


def make_earlier(path: Path, version: int, *, port: int = 2525) -> Path:
    """Write the ledger of an earlier version to ``path``, and return that.

    :param port: where its relay is now.
    """
    text = (LEDGERS / f"version-{version}.sql").read_text("utf-8")
    path.touch(mode=0o600)
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.executescript(text.replace("127.0.0.1:2525", f"127.0.0.1:{port}"))
        db.execute("PRAGMA journal_mode = WAL")
    return path
