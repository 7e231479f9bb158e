"""A contact file of any format, told by its content and never by its suffix."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

from notify.contacts.delimited import Delimited
from notify.contacts.encoding_bytes import first_lines, opened
from notify.contacts.ldif import LdifFile
from notify.contacts.rows import Misshapen, distinct
from notify.contacts.table import Table
from notify.contacts.vcard import VCardFile
from notify.contacts.workbook import Sheet
from notify.core.contact import Contact, Origin, Rejected
from notify.errors import InputError

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # [MS-CFB] 2.2
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"

_CARD = re.compile(r"\s*BEGIN\s*:\s*VCARD\s*", re.IGNORECASE)
_ENTRY = re.compile(r"dn::?\s*\S", re.IGNORECASE)
_VERSION = re.compile(r"version:\s*\d+\s*", re.IGNORECASE)
_LOOKED_AT = 20  # lines


class Source(Protocol):
    """A contact file. Iterating reads it, each time anew, and yields its rows in the order of the file."""

    @property
    def path(self) -> Path:
        """Where it is."""

    @property
    def label(self) -> str:
        """Its name as the user would write it."""

    @property
    def format(self) -> str:
        """``csv``, ``tsv``, ``xlsx``, ``xls``, ``ods``, ``vcf`` or ``ldif``."""

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
    def notes(self) -> tuple[str, ...]:
        """What was guessed or passed over, in sentences for a person."""

    @property
    def sensitive(self) -> frozenset[str]:
        """The headers whose cells are not shown as samples."""

    def __iter__(self) -> Iterator[Contact | Rejected]:
        """Yield what becomes of each row.

        :raises InputError: the file cannot be read to its end.
        """


def open_source(path: Path, label: str, assigned: Mapping[str, str], *, encoding: str = "", sheet: str = "") -> Source:
    """Open a contact file.

    :param label: its name as the user would write it.
    :param assigned: headers by field, from ``[contacts.columns]`` of notify.toml.
    :param encoding: that of text files; it is found out where that is empty.
    :param sheet: which one of a workbook; the first with addresses where that is empty.
    :raises InputError: it cannot be read, or nobody can be written to by it.
    :raises ConfigError: an assigned header is assigned twice, or there is no such encoding.
    """
    called = [*assigned.values()]
    if form := _workbook(path, label):
        return Table(path, label, assigned, Sheet(path, label, form, sheet, called))
    lines = first_lines(path, label)[:_LOOKED_AT]
    if any(_CARD.fullmatch(line) for line in lines):
        return VCardFile(path, label, encoding)
    if _is_ldif(lines):
        return LdifFile(path, label, encoding)
    return Table(path, label, assigned, Delimited(path, label, encoding, called))


def read_rows(path: Path, label: str) -> Iterator[tuple[Origin, dict[str, str]]]:
    """Yield the rows of a small table, in a text file or a workbook, each with its place and its cells by header.

    :raises InputError: it cannot be read, or a row cannot be taken apart.
    """
    form = _workbook(path, label)
    grid = Sheet(path, label, form) if form else Delimited(path, label)
    headers = distinct(grid.header)
    for row in grid.rows():
        if isinstance(row, Misshapen):
            raise InputError(f"{label}:{row.line}: {row.reason}.", hint="Mend the row.")
        yield Origin(label, row.line), dict(zip(headers, row.cells, strict=True))


def _workbook(path: Path, label: str) -> str:
    """Return which kind of workbook a file is; empty when it is none.

    :raises InputError: it is missing, or it is a zip file of something else.
    """
    with opened(path, label) as file:
        head = file.read(256)
    if head.startswith(_OLD_OFFICE):
        return "xls"
    if not head.startswith(_ZIP):
        return ""
    if _ODS in head:
        return "ods"
    try:
        with zipfile.ZipFile(path) as parts:
            names = parts.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return "xlsx"  # a damaged one, most likely
    if any(name.startswith("xl/workbook") for name in names):
        return "xlsx"
    if "content.xml" in names and "mimetype" in names:
        return "ods"
    raise InputError(
        f"{label}: this is a zip file, and no workbook.",
        hint="Unpack it and name the contact file in it, or save the contacts as CSV.",
    )


def _is_ldif(lines: list[str]) -> bool:
    content = [line for line in lines if not line.startswith("#")]
    if content and _VERSION.fullmatch(content[0]):
        content = content[1:]
    return bool(content) and bool(_ENTRY.match(content[0]))
