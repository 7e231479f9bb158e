"""What a dialogue asks for, one step at a time, and how it ends.

Each step is answered with what came of it; whoever drives a dialogue sends the answer into its generator.
"""

from __future__ import annotations

from collections.abc import Generator
from enum import Enum
from typing import Any, final

from notify.core.message import Message
from notify.core.outcome import Loss, Outcome, Phase, Reply
from notify.core.record import record


@final
@record(frozen=True, slots=True)
class Take:
    """Fetch the next message, however long that takes. Answer: a :class:`Message`, or None when there are no more."""


@final
@record(frozen=True, slots=True)
class TakeAtOnce:
    """Fetch the next message if it may leave now. Answer: a :class:`Message`, or None when none is at hand."""


@final
@record(frozen=True, slots=True)
class GiveBack:
    """Return a message that was taken and not begun: nothing of it has been sent. Answer: None."""

    message: Message


@final
@record(frozen=True, slots=True)
class Write:
    """Write octets. Answer: a :class:`Loss`, or None when all were written."""

    octets: bytes
    phase: Phase


@final
@record(frozen=True, slots=True)
class Read:
    """Wait for a reply. Answer: :class:`Reply` or :class:`Loss`."""

    phase: Phase


@final
@record(frozen=True, slots=True)
class Listen:
    """Hear whether the relay has said something unasked. Answer: :class:`Reply`, :class:`Loss`, or None: silence."""

    phase: Phase


@final
@record(frozen=True, slots=True)
class Begin:
    """Make durable that the dot of this message may leave. Answer: False when it must not."""

    message: Message


@final
@record(frozen=True, slots=True)
class Finish:
    """Note what became of a message; durable at the latest when the next one begins. Answer: None."""

    message: Message
    outcome: Outcome


class End(Enum):
    """Why a session ended."""

    #: There were no more messages to take.
    EXHAUSTED = "exhausted"
    #: It has carried as many messages as it should, or for as long; the next ones want a new one.
    USED_UP = "used up"
    #: The message was not ours any more when its dot was to leave. Whoever took over decides about it.
    FENCED = "fenced"
    #: Commands that left together were not all heard; the next session should wait for each answer.
    UNHEARD = "unheard"
    RECONNECT = "reconnect"
    PAUSE = "pause"
    STOP = "stop"


@record(frozen=True, slots=True)
class Ended:
    """The end of a session: why, the outcome that brought it about, and whether QUIT still makes sense.

    ``sent``: how many messages the relay has taken on it.
    """

    end: End
    outcome: Outcome | None = None
    polite: bool = True
    sent: int = 0


Step = Take | TakeAtOnce | GiveBack | Write | Read | Listen | Begin | Finish
Answer = Message | Reply | Loss | bool | None
# what a step is answered with depends on the step, as it is told there: for a type of all of them it is Any
Dialogue = Generator[Step, Any, Ended]
