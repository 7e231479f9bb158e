"""The rates of a relay, kept by all machines together: moments are reserved in the database before a message leaves.

Only the server's clock counts: a moment is handed on as the seconds until then.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from notify.core.pace import Rate
from notify.core.record import record
from notify.ledger.connection import Connection
from notify.ledger.postgres.dialect import own_queries
from notify.ledger.postgres.store import PostgresStore

#: Every statement of rates.sql, by name.
_STATEMENTS = own_queries("rates.sql")

#: A moment is reserved when it comes within so many seconds: else whoever stops meanwhile has kept it from the others.
#: The relay's, so that all machines take turns that have one within that time; and a host's, for which there may be no
#: message later.
_WITHIN_S = 10.0
_HOST_WITHIN_S = 0.1
#: The moments that are reserved together are no further apart.
SPAN_S = 0.05
_MOST_TOGETHER = 256

#: By how much later than its moment a message may leave. Rates are kept to that much longer, so that they hold all the
#: same; but not what a relay takes in a second, as that would cost a tenth of it.
_LATE_S = 0.25
_LATE_IN_A_SECOND_S = 0.1

#: Longer than any rate looks back.
_LONGEST_S = 2 * 86400.0
#: The attempts are counted no more often.
_COUNTED_FOR_S = 600.0


#: By host and period: when messages left, and how many until then since the one before.
_Left = defaultdict[tuple[str, int], list[tuple[float, int]]]


class Slot(NamedTuple):
    """A moment at which a message may leave, as the server's clock has it, and in how many seconds that is.

    ``is_reserved``: for whoever has asked. Else nothing is free before it.
    """

    moment: float
    wait_s: float
    is_reserved: bool


@record(frozen=True, slots=True)
class _Kept:
    """Rates as the database keeps them; see ``reserve_moments``."""

    gap_s: float
    counts: list[int]
    periods: list[int]
    windows_s: list[float]

    @classmethod
    def of(cls, rates: Sequence[Rate], *, spread: bool = False) -> _Kept:
        """Return them; ``spread``: the shortest one evenly."""
        # of two over the same time the smaller one is kept
        counts = {rate.per_s: rate.count for rate in sorted(rates, key=lambda rate: -rate.count)}
        shortest = min(counts, default=0)
        gap_s = (shortest + (_LATE_S if shortest > 1 else 0.0)) / counts[shortest] if spread and counts else 0.0
        if spread:
            # the gap alone keeps it, from the first second on
            counts.pop(1, None)
        return cls(gap_s, list(counts.values()), list(counts), list(map(_window_s, counts)))


class Rates:
    """The rates of one relay, in the database."""

    def __init__(self, store: PostgresStore, relay: str, rates: Sequence[Rate], per_domain: Sequence[Rate]) -> None:
        """Keep them for a relay, named as attempts name it."""
        self._store = store
        self._relay = relay
        self._kept = _Kept.of(rates, spread=True)
        self._of_host = _Kept.of(per_domain)
        #: Whether there are rates of the relay itself, and towards each mail host.
        self.has_relay = bool(rates)
        self.has_hosts = bool(per_domain)
        #: How many moments of the relay are reserved together at most.
        self.most_together = max(1, min(_MOST_TOGETHER, int(SPAN_S / self._kept.gap_s))) if self._kept.gap_s else 1
        #: By how much later than its moment a message may leave.
        self.late_s = _LATE_IN_A_SECOND_S if 1 in {rate.per_s for rate in (*rates, *per_domain)} else _LATE_S

    def reserve(self, wanted: Mapping[str, int]) -> dict[str, list[Slot]]:
        """Reserve so many moments, or fewer, at each mail host, and for the relay itself under the empty name.

        They come in their order. Where none comes soon, it is told when that will be.
        """
        values = {
            "relay": self._relay,
            "hosts": list(wanted),
            "wanted": list(wanted.values()),
            "gap": self._kept.gap_s,
            "counts": self._kept.counts,
            "periods": self._kept.periods,
            "windows": self._kept.windows_s,
            "within": _WITHIN_S,
            "host_counts": self._of_host.counts,
            "host_periods": self._of_host.periods,
            "host_windows": self._of_host.windows_s,
            "host_within": _HOST_WITHIN_S,
            "span": SPAN_S,
        }
        found: defaultdict[str, list[Slot]] = defaultdict(list)
        for host, moment, is_reserved, clock in self._store.ask_all(_STATEMENTS["reserve"], **values):
            found[host].append(Slot(moment, moment - clock, is_reserved))
        return found

    def give_back(self, unused: Mapping[str, Sequence[float]]) -> None:
        """Let others have moments at which nothing leaves: those of each host, and the relay's under the empty name."""
        with self._store.concurrent() as db:
            for host, moments in sorted(unused.items()):
                kept = self._of_host if host else self._kept
                values = {"relay": self._relay, "host": host, "gap": kept.gap_s, "periods": kept.periods}
                db.execute(_STATEMENTS["give_back"], values | {"moments": list(moments)})

    def count_left(self, host_of: Callable[[str], str]) -> float:
        """Count what has left by the attempts, unless that was done lately. Returns the server's clock.

        Whatever asked nobody counts by that: what left before, and what a machine with a file of its own has sent. So
        nothing is forgotten when the server has lost what it knew of the rates.

        :param host_of: the mail host of a domain.
        """
        with self._store.concurrent() as db:
            begun = db.execute(_STATEMENTS["begin_count"], {"relay": self._relay, "often_s": _COUNTED_FOR_S}).fetchone()
            if begun and begun["is_first"]:
                # nobody reserves meanwhile
                self._count(db, host_of)
        if begun and not begun["is_first"]:
            with self._store.concurrent() as db:
                self._count(db, host_of)
        [(clock,)] = self._store.ask_all(_STATEMENTS["clock"])
        return float(clock)

    def _count(self, db: Connection, host_of: Callable[[str], str]) -> None:
        left = self._left_lately(db, host_of)
        db.execute(_STATEMENTS["forget"], {"relay": self._relay, "longest_s": _LONGEST_S})
        # always in the order of the hosts; see "reserve"
        for (host, period), found in sorted(left.items()):
            moments, counts = map(list, zip(*found, strict=True))
            values = {"relay": self._relay, "host": host, "period": period}
            db.execute(_STATEMENTS["count_left"], values | {"moments": moments, "counts": counts})

    def _left_lately(self, db: Connection, host_of: Callable[[str], str]) -> _Left:
        """Return what has left by the attempts: at each host over each of its rates' periods, and all of it."""
        left: _Left = defaultdict(list)
        wanted = [(period, False) for period in self._kept.periods] + [
            (period, True) for period in self._of_host.periods
        ]
        for period, by_domain in wanted:
            values = {"relay": self._relay, "period": period, "by_domain": by_domain}
            for domain, moment, count in db.execute(_STATEMENTS["left_lately"], values):
                left[host_of(domain) if by_domain else "", period].append((moment, count))
        return left

    def use_day(self, day: dt.date, allowed: int, tried: int, wanted: int) -> int:
        """Take up to ``wanted`` of what a ramp allows on a day; return how many there are.

        :param tried: how many were tried on that day, by the attempts.
        """
        values = {"relay": self._relay, "day": day.isoformat()}
        with self._store.concurrent() as db:
            db.execute(_STATEMENTS["know_day"], values | {"tried": tried})
            [(given,)] = db.execute(_STATEMENTS["use_day"], values | {"allowed": allowed, "wanted": wanted})
            return int(given)

    def give_day_back(self, day: dt.date, unused: int) -> None:
        """Let others have what was taken of a ramp's day and not used."""
        with self._store.concurrent() as db:
            values = {"relay": self._relay, "day": day.isoformat(), "unused": unused}
            db.execute(_STATEMENTS["give_day_back"], values)


def _window_s(per_s: int) -> float:
    """Return over how many seconds a rate is kept."""
    return per_s + (_LATE_S if per_s > 1 else _LATE_IN_A_SECOND_S)
