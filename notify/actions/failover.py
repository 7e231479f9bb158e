"""Several relays, in their order: when one is down or used up, the next one goes on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace

from notify.accounts import Account
from notify.actions.clock import Clock
from notify.actions.deliver import Delivery, Orders, Over, Pausing, Tried, Why
from notify.actions.run import Route, Run
from notify.core.outcome import Action, Phase
from notify.core.status import Status


@dataclass(frozen=True, slots=True)
class Switching:
    """The run goes on through another relay; ``over`` is why this one does not."""

    to: Route
    over: Over


class Failover:
    """Delivers through the first relay that can, and through the next when that one cannot any more."""

    def __init__(
        self, run: Run, accounts: Callable[[Route], Account], orders: Orders, clock: Clock | None = None
    ) -> None:
        """Prepare to deliver.

        :param accounts: gives the account of a route, when that is needed for the first time.
        """
        self._run = run
        #: As they have turned out to be.
        self._routes = list(run.routes)
        self._accounts = accounts
        self._orders = orders
        self._clock = clock or Clock()
        self._delivery: Delivery | None = None
        self._stopped: Why | None = None

    def stop(self, why: Why) -> None:
        """End in good order; asked a second time, at once. Called by a signal handler."""
        self._stopped = self._stopped or why
        if self._delivery is not None:
            self._delivery.stop(why)

    @property
    def phases(self) -> list[Phase | None]:
        """What each connection is at; see :attr:`Delivery.phases`."""
        return self._delivery.phases if self._delivery is not None else []

    def events(self) -> Iterator[Tried | Pausing | Switching | Over]:
        """Run; it may be run again. The last event is :class:`Over`: of all relays, the one that can go on soonest."""
        ended: list[Over] = []
        for number in range(len(self._routes)):
            over = yield from self._through(number)
            ended.append(over)
            if self._stopped is not None or not is_passing(over):
                yield over
                return
            if number + 1 < len(self._routes):
                yield Switching(self._routes[number + 1], over)
        yield min(ended, key=_soonest)

    def _through(self, number: int) -> Generator[Tried | Pausing, None, Over]:
        """Deliver through one relay; return how it ended."""
        account = self._accounts(self._run.routes[number])
        self._delivery = Delivery(replace(self._run, route=self._routes[number]), account, self._orders, self._clock)
        if self._stopped is not None:
            self._delivery.stop(self._stopped)
        for event in self._delivery.events():
            if isinstance(event, Over):
                self._routes[number] = self._delivery.route
                return event
            if isinstance(event, Tried) and self._orders.limit and event.outcome.status is not Status.PENDING:
                self._orders = replace(self._orders, limit=self._orders.limit - 1)
            yield event
        raise AssertionError("a delivery ends with Over")


def is_passing(over: Over) -> bool:
    """Tell whether a run ended because its relay is down or used up, which passes."""
    if over.why is Why.RELAY:
        return over.outcome is not None and over.outcome.action is not Action.STOP
    return over.why is Why.THROTTLED


def _soonest(over: Over) -> dt.datetime:
    """Sort by when it is worth going on; a relay in trouble may be back at any moment."""
    return over.until or dt.datetime.min.replace(tzinfo=dt.UTC)
