"""What a worker does beside delivering, in a thread of its own.

It keeps its leases, tells that it is there, looks whether the campaign is still to be delivered as it is, and does for
all workers what one of them has to do.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Self

from notify import __version__
from notify.core.record import record
from notify.errors import BusyError, FencedError, NotifyError
from notify.ledger.postgres.bundles import Bundles
from notify.ledger.postgres.commissions import Commissions
from notify.ledger.postgres.leases import Leases
from notify.ledger.postgres.portions import Portions
from notify.ledger.postgres.workers import Word, Workers
from notify.placing import Placed, Queue

if TYPE_CHECKING:
    from notify.delivery.clock import Clock
    from notify.ledger import CampaignRecord
    from notify.ledger.postgres.store import PostgresStore

#: So often all of it is done.
BEAT_S = 2.0
#: So often portions are put into the queue, by one of the workers, and so many are in it at most.
_PLACING_S, IN_THE_QUEUE = 1.0, 64
#: So often it is looked for those who wait again, and for workers that are gone.
_GATHERING_S, _FORGETTING_S = 5.0, 3600.0
#: How fast it goes is told of so many beats.
_MEASURED = 15


@record(frozen=True, slots=True)
class Turn:
    """What is delivered at this moment: a campaign, as its bundle was, under these leases.

    ``end`` ends it in good order, as it is not to be delivered any more as it was; ``pause`` where others have waited
    for their turn for long enough.
    """

    campaign: CampaignRecord
    bundled: CampaignRecord
    fingerprint: str
    leases: Leases
    end: Callable[[], None]
    pause: Callable[[], None]


class Beat:
    """The thread; in a ``with``. It has a store of its own, so that it waits for nothing that delivers."""

    def __init__(self, worker: str, store: PostgresStore, queue: Queue, clock: Clock, sent: Callable[[], int]) -> None:
        """Prepare.

        :param worker: the owner of its leases.
        :param sent: returns how many messages this worker has handed over.
        """
        self._worker = worker
        self._store = store
        self._queue = queue
        self._clock = clock
        self._sent = sent
        self._workers, self._commissions = Workers(store), Commissions(store)
        self._lately: deque[tuple[float, int]] = deque(maxlen=_MEASURED)
        self._turn: Turn | None = None
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="beat", daemon=True)
        #: What the database could not do; then this thread has ended.
        self.error: NotifyError | None = None
        #: What keeps the worker from work, in a few words, for whoever asks who is there.
        self.trouble = ""

    def __enter__(self) -> Self:
        self._say()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over.set()
        self._thread.join()
        if self.error is None and error is None:
            with suppress(NotifyError):
                self._workers.leave(self._worker)

    def attend(self, turn: Turn | None) -> None:
        """Keep the leases of what is delivered from now on; None: nothing is."""
        self._turn = turn

    @property
    def per_s(self) -> float:
        """How many messages a second were handed over lately."""
        if len(self._lately) < 2:
            return 0.0
        (began, before), (ended, sent) = self._lately[0], self._lately[-1]
        return (sent - before) / max(ended - began, 0.001)

    def _run(self) -> None:
        try:
            while not self._is_over.wait(min(BEAT_S, _PLACING_S)):
                self._beat()
        except NotifyError as error:
            self.error = error
            if turn := self._turn:
                turn.end()

    def _beat(self) -> None:
        if not self._lately or time.monotonic() - self._lately[-1][0] >= BEAT_S * 0.9:
            self._lately.append((time.monotonic(), self._sent()))
            self._say()
            if turn := self._turn:
                self._keep(turn)
        self._do_duties()

    def _say(self) -> None:
        turn = self._turn
        word = Word(self._sent(), self.per_s, turn.campaign.id if turn else "", self.trouble)
        self._workers.say(self._worker, socket.gethostname(), os.getpid(), __version__, word)

    def _keep(self, turn: Turn) -> None:
        """Keep the leases, and end the turn where the campaign is not to be delivered any more as it was."""
        with suppress(FencedError):
            # whoever delivers hears it too, at its next record
            turn.leases.renew()
        commission = self._commissions.find(turn.campaign.number)
        is_current = Bundles(self._store).fingerprint(turn.bundled) == turn.fingerprint
        if commission is None or commission.held or not is_current:
            turn.end()
        else:
            turn.pause()

    def _do_duties(self) -> None:
        with suppress(BusyError):
            if self._workers.take_duty("gather", _GATHERING_S):
                self.gather()
            if self._workers.take_duty("place", _PLACING_S):
                fill(self._workers, self._queue)
            if self._workers.take_duty("forget", _FORGETTING_S):
                self._workers.forget()

    def gather(self) -> None:
        """Make portions of those who wait again and whose moment has come."""
        now = self._clock.now()
        for campaign in self._workers.to_gather(now):
            Portions(self._store).gather(campaign, now)


def fill(workers: Workers, queue: Queue) -> None:
    """Put portions into the queue that a worker could lease and that are not in it, as far as there is room."""
    there = queue.portions()
    room = IN_THE_QUEUE - len(there)
    if room > 0:
        found = (Placed(*one) for one in workers.to_place(room + len(there)))
        queue.put([placed for placed in found if placed.portion not in there][:room])
