"""Binary workbooks of Excel, XLS and XLSB, by python-calamine: in a process of its own, because it cannot be bounded.

The library makes room for every cell up to the last one, and a file can say that this is the last of a million rows.
Where there is no room the process ends, so it is one that may have only so much.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from notify.contacts.number_format import general
from notify.contacts.sheet_rows import SheetName, SheetRow, TooLargeError

_MEMORY = 280 << 20  # octets
_SECONDS = 60


class BinaryWorkbook:
    """An open workbook; see :class:`notify.contacts.sheet_rows.Workbook`."""

    def __init__(self, path: Path) -> None:
        """Look at its sheets.

        :raises ValueError: it cannot be read.
        :raises TooLargeError: it asks for more than there is room for.
        """
        self._path = path
        #: The sheets with cells, in their order.
        self.sheets = tuple(SheetName(name, name, is_visible) for name, is_visible in self._told(""))

    def rows(self, sheet: SheetName) -> Iterator[SheetRow]:
        """Read the rows of a sheet that have cells, each time anew."""
        return (SheetRow(number, cells) for number, cells in self._told(sheet.place))

    def may_hide_rows(self, sheet: SheetName) -> bool:  # noqa: ARG002  # the library does not tell
        """Tell whether a row of it may be hidden."""
        return False

    def _told(self, sheet: str) -> Iterator[Any]:
        """Yield what the other process says, a line of JSON for each."""
        # what is called notify in the folder that the user stands in is not this program
        command = [sys.executable, "-P", "-m", __name__, str(self._path), sheet]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONIOENCODING": "utf-8"}
        with subprocess.Popen(  # noqa: S603  # this program itself, and no shell sees it
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8", env=environment
        ) as child:
            assert child.stdout is not None  # noqa: S101  # it was asked for
            try:
                for line in child.stdout:
                    yield json.loads(line)
                ended = child.wait()
            finally:
                child.kill()
        if ended < 0 or ended == _NO_ROOM:
            raise TooLargeError
        if ended:
            raise ValueError


_NO_ROOM = 9


def _limit() -> None:
    """Take no more memory and time than is allowed, where the system knows such limits."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))


def _as_text(cell: object) -> str:
    """Return a cell as its spreadsheet shows it, as far as that is known: 1067.0 was typed as 1067."""
    match cell:
        case bool():
            return str(cell).upper()
        case float():
            return general(cell)
        case dt.datetime() if cell.time() == dt.time():
            return cell.date().isoformat()
        case dt.datetime():
            return cell.isoformat(" ")
        case dt.date() | dt.time():
            return cell.isoformat()
        case _:
            return str(cell)


def _tell(path: str, sheet: str) -> None:
    """Write the names of the sheets, or the rows of one, to standard output."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    with Path(path).open("rb") as file:
        workbook = CalamineWorkbook.from_filelike(file)
    if not sheet:
        for found in workbook.sheets_metadata:
            if found.typ == SheetTypeEnum.WorkSheet:
                sys.stdout.write(json.dumps([found.name, found.visible == SheetVisibleEnum.Visible]) + "\n")
        return
    for number, cells in enumerate(workbook.get_sheet_by_name(sheet).iter_rows(), start=1):
        texts = [_as_text(cell) for cell in cells]
        if any(texts):
            sys.stdout.write(json.dumps([number, texts]) + "\n")


if __name__ == "__main__":
    _limit()
    try:
        _tell(sys.argv[1], sys.argv[2])
    except MemoryError:
        sys.exit(_NO_ROOM)
    except BaseException:  # noqa: BLE001  # the library panics on broken files, and that is no Exception
        sys.exit(1)
