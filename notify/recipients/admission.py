"""Whether a row is written to: a contact becomes a recipient, or is rejected with a reason in plain words."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from itertools import chain

from notify.core.address import identity, parse_address, plain_address
from notify.core.campaign import LANGUAGES
from notify.core.contact import AddressCell, Contact, Recipient, Rejected
from notify.core.late_pattern import late_pattern
from notify.core.record import record
from notify.core.text import one_line
from notify.recipients.addressed import Addressed, addressed
from notify.recipients.gender_codes import decoded
from notify.recipients.ordinary import addressed_ordinarily

_ADDRESS_FIELDS = ("email", "email_2", "email_3")
_SEPARATOR = late_pattern(r":::|;|(?<=>)\s*,|\s/\s|[\r\n]")
# a@firma.example und b@firma.example; in other cells the words belong to a name
_AND = late_pattern(r"(?<=\S)\s+(?:und|oder|and|or|et|ou|&|\+)\s+(?=\S+@)", re.IGNORECASE)
_DOUBTFUL_SEPARATOR = late_pattern(r"[,\v\f]")  # a vertical tab is the line break of some spreadsheets
# ben@@firma.example is none that could be written to
_ADDRESS = late_pattern(r"[^\s<>,;:@\"]+@[^\s<>,;:@\"]+")
_AROUND = " \t\r\n,;"
#: Why somebody is not written to who has no address at all.
NO_ADDRESS = "no address"

#: What stands behind the reason where another address of the row is one.
ANOTHER_ADDRESS = "the row has another one that is valid:"

_LONGEST_QUOTED = 60  # characters of a cell in a reason

_WORK_FIRST = {"work": 0, "": 1, "private": 2}
_PRIVATE_FIRST = {"private": 0, "": 1, "work": 2}
# the cell that is meant first comes first; those that are meant alike keep the order of the file
_ORDERS: dict[str, Callable[[AddressCell], tuple[int, int]]] = {
    "first": lambda cell: (not cell.preferred, cell.kind != "work"),
    "work": lambda cell: (_WORK_FIRST.get(cell.kind, 1), not cell.preferred),
    "private": lambda cell: (_PRIVATE_FIRST.get(cell.kind, 1), not cell.preferred),
}


@record(frozen=True, slots=True)
class Rules:
    """How a campaign admits its contacts.

    ``key_column`` is the header above the stable identity; where there is none, the address is the identity.
    ``language`` is for contacts that do not say, or speak another one than ``languages``, those that can be written
    in. ``address`` tells which of several is written to: ``first``, ``work``, ``private`` or ``all``. ``fallback`` lets
    another one of the row take the place of one that is not valid. ``gender_codes`` are words for the numbers in
    columns for Anrede and gender.
    """

    key_column: str = ""
    language: str = "de"
    languages: Collection[str] = LANGUAGES
    address: str = "first"
    fallback: bool = False
    gender_codes: Mapping[str, str] = field(default_factory=dict)


def admit(contact: Contact, rules: Rules, *, du: bool = False) -> tuple[Recipient | Rejected, ...]:
    """Return the recipient that a row becomes, or the row as rejected, with the reason. Never raises.

    :param du: it is greeted with Du, unless its row says otherwise.

    The result has one member, unless all addresses of a row are written to (``address = "all"``): then it has a
    recipient for each address, and a rejected row for each piece of a cell that is not an address.
    """
    every = rules.address == "all"
    rejected: tuple[Rejected, ...] = ()
    if plain := _one_plain_address(contact):
        found = [plain]
    else:
        filled = list(filter(_is_filled, address_cells(contact)))
        if not filled:
            return (Rejected(contact.origin, NO_ADDRESS, contact.row),)
        filled.sort(key=_ORDERS["first" if every else rules.address])
        found, refusals = _chosen(filled, every=every, fallback=rules.fallback)
        rejected = tuple(Rejected(contact.origin, reason, contact.row) for reason in refusals)
    if not found:
        return rejected
    key = _key_of(contact, rules)
    if key == "":
        reason = f'no value in the key column "{rules.key_column}"'
        return (Rejected(contact.origin, reason, contact.row, found[0]), *rejected)
    recipient = _recipient(contact, rules, key or identity(found[0]), found, du=du)
    return (*_for_each(recipient, key, found), *rejected) if every else (recipient,)


def admit_all(contacts: Sequence[Contact], rules: Rules, du: Sequence[bool]) -> list[tuple[Recipient | Rejected, ...]]:
    """Return what :func:`admit` returns of each.

    Those with one plain address and an ordinary name are admitted step by step: in each of them all are alike.

    :param du: who is greeted with Du.
    """
    keys = [_key_of(contact, rules) for contact in contacts]
    addresses = [
        _one_plain_address(contact) if rules.address != "all" and key != "" else ""
        for contact, key in zip(contacts, keys, strict=True)
    ]
    told = [
        addressed_ordinarily(
            decoded(contact.fields, rules.gender_codes), address, rules.languages, rules.language, du=greeted
        )
        if address
        else None
        for contact, address, greeted in zip(contacts, addresses, du, strict=True)
    ]
    return [
        (_as_told(contact, key or identity(address), [address], how),) if how else admit(contact, rules, du=greeted)
        for contact, key, address, how, greeted in zip(contacts, keys, addresses, told, du, strict=True)
    ]


def address_cells(contact: Contact) -> Iterable[AddressCell]:
    """Return the cells for addresses of a row, empty ones too; without columns for them, its fields."""
    return contact.addresses or (AddressCell(contact.fields.get(field, "")) for field in _ADDRESS_FIELDS)


def names_more_addresses(contact: Contact, than: int) -> bool:
    """Tell whether more addresses seem to stand in a row: looked at, not judged, since that takes its time."""
    cells = [cell.text for cell in address_cells(contact)]
    if "".join(cells).count("@") <= than:
        return False
    return len({found.casefold() for cell in cells for found in _ADDRESS.findall(cell)}) > than


def identities_of(contact: Contact) -> frozenset[str]:
    """Return every valid address of a row in its normal form, whichever of them is written to."""
    cells = filter(_is_filled, address_cells(contact))
    return frozenset(identity(address) for cell in cells for address in addresses_in(cell.text.strip(_AROUND))[0])


def addresses_in(cell: str) -> tuple[list[str], list[str]]:
    """Return the valid addresses of a cell, and why its other pieces are not addresses. One of both is never empty."""
    if plain := plain_address(cell):
        return [plain], []
    found, refusals = [], []
    for part in _parts(cell):
        try:
            found.append(parse_address(part))
        except ValueError as err:
            refusals.append(f"{_quoted(part, cell)} is not an address: {one_line(str(err))}")
    if not (found or refusals):
        refusals.append(f"{_quoted(cell, cell)} is not an address: has no @")
    return found, refusals


def _one_plain_address(contact: Contact) -> str:
    """Return the address of a row that has nothing around it, nor another one beside it; of nearly every row."""
    cells = contact.addresses
    return plain_address(cells[0].text.strip(_AROUND)) if len(cells) == 1 else ""


def _key_of(contact: Contact, rules: Rules) -> str | None:
    """Return what stands in the column of the key; None where there is no such column."""
    column = rules.key_column
    return contact.row[column].strip() if column and column in contact.row else None


def _recipient(contact: Contact, rules: Rules, key: str, addresses: list[str], *, du: bool) -> Recipient:
    """Return the recipient who is written to at the first of these addresses."""
    found, address = decoded(contact.fields, rules.gender_codes), addresses[0]
    among = rules.languages, rules.language
    told = addressed_ordinarily(found, address, *among, du=du) or addressed(found, address, *among, du=du)
    return _as_told(contact, key, addresses, told)


def _as_told(contact: Contact, key: str, addresses: list[str], told: Addressed) -> Recipient:
    # in the order of the fields: by their names it takes a microsecond longer
    return Recipient(
        key,
        addresses[0],
        told.name,
        told.language,
        told.salutation,
        told.fell_back,
        contact.origin,
        told.fields,
        contact.row,
        tuple(addresses[1:]),
        told.person,
        told.shared_salutation,
        told.why,
        told.doubt,
        "",
        (),
        told.form,
    )


def _for_each(recipient: Recipient, key: str | None, addresses: list[str]) -> Iterator[Recipient]:
    """Yield a recipient for each address of a row, alike in everything else."""
    for address in addresses:
        own = identity(address) if key is None else f"{key} {identity(address)}"
        others = tuple(other for other in addresses if other != address)
        yield replace(recipient, key=own, address=address, other_addresses=others)


def _is_filled(cell: AddressCell) -> bool:
    """Tell whether anything but separators stands in a cell."""
    return bool(cell.text.strip(" \t\r\n\v\f,;:/"))


def _chosen(cells: list[AddressCell], *, every: bool, fallback: bool) -> tuple[list[str], list[str]]:
    """Return the addresses of the row, each once, and the reasons why pieces of its cells are refused.

    If the first cell has no valid address, the row has none: its owner must mend the first, or say that the next one
    may be taken (``fallback``). Where every address is written to (``every``), each cell counts by itself.
    """
    read = [addresses_in(cell.text.strip(_AROUND)) for cell in cells]
    addresses, refusals = read[0]
    if not (every or addresses):
        other = next((address for found, _ in read for address in found), "")
        if not (other and fallback):
            return [], [f'{refusals[0]}; {ANOTHER_ADDRESS} "{other}"' if other else refusals[0]]
    if len(read) > 1 or len(addresses) > 1:
        distinct: dict[str, str] = {}
        for address in (address for found, _ in read for address in found):
            distinct.setdefault(identity(address), address)
        addresses = list(distinct.values())
    return addresses, list(dict.fromkeys(reason for _, refused in read for reason in refused)) if every else []


def _parts(cell: str) -> Iterator[str]:
    """Take apart a cell that holds several addresses."""
    for part in _SEPARATOR.split(cell):
        if part.count("@") > 1:
            yield from chain.from_iterable(_apart(piece, _AND) for piece in _apart(part, _DOUBTFUL_SEPARATOR))
        elif part.strip():
            yield part


def _apart(part: str, separator: re.Pattern[str]) -> list[str]:
    """Take apart what is nothing but addresses with a separator between them.

    anna,meier@firma.example is one mistyped address; meier@firma.example may be somebody else's.
    """
    pieces = [piece for piece in separator.split(part) if piece.strip()]
    return pieces if all("@" in piece for piece in pieces) else [part]


def _quoted(part: str, cell: str) -> str:
    """Quote what is refused, and the whole cell when it is a piece of it."""
    # of a cell with thousands of lines only the beginning is looked at, or it would take as long again for each of them
    quoted, whole = (_shortened(one_line(text[: 4 * _LONGEST_QUOTED])) for text in (part, cell))
    return f'"{quoted}"' if quoted == whole else f'"{quoted}" in "{whole}"'


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTED else f"{text[:_LONGEST_QUOTED]}…"
