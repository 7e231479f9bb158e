"""The new contact as a vCard 3.0 (RFC 2426): the version that Outlook, Apple, Android and Google all read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from notify.cards.lines import structured, text, written
from notify.cards.person import Person


def vcard(person: Person, revised: dt.date | None) -> str:
    """Return the card. The same person and details always give the same one.

    :param revised: from when the details hold; a later card replaces an earlier one.
    """
    return written(_lines(person, revised))


def _lines(person: Person, revised: dt.date | None) -> Iterator[str]:
    details = person.details
    yield from ("BEGIN:VCARD", "VERSION:3.0", f"UID:{person.uid}")
    # both are required; a name that cannot be taken apart stands where lists are sorted by
    yield f"N:{structured(person.last or person.name, person.first, '', '', '')}"
    yield f"FN:{text(person.name)}"
    if person.company:
        yield f"ORG:{text(person.company)}"
    if details.email:
        yield f"EMAIL;TYPE=INTERNET,WORK,PREF:{text(details.email)}"
    for value, types in ((details.phone, "WORK,VOICE"), (details.mobile, "CELL,VOICE"), (details.fax, "WORK,FAX")):
        if value:
            yield f"TEL;TYPE={types}:{text(value)}"
    place = (details.street, details.city, details.postcode, details.country)
    if any(place):
        yield f"ADR;TYPE=WORK:{structured('', '', details.street, details.city, '', details.postcode, details.country)}"
    if details.website:
        yield f"URL:{details.website}"
    if revised:
        yield f"REV:{revised:%Y-%m-%d}T00:00:00Z"
    yield "END:VCARD"
