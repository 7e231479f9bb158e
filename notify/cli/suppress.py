"""``notify suppress``."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notify.cli.exits import Exit
from notify.cli.options import json_option
from notify.cli.screen import emit, how_many, moment, note, put, warn
from notify.errors import InputError

if TYPE_CHECKING:
    from notify.actions.suppress import ListRead
    from notify.ledger import Place

#: How many lines that name nobody are shown.
_SHOWN = 10


@click.command(short_help="Keep the list of who must not be written to.")
@click.argument("addresses", nargs=-1, metavar="[ADDR]...")
@click.option(
    "--from", "source", metavar="FILE", help="Take the addresses from a text or CSV file; - is standard input."
)
@click.option("--reason", default="", metavar="TEXT", help="Why; kept with the date.")
@click.option("--remove", is_flag=True, help="Take the addresses off the list.")
@click.option("--list", "show", is_flag=True, help="Show the list.")
@json_option
@click.pass_obj
def suppress(
    folder: Path,
    addresses: tuple[str, ...],
    source: str | None,
    reason: str,
    remove: bool,
    show: bool,
    as_json: bool,
) -> int:
    """Keep the list of who must not be written to. It holds for every campaign of this folder, at once.

    With [ledger] in notify.toml it holds for every folder that has the same database.

    Ends with status 65 when a line of the file that --from names is nobody's address.
    """
    if not (addresses or source or show):
        raise click.UsageError("Name the addresses, --from FILE that holds them, or --list to see the list.")
    if as_json and source and show:
        raise click.UsageError("With --json, say either --from or --list.")
    from notify.actions.folder_ledger import ledger_of_folder

    ledger, status = ledger_of_folder(folder), int(Exit.DONE)
    if addresses:
        _change(ledger, addresses, reason, remove=remove)
    if source:
        status = _change_from(ledger, folder, source, reason, remove=remove, as_json=as_json)
    if show:
        _show(ledger, as_json=as_json)
    return status


def _change(ledger: Place, addresses: tuple[str, ...], reason: str, *, remove: bool) -> None:
    from notify.actions.suppress import change

    done, as_before = change(ledger, addresses, reason, dt.datetime.now(dt.UTC), remove=remove)
    if done:
        note(f"{how_many(done, 'address', 'addresses')} {_verb(remove=remove)} (noted in {ledger}).")
    for address in as_before:
        note(f"{address}: {'was not on the list' if remove else 'was on the list already'}.")


def _change_from(ledger: Place, folder: Path, source: str, reason: str, *, remove: bool, as_json: bool) -> int:
    """Take the addresses from a file; the exit status tells whether every line named somebody."""
    from notify.actions.suppress import change_from

    label = "standard input" if source == "-" else source
    done = change_from(ledger, _octets(folder, source), label, reason, dt.datetime.now(dt.UTC), remove=remove)
    if as_json:
        emit(_record(done))
    known = "were not on the list" if remove else "were on the list already"
    note(
        f"{label}: {how_many(done.changed, 'address', 'addresses')} {_verb(remove=remove)}, {done.as_before:,} {known}."
    )
    if not done.unreadable:
        return Exit.DONE
    warn(f"{how_many(len(done.unreadable), 'line')} could not be used; the others were:")
    for wrong in done.unreadable[:_SHOWN]:
        note(f"  {label}:{wrong.line}: {wrong.reason}")
    if len(done.unreadable) > _SHOWN:
        note(f"  … and {len(done.unreadable) - _SHOWN:,} more")
    return Exit.INPUT


def _octets(folder: Path, source: str) -> bytes:
    if source == "-":
        return sys.stdin.buffer.read()
    try:
        return (folder / source).read_bytes()
    except OSError as error:
        raise InputError(
            f"{folder / source}: the file cannot be read: {error.strerror}.",
            hint="Name a text or CSV file of addresses.",
        ) from error


def _verb(*, remove: bool) -> str:
    return "may be written to again" if remove else "will not be written to"


def _record(done: ListRead) -> dict[str, object]:
    wrong = [{"line": line.line, "reason": line.reason} for line in done.unreadable]
    return {"changed": done.changed, "as_before": done.as_before, "unreadable": wrong}


def _show(ledger: Place, *, as_json: bool) -> None:
    from notify.actions.suppress import entries

    found = list(entries(ledger))
    if as_json:
        emit([{"address": entry.identity, "reason": entry.reason, "since": entry.since.isoformat()} for entry in found])
        return
    for entry in found:
        put(f"{entry.identity}  since {moment(entry.since)}  {entry.reason}".rstrip())
    note(f"{how_many(len(found), 'address', 'addresses')} on the list.")
