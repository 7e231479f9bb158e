"""What whoever delivers wants of a ledger: recipients to hand over, and that what came of it is recorded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

from notify.core.outcome import Outcome
from notify.core.status import Status

if TYPE_CHECKING:
    from notify.ledger.claimed import Claimed, Leaving


class Handovers(Protocol):
    """One run's dealings with the recipients of one campaign, wherever the ledger is kept.

    A run that has the ledger for itself deals with :class:`~notify.ledger.handover.Handover`.
    """

    def claim(
        self, most: int, now: dt.datetime, only: Sequence[str] = (), without: Collection[str] = ()
    ) -> list[Claimed]:
        """Claim up to ``most`` recipients that are due: first those that were deferred, then in the files' order.

        :param only: identities; when given, nobody else is claimed.
        :param without: domains of which nobody is claimed.
        """
        ...

    def record(
        self,
        finished: Sequence[tuple[int, Outcome]],
        leaving: Sequence[Leaving],
        now: dt.datetime,
        taken_back: tuple[Sequence[int], Outcome] | None = None,
    ) -> tuple[list[Status], list[bool]]:
        """Settle what was tried, and cross the line for what leaves: durable before any of these dots may leave.

        Returns the new status of each recipient that was tried, and for each that leaves whether it may. It may not
        when it waits no more (the process was frozen, and another one has begun; or the recipient was suppressed
        meanwhile). Who was refused before the dot, and waits no more, is left alone and told as pending. A recipient
        that has been deferred for five days of trying fails: nothing is tried for ever.

        :param taken_back: who failed or was deferred in this run and was not at fault, and why: they wait again.
        :raises WriteError: the ledger cannot be written any more.
        :raises LockedError: another process writes to it. Nothing was recorded.
        :raises BusyError: another run was given these recipients. Nothing was recorded.
        """
        ...

    def follow_up(self) -> None:
        """Bring to the disk what need not be there before the dots leave, but soon after. Any thread may call it."""
        ...

    def give_back(self, recipients: Iterable[int]) -> None:
        """Let those be claimed again who were claimed and are not wanted now; each keeps its place in the order."""
        ...

    def release(self) -> int:
        """Give back whomever this run has claimed and not handed over. Returns how many."""
        ...
