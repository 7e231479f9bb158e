"""What the guided set-up understood of a contact file, so that its owner can tell whether it is the right one."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from notify.actions.selection import Selection
from notify.actions.sources import headers_of, open_sources
from notify.actions.survey import Fate, survey
from notify.config import load
from notify.core.contact import Recipient, Rejected
from notify.core.record import record

#: The languages that every shipped template is written in.
_LANGUAGES = ("de", "en")


@record(frozen=True, slots=True)
class UnderstoodContacts:
    """A contact file: what it is, its columns by what they were recognised as, and what becomes of its rows.

    Of a pattern it is the first of its files, but for the rows, which are those of all. ``greetings`` are the first two
    that differ; ``rejected`` is the first row that is not written to, and why.
    """

    path: Path
    format: str
    encoding: str
    delimiter: str
    columns: Mapping[str, str]
    headers: tuple[str, ...]
    counts: Mapping[str, int]
    neutral: int
    greetings: tuple[str, ...]
    rejected: str

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return sum(self.counts.values())


def path_of(text: str) -> Path:
    """Return the path that somebody types, or drops on a terminal: with a ``~``, in quotes, or with backslashes."""
    for mark in "\"'":
        if len(text) > 1 and text.startswith(mark) and text.endswith(mark):
            text = text[1:-1]
    path = Path(text)
    with suppress(RuntimeError):  # a home that nobody has
        path = path.expanduser()
    if os.name != "nt" and "\\" in text and not path.exists():
        path = Path(text.replace("\\", "")).expanduser()
    return path.absolute()


def understand(path: Path, folder: Path, language: str) -> UnderstoodContacts:
    """Read a contact file whole, or all that a pattern names.

    :param folder: of the campaign, which need not be there yet.
    :raises InputError: it is not there, or cannot be read as contacts.
    """
    options = {"contacts.files": [os.fspath(path)], "campaign.language": language}
    settings = load(folder, options=options, environment={}, contacts_only=True)
    sources = open_sources(settings)
    counts: Counter[str] = Counter()
    greetings: dict[str, None] = {}
    neutral, rejected = 0, ""
    with survey(sources, Selection(settings, sources, _LANGUAGES, ""), settings) as surveyed:
        for found in surveyed.rows():
            counts[found.fate] += 1
            if found.fate is Fate.ADMITTED and isinstance(found.row, Recipient):
                neutral += bool(found.row.why)
                if len(greetings) < 2:
                    greetings[found.row.salutation] = None
            elif isinstance(found.row, Rejected) and not rejected:
                origin = found.row.origin
                rejected = f"{Path(origin.path).name}:{origin.line}: {found.reason}"
    source = sources[0]
    return UnderstoodContacts(
        path=path,
        format=source.format.label,
        encoding=source.encoding,
        delimiter=source.delimiter,
        columns=source.columns,
        headers=tuple(headers_of(sources)),
        counts=counts,
        neutral=neutral,
        greetings=tuple(greetings),
        rejected=rejected,
    )
