"""Who a row is about, by name and place: two rows with the same name and place are probably about one person."""

from __future__ import annotations

from collections.abc import Mapping

from notify.recipients.cells import meaning
from notify.recipients.names import Name, read_name
from notify.recipients.surname import is_initials


def person_of(fields: Mapping[str, str], name: Name | None = None) -> str:
    """Return who a row is about, folded for comparison: the full name, and behind a line break what tells the place.

    The place is street and postal code, else the company, else the digits of the telephone number, as far as the row
    has one of them; there are many Anna Müllers. Accents are kept, René is not Rene. A firm is known by its name.
    Empty when first or last name is not known: A. Müller may be two people.

    :param name: of these fields, where it was read already.
    """
    name = read_name(fields) if name is None else name
    if name.first and name.last and not is_initials(name.first):
        who = f"{name.first} {name.last}"
    elif name.company and not (name.whole or name.last):
        who = name.company
    else:
        return ""
    return person_called(_folded(who), fields, name.company)


def person_called(who: str, fields: Mapping[str, str], company: str) -> str:
    """Return who a row is about, from the name as it is folded for comparison; the place stands in the row."""
    place = _place(fields, company)
    return f"{who}\n{place}" if place else who


def _place(fields: Mapping[str, str], company: str) -> str:
    """Return what tells apart two people of one name."""
    if street := meaning(fields.get("street", "")):
        return _folded(f"{street} {fields.get('postcode', '')}")
    return _folded(company) or "".join(filter(str.isdecimal, fields.get("phone", "")))


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
