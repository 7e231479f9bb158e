"""``notify outbox``."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notify.cli.desktop import has_desktop
from notify.cli.options import count, json_option
from notify.cli.screen import emit, how_many, moment, note, put_as_it_is, put_columns, visible
from notify.cli.web import serve_outbox, web_options

if TYPE_CHECKING:
    from notify.sandbox import Kept

#: How many are listed without ``-n``: the latest.
_DEFAULT = 20


@click.command(short_help="Show what the sandbox has kept, and open it.")
@click.option("-n", "most", type=count, metavar="N", help=f"List the latest N. Default: {_DEFAULT}, with --json all.")
@click.option("--open", "number", type=count, metavar="N", help="Open message N in your mail program.")
@web_options("Show all of them in the browser, as notify preview --web does.")
@json_option
@click.pass_obj
def outbox(
    folder: Path, most: int | None, number: int | None, web: bool, port: int, no_open: bool, as_json: bool
) -> None:
    """List the messages that the sandbox has kept, or open one as it would arrive. Nobody was sent any of them."""
    from notify.actions.outbox import latest

    place = folder / "outbox"
    if web:
        if most is not None or number is not None or as_json:
            raise click.UsageError("--web shows all of them on a page, and goes with none of -n, --open, --json.")
        serve_outbox(place, port=port, opens=not no_open)
        return
    if number is not None:
        _open(place, number, as_json=as_json)
        return
    total, found = latest(place, most if most or as_json else _DEFAULT)
    if as_json:
        emit([_record(one) for one in found])
        return
    if not total:
        note("The outbox is empty. A rehearsal fills it, while notify.toml names no relay:  notify send")
        return
    put_columns([(f"{one.number:>{len(str(total))}}", moment(one.time), one.to, one.subject) for one in found])
    shown = min(total, most or _DEFAULT)
    which = f"The latest {shown:,} of {how_many(total, 'message')}" if shown < total else how_many(total, "message")
    note(f"{which}. To see one in your mail program:  notify outbox --open {total}")


def _open(place: Path, number: int, *, as_json: bool) -> None:
    from notify.actions.outbox import as_eml

    path = as_eml(place, number)
    is_opened = _can_open() and click.launch(str(path)) == 0
    if as_json:
        emit({"number": number, "path": str(path), "opened": is_opened})
    elif is_opened:
        note(f"Message {number} opens in your mail program. It stands in {path}")
    else:
        note("No mail program can be started from here; open this file with yours:")
        put_as_it_is(visible(str(path)))


def _can_open() -> bool:
    """Tell whether there is a desktop that knows which program opens a file."""
    return has_desktop() and (sys.platform in {"win32", "darwin"} or shutil.which("xdg-open") is not None)


def _record(one: Kept) -> dict[str, object]:
    return {
        "number": one.number,
        "to": one.to,
        "subject": one.subject,
        "time": one.time.astimezone().isoformat(timespec="seconds"),
        "size": one.size,
        "path": str(one.path),
    }
