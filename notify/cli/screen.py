"""Words for people, always on standard error, so that standard output can be piped."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Sequence

import click

from notify.core.status import Status

#: What people read for each status.
STATUS_WORDS = {status: status.replace("_", " ") for status in Status}


def note(text: str = "") -> None:
    """Say something to a person."""
    click.echo(text, err=True)


def warn(text: str) -> None:
    """Say something that a person should not overlook."""
    click.secho(text, fg="yellow", err=True)


def emit(document: object) -> None:
    """Write one JSON document to standard output."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))


def emit_line(record: object) -> None:
    """Write one JSON line to standard output."""
    click.echo(json.dumps(record, ensure_ascii=False, default=str))


def how_many(number: int, singular: str, plural: str = "") -> str:
    """Return ``1 recipient``, ``412 recipients``."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def moment(when: dt.datetime) -> str:
    """Return a moment in local time, with the day when it is not today."""
    local = when.astimezone()
    today = dt.datetime.now().astimezone().date()
    return local.strftime("%H:%M:%S" if local.date() == today else "%a %Y-%m-%d %H:%M")


def duration(seconds: float) -> str:
    """Return a duration as people say it: ``about 3 minutes``."""
    for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= 1.5 * length:
            return f"about {how_many(math.ceil(seconds / length), unit)}"
    return how_many(max(1, math.ceil(seconds)), "second")


def columns(rows: Sequence[Sequence[str]], indent: str = "  ") -> list[str]:
    """Return rows as aligned lines."""
    widths = [max(len(row[number]) for row in rows) for number in range(len(rows[0]))] if rows else []
    return [
        indent + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
