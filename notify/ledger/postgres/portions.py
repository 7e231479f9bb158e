"""Portions: some hundred recipients of one campaign, which one worker at a time leases.

A lease is over at a moment of the server's clock, and is renewed until then. Each has an epoch, one more than the one
before it. Whoever was in flight under an earlier one is in doubt as soon as the portion is leased again, and nothing
that an earlier owner still wants to record is recorded: it is fenced.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from notify.core.pace import LONGEST_WAIT
from notify.core.record import record
from notify.errors import BusyError
from notify.ledger.postgres.dialect import own_queries
from notify.ledger.queries import as_text

if TYPE_CHECKING:
    from notify.ledger.connection import Row
    from notify.ledger.postgres.connection import Session
    from notify.ledger.postgres.store import PostgresStore
    from notify.ledger.versions import CampaignRecord

#: Every statement of portions.sql, by name.
PORTION_QUERIES = own_queries("portions.sql")

#: How many recipients a portion has at most.
SIZE = 500

#: A campaign with more counts is summed up.
_MANY_COUNTS = 2_000

#: So long is waited for the answers to messages that are being handed over, and so often it is looked for them.
_LONGEST_ANSWER_S, _LOOK_AGAIN_S = 90.0, 0.05

#: Of Linux's clocks that nobody sets, the one that goes on while the machine is suspended.
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def running_s() -> float:
    """Return the seconds of a clock that nobody sets, and that goes on while this process or the machine does not."""
    return time.clock_gettime(_CLOCK)


@record(frozen=True, slots=True)
class Portion:
    """Recipients of a campaign: those with the numbers from ``first`` to ``last``, or of them only the ``chosen``.

    ``given_back_by``: who was given back until then belongs to it; empty is nobody.
    """

    id: int
    first: int
    last: int
    chosen: tuple[int, ...] | None
    given_back_by: str


@record(frozen=True, slots=True)
class Lease:
    """A portion that an owner has been given. ``campaign`` is its number; ``epoch`` counts the leases of the portion.

    ``since`` is when it was asked for, by :func:`running_s`. ``in_doubt``: how many were in flight when an earlier
    owner lost it, and are in doubt now.
    """

    portion: Portion
    epoch: int
    campaign: int
    since: float
    in_doubt: int = 0

    @property
    def run(self) -> str:
        """What stands as the run of whoever is in flight under it."""
        return f"{self.portion.id}/{self.epoch}"

    def values(self) -> dict[str, object]:
        """Return what the statements about one portion want."""
        portion = self.portion
        return {
            "portion": portion.id,
            "epoch": self.epoch,
            "campaign": self.campaign,
            "members": list(range(portion.first, portion.last + 1) if portion.chosen is None else portion.chosen),
            "given_back_by": portion.given_back_by,
        }


class Portions:
    """The portions of a ledger that several workers share. Every method is a durable transaction."""

    def __init__(self, store: PostgresStore, *, size: int = SIZE) -> None:
        """Make portions of up to ``size`` recipients."""
        self._store = store
        self._size = size

    def place(
        self, campaign: CampaignRecord, now: dt.datetime, only: Sequence[str] = (), limit: int | None = None
    ) -> list[Portion]:
        """Make portions of those who could be sent to at this moment and are in none yet, and return them.

        :param only: identities; when given, of nobody else.
        :param limit: of at most so many; None is all.
        """
        values = _due(campaign, now) | {"size": self._size, "only": list(only), "anybody": not only, "most": limit}
        with self._store.concurrent() as db:
            db.execute(PORTION_QUERIES["wait_to_place"], values)
            return [_portion(row) for row in db.execute(PORTION_QUERIES["place"], values)]

    def gather(self, campaign: CampaignRecord, now: dt.datetime) -> list[Portion]:
        """Make portions of those who wait again, deferred and due or given back, and return them.

        Whoever was never placed stays out: that is the user's to say. As somebody calls this again and again while
        there is work, it also sums up what the workers have counted.
        """
        values = _due(campaign, now) | {"size": self._size, "most": _MANY_COUNTS}
        with self._store.concurrent() as db:
            # whoever does so renews leases as well, and must not wait
            if not _is_so(db, "may_place", values):
                return []
            if _is_so(db, "many_tallies", values):
                db.execute(PORTION_QUERIES["compact"], values)
            if db.execute(PORTION_QUERIES["anybody_to_gather"], values).fetchone() is None:
                return []
            return [_portion(row) for row in db.execute(PORTION_QUERIES["gather"], values)]

    def take(self, owner: str, campaign: int, now: dt.datetime, *, lease_s: float) -> Lease | None:
        """Lease the next portion that nobody has, or whose owner's lease is over; None where there is none.

        Next are those of deferred recipients, and last those of who was given back. Whoever was being handed over by an
        earlier owner is in doubt then.

        :param owner: names this process, and no other one, now or later.
        :param campaign: its number.
        """
        return self._take("take", {"owner": owner, "campaign": campaign, "lease_s": lease_s}, now)

    def take_that(self, owner: str, portion: int, now: dt.datetime, *, lease_s: float) -> Lease | None:
        """Lease one portion in the same way; None where somebody has it, or is done with it."""
        return self._take("take_that", {"owner": owner, "portion": portion, "lease_s": lease_s}, now)

    def _take(self, query: str, values: dict[str, object], now: dt.datetime) -> Lease | None:
        # the server counts from a moment that is later, so here it is over before it is there
        before = running_s()
        with self._store.concurrent() as db:
            row = db.execute(PORTION_QUERIES[query], values).fetchone()
            if row is None:
                return None
            lease = Lease(_portion(row), row["epoch"], row["campaign"], before)
            left = lease.values() | {"now": as_text(now)}
            in_doubt = 0
            if lease.epoch > 1:
                db.execute(PORTION_QUERIES["note_left_in_flight"], left)
                in_doubt = db.execute(PORTION_QUERIES["doubt_left_in_flight"], left).rowcount
        return replace(lease, in_doubt=in_doubt)


def wait_for_workers(db: Session, campaign: CampaignRecord) -> None:
    """Wait, in a transaction, until no worker hands over anybody of a campaign; until its end none begins to.

    What is written then about whoever was in flight would hold up their answers until the commit, and the leases with
    them.

    :raises BusyError: a relay takes too long to answer.
    """
    values = {"campaign": campaign.number}
    db.execute(PORTION_QUERIES["begin_enrolment"], values)
    end = running_s() + _LONGEST_ANSWER_S
    while db.execute(PORTION_QUERIES["anybody_in_flight"], values).fetchone():
        if running_s() > end:
            raise BusyError(
                "Workers hand over messages of this campaign, and a relay takes long to answer.",
                hint="Run the same command again in some minutes.",
            )
        time.sleep(_LOOK_AGAIN_S)


def _is_so(db: Session, query: str, values: dict[str, object]) -> bool:
    (is_so,) = db.execute(PORTION_QUERIES[query], values).fetchone() or (False,)
    return bool(is_so)


def _due(campaign: CampaignRecord, now: dt.datetime) -> dict[str, object]:
    return {"campaign": campaign.number, "now": as_text(now), "beyond": as_text(now + LONGEST_WAIT)}


def _portion(row: Row) -> Portion:
    chosen = None if row["chosen"] is None else tuple(row["chosen"])
    return Portion(row["id"], row["first"], row["last"], chosen, row["given_back_by"])
