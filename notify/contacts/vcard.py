"""vCard 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350): the address books of telephones, mail programs and web mailers.

Read with our own tolerant reader, because real files break every rule of the RFCs. What cannot be read costs its own
card, which is rejected by its line, and never the next one.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
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

#: Which fields a property fills.
_FIELDS = {
    "EMAIL": "email",
    "FN": "name",
    "N": "last_name, first_name, prefix",
    "ORG": "company",
    "ADR": "street, postcode, city, country",
    "TEL": "phone",
    "GENDER": "gender",
    "X-GENDER": "gender",
    "LANG": "language",
}
#: Read, but nothing that a template could want.
_ABOUT_THE_CARD = frozenset({"VERSION", "KIND", "X-ADDRESSBOOKSERVER-KIND", "X-ABSHOWAS", "X-ABLABEL", "X-ABADR"})
#: Never read: pictures, keys, and what is nobody's business here.
_DROPPED = re.compile(
    rb"(?:[\w-]+\.)*(?:PHOTO|LOGO|SOUND|KEY|(NOTE)|BDAY|ANNIVERSARY|(?:BIRTH|DEATH)(?:DATE|PLACE)|AGENT|MEMBER|REV"
    rb"|PRODID|X-MS-CARDPICTURE|X-MS-OL-DESIGN)\s*[;:]",
    re.IGNORECASE,
)
#: The properties of all versions; extensions begin with X-.
_NAMES = frozenset(
    "ADR AGENT ANNIVERSARY BDAY BEGIN CALADRURI CALURI CATEGORIES CLASS CLIENTPIDMAP EMAIL END FBURL FN GENDER GEO IMPP"
    " KEY KIND LABEL LANG LOGO MAILER MEMBER N NAME NICKNAME NOTE ORG PHOTO PRODID PROFILE RELATED REV ROLE SORT-STRING"
    " SOUND SOURCE TEL TITLE TZ UID URL VERSION XML".split()
)
#: Some programs write the lines of these as they are.
_SEVERAL_LINES = frozenset({"ADR", "LABEL", "NOTE"})
_LARGEST_CARD = 1 << 20  # without what is dropped; beyond, something is not closed
_LONGEST_ADDRESS = 4096  # by letter, with lines that are not folded

_AGENT = re.compile(rb"(?:[\w-]+\.)*AGENT\s*(?:;[^:]*)?:\s*(BEGIN\s*:\s*VCARD\s*)?\Z", re.IGNORECASE)
_VERSION_2 = re.compile(rb"VERSION\s*:\s*2", re.IGNORECASE)
_EMAIL = re.compile(rb"(?:[\w-]+\.)*EMAIL\b", re.IGNORECASE)
# a quotation mark in the parameters that is not closed is a character like any other
_PROPERTY = re.compile(rb'((?:[\w-]+\.)*[\w-]+\s*(?:;(?:(?:"[^"]*"|[^":])*|[^:]*))?):(.*)', re.DOTALL)
_PARAMETER = re.compile(r'(?:"[^"]*"|[^;])+')
_PART = re.compile(r"(?:^|;)((?:[^;\\]|\\.?)*)", re.DOTALL)
_ESCAPED = re.compile(r"\\([\\;,:nN])")
_LABEL = re.compile(
    r"[\W_]*(?:(work|business|office|arbeit|büro|firma|geschäft|dienst)|(home|priva|zuhause))", re.IGNORECASE
)

_NOT_PREFERRED = 101  # PREF goes from 1 to 100 (RFC 6350, 5.3)
_GENDERS = {"M": "m", "F": "f", "O": "d", "N": "", "U": ""}  # RFC 6350, 6.2.7
_SILENT_TYPES = frozenset({"", "PREF", "INTERNET", "VOICE"})
_NO_TELEPHONE = frozenset({"FAX", "PAGER", "MODEM"})


class Cards:
    """A contact file that holds vCards. Iterating reads it, each time anew, a card at a time.

    Yields a :class:`Contact` for each card, or a :class:`Rejected` for one that is broken, in the order of the file and
    with the line of its BEGIN. Groups are no contacts and are passed over. The surface is that of
    :class:`notify.contacts.source.Source`: a header is the name of a property with its types, ``EMAIL;WORK``.
    """

    #: vCards are no table.
    delimiter = ""
    header_line = 0
    format = "vcf"

    def __init__(self, path: Path, shown: str, encoding: str = "") -> None:
        """Look at the file: its encoding, and which properties there are.

        :param encoding: what notify.toml says; it is found out where that is empty.
        :raises InputError: it cannot be read, or holds no vCard.
        """
        told = tell_encoding(path, shown, encoding) if encoding else Encoding(find_encoding(path, shown))
        self.path = path
        self.shown = shown
        #: What the file looks like as a whole. Each value is decoded by itself, see
        #: :func:`notify.contacts.content_line.decode`.
        self.encoding = told.name
        #: How many cards are groups.
        self.groups = 0
        self.headers = self._look()
        self._opted_out = opted_out_by(path)
        #: What was guessed or passed over, in sentences for a person.
        self.notes = (*told.notes, *_passed_over(self.groups), *note_on_name(path))

    @property
    def columns(self) -> dict[str, str]:
        """Which header was recognised as which field; several fields where the value has several parts."""
        names = {header: re.split(r"[; ]", header, maxsplit=1)[0] for header in self.headers}
        return {header: _FIELDS[name] for header, name in names.items() if name in _FIELDS}

    @property
    def sensitive(self) -> frozenset[str]:
        """The headers whose values are not shown as samples."""
        return frozenset(header for header in self.headers if matches(header, "sensitive.names"))

    def __iter__(self) -> Iterator[Contact | Rejected]:
        """Yield what becomes of each card.

        :raises InputError: the file cannot be read any more.
        """
        for card in self._cards():
            properties, fault = _read(card)
            origin = Origin(self.shown, card.line)
            row = dict.fromkeys(self.headers, "") | _row(properties)
            if card.fault or fault:
                yield Rejected(origin, card.fault or fault, row)
            elif not _is_group(properties):
                addresses = tuple(_addresses(properties))
                yield Contact(origin, _fields(properties) | address_fields(addresses), row, addresses, self._opted_out)

    def _cards(self) -> Iterator[_Card]:
        lines = unfold(read_lines(self.path, self.encoding, self.shown), _DROPPED, cards=True)
        return _cards(_without_agents(lines))

    def _look(self) -> tuple[str, ...]:
        headers: dict[str, str] = {}
        any_begins = False
        for card in self._cards():
            any_begins |= card.begins
            properties, fault = _read(card)
            if not (card.fault or fault) and _is_group(properties):
                self.groups += 1
            else:
                headers.update(_row(properties))
        if not any_begins:
            raise InputError(
                f"{self.shown}: there is no vCard in it; none of its lines is BEGIN:VCARD.",
                hint="Export the contacts again, as vCard or as CSV.",
            )
        return tuple(headers)


def _passed_over(groups: int) -> tuple[str, ...]:
    if not groups:
        return ()
    return (f"{groups} group{'s are' if groups > 1 else ' is'} passed over: the people in it have cards of their own",)


@dataclass(slots=True)
class _Card:
    """The lines of a card, where they begin, and what is wrong with them as a whole."""

    line: int
    begins: bool = True
    fault: str = ""
    lines: list[Line] = field(default_factory=list)
    size: int = 0

    def add(self, line: Line) -> None:
        self.size += len(line.text) + 1
        if self.size <= _LARGEST_CARD:
            self.lines.append(line)
        else:
            self.fault = self.fault or "the card is too large: END:VCARD must be missing"


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands before the colon of a property. ``encoding`` is Q, B or empty; the ``rank`` of the preferred is 1."""

    group: str
    name: str
    types: tuple[str, ...]
    rank: int
    encoding: str
    charset: str
    variant: bool  # one of several ways to write the same (RFC 6350, 5.4)
    column: str


