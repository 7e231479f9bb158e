"""When the next message may leave: the rates promised to a relay, batches, and the waits before a retry."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import Counter, OrderedDict, deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, pairwise

from notify.core.local_day import day_of
from notify.core.mail_host import NO_HOSTS, MailHosts
from notify.core.ramp import Allowance
from notify.core.record import record
from notify.core.window import Window

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

#: How long a recipient that is deferred is tried, as Postfix's ``maximal_queue_lifetime``; see :func:`is_given_up`.
LONGEST_DEFERRAL = dt.timedelta(days=5)

#: How long a relay that is in trouble is probed. No recipient is charged for it.
LONGEST_TROUBLE = dt.timedelta(days=5)

#: Longer than any recipient waits for its next try, with room for a clock that is set right by some hours.
LONGEST_WAIT = dt.timedelta(days=1)


@record(frozen=True, slots=True)
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


def is_given_up(deferrals: Sequence[dt.datetime], now: dt.datetime) -> bool:
    """Tell whether a recipient that is deferred ``now``, after ``deferrals`` in their order, is not tried any more.

    Postfix compares the age of a message. But notify is not there all the time, and a clock may be wrong, so only the
    time of trying counts: of the wait after each deferral no more than was due, and nothing where a clock was set back.
    Whatever lies between the tries, nobody is given up after fewer of them than five days hold.
    """
    waits = (max(later - earlier, dt.timedelta()) for earlier, later in pairwise([*deferrals, now]))
    tried = sum((min(wait, retry_delay(number)) for number, wait in enumerate(waits, start=1)), dt.timedelta())
    return tried > LONGEST_DEFERRAL


def probe_delay(probes: int) -> dt.timedelta:
    """Return how long to leave a relay alone that is in trouble, before the ``probes``-th probe, counted from 1.

    From half a minute to half an hour, doubling.
    """
    return min(dt.timedelta(seconds=30 * (1 << min(probes - 1, 10))), dt.timedelta(minutes=30))


class Pace:
    """Hands out the moments at which messages may leave.

    Every rate is kept over its sliding window, and the shortest one is spread evenly, because relays look at bursts.
    It starts from the moments at which messages left before, so that a restart forgets nothing. Without rates a
    message may leave at any moment. Moments are seconds since 1970; what is after now, because the clock was set back,
    counts as now.
    """

    def __init__(
        self,
        rates: Sequence[Rate],
        past: Iterable[tuple[float, str]] = (),
        *,
        per_domain: Sequence[Rate] = (),
        hosts: MailHosts = NO_HOSTS,
        window: Window | None = None,
        allowance: Allowance | None = None,
    ) -> None:
        """Begin with what left before, the oldest first: when, and to which domain.

        :param per_domain: the rates towards each domain of recipients, kept beside the others and not spread. Domains
            that have their mail at one host count as one.
        :param hosts: which those are.
        :param window: the hours at which messages may leave.
        :param allowance: how many may leave on each day; it knows by itself what left before.
        """
        self._all = _Kept(rates, spread=True)
        self._per_domain = tuple(per_domain)
        self._hosts = hosts
        # by mail host; whoever was written to last stands last
        self._domains: OrderedDict[str, _Kept] = OrderedDict()
        self._latest = -math.inf
        self._window = window
        self._allowance = allowance
        for moment, domain in past:
            self._keep(moment, domain)

    @property
    def knows_domains(self) -> bool:
        """Whether the domain of a message makes any difference."""
        return bool(self._per_domain)

    def together_with(self, domains: Collection[str]) -> set[str]:
        """Return these domains, and all that are known to count with them."""
        return self._hosts.together_with(domains)

    def expect(self, domains: Iterable[str]) -> None:
        """Be told to which domains the next messages go: nothing is reserved ahead here."""

    def next_moment(self, now: float, domain: str = "") -> float:
        """Return when the next message to a domain may leave, ``now`` at the earliest."""
        moment = self._all.next_moment(now)
        if self._domains and (kept := self._domains.get(self._hosts.of(domain))):
            moment = max(moment, kept.next_moment(now))
        if self._allowance:
            moment = self._allowance.next_moment(now, moment)
        return self._window.opens(moment) if self._window else moment

    def book(self, moment: float, domain: str = "") -> None:
        """Take note that a message to a domain leaves at ``moment``."""
        if self._allowance:
            self._allowance.book(moment)
        self._keep(moment, domain)

    def give_back(self) -> None:
        """Give back what is reserved for messages that do not leave: nothing is."""

    def _keep(self, moment: float, domain: str) -> None:
        self._all.book(moment)
        if self._per_domain and domain:
            self._forget_domains(moment)
            host = self._hosts.of(domain)
            kept = self._domains.setdefault(host, _Kept(self._per_domain))
            kept.book(moment)
            self._domains.move_to_end(host)

    def forecast(self, now: float, messages: int, batch: int, pause_s: float, most: tuple[str, int] = ("", 0)) -> float:
        """Return when the last of ``messages`` would leave, with a pause after each batch. Nothing is booked.

        :param most: a domain at the mail host to which most of them go, and how many those are.
        """
        if messages and not (self._window or self._allowance) and self._all.is_even:
            # where nothing but this tells, a million need not be gone through
            pauses = (messages - 1) // batch
            last = now + pauses * max(pause_s, self._all.gap_s) + (messages - 1 - pauses) * self._all.gap_s
        else:
            last = max(self._foreseen(now, messages, batch, pause_s), default=now)
        domain, to_it = most
        if self._per_domain and to_it:
            alone = Pace((), window=self._window)
            alone._all = self._domains.get(
                self._hosts.of(domain), _Kept(self._per_domain)
            )  # private, but of the same class
            last = max(chain([last], alone._foreseen(now, to_it)))
        return last

    def days(self, now: float, messages: int, batch: int, pause_s: float) -> dict[dt.date, int]:
        """Return how many of ``messages`` would leave on which day. Nothing is booked."""
        return Counter(map(day_of, self._foreseen(now, messages, batch, pause_s)))

    def _foreseen(self, now: float, messages: int, batch: int = 1, pause_s: float = 0) -> Iterator[float]:
        """Yield when each of ``messages`` would leave."""
        allowance = self._allowance.foreseen() if self._allowance else None
        trial = Pace((), window=self._window, allowance=allowance)
        trial._all = self._all.copy()
        moment = now
        for number in range(messages):
            if number and number % batch == 0:
                moment += pause_s
            moment = trial.next_moment(moment)
            trial.book(moment)
            yield moment

    def _forget_domains(self, now: float) -> None:
        """Forget the domains that nothing depends on any more: a list may have a million."""
        if now < self._latest:
            for kept in self._domains.values():
                kept.set_right(now)
        self._latest = now
        while self._domains and next(iter(self._domains.values())).is_over(now):
            self._domains.popitem(last=False)


class _Kept:
    """Rates, and the latest moments that they depend on."""

    def __init__(self, rates: Sequence[Rate], past: Iterable[float] = (), *, spread: bool = False) -> None:
        self._rates = tuple(rates)
        self._left: deque[float] = deque(past, maxlen=max((rate.count for rate in rates), default=1))
        self._longest_s = max((rate.per_s for rate in self._rates), default=0)
        shortest = min(self._rates, key=lambda rate: rate.per_s, default=None)
        #: So long after a message the next one leaves at the earliest.
        self.gap_s = shortest.per_s / shortest.count if shortest and spread else 0.0

    @property
    def is_even(self) -> bool:
        """Whether one message may leave after another, each after the same time: one rate, and nothing has left."""
        return len(self._rates) <= 1 and not self._left

    def next_moment(self, now: float) -> float:
        if not self._rates or not self._left:
            return now
        self.set_right(now)
        moments = [now, self._left[-1] + self.gap_s]
        moments += [self._left[-rate.count] + rate.per_s for rate in self._rates if len(self._left) >= rate.count]
        return max(moments)

    def book(self, moment: float) -> None:
        self._left.append(moment)
        # what no rate reaches any more: of a million in a second, a million would be kept for ever
        while self._left[0] + self._longest_s < moment:
            self._left.popleft()

    def set_right(self, now: float) -> None:
        """Count moments after now as now: the clock was set back, and rates must not delay anything by years."""
        if self._left and self._left[-1] > now:
            self._left = deque((min(moment, now) for moment in self._left), self._left.maxlen)

    def is_over(self, now: float) -> bool:
        """Tell whether all of it is so long ago that no rate depends on it."""
        self.set_right(now)
        return self._left[-1] + self._longest_s <= now

    def copy(self) -> _Kept:
        kept = _Kept(self._rates, self._left)
        kept.gap_s = self.gap_s
        return kept
