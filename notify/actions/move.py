"""Moves the ledger of a campaign folder into a database, or back into a file."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from notify.actions.database import database_of
from notify.actions.folder_ledger import LEDGER_FILE, ledger_of_folder
from notify.config.database_url import database_url
from notify.config.ledger import LedgerSettings
from notify.errors import ConfigError, InputError
from notify.ledger import (
    Copied,
    Database,
    Moved,
    Place,
    Step,
    Transitions,
    Versions,
    check_disk,
    move,
    next_step,
    open_store,
    taking_part,
)


def places(folder: Path, to: str, source: str) -> tuple[Place, Place]:
    """Return from where the ledger is to be moved, and where to.

    :param folder: the campaign folder, whose ledger it is when ``source`` is empty.
    :raises ConfigError: one of them is no place for a ledger.
    """
    own = ledger_of_folder(folder)
    target = _place(folder, to, own)
    if source:
        return _place(folder, source, own), target
    # who has written it into notify.toml already means the file
    return (folder / LEDGER_FILE if isinstance(own, Database) and own == target else own), target


def move_ledger(source: Place, target: Place, now: dt.datetime, told: Callable[[Copied], None]) -> Moved:
    """Move a ledger. What a run that died has left in it is sorted first, as the next run would do it.

    :param told: is called with each table when it is copied and compared.
    :raises InputError: there is none.
    :raises BusyError: a run, or a worker, is at work with one of them.
    :raises WriteError: one of them is not what it should be, or cannot be written; says so.
    """
    if source == target:
        raise InputError(
            f"{source}: it is there already.", hint="Say where it is now:  notify ledger move TO --from PLACE"
        )
    with taking_part(source) as first, ExitStack() as stack:
        if not first.is_there():
            raise InputError(
                f"{source}: there is no ledger.", hint="Say where it is:  notify ledger move TO --from PLACE"
            )
        if isinstance(target, Path):
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            check_disk(target, os.environ)
        second = stack.enter_context(taking_part(target))
        if next_step(first, second) is Step.COPY:
            _sort_out_what_died(source, now)
        return move(first, second, now, told)


def _sort_out_what_died(place: Place, now: dt.datetime) -> None:
    with open_store(place, is_locked=True) as store:
        for campaign in Versions(store).campaigns():
            Transitions(store, campaign).recover(now)


def _place(folder: Path, text: str, own: Place) -> Place:
    """Return the place that somebody has written; a database as notify.toml has it, if it is the same.

    :raises ConfigError: it is none.
    """
    if "://" not in text:
        path = folder / Path(text).expanduser()
        return path / LEDGER_FILE if path.is_dir() else path
    try:
        url = database_url(text)
    except ValueError as error:
        raise ConfigError(
            f"This is not where a ledger can be: {error}.",
            hint="Name a file, or a database:  notify ledger move postgresql://notify@db.example/notify",
        ) from error
    return own if isinstance(own, Database) and own.url == url else database_of(LedgerSettings(url=url))
