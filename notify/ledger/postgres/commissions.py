"""What workers are told of a campaign beside its portions: that it was placed, and whether something holds it."""

from __future__ import annotations

import datetime as dt

from notify.core.record import record
from notify.ledger.postgres.store import PostgresStore
from notify.ledger.postgres.workers import WORKER_QUERIES
from notify.ledger.queries import as_moment, as_text
from notify.ledger.versions import CampaignRecord


@record(frozen=True, slots=True)
class Held:
    """Why no worker begins anything of a campaign, and who has said so when."""

    why: str
    who: str
    when: dt.datetime


@record(frozen=True, slots=True)
class Commission:
    """A campaign that was placed. ``is_trusted``: its user trusts the ledger, whatever the journals hold."""

    is_trusted: bool
    held: Held | None = None


@record(frozen=True, slots=True)
class OpenPortions:
    """How many portions of a campaign are not done yet, and how many of them a worker has leased.

    ``are_more``: somebody waits again, deferred or given back, for whom one will be made.
    """

    open: int
    leased: int
    are_more: bool = False


class Commissions:
    """The campaigns of a ledger that were placed. Every method is a transaction of its own."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store

    def give(self, campaign: CampaignRecord, now: dt.datetime, *, is_trusted: bool = False) -> None:
        """Let workers deliver a campaign; whatever has held it is over."""
        values = {"campaign": campaign.number, "now": as_text(now), "is_trusted": is_trusted}
        with self._store.concurrent() as db:
            db.execute(WORKER_QUERIES["commission"], values)

    def hold(self, campaign: int, why: str, who: str, now: dt.datetime) -> None:
        """Let no worker begin anything of a campaign until it is placed again.

        :param campaign: its number.
        """
        values = {"campaign": campaign, "why": why, "who": who, "now": as_text(now)}
        with self._store.concurrent() as db:
            db.execute(WORKER_QUERIES["hold"], values)

    def find(self, campaign: int) -> Commission | None:
        """Return the commission of a campaign, given its number; None where it was never placed."""
        with self._store.concurrent() as db:
            row = db.execute(WORKER_QUERIES["commission_of"], {"campaign": campaign}).fetchone()
        if row is None:
            return None
        held = Held(row["held"], row["held_by"], as_moment(row["held_at"])) if row["held"] else None
        return Commission(row["is_trusted"], held)

    def record_of(self, campaign: int) -> CampaignRecord:
        """Return the record of a campaign, given its number."""
        with self._store.concurrent() as db:
            row = db.execute(WORKER_QUERIES["campaign"], {"campaign": campaign}).fetchone()
        assert row is not None  # noqa: S101  # a portion refers to it
        return CampaignRecord(*row)

    def open_portions(self, campaign: CampaignRecord) -> OpenPortions:
        """Return how many portions of a campaign are not done yet."""
        with self._store.concurrent() as db:
            row = db.execute(WORKER_QUERIES["open_portions"], {"campaign": campaign.number}).fetchone()
        return OpenPortions(*row) if row else OpenPortions(0, 0)
