"""XLSX, XLSB, XLS and ODS: a sheet as records of text, as the spreadsheet shows them, like those of a CSV file."""

from __future__ import annotations

import errno
import io
import itertools
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from notify.contacts.header_row import find_header, findings_on, has_address
from notify.contacts.records import clean_cell
from notify.contacts.rows import Misshapen, Row
from notify.contacts.sheet_rows import DAMAGED, LockedError, SheetName, TooLargeError, Workbook
from notify.contacts.source import ContactFile, Format, Kind
from notify.contacts.table import MOST_COLUMNS, Table
from notify.core.damaged_text import mended
from notify.core.finding import Finding, Severity
from notify.errors import InputError

XLSX = Format("xlsx", "Excel workbook", (".xlsx", ".xlsm", ".xlsb"))
XLS = Format("xls", "old Excel workbook", (".xls",))
ODS = Format("ods", "OpenDocument sheet", (".ods",))

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # [MS-CFB] 2.2
_ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"

#: So many rows are looked at, to find the sheet that has addresses and the header in it.
_LOOKED_AT = 200

_LOCKED = "EncryptedPackage".encode("utf-16-le")  # [MS-OFFCRYPTO] 2.3.2: what a workbook with a password consists of
_ENCRYPTED = 1  # the bit of a part (PKWARE, 4.4.4)
#: OpenDocument has no others (1.2, part 3, 2.2); bzip2 and LZMA have errors of their own.
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
#: What zipfile raises where nothing can be told of a manifest.
_UNREADABLE = (
    KeyError,  # there is none: a workbook of Excel
    zipfile.BadZipFile,  # this is no zip file, but an .xls; or the directory, a name or a checksum is wrong
    NotImplementedError,  # the part needs a newer version of zip
    ValueError,  # the part begins before the file does, or its name is no UTF-8
    EOFError,  # the part ends behind the file
    zlib.error,  # what should be deflated is something else
)


class Sheet:
    """One sheet of a workbook; see :class:`notify.contacts.rows.Grid`. A line is the number that is shown beside it."""

    #: Workbooks have neither.
    encoding = ""
    delimiter = ""

    def __init__(self, file: ContactFile, form: Format) -> None:
        """Open a sheet: the one named, or else the first visible one with something like an address in it.

        :param form: XLSX, XLS or ODS.
        :raises InputError: the file is none that can be read, has no such sheet, or nothing on it.
        """
        self.format = form
        self._file, self._label = file, file.label
        self._leaves_hidden_out = file.hidden_rows == "leave_out"
        self._width = 0
        with _plain_errors(file.path, file.label):
            self._workbook = _opened(file.path, form)
            self._sheet = self._named(file.sheet) if file.sheet else self._chosen()
            first = list(itertools.islice(filter(_is_seen, self._records()), _LOOKED_AT))
            hidden = self._hidden() if first else 0
        if not first:
            raise InputError(
                f'{self._label}: the sheet "{self._sheet.name}" has no row.', hint="Export the contacts again."
            )
        widths = [len(row.cells) for row in first]
        # a stray cell in the last column makes no thousands of columns
        self._width = max((width for width in widths if width <= MOST_COLUMNS), default=max(widths))
        first = [self._padded(row) for row in first]
        start = find_header([row.cells for row in first], file.assigned.values())
        top = first[start.place]
        self._begin = top.line + start.has_header
        self.header_line = top.line if start.has_header else 0
        self.header = tuple(top.cells) if start.has_header else ("",) * len(top.cells)
        ignored = top.line - first[0].line if start.place else 0
        self.findings = (
            *self._other_sheets(),
            *findings_on(start, self._label, line=top.line, ignored=ignored, columns=len(self.header)),
            *self._hidden_rows(hidden),
        )

    def sample(self, many: int) -> list[Sequence[str]]:
        """Return the cells of the first rows, at most so many."""
        with _plain_errors(self._file.path, self._label):
            return [row.cells for row in itertools.islice(filter(_is_seen, self._rows()), many)]

    def rows(self) -> Iterator[Row | Misshapen]:
        """Read the rows that are not blank.

        :raises InputError: the file cannot be read to its end.
        """
        with _plain_errors(self._file.path, self._label):
            yield from self._rows()

    def _rows(self) -> Iterator[Row]:
        records = (row for row in self._records() if row.line >= self._begin)
        return (row._replace(cells=[*map(mended, row.cells)]) for row in map(self._padded, records) if any(row.cells))

    def _records(self) -> Iterator[Row]:
        for number, cells, is_hidden in self._workbook.rows(self._sheet):
            record = [clean_cell(cell) for cell in (cells[: self._width] if self._width else cells)]
            if any(record):
                yield Row(number, record, is_hidden and self._leaves_hidden_out)

    def _padded(self, row: Row) -> Row:
        return row._replace(cells=[*row.cells[: self._width], *[""] * (self._width - len(row.cells))])

    def _hidden(self) -> int:
        """Return how many rows with something in them are hidden."""
        if not self._workbook.may_hide_rows(self._sheet):
            return 0
        return sum(row.is_hidden and any(row.cells) for row in self._workbook.rows(self._sheet))

    def _named(self, name: str) -> SheetName:
        if found := next((sheet for sheet in self._workbook.sheets if sheet.name == name), None):
            return found
        names = ", ".join(sheet.name for sheet in self._workbook.sheets)
        raise InputError(
            f'{self._label}: there is no sheet "{name}". The sheets are {names}.',
            hint="Mend sheet in [contacts] of notify.toml.",
        )

    def _chosen(self) -> SheetName:
        filled = self._filled
        if not filled:
            raise InputError(f"{self._label}: the workbook has no sheet with a row.", hint="Export the contacts again.")
        for sheet in filled:
            if any(has_address(row.cells) for row in itertools.islice(self._workbook.rows(sheet), _LOOKED_AT)):
                return sheet
        return filled[0]

    @cached_property
    def _filled(self) -> list[SheetName]:
        """The sheets that can be seen and are not empty."""
        return [
            sheet
            for sheet in self._workbook.sheets
            if sheet.is_visible and next(iter(self._workbook.rows(sheet)), None)
        ]

    def _other_sheets(self) -> tuple[Finding, ...]:
        others = [f'"{sheet.name}"' for sheet in self._filled if sheet != self._sheet] if not self._file.sheet else []
        if not others:
            return ()
        *most, last = others
        listed = f"{', '.join(most)} and {last}" if most else last
        are = "are" if most else "is"
        what = f'read the sheet "{self._sheet.name}"; there {are} also {listed}'
        return (Finding("other-sheets", Severity.INFO, self._label, what, 'choose with  sheet = "…"  in [contacts]'),)

    def _hidden_rows(self, many: int) -> tuple[Finding, ...]:
        if not many:
            return ()
        are = f"{many:,} hidden row{'s' * (many > 1)} {'are' if many > 1 else 'is'}"
        if self._leaves_hidden_out:
            return (Finding("hidden-rows", Severity.INFO, self._label, f"{are} left out, as hidden_rows says"),)
        mend = 'Leave what a filter hides out with  hidden_rows = "leave_out"  in [contacts]'
        return (Finding("hidden-rows", Severity.WARNING, self._label, f"{are} read like all others", mend),)


