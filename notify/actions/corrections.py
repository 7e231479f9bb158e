"""Corrects greeting, language or form of a contact in the file of the overrides: first as a draft, then for good.

Only the row of the contact is written anew, and the header where a column is missing: what others have typed stays as
it is. The file is replaced at once, so that whoever reads it sees the old one or the new one.
"""

from __future__ import annotations

import csv
import difflib
import hashlib
import io
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from notify.actions.paths import OVERRIDES, label_of
from notify.actions.prepare import Prepared
from notify.contacts import read_rows
from notify.core.address import identity, parse_address
from notify.core.contact import Recipient
from notify.core.form import Form
from notify.core.record import record
from notify.core.text import one_line
from notify.errors import InputError, WriteError
from notify.pages import Draft
from notify.recipients.overrides import Overrides

#: What can be corrected: the columns of the file.
CORRECTABLE = ("salutation", "language", "form")
_BY_HAND = "Correct it there by hand, then look again."


def correction_drafted(prepared: Prepared, recipient: Recipient, values: Mapping[str, str]) -> Draft:
    """Return how the file would differ with these values; an empty one stays as it is.

    :raises InputError: nothing is asked for, a value cannot be, or the file is none that can be changed here.
    """
    change = _changed(prepared, recipient, values)
    lines = list(difflib.unified_diff(change.old.splitlines(), change.new.splitlines(), lineterm="", n=1))
    difference = tuple(line for line in lines[2:] if not line.startswith("@@"))
    return Draft(label_of(change.path, prepared.settings.folder), difference, change.mark)


def write_correction(prepared: Prepared, recipient: Recipient, values: Mapping[str, str], mark: str) -> None:
    """Write what was drafted.

    :param mark: that of the draft.
    :raises InputError: the file has changed since, or could not be read any more.
    :raises WriteError: it cannot be written.
    """
    change = _changed(prepared, recipient, values)
    if change.mark != mark:
        what = f"{change.path.name} has changed in the meantime. Nothing was written."
        raise InputError(what, hint="Look at the change once more.")
    _replace(change, prepared.settings.contacts.key)


@record(frozen=True, slots=True)
class _Change:
    """The file before and after, and its byte order mark."""

    path: Path
    old: str
    new: str
    bom: str

    @property
    def mark(self) -> str:
        return hashlib.sha256(f"{self.old}\0{self.new}".encode()).hexdigest()


def _changed(prepared: Prepared, recipient: Recipient, values: Mapping[str, str]) -> _Change:
    settings = prepared.settings
    wanted = _checked(values, prepared.template.languages)
    # a link stays one
    path = Path(os.path.realpath(settings.folder / (settings.contacts.overrides or OVERRIDES)))
    text = _text_of(path)
    bom, text = ("\ufeff", text[1:]) if text.startswith("\ufeff") else ("", text)
    key_column = settings.contacts.key
    if not text.strip():
        header = ("key" if key_column else "email", *wanted)
        delimiter = "," if settings.language == "en" else ";"
    else:
        header, delimiter = (), _delimiter_of(text)
    new = _with_row(text, delimiter, recipient, wanted, key_column=key_column, header=header)
    return _Change(path, text, new, bom)


def _checked(values: Mapping[str, str], languages: Sequence[str]) -> dict[str, str]:
    """Return what is asked for.

    :raises InputError: that is nothing, or cannot be.
    """
    wanted = {name: text for name in CORRECTABLE if (text := one_line(values.get(name, "")))}
    if not wanted:
        raise InputError("Nothing is to be changed.", hint="Fill in what should be otherwise.")
    choices = {"language": tuple(languages), "form": tuple(map(str, Form))}
    for name, among in choices.items():
        if name in wanted and wanted[name] not in among:
            raise InputError(f'{name}: "{wanted[name]}" is none of {", ".join(among)}.', hint="Choose one of them.")
    return wanted


def _text_of(path: Path) -> str:
    """Return the file, empty where there is none.

    :raises InputError: it is no text in UTF-8.
    """
    try:
        # line ends stay what they are
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path.name} cannot be changed from here: it is no CSV file in UTF-8.", hint=_BY_HAND
        ) from error


