"""The SMTP dialogue as a generator: it yields what is to be done next and is sent what came of it.

It knows no socket, no ledger and no clock, so that every phase can be tried with a list of answers. It is lock-step:
MAIL, RCPT, DATA and the body wait for each other's replies. Pipelining (RFC 2920) is another order of the same steps.

The order around the final dot is the promise of this program. The whole message is written but not ended; then
``Begin`` makes durable that the dot may leave; only then does the dot leave. Until ``Begin`` nothing has been sent,
for certain, and a relay that has already objected is heard before it.

Known limit: no BODY=8BITMIME and no SMTPUTF8. Messages are seven-bit, and addresses outside ASCII are refused earlier.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import cast

from notify.core.message import Message
from notify.core.outcome import Action, Loss, Outcome, Phase, Reply
from notify.core.status import Status
from notify.core.verdict import goes_on, judge


@dataclass(frozen=True, slots=True)
class Take:
    """Fetch the next message. Answer: a :class:`Message`, or None when there are no more."""


@dataclass(frozen=True, slots=True)
class Write:
    """Write octets. Answer: a :class:`Loss`, or None when all were written."""

    octets: bytes
    phase: Phase


@dataclass(frozen=True, slots=True)
class Read:
    """Wait for a reply. Answer: :class:`Reply` or :class:`Loss`."""

    phase: Phase


@dataclass(frozen=True, slots=True)
class Listen:
    """Hear whether the relay has said something unasked. Answer: :class:`Reply`, :class:`Loss`, or None: silence."""

    phase: Phase


@dataclass(frozen=True, slots=True)
class Begin:
    """Make durable that the dot of this message may leave. Answer: False when it must not."""

    message: Message


@dataclass(frozen=True, slots=True)
class Finish:
    """Record what became of a message. Answer: None."""

    message: Message
    outcome: Outcome


class End(Enum):
    """Why a session ended."""

    #: There were no more messages to take.
    EXHAUSTED = "exhausted"
    #: It has carried as many messages as it should; the next ones want a new one.
    USED_UP = "used up"
    #: The message was not ours any more when its dot was to leave. Whoever took over decides about it.
    FENCED = "fenced"
    RECONNECT = "reconnect"
    PAUSE = "pause"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of a session: why, the outcome that brought it about, and whether QUIT still makes sense."""

    end: End
    outcome: Outcome | None = None
    polite: bool = True


Step = Take | Write | Read | Listen | Begin | Finish
Answer = Message | Reply | Loss | bool | None
Dialogue = Generator[Step, Answer, Ended]

_END = {Action.RECONNECT: End.RECONNECT, Action.PAUSE: End.PAUSE, Action.STOP: End.STOP}
# RFC 5321, 4.1.2: what may stand between the angle brackets, as far as a command cannot be broken out of
_PATH = re.compile(r"[!-;=?-~]*")


def converse(features: Mapping[str, str], *, messages_per_session: int = 100) -> Dialogue:
    """Hand over messages on a session that is connected, secured and logged in.

    ``features`` are the keywords of EHLO, in lower case, with their parameters.
    """
    sent = 0
    for _ in range(messages_per_session):
        message = cast("Message | None", (yield Take()))
        if message is None:
            return Ended(End.EXHAUSTED)
        outcome = yield from _hand_over(message, features, sent)
        if outcome is None:
            return Ended(End.FENCED, polite=False)
        yield Finish(message, outcome)
        sent += outcome.status is Status.SENT
        if outcome.action is not Action.GO_ON:
            return Ended(_END[outcome.action], outcome, _in_step(outcome))
        if outcome.status is not Status.SENT and not (yield from _reset()):
            return Ended(End.RECONNECT, polite=False)
    return Ended(End.USED_UP)


def dot_stuffed(octets: bytes) -> bytes:
    """Double the dots at the beginnings of lines, so that none of them ends the message (RFC 5321, 4.5.2)."""
    stuffed = octets.replace(b"\r\n.", b"\r\n..")
    return b"." + stuffed if stuffed.startswith(b".") else stuffed