@dataclass(frozen=True, slots=True)
class _Property:
    """A property of a card: its ``value`` with its escapes, and the ``text`` that it means."""

    head: _Head
    value: str
    text: str

    @classmethod
    def of(cls, head: _Head, value: str) -> _Property:
        return cls(head, value, clean(_unescaped(value)))

    @property
    def parts(self) -> list[str]:
        """The parts of a structured value, at least seven."""
        return [*(clean(_unescaped(part)) for part in _PART.findall(self.value)), *[""] * 7]


class _BrokenError(ValueError):
    """The card cannot be trusted."""


def _without_agents(lines: Iterable[Line]) -> Iterator[Line]:
    """Leave out the cards that stand inside of others: AGENT, somebody's assistant (vCard 2.1)."""
    depth, awaited = 0, False
    for line in lines:
        agent = _AGENT.match(line.text)
        if line.edge == "BEGIN" and not awaited:
            depth = 0  # an agent that is still open is never closed
        if agent or (line.edge == "BEGIN" and awaited):
            depth += not agent or bool(agent[1])
        elif not depth:
            yield line
        elif line.edge:
            depth -= 1
        awaited = bool(agent and not agent[1])


def _cards(lines: Iterable[Line]) -> Iterator[_Card]:
    """Take the lines of a file apart into cards. What stands outside of all of them is a card with a fault."""
    card: _Card | None = None
    for line in lines:
        if line.edge == "BEGIN":
            if card:
                card.fault = card.fault or "END:VCARD is missing"
                yield card
            card = _Card(line.number)
        elif line.edge:
            if card:
                yield card
            card = None
        elif card or line.text.strip(b" \t\n\0\x1a"):
            card = card or _Card(line.number, begins=False, fault="BEGIN:VCARD is missing before this line")
            card.add(line)
    if card:
        card.fault = card.fault or "END:VCARD is missing: the file ends in the middle of a card"
        yield card


