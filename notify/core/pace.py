"""When the next message may leave: the rates promised to a relay, batches, and the waits before a retry."""

from __future__ import annotations

import datetime as dt
import re
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_UNITS = {
    "s": 1,
    "sec": 1,
    "second": 1,
    "min": 60,
    "minute": 60,
    "h": 3600,
    "hour": 3600,
    "day": 86400,
}

#: How long a recipient waits after its n-th deferral; the last wait repeats. The first is longer than the ten minutes
#: that greylisting wants (RFC 6647, 2.1).
RETRY_MINUTES = (15, 30, 60, 120, 240, 360)

#: How long a recipient is tried after its first deferral, as Postfix's ``maximal_queue_lifetime``.
LONGEST_DEFERRAL = dt.timedelta(days=5)

#: Longer than any recipient waits for its next try, with room for a clock that is set right by some hours.
LONGEST_WAIT = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rate:
    """At most ``count`` messages in any ``per_s`` seconds."""

    count: int
    per_s: int

    @classmethod
    def parse(cls, text: str) -> Rate:
        """Read ``30/min``, ``400/hour``, ``2000/day``, ``5/s``.

        :raises ValueError: with the reason, when it is none of these.
        """
        found = re.fullmatch(r"\s*(\d+)\s*/\s*([a-z]+)\s*", text.lower())
        if found is None or found[2] not in _UNITS:
            raise ValueError(f'"{text}" is not a rate; write it as "30/min", "400/hour" or "2000/day"')
        if int(found[1]) == 0:
            raise ValueError(f'"{text}" would never send anything')
        return cls(int(found[1]), _UNITS[found[2]])

    def __str__(self) -> str:
        unit = {1: "s", 60: "min", 3600: "hour", 86400: "day"}[self.per_s]
        return f"{self.count}/{unit}"


def retry_delay(deferrals: int) -> dt.timedelta:
    """Return how long to wait after the ``deferrals``-th deferral of a recipient, counted from 1."""
    return dt.timedelta(minutes=RETRY_MINUTES[min(deferrals, len(RETRY_MINUTES)) - 1])


class Pace:
    """Hands out the moments at which messages may leave.

    Every rate is kept over its sliding window, and the shortest one is spread evenly, because relays look at bursts.
    It starts from the moments at which messages left before, so that a restart forgets nothing. Without rates every
    moment is now. Moments are seconds of any one clock.
    """

    def __init__(self, rates: Sequence[Rate], past: Iterable[float] = ()) -> None:
        self._rates = tuple(rates)
        self._left: deque[float] = deque(past, maxlen=max((rate.count for rate in rates), default=1))
        shortest = min(self._rates, key=lambda rate: rate.per_s, default=None)
        self._gap_s = shortest.per_s / shortest.count if shortest else 0.0

    def next_moment(self, now: float) -> float:
        """Return when the next message may leave, ``now`` at the earliest."""
        if not self._rates or not self._left:
            return now
        moments = [now, self._left[-1] + self._gap_s]
        moments += [self._left[-rate.count] + rate.per_s for rate in self._rates if len(self._left) >= rate.count]
        return max(moments)

    def book(self, moment: float) -> None:
        """Take note that a message leaves at ``moment``."""
        self._left.append(moment)

    def forecast(self, now: float, messages: int, batch: int, pause_s: float) -> float:
        """Return when the last of ``messages`` would leave, with a pause after each batch. Nothing is booked."""
        trial = Pace(self._rates, self._left)
        moment = now
        for number in range(messages):
            if number and number % batch == 0:
                moment += pause_s
            moment = trial.next_moment(moment)
            trial.book(moment)
        return moment
