"""What is announced: only what differs, in the reader's language, with dates as people write them."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.core.campaign import DETAIL_LABELS, LANGUAGES, Campaign, Change, ChangedDetail, Details, Sender, in_words
from notify.core.message import Mailbox

OLD = Details(email="info@alt.example", phone="+49 40 111111", city="Hamburg")
#: What a detail may be; the empty one is none.
details = st.builds(Details, **{field.name: st.sampled_from(["", "a", "A", "a ", "b"]) for field in fields(Details)})


@pytest.mark.parametrize(
    ("day", "language", "words"),
    [
        (dt.date(2026, 12, 1), "de", "1. Dezember 2026"),
        (dt.date(2026, 12, 1), "en", "1 December 2026"),
        (dt.date(2027, 1, 31), "de", "31. Januar 2027"),
        (dt.date(2027, 1, 31), "en", "31 January 2027"),
        (dt.date(2028, 2, 29), "de", "29. Februar 2028"),
        (dt.date(2027, 3, 10), "de", "10. März 2027"),
        (dt.date(2027, 3, 10), "en", "10 March 2027"),
        (dt.date(2027, 5, 2), "en", "2 May 2027"),
        (dt.date(2026, 12, 1), "fr", "1er décembre 2026"),
        (dt.date(2027, 8, 31), "fr", "31 août 2027"),
    ],
)
def test_dates(day: dt.date, language: str, words: str) -> None:
    """No zero in front, the month in words, the year in full."""
    assert in_words(day, language) == words


@pytest.mark.parametrize("language", sorted(DETAIL_LABELS))
def test_every_month_has_its_own_name(language: str) -> None:
    """Twelve months, none twice."""
    assert len({in_words(dt.date(2026, month, 3), language) for month in range(1, 13)}) == 12


@pytest.mark.parametrize("language", sorted(DETAIL_LABELS))
def test_every_detail_has_a_label(language: str) -> None:
    """In every language, in the order in which details are announced, and no two alike."""
    assert list(DETAIL_LABELS[language]) == [field.name for field in fields(Details)]
    assert len(set(DETAIL_LABELS[language].values())) == len(fields(Details))
    assert all(DETAIL_LABELS[language].values())


def test_languages_have_their_words() -> None:
    """Whatever notify writes in can be labelled and dated."""
    assert set(LANGUAGES) <= set(DETAIL_LABELS)


@pytest.mark.parametrize(
    ("new", "changes"),
    [
        (OLD, []),
        (replace(OLD, email="info@neu.example"), [ChangedDetail("E-Mail", "info@alt.example", "info@neu.example")]),
        (replace(OLD, phone=""), [ChangedDetail("Telefon", "+49 40 111111", "")]),
        (replace(OLD, website="https://muster.example"), [ChangedDetail("Website", "", "https://muster.example")]),
        # a blank more is a change; whether it is meant is not ours to say
        (replace(OLD, city="Hamburg "), [ChangedDetail("Ort", "Hamburg", "Hamburg ")]),
        (
            Details(account_holder="Muster PR", street="Weg 1"),
            [
                ChangedDetail("E-Mail", "info@alt.example", ""),
                ChangedDetail("Telefon", "+49 40 111111", ""),
                ChangedDetail("Straße", "", "Weg 1"),
                ChangedDetail("Ort", "Hamburg", ""),
                ChangedDetail("Kontoinhaber", "", "Muster PR"),
            ],
        ),
    ],
)
def test_only_what_differs(new: Details, changes: list[ChangedDetail]) -> None:
    """What stays is left out; what is on one side only has come or gone."""
    assert list(Change(OLD, new).changes("de")) == changes


def test_labels_in_the_reader_s_language() -> None:
    """The values are the same in every language."""
    change = Change(OLD, replace(OLD, phone="+49 40 222222"))
    assert list(change.changes("en")) == [ChangedDetail("Phone", "+49 40 111111", "+49 40 222222")]


@given(details, details)
def test_changes_tell_the_whole_difference(old: Details, new: Details) -> None:
    """Whoever knows the old details and the changes knows the new ones."""
    changes = {change.label: change for change in Change(old, new).changes("de")}
    for field in fields(Details):
        before, after = getattr(old, field.name), getattr(new, field.name)
        change = changes.pop(DETAIL_LABELS["de"][field.name], None)
        assert (before == after) == (change is None)
        if change is not None:
            assert (change.old, change.new) == (before, after)
    assert changes == {}


@given(details)
def test_given_details(some: Details) -> None:
    """Those that are there, in their order."""
    given_details = some.given()
    assert Details(**given_details) == some
    assert all(given_details.values())
    assert list(given_details) == [field.name for field in fields(Details) if field.name in given_details]


@pytest.mark.parametrize(
    ("address", "domain"),
    [("info@alt.example", "alt.example"), ("a@b@c.example", "c.example"), ('"a@b"@c.example', "c.example")],
)
def test_the_sender_s_domain(address: str, domain: str) -> None:
    """What stands behind the last @: Message-IDs are made in it."""
    assert Sender(Mailbox("Muster PR", address), address, address).domain == domain


@pytest.mark.parametrize(
    ("address", "name", "answers"),
    [
        ("", "", Mailbox("Büro", "info@neu.example")),
        ("info@neu.example", "", Mailbox("Büro", "info@neu.example")),
        ("info@neu.example", "Team", Mailbox("Team", "info@neu.example")),
        ("team@neu.example", "", Mailbox("", "team@neu.example")),
    ],
)
def test_where_answers_go(address: str, name: str, answers: Mailbox) -> None:
    """What a template says comes first; the sender's name stands with the sender's address alone."""
    sender = Sender(Mailbox("Muster PR", "info@alt.example"), "info@neu.example", "info@alt.example", "Büro")
    assert sender.answers(address, name) == answers


def test_deadline() -> None:
    """The day of the deadline is still a day to send on; without one there is no end."""
    sender = Sender(Mailbox("", "info@alt.example"), "", "")
    campaign = Campaign("test", sender, deadline=dt.date(2026, 12, 20))
    assert [campaign.is_over(dt.date(2026, 12, day)) for day in (19, 20, 21)] == [False, False, True]
    assert not Campaign("test", sender).is_over(dt.date.max)
