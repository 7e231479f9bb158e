"""What a change comes to, told without words."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.core.announcement import THINGS, Announcement, Origin, Way, When, announce, when
from notify.core.campaign import Campaign, Change, Details, Sender
from notify.core.iban import FormerIban, Iban
from notify.core.message import Mailbox

ALL = Details(
    name="Muster PR",
    owner="Anna Muster",
    email="info@alt.example",
    phone="1",
    mobile="2",
    fax="3",
    website="https://alt.example",
    street="Altweg 1",
    postcode="20095",
    city="Hamburg",
    iban="DE02 1203 0000 0000 2020 51",
    bic="X",
    bank="Altbank",
    account_holder="Anna Muster",
)
DAY = dt.date(2026, 12, 15)


def told(old: Details, new: Details, sender: str = "info@alt.example") -> Announcement:
    """Return the facts of a change."""
    return announce(Campaign("x", Sender(Mailbox("", sender), sender, sender), change=Change(old, new), written=DAY))


@pytest.mark.parametrize(
    ("changed", "new", "gone"),
    [
        ({"email": "info@neu.example"}, ["email"], []),
        ({"email": "", "fax": ""}, [], ["email", "fax"]),
        ({"city": "Bremen"}, ["address"], []),
        ({"street": "", "postcode": ""}, ["address"], []),
        ({"street": "", "postcode": "", "city": ""}, [], ["address"]),
        # all of an account is told as the account; alone, each by itself
        ({"iban": "DE89", "bank": "Neubank", "bic": "Y", "account_holder": "Muster GmbH"}, ["bank"], []),
        ({"account_holder": "Muster GmbH"}, ["account_holder"], []),
        ({"bank": "Neubank", "bic": ""}, ["bank_name"], ["bic"]),
        ({"iban": "", "bic": "", "bank": "", "account_holder": ""}, [], ["bank"]),
        # the same account, grouped otherwise
        ({"iban": "DE02120300000000202051"}, [], []),
    ],
)
def test_what_is_new_and_what_ends(changed: dict[str, str], new: list[str], gone: list[str]) -> None:
    """A thing is told once, however many details of it differ."""
    facts = told(ALL, replace(ALL, **changed))
    assert (list(facts.new), list(facts.gone)) == (new, gone)


def test_unchanged_is_what_both_sides_name() -> None:
    """What one side alone names, or none, is not said to stay; an account goes for all that belongs to it."""
    assert told(ALL, ALL).unchanged == tuple(
        thing for thing in THINGS if thing not in {"account_holder", "bank_name", "bic"}
    )
    assert told(Details(phone="1"), Details(phone="1", fax="3")).unchanged == ("phone",)
    assert told(Details(), Details()).unchanged == ()
    # of another account: its holder is the same
    assert "account_holder" in told(ALL, replace(ALL, iban="DE89")).unchanged


details = st.builds(Details, **{field.name: st.sampled_from(["", "a", "b"]) for field in fields(Details)})


@given(details, details)
def test_nothing_is_two_things_at_once(old: Details, new: Details) -> None:
    """New, ended and unchanged exclude each other; what differs is told, and nothing that does not."""
    facts = told(old, new)
    every = [*facts.new, *facts.gone, *facts.unchanged]
    assert len(every) == len(set(every))
    assert bool(facts.new or facts.gone) == (old != new)
    assert set(facts.former) <= {*facts.new, *facts.gone}
    assert facts.verify_by


@given(details, details)
def test_no_way_leads_over_what_changes(old: Details, new: Details) -> None:
    """Whatever changes, a notice is not verified by it."""
    facts = told(old, new)
    moved = {*facts.new, *facts.gone}
    over = {
        Way.PHONE: {"phone", "mobile"},
        Way.LANDLINE: {"phone"},
        Way.MOBILE: {"mobile"},
        Way.WEBSITE: {"website"},
        Way.POST: {"address"},
        Way.PERSON: set[str](),
    }
    for way in facts.verify_by:
        assert not over[way] & moved
        assert way not in {Way.LANDLINE, Way.MOBILE, Way.WEBSITE} or over[way] <= {*facts.unchanged}


@pytest.mark.parametrize(
    ("old", "new", "sender", "origin"),
    [
        ("info@alt.example", "info@neu.example", "info@alt.example", Origin.OLD),
        ("info@alt.example", "info@neu.example", "INFO@neu.example", Origin.NEW),
        ("info@alt.example", "info@neu.example", "me@example.com", Origin.OTHER),
        ("info@alt.example", "", "info@alt.example", Origin.OLD),
        ("info@alt.example", "info@alt.example", "me@example.com", Origin.SAME),
        # announced as people read it, written from as it goes on the wire
        ("info@müller.example", "info@neu.example", "info@xn--mller-kva.example", Origin.OLD),
        # the old one is not named, and may be this one
        ("", "info@neu.example", "me@example.com", Origin.SAME),
        ("", "info@neu.example", "info@neu.example", Origin.NEW),
    ],
)
def test_from_where_it_comes(old: str, new: str, sender: str, origin: Origin) -> None:
    """Old, new, or neither; nothing is told of an address that stays."""
    assert told(Details(email=old), Details(email=new), sender).origin is origin


def test_dates() -> None:
    """Seen from the day of writing; who does not know it sees everything ahead."""
    days = [None, DAY - dt.timedelta(days=1), DAY, DAY + dt.timedelta(days=1)]
    assert [when(day, DAY) for day in days] == [When.OPEN, When.PAST, When.TODAY, When.FUTURE]
    assert [when(day, None) for day in days] == [When.OPEN, When.FUTURE, When.FUTURE, When.FUTURE]


def test_iban() -> None:
    """It prints in groups that hold together, the old one by its last four places, and is compared without blanks."""
    written = "de89 3704 0044 0532 0130 00"
    assert str(Iban(written)) == f"{Iban(written)}" == "DE89 3704 0044 0532 0130 00".replace(" ", "\xa0")
    assert str(Iban("NO93 8601 1117 947")) == "NO93\xa08601\xa01117\xa0947"
    assert str(FormerIban(written)) == "DE\xa0…\xa03000"
    assert Iban(written) == FormerIban("DE89370400440532013000")
