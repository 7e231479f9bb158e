"""Which mailboxes of the sender's own must be seen to receive, and which need not."""

from __future__ import annotations

import datetime as dt

import pytest

from notify.core.campaign import Campaign, Change, Details, Sender
from notify.core.message import Mailbox
from notify.core.own_mailbox import OwnMailbox, Role, own_mailboxes, states_of
from notify.core.probe import VALID_DAYS, Fate, Probe, SeenBy, Sighting

OLD, NEW, ELSEWHERE = "info@alt.internal", "info@neu.internal", "buero@anders.internal"
NOW = dt.datetime(2026, 12, 1, 9, 0, tzinfo=dt.UTC)
ANNOUNCED, ANSWERS, BOUNCES = Role.ANNOUNCED, Role.ANSWERS, Role.BOUNCES


def found(
    new: str = OLD, *, sender: str = OLD, reply_to: str = "", return_path: str = "", old: str = OLD
) -> list[tuple[str, tuple[Role, ...], bool]]:
    """Return the mailboxes of a campaign."""
    change = Change(Details(email=old), Details(email=new))
    who = Sender(Mailbox("", sender), reply_to or sender, return_path or sender)
    return [(one.address, one.roles, one.is_needed) for one in own_mailboxes(Campaign("c", who, change=change))]


def test_what_does_not_change() -> None:
    """A mailbox that is in use is asked for nothing: bank, telephone and office may change."""
    assert found() == found(new="", old="") == []


def test_a_new_address() -> None:
    """It is needed, and named once whatever it is for."""
    assert found(NEW) == [(NEW, (ANNOUNCED,), True)]
    assert found(NEW, reply_to=NEW, return_path=NEW.upper()) == [(NEW, (ANNOUNCED, ANSWERS, BOUNCES), True)]
    # also where it is from there that is written
    assert found(NEW, sender=NEW) == [(NEW, (ANNOUNCED, ANSWERS, BOUNCES), True)]


def test_others_at_its_domain() -> None:
    """They are as new as it is; elsewhere they are only looked at."""
    assert found(NEW, reply_to="antwort@neu.internal", return_path=ELSEWHERE) == [
        (NEW, (ANNOUNCED,), True),
        ("antwort@neu.internal", (ANSWERS,), True),
        (ELSEWHERE, (BOUNCES,), False),
    ]
    assert found(reply_to=ELSEWHERE, return_path=ELSEWHERE) == [(ELSEWHERE, (ANSWERS, BOUNCES), False)]


@pytest.mark.parametrize("address", ["info@neu.example", "info@example.com", "info@neu.test"])
def test_examples(address: str) -> None:
    """Nobody has them."""
    assert found(address, reply_to=address) == []


def _probe(hours: int, fate: Fate | None = None) -> Probe:
    seen = NOW + dt.timedelta(hours=hours)
    sighting = Sighting(fate, SeenBy.CODE) if fate else None
    return Probe(seen, NEW, OLD, "relay:465", f"<{hours}@alt.internal>", seen if fate else None, sighting)


def test_what_is_known() -> None:
    """What was sent before the last that is known is not waited for; a new one takes back that one came back."""
    mailbox = OwnMailbox(NEW, (ANNOUNCED,), is_needed=True)

    def state(*probes: Probe) -> tuple[bool, bool, bool]:
        (one,) = states_of([mailbox], probes)
        return one.is_proved_on(NOW.date()), one.has_returned, one.waiting is not None

    assert state() == (False, False, False)
    assert state(_probe(0)) == (False, False, True)
    assert state(_probe(1, Fate.ARRIVED), _probe(0)) == (True, False, False)
    assert state(_probe(1, Fate.RETURNED), _probe(0)) == (False, True, False)
    assert state(_probe(1, Fate.RETURNED), _probe(2)) == (False, False, True)
    assert state(_probe(1, Fate.ARRIVED), _probe(2)) == (True, False, True)


def test_for_how_long() -> None:
    """Thirty days, by the day."""
    arrived = _probe(0, Fate.ARRIVED)
    assert arrived.is_valid_on(NOW.date() + dt.timedelta(days=VALID_DAYS))
    assert not arrived.is_valid_on(NOW.date() + dt.timedelta(days=VALID_DAYS + 1))
    assert not _probe(0, Fate.RETURNED).is_valid_on(NOW.date())
    assert not _probe(0).is_valid_on(NOW.date())
