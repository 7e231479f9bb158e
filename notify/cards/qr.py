"""The new contact as a QR code: a MeCard, which every telephone reads and which is smaller than a vCard."""

from __future__ import annotations

import io
from collections.abc import Iterator

from notify.cards.person import Person
from notify.core.late_pattern import late_pattern

_SPECIAL = late_pattern(r'[\\;:,"]')
#: Pixels of a module, and modules of the white border (ISO/IEC 18004, 5.3.8).
_SCALE, _BORDER = 6, 4


class QrError(ValueError):
    """There is too much on the card for a code that a telephone reads."""


def mecard(person: Person) -> str:
    """Return the text of the code."""
    return "MECARD:" + "".join(f"{name}:{value};" for name, value in _fields(person)) + ";"


def qr_code(person: Person) -> tuple[str, bytes]:
    """Return the text of the code, and its picture as PNG.

    :raises QrError: the text is too long.
    """
    import segno

    content = mecard(person)
    # more would need modules that nobody's camera tells apart on a screen
    if len(content.encode()) > 400:
        raise QrError("the details are too long for a QR code")
    drawn = io.BytesIO()
    segno.make_qr(content, error="m", encoding="utf-8").save(drawn, kind="png", scale=_SCALE, border=_BORDER)
    return content, drawn.getvalue()


def _fields(person: Person) -> Iterator[tuple[str, str]]:
    details = person.details
    name = ",".join(map(_text, filter(None, (person.last, person.first)))) or _text(person.name)
    # of the post box, the flat, the street, the town, the region, the code and the country
    place = ("", "", details.street, details.city, "", details.postcode, details.country)
    fields = (
        ("N", name),
        ("ORG", _text(person.company)),
        ("TEL", _text(details.phone)),
        ("TEL", _text(details.mobile)),
        ("EMAIL", _text(details.email)),
        ("ADR", ",".join(map(_text, place)) if any(place) else ""),
        ("URL", _text(details.website)),
    )
    return ((name, value) for name, value in fields if value)


def _text(value: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", " ".join(value.split()))
