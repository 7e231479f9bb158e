"""LDIF (RFC 2849): address books of Thunderbird and of directory servers.

The attributes are those of RFC 4519 and RFC 2798 (inetOrgPerson) and of Mozilla's own schema. What cannot be read costs
its own record, which is rejected by its line, and never the next one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from notify.contacts.content_line import (
    Line,
    address_fields,
    clean,
    decode,
    from_base64,
    is_directory_entry,
    read_lines,
    told_apart,
    unfold,
)
from notify.contacts.file_name import note_on_name, opted_out_by
from notify.contacts.octets import find_encoding
from notify.contacts.text import Encoding, tell_encoding
from notify.contacts.vocabulary import matches
from notify.core.names import one_line
from notify.core.people import FIELDS, AddressCell, Contact, Origin, Rejected
from notify.errors import InputError

#: Which attributes hold a field, the best first. ``title`` is somebody's job.
_ATTRIBUTES = {
    "name": ("displayname", "cn", "commonname"),
    "first_name": ("givenname", "gn"),
    "last_name": ("sn", "surname"),
    "prefix": ("personaltitle",),
    "company": ("o", "organizationname", "company"),
    "language": ("preferredlanguage",),
    "gender": ("gender",),
    "phone": ("telephonenumber", "mobile", "cellphone", "homephone"),
}
#: The same for the address by letter: all of it from one place.
_PLACES = (
    {
        "street": ("street", "streetaddress", "mozillaworkstreet", "postaladdress"),
        "postcode": ("postalcode",),
        "city": ("l", "localityname"),
        "country": ("c", "co", "countryname", "friendlycountryname"),
    },
    {
        "street": ("mozillahomestreet", "homepostaladdress"),
        "postcode": ("mozillahomepostalcode",),
        "city": ("mozillahomelocalityname",),
        "country": ("mozillahomecountryname",),
    },
)
_FIRST_ADDRESSES = ("mail", "rfc822mailbox", "emailaddress", "email")
_OTHER_ADDRESSES = ("mozillasecondemail", "xmozillasecondemail")
_FIELD_OF = {
    **{name: key for attributes in (_ATTRIBUTES, *_PLACES) for key, names in attributes.items() for name in names},
    **dict.fromkeys((*_FIRST_ADDRESSES, *_OTHER_ADDRESSES), "email"),
}

#: Never read: pictures, keys, passwords, and what is nobody's business here. A group's members are other records.
_DROPPED = re.compile(
    rb"(?:jpegPhoto|photo|thumbnail(?:Photo|Logo)|audio|user(?:SMIME)?Certificate|userPKCS12|userPassword|description"
    rb"|info|comment|birth(?:date|year|month|day)|(?:unique)?member|[\w-]+;binary)\s*[;:]",
    re.IGNORECASE,
)
_ABOUT_THE_RECORD = frozenset({"objectclass", "changetype", "control"})
#: Of these records none is about a person.
_GROUPS = frozenset("groupofnames groupofuniquenames groupofurls posixgroup mailgroup nismailalias group".split())
#: Nor of these, unless somebody can be written to there.
_BRANCHES = frozenset("organizationalunit dcobject domain container".split())
_LARGEST_RECORD = 1 << 20  # without what is dropped; beyond, it is none

_ATTRIBUTE = re.compile(rb"([A-Za-z0-9._-]+(?:;[\w-]+)*)[ \t]*:([:<]?)[ \t]*(.*)", re.DOTALL)
_DN = re.compile(rb"dn\s*:", re.IGNORECASE)
# what old programs fill up and end a file with
_NOTHING = b" \t\n\0\x1a"
# of no record: comments, the version, and what ldapsearch puts behind the last record
_ASIDE = re.compile(rb"#|(?:version|search|result)\s*:\s*\d", re.IGNORECASE)


class Entries:
    """A contact file that is LDIF. Iterating reads it, each time anew, a record at a time.

    Yields a :class:`Contact` for each record, or a :class:`Rejected` for one that is broken, in the order of the file
    and with its first line. Groups, branches of a directory, and records that change or delete an entry are no contacts
    and are passed over. The surface is that of :class:`notify.contacts.source.Source`: a header is the name of an
    attribute.
    """

    #: LDIF is no table.
    delimiter = ""
    header_line = 0
    format = "ldif"

    def __init__(self, path: Path, shown: str, encoding: str = "") -> None:
        """Look at the file: its encoding, and which attributes there are.

        :param encoding: what notify.toml says; it is found out where that is empty.
        :raises InputError: it cannot be read, or holds no record.
        """
        told = tell_encoding(path, shown, encoding) if encoding else Encoding(find_encoding(path, shown))
        self.path = path
        self.shown = shown
        self.encoding = told.name
        #: How many records are no contacts.
        self.groups = 0
        self._spelling: dict[str, str] = {}
        self.headers = self._look()
        self._opted_out = opted_out_by(path)
        #: What was guessed or passed over, in sentences for a person.
        self.notes = (*told.notes, *_passed_over(self.groups), *note_on_name(path))

    @property
    def columns(self) -> dict[str, str]:
        """Which header was recognised as which field."""
        names = {header: header.casefold().partition(" ")[0].partition(";")[0] for header in self.headers}
        return {header: _FIELD_OF[name] for header, name in names.items() if name in _FIELD_OF}

    @property
    def sensitive(self) -> frozenset[str]:
        """The headers whose values are not shown as samples."""
        return frozenset(header for header in self.headers if matches(header, "sensitive.names"))

    def __iter__(self) -> Iterator[Contact | Rejected]:
        """Yield what becomes of each record.

        :raises InputError: the file cannot be read any more.
        """
        for record in self._records():
            values, fault = _read(record)
            origin = Origin(self.shown, record.line)
            row = dict.fromkeys(self.headers, "") | self._row(values)
            if fault:
                yield Rejected(origin, fault, row)
            elif _is_contact(values):
                yield Contact(origin, _fields(values), row, tuple(_addresses(values)), self._opted_out)

    def _records(self) -> Iterator[_Record]:
        return _records(unfold(read_lines(self.path, self.encoding, self.shown), _DROPPED, cards=False))

    def _row(self, values: Sequence[_Value]) -> dict[str, str]:
        """Return the values by attribute, spelled as the file spells it first: mail and Mail are one."""
        shown = (one for one in values if one.name not in _ABOUT_THE_RECORD)
        return told_apart(
            (self._spelling.setdefault(one.attribute.casefold(), one.attribute), one.text) for one in shown
        )

    def _look(self) -> tuple[str, ...]:
        headers: dict[str, str] = {}
        any_begins = False
        for record in self._records():
            values, fault = _read(record)
            any_begins |= record.begins
            if fault or _is_contact(values):
                headers.update(self._row(values))
            else:
                self.groups += 1
        if not any_begins:
            raise InputError(
                f"{self.shown}: there is no LDIF record in it; none of its lines begins with dn:",
                hint="Export the contacts again, as LDIF or as CSV.",
            )
        return tuple(headers)


def _passed_over(groups: int) -> tuple[str, ...]:
    if not groups:
        return ()
    records = "record is" if groups == 1 else "records are"
    return (f"{groups} {records} passed over: a group, a branch of a directory, or a change of an entry",)


@dataclass(slots=True)
class _Record:
    """The lines of a record, and where they begin."""

    line: int
    lines: list[Line] = field(default_factory=list)
    size: int = 0

    def add(self, line: Line) -> None:
        self.size += len(line.text) + 1
        if self.size <= _LARGEST_RECORD:
            self.lines.append(line)

    @property
    def begins(self) -> bool:
        return bool(_DN.match(self.lines[0].text))


@dataclass(frozen=True, slots=True)
class _Value:
    """A value of an attribute; the ``name`` is without options and in lower case."""

    attribute: str
    name: str
    text: str


class _BrokenError(ValueError):
    """The record cannot be trusted."""


def _records(lines: Iterable[Line]) -> Iterator[_Record]:
    """Take the lines of a file apart into records: at empty lines, and where one begins without an empty line."""
    record: _Record | None = None
    for line in lines:
        if _ASIDE.match(line.text):
            continue
        blank = not line.text.strip(_NOTHING)
        if record and (blank or _DN.match(line.text)):
            yield record
            record = None
        if not blank:
            record = record or _Record(line.number)
            record.add(line)
    if record:
        yield record


def _read(record: _Record) -> tuple[list[_Value], str]:
    """Return the values of a record, and why no more of them could be read; empty when that are all."""
    values: list[_Value] = []
    fault = "" if record.begins else "the record does not begin with dn:"
    if record.size > _LARGEST_RECORD:
        fault = "the record is too large: an empty line must be missing"
    classes = before = ""
    for line in record.lines:
        try:
            value = _value(line)
        except _BrokenError as error:
            return values, str(error)
        if not value:
            continue
        # no program writes them in two places; a file that has lost the lines between two records does
        if value.name == classes and before != classes:
            return values, f"line {line.number} has an objectClass again: is an empty line missing before it?"
        before = value.name
        classes = before if before == "objectclass" else classes
        values.append(value)
        if before == "changetype" and value.text.casefold() != "add":
            break  # what is to be changed is written in another manner
    return values, fault


def _value(line: Line) -> _Value | None:
    """Return a value, None where it is none that anybody could read, or stands in another file.

    :raises _BrokenError: it is none, and it is needed.
    """
    if _DROPPED.match(line.text):
        return None
    found = _ATTRIBUTE.fullmatch(line.unfolded())
    if not found:
        raise _BrokenError(f'line {line.number} cannot be read: "{one_line(clean(decode(line.text)))[:40]}"')
    attribute, sort, raw = found[1].decode(), found[2], found[3]
    name = attribute.partition(";")[0].casefold()
    fault = "is too long" if line.too_long else ""
    if sort == b":" and not fault:
        try:
            raw = from_base64(raw)
        except ValueError as error:
            fault = str(error)
    if fault and name in _FIELD_OF:
        raise _BrokenError(f"line {line.number}: {attribute} {fault}")
    return None if fault or sort == b"<" else _Value(attribute, name, clean(decode(raw)))


def _is_contact(values: Sequence[_Value]) -> bool:
    """Tell whether a record is about somebody, and not about a group, a branch of the directory, or a change."""
    classes = {one.text.casefold() for one in values if one.name == "objectclass"}
    changes = {one.text.casefold() for one in values if one.name == "changetype"}
    if classes & _GROUPS or changes - {"add"}:
        return False
    return not classes & _BRANCHES or any(_addresses(values))


def _addresses(values: Sequence[_Value]) -> Iterator[AddressCell]:
    """Yield the addresses of a record in its order."""
    first = next((one for one in values if one.name in _FIRST_ADDRESSES and _is_address(one)), None)
    for one in values:
        if one.name in {*_FIRST_ADDRESSES, *_OTHER_ADDRESSES} and _is_address(one):
            yield AddressCell(one.text, preferred=one is first)


def _is_address(value: _Value) -> bool:
    return bool(value.text) and not is_directory_entry(value.text)


def _fields(values: Sequence[_Value]) -> dict[str, str]:
    """Return what a record says, by the names of :data:`notify.core.people.FIELDS`."""
    known: dict[str, str] = {}
    for one in values:
        if one.text:
            known.setdefault(one.name, one.text)
    work, home = ({key: _first(known, names) for key, names in place.items()} for place in _PLACES)
    place = home if not any((work["street"], work["postcode"], work["city"])) and any(home.values()) else work
    # RFC 4517, 3.3.28: the lines of a postal address are apart by $
    place["street"] = place["street"].partition("$")[0].strip()
    said = {key: one_line(_first(known, names)) for key, names in _ATTRIBUTES.items()}
    return dict.fromkeys(FIELDS, "") | address_fields(tuple(_addresses(values))) | place | said


def _first(known: Mapping[str, str], names: Iterable[str]) -> str:
    return next((known[name] for name in names if name in known), "")
