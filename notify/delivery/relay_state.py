"""Whether a relay is in trouble, and until when it is left alone for that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from notify.core.pace import LONGEST_TROUBLE, probe_delay
from notify.delivery.events import Over


class RelayState(Protocol):
    """What is known of one relay's trouble: by this run alone, or by all machines that use it."""

    @property
    def is_probed(self) -> bool:
        """Whether it was in trouble when it was used last, so that it is called once, to see whether it is back."""

    def rests(self, now: dt.datetime) -> Over | None:
        """Return why it is left alone at this moment, if it is."""

    def rest(self, over: Over, now: dt.datetime) -> Over:
        """Leave it alone for a while: ``until`` is added to ``over``, unless it has been in trouble for too long."""

    def heal(self) -> None:
        """Forget its trouble."""

    def noticed(self, now: Callable[[], dt.datetime]) -> Over | None:
        """Return why it is left alone since others were in trouble there, if that is so; asked while messages leave."""

    def is_healed(self) -> bool:
        """Tell whether others have seen that it is well again, though it was to rest for longer."""


class OwnRelayState:
    """What one run knows.

    ``_probes`` is how often it was tried since it was healthy, ``_length`` how long it is left alone now, and
    ``_rested`` how long it has been left alone in all.
    """

    def __init__(self) -> None:
        self._over: Over | None = None
        self._probes = 0
        self._length = dt.timedelta()
        self._rested = dt.timedelta()

    @property
    def is_probed(self) -> bool:
        """Whether it was in trouble when it was used last."""
        return self._probes > 0

    def rests(self, now: dt.datetime) -> Over | None:
        """Return why it is left alone at this moment, if it is; not for longer, when the clock was set back."""
        until = self._over and self._over.until
        return self._over if until and now < until <= now + self._length else None

    def rest(self, over: Over, now: dt.datetime) -> Over:
        """Leave it alone for a while: ``until`` is added to ``over``, unless it has been in trouble for too long."""
        self._over = over
        if self._rested <= LONGEST_TROUBLE:
            self._probes += 1
            self._length = rest_length(over, self._probes)
            self._rested += self._length
            self._over = replace(over, until=now + self._length)
        return self._over

    def heal(self) -> None:
        """Forget its trouble."""
        self._over, self._probes, self._rested = None, 0, dt.timedelta()

    def noticed(self, now: Callable[[], dt.datetime]) -> Over | None:  # noqa: ARG002  # there are no others
        """Return None: there are no others."""
        return None

    def is_healed(self) -> bool:
        """Return False: there are no others."""
        return False


def rest_length(over: Over, probes: int) -> dt.timedelta:
    """Return how long to leave a relay alone before its ``probes``-th probe: what it asks for at least."""
    return max(probe_delay(probes), dt.timedelta(seconds=over.outcome.wait_s if over.outcome else 0))