def _delimiter_of(text: str) -> str:
    header = text.partition("\n")[0]
    return max(";,\t", key=header.count)


def _with_row(
    text: str,
    delimiter: str,
    recipient: Recipient,
    wanted: Mapping[str, str],
    *,
    key_column: str,
    header: Sequence[str],
) -> str:
    """Return the text with these values in the row of a recipient, added where there is none yet.

    :param header: that of a new file; empty where there is one.
    """
    end = "\r\n" if "\r\n" in text else "\n"
    records = list(_records(text, delimiter))
    header = header or records[0].cells
    missing = [name for name in wanted if name not in map(_called, header)]
    names = [*map(_called, header), *missing]
    column, whose = _whose(names, recipient, key_column)
    lines = [record.text for record in records]
    cells = [*header, *missing]
    if missing or not lines:
        lines[:1] = [_line(cells, delimiter, end)]
    place = next((n for n, one in enumerate(records) if n and _is_of(one.cells, names.index(column), whose)), None)
    row = list(records[place].cells) if place is not None else []
    row += [""] * (len(cells) - len(row))
    row[names.index(column)] = row[names.index(column)] or whose
    for name, value in wanted.items():
        row[names.index(name)] = value
    if place is not None:
        lines[place] = _line(row, delimiter, end)
    else:
        lines[-1] = lines[-1] if lines[-1].endswith(("\n", "\r")) else lines[-1] + end
        lines.append(_line(row, delimiter, end))
    return "".join(lines)


@record(frozen=True, slots=True)
class _Record:
    """A row of the file, with its line or lines as they are."""

    text: str
    cells: Sequence[str]


def _records(text: str, delimiter: str) -> Iterator[_Record]:
    lines = text.splitlines(keepends=True)
    reader, begun = csv.reader(lines, delimiter=delimiter), 0
    try:
        for cells in reader:
            yield _Record("".join(lines[begun : reader.line_num]), cells)
            begun = reader.line_num
    except csv.Error as error:
        raise InputError(f"The overrides cannot be changed from here: {error}.", hint=_BY_HAND) from error


def _called(header: str) -> str:
    return header.strip().lower()


def _whose(names: Sequence[str], recipient: Recipient, key_column: str) -> tuple[str, str]:
    """Return the column that says whose a row is, and what stands in it for a recipient.

    :raises InputError: there is none for this one.
    """
    keyed = next((name for name in ("key", key_column.lower()) if key_column and name in names), "")
    key = recipient.row.get(key_column, "").strip() if key_column else ""
    if keyed and key:
        return keyed, key
    if not keyed and "email" in names:
        return "email", recipient.address
    raise InputError("The overrides have no column by which this contact is known.", hint=_BY_HAND)


def _is_of(cells: Sequence[str], column: int, whose: str) -> bool:
    cell = cells[column].strip() if column < len(cells) else ""
    with suppress(ValueError):
        return cell == whose or identity(parse_address(cell)) == identity(whose)
    return cell == whose


def _line(cells: Sequence[str], delimiter: str, end: str) -> str:
    line = io.StringIO()
    csv.writer(line, delimiter=delimiter, lineterminator=end).writerow(cells)
    return line.getvalue()


def _replace(change: _Change, key_column: str) -> None:
    """Put the new file in the place of the old one, once it was read as a run would read it.

    :raises InputError: what it would say cannot be read.
    :raises WriteError: it cannot be written.
    """
    writing = None
    try:
        descriptor, name = tempfile.mkstemp(dir=change.path.parent, prefix=".overrides-", suffix=".csv")
        writing = Path(name)
        with os.fdopen(descriptor, "wb") as file:
            file.write((change.bom + change.new).encode())
            file.flush()
            os.fsync(file.fileno())
        Overrides(read_rows(writing, change.path.name), key_column)
        if change.path.exists():
            writing.chmod(change.path.stat().st_mode & 0o777)
        writing.replace(change.path)
    except OSError as error:
        what = f"{change.path}: cannot be written: {error.strerror}."
        raise WriteError(what, hint="Make it writable, or make room.") from error
    finally:
        if writing is not None:
            writing.unlink(missing_ok=True)
