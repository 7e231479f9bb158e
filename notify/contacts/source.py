"""What a contact file is to those who read it, whatever its format, and what a format must say of itself.

Every format has a module that ends with its :class:`Kind`; :mod:`notify.contacts.kinds` lists them.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from pathlib import Path
from typing import Protocol

from notify.contacts.encoding_bytes import first_lines, opened
from notify.contacts.rows import Grid
from notify.core.contact import Contact, Rejected
from notify.core.finding import Finding
from notify.core.record import record

_HEAD = 256  # octets
_LOOKED_AT = 20  # lines


@record(frozen=True, slots=True)
class Format:
    """A way to write contact files.

    ``name`` is what JSON says, ``label`` what people read, and ``suffixes`` are the endings that such files usually
    have, the first one first. They are for people: the content of a file decides, not its suffix.
    """

    name: str
    label: str
    suffixes: tuple[str, ...]


class Source(Protocol):
    """A contact file. Iterating reads it, each time anew, and yields its rows in the order of the file."""

    @property
    def path(self) -> Path:
        """Where it is."""

    @property
    def label(self) -> str:
        """Its name as the user would write it."""

    @property
    def format(self) -> Format:
        """How it is written."""

    @property
    def encoding(self) -> str:
        """The encoding as Python names it; empty where the format has its own."""

    @property
    def delimiter(self) -> str:
        """What parts the cells of a text table, else empty."""

    @property
    def header_line(self) -> int:
        """The line of the header, counted from 1; 0 where there is none."""

    @property
    def headers(self) -> tuple[str, ...]:
        """The names of all columns, no two alike and none empty."""

    @property
    def columns(self) -> dict[str, str]:
        """Which header was recognised as which field, or fields."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was guessed or passed over."""

    @property
    def sensitive(self) -> frozenset[str]:
        """The headers whose cells are not shown as samples."""

    def __iter__(self) -> Iterator[Contact | Rejected]:
        """Yield what becomes of each row.

        :raises InputError: the file cannot be read to its end.
        """


@record(frozen=True, slots=False)
class ContactFile:
    """A file that is about to be read as contacts, and what the user says about it.

    ``label`` is its name as the user would write it, ``assigned`` has headers by field ([contacts.columns]),
    ``encoding`` is that of text files and ``sheet`` one of a workbook; both are found out where they are empty.
    ``hidden_rows`` of a sheet are read, or left out (``leave_out``). Without ``needs_addresses`` a
    text file may have no column of them, since something else says them.
    """

    path: Path
    label: str
    assigned: Mapping[str, str] = field(default_factory=dict)
    encoding: str = ""
    sheet: str = ""
    hidden_rows: str = "read"
    needs_addresses: bool = True

    @functools.cached_property
    def head(self) -> bytes:
        """Its first octets.

        :raises InputError: it is missing, or cannot be read.
        """
        with opened(self.path, self.label) as file:
            return file.read(_HEAD)

    @functools.cached_property
    def lines(self) -> list[str]:
        """Its first lines that are not empty, as far as they can be read before the encoding is known.

        :raises InputError: it is missing, or cannot be read.
        """
        return first_lines(self.path, self.label)[:_LOOKED_AT]


@record(frozen=True, slots=True)
class Kind:
    """Formats that one module reads.

    ``recognise`` looks at the content of a file and returns its format, or None when it is of another kind; ``read``
    opens it as contacts. ``grid`` opens it as rows of cells, where it is a table. All three raise
    :class:`notify.errors.InputError` for files that cannot be read.
    """

    formats: tuple[Format, ...]
    recognise: Callable[[ContactFile], Format | None]
    read: Callable[[ContactFile, Format], Source]
    grid: Callable[[ContactFile, Format], Grid] | None = None
