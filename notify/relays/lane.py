"""A lane: one connection, driven to its end by the thread that calls it.

It knows no ledger. Where messages come from and where outcomes go is a :class:`Desk`. To stop a lane in good order,
let ``take`` return None. To stop it at once, call :meth:`~notify.relays.wire.Wire.abort` from another thread: a message
that had begun is then in doubt, any other is known not to have been sent.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Protocol, runtime_checkable

from notify.core.message import Message
from notify.core.outcome import Outcome
from notify.relays.dialogue import (
    Answer,
    Begin,
    Dialogue,
    Ended,
    Finish,
    GiveBack,
    Listen,
    Read,
    Take,
    TakeAtOnce,
    Write,
    converse,
)
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


@runtime_checkable
class DeskAhead(Desk, Protocol):
    """A desk that can give out a message before the one before it is finished, and take one back.

    With it the commands of the next message leave together with the dot of the one before, and a session that has been
    idle is tried before a message leaves on it. A lane holds two messages at most, and only one of them has begun.
    """

    def take_at_once(self) -> Message | None:
        """Return the next message, claimed for this lane, if it may leave now; never wait for a pace."""

    def give_back(self, message: Message) -> None:
        """Take back a message that was taken and not begun, as if it had never been: no attempt, no verdict.

        It must not wait for its pace once more, or a relay that hangs up on who waits would never be sent anything.
        Neither ``begin`` nor ``finish`` comes for it any more. After an exception nothing is given back.
        """


def run_lane(
    wire: Wire,
    features: Mapping[str, str],
    desk: Desk,
    *,
    messages_per_session: int = 100,
    session_s: float = 300,
    clock: Callable[[], float] = time.monotonic,
) -> Ended:
    """Hand over messages until there are none left or the session ends; return why. The wire is closed in any case.

    ``features`` are the keywords of EHLO, in lower case, with their parameters. The session ends after so many messages
    or so many seconds of ``clock``, whichever comes first; what was taken by then is still handed over.
    """
    # asked once: to look at a protocol takes longer than to write a command
    ahead = desk if isinstance(desk, DeskAhead) else None
    dialogue = converse(
        features,
        messages_per_session=messages_per_session,
        session_s=session_s,
        ahead=ahead is not None,
        clock=clock,
    )
    try:
        ended = _drive(dialogue, wire, desk, ahead)
        if ended.polite:
            wire.quit()
        return ended
    finally:
        wire.close()


def _drive(dialogue: Dialogue, wire: Wire, desk: Desk, ahead: DeskAhead | None) -> Ended:
    """Do what the dialogue asks for until it ends."""
    answer: Answer = None
    while True:
        try:
            step = dialogue.send(answer)
        except StopIteration as end:
            ended: Ended = end.value
            return ended
        match step:
            case Write(octets, phase):
                answer = wire.write(octets, phase)
            case Read(phase):
                answer = wire.read(phase)
            case Listen(phase):
                answer = wire.listen(phase)
            case TakeAtOnce() | GiveBack():
                answer = _ask_ahead(step, ahead)
            case _:
                answer = _ask_desk(step, desk)


def _ask_desk(step: Take | Begin | Finish, desk: Desk) -> Answer:
    match step:
        case Take():
            return desk.take()
        case Begin(message):
            return desk.begin(message)
        case Finish(message, outcome):
            desk.finish(message, outcome)
    return None


def _ask_ahead(step: TakeAtOnce | GiveBack, ahead: DeskAhead | None) -> Message | None:
    if ahead is None:
        return None
    if isinstance(step, TakeAtOnce):
        return ahead.take_at_once()
    ahead.give_back(step.message)
    return None
