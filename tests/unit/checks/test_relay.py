"""What a relay offers, and what its limits make of a campaign."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pytest

from notify.checks.facts import Facts
from notify.checks.relay import Mailing, Offered, relay_offers
from notify.checks.relay_limits import Planned, beyond_limits, most_within, takes_long, unknown_domain
from notify.checks.submission import Party, Submission
from notify.core.campaign import Campaign, Change, Details, Sender
from notify.core.message import Mailbox
from notify.core.pace import Rate

_NOW = dt.datetime(2026, 12, 1, 8, tzinfo=dt.UTC)
_HOURLY, _DAILY = Rate(500, 3600), Rate(2000, 86400)
_FAST = Rate(30, 60)


def _way(*rates: Rate, published: Sequence[Rate] = (_HOURLY,), young: bool = False, is_new: bool = False) -> Submission:
    by_age = ((7, (Rate(50, 3600),)), (30, (Rate(400, 3600),))) if young else ()
    carrier = Party("IONOS", (), "smtp.internal")
    way = Submission("notify.toml:9", "smtp.internal", "", Party(), carrier, rates=rates, published=tuple(published))
    return replace(way, while_young=by_age, is_age_given=is_new)


@pytest.mark.parametrize(
    ("rates", "published", "name"),
    [
        ((), [_HOURLY], None),
        ((Rate(500, 3600),), [_HOURLY], None),
        ((Rate(501, 3600),), [_HOURLY], "relay-limit"),
        ((_FAST,), [_HOURLY], "relay-limit"),
        ((_FAST, Rate(400, 3600)), [_HOURLY], None),
        ((Rate(400, 3600),), [_DAILY], "relay-limit"),
        ((Rate(1000, 86400),), [_HOURLY, _DAILY], "relay-limit"),
        ((_FAST, Rate(300, 86400)), [_HOURLY, _DAILY], None),
    ],
)
def test_a_rate_beyond_what_the_provider_takes(
    rates: Sequence[Rate], published: Sequence[Rate], name: str | None
) -> None:
    """Whatever spans both are said for; all rates of one side hold together."""
    found = [remark.name for remark in beyond_limits(_way(*rates, published=published))]
    assert found == ([name] if name else [])


def test_a_new_account() -> None:
    """Where its provider tells that it takes less of these, its age must be known."""
    (found,) = beyond_limits(_way(young=True))
    assert (found.name, "50/hour" in found.what, "30 days" in found.what) == ("relay-new", True, True)
    assert not [*beyond_limits(_way(young=True, is_new=True))]


def test_most_within() -> None:
    """A span that a rate does not fill holds as many as the rate has."""
    assert most_within(3600, [Rate(1000, 86400)]) == 1000
    assert most_within(90, [Rate(10, 60)]) == 20


@pytest.mark.parametrize(
    ("hours", "effective", "misses", "name"),
    [
        (3, None, False, None),
        (25, None, False, "relay-slow"),
        (20, dt.date(2026, 12, 1), False, None),
        (47, dt.date(2026, 12, 2), False, "relay-slow"),
        (3, None, True, "deadline-missed"),
    ],
)
def test_how_long_it_takes(hours: int, effective: dt.date | None, misses: bool, name: str | None) -> None:
    """Days are said before they have passed, and a deadline before it is missed."""
    sender = Sender(Mailbox("Berg", "a@berg.example"), "", "a@berg.example")
    facts = Facts(Campaign("x", sender, "de", Change(effective=effective)))
    plan = Planned(412, _NOW, _NOW, _NOW + dt.timedelta(hours=hours), misses)
    found = [remark.name for remark in takes_long(facts, plan, rates=[_HOURLY], where="notify.toml:9")]
    assert found == ([name] if name else [])


@pytest.mark.parametrize(
    ("recipients", "sender", "has_ramp", "is_said"),
    [
        (200, "a@new.example", False, True),
        (199, "a@new.example", False, False),
        (900, "a@new.example", True, False),
        (900, "a@old.example", False, False),
    ],
)
def test_a_domain_that_nobody_knows(recipients: int, sender: str, has_ramp: bool, is_said: bool) -> None:
    """Many at once from the one that is announced are said; from the old one, with a ramp, or few are not."""
    change = Change(Details(email="a@old.example"), Details(email="a@new.example"))
    facts = Facts(Campaign("x", Sender(Mailbox("Berg", sender), "", sender), "de", change))
    found = [remark.name for remark in unknown_domain(facts, recipients, has_ramp=has_ramp, where="notify.toml:9")]
    assert found == ["new-domain"] * is_said


def _without_pipelining(mailing: Mailing, connections: int = 1) -> str:
    offered = Offered("smtp.internal:465", {"size": "0"}, 0.05, connections)
    (found,) = relay_offers(offered, mailing, "notify.toml:9")
    assert found.name == "relay-pipelining"
    return found.what


def test_what_it_costs_that_a_relay_does_not_pipeline() -> None:
    """Two answers a message, unless the pace is slower than that anyway; who does not want it is told nothing."""
    assert "about 17 min for 10,000 recipients" in _without_pipelining(Mailing(10_000))
    assert "about 4 min" in _without_pipelining(Mailing(10_000), 4)
    assert "costs nothing at this rate" in _without_pipelining(Mailing(10_000, takes_s=60_000))
    assert not [*relay_offers(Offered("x", {}, pipelines=False), Mailing(), "notify.toml:9")]