def _opened(path: Path, form: Format) -> Workbook:
    """Open a workbook with the reader for what it is."""
    # each of them is asked for by few campaigns only
    if form is ODS:
        from notify.contacts.ods import Ods

        return Ods(path)
    if form is XLS:
        from notify.contacts.xls import Xls

        return Xls(path)
    if _is_binary(path):
        from notify.contacts.xlsb import Xlsb

        return Xlsb(path)
    from notify.contacts.xlsx import Xlsx

    return Xlsx(path)


def _is_binary(path: Path) -> bool:
    with zipfile.ZipFile(path) as parts:
        return any(name.lower() == "xl/workbook.bin" for name in parts.namelist())


@contextmanager
def _plain_errors(path: Path, label: str) -> Iterator[None]:
    """Turn what goes wrong with a workbook into a sentence."""
    try:
        yield
    except TooLargeError as error:
        raise InputError(
            f"{label}: this workbook asks for more cells, or longer ones, than a list of contacts has.",
            hint="Open it and save the sheet as CSV.",
        ) from error
    except OSError as error:
        if error.errno == errno.EINVAL:  # a part begins before the file does
            raise _not_readable(path, label) from error
        raise InputError(f"{label}: the file cannot be read: {error.strerror or error}.") from error
    except LockedError as error:
        raise _locked(label) from error
    except DAMAGED as error:
        raise _not_readable(path, label) from error


def _not_readable(path: Path, label: str) -> InputError:
    """Return what to say of a workbook in which something leads nowhere."""
    if _is_locked(path):
        return _locked(label)
    return InputError(
        f"{label}: this is a workbook that cannot be read; it may be damaged, or locked.",
        hint="Open it and save the sheet as CSV.",
    )


def _locked(label: str) -> InputError:
    return InputError(f"{label}: the workbook is locked with a password.", hint="Save a copy of it without one.")


def _is_locked(path: Path) -> bool:
    """Tell whether a workbook was saved with a password, as Excel and LibreOffice do it, or packed with one."""
    octets = path.read_bytes()
    if _LOCKED in octets:
        return True
    try:
        with zipfile.ZipFile(io.BytesIO(octets)) as parts:
            if any(part.flag_bits & _ENCRYPTED for part in parts.infolist()):
                return True
            manifest = parts.getinfo("META-INF/manifest.xml")
            return manifest.compress_type in _PACKINGS and b"encryption-data" in parts.read(manifest)
    except _UNREADABLE:
        return False


def _recognise(file: ContactFile) -> Format | None:
    """Return which kind of workbook a file is; None when it is none.

    :raises InputError: it is missing, or it is a zip file of something else.
    """
    if file.head.startswith(_OLD_OFFICE):
        return XLS
    if not file.head.startswith(_ZIP):
        return None
    if _ODS_TYPE in file.head:
        return ODS
    try:
        with zipfile.ZipFile(file.path) as parts:
            names = parts.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return XLSX  # a damaged one, most likely
    if any(name.startswith("xl/workbook") for name in names):
        return XLSX
    if "content.xml" in names and "mimetype" in names:
        return ODS
    raise InputError(
        f"{file.label}: this is a zip file, and no workbook.",
        hint="Unpack it and name the contact file in it, or save the contacts as CSV.",
    )


def _grid(file: ContactFile, form: Format) -> Sheet:
    return Sheet(file, form)


KIND = Kind(
    (XLSX, XLS, ODS),
    _recognise,
    read=lambda file, form: Table(file.path, file.label, file.assigned, _grid(file, form)),
    grid=_grid,
)


def _is_seen(row: Row) -> bool:
    return not row.is_hidden
