"""Whether a row is written to: a contact becomes a recipient, or is rejected with a reason in plain words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from notify.core.address import UnsupportedAddressError, identity, parse_address
from notify.core.campaign import LANGUAGES
from notify.core.names import full_name, one_line
from notify.core.people import Contact, Recipient, Rejected
from notify.core.salutation import read_language, salute

_ADDRESS_FIELDS = ("email", "email_2", "email_3")
_SEPARATOR = re.compile(r":::|;|(?<=>)\s*,|\s/\s|[\r\n\v\f]")
_SHOWN = 60  # characters of a cell in a reason


def admit(
    contact: Contact, *, key_column: str | None, language: str, languages: Collection[str] = LANGUAGES
) -> Recipient | Rejected:
    """Return the recipient that a row becomes, or why it is none. Never raises, whatever the cells hold.

    :param key_column: the header above the stable identity; where there is none the address is the identity.
    :param language: for contacts that do not say, or speak another one than ``languages``.
    :param languages: those that can be written in.
    """
    cell = _address_cell(contact.fields)
    if not cell:
        return Rejected(contact.origin, "no address", contact.row)
    try:
        address = _first_address(cell)
    except ValueError as err:
        return Rejected(contact.origin, str(err), contact.row)
    key = contact.row[key_column].strip() if key_column and key_column in contact.row else identity(address)
    if not key:
        return Rejected(contact.origin, f'no value in the key column "{key_column}"', contact.row, address)
    told = read_language(contact.fields.get("language", ""))
    spoken = told if told is not None and told in languages else language
    salutation = salute(contact.fields, spoken)
    return Recipient(
        key=key,
        address=address,
        name=full_name(contact.fields),
        language=spoken,
        salutation=salutation.text,
        fell_back=salutation.fell_back,
        origin=contact.origin,
        fields=contact.fields,
        row=contact.row,
    )


def _address_cell(fields: Mapping[str, str]) -> str:
    """Return the first cell with an address in it; a malformed one is not passed over, its owner must mend it."""
    return next((cell for field in _ADDRESS_FIELDS if (cell := fields.get(field, "").strip(" \t\r\n,;"))), "")


def _first_address(cell: str) -> str:
    """Return the first valid address of a cell.

    :raises ValueError: there is none; the message quotes what stands there instead.
    """
    first_refusal = ""
    for part in _parts(cell):
        try:
            return parse_address(part)
        except UnsupportedAddressError as err:
            first_refusal = first_refusal or f"{_quoted(part, cell)} cannot be written to: {err}"
        except ValueError as err:
            first_refusal = first_refusal or f"{_quoted(part, cell)} is not an address: {one_line(str(err))}"
    raise ValueError(first_refusal or f"{_quoted(cell, cell)} is not an address: has no @")


def _parts(cell: str) -> Iterator[str]:
    """Take apart a cell that holds several addresses."""
    for part in _SEPARATOR.split(cell):
        listed = [piece for piece in part.split(",") if piece.strip()]
        # anna,meier@firma.example is one mistyped address; meier@firma.example may be somebody else's
        if len(listed) > 1 and all("@" in piece for piece in listed):
            yield from listed
        elif part.strip():
            yield part


def _quoted(part: str, cell: str) -> str:
    """Quote what is refused, and the whole cell when it is a piece of it."""
    shown = [text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…" for text in (one_line(part), one_line(cell))]
    return f'"{shown[0]}"' if shown[0] == shown[1] else f'"{shown[0]}" in "{shown[1]}"'
