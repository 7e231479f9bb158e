"""Everybody who is written to, read from the contact files once, for a page that looks at any of them in any order."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice

from notify.actions.prepare import Prepared
from notify.actions.survey import Fate, survey
from notify.core.address import identity
from notify.core.contact import FIELDS, Contact, Origin, Recipient, Rejected
from notify.core.form import Form
from notify.ledger import Listed, Listing


class Roster:
    """Those who are written to, in the order of the files, numbered from 0.

    ``rows`` is how many rows were read, ``left_out`` how many of them get no message.
    """

    def __init__(self) -> None:
        """Begin with nobody."""
        self.listing = Listing()
        self.rows = 0
        self.left_out = 0

    def recipient(self, number: int) -> Recipient | None:
        """Return one of them; None where there is none of this number."""
        listed = self.listing.one(number)
        return _unpacked(listed) if listed else None

    def recipients(self) -> Iterator[tuple[int, Recipient]]:
        """Yield all of them with their numbers."""
        for number in range(self.listing.total):
            if (recipient := self.recipient(number)) is not None:
                yield number, recipient


def read_roster(prepared: Prepared, step: Callable[[int], None]) -> Roster:
    """Read the contact files.

    :param step: is told again and again how many rows were read, and may raise to give up.
    :raises InputError: as for an enrolment: a key that has two addresses.
    """
    roster = Roster()
    sources = [_counted(source, roster, step) for source in prepared.sources]
    with survey(sources, prepared.selection, prepared.settings) as surveyed:
        roster.left_out = sum(1 for _ in surveyed.left_out())
        surveyed.refuse_keys_twice()

        def listed() -> Iterator[Listed]:
            for row in surveyed.taken_in():
                step(roster.rows)
                if row.fate is Fate.ADMITTED and isinstance(row.row, Recipient):
                    yield _listed(roster.listing.total, row.row)
                else:
                    roster.left_out += 1

        roster.listing.fill(listed())
    return roster


def first_of_roster(prepared: Prepared, most: int) -> Roster:
    """Return the first who would be written to, as far as can be told before all rows were read: to begin with.

    Somebody may be among them who is left out in the end: written to already, or suppressed.
    """
    selection, roster = prepared.selection, Roster()

    def found() -> Iterator[Recipient]:
        for row in chain.from_iterable(prepared.sources):
            if isinstance(row, Contact) and selection.belongs(contact := selection.corrected(row)):
                admitted = selection.admit(contact) if selection.is_asked_for(contact) else ()
                yield from (one for one in admitted if isinstance(one, Recipient))

    roster.listing.fill(_listed(number, one) for number, one in enumerate(islice(found(), most)))
    return roster


def beside(numbers: Sequence[int], number: int, steps: int) -> int | None:
    """Return which of these, in rising order, stands so many steps behind another number, or before it; else None.

    One that is further away than the end is the last one there.
    """
    if not numbers:
        return None
    place = bisect_left(numbers, number)
    is_there = place < len(numbers) and numbers[place] == number
    if not is_there and steps > 0:
        steps -= 1  # the one behind is the next already
    wanted = numbers[min(max(place + steps, 0), len(numbers) - 1)]
    return None if wanted == number else int(wanted)


def _counted(
    source: Iterable[Contact | Rejected], roster: Roster, step: Callable[[int], None]
) -> Iterator[Contact | Rejected]:
    for row in source:
        roster.rows += 1
        step(roster.rows)
        yield row


def _listed(number: int, recipient: Recipient) -> Listed:
    company = recipient.fields.get("company", "")
    found_by = (recipient.name, recipient.address, company, str(recipient.origin), recipient.key)
    kept = {
        "language": recipient.language,
        "salutation": recipient.salutation,
        "fell_back": recipient.fell_back,
        "path": recipient.origin.path,
        "line": recipient.origin.line,
        "fields": {name: value for name, value in recipient.fields.items() if value},
        "row": dict(recipient.row),
        "why": recipient.why,
        "doubt": recipient.doubt,
        "form": str(recipient.form),
        "audiences": recipient.audiences,
    }
    return Listed(
        number=number,
        key=recipient.key,
        identity=identity(recipient.address),
        name=recipient.name,
        address=recipient.address,
        note=f"{recipient.language} {recipient.form}",
        words=" ".join(found_by).casefold(),
        kept=json.dumps(kept, ensure_ascii=False),
    )


def _unpacked(listed: Listed) -> Recipient:
    """Return a recipient as far as its message depends on it."""
    kept = json.loads(listed.kept)
    return Recipient(
        key=listed.key,
        address=listed.address,
        name=listed.name,
        language=kept["language"],
        salutation=kept["salutation"],
        fell_back=kept["fell_back"],
        origin=Origin(kept["path"], kept["line"]),
        fields=dict.fromkeys(FIELDS, "") | kept["fields"],
        row=kept["row"],
        why=kept["why"],
        doubt=kept["doubt"],
        form=Form(kept["form"]),
        audiences=tuple(kept["audiences"]),
    )
