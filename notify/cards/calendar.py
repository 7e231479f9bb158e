"""The day from which the new details hold, as an appointment of a whole day (RFC 5545)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from notify.cards.lines import text, written
from notify.cards.person import Person
from notify.core.campaign import DETAIL_LABELS, Change

#: What the appointment is called, before the name.
SUMMARY = {"de": "Neue Kontaktdaten", "en": "New contact details", "fr": "Nouvelles coordonnées"}
#: An account number does not belong into everybody's calendar.
_LEFT_OUT = frozenset({"iban", "bic", "bank", "account_holder"})


def appointment(person: Person, change: Change, day: dt.date, language: str, *, campaign_id: str, sender: str) -> str:
    """Return the appointment, published by whoever writes (RFC 5546, 3.2.1). The same arguments give the same one.

    It neither blocks the day nor rings.

    :param sender: the address that stands in From, which organizes it.
    """
    return written(_lines(person, change, day, language, f"{person.uid_of(campaign_id)}@{_domain(sender)}", sender))


def _lines(  # noqa: PLR0917  # what an appointment has
    person: Person, change: Change, day: dt.date, language: str, uid: str, sender: str
) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//notify//notify//EN", "METHOD:PUBLISH", "BEGIN:VEVENT")
    yield f"UID:{uid}"
    # when it was made; not the clock's time, or a resend would be another message
    yield f"DTSTAMP:{day:%Y%m%d}T000000Z"
    yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
    if day < dt.date.max:
        yield f"DTEND;VALUE=DATE:{day + dt.timedelta(days=1):%Y%m%d}"
    yield f'ORGANIZER;CN="{_parameter(person.name)}":mailto:{sender}'
    yield f"SUMMARY:{text(f'{SUMMARY[language]}: {person.name}')}"
    if lines := [*_new_details(change, language)]:
        yield f"DESCRIPTION:{text(chr(10).join(lines))}"
    yield from ("TRANSP:TRANSPARENT", "END:VEVENT", "END:VCALENDAR")


def _new_details(change: Change, language: str) -> Iterator[str]:
    old, new = change.old.given(), change.new.given()
    for name, value in new.items():
        if value != old.get(name) and name not in _LEFT_OUT:
            yield f"{DETAIL_LABELS[language][name]}: {value}"


def _parameter(value: str) -> str:
    # nothing can be escaped in a parameter
    return value.replace('"', "'").replace("\n", " ")


def _domain(address: str) -> str:
    return address.rpartition("@")[2]
