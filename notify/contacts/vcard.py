"""vCards: the address books of telephones, mail programs and web mailers; what a card says about somebody.

The properties are those of RFC 2426 and RFC 6350, and what Apple adds to them. How they are written is the business of
:mod:`notify.contacts.vcard_syntax`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from notify.contacts.address_book import AddressBook, Entry
from notify.contacts.content_line import is_directory_entry
from notify.contacts.source import ContactFile, Format, Kind
from notify.contacts.vcard_syntax import NOT_PREFERRED, Property, read_cards
from notify.core.contact import AddressCell
from notify.core.late_pattern import late_pattern
from notify.core.objection import Against, Objection
from notify.core.record import record
from notify.core.text import one_line
from notify.errors import InputError

VCARD = Format("vcf", "vCards", (".vcf", ".vcard"))
_BEGIN = late_pattern(r"\s*BEGIN\s*:\s*VCARD\s*", re.IGNORECASE)

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
#: That they are there says that somebody has died; what they say is nobody's business.
_DEATH = frozenset({"DEATHDATE", "DEATHPLACE", "X-DEATHDATE", "X-DEATHPLACE"})
_NOT_TOLD = _ABOUT_THE_CARD | _DEATH

_LABEL = late_pattern(
    r"[\W_]*(?:(work|business|office|arbeit|büro|firma|geschäft|dienst)|(home|priva|zuhause))", re.IGNORECASE
)
_GENDERS = {"M": "m", "F": "f", "O": "d", "N": "", "U": ""}  # RFC 6350, 6.2.7
_SHOWN = 60  # characters of a value in a reason
_NO_TELEPHONE = frozenset({"FAX", "PAGER", "MODEM"})


class VCardFile(AddressBook):
    """A contact file that holds vCards: a header is the name of a property with its types, ``EMAIL;WORK``.

    Groups are no contacts.
    """

    format = VCARD

    def _entries(self) -> Iterator[_Entry]:
        for card in read_cards(self._lines(), self._decoder, _FIELDS):
            yield _Entry(card.line, card.begins, card.fault, card.properties)

    def _field(self, name: str) -> str:
        return _FIELDS.get(name, "")

    def _passed_over(self, groups: int) -> str:
        are = "s are" if groups > 1 else " is"
        return f"{groups} group{are} passed over: the people in it have cards of their own"

    def _without_entries(self) -> InputError:
        return InputError(
            f"{self.label}: there is no vCard in it; none of its lines is BEGIN:VCARD.",
            hint="Export the contacts again, as vCard or as CSV.",
        )


@record(frozen=True, slots=True)
class _Entry(Entry):
    """What was read of a card."""

    properties: tuple[Property, ...]

    @property
    def is_contact(self) -> bool:
        """Whether it is no list of people (RFC 6350, 6.1.4; X-… is how Apple writes it in 3.0)."""
        kinds = ("KIND", "X-ADDRESSBOOKSERVER-KIND")
        return not any(item.head.name in kinds and item.text.casefold() == "group" for item in self.properties)

    def values(self) -> Iterator[tuple[str, str]]:
        """Yield the properties that a template could want."""
        return ((item.head.column, item.text) for item in self.properties if item.head.name not in _NOT_TOLD)

    def addresses(self) -> Iterator[AddressCell]:
        """Yield the addresses; all of the best rank are preferred, where somebody has given ranks."""
        labels = {item.head.group: item.text for item in self.properties if item.head.name == "X-ABLABEL"}
        found = [item for item in self.properties if _is_address(item)]
        best = min((item.head.rank for item in found), default=NOT_PREFERRED)
        for item in found:
            kind = _kind(item.head.types, labels.get(item.head.group, "") if item.head.group else "")
            yield AddressCell(item.text, kind, preferred=item.head.rank == best < NOT_PREFERRED)

    def objections(self) -> Iterator[Objection]:
        """Yield that somebody has died: of nobody else it is known when, or where (RFC 6474, 2.2 and 2.3)."""
        told = next((item for item in self.properties if item.head.name in _DEATH and item.text.strip()), None)
        if told:
            yield Objection(Against.DECEASED, f"{told.head.column}: {one_line(told.text)[:_SHOWN]}")

    def fields(self) -> dict[str, str]:
        """Return what the card says; of a firm that it is called so, and no first name."""
        known = _best(self.properties)
        single = (("name", "FN"), ("phone", "TEL"))
        fields = {name: one_line(known[value].text) if value in known else "" for name, value in single}
        fields["phone"] = fields["phone"].removeprefix("tel:")
        fields["language"] = _languages(self.properties)
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
            code, words, *_ = gender.parts
            # nobody knows whose numbers these are: for some programs 1 is a woman, for others a man
            fields["gender"] = "" if code.isdigit() else _GENDERS.get(code.upper(), code) or words
        in_full = fields.get("last_name") and fields.get("first_name")
        if (_is_firm(self.properties) and not in_full) or _is_called_as_its_firm(fields):
            company = fields.get("company") or fields["name"]
            fields |= {"name": company, "company": company, "first_name": "", "last_name": ""}
        return fields


def _is_address(item: Property) -> bool:
    if item.head.name != "EMAIL" or "X400" in item.head.types:
        return False
    return bool(item.text) and not is_directory_entry(item.text)


def _kind(types: Sequence[str], label: str) -> str:
    """Return whether it is for work or private, by its types or by the label that somebody gave it."""
    if "WORK" in types:
        return "work"
    if "HOME" in types:
        return "private"
    found = _LABEL.match(label)
    return "" if not found else "work" if found[1] else "private"


def _best(properties: Sequence[Property]) -> dict[str, Property]:
    """Return of each name the preferred property, else that for work, else the first."""
    found: dict[str, Property] = {}
    for item in sorted(properties, key=lambda item: (item.head.rank, "WORK" not in item.head.types)):
        if item.text.strip(";, ") and not (item.head.name == "TEL" and _NO_TELEPHONE.intersection(item.head.types)):
            found.setdefault(item.head.name, item)
    return found


def _languages(properties: Sequence[Property]) -> str:
    """Return the languages of a card, the preferred one first (RFC 6350, 6.4.4): not everybody can write in it."""
    told = sorted(
        (item for item in properties if item.head.name == "LANG" and item.text.strip()),
        key=lambda item: (item.head.rank, "WORK" not in item.head.types),
    )
    return one_line(", ".join(item.text for item in told))


def _is_called_as_its_firm(fields: Mapping[str, str]) -> bool:
    """Tell whether the name on a card is the firm's, and nothing in it speaks for a person, or names one."""
    name, company, first, last = (
        fields.get(field, "").casefold() for field in ("name", "company", "first_name", "last_name")
    )
    named_besides = {*first.split(), *last.split()} - {*name.split()}
    return bool(name) and name == company and not (fields.get("gender") or fields.get("prefix") or named_besides)


def _is_firm(properties: Sequence[Property]) -> bool:
    """Tell whether the card is that of a firm (RFC 6350, 6.1.4; X-… is how Apple writes it in 3.0)."""
    return any(
        (item.head.name, item.text.casefold()) in {("KIND", "org"), ("X-ABSHOWAS", "company")} for item in properties
    )


def _recognise(file: ContactFile) -> Format | None:
    return VCARD if any(_BEGIN.fullmatch(line) for line in file.lines) else None


KIND = Kind((VCARD,), _recognise, lambda file, _: VCardFile(file.path, file.label, file.encoding))
