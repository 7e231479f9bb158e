"""What a ramp lets leave on a day, used up by all machines together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from notify.core.local_day import day_of, start_of
from notify.core.ramp import Ramp, SendingDay
from notify.ledger.postgres.rates import Rates

_ONE_DAY = dt.timedelta(days=1)


class SharedAllowance:
    """Takes from what the day allows as much as is needed next. Moments are seconds since 1970.

    Where a ramp stands follows from the attempts, as ever: ``recorded`` returns the days as the ledger knows them.
    Within a day whatever was taken counts.
    """

    def __init__(self, rates: Rates, ramp: Ramp, recorded: Callable[[], Iterable[SendingDay]]) -> None:
        self._rates = rates
        self._ramp = ramp
        self._recorded = recorded
        self._day = dt.date.min
        self._allowed = 0
        self._tried = 0
        self._left = 0
        self._is_used_up = False

    def next_moment(self, now: float) -> float:
        """Return when the next message may leave, ``now`` at the earliest."""
        self._turn(now)
        if not self._left and not self._is_used_up:
            self._left = self._rates.use_day(self._day, self._allowed, self._tried, self._rates.most_together)
            self._is_used_up = self._left == 0
        return now if self._left else start_of(self._day + _ONE_DAY)

    def book(self) -> None:
        """Take note that a message leaves now."""
        self._left -= 1

    def give_back(self) -> None:
        """Let others have what was taken and not used."""
        if self._left > 0:
            self._rates.give_day_back(self._day, self._left)
        self._left = 0

    def _turn(self, now: float) -> None:
        """Begin the day of a moment; what was taken of the one before is over with it."""
        day = day_of(now)
        if day > self._day:
            today = self._ramp.on(day, self._recorded())
            self._day, self._allowed, self._tried = day, today.allowed, today.tried
            self._left, self._is_used_up = 0, False
