"""A worker: it takes portions of the campaigns that others have placed in the ledger, and hands them over from here.

It needs no campaign folder: what a campaign is made of comes from the ledger, and relays and passwords are this
machine's. Whatever it is doing when it dies, others go on; nobody is sent to twice by guessing.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack

from notify.actions.shift import Shift
from notify.actions.work_campaign import Machine
from notify.actions.work_events import Away, Back, Ended, WorkEvent
from notify.core.status import Status
from notify.delivery.clock import Clock
from notify.delivery.events import Reason, Tried
from notify.errors import BusyError, NotifyError, WriteError
from notify.ledger import Database

#: The waits before a database that is away is asked again; the last repeats.
_WAITS_S = (1.0, 1.0, 2.0, 5.0, 10.0, 30.0)


class Worker:
    """One process that delivers, in its main thread; signals may stop it."""

    def __init__(self, place: Database, machine: Machine, *, stays: bool = True, clock: Clock | None = None) -> None:
        """Prepare.

        :param stays: wait for more when nothing is open.
        """
        self._place = place
        self._machine = machine
        self._stays = stays
        self._clock = clock or Clock()
        self._stopped: Reason | None = None
        self._shift: Shift | None = None
        #: How many tries came to which status; those that are charged to nobody are pending.
        self.tried: Counter[Status] = Counter()
        #: Why the database cannot be used; empty while it can.
        self.trouble = ""

    @property
    def per_s(self) -> float:
        """How many messages a second were handed over lately."""
        return self._shift.per_s if self._shift else 0.0

    @property
    def connections(self) -> int:
        """How many connections to relays are open."""
        return self._shift.connections if self._shift else 0

    def stop(self, reason: Reason) -> None:
        """Finish what is in flight, give the rest back and end; asked a second time, close the connections at once.

        Called by a signal handler.
        """
        self._stopped = self._stopped or reason
        if self._shift is not None:
            self._shift.stop(reason)

    def events(self) -> Iterator[WorkEvent]:
        """Work, and tell what happens; the last event is :class:`Ended`.

        :raises ConfigError: what the database needs is not installed, or its connection could not be trusted.
        :raises WriteError: the database cannot be used, and this worker does not stay.
        """
        failures = 0
        while self._stopped is None:
            try:
                with ExitStack() as stack:
                    self._shift = stack.enter_context(Shift(self._place, self._machine, self._clock, self._sent))
                    if self.trouble:
                        yield Back()
                    failures, self.trouble = 0, ""
                    yield from self._through(self._shift)
                if self._stopped is None:
                    break
            except (WriteError, BusyError, FileNotFoundError) as error:
                why, hint = _in_words(error)
                if not self._stays:
                    raise (error if isinstance(error, NotifyError) else WriteError(why, hint=hint)) from None
                if why != self.trouble:
                    yield Away(why, hint)
                self.trouble = why
                self._wait(_WAITS_S[min(failures, len(_WAITS_S) - 1)])
                failures += 1
            finally:
                self._shift = None
        yield Ended(self._stopped or Reason.EXHAUSTED)

    def _through(self, shift: Shift) -> Iterator[WorkEvent]:
        """Work as long as the database lets us, until asked to stop or until nothing is open."""
        while self._stopped is None and (self._stays or shift.anything_open()):
            for event in shift.one_turn():
                if isinstance(event, Tried):
                    self.tried[event.outcome.status] += 1
                yield event

    def _sent(self) -> int:
        return self.tried[Status.SENT]

    def _wait(self, seconds: float) -> None:
        until = self._clock.now() + dt.timedelta(seconds=seconds)
        self._clock.wait(until, seconds, lambda: self._stopped is not None)


def _in_words(error: NotifyError | FileNotFoundError) -> tuple[str, str]:
    if isinstance(error, NotifyError):
        return error.message, error.hint
    return f"{error}: there is no ledger yet.", "It is made by the first:  notify send"