def _hand_over(message: Message, features: Mapping[str, str], sent: int) -> Generator[Step, Answer, Outcome | None]:
    """Run one transaction; return its outcome, or None when ``Begin`` refused and nothing may follow."""
    if refused := _unfit(message, features):
        return judge(*refused, sent_before=sent)
    for phase, command in _commands(message, features):
        answer = yield from _ask(command, phase)
        if not goes_on(phase, answer):
            return judge(phase, answer, sent_before=sent)
    objection = yield from _tell(dot_stuffed(message.octets), Phase.BODY)
    if objection is not None:
        return judge(Phase.BODY, objection, sent_before=sent)
    if not (yield Begin(message)):
        return None
    # nothing is looked at between here and the dot: what fails now leaves the message in doubt
    loss = cast("Loss | None", (yield Write(b".\r\n", Phase.DOT)))
    answer = loss or cast("Reply | Loss", (yield Read(Phase.DOT)))
    return judge(Phase.DOT, answer, sent_before=sent)


def _unfit(message: Message, features: Mapping[str, str]) -> tuple[Phase, Reply] | None:
    """Return the refusal of a message that the relay would not take, in the words that it would use itself."""
    envelope = message.envelope
    if not _PATH.fullmatch(envelope.reverse_path):
        return Phase.MAIL, Reply(553, ("5.1.7 The sender's address cannot be written in SMTP",))
    if not envelope.forward_path or not _PATH.fullmatch(envelope.forward_path):
        return Phase.RCPT, Reply(553, ("5.1.3 The recipient's address cannot be written in SMTP",))
    limit = features.get("size", "")
    if limit.isdecimal() and 0 < int(limit) < len(message.octets):
        return Phase.MAIL, Reply(552, (f"5.3.4 {len(message.octets)} octets; the relay takes at most {int(limit)}",))
    return None


def _commands(message: Message, features: Mapping[str, str]) -> list[tuple[Phase, bytes]]:
    """Return the commands before the body; the size is told where it is understood (RFC 1870)."""
    envelope = message.envelope
    size = f" SIZE={len(message.octets)}" if "size" in features else ""
    return [
        (Phase.MAIL, f"MAIL FROM:<{envelope.reverse_path}>{size}\r\n".encode()),
        (Phase.RCPT, f"RCPT TO:<{envelope.forward_path}>\r\n".encode()),
        (Phase.DATA, b"DATA\r\n"),
    ]


def _ask(command: bytes, phase: Phase) -> Generator[Step, Answer, Reply | Loss]:
    """Write a command and return its reply, or what was said before it was asked."""
    if early := (yield from _overhear(phase)):
        return early
    if loss := cast("Loss | None", (yield Write(command, phase))):
        # a relay that hung up may have said why
        return (yield from _overhear(phase)) or loss
    return cast("Reply | Loss", (yield Read(phase)))


def _tell(octets: bytes, phase: Phase) -> Generator[Step, Answer, Reply | Loss | None]:
    """Write what has no reply of its own; return what the relay says to it nevertheless."""
    loss = cast("Loss | None", (yield Write(octets, phase)))
    return (yield from _overhear(phase)) or loss


def _overhear(phase: Phase) -> Generator[Step, Answer, Reply | Loss | None]:
    """Return what the relay has said unasked.

    It may say farewell at any time, and object to a message while that is written. Any other reply would be taken for
    the answer to what is asked next, and a consent of that kind would be a message "sent" that was not.
    """
    said = cast("Reply | Loss | None", (yield Listen(phase)))
    if isinstance(said, Reply) and not (said.code == 421 or (phase is Phase.BODY and said.code // 100 in (4, 5))):
        return Loss(f'the relay said "{said}" without being asked')
    return said


def _reset() -> Generator[Step, Answer, bool]:
    """Clear a refused transaction; return whether the session is good for another one."""
    answer = yield from _ask(b"RSET\r\n", Phase.RSET)
    return isinstance(answer, Reply) and answer.code // 100 == 2


def _in_step(outcome: Outcome) -> bool:
    """Whether both sides know where they are, so that QUIT would be understood."""
    answer = outcome.answer
    if isinstance(answer, Loss) or outcome.phase is Phase.BODY:
        return False
    return answer.code // 100 in (4, 5) and answer.code != 421
