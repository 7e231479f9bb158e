"""Notices a relay that takes messages and loses its answers to them.

Each such message is in doubt, and only the user can settle a doubt: a relay that loses every second answer would leave
half of a list to be looked up by hand. So three doubts among the last twenty answers to the final dot hold the run,
until ``notify resolve`` has settled them; those of earlier runs count with them.

What several connections lose at one moment is one accident, however many messages were under way: as long as all
doubts are of one moment, the run goes on.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Iterable

from notify.core.outcome import Action, Loss, Outcome, Phase, Scope
from notify.core.status import Status

#: So many doubts among so many answers.
_MOST = 3
WINDOW = 20
#: In what earlier runs recorded, doubts that follow each other within it may be of one moment.
_ONE_MOMENT = dt.timedelta(seconds=20)

_LOSS = f"the connection was lost after {_MOST} of the last {WINDOW} messages"
LOSES_ANSWERS = Outcome(
    Status.PENDING,
    Scope.RELAY,
    Action.STOP,
    Phase.DOT,
    Loss(_LOSS),
    f"Nobody knows whether these arrived: {_LOSS}. Find out and say so with notify resolve, ask the relay's provider "
    "what is wrong, then run notify send again.",
)


class LostAnswers:
    """Counts the answers of one relay to the final dot. Not for several threads at once."""

    def __init__(self, earlier: Iterable[tuple[dt.datetime, bool]] = (), *, connections: int = 1) -> None:
        """Begin with what earlier runs recorded.

        :param earlier: when each answer came or was missed, the oldest first, and whether that is a doubt.
        :param connections: how many messages may have been under way at one moment.
        """
        # the moment of each doubt, counted from 1; 0 for an answer
        self._answers: deque[int] = deque(maxlen=WINDOW)
        self._moments = 0
        self._since: dict[int, int] = {}
        latest: dt.datetime | None = None
        for time, is_doubt in earlier:
            if is_doubt and (latest is None or connections == 1 or time - latest > _ONE_MOMENT):
                self._moments += 1
            self._answers.append(self._moments if is_doubt else 0)
            # a relay that answers in between loses them one by one
            latest = time if is_doubt else None

    def begin(self, recipient: int) -> None:
        """Note that a dot leaves."""
        self._since[recipient] = self._moments

    def note(self, recipient: int, outcome: Outcome) -> None:
        """Count the answer to a dot that left, or its loss."""
        since = self._since.pop(recipient, None)
        if since is None or outcome.phase is not Phase.DOT:
            return
        is_doubt = outcome.status is Status.IN_DOUBT
        if is_doubt and since == self._moments:
            # its dot left after the last loss was known
            self._moments += 1
        self._answers.append(self._moments if is_doubt else 0)

    @property
    def are_too_many(self) -> bool:
        """Whether the run is to be held."""
        if not self._moments:
            # asked after each message
            return False
        moments = [moment for moment in self._answers if moment]
        return len(moments) >= _MOST and len(set(moments)) > 1
