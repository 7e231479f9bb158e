"""A run that stays: it waits for whatever it ended with, and goes on by itself, until nobody is left to be tried."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator

from notify.accounts import Account
from notify.actions.run import Route, Run
from notify.core.outcome import Phase
from notify.delivery.batches import Orders, Over, Pausing, Stopping, Tried, Why
from notify.delivery.clock import Clock
from notify.delivery.failover import Failover, LeftOut, Switching, Waiting, goes_on


class Stay:
    """Delivers, waits, and delivers again."""

    def __init__(
        self, run: Run, accounts: Callable[[Route], Account], orders: Orders, clock: Clock | None = None
    ) -> None:
        self._run = run
        self._only = orders.only
        self._clock = clock or Clock()
        self._failover = Failover(run, accounts, orders, self._clock)
        self._stopped: Why | None = None

    def stop(self, why: Why) -> None:
        """End in good order; asked a second time, at once. Called by a signal handler."""
        self._stopped = self._stopped or why
        self._failover.stop(why)

    @property
    def phases(self) -> list[Phase | None]:
        """What each connection is at; see :attr:`Delivery.phases`."""
        return self._failover.phases

    def events(self) -> Iterator[Tried | Pausing | Stopping | Switching | LeftOut | Waiting | Over]:
        """Run until nobody is left, a relay refuses us for good, or somebody asks to stop. The last is Over."""
        while True:
            over = yield from self._deliver()
            now = self._clock.now()
            until = goes_on(self._run, self._only, over, now)
            if until is None or self._stopped is not None:
                yield over
                return
            yield Waiting(until, over)
            self._clock.wait(until, (until - now).total_seconds(), lambda: self._stopped is not None)
            if self._stopped is not None:
                yield Over(self._stopped)
                return
            now = self._clock.now()
            self._run.settle_deadline(now)
            if self._run.is_closed(now):
                yield Over(Why.EXHAUSTED)
                return

    def _deliver(self) -> Generator[Tried | Pausing | Stopping | Switching | LeftOut | Waiting, None, Over]:
        """Deliver once; return how it ended."""
        for event in self._failover.events():
            if isinstance(event, Over):
                return event
            yield event
        raise AssertionError("a delivery ends with Over")
