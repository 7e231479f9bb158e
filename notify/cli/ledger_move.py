"""``notify ledger move``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notify.cli.options import json_option
from notify.cli.screen import emit, how_many, note

if TYPE_CHECKING:
    from notify.ledger import Copied, Moved

#: What is told of a move beside the number of its tables, and how many of one are called.
_TOLD = {
    "campaign": "campaigns",
    "recipient": "recipients",
    "attempt": "attempts",
    "suppression": "suppressed addresses",
}


@click.command(short_help="Move the ledger into a database, or back into a file.")
@click.argument("to", metavar="TO")
@click.option("--from", "source", metavar="PLACE", help="The ledger to move, if not that of the campaign folder.")
@json_option
@click.pass_obj
def move(folder: Path, to: str, source: str | None, as_json: bool) -> None:
    """Move the ledger to TO: the postgresql:// address of a database, or the path of a file.

    Every table is copied and compared. Where the ledger was, it stays as it was, but nothing can be sent from there any
    more. Stopped at any moment, the same command goes on. No password stands in an address: NOTIFY_LEDGER_PASSWORD,
    ~/.pgpass or a service file has it; where TO is the database in notify.toml, so has its password_command.
    """
    from notify.actions.move import move_ledger, places

    first, second = places(folder, to, source or "")
    moved = move_ledger(first, second, dt.datetime.now(dt.UTC), lambda copied: _say(copied, as_json=as_json))
    if as_json:
        emit(_record(moved))
    note(f"{moved.source} was moved to {moved.target}" + (f": {_counted(moved)}." if moved.tables else "."))
    note("Nothing can be sent from where it was any more.")
    note(moved.what_to_write)


def _say(copied: Copied, *, as_json: bool) -> None:
    if not as_json:
        rows = how_many(copied.contents.rows, "row")
        note(f"  {copied.table}: {rows}, the same in both (SHA-256 {copied.contents.digest[:16]}…)")


def _counted(moved: Moved) -> str:
    rows = {copied.table: copied.contents.rows for copied in moved.tables}
    return ", ".join(how_many(rows[table], words.removesuffix("s"), words) for table, words in _TOLD.items())


def _record(moved: Moved) -> dict[str, object]:
    tables = [
        {"table": copied.table, "rows": copied.contents.rows, "sha256": copied.contents.digest}
        for copied in moved.tables
    ]
    return {"from": moved.source, "to": moved.target, "tables": tables}
