"""``notify suppress``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from notify.cli.options import json_option
from notify.cli.screen import emit, how_many, moment, note, put


@click.command(short_help="Keep the list of who must not be written to.")
@click.argument("addresses", nargs=-1, metavar="[ADDR]...")
@click.option("--reason", default="", metavar="TEXT", help="Why; kept with the date.")
@click.option("--remove", is_flag=True, help="Take the addresses off the list.")
@click.option("--list", "show", is_flag=True, help="Show the list.")
@json_option
@click.pass_obj
def suppress(folder: Path, addresses: tuple[str, ...], reason: str, remove: bool, show: bool, as_json: bool) -> None:
    """Keep the list of who must not be written to. It holds for every campaign of this folder, at once."""
    from notify.actions.suppress import change, entries

    if not addresses and not show:
        raise click.UsageError("Name the addresses, or --list to see the list.")
    ledger = folder / "ledger.db"
    if addresses:
        done, as_before = change(ledger, addresses, reason, dt.datetime.now(dt.UTC), remove=remove)
        verb = "may be written to again" if remove else "will not be written to"
        if done:
            note(f"{how_many(done, 'address', 'addresses')} {verb} (noted in {ledger}).")
        for address in as_before:
            note(f"{address}: {'was not on the list' if remove else 'was on the list already'}.")
    if show:
        found = list(entries(ledger))
        if as_json:
            emit(
                [
                    {"address": entry.identity, "reason": entry.reason, "since": entry.since.isoformat()}
                    for entry in found
                ]
            )
            return
        for entry in found:
            put(f"{entry.identity}  since {moment(entry.since)}  {entry.reason}".rstrip())
        note(f"{how_many(len(found), 'address', 'addresses')} on the list.")
