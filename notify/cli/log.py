"""``notify log``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notify.cli.attempts import COLUMNS, COPY_OF, as_line, as_record
from notify.cli.options import campaign_options, json_option, load_settings, shared
from notify.cli.screen import emit_line, how_many, note, put
from notify.cli.sheet import sheet

if TYPE_CHECKING:
    from notify.config import Settings
    from notify.core.approval import Approval
    from notify.core.outcome import Attempt


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
    """Show every attempt: when, whom, which relay, what it answered; and who approved it. With --json one line each."""
    from notify.actions.log import anybody_enrolled, entries

    if csv_file and follow:
        raise click.UsageError("--csv writes what there is, --follow shows what comes: say one of them.")
    settings = load_settings(folder, shared(contacts, template, sender))
    if not anybody_enrolled(settings):
        note("Nothing was sent yet. Begin with:  notify send")
    found: Iterable[Attempt | Approval] = entries(settings, follow=follow, failed=failed)
    if failed:
        found = filter(_is_failed, found)
    if csv_file:
        _write_csv(settings, found, folder / csv_file)
        return
    for entry in found:
        if as_json:
            emit_line(as_record(entry))
        else:
            put(as_line(entry))


def _is_failed(entry: Attempt | Approval) -> bool:
    from notify.core.outcome import Attempt
    from notify.core.status import Status

    return isinstance(entry, Attempt) and entry.status is not Status.SENT


def _write_csv(settings: Settings, entries: Iterable[Attempt | Approval], path: Path) -> None:
    from notify.actions.log import has_copies
    from notify.core.outcome import Attempt

    attempts = 0
    columns = (*COLUMNS, COPY_OF) if has_copies(settings) else COLUMNS
    with sheet(settings, path) as write:
        write(columns)
        for entry in entries:
            attempts += isinstance(entry, Attempt)
            record = as_record(entry)
            write([record.get(column, "") for column in columns])
    note(f"Wrote {how_many(attempts, 'attempt')} to {path}.")
