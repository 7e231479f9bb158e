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
def sheet(settings: Settings, path: Path, *, overwrite: bool = True) -> Iterator[Callable[[Iterable[str]], None]]:
    """Give, inside this ``with``, a function that writes a row of cells; none of them is taken for a formula.

    :param overwrite: a file that is there may be replaced, if it is none of the campaign's.
    :raises WriteError: it cannot be written, or is a file of the campaign, or would be read as contacts next time.
    """
    from notify.core.spreadsheet import harmless

    _refuse_own(settings, path)
    is_new = not (overwrite and path.exists())
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


def _refuse_own(settings: Settings, path: Path) -> None:
    if not path.exists():
        return
    folder, template = settings.folder, settings.template
    ledgers = (file for place in (folder, folder / "outbox") for file in place.glob("ledger.db*"))
    own: dict[str, Iterable[Path]] = {
        "this is one of your contact files": _contact_files(settings),
        "these are your overrides": (folder / (settings.contacts.overrides or "overrides.csv"),),
        "this is the campaign itself": (folder / "notify.toml", *ledgers),
        "this belongs to the template": template.rglob("*") if template.is_dir() else (template,),
    }
    for what, files in own.items():
        if any(file.exists() and path.samefile(file) for file in files):
            raise _refused(path, what)


def _contact_files(settings: Settings) -> tuple[Path, ...]:
    with suppress(InputError):
        return settings.contact_files
    return ()


def _refused(path: Path, what: str) -> WriteError:
    return WriteError(f"{path}: {what}. Nothing was written.", hint="Name another file.")
