"""A lane: one connection, driven to its end by the thread that calls it.

It knows no ledger. Where messages come from and where outcomes go is a :class:`Desk`. To stop a lane in good order,
let ``take`` return None. To stop it at once, call :meth:`~notify.relays.wire.Wire.abort` from another thread: a message
that had begun is then in doubt, any other is known not to have been sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from notify.core.message import Message
from notify.core.outcome import Outcome
from notify.relays.dialogue import Answer, Begin, Dialogue, Ended, Finish, Listen, Read, Step, Take, Write, converse
from notify.relays.wire import Wire


class Desk(Protocol):
    """Where a lane gets its messages and leaves its outcomes. Each call may block; several lanes may share a desk.

    An exception of any of them ends the lane and closes its connection; before the dot, that means not sent.
    """

    def take(self) -> Message | None:
        """Return the next message, claimed for this lane, or None when the lane shall come to its end."""

    def begin(self, message: Message) -> bool:
        """Make durable that the dot of ``message`` leaves now. False: it is not this lane's any more."""

    def finish(self, message: Message, outcome: Outcome) -> None:
        """Record the outcome of a message. It comes for every message taken, unless ``begin`` said no."""


def run_lane(wire: Wire, features: Mapping[str, str], desk: Desk, *, messages_per_session: int = 100) -> Ended:
    """Hand over messages until there are none left or the session ends; return why. The wire is closed in any case.

    ``features`` are the keywords of EHLO, in lower case, with their parameters.
    """
    try:
        ended = _drive(converse(features, messages_per_session=messages_per_session), wire, desk)
        if ended.polite:
            wire.quit()
        return ended
    finally:
        wire.close()


def _drive(dialogue: Dialogue, wire: Wire, desk: Desk) -> Ended:
    answer: Answer = None
    while True:
        try:
            step = dialogue.send(answer)
        except StopIteration as end:
            ended: Ended = end.value
            return ended
        answer = _perform(step, wire, desk)


def _perform(step: Step, wire: Wire, desk: Desk) -> Answer:
    """Do what the dialogue asks for."""
    match step:
        case Take():
            return desk.take()
        case Write(octets, phase):
            return wire.write(octets, phase)
        case Read(phase):
            return wire.read(phase)
        case Listen(phase):
            return wire.listen(phase)
        case Begin(message):
            return desk.begin(message)
        case Finish(message, outcome):
            desk.finish(message, outcome)
    return None
