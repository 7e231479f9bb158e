"""``notify log``."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notify.cli.options import campaign_options, json_option, load_settings, shared
from notify.cli.screen import STATUS_WORDS, emit_line, moment, note
from notify.errors import WriteError

if TYPE_CHECKING:
    from notify.core.outcome import Attempt
    from notify.ledger import Reports

#: How often ``--follow`` looks.
_LOOK_S = 0.5


@click.command(short_help="Show every attempt and what the relay answered.")
@campaign_options
@click.option("--failed", is_flag=True, help="Only what was not sent.")
@click.option("--follow", is_flag=True, help="Go on showing attempts as they are made, until Ctrl-C.")
@click.option("--csv", "csv_file", type=click.Path(path_type=Path), metavar="FILE", help="Write the log to a CSV file.")
@json_option
@click.pass_obj
def log(
    folder: Path,
    contacts: tuple[str, ...],
    template: str | None,
    sender: str | None,
    failed: bool,
    follow: bool,
    csv_file: Path | None,
    as_json: bool,
) -> None:
    """Show every attempt: when, whom, which relay, what it answered. With --json one line each."""
    from notify.actions.ledgers import opened
    from notify.core.status import Status
    from notify.ledger import Reports

    with opened(load_settings(folder, shared(contacts, template, sender))) as (store, record):
        attempts = _attempts(Reports(store, record), follow=follow)
        if failed:
            attempts = (one for one in attempts if one.status is not Status.SENT)
        if csv_file:
            note(f"Wrote {_write_csv(attempts, csv_file):,} attempts to {csv_file}.")
            return
        for one in attempts:
            if as_json:
                emit_line(as_record(one))
            else:
                click.echo(as_line(one))


def as_record(one: Attempt) -> dict[str, str]:
    """Return an attempt as the JSON documents hold it."""
    return {
        "time": one.time.astimezone().isoformat(timespec="milliseconds"),
        "key": one.key,
        "to": one.to,
        "message_id": one.message_id,
        "relay": one.relay,
        "phase": one.phase,
        "reply": one.reply,
        "status": str(one.status),
        "scope": one.scope,
    }


def as_line(one: Attempt) -> str:
    """Return an attempt as one line for people."""
    return f"{moment(one.time)}  {STATUS_WORDS[one.status]:<9}  {one.to}  {one.phase} {one.reply}".rstrip()


def _attempts(reports: Reports, *, follow: bool) -> Iterator[Attempt]:
    last = 0
    while True:
        for number, attempt in reports.attempts(after=last):
            last = number
            yield attempt
        if not follow:
            return
        time.sleep(_LOOK_S)


def _write_csv(attempts: Iterable[Attempt], path: Path) -> int:
    from notify.core.spreadsheet import harmless

    written = 0
    try:
        # Excel takes a file for UTF-8 only with the mark in front
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            for number, one in enumerate(attempts, start=1):
                record = as_record(one)
                if number == 1:
                    writer.writerow(record)
                writer.writerow([harmless(cell) for cell in record.values()])
                written = number
    except OSError as error:
        raise WriteError(f"{path}: cannot be written: {error.strerror}.") from error
    return written
