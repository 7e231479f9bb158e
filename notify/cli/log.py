"""``notify log``."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notify.cli.options import campaign_options, json_option, load_settings, shared
from notify.cli.screen import STATUS_WORDS, emit_line, how_many, moment, note, put
from notify.cli.sheet import sheet

if TYPE_CHECKING:
    from notify.config import Settings
    from notify.core.outcome import Attempt

#: How often ``--follow`` looks.
_LOOK_S = 0.5
_COLUMNS = ("time", "key", "to", "message_id", "relay", "phase", "reply", "status", "scope")


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
    from notify.core.status import Status

    if csv_file and follow:
        raise click.UsageError("--csv writes what there is, --follow shows what comes: say one of them.")
    settings = load_settings(folder, shared(contacts, template, sender))
    attempts = _attempts(settings, follow=follow)
    if failed:
        attempts = (one for one in attempts if one.status is not Status.SENT)
    if csv_file:
        _write_csv(settings, attempts, folder / csv_file)
        return
    for one in attempts:
        if as_json:
            emit_line(as_record(one))
        else:
            put(as_line(one))


def as_record(one: Attempt) -> dict[str, str]:
    """Return an attempt as the JSON documents hold it."""
    record = {name: str(getattr(one, name)) for name in _COLUMNS}
    return record | {"time": one.time.astimezone().isoformat(timespec="milliseconds")}


def as_line(one: Attempt) -> str:
    """Return an attempt as one line for people."""
    return f"{moment(one.time)}  {STATUS_WORDS[one.status]:<9}  {one.to}  {one.phase} {one.reply}".rstrip()


def _attempts(settings: Settings, *, follow: bool) -> Iterator[Attempt]:
    """Yield every attempt there is; with ``follow`` those that come too, for ever."""
    from notify.actions.ledgers import opened
    from notify.actions.status import campaign_status
    from notify.ledger import Reports

    if not campaign_status(settings, dt.datetime.now(dt.UTC)).recipients:
        note("Nothing was sent yet. Begin with:  notify send")
        if not follow:
            return
    while not campaign_status(settings, dt.datetime.now(dt.UTC)).recipients:
        time.sleep(_LOOK_S)
    with opened(settings) as (store, record):
        reports = Reports(store, record)
        last = 0
        while True:
            for number, attempt in reports.attempts(after=last):
                last = number
                yield attempt
            if not follow:
                return
            time.sleep(_LOOK_S)


def _write_csv(settings: Settings, attempts: Iterable[Attempt], path: Path) -> None:
    written = 0
    with sheet(settings, path) as write:
        write(_COLUMNS)
        for written, one in enumerate(attempts, start=1):  # noqa: B007  # the last number is how many there are
            write(as_record(one).values())
    note(f"Wrote {how_many(written, 'attempt')} to {path}.")
