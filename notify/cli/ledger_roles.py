"""``notify ledger roles``."""

from __future__ import annotations

from pathlib import Path

import click

from notify.cli.screen import put


@click.command(short_help="Print the SQL that gives the database roles.")
@click.pass_obj
def roles(folder: Path) -> None:
    """Print the SQL by which each person and each machine may do with the ledger what it needs, and no more.

    An administrator of the server runs it in that database, before the ledger is there or afterwards, and again after
    notify was brought up to date:  notify ledger roles | psql DATABASE

    There are then an owner, a sender, a worker and a reader. The first lines tell how to make logins of them, and how a
    worker is confined to one campaign.
    """
    from notify.actions.roles import roles_of_folder

    put(roles_of_folder(folder).rstrip("\n"))
