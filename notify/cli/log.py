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
    """Show every attempt: when, whom, which relay, what it answered. With --json one line each."""
    from notify.actions.log import anybody_enrolled, attempts
    from notify.core.status import Status

    if csv_file and follow:
        raise click.UsageError("--csv writes what there is, --follow shows what comes: say one of them.")
    settings = load_settings(folder, shared(contacts, template, sender))
    is_there = anybody_enrolled(settings)
    if not is_there:
        note("Nothing was sent yet. Begin with:  notify send")
    found: Iterable[Attempt] = attempts(settings, follow=follow) if is_there or follow else ()
    if failed:
        found = (attempt for attempt in found if attempt.status is not Status.SENT)
    if csv_file:
        _write_csv(settings, found, folder / csv_file)
        return
    for attempt in found:
        if as_json:
            emit_line(as_record(attempt))
        else:
            put(as_line(attempt))


def _write_csv(settings: Settings, attempts: Iterable[Attempt], path: Path) -> None:
    from notify.actions.log import has_copies

    written = 0
    columns = (*COLUMNS, COPY_OF) if has_copies(settings) else COLUMNS
    with sheet(settings, path) as write:
        write(columns)
        for written, attempt in enumerate(attempts, start=1):  # noqa: B007  # the last number is how many there are
            record = as_record(attempt)
            write([record.get(column, "") for column in columns])
    note(f"Wrote {how_many(written, 'attempt')} to {path}.")
