"""CSV and TSV: read by pandas, in chunks, everything as text."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd

from notify.contacts.columns import recognise
from notify.contacts.scan import CheckedRows, Misshapen, find_dialect
from notify.contacts.text import find_encoding
from notify.core.people import FIELDS, Contact, Origin, Rejected
from notify.errors import InputError

_CHUNK = 5000


class Table:
    """A contact file that is a table. Iterating reads it, each time anew, a chunk at a time.

    Yields a :class:`Contact` for each row, or a :class:`Rejected` for a record that cannot be one row, in the order
    of the file.
    """

    def __init__(self, path: Path, shown: str, assigned: Mapping[str, str]) -> None:
        """Look at the file: its encoding, delimiter and columns.

        :param assigned: headers by field, from ``[contacts.columns]``; they win over what is recognised.
        :raises InputError: it cannot be read as a table, or no column holds addresses.
        :raises ConfigError: an assigned header is not in the file.
        """
        self.path = path
        self.shown = shown
        self.encoding = find_encoding(path, shown)
        self._dialect = find_dialect(path, self.encoding, shown)
        self.delimiter = self._dialect.delimiter
        self.header_line = self._dialect.header_line
        #: The header of each column; what is empty or there twice is told apart.
        self.headers = _told_apart(self._dialect.header)
        self._fields = recognise(self.headers, assigned)
        if "email" not in self._fields.values():
            raise InputError(
                f"{shown}:{self.header_line}: no column holds e-mail addresses. The columns are "
                f"{', '.join(self.headers)}.",
                hint='Name it in notify.toml:  [contacts.columns]  email = "…"',
            )

    @property
    def columns(self) -> dict[str, str]:
        """Which header was recognised as which field."""
        return {self.headers[position]: field for position, field in sorted(self._fields.items())}

    def __iter__(self) -> Iterator[Contact | Rejected]:
        rows = CheckedRows(self.path, self.encoding, self._dialect, self.shown)
        with rows:
            for chunk in self._chunks(rows):
                for line, *cells in zip(*(chunk[column].tolist() for column in chunk.columns), strict=True):
                    yield from self._set_aside(rows.misshapen, before=int(line))
                    yield self._contact(int(line), cells)
            yield from self._set_aside(rows.misshapen)

    def _chunks(self, rows: CheckedRows) -> Iterator[pd.DataFrame]:
        """Let pandas read the checked rows. The options keep "00123", "NA" and "1/2" as they are."""
        try:
            yield from pd.read_csv(
                rows,
                header=None,
                names=range(len(self.headers) + 1),
                index_col=False,
                dtype=str,
                keep_default_na=False,
                na_filter=False,
                skip_blank_lines=False,
                engine="c",
                chunksize=_CHUNK,
            )
        except pd.errors.EmptyDataError:
            return

    def _set_aside(self, misshapen: deque[Misshapen], before: float = math.inf) -> Iterator[Rejected]:
        while misshapen and misshapen[0].line < before:
            one = misshapen.popleft()
            row = dict(zip(self.headers, one.cells, strict=False))
            yield Rejected(Origin(self.shown, one.line), one.reason, row)

    def _contact(self, line: int, cells: Sequence[str]) -> Contact:
        fields = dict.fromkeys(FIELDS, "")
        for position, field in self._fields.items():
            fields[field] = cells[position]
        return Contact(Origin(self.shown, line), fields, dict(zip(self.headers, cells, strict=True)))


def _told_apart(headers: Sequence[str]) -> tuple[str, ...]:
    """Return headers of which none is empty and none is there twice."""
    told: list[str] = []
    for number, header in enumerate(headers, start=1):
        name = header or f"column {number}"
        times = 2
        while name in told:
            name = f"{header or f'column {number}'} ({times})"
            times += 1
        told.append(name)
    return tuple(told)
