"""All kinds of contact files, and which of them a file is: its content tells, never its suffix.

A new kind is a module that ends with its ``KIND``, and a line in :data:`KINDS`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from notify.contacts import blanks, delimited, ldif, nicknames, vcard, workbook
from notify.contacts.rows import Misshapen, distinct
from notify.contacts.source import ContactFile, Format, Source
from notify.core.contact import Origin
from notify.errors import InputError

#: In the order in which they are asked. The last one takes whatever is left: any text can be a table.
KINDS = (workbook.KIND, vcard.KIND, ldif.KIND, nicknames.KIND, blanks.KIND, delimited.KIND)

#: Every format that can be read.
FORMATS: tuple[Format, ...] = tuple(form for kind in KINDS for form in kind.formats)


def open_source(
    path: Path,
    label: str,
    assigned: Mapping[str, str],
    *,
    encoding: str = "",
    sheet: str = "",
    hidden_rows: str = "read",
    needs_addresses: bool = True,
) -> Source:
    """Open a contact file.

    :param label: its name as the user would write it.
    :param assigned: headers by field, from ``[contacts.columns]`` of notify.toml.
    :param encoding: that of text files; it is found out where that is empty.
    :param sheet: which sheet of a workbook; the first with addresses where that is empty.
    :param hidden_rows: ``leave_out`` for those of a workbook that cannot be seen, or ``read``.
    :param needs_addresses: False where something else than a column of the file says them.
    :raises InputError: it cannot be read, or nobody can be written to by it.
    :raises ConfigError: an assigned header is assigned twice, or there is no such encoding.
    """
    file = ContactFile(path, label, assigned, encoding, sheet, hidden_rows, needs_addresses)
    kind, form = next((kind, form) for kind in KINDS if (form := kind.recognise(file)))
    return kind.read(file, form)


def read_rows(path: Path, label: str) -> Iterator[tuple[Origin, dict[str, str]]]:
    """Yield the rows of a small table, in a text file or a workbook, each with its place and its cells by header.

    :raises InputError: it cannot be read, or a row cannot be taken apart.
    """
    file = ContactFile(path, label)
    grid = next(kind.grid(file, form) for kind in KINDS if kind.grid and (form := kind.recognise(file)))
    headers = distinct(grid.header)
    for row in grid.rows():
        if isinstance(row, Misshapen):
            raise InputError(f"{label}:{row.line}: {row.reason}.", hint="Mend the row.")
        yield Origin(label, row.line), dict(zip(headers, row.cells, strict=True))
