"""CSV files that a command writes for people to open in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from notify.errors import InputError, WriteError

if TYPE_CHECKING:
    from notify.config import Settings


@contextmanager
def sheet(
    settings: Settings, path: Path, *, keep: str = "", corrections: bool = False
) -> Iterator[Callable[[Iterable[str]], None]]:
    """Give, inside this ``with``, a function that writes a row of cells; none of them is taken for a formula.

    :param keep: what to do where there is such a file already, which is not overwritten then.
    :param corrections: the file may be called like that of the corrections.
    :raises WriteError: it cannot be written, or is a file of the campaign, or would be read as contacts next time.
    """
    from notify.core.spreadsheet import harmless

    _refuse_own(settings, path, corrections=corrections)
    _refuse_name(settings, path, corrections=corrections)
    is_new = not path.exists()
    if keep and path.is_file() and path.stat().st_size:
        raise WriteError(f"{path}: there is such a file already. Nothing was written.", hint=keep)
    try:
        # what comes to be there at this moment is somebody's; Excel takes a file for UTF-8 only with the mark in front
        with path.open("x" if is_new else "w", encoding="utf-8-sig", newline="") as file:
            if is_new and path in _contact_files(settings):
                path.unlink()
                raise _refused(path, "the next run would read it as contacts")
            # and takes only one delimiter apart into cells, that of its language
            writer = csv.writer(file, delimiter="," if settings.language == "en" else ";")
            yield lambda cells: writer.writerow([harmless(cell) for cell in cells])
    except OSError as error:
        raise WriteError(
            f"{path}: cannot be written: {error.strerror}.", hint="Name another file, or make room."
        ) from error


def _refuse_own(settings: Settings, path: Path, *, corrections: bool) -> None:
    """Refuse a file that is there and belongs to the campaign, under whatever name it is reached."""
    if not path.exists():
        return
    folder, template = settings.folder, settings.template
    # SQLite keeps what is new of a ledger in files beside it
    ledgers = (file for place in (folder, folder / "outbox") for file in place.glob("ledger.db*"))
    parts = template.rglob("*") if template.is_dir() else (template,)
    own: dict[str, Iterable[Path]] = {
        "this is one of your contact files": _contact_files(settings),
        "these are your overrides": () if corrections else (corrections_of(settings),),
        "this is the campaign itself": (folder / "notify.toml", *ledgers),
        "this belongs to the template": (*parts, *(folder / "templates").rglob("*")),
    }
    for what, files in own.items():
        if any(file.is_file() and path.samefile(file) for file in files):
            raise _refused(path, what)


def _refuse_name(settings: Settings, path: Path, *, corrections: bool) -> None:
    """Refuse a file that is not there yet, and would be taken for what it is called."""
    if not corrections and path.absolute() == corrections_of(settings).absolute():
        raise _refused(path, "the next run would read it as your overrides")
    if path.parent.absolute() == settings.folder.absolute() and path.name.startswith(("ledger.db", "notify.toml")):
        raise _refused(path, "this is the name of a part of the campaign")


def corrections_of(settings: Settings) -> Path:
    """Return the file of the corrections, whether it is there or not."""
    from notify.actions.paths import OVERRIDES

    return settings.folder / (settings.contacts.overrides or OVERRIDES)


def _contact_files(settings: Settings) -> tuple[Path, ...]:
    with suppress(InputError):
        return settings.contact_files
    return ()


def _refused(path: Path, what: str) -> WriteError:
    return WriteError(f"{path}: {what}. Nothing was written.", hint="Name another file.")
