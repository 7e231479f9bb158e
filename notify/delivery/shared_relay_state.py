"""What all machines know of a relay's trouble, as one run acts on it: one is in trouble, and all leave the relay alone.

When it may be back, one of them sees whether it is; the others go on when it has taken a message.
"""

from __future__ import annotations

import datetime as dt
import secrets
import time
from collections.abc import Callable
from dataclasses import replace

from notify.core.pace import LONGEST_TROUBLE
from notify.delivery.events import Over, Reason
from notify.delivery.relay_state import OwnRelayState, rest_length
from notify.ledger.postgres.relay_states import RelayStates, Trouble
from notify.ledger.postgres.store import PostgresStore

#: What others know is asked for before a message leaves, unless it was asked for so lately.
_LOOKED_FOR_S = 0.05
#: And so often whether it is well again.
_HEALED_AFTER_S = 1.0
#: While another one sees whether it is, so many seconds are waited at a time.
_PROBED_S = 5.0
#: This process, among all workers.
_WORKER = secrets.token_hex(8)


class SharedRelayState:
    """Deals with the trouble of one relay together with all others; with this run's own where others have none."""

    def __init__(self, store: PostgresStore, relay: str, worker: str = _WORKER) -> None:
        """Deal with a relay, named as attempts name it, for a worker, by whatever name no other one has."""
        self._states = RelayStates(store, relay, worker)
        self._worker = worker
        self._own = OwnRelayState()
        # whether this run has to say how it is now
        self._is_probing = False
        self._is_resting = False
        self._looked = -_HEALED_AFTER_S
        self._seen: Trouble | None = None

    @property
    def is_probed(self) -> bool:
        """Whether it was in trouble when it was used last, and this run sees whether it is back."""
        return self._is_probing or self._own.is_probed

    def rests(self, now: dt.datetime) -> Over | None:
        """Return why it is left alone at this moment, if it is; else this run may go on, and the others wait for it."""
        if own := self._own.rests(now):
            return own
        trouble = self._states.known()
        self._is_probing = trouble is not None and (trouble.prober == self._worker or self._may_probe(trouble))
        if trouble is None or self._is_probing:
            self._is_resting = False
            return None
        # another one was faster
        return self._rests(trouble if trouble.left_s > 0 else self._states.known(), now)

    def _may_probe(self, trouble: Trouble) -> bool:
        return trouble.left_s <= 0 and self._states.take_probe()

    def noticed(self, now: Callable[[], dt.datetime]) -> Over | None:
        """Return why it is left alone since others were in trouble there, if that is so; asked while messages leave."""
        trouble = self._look(_LOOKED_FOR_S)
        if trouble is None or trouble.prober == self._worker or trouble.left_s <= 0:
            return None
        self._is_resting = True
        return _over(trouble, now())

    def is_healed(self) -> bool:
        """Tell whether others have seen that it is well again, though it was to rest for longer."""
        return self._is_resting and self._look(_HEALED_AFTER_S) is None

    def _look(self, lately_s: float) -> Trouble | None:
        """Return what is known, or was lately."""
        clock = time.monotonic()
        if clock - self._looked >= lately_s:
            self._looked, self._seen = clock, self._states.known()
        return self._seen

    def _rests(self, trouble: Trouble | None, now: dt.datetime) -> Over | None:
        self._looked, self._seen = time.monotonic(), trouble
        self._is_resting = trouble is not None and trouble.left_s > 0
        return _over(trouble, now) if trouble and self._is_resting else None

    def rest(self, over: Over, now: dt.datetime) -> Over:
        """Leave it alone for a while, as all others do: ``until`` is added, unless it was in trouble for too long."""
        if over.outcome is None:
            return self._own.rest(over, now)

        def length_s(probes: int, rested_s: float) -> float | None:
            too_long = rested_s > LONGEST_TROUBLE.total_seconds()
            return None if too_long else rest_length(over, probes).total_seconds()

        self._is_probing = False
        # what was seen before is not true any more
        self._looked = -_HEALED_AFTER_S
        trouble = self._states.rest(over.outcome, length_s)
        if trouble is None:
            return self._own.rest(over, now)
        self._is_resting = trouble.left_s > 0
        return replace(over, until=now + dt.timedelta(seconds=trouble.left_s)) if self._is_resting else over

    def heal(self) -> None:
        """Let all others know that it takes mail again, if it was in trouble."""
        self._own.heal()
        if self._is_probing:
            self._states.heal()
            self._is_probing = False


def _over(trouble: Trouble, now: dt.datetime) -> Over:
    left_s = min(trouble.left_s, _PROBED_S) if trouble.prober else trouble.left_s
    return Over(Reason.RELAY, trouble.why, until=now + dt.timedelta(seconds=left_s))
