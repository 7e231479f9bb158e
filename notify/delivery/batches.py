"""A delivery through one relay: batches, pauses, and why it ended. Yields what happens; nothing is printed here."""

from __future__ import annotations

import contextlib
import datetime as dt
import queue
import threading
from collections.abc import Iterator, Sequence

from notify.accounts import Account
from notify.core.outcome import Phase
from notify.core.record import record
from notify.delivery.breaker import Breaker
from notify.delivery.clock import Clock
from notify.delivery.connections import Connections
from notify.delivery.dispatcher import Dispatcher, Notices
from notify.delivery.events import Over, Pausing, Reason, Stopping, Tried
from notify.delivery.helper import Helper
from notify.delivery.job import Job, Orders
from notify.delivery.lost_answers import LOSES_ANSWERS, WINDOW, LostAnswers
from notify.delivery.patience import Patience
from notify.delivery.queue import Queue
from notify.delivery.routes import Route
from notify.errors import NotifyError

#: Once all was told, so long nothing is told of what was tried; the end of a batch is told at once. As often the ledger
#: follows up.
_REST_S = 0.02


class Delivery:
    """Hands over everybody who is due through one route, in batches."""

    def __init__(
        self,
        job: Job,
        route: Route,
        account: Account,
        orders: Orders,
        clock: Clock | None = None,
        *,
        breaker: Breaker | None = None,
        is_probe: bool = False,
        noticed: Notices | None = None,
        helper: Helper | None = None,
    ) -> None:
        """Prepare to deliver.

        :param breaker: of this relay, with what it has seen in deliveries before.
        :param is_probe: the relay was in trouble: it is called once, to see whether it is back.
        :param noticed: tells whether others have seen trouble at this relay, so that it is left alone.
        :param helper: makes messages ahead.
        """
        self._clock = clock or Clock()
        self._job = job
        #: The route as it has turned out to be: what its relay cannot do is not tried again.
        self.route = route
        self._account = account
        self._orders = orders
        # a signal handler may put something in at any moment, even while something is put in or taken out
        self._events: queue.SimpleQueue[Sequence[Tried | Stopping] | _Served] = queue.SimpleQueue()
        self._handover = job.handover(route)
        history = job.relay_history(route)
        self._lost_answers = LostAnswers(history.answers(WINDOW), connections=route.relay.connections)
        self._patience = Patience(is_spent=is_probe)
        self._pace = job.pacing(route, self._clock.now())
        ahead = helper.expect if helper else None
        self._queue = Queue(self._handover, self._pace, limit=orders.limit, only=orders.only, ahead=ahead)
        self._dispatcher = Dispatcher(
            self._handover,
            self._queue,
            job.template,
            job.composer(),
            self._events.put,
            relay=route.name,
            is_proven=history.has_sent(),
            closes=job.closes,
            noticed=noticed,
            breaker=breaker,
            lost_answers=self._lost_answers,
            helper=helper,
            clock=self._clock,
        )
        self._connections: Connections | None = None
        self._former: list[Connections] = []
        self._asked_to_stop = False

    def stop(self, reason: Reason) -> None:
        """Finish the messages in flight and end; asked a second time, close the connections at once.

        Called by a signal handler.
        """
        again, self._asked_to_stop = self._asked_to_stop, True
        self._dispatcher.stop(Over(reason))
        if self._connections is not None:
            if again:
                self._connections.abort()
            elif Phase.DOT in self._connections.phases:
                self._events.put([Stopping(reason)])
            self._connections.wake()

    @property
    def phases(self) -> list[Phase | None]:
        """The phase of each connection, for any thread; None for one that waits until the next message may leave."""
        return self._connections.phases if self._connections is not None else []

    def events(self) -> Iterator[Tried | Pausing | Stopping | Over]:
        """Run. The last event is :class:`Over`; whoever was leased and not handed over is given back by then.

        :raises WriteError: the ledger cannot be written any more; nobody was sent to without being recorded as begun.
        """
        try:
            yield from self._batches()
        except BaseException:
            # the ledger itself may have failed: then the next run gives them back, and the first error says more
            with contextlib.suppress(NotifyError):
                self._give_back()
            raise
        self._give_back()
        self._job.settle_deadline(self._clock.now())
        yield self._over()

    def _give_back(self) -> None:
        self._handover.release()
        self._pace.give_back()

    def _batches(self) -> Iterator[Tried | Pausing | Stopping]:
        while self._dispatcher.open_batch(self._orders.batch):
            if self._lost_answers.are_too_many:
                self._dispatcher.stop(Over(Reason.RELAY, LOSES_ANSWERS))
                return
            yield from self._batch()
            if self._dispatcher.stopped is not None or self._queue.limit_is_reached:
                return
            if self._orders.pause_s and self._somebody_waits():
                yield from self._pause()
                if self._dispatcher.stopped is not None:
                    return

    def _batch(self) -> Iterator[Tried | Stopping]:
        """Hand over a batch in a thread of its own, and yield what it does until it has ended."""
        self._former = [connections for connections in self._former if connections.opening]
        taken = sum(connections.opening for connections in self._former)
        self._connections = Connections(
            self._account, self.route, self._dispatcher, self._clock, taken=taken, patience=self._patience
        )
        self._former.append(self._connections)
        thread = threading.Thread(target=self._serve, args=(self._connections,), name="connections")
        thread.start()
        try:
            while not isinstance(event := self._events.get(), _Served):
                yield from event
                # what comes meanwhile is told together: to wake this thread at each record costs more than the telling
                if self._events.empty():
                    thread.join(_REST_S)
                    self._handover.follow_up()
        except BaseException:
            # nobody reads the events any more
            self._dispatcher.stop(Over(Reason.TERMINATED))
            self._connections.wake()
            raise
        finally:
            # nobody may be given back while a message is still under way
            thread.join()
        self.route = self._connections.route
        if event.error is not None:
            raise event.error

    def _serve(self, connections: Connections) -> None:
        error: BaseException | None = None
        try:
            connections.serve()
        except BaseException as raised:  # noqa: BLE001  # it is raised again by the thread that waits for this one
            error = raised
        finally:
            self._events.put(_Served(error))

    def _somebody_waits(self) -> bool:
        return self._job.reports().waiting(self._clock.now(), self._orders.only) > 0

    def _somebody_is_deferred(self) -> bool:
        return self._job.reports().waits_until(self._clock.now(), self._orders.only) is not None

    def _pause(self) -> Iterator[Pausing]:
        until = self._clock.now() + dt.timedelta(seconds=self._orders.pause_s)
        yield Pausing(until)
        self._clock.wait(until, self._orders.pause_s, lambda: self._dispatcher.stopped is not None)

    def _over(self) -> Over:
        if self._dispatcher.stopped is not None:
            return self._dispatcher.stopped
        if self._queue.limit_is_reached and (self._somebody_waits() or self._somebody_is_deferred()):
            return Over(Reason.LIMIT)
        return Over(Reason.EXHAUSTED)


@record(frozen=True, slots=True)
class _Served:
    """A batch has come to its end, or to an error."""

    error: BaseException | None