def _read(card: _Card) -> tuple[list[_Property], str]:
    """Return the properties of a card, and why no more of them could be read; empty when that are all."""
    properties: list[_Property] = []
    singles: dict[str, str] = {}
    old = any(_VERSION_2.match(line.text) for line in card.lines)
    before = ""
    for line in card.lines:
        if dropped := _DROPPED.match(line.text):
            before = "NOTE" if dropped[1] else "PHOTO"
            continue
        # a blank in an address is none, whoever has put it there
        text = line.unfolded(keep_blanks=old and not _EMAIL.match(line.text))
        split = _PROPERTY.fullmatch(text)
        try:
            if not split or (before in _SEVERAL_LINES and _is_prose(split[1])):
                _go_on(properties, line, text, before)
                continue
            head = _head(split[1])
            before = head.name
            if (value := _value(line, head, split[2])) is not None:
                _refuse_second(singles, line, head, value)
                properties.append(_Property.of(head, value))
        except _BrokenError as error:
            return properties, str(error)
    return properties, ""


def _is_prose(head: bytes) -> bool:
    """Tell whether a word before a colon is the beginning of a sentence, or a heading in a note: "Tel: …"."""
    word = head.partition(b";")[0].rpartition(b".")[2].strip().decode()
    return not word.upper().startswith("X-") and (word[1:].islower() or word.upper() not in _NAMES)


def _go_on(properties: list[_Property], line: Line, text: bytes, before: str) -> None:
    """Deal with a line that is no property: it belongs to the property before it, where that may have several.

    :raises _BrokenError: it may not; the line could be half an address, or half a name.
    """
    if not (before in {*_SEVERAL_LINES, "PHOTO"} or before.startswith("X-")):
        raise _BrokenError(f'line {line.number} cannot be read: "{one_line(clean(decode(text)))[:40]}"')
    if before == "ADR" and properties:
        street = properties.pop()
        if len(street.value) > _LONGEST_ADDRESS:
            raise _BrokenError(f"line {line.number}: ADR is too long")
        properties.append(_Property.of(street.head, f"{street.value}\n{decode(text)}"))


@lru_cache(maxsize=512)
def _head(raw: bytes) -> _Head:
    """Take apart what stands before the colon, in the manner of all three versions."""
    name, *parameters = _PARAMETER.findall(decode(raw))
    group, _, name = name.strip().upper().rpartition(".")
    types: list[str] = []
    rank, encoding, charset, variant = _NOT_PREFERRED, "", "", False
    for parameter in parameters:
        key, equals, value = (part.strip() for part in parameter.upper().partition("="))
        if key == "ENCODING" or (not equals and key in {"QUOTED-PRINTABLE", "BASE64", "8BIT", "7BIT", "B"}):
            encoding = (value or key).strip('"')[:1]
        elif key == "CHARSET":
            charset = value.strip('"')
        elif key == "PREF" and re.fullmatch(r'"?[0-9]{1,3}"?', value):
            rank = int(value.strip('"'))
        elif key == "TYPE" or not equals:
            types += [kind.strip(' "') for kind in (value if equals else key).split(",")]
        variant |= key in {"ALTID", "LANGUAGE"}
    column = ";".join((name, *dict.fromkeys(kind for kind in types if kind not in _SILENT_TYPES)))
    return _Head(group, name, tuple(types), 1 if "PREF" in types else rank, encoding, charset, variant, column)


def _value(line: Line, head: _Head, raw: bytes) -> str | None:
    """Return the value of a property, None where it is none that anybody could read.

    :raises _BrokenError: and it is one that is needed.
    """
    fault = "is too long" if line.too_long else ""
    if head.encoding == "Q":
        raw = binascii.a2b_qp(raw)
    elif head.encoding == "B" and not fault:
        try:
            raw = from_base64(raw)
        except ValueError as error:
            fault = str(error)
    if fault and head.name in _FIELDS:
        raise _BrokenError(f"line {line.number}: {head.name} {fault}")
    return None if fault else decode(raw, head.charset)


