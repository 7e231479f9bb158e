"""An address book: a contact file that is no table, but has an entry for each contact: a vCard or an LDIF record.

What cannot be read costs its own entry, which is rejected by its line, and never the next one.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from notify.contacts.cell_shapes import is_nothing
from notify.contacts.content_line import Decoder, read_lines
from notify.contacts.encoding import Encoding, guess_encoding, tell_encoding
from notify.contacts.encoding_bytes import find_encoding
from notify.contacts.optouts import NAME_FIELDS, findings_on_name, objection_by_name, objections, tells_wishes
from notify.contacts.source import Format
from notify.contacts.vocabulary import matches
from notify.core.contact import FIELDS, AddressCell, Contact, Origin, Rejected
from notify.core.finding import Finding, Severity
from notify.core.objection import Objection
from notify.core.record import record
from notify.errors import InputError


@record(frozen=True, slots=True)
class Entry(ABC):
    """What was read of an entry.

    ``line`` is its first one, counted from 1, and ``begins`` tells whether entries begin so. ``fault`` is why it cannot
    be trusted, empty where it can; it has the values before the fault then.
    """

    line: int
    begins: bool
    fault: str

    @property
    @abstractmethod
    def is_contact(self) -> bool:
        """Whether it is about somebody, and not about a group."""

    @abstractmethod
    def values(self) -> Iterable[tuple[str, str]]:
        """Return the values with their names, in the order of the file."""

    @abstractmethod
    def addresses(self) -> Iterable[AddressCell]:
        """Return the addresses in the order of the file."""

    @abstractmethod
    def fields(self) -> dict[str, str]:
        """Return what it says but for addresses, by the names of :data:`notify.core.contact.FIELDS`."""

    def objections(self) -> Iterable[Objection]:
        """Return what it says against writing in a way of its own; what columns say by their names comes besides."""
        return ()


class AddressBook(ABC):
    """A contact file with entries. Iterating reads it, each time anew, an entry at a time.

    Yields a :class:`Contact` for each entry, or a :class:`Rejected` for one that is broken, in the order of the file
    and with its first line. What is no contact is passed over. The surface is that of
    :class:`notify.contacts.source.Source`: a header is the name of a value.
    """

    #: It is no table.
    delimiter = ""
    header_line = 0
    format: ClassVar[Format]

    def __init__(self, path: Path, label: str, encoding: str = "") -> None:
        """Look at the file: its encoding, and which values there are.

        :param encoding: what notify.toml says; it is found out where that is empty.
        :raises InputError: it cannot be read, or no entry begins in it.
        """
        told = tell_encoding(path, label, encoding) if encoding else Encoding(find_encoding(path, label))
        self.path = path
        self.label = label
        self._written = told.name
        self._decoder = Decoder(told.name if encoding else "cp1252")
        #: How many entries are no contacts.
        self.groups = 0
        self._spelling: dict[str, str] = {}
        self.headers = self._look()
        if not encoding:
            told = self._tell_old(told)
        #: What the file looks like as a whole. Each value is decoded by itself, see
        #: :class:`notify.contacts.content_line.Decoder`.
        self.encoding = told.name
        self._by_name = objection_by_name(path)
        self._wishes = frozenset(filter(tells_wishes, self.headers))
        #: What was guessed or passed over.
        self.findings = (*told.findings, *self._groups_found(), *findings_on_name(path, label))

    @property
    def columns(self) -> dict[str, str]:
        """Which header was recognised as which field; several fields where the value has several parts."""
        found = {header: self._field(re.split("[; ]", header, maxsplit=1)[0]) for header in self.headers}
        return {header: field for header, field in found.items() if field}

    @property
    def sensitive(self) -> frozenset[str]:
        """The headers whose values are not shown as samples."""
        return frozenset(header for header in self.headers if matches(header, "sensitive.names"))

    def __iter__(self) -> Iterator[Contact | Rejected]:
        """Yield what becomes of each entry.

        :raises InputError: the file cannot be read any more.
        """
        for entry in self._entries():
            origin = Origin(self.label, entry.line)
            if entry.fault:
                yield Rejected(origin, entry.fault, self._row(entry))
            elif entry.is_contact:
                addresses = tuple(cell for cell in entry.addresses() if "@" in cell.text or not is_nothing(cell.text))
                fields = dict.fromkeys(FIELDS, "") | entry.fields() | _address_fields(addresses)
                row = self._row(entry)
                told = ((header, row[header]) for header in self._wishes)
                against = objections(told, (fields[name] for name in NAME_FIELDS))
                own = [told for told in entry.objections() if all(told.against != one.against for one in against)]
                yield Contact(origin, fields, row, addresses, (*self._by_name, *own, *against))

    @abstractmethod
    def _entries(self) -> Iterator[Entry]:
        """Read the entries of the file, from its beginning."""

    @abstractmethod
    def _field(self, name: str) -> str:
        """Return the field, or fields, that values of this name fill; empty where there is none."""

    @abstractmethod
    def _passed_over(self, groups: int) -> str:
        """Return what a person should know about entries that are no contacts."""

    @abstractmethod
    def _without_entries(self) -> InputError:
        """Return what to say of a file in which no entry begins."""

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        """Read the lines of the file, from its beginning."""
        return read_lines(self.path, self._written, self.label)

    def _tell_old(self, told: Encoding) -> Encoding:
        """Tell in which encoding the values are that are no UTF-8, now that all were looked at."""
        doubtful, whole = self._decoder.doubtful, self._decoder.whole
        if not doubtful:
            return replace(told, name="utf-8") if told.name == "cp1252" and whole else told
        guessed = guess_encoding(doubtful, self.label)
        self._decoder = Decoder(guessed.name)
        return replace(guessed, name="utf-8") if whole > len(doubtful) else guessed

    def _groups_found(self) -> tuple[Finding, ...]:
        if not self.groups:
            return ()
        return (Finding("groups-passed-over", Severity.INFO, self.label, self._passed_over(self.groups)),)

    def _look(self) -> tuple[str, ...]:
        headers: dict[str, str] = {}
        any_begins = False
        for entry in self._entries():
            any_begins |= entry.begins
            if entry.fault or entry.is_contact:
                headers.update(self._named(entry))
            else:
                self.groups += 1
        if not any_begins:
            raise self._without_entries()
        return tuple(headers)

    def _row(self, entry: Entry) -> dict[str, str]:
        return dict.fromkeys(self.headers, "") | self._named(entry)

    def _named(self, entry: Entry) -> dict[str, str]:
        """Return the values by name, spelled as the file spells it first: mail and Mail are one."""
        return _told_apart((self._spelling.setdefault(name.casefold(), name), text) for name, text in entry.values())


def _told_apart(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return values by name, where a name that is there again becomes "name (2)"."""
    found: dict[str, str] = {}
    times: dict[str, int] = {}
    for name, value in pairs:
        times[name] = times.get(name, 0) + 1
        found[name if times[name] == 1 else f"{name} ({times[name]})"] = value
    return found


def _address_fields(addresses: Sequence[AddressCell]) -> dict[str, str]:
    """Return the fields for addresses: the preferred, else that for work, else the first; then the others in order."""
    best = min(addresses, key=lambda cell: (not cell.preferred, cell.kind != "work"), default=None)
    ordered = [best, *(cell for cell in addresses if cell is not best)] if best else []
    return {name: cell.text for name, cell in zip(("email", "email_2", "email_3"), ordered, strict=False)}
