"""``notify ledger forget``."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notify.cli.exits import Exit
from notify.cli.options import json_option
from notify.cli.screen import confirmed, emit, how_many, is_terminal, note

if TYPE_CHECKING:
    from notify.ledger import Remembered


@click.command(short_help="Forget people, and write to them no more.")
@click.argument("addresses", nargs=-1, required=True, metavar="ADDR...")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@click.pass_obj
def forget(folder: Path, addresses: tuple[str, ...], yes: bool, as_json: bool) -> int:
    """Take out of the ledger all that it knows of people, after a question; it cannot be undone.

    It goes from every campaign, with every attempt, call-back code and entry on the list of notify suppress. What stays
    is that somebody was written to, when and by which relay, and a salted digest of the address: should a contact file
    name them again, nobody writes there, and nothing of their row is kept. notify suppress --remove ADDR ends that.

    Their rows in the contact files, outbox/, preview/ and backups are yours to delete. In a database its owner does it.
    """
    from notify.actions.forget import forget as forget_all
    from notify.actions.forget import known_of

    known = known_of(folder, addresses)
    note("\n".join(_lines(addresses, known)))
    if not yes:
        if not is_terminal(sys.stdin):
            raise click.UsageError("There is no terminal to ask on. If this is what you want, say --yes.")
        if not confirmed("Forget them?"):
            note("Nothing was changed.")
            return Exit.DONE
    done = forget_all(folder, addresses, dt.datetime.now(dt.UTC))
    if as_json:
        emit({"forgotten": len(addresses), "recipients": sum(not one.is_copy for one in done)})
    note("They are forgotten, and nobody writes to them any more.")
    note("Take their rows out of the contact files, and delete outbox/ and preview/ if they were rehearsed there.")
    return Exit.DONE


def _lines(addresses: Sequence[str], known: Sequence[Remembered]) -> list[str]:
    """Return what is known of people, a campaign a line."""
    if not known:
        return [f"Nothing is known of {', '.join(addresses)}."]
    of_copies = sum(one.is_copy for one in known)
    lines = [f"{one.address}: {one.status} in the campaign {one.campaign}" for one in known if not one.is_copy]
    return [*lines, *([f"{how_many(of_copies, 'copy', 'copies')} of messages"] if of_copies else [])]
