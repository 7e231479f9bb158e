"""A ramp: how many messages a new account or domain takes a day at first, and how that grows. Others call it warm-up.

Its days are calendar days in local time. Nothing is counted beside the attempts: where a ramp stands follows from what
the relay was asked to take on each day, and from what it said to that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from notify.core.late_pattern import late_pattern
from notify.core.local_day import day_of, start_of
from notify.core.record import record

if TYPE_CHECKING:
    from fractions import Fraction

_WRITTEN = 'write the first day, the growth and the most, as "50/day, x1.5, 2000/day"'
_NUMBER = "[0-9]{1,12}"
_A_DAY = rf"\s*({_NUMBER})\s*/\s*day\s*"
_FORM = late_pattern(rf"{_A_DAY},\s*(?:[x×*]\s*({_NUMBER}(?:\.{_NUMBER})?)|\+\s*({_NUMBER})\s*(%?))\s*,{_A_DAY}")
#: More is no pace any more.
_MOST = 1_000_000_000
_ONE_DAY = dt.timedelta(days=1)


@record(frozen=True, slots=True)
class SendingDay:
    """What one relay was asked to take on a day, and how much of it it accepted.

    ``complained``: it said that this was too much, or too fast.
    """

    date: dt.date
    tried: int = 0
    accepted: int = 0
    complained: bool = False


@record(frozen=True, slots=True)
class RampDay:
    """How a ramp stands on a day: what it allows, what of that was used, and what follows when all of it is sent.

    ``complained`` is the last day with messages, or today, when the relay complained on it and the ramp goes back.
    """

    allowed: int
    tried: int
    follows: int
    complained: dt.date | None = None

    @property
    def left(self) -> int:
        """How many may still leave."""
        return max(0, self.allowed - self.tried)


@record(frozen=True, slots=True)
class Ramp:
    """``first`` messages on the first day, ``factor`` times as many and ``step`` more on the next, up to ``most``.

    A day counts when the relay has accepted at least half of what it allowed: neither a weekend nor a few tests make
    anything grow. After a day on which the relay complained it goes back to what was accepted on it.
    """

    first: int
    factor: Fraction
    step: int
    most: int

    @classmethod
    def parse(cls, text: str) -> Ramp:
        """Read ``50/day, x1.5, 2000/day``; the growth may also be ``+50%``, or ``+25`` for so many more each day.

        :raises ValueError: with what is wrong about it, to be said after it.
        """
        found = _FORM.fullmatch(text.lower())
        if found is None:
            raise ValueError(f"is not a ramp; {_WRITTEN}")
        # few have a ramp, and all that reads notify.toml would load it
        from fractions import Fraction

        first, factor, more, percent, most = found.groups()
        step = int(more) if more and not percent else 0
        ramp = cls(int(first), Fraction(factor or 1) + (Fraction(int(more), 100) if percent else 0), step, int(most))
        if problem := ramp._problem():  # private, but of the same class
            raise ValueError(f"{problem}; {_WRITTEN}")
        return ramp

    def _problem(self) -> str:
        """Return why it would never send, or never grow; empty when it is sound."""
        if self.first == 0:
            return "would never send anything"
        if self.factor + self.step <= 1:
            return "would not grow"
        if self.most <= self.first:
            return f"ends at {self.most} a day, which is not more than the {self.first} of its first day"
        if max(self.most, int(self.factor), self.step) > _MOST:
            return "is more than notify can count"
        return ""

    def after(self, allowed: int, day: SendingDay) -> int:
        """Return what the day after ``day`` allows, which itself allowed ``allowed``."""
        if day.complained:
            # what took nothing all day begins anew
            return min(allowed, day.accepted or self.first)
        if 2 * day.accepted < allowed:
            return allowed
        return min(self.most, max(allowed + 1, int(allowed * self.factor) + self.step))

    def on(self, today: dt.date, days: Iterable[SendingDay]) -> RampDay:
        """Return how it stands on a day, after the days on which something was tried.

        What was tried a day later counts as tried today: the clock was ahead, or stood in a zone further east. What is
        further ahead does not count, or a wrong clock would hold up everything.
        """
        allowed, now, complained = self.first, SendingDay(today), None
        for day in sorted(days, key=lambda day: day.date):
            if day.date < today:
                allowed = self.after(allowed, day)
                complained = day.date if day.complained else None
            elif day.date <= today + _ONE_DAY:
                now = _together(now, day)
        follows = self.after(allowed, now if now.complained else SendingDay(today, accepted=allowed))
        return RampDay(allowed, now.tried, follows, today if now.complained else complained)

    def __str__(self) -> str:
        growth = f"+{self.step}" if self.step else f"x{float(self.factor):g}"
        return f"{self.first}/day, {growth}, {self.most}/day"


class Allowance:
    """What a ramp lets leave while a run goes on. Moments are seconds since 1970.

    ``recorded`` returns the days as the ledger knows them. It is asked when a day begins, for what came of the one
    before; within a day whatever is booked counts.
    """

    def __init__(self, ramp: Ramp, recorded: Callable[[], Iterable[SendingDay]]) -> None:
        self._ramp = ramp
        self._recorded = recorded
        self._day = dt.date.min
        self._left = 0

    def next_moment(self, now: float, moment: float) -> float:
        """Return when a message may leave that everything else lets leave at ``moment``."""
        self._turn(now)
        return moment if self._left > 0 else max(moment, start_of(self._day + _ONE_DAY))

    def book(self, moment: float) -> None:
        """Take note that a message leaves at ``moment``."""
        self._turn(moment)
        self._left -= 1

    def foreseen(self) -> Allowance:
        """Return the same for a forecast: whatever is booked counts as accepted."""
        return _Foreseen(self._ramp, {day.date: day for day in self._recorded()})

    def _turn(self, moment: float) -> None:
        """Begin the day of a moment. When the clock was set back, what is left of the later day stays left."""
        day = day_of(moment)
        if day > self._day:
            self._left = self._ramp.on(day, self._recorded()).left
        self._day = day


class _Foreseen(Allowance):
    """A copy that imagines the days to come."""

    def __init__(self, ramp: Ramp, days: Mapping[dt.date, SendingDay]) -> None:
        self._days = dict(days)
        super().__init__(ramp, self._days.values)

    def book(self, moment: float) -> None:
        """Take it as accepted."""
        super().book(moment)
        one = SendingDay(self._day, tried=1, accepted=1)
        self._days[self._day] = _together(one, self._days.get(self._day, SendingDay(self._day)))


def _together(one: SendingDay, other: SendingDay) -> SendingDay:
    return replace(
        one,
        tried=one.tried + other.tried,
        accepted=one.accepted + other.accepted,
        complained=one.complained or other.complained,
    )
