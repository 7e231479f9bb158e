"""Opens the contact files of a campaign."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from notify.actions.paths import label_of, overrides_path
from notify.config import ContactSettings, Settings
from notify.contacts import Source, check_assigned, open_source, read_rows
from notify.errors import ConfigError, InputError
from notify.recipients.overrides import Overrides

_BLOCK = 1 << 20


def open_sources(settings: Settings) -> tuple[Source, ...]:
    """Open every contact file.

    :raises InputError: one of them cannot be read.
    :raises ConfigError: a column that notify.toml names is in none of them.
    """
    given = settings.contacts
    beside = overrides_path(settings)
    sources = tuple(
        open_source(
            path,
            label_of(path, settings.folder),
            given.columns,
            encoding=given.encoding,
            sheet=given.sheet,
            hidden_rows=given.hidden_rows,
            needs_addresses=not given.to,
        )
        for path in settings.contact_files
        if path != beside
    )
    headers = headers_of(sources)
    if given.to_label:
        _check_to(given, headers)
    check_assigned(headers, given.columns)
    if given.key and given.key not in headers:
        raise ConfigError(
            f'key = "{given.key}": no contact file has this column. The columns are {", ".join(headers)}.',
            hint="Mend key in [contacts] of notify.toml. Files without the column are known by their addresses.",
        )
    return sources


def _check_to(given: ContactSettings, headers: Sequence[str]) -> None:
    """Check that the columns of the addresses are there, where a template names them."""
    for field, column in given.columns.items():
        if field.startswith("email") and column not in headers:
            raise InputError(
                f'{given.to_label}: there is no column "{column}". The columns are {", ".join(headers)}.',
                hint="Name the column with the addresses in the TO of the template.",
            )


def probable_rows(sources: Iterable[Source]) -> int:
    """Return how many rows there probably are: the lines of text files; 0 where one has no lines."""
    many = 0
    for source in sources:
        if not source.delimiter:
            return 0
        with source.path.open("rb") as file:
            many += sum(block.count(b"\n") for block in iter(partial(file.read, _BLOCK), b""))
    return many


def headers_of(sources: Sequence[Source]) -> list[str]:
    """Return the headers of all files, each once."""
    return list(dict.fromkeys(header for source in sources for header in source.headers))


def read_overrides(settings: Settings) -> Overrides:
    """Read the file that corrects single contacts; without one there are no corrections.

    :raises InputError: it is named and not there, or must be mended.
    """
    path = overrides_path(settings)
    if path is None:
        return Overrides((), settings.contacts.key)
    return Overrides(read_rows(path, label_of(path, settings.folder)), settings.contacts.key)