def _refuse_second(singles: dict[str, str], line: Line, head: _Head, value: str) -> None:
    """Refuse a second name or version: the lines between two cards are missing, and this is somebody else.

    :raises _BrokenError: that is so.
    """
    if head.name not in {"VERSION", "N", "FN"} or head.variant:
        return
    first = singles.get(head.name)
    if first is None:
        singles[head.name] = value
    # a second VERSION is always wrong; in 4.0 there may be several FN (RFC 6350, 6.2.1)
    elif head.name == "VERSION" or (
        first != value and not (head.name == "FN" and singles.get("VERSION", "").startswith("4"))
    ):
        raise _BrokenError(f"line {line.number} is a second {head.name}: are END and BEGIN missing before it?")


def _unescaped(value: str) -> str:
    if "\\" not in value:
        return value
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def _row(properties: Sequence[_Property]) -> dict[str, str]:
    return told_apart((one.head.column, one.text) for one in properties if one.head.name not in _ABOUT_THE_CARD)


def _is_group(properties: Sequence[_Property]) -> bool:
    """Tell whether it is a list of people (RFC 6350, 6.1.4; X-… is how Apple writes it in 3.0)."""
    kinds = ("KIND", "X-ADDRESSBOOKSERVER-KIND")
    return any(one.head.name in kinds and one.text.casefold() == "group" for one in properties)


def _addresses(properties: Sequence[_Property]) -> Iterator[AddressCell]:
    """Yield the addresses of a card in its order."""
    labels = {one.head.group: one.text for one in properties if one.head.name == "X-ABLABEL"}
    found = [
        one
        for one in properties
        if one.head.name == "EMAIL" and one.text and "X400" not in one.head.types and not is_directory_entry(one.text)
    ]
    best = min((one.head.rank for one in found), default=_NOT_PREFERRED)
    for one in found:
        kind = _kind(one.head.types, labels.get(one.head.group, "") if one.head.group else "")
        yield AddressCell(one.text, kind, preferred=one.head.rank == best < _NOT_PREFERRED)


def _kind(types: Sequence[str], label: str) -> str:
    """Return whether it is for work or private, by its types or by the label that somebody gave it."""
    if "WORK" in types:
        return "work"
    if "HOME" in types:
        return "private"
    found = _LABEL.match(label)
    return "" if not found else "work" if found[1] else "private"


def _fields(properties: Sequence[_Property]) -> dict[str, str]:
    """Return what a card says, by the names of :data:`notify.core.people.FIELDS`."""
    known = _best(properties)
    fields = dict.fromkeys(FIELDS, "")
    for name, value in (("name", "FN"), ("language", "LANG"), ("phone", "TEL")):
        fields[name] = one_line(known[value].text) if value in known else ""
    fields["phone"] = fields["phone"].removeprefix("tel:")
    if "N" in known:
        # prefixes are a list; a comma in a name may be anything
        last, first, _, prefix, *_ = map(one_line, known["N"].parts)
        fields |= {"last_name": last, "first_name": first, "prefix": one_line(prefix.replace(",", " "))}
    if "ORG" in known:
        fields["company"] = one_line(known["ORG"].parts[0])
    if "ADR" in known:
        box, extended, street, city, _, postcode, country, *_ = known["ADR"].parts
        fields |= {"street": street or extended or box, "postcode": postcode, "city": city, "country": country}
    if gender := known.get("GENDER") or known.get("X-GENDER"):
        code, said, *_ = gender.parts
        # nobody knows whose numbers these are: for some programs 1 is a woman, for others a man
        fields["gender"] = "" if code.isdigit() else _GENDERS.get(code.upper(), code) or said
    if _is_firm(properties) and not (fields["last_name"] and fields["first_name"]):
        fields["company"] = fields["company"] or fields["name"]
        fields |= {"name": fields["company"], "first_name": "", "last_name": ""}
    return fields


def _best(properties: Sequence[_Property]) -> dict[str, _Property]:
    """Return of each name the preferred property, else that for work, else the first."""
    found: dict[str, _Property] = {}
    for one in sorted(properties, key=lambda one: (one.head.rank, "WORK" not in one.head.types)):
        if one.text.strip(";, ") and not (one.head.name == "TEL" and _NO_TELEPHONE.intersection(one.head.types)):
            found.setdefault(one.head.name, one)
    return found


def _is_firm(properties: Sequence[_Property]) -> bool:
    """Tell whether the card is that of a firm (RFC 6350, 6.1.4; X-… is how Apple writes it in 3.0)."""
    return any(
        (one.head.name, one.text.casefold()) in {("KIND", "org"), ("X-ABSHOWAS", "company")} for one in properties
    )
