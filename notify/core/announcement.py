"""What a change comes to: what is new, what ends, what stays, when, from where it is told and how it can be verified.

A *thing* is what people have a word for: an address is one though it has four details. Nothing here is in words;
:mod:`notify.rendering.phrases` has those.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import field
from enum import StrEnum

from notify.core.address import identity, parse_own_address
from notify.core.campaign import Campaign, Change, Details
from notify.core.record import record

#: The details of each thing, in the order in which things are announced.
THINGS: dict[str, tuple[str, ...]] = {
    "name": ("name",),
    "owner": ("owner",),
    "email": ("email",),
    "phone": ("phone",),
    "mobile": ("mobile",),
    "fax": ("fax",),
    "website": ("website",),
    "address": ("street", "postcode", "city", "country"),
    "bank": ("iban",),
    "account_holder": ("account_holder",),
    "bank_name": ("bank",),
    "bic": ("bic",),
}

#: What belongs to an account and is not named besides, when the account itself is another one.
_OF_AN_ACCOUNT = ("account_holder", "bank_name", "bic")

#: By what one reaches somebody, as long as it works.
_REACHED_BY = ("email", "phone", "mobile", "fax", "website")


class When(StrEnum):
    """Where a date stands, seen from the day on which a campaign is written."""

    #: No date is given.
    OPEN = ""
    PAST = "past"
    TODAY = "today"
    FUTURE = "future"


class Origin(StrEnum):
    """From where the message comes, when the e-mail address changes."""

    #: It does not change, or the old one is not named.
    SAME = ""
    #: The address that the reader knows.
    OLD = "old"
    #: The address that is announced, which the reader does not know yet.
    NEW = "new"
    #: Neither of the two.
    OTHER = "other"


class Way(StrEnum):
    """A way to verify a notice by what the reader knew before, and that does not change."""

    #: By the number that the reader has.
    PHONE = "phone"
    #: By the telephone, as the mobile number changes.
    LANDLINE = "landline"
    #: By the mobile telephone, as the other number changes.
    MOBILE = "mobile"
    WEBSITE = "website"
    #: By a letter.
    POST = "post"
    #: By a person whom the reader knows.
    PERSON = "person"


@record(frozen=True, slots=True)
class Announcement:
    """The facts of a change. ``new``, ``gone`` and ``unchanged`` are names of things, in their order."""

    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    #: What is named on both sides and is the same; a thing that nobody named is not known to stay.
    unchanged: tuple[str, ...] = ()
    #: What works until some day though it changes: it was named, and one reaches the sender by it.
    former: tuple[str, ...] = ()
    effective: When = When.OPEN
    old_works_until: When = When.OPEN
    origin: Origin = Origin.SAME
    verify_by: tuple[Way, ...] = field(default=(Way.PHONE,))


def announce(campaign: Campaign) -> Announcement:
    """Return the facts of a campaign's change, seen from the day on which it is written."""
    change, written = campaign.change, campaign.written
    moved = [*_moved(change)]
    unchanged = tuple(thing for thing in THINGS if _is_stated(change, thing) and thing not in moved)
    return Announcement(
        new=tuple(thing for thing in moved if _has(change.new, thing)),
        gone=tuple(thing for thing in moved if not _has(change.new, thing)),
        unchanged=tuple(thing for thing in unchanged if "bank" not in unchanged or thing not in _OF_AN_ACCOUNT),
        former=tuple(thing for thing in _REACHED_BY if thing in moved and _has(change.old, thing)),
        effective=when(change.effective, written),
        old_works_until=when(change.old_works_until, written),
        origin=_origin(campaign) if "email" in moved else Origin.SAME,
        verify_by=tuple(_ways(frozenset(moved), unchanged)),
    )


def when(day: dt.date | None, written: dt.date | None) -> When:
    """Tell where a date stands; a campaign that was never written is before everything."""
    if day is None:
        return When.OPEN
    if written is None or day > written:
        return When.FUTURE
    return When.TODAY if day == written else When.PAST


def _moved(change: Change) -> Iterator[str]:
    """Yield the things that differ. What belongs to an account is part of it, when that is a new one."""
    differ = [thing for thing, names in THINGS.items() if _values(change.old, names) != _values(change.new, names)]
    account = "bank" in differ
    yield from (thing for thing in differ if not (account and thing in _OF_AN_ACCOUNT))


def _is_stated(change: Change, thing: str) -> bool:
    return _has(change.old, thing) and _values(change.old, THINGS[thing]) == _values(change.new, THINGS[thing])


def _has(details: Details, thing: str) -> bool:
    return any(_values(details, THINGS[thing]))


def _values(details: Details, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the details of a thing; an IBAN is the same however it is grouped."""
    values = (getattr(details, name) for name in names)
    return tuple("".join(value.split()) if "iban" in names else value for value in values)


def _origin(campaign: Campaign) -> Origin:
    sender, old, new = (
        _comparable(address)
        for address in (campaign.sender.mailbox.address, campaign.change.old.email, campaign.change.new.email)
    )
    if sender == new:
        return Origin.NEW
    if sender == old:
        return Origin.OLD
    # where the old one is not named, nobody can tell whether this is it
    return Origin.OTHER if old else Origin.SAME


def _comparable(address: str) -> str:
    """Return an address as another spelling of it is returned too; the sender's domain is in its ASCII form already."""
    try:
        return identity(parse_own_address(address)) if address else ""
    except ValueError:
        return address


def _ways(moved: frozenset[str], unchanged: tuple[str, ...]) -> Iterator[Way]:
    """Yield by what a notice can be verified, the best first."""
    if not moved & {"phone", "mobile"}:
        yield Way.PHONE
    elif "phone" in unchanged:
        yield Way.LANDLINE
    elif "mobile" in unchanged:
        yield Way.MOBILE
    if "website" in unchanged:
        yield Way.WEBSITE
    if moved & {"phone", "mobile"} and not {"phone", "mobile", "website"} & {*unchanged}:
        if "address" not in moved:
            yield Way.POST
        yield Way.PERSON
