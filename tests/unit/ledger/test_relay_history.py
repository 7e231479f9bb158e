"""What a relay was asked to take on which day, as the ledger tells it to a ramp."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from notify.core.outcome import Action, Outcome, Phase, Reply, Scope
from notify.core.ramp import SendingDay
from notify.core.status import Status
from notify.ledger import open_store, sending_days
from tests.clocks import NEEDS_ZONES, in_zone
from tests.unit.ledger.mailing import NOW, RELAY, Mailing, outcome, settle

DAY = NOW.date()
QUOTA = Outcome(
    Status.PENDING, Scope.RELAY, Action.PAUSE, Phase.MAIL, Reply(450, ("4.7.1 Rate limit exceeded",)), "Words."
)


def _try(post: Mailing, address: str, tried: Outcome, now: dt.datetime, relay: str = RELAY) -> None:
    """Let one recipient be tried, without a dot where none can have left."""
    (claimed,) = post.run(relay=relay).claim(1, now, [address])
    settle(post.run(relay=relay), claimed.id, tried, now)


def test_days_of_all_campaigns(tmp_path: Path) -> None:
    """Tries of every campaign count, of this relay alone; what nobody was asked to take does not."""
    with open_store(tmp_path / "ledger.db", create=True) as store:
        post = Mailing(store)
        other = post.another("other")
        for one in (post, other):
            one.enrol("- anna@example.com", "- ben@example.com", "- cora@example.com", "- dan@example.com")
        assert sending_days(store, RELAY) == []
        post.bring("anna@example.com", Status.SENT)
        post.bring("ben@example.com", Status.FAILED, phase=Phase.RCPT)
        other.bring("anna@example.com", Status.SENT, now=NOW + dt.timedelta(days=1))
        other.bring("ben@example.com", Status.DEFERRED, now=NOW + dt.timedelta(days=1))
        _try(post, "cora@example.com", outcome(Status.FAILED, Phase.RCPT), NOW, relay="another.example:465")
        other.bring("cora@example.com", Status.PENDING, phase=Phase.CONNECT)
        other.transitions.expire(NOW)
        assert sending_days(store, RELAY) == [
            SendingDay(DAY, tried=2, accepted=1),
            SendingDay(DAY + dt.timedelta(days=1), tried=2, accepted=1),
        ]
        assert sending_days(store, "nobody.example:25") == []


@pytest.mark.parametrize(
    ("tried", "complains"),
    [
        (QUOTA, True),
        (outcome(Status.PENDING, Phase.MAIL), False),
        (outcome(Status.DEFERRED, Phase.RCPT), False),
    ],
)
def test_complaints(tmp_path: Path, tried: Outcome, *, complains: bool) -> None:
    """A day has a complaint when the relay said of itself that it takes no more; other trouble is none."""
    with open_store(tmp_path / "ledger.db", create=True) as store:
        post = Mailing(store)
        post.enrol("- anna@example.com", "- ben@example.com")
        post.bring("anna@example.com", Status.SENT)
        _try(post, "ben@example.com", tried, NOW)
        assert sending_days(store, RELAY) == [SendingDay(DAY, 2, 1, complained=complains)]


@NEEDS_ZONES
@pytest.mark.parametrize(("zone", "day"), [("Pacific/Kiritimati", 2), ("UTC", 1), ("Pacific/Pago_Pago", 1)])
def test_days_are_local(tmp_path: Path, zone: str, day: int) -> None:
    """A try counts on the day that the user's calendar shows."""
    with in_zone(zone), open_store(tmp_path / "ledger.db", create=True) as store:
        post = Mailing(store)
        post.enrol("- anna@example.com")
        post.bring("anna@example.com", Status.SENT, now=NOW.replace(hour=12))
        assert sending_days(store, RELAY) == [SendingDay(dt.date(2026, 12, day), 1, 1)]
