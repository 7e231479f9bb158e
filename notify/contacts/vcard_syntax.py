"""What a vCard consists of: properties on folded lines, in the manners of 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350).

Read with our own tolerant reader, because real files break every rule of the RFCs. What the properties say about
somebody is the business of :mod:`notify.contacts.vcard`.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Container, Iterable, Iterator
from functools import lru_cache

from notify.contacts.content_line import (
    NOTHING,
    Block,
    BrokenError,
    Decoder,
    Line,
    octets_of,
    unfold,
)
from notify.contacts.control_characters import without_controls
from notify.core.damaged_text import mended
from notify.core.late_pattern import late_pattern
from notify.core.record import record

#: The rank of a property that nobody prefers; PREF goes from 1 to 100 (RFC 6350, 5.3).
NOT_PREFERRED = 101

#: Never read: pictures, keys, and what is nobody's business here.
_DROPPED = late_pattern(
    rb"(?:[\w-]+\.)*(?:PHOTO|LOGO|SOUND|KEY|(NOTE)|BDAY|ANNIVERSARY|BIRTH(?:DATE|PLACE)|AGENT|MEMBER|REV"
    rb"|PRODID|X-MS-CARDPICTURE|X-MS-OL-DESIGN)\s*[;:]",
    re.IGNORECASE,
)
#: The properties of all versions, with those of RFC 6474, 6715 and 9554; extensions begin with X-.
_NAMES = frozenset(
    "ADR AGENT ANNIVERSARY BDAY BEGIN BIRTHPLACE CALADRURI CALURI CATEGORIES CLASS CLIENTPIDMAP CONTACT-URI CREATED"
    " DEATHDATE DEATHPLACE EMAIL END EXPERTISE FBURL FN GENDER GEO GRAMGENDER HOBBY IMPP INTEREST KEY KIND LABEL LANG"
    " LANGUAGE LOGO MAILER MEMBER N NAME NICKNAME NOTE ORG ORG-DIRECTORY PHOTO PRODID PROFILE PRONOUNS RELATED REV ROLE"
    " SOCIALPROFILE SORT-STRING SOUND SOURCE TEL TITLE TZ UID URL VERSION XML".split()
)
#: Some programs write the lines of these as they are.
_SEVERAL_LINES = frozenset({"ADR", "LABEL", "NOTE"})
_LONGEST_ADDRESS = 4096  # by letter, with lines that are not folded

_AGENT = late_pattern(rb"(?:[\w-]+\.)*AGENT\s*(?:;[^:]*)?:\s*(BEGIN\s*:\s*VCARD\s*)?\Z", re.IGNORECASE)
_VERSION_2 = late_pattern(rb"VERSION\s*:\s*2", re.IGNORECASE)
_EMAIL = late_pattern(rb"(?:[\w-]+\.)*EMAIL\b", re.IGNORECASE)
# a quotation mark in the parameters that is not closed is a character like any other
_PROPERTY = late_pattern(rb'((?:[\w-]+\.)*[\w-]+\s*(?:;(?:(?:"[^"]*"|[^":])*|[^:]*))?):(.*)', re.DOTALL)
_PARAMETER = late_pattern(r'(?:"[^"]*"|[^;])+')
_PART = late_pattern(r"(?:^|;)((?:[^;\\]|\\.?)*)", re.DOTALL)
_ESCAPED = late_pattern(r"\\([\\;,:nN])")
_SILENT_TYPES = frozenset({"", "PREF", "INTERNET", "VOICE"})


@record(frozen=True, slots=True)
class Head:
    """What stands before the colon of a property. ``encoding`` is Q, B or empty; the ``rank`` of the preferred is 1."""

    group: str
    name: str
    types: tuple[str, ...]
    rank: int
    encoding: str
    charset: str
    variant: bool  # one of several ways to write the same (RFC 6350, 5.4)
    column: str


@record(frozen=True, slots=True)
class Property:
    """A property of a card: its ``value`` with its escapes, and the ``text`` that it means."""

    head: Head
    value: str
    text: str

    @classmethod
    def of(cls, head: Head, value: str) -> Property:
        """Return the property with this value."""
        return cls(head, value, _meant(_unescaped(value)))

    @property
    def parts(self) -> list[str]:
        """The parts of a structured value, at least seven."""
        return [*(_meant(_unescaped(part)) for part in _PART.findall(self.value)), *[""] * 7]


@record(frozen=True, slots=True)
class Card:
    """A card: its first line, whether that is BEGIN, why it cannot be trusted, and its properties up to there."""

    line: int
    begins: bool
    fault: str
    properties: tuple[Property, ...]


def read_cards(lines: Iterable[tuple[int, bytes]], decoder: Decoder, needed: Container[str]) -> Iterator[Card]:
    """Yield the cards of a file. What stands outside of all of them is a card with a fault.

    :param lines: from :func:`notify.contacts.content_line.read_lines`.
    :param needed: the names of properties whose values must be readable; others are left out where they are not.
    """
    blocks = _blocks(_without_agents(unfold(lines, _DROPPED, cards=True)))
    return (_read(block, decoder, needed) for block in blocks)


@record(frozen=False, slots=True)
class _Block(Block):
    """The lines of a card, and what is wrong with its first or last one."""

    begins: bool = True
    fault: str = ""


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


def _blocks(lines: Iterable[Line]) -> Iterator[_Block]:
    """Take the lines of a file apart into cards."""
    card: _Block | None = None
    is_above = True
    for line in lines:
        if is_above and not line.edge and not _is_property(line):
            continue  # somebody's words above the first card
        is_above = False
        if line.edge == "BEGIN":
            if card:
                card.fault = card.fault or "END:VCARD is missing"
                yield card
            card = _Block(line.number)
        elif line.edge:
            if card:
                yield card
            card = None
        elif card or line.text.strip(NOTHING):
            card = card or _Block(line.number, begins=False, fault="BEGIN:VCARD is missing before this line")
            card.add(line)
    if card:
        card.fault = card.fault or "END:VCARD is missing: the file ends in the middle of a card"
        yield card


def _is_property(line: Line) -> bool:
    """Tell whether a line outside of a card is one of a card that has lost its beginning."""
    split = _PROPERTY.fullmatch(line.unfolded())
    return bool(split and _word(split[1]).upper() in _NAMES) or line.text.startswith((b" ", b"\t"))


def _read(block: _Block, decoder: Decoder, needed: Container[str]) -> Card:
    """Read a card, up to what is wrong in it."""
    fault = block.fault
    if block.begins and block.too_large:
        fault = "the card is too large: END:VCARD must be missing"
    properties: list[Property] = []
    try:
        _read_properties(block, decoder, needed, properties)
    except BrokenError as error:
        fault = fault or str(error)
    return Card(block.number, block.begins, fault, tuple(properties))


def _read_properties(block: _Block, decoder: Decoder, needed: Container[str], properties: list[Property]) -> None:
    """Read the properties of a card.

    :param properties: takes them up.
    :raises BrokenError: no more of them can be read.
    """
    singles: dict[str, str] = {}
    old = any(_VERSION_2.match(line.text) for line in block.lines)
    manners: set[str] = set()
    before = ""
    for line in block.lines:
        if dropped := _DROPPED.match(line.text):
            before = "NOTE" if dropped[1] else "PHOTO"
            continue
        # a blank in an address is none, whoever has put it there
        text = line.unfolded(keep_blanks=old and not _EMAIL.match(line.text))
        split = _PROPERTY.fullmatch(text)
        if not split or (before in _SEVERAL_LINES and _is_prose(split[1], split[2], manners)):
            _go_on(properties, decoder, line, text, before)
            continue
        head = _head(split[1])
        manners.add(_manner(_word(split[1])))
        before = head.name
        if (value := _value(line, head, split[2], decoder, needed)) is not None:
            _refuse_second(singles, line, head, value)
            properties.append(Property.of(head, value))


def _is_prose(head: bytes, value: bytes, manners: Container[str]) -> bool:
    """Tell whether a word before a colon is the beginning of a sentence, or a heading in a note: "Tel: …".

    The case of a name tells nothing (RFC 6350, 3.3), unless no other name of the card is written like it. People set a
    blank behind a colon, and programs do not.

    :param manners: how the names above are written, see :func:`_manner`.
    """
    word = _word(head)
    if word.upper().startswith("X-"):
        return False
    return word.upper() not in _NAMES or (value.startswith(b" ") and _manner(word) not in manners)


def _word(head: bytes) -> str:
    """Return the name of a property as it is written, without its group and parameters."""
    return head.partition(b";")[0].rpartition(b".")[2].strip().decode()


def _manner(word: str) -> str:
    """Return how a name is written: in small letters, in capitals, or otherwise."""
    return "small" if word.islower() else "capital" if word.isupper() else "mixed"


def _go_on(properties: list[Property], decoder: Decoder, line: Line, text: bytes, before: str) -> None:
    """Deal with a line that is no property: it belongs to the property before it, where that may have several.

    :raises BrokenError: it may not; the line could be half an address, or half a name.
    """
    if not (before in {*_SEVERAL_LINES, "PHOTO"} or before.startswith("X-")):
        raise BrokenError.of(line, text)
    if before == "ADR" and properties:
        street = properties.pop()
        if len(street.value) > _LONGEST_ADDRESS:
            raise BrokenError(f"line {line.number}: ADR is too long")
        properties.append(Property.of(street.head, f"{street.value}\n{decoder.decode(text)}"))


@lru_cache(maxsize=512)
def _head(raw: bytes) -> Head:
    """Take apart what stands before the colon, in the manner of all three versions."""
    name, *parameters = _PARAMETER.findall(Decoder().decode(raw))
    group, _, name = name.strip().upper().rpartition(".")
    types: list[str] = []
    rank, encoding, charset, variant = NOT_PREFERRED, "", "", False
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
    return Head(group, name, tuple(types), 1 if "PREF" in types else rank, encoding, charset, variant, column)


def _value(line: Line, head: Head, raw: bytes, decoder: Decoder, needed: Container[str]) -> str | None:
    """Return the value of a property, None where it is none that anybody could read.

    :raises BrokenError: and it is one that is needed.
    """
    try:
        octets = octets_of(line, raw, in_base64=head.encoding == "B")
    except ValueError as error:
        if head.name in needed:
            raise BrokenError(f"line {line.number}: {head.name} {error}") from error
        return None
    octets = binascii.a2b_qp(octets) if head.encoding == "Q" else octets
    return decoder.decode(octets, head.charset, line.number)


def _refuse_second(singles: dict[str, str], line: Line, head: Head, value: str) -> None:
    """Refuse a second name or version: the lines between two cards are missing, and this is somebody else.

    :raises BrokenError: that is so.
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
        raise BrokenError(f"line {line.number} is a second {head.name}: are END and BEGIN missing before it?")


def _meant(text: str) -> str:
    return without_controls(mended(text))


def _unescaped(value: str) -> str:
    if "\\" not in value:
        return value
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)
