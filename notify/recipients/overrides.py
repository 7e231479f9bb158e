"""What the user corrects of single contacts, in a small file beside the large ones that other programs export.

Each row says whose it is, by the key or by an address, and what is otherwise: a salutation, a surname, a new address.
An empty cell changes nothing, a ``-`` empties the field. The columns ``who`` and ``why`` are remarks and are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches

from notify.core.address import identity, parse_address
from notify.core.contact import FIELDS, AddressCell, Contact, Origin
from notify.core.late_pattern import late_pattern
from notify.core.record import record
from notify.core.text import one_line
from notify.errors import InputError, Problem
from notify.recipients.admission import address_cells, addresses_in

_REMARKS = ("who", "why")
_COLUMNS = ("key", "new_email", *FIELDS, *_REMARKS)
_NOTHING = "-"
_OTHER_ADDRESSES = ("email_2", "email_3")
# such a cell is its address; whatever looks otherwise is taken apart
_PLAIN = late_pattern(r"[\w.+-]+@[\w.-]+", re.ASCII)
_HINT = "Mend the file, then look again:  notify contacts"


@record(frozen=True, slots=True)
class _Row:
    """A row of the file: whose it is, the fields that are otherwise, and the new address, None for the old ones."""

    origin: Origin
    whose: str
    fields: Mapping[str, str]
    address: str | None


class Overrides:
    """The corrections of a campaign.

    :param rows: the rows of the file, each with its place and its cells by the header above them.
    :param key_column: the header above the key in the contacts. With a column ``key``, or one called like it, that
        says whose a row is, and ``email`` is a new address; without one, ``email`` is an address of the contact.
    :raises InputError: an unknown column, a row of nobody, no address or a second row for the same contact; all
        together, each with its line.
    """

    def __init__(self, rows: Iterable[tuple[Origin, Mapping[str, str]]], key_column: str = "") -> None:
        problems: dict[Problem, None] = {}
        self._key_column = ""
        self._rows: dict[str, _Row] = {}
        self._found: set[str] = set()
        for origin, row in rows:
            if not any(map(str.strip, row.values())):
                continue
            cells, unknown = _known(origin, row, key_column)
            problems |= dict.fromkeys(unknown)
            if "key" in cells:
                self._key_column = key_column
            elif "email" not in cells:
                continue
            try:
                self._add(_read(origin, cells))
            except ValueError as err:
                problems[Problem(str(origin), str(err))] = None
        if problems:
            raise _error(list(problems))

    @property
    def described(self) -> str:
        """All that they say, as text."""
        return repr((self._key_column, list(self._rows.values())))

    def apply(self, contact: Contact) -> Contact:
        """Return the contact as it is corrected; the same one where the file says nothing of it."""
        if not self._rows:
            return contact
        row = next((self._rows[whose] for whose in self._identities(contact) if whose in self._rows), None)
        if row is None:
            return contact
        self._found.add(row.whose)
        fields = {**contact.fields, **row.fields}
        return replace(contact, fields=fields, addresses=_addresses(contact, row))

    def unused(self) -> tuple[Origin, ...]:
        """Return the rows that no contact was found for, when all contacts have been asked."""
        return tuple(row.origin for whose, row in self._rows.items() if whose not in self._found)

    def _add(self, row: _Row) -> None:
        """Keep a row.

        :raises ValueError: there is one for the same contact already.
        """
        other = self._rows.setdefault(row.whose, row)
        if other is not row:
            raise ValueError(f'a second row for "{one_line(row.whose)}"; the first is in line {other.origin.line}')

    def _identities(self, contact: Contact) -> Iterator[str]:
        """Yield what a row of the file may call the contact."""
        if self._key_column:
            yield contact.row.get(self._key_column, "").strip()
            return
        for cell in address_cells(contact):
            # whole, because that is how a cell is named that is no address and is to be mended
            yield one_line(cell.text).casefold()
            if not _PLAIN.fullmatch(cell.text.strip()):
                yield from map(identity, addresses_in(cell.text)[0])


def _known(origin: Origin, row: Mapping[str, str], key_column: str) -> tuple[dict[str, str], list[Problem]]:
    """Return the cells of a row by the names of the columns, and what is wrong with these."""
    cells: dict[str, str] = {}
    problems: list[Problem] = []
    for header, cell in row.items():
        written = header.strip()
        name = "key" if written == key_column != "email" and written else written.lower()
        if name in _COLUMNS:
            cells[name] = cell.strip()
        elif written or cell.strip():
            problems.append(Problem(_header_of(origin), _unknown(written)))
    if "key" in cells and not key_column:
        problems.append(Problem(_header_of(origin), 'a column "key", but notify.toml names no key column'))
    if "key" not in cells and "email" not in cells:
        problems.append(Problem(_header_of(origin), "no column that says whose the rows are: email, or key"))
    return cells, problems


def _read(origin: Origin, cells: Mapping[str, str]) -> _Row:
    """Return what a row says.

    :raises ValueError: nobody can tell whose it is, or there is no address where one must be.
    """
    keyed = "key" in cells
    whose = cells.get("key" if keyed else "email", "")
    if whose in {"", _NOTHING}:
        raise ValueError(f"whose row is it? {'key' if keyed else 'email'} is empty")
    if not keyed:
        whose = _named(whose)
    new = cells.get("new_email") or (cells.get("email", "") if keyed else "")
    if new not in {"", _NOTHING}:
        _address("new_email" if cells.get("new_email") else "email", new)
    read = [name for name in FIELDS if name != "email" and cells.get(name)]
    fields = {name: _value(cells[name]) for name in read}
    if new:
        fields |= {"email": _value(new), **{name: fields.get(name, "") for name in _OTHER_ADDRESSES}}
    return _Row(origin, whose, fields, _value(new) if new else None)


def _named(cell: str) -> str:
    """Return how a contact is called by its address: the identity of that, or what stands there instead of one."""
    try:
        return identity(parse_address(cell))
    except ValueError:
        return one_line(cell).casefold()


def _address(column: str, cell: str) -> str:
    """Return the address in a cell.

    :raises ValueError: there is none, or more than one.
    """
    try:
        return parse_address(cell)
    except ValueError as err:
        raise ValueError(f'{column}: "{one_line(cell)[:60]}" is not an address: {one_line(str(err))}') from err


def _value(cell: str) -> str:
    return "" if cell == _NOTHING else cell


def _addresses(contact: Contact, row: _Row) -> tuple[AddressCell, ...]:
    """Return the address cells of a corrected contact: the new address alone, or those of the file, mended."""
    if row.address is not None:
        return (AddressCell(row.address, preferred=True),)
    cells = list(contact.addresses)
    if not cells:
        return ()  # the fields count, and they are mended
    for name in _OTHER_ADDRESSES:
        if name in row.fields:
            old = contact.fields.get(name, "")
            place = next((place for place, cell in enumerate(cells) if old and cell.text == old), len(cells))
            cells[place : place + 1] = [AddressCell(row.fields[name])]
    return tuple(cells)


def _header_of(origin: Origin) -> str:
    return f"{origin.path}:1"


def _unknown(header: str) -> str:
    """Say of an unknown column what it resembles, or what there is."""
    written = one_line(header)[:60]
    near = get_close_matches(header.lower().replace("-", "_").replace(" ", "_"), _COLUMNS, 1, 0.75)
    return f'unknown column "{written}": ' + (
        f'did you mean "{near[0]}"?' if near else f"the columns are {', '.join(_COLUMNS)}"
    )


def _error(problems: list[Problem]) -> InputError:
    """Put all problems of the file into one error."""
    if len(problems) == 1:
        sentence = str(problems[0])
        return InputError(sentence if sentence.endswith("?") else f"{sentence}.", hint=_HINT, problems=problems)
    path = problems[0].where.rpartition(":")[0]
    return InputError(f"{len(problems)} things must be mended in {path}.", hint=_HINT, problems=problems)
