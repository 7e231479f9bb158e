"""What Ctrl-C, SIGTERM and a lost terminal do to ``notify send``."""

from __future__ import annotations

import os
import signal
import sys
import threading
from types import FrameType
from typing import TYPE_CHECKING, Any, Protocol, Self

from notify.cli.exits import Exit

if TYPE_CHECKING:
    from notify.delivery.events import Reason

#: How long a second Ctrl-C waits for the answers that it cuts off to be recorded as lost.
_AT_ONCE_S = 2.0


class Stoppable(Protocol):
    """What signals end: a run, or a worker."""

    def stop(self, reason: Reason) -> None:
        """End in good order; asked a second time, at once. Called by a signal handler."""


class Signals:
    """Handles the signals inside a ``with``.

    Until there is a delivery they end the command at once, and the ledger is as it was. Then they end the delivery in
    good order. A signal that nohup, or a shell for its background jobs, has told us to ignore, stays ignored.
    """

    def __init__(self, *, insists: bool = False) -> None:
        """Handle none yet.

        :param insists: a second SIGTERM counts as a second Ctrl-C does, for what no person sits at.
        """
        self._insists = insists
        self._delivery: Stoppable | None = None
        self._asked: Reason | None = None
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):  # Windows has no SIGHUP
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._came)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def attach(self, delivery: Stoppable) -> None:
        """From now on let signals end this delivery, in good order; one that has come before ends it at once."""
        self._delivery = delivery
        if self._asked is not None:
            delivery.stop(self._asked)

    def _came(self, number: int, _frame: FrameType | None) -> None:
        from notify.delivery.events import Reason

        by_hand = number == signal.SIGINT
        if self._delivery is None:
            if by_hand:
                raise KeyboardInterrupt
            sys.exit(Exit.AGAIN_LATER)
        if self._asked is None:
            self._asked = Reason.INTERRUPTED if by_hand else Reason.TERMINATED
            self._delivery.stop(self._asked)
        elif by_hand or self._insists:
            self._delivery.stop(self._asked)
            # whoever is just connecting cannot be told; the ledger is made for an end at any moment
            timer = threading.Timer(_AT_ONCE_S, os._exit, [Exit.INTERRUPTED])
            timer.daemon = True
            timer.start()
