"""CSV and TSV, everything as text. From the first row with quotation marks on pandas reads them, in chunks."""

from __future__ import annotations

import itertools
import math
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from notify.contacts.dialect import find_dialect
from notify.contacts.encoding import tell_encoding
from notify.contacts.rows import Misshapen, Row
from notify.contacts.scan import Checked, CheckedRows
from notify.contacts.source import ContactFile, Format, Kind
from notify.contacts.table import Table

if TYPE_CHECKING:
    import pandas as pd

CSV = Format("csv", "CSV", (".csv", ".txt"))
TSV = Format("tsv", "TSV", (".tsv", ".tab"))

# five times as many rows are a microsecond a row faster, and ten megabytes larger
_CHUNK = 1000
# so many lines are looked at for samples; what is blank for longer says nothing
_LOOKED_AT = 10_000


class Delimited:
    """A table in a text file. Its rows are read a chunk at a time; see :class:`notify.contacts.rows.Grid`."""

    def __init__(self, path: Path, label: str, encoding: str = "", called: Collection[str] = ()) -> None:
        """Look at the file: its encoding, its delimiter and its header.

        :param encoding: what notify.toml says; it is found out where that is empty.
        :param called: what notify.toml calls columns.
        :raises InputError: it cannot be read as a table.
        :raises ConfigError: there is no such encoding.
        """
        self._path = path
        self._label = label
        told = tell_encoding(path, label, encoding)
        self.encoding = told.name
        self._dialect = find_dialect(path, told.name, label, called)
        self.delimiter = self._dialect.delimiter
        self.format = TSV if self.delimiter == "\t" else CSV
        self.header = self._dialect.header
        self.header_line = self._dialect.header_line
        self.findings = (*told.findings, *self._dialect.findings)

    def sample(self, many: int) -> list[Sequence[str]]:
        """Return the cells of the first rows, at most so many."""
        lines = self._dialect.line + _LOOKED_AT
        with closing(Checked(self._path, self.encoding, self._dialect, self._label, lines)) as checked:
            return [row.cells for row in itertools.islice(checked, 2 * many) if isinstance(row, Row)][:many]

    def rows(self) -> Iterator[Row | Misshapen]:
        """Read the rows in the order of the file.

        :raises InputError: the file cannot be read any more.
        """
        rows = CheckedRows(self._path, self.encoding, self._dialect, self._label)
        with rows:
            yield from rows.unquoted()
            if rows.is_at_its_end:
                return
            for chunk in self._chunks(rows):
                for line, *cells in zip(*(chunk[column].tolist() for column in chunk.columns), strict=True):
                    number = int(line)
                    if number < 0:
                        yield from _before(1 - number, rows.misshapen)
                        continue
                    yield from _before(number, rows.misshapen)
                    yield Row(number, cells)
            yield from _before(math.inf, rows.misshapen)

    def _chunks(self, rows: CheckedRows) -> Iterator[pd.DataFrame]:
        """Let pandas take the checked rows apart. The options keep "00123", "NA" and "1/2" as they are."""
        import pandas as pd

        try:
            yield from pd.read_csv(
                rows,
                sep=rows.delimiter,
                header=None,
                names=range(len(self.header) + 1),
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


def _before(line: float, misshapen: deque[Misshapen]) -> Iterator[Misshapen]:
    while misshapen and misshapen[0].line < line:
        yield misshapen.popleft()


def _grid(file: ContactFile, _: Format) -> Delimited:
    return Delimited(file.path, file.label, file.encoding, file.assigned.values())


KIND = Kind(
    (CSV, TSV),
    recognise=lambda _: CSV,  # whatever is no other kind; its delimiter tells which of the two it is
    read=lambda file, form: Table(
        file.path, file.label, file.assigned, _grid(file, form), needs_addresses=file.needs_addresses
    ),
    grid=_grid,
)
