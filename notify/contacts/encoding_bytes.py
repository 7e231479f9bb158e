"""Which encoding the octets of a file prove, and whether it is text at all."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from notify.errors import InputError

_BLOCK = 1 << 20
_HEAD = 1 << 16

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_CONTROLS = bytes({*range(0x20), 0x7F} - set(b"\t\n\r"))

#: How well-known files that are no tables begin, and what to say about them.
_NOT_TABLES = (
    (b"PK\x03\x04", "a workbook (or another zip file)", "Open it and save the sheet as CSV."),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", "Open it and save the sheet as CSV."),
    (b"%PDF", "a PDF", "Export the contacts as CSV from the program that made it."),
    (b"SQLite format 3", "a database", "Export the contacts as CSV from the program that made it."),
)


def find_encoding(path: Path, label: str) -> str:
    """Return the encoding of a text file, as Python names it, as far as its octets prove it.

    A byte order mark decides, then the NULs of UTF-16 without a mark, then whether it is UTF-8 to the last byte;
    otherwise the answer is Windows-1252, which is not proven. Reads the whole file, a block at a time.

    :raises InputError: it is missing, unreadable, empty or binary.
    """
    with opened(path, label) as file:
        head = file.read(_BLOCK)
        _refuse(head, label)
        for bom, encoding in _BOMS:
            if head.startswith(bom):
                return encoding
        if b"\0" in head and (encoding := _utf_16_without_mark(head)):
            return encoding
        _refuse_binary(head, label)
        decoder = codecs.getincrementaldecoder("utf-8")()
        block = head
        try:
            while block:
                decoder.decode(block)
                block = file.read(_BLOCK)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
        return "utf-8"


def first_lines(path: Path, label: str) -> list[str]:
    """Return some lines at the beginning of a file that are not empty, as far as they can be read at once.

    :raises InputError: it is missing, unreadable or empty.
    """
    with opened(path, label) as file:
        head = file.read(_HEAD)
    encoding = next((name for bom, name in _BOMS if head.startswith(bom)), "")
    encoding = encoding or (_utf_16_without_mark(head) if b"\0" in head else "") or "latin-1"
    text = head.decode(encoding, "replace").lstrip("\ufeff")
    return [line for line in re.split(r"[\r\n]+", text) if line.strip(" \t\0")]


@contextmanager
def opened(path: Path, label: str) -> Iterator[BinaryIO]:
    """Open a contact file for a look at its octets.

    :raises InputError: it is missing, or cannot be read.
    """
    try:
        with path.open("rb") as file:
            yield file
    except IsADirectoryError as error:
        raise InputError(f"{label}: this is a folder.", hint=f'Name its files:  "{label}/*.csv"') from error
    except FileNotFoundError as error:
        raise InputError(
            f"{label}: there is no such file.", hint="Name your contact file with --contacts, or in notify.toml."
        ) from error
    except OSError as error:
        raise InputError(
            f"{label}: the file cannot be read: {error.strerror}.", hint="Mend its permissions, or close it elsewhere."
        ) from error


def _refuse(head: bytes, label: str) -> None:
    if not head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n"):
        raise InputError(f"{label}: the file is empty.", hint="Export the contacts again.")
    for magic, what, hint in _NOT_TABLES:
        if head.startswith(magic):
            raise InputError(f"{label}: this is {what}, not a CSV file.", hint=hint)


def _refuse_binary(head: bytes, label: str) -> None:
    """Tell binary data by its control characters. Old programs leave one here and there, and a cell is read without."""
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if 50 * (controls - 8) > len(head):
        raise InputError(
            f"{label}: this is a binary file, not a CSV file.",
            hint="Export the contacts as CSV from the program that made it.",
        )


def _utf_16_without_mark(head: bytes) -> str:
    """Tell UTF-16 by its NULs: in western text nearly every other byte is one. Empty when it is something else."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > len(head) // 4 > 8 * even:
        return "utf-16-le"
    if even > len(head) // 4 > 8 * odd:
        return "utf-16-be"
    return ""
