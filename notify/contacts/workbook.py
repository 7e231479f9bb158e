"""XLSX, XLS, XLSB and ODS, by python-calamine: a sheet as records of text, like those of a CSV file."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import zipfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from notify.contacts.header_row import find_header, findings_on, has_address
from notify.contacts.records import clean_cell
from notify.contacts.rows import Misshapen, Row
from notify.contacts.source import ContactFile, Format, Kind
from notify.contacts.table import Table
from notify.core.damaged_text import mended
from notify.core.finding import Finding, Severity
from notify.errors import InputError

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

XLSX = Format("xlsx", "Excel workbook", (".xlsx", ".xlsm", ".xlsb"))
XLS = Format("xls", "old Excel workbook", (".xls",))
ODS = Format("ods", "OpenDocument sheet", (".ods",))

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # [MS-CFB] 2.2
_ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"

#: So many rows are looked at, to find the sheet that has addresses and the header in it.
_LOOKED_AT = 200

_LARGEST_EXACT = 1e15  # beyond, a spreadsheet does not know the last digits itself
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

    def __init__(self, path: Path, label: str, form: Format, sheet: str = "", called: Collection[str] = ()) -> None:
        """Open a sheet: the one named, or else the first visible one with something like an address in it.

        :param form: XLSX, XLS or ODS.
        :param called: what notify.toml calls columns.
        :raises InputError: the file is none that can be read, has no such sheet, or nothing on it.
        """
        self.format = form
        self._label = label
        with _plain_errors(path, label):
            workbook = _open(path)
            filled = _filled(workbook)
            #: The name of the sheet that is read.
            self.name = self._existing(workbook, sheet) if sheet else self._chosen(filled)
            self._sheet = filled.get(self.name) or workbook.get_sheet_by_name(self.name)
        first = list(itertools.islice(self._records(), _LOOKED_AT))
        if not first:
            raise InputError(f'{label}: the sheet "{self.name}" has no row.', hint="Export the contacts again.")
        start = find_header([row.cells for row in first], called)
        top = first[start.place]
        self._begin = top.line + start.has_header
        self.header_line = top.line if start.has_header else 0
        self.header = tuple(top.cells) if start.has_header else ("",) * len(top.cells)
        ignored = top.line - first[0].line if start.place else 0
        others = () if sheet else [name for name in filled if name != self.name]
        self.findings = (
            *_other_sheets(label, self.name, others),
            *findings_on(start, label, line=top.line, ignored=ignored, columns=len(self.header)),
        )

    def sample(self, many: int) -> list[Sequence[str]]:
        """Return the cells of the first rows, at most so many."""
        return [row.cells for row in itertools.islice(self._rows(), many)]

    def rows(self) -> Iterator[Row | Misshapen]:
        """Read the rows that are not blank."""
        return self._rows()

    def _rows(self) -> Iterator[Row]:
        return (Row(row.line, [*map(mended, row.cells)]) for row in self._records() if row.line >= self._begin)

    def _records(self) -> Iterator[Row]:
        for number, cells in enumerate(self._sheet.iter_rows(), start=1):
            record = [clean_cell(_as_text(cell)) for cell in cells]
            if any(record):
                yield Row(number, record)

    def _existing(self, workbook: CalamineWorkbook, sheet: str) -> str:
        if sheet in workbook.sheet_names:
            return sheet
        raise InputError(
            f'{self._label}: there is no sheet "{sheet}". The sheets are {", ".join(workbook.sheet_names)}.',
            hint="Mend sheet in [contacts] of notify.toml.",
        )

    def _chosen(self, filled: dict[str, CalamineSheet]) -> str:
        for name, sheet in filled.items():
            rows = itertools.islice(sheet.iter_rows(), _LOOKED_AT)
            if any(has_address([cell for cell in cells if isinstance(cell, str)]) for cells in rows):
                return name
        if not filled:
            raise InputError(f"{self._label}: the workbook has no sheet with a row.", hint="Export the contacts again.")
        return next(iter(filled))


def _open(path: Path) -> CalamineWorkbook:
    from python_calamine import CalamineWorkbook

    # by its content: given the path it would believe the suffix
    with path.open("rb") as file:
        return CalamineWorkbook.from_filelike(file)


def _filled(workbook: CalamineWorkbook) -> dict[str, CalamineSheet]:
    """Return the sheets that can be seen and are not empty, by name."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    seen = (
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    )
    return {name: sheet for name in seen if (sheet := workbook.get_sheet_by_name(name)).height}


@contextmanager
def _plain_errors(path: Path, label: str) -> Iterator[None]:
    """Turn what the library says of a workbook into a sentence."""
    from python_calamine import CalamineError, PasswordError

    locked = InputError(f"{label}: the workbook is locked with a password.", hint="Save a copy of it without one.")
    try:
        yield
    except PasswordError as error:
        raise locked from error
    except OSError as error:
        raise InputError(f"{label}: the file cannot be read: {error.strerror or error}.") from error
    except InputError:
        raise
    except BaseException as error:
        # a broken file makes the library panic, and that is no Exception
        if not isinstance(error, (CalamineError, ValueError)) and type(error).__name__ != "PanicException":
            raise
        if _is_locked(path):
            raise locked from error
        raise InputError(
            f"{label}: this is a workbook that cannot be read; it may be damaged, or locked.",
            hint="Open it and save the sheet as CSV.",
        ) from error


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


def _other_sheets(label: str, name: str, others: Sequence[str]) -> tuple[Finding, ...]:
    if not others:
        return ()
    *most, last = (f'"{other}"' for other in others)
    listed = f"{', '.join(most)} and {last}" if most else last
    are = "are" if most else "is"
    what = f'read the sheet "{name}"; there {are} also {listed}'
    return (Finding("other-sheets", Severity.INFO, label, what, 'choose with  sheet = "…"  in [contacts]'),)


def _as_text(cell: object) -> str:
    """Return a cell as its spreadsheet shows it, as far as that is known: 1067.0 was typed as 1067."""
    match cell:
        case bool():
            return str(cell).upper()
        case float() if cell.is_integer() and abs(cell) < _LARGEST_EXACT:
            return str(int(cell))
        case dt.datetime() if cell.time() == dt.time():
            return cell.date().isoformat()
        case dt.datetime():
            return cell.isoformat(" ")
        case dt.date() | dt.time():
            return cell.isoformat()
        case _:
            return str(cell)


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
    return Sheet(file.path, file.label, form, file.sheet, file.assigned.values())


KIND = Kind(
    (XLSX, XLS, ODS),
    _recognise,
    read=lambda file, form: Table(file.path, file.label, file.assigned, _grid(file, form)),
    grid=_grid,
)
