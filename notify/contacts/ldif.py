"""LDIF (RFC 2849): address books of Thunderbird and of directory servers.

The attributes are those of RFC 4519 and RFC 2798 (inetOrgPerson) and of Mozilla's own schema.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from notify.contacts.address_book import AddressBook, Entry
from notify.contacts.content_line import (
    NOTHING,
    Block,
    BrokenError,
    Decoder,
    Line,
    is_directory_entry,
    octets_of,
    unfold,
)
from notify.contacts.control_characters import without_controls
from notify.contacts.source import ContactFile, Format, Kind
from notify.core.contact import AddressCell
from notify.core.damaged_text import mended
from notify.core.late_pattern import late_pattern
from notify.core.record import record
from notify.core.text import one_line
from notify.errors import InputError

LDIF = Format("ldif", "LDIF", (".ldif", ".ldi"))
_FIRST_LINE = late_pattern(r"dn::?\s*\S", re.IGNORECASE)
_VERSION = late_pattern(r"version:\s*\d+\s*", re.IGNORECASE)

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
_ADDRESSES = frozenset({*_FIRST_ADDRESSES, *_OTHER_ADDRESSES})
_FIELD_OF = {
    **{name: key for attributes in (_ATTRIBUTES, *_PLACES) for key, names in attributes.items() for name in names},
    **dict.fromkeys(_ADDRESSES, "email"),
}

#: Never read: pictures, keys, passwords, and what is nobody's business here. A group's members are other records.
_DROPPED = late_pattern(
    rb"(?:jpegPhoto|photo|thumbnail(?:Photo|Logo)|audio|user(?:SMIME)?Certificate|userPKCS12|userPassword|description"
    rb"|info|comment|birth(?:date|year|month|day)|(?:unique)?member|[\w-]+;binary)\s*[;:]",
    re.IGNORECASE,
)
_ABOUT_THE_RECORD = frozenset({"objectclass", "changetype", "control"})
#: Of these records none is about a person.
_GROUPS = frozenset("groupofnames groupofuniquenames groupofurls posixgroup mailgroup nismailalias group".split())
#: Nor of these, unless somebody can be written to there.
_BRANCHES = frozenset("organizationalunit dcobject domain container".split())

_ATTRIBUTE = late_pattern(rb"([A-Za-z0-9._-]+(?:;[\w-]+)*)[ \t]*:([:<]?)[ \t]*(.*)", re.DOTALL)
_DN = late_pattern(rb"dn\s*:", re.IGNORECASE)
# of no record: comments, the version, and what ldapsearch puts behind the last record
_ASIDE = late_pattern(rb"#|(?:version|search|result)\s*:\s*\d", re.IGNORECASE)


class LdifFile(AddressBook):
    """A contact file that is LDIF: an entry is a record, a header the name of an attribute.

    Groups, branches of a directory, and records that change or delete an entry are no contacts.
    """

    format = LDIF

    def _entries(self) -> Iterator[_Entry]:
        records = _records(unfold(self._lines(), _DROPPED, cards=False))
        return (_read(record, self._decoder) for record in records)

    def _field(self, name: str) -> str:
        return _FIELD_OF.get(name.casefold(), "")

    def _passed_over(self, groups: int) -> str:
        records = "record is" if groups == 1 else "records are"
        return f"{groups} {records} passed over: a group, a branch of a directory, or a change of an entry"

    def _without_entries(self) -> InputError:
        return InputError(
            f"{self.label}: there is no LDIF record in it; none of its lines begins with dn:",
            hint="Export the contacts again, as LDIF or as CSV.",
        )


@record(frozen=True, slots=True)
class _Attribute:
    """An attribute with one of its values; the ``name`` is without options and in lower case."""

    spelled: str
    name: str
    text: str


@record(frozen=True, slots=True)
class _Entry(Entry):
    """What was read of a record."""

    attributes: tuple[_Attribute, ...]

    @property
    def is_contact(self) -> bool:
        """Whether it is about somebody, and not about a group, a branch of the directory, or a change."""
        classes = {attribute.text.casefold() for attribute in self.attributes if attribute.name == "objectclass"}
        changes = {attribute.text.casefold() for attribute in self.attributes if attribute.name == "changetype"}
        if classes & _GROUPS or changes - {"add"}:
            return False
        return not classes & _BRANCHES or any(self.addresses())

    def values(self) -> Iterator[tuple[str, str]]:
        """Yield the attributes as the record spells them."""
        return ((found.spelled, found.text) for found in self.attributes if found.name not in _ABOUT_THE_RECORD)

    def addresses(self) -> Iterator[AddressCell]:
        """Yield the addresses; the preferred one is the first of an attribute that is meant to come first."""
        mails = [found for found in self.attributes if found.name in _ADDRESSES and _is_address(found.text)]
        first = next((mail for mail in mails if mail.name in _FIRST_ADDRESSES), None)
        return (AddressCell(mail.text, preferred=mail is first) for mail in mails)

    def fields(self) -> dict[str, str]:
        """Return what the record says; the address by letter is all of one place."""
        known: dict[str, str] = {}
        for attribute in self.attributes:
            if attribute.text:
                known.setdefault(attribute.name, attribute.text)
        work, home = ({key: _first(known, names) for key, names in place.items()} for place in _PLACES)
        place = home if not any((work["street"], work["postcode"], work["city"])) and any(home.values()) else work
        # RFC 4517, 3.3.28: the lines of a postal address are apart by $
        place["street"] = place["street"].partition("$")[0].strip()
        return place | {key: one_line(_first(known, names)) for key, names in _ATTRIBUTES.items()}


def _records(lines: Iterable[Line]) -> Iterator[Block]:
    """Take the lines of a file apart into records: at empty lines, and where one begins without an empty line."""
    record: Block | None = None
    for line in lines:
        if _ASIDE.match(line.text):
            continue
        blank = not line.text.strip(NOTHING)
        if record and (blank or _DN.match(line.text)):
            yield record
            record = None
        if not blank:
            record = record or Block(line.number)
            record.add(line)
    if record:
        yield record


def _read(record: Block, decoder: Decoder) -> _Entry:
    """Read a record, up to what is wrong in it."""
    begins = bool(_DN.match(record.lines[0].text))
    fault = "" if begins else "the record does not begin with dn:"
    if record.too_large:
        fault = "the record is too large: an empty line must be missing"
    found: list[_Attribute] = []
    try:
        for attribute in _attributes(record, decoder):
            found.append(attribute)  # noqa: PERF402  # what comes before an error is kept
    except BrokenError as error:
        fault = str(error)
    return _Entry(record.number, begins, fault, tuple(found))


def _attributes(record: Block, decoder: Decoder) -> Iterator[_Attribute]:
    """Yield the attributes of a record.

    :raises BrokenError: no more of them can be read.
    """
    classes = before = ""
    for line in record.lines:
        attribute = _attribute(line, decoder)
        if not attribute:
            continue
        # no program writes them in two places; a file that has lost the lines between two records does
        if attribute.name == classes and before != classes:
            raise BrokenError(f"line {line.number} has an objectClass again: is an empty line missing before it?")
        before = attribute.name
        classes = before if before == "objectclass" else classes
        yield attribute
        if before == "changetype" and attribute.text.casefold() != "add":
            return  # what is to be changed is written in another manner


def _attribute(line: Line, decoder: Decoder) -> _Attribute | None:
    """Return the attribute of a line, None where its value can be read by nobody, or stands in another file.

    :raises BrokenError: nobody can read it, and it is needed.
    """
    if _DROPPED.match(line.text):
        return None
    found = _ATTRIBUTE.fullmatch(line.unfolded())
    if not found:
        raise BrokenError.of(line, line.text)
    spelled, sort = found[1].decode(), found[2]
    name = spelled.partition(";")[0].casefold()
    try:
        octets = octets_of(line, found[3], in_base64=sort == b":")
    except ValueError as error:
        if name in _FIELD_OF:
            raise BrokenError(f"line {line.number}: {spelled} {error}") from error
        return None
    return (
        None
        if sort == b"<"
        else _Attribute(spelled, name, without_controls(mended(decoder.decode(octets, line=line.number))))
    )


def _is_address(text: str) -> bool:
    return bool(text) and not is_directory_entry(text)


def _first(known: Mapping[str, str], names: Iterable[str]) -> str:
    return next((known[name] for name in names if name in known), "")


def _recognise(file: ContactFile) -> Format | None:
    content = [line for line in file.lines if not line.startswith("#")]
    if content and _VERSION.fullmatch(content[0]):
        content = content[1:]
    return LDIF if content and _FIRST_LINE.match(content[0]) else None


KIND = Kind((LDIF,), _recognise, lambda file, _: LdifFile(file.path, file.label, file.encoding))
