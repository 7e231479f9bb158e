"""``notify workers``."""

from __future__ import annotations

import datetime as dt
import getpass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notify.cli.options import json_option, ledger_option, load_settings
from notify.cli.screen import emit, how_many, moment, note, put_columns

if TYPE_CHECKING:
    from notify.ledger.postgres.workers import WorkerSeen

#: Who has said nothing for so many seconds may have died: each says something every two.
_SILENT_S = 10.0


@click.command(short_help="Show who delivers, and how fast; or stop it.")
@ledger_option
@click.option("--stop", "stop", is_flag=True, help="Let no worker begin anything more of this campaign.")
@json_option
@click.pass_obj
def workers(folder: Path, url: str | None, stop: bool, as_json: bool) -> None:
    """Show which workers there are: on which machine, since when, how fast, and when each has said something last.

    With --stop, in the folder of a campaign, none begins anything more of it; what is in flight is finished. To go on:
    notify send.
    """
    from notify.actions.workers import hold, seen
    from notify.cli.worker_settings import place_of, settings_of

    place = place_of(settings_of(folder, None, url))
    if stop:
        campaign = load_settings(folder, {}).campaign().id
        hold(place, campaign, dt.datetime.now(dt.UTC), by=getpass.getuser())
        note(f"{campaign}: nothing more of it is begun. To go on:  notify send")
        return
    found = seen(place)
    if as_json:
        emit([_record(one) for one in found])
        return
    if not found:
        note("No worker is there. Start one, on any machine:  notify worker")
        return
    rows = [("host", "process", "version", "since", "last word", "sent", "a second", "at")]
    put_columns([*rows, *map(_row, found)])
    for one in found:
        if one.word.trouble:
            note(f"{one.host} {one.pid}: {one.word.trouble}")
    if silent := sum(one.silent_s > _SILENT_S for one in found):
        note(f"{how_many(silent, 'worker')} silent: perhaps dead; others take over what such a one had.")


def _row(one: WorkerSeen) -> tuple[str, ...]:
    word = one.word
    last = f"{one.silent_s:.0f} s ago" if one.silent_s > _SILENT_S else "just now"
    at = word.campaign or ("in trouble" if word.trouble else "waiting")
    who = (one.host, str(one.pid), one.version, moment(one.since))
    return (*who, last, f"{word.sent:,}", f"{word.per_s:,.1f}", at)


def _record(one: WorkerSeen) -> dict[str, object]:
    return {
        "id": one.id,
        "host": one.host,
        "pid": one.pid,
        "version": one.version,
        "since": one.since.astimezone().isoformat(timespec="seconds"),
        "last_word": one.last_word.astimezone().isoformat(timespec="seconds"),
        "silent_s": round(one.silent_s, 1),
        "sent": one.word.sent,
        "per_s": round(one.word.per_s, 2),
        "campaign": one.word.campaign or None,
        "trouble": one.word.trouble or None,
    }
