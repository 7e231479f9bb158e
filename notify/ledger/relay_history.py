"""What one relay has done before, in this run and in earlier ones: what its rates and its trust are judged by."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from notify.core.outcome import Phase
from notify.core.ramp import SendingDay
from notify.core.verdict import complains_of_rate
from notify.ledger.queries import as_moment, as_text
from notify.ledger.store import Store
from notify.ledger.versions import CampaignRecord


def sending_days(store: Store, relay: str) -> list[SendingDay]:
    """Return the days of local time on which a relay was asked to take messages of any campaign, and what it did."""
    complaints = {
        row["day"]
        for row in store.rows("troubles", relay=relay)
        if complains_of_rate(Phase(row["phase"]), row["reply"])
    }
    return [
        SendingDay(dt.date.fromisoformat(row["day"]), row["tried"], row["accepted"], row["day"] in complaints)
        for row in store.rows("sending_days", relay=relay)
    ]


class RelayHistory:
    """Reads what was handed over to one relay, under the name by which the attempts know it."""

    def __init__(self, store: Store, campaign: CampaignRecord, relay: str) -> None:
        self._store = store
        self._campaign = campaign.number
        self._relay = relay

    def has_sent(self) -> bool:
        """Tell whether this relay has ever taken a message, of any campaign."""
        return self._store.row("sent_through", relay=self._relay) is not None

    def answers(self, most: int) -> Sequence[tuple[dt.datetime, bool]]:
        """Return the latest answers to the final dot in this campaign, the oldest first: when, and whether it was lost.

        :param most: so many. One whose message is in doubt no more was not lost.
        """
        rows = self._store.rows("answers", relay=self._relay, campaign=self._campaign, most=most)
        return [(as_moment(row["time"]), bool(row["is_lost"])) for row in rows][::-1]

    def handed_over(
        self, most: int, since: dt.datetime, until: dt.datetime, *, to_a_domain: int = 0
    ) -> Sequence[tuple[dt.datetime, str]]:
        """Return when messages of any campaign left through this relay and to which domain, oldest first.

        :param most: so many of the latest.
        :param to_a_domain: and so many of the latest to each domain, however many left to others since.
        """
        period = {"since": as_text(since), "until": as_text(until)}
        # -1: without a limit; SQLite's own, and what is kept of the rows is little
        rows = self._store.rows("handed_over", relay=self._relay, most=-1 if to_a_domain else most, **period)
        found: Counter[str] = Counter()
        left: list[tuple[dt.datetime, str]] = []
        for number, row in enumerate(rows):
            domain = row["address"].rpartition("@")[2].lower()
            found[domain] += 1
            if number < most or found[domain] <= to_a_domain:
                left.append((as_moment(row["time"]), domain))
        return left[::-1]
