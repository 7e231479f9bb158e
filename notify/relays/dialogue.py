"""The SMTP dialogue as a generator: it yields what is to be done next and is sent what came of it.

It knows no socket and no ledger, and its clock is given to it, so that every phase can be tried with a list of answers.

The order around the final dot is the promise of this program. The whole message is written but not ended; then
``Begin`` makes durable that the dot may leave; only then does the dot leave. Until ``Begin`` nothing has been sent,
for certain; and as making it durable takes its time, a relay that has objected or hung up is heard before it and once
more after it. A message whose dot was never written is not in doubt.

A relay that hangs up while a message waited for its moment is heard before MAIL: that message goes back, untried.

Without PIPELINING every command waits for the reply to the one before. Where the relay offers it (RFC 2920), MAIL, RCPT
and DATA leave in one write; and once it has taken a message, and the dispatcher has a next one at hand, MAIL, RCPT and
DATA leave in one write with the dot of the message before. Each reply is still read at its own phase, in order; once a
session is under way::

    we write                     the relay answers
    MAIL RCPT DATA               250 250 354
    body … Begin
    .  MAIL RCPT DATA            250 (it is the first one's), 250 250 354
    body … Begin
    .  MAIL RCPT DATA            250 (the second one's), 250 250 354

So two messages may be open at once, but only one is ever in flight: the one whose dot has left. The other is known not
to have been sent, whatever happens, and goes back to the dispatcher as if it had never been taken.

When a recipient was refused and DATA is nevertheless answered with 354, RFC 2920 (3.1) has a lone dot sent. It would
end an empty message, and a relay that has just contradicted itself decides who gets that. The connection is closed
instead: without a dot there is no message. It costs a new connection, with the few relays that do so.

A relay that offers PIPELINING and throws away commands that come together is waited for as long as its answer may take;
then the session ends as ``UNHEARD``, and whoever opens the next one can do without PIPELINING.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import replace
from typing import Any

from notify.core.message import Message
from notify.core.outcome import Action, Loss, Outcome, Phase, Reply
from notify.core.record import record
from notify.core.status import Status
from notify.core.verdict import goes_on, judge
from notify.relays.commands import commands_for, unfit
from notify.relays.steps import (
    Begin,
    Dialogue,
    End,
    Ended,
    Finish,
    GiveBack,
    Listen,
    Read,
    Step,
    Take,
    TakeAtOnce,
    Write,
)

#: After so much silence a relay may have hung up without our noticing.
IDLE_S = 5.0


@record(frozen=True, slots=True)
class _Open:
    """A message that was taken and not begun.

    ``announced``: its MAIL, RCPT and DATA have left with the dot before it. ``unsure``: and that dot was refused.
    """

    message: Message
    announced: bool = False
    unsure: bool = False


@record(frozen=True, slots=True)
class _Heard:
    """The answer that ended a transaction, and where.

    ``in_step``: both sides know where they are, so that another command would be understood. ``unheard``: what left
    together was not heard to its end.
    """

    phase: Phase
    answer: Reply | Loss
    in_step: bool = False
    following: _Open | None = None
    unheard: bool = False


_END = {Action.RECONNECT: End.RECONNECT, Action.PAUSE: End.PAUSE, Action.STOP: End.STOP}
# made once, because every message needs several of them
_READ = {phase: Read(phase) for phase in Phase}
_LISTEN = {phase: Listen(phase) for phase in Phase}
_GROUP = (Phase.MAIL, Phase.RCPT, Phase.DATA)


def converse(
    features: Mapping[str, str],
    *,
    messages_per_session: int = 100,
    session_s: float = 300,
    clock: Callable[[], float] = time.monotonic,
) -> Dialogue:
    """Hand over messages on a session that is connected, secured and logged in.

    ``features`` are the keywords of EHLO, in lower case, with their parameters. The session ends after so many messages
    or so many seconds of ``clock``, whichever comes first; what was taken by then is still handed over.
    """
    return _Session(features, messages_per_session, session_s, clock).hold()


class _Session:
    """One session, and what it remembers from one message to the next."""

    def __init__(
        self,
        features: Mapping[str, str],
        messages: int,
        seconds: float,
        clock: Callable[[], float],
    ) -> None:
        self._features = features
        self._pipelining = "pipelining" in features
        self._clock = clock
        self._messages_left = messages
        self._heard = clock()
        self._until = self._heard + seconds
        self._sent = 0

    def hold(self) -> Dialogue:
        """Hand over one message after the other."""
        following: _Open | Ended | None = None
        while not isinstance(following, Ended):
            following = yield from (self._take() if following is None else self._transact(following))
        return replace(following, sent=self._sent)

    def _take(self) -> Generator[Step, Any, _Open | Ended]:
        """Take a message; afterwards, as that may have been a long wait, see whether the relay is still there.

        If it is not, nothing was lost: the message goes back, and is the first to leave on another connection.
        """
        if self._is_used_up():
            return Ended(End.USED_UP)
        message: Message | None = yield Take()
        if message is None:
            return Ended(End.EXHAUSTED)
        self._messages_left -= 1
        if farewell := (yield from self._farewell()):
            yield GiveBack(message)
            outcome = judge(Phase.MAIL, farewell, sent_before=self._sent)
            return Ended(_END[outcome.action], outcome, polite=False)
        return _Open(message)

    def _farewell(self) -> Generator[Step, Any, Reply | Loss | None]:
        """Return what shows that the relay has gone while a message was waited for; nothing when it is there."""
        if early := (yield from _overhear(Phase.MAIL)):
            return early
        if self._clock() - self._heard <= IDLE_S:
            return None
        answer = yield from _ask(b"NOOP\r\n", Phase.RSET)
        if isinstance(answer, Loss):
            # a line that went dead while nobody used it: that says nothing about the next one
            return replace(answer, silent=False)
        if _is_farewell(answer):
            return answer
        return None if answer.code // 100 == 2 else Loss(f'the relay said "{answer}" to NOOP')

    def _take_at_once(self) -> Generator[Step, Any, _Open | None]:
        """Take the next message before the dot of the one before leaves, if it can leave with it.

        Not before this relay has taken a message, so that a text that it refuses is offered to it only once.
        """
        if not self._pipelining or not self._sent or self._is_used_up():
            return None
        message: Message | None = yield TakeAtOnce()
        if message is None:
            return None
        self._messages_left -= 1
        return _Open(message, announced=unfit(message, self._features) is None)

    def _is_used_up(self) -> bool:
        return self._messages_left <= 0 or self._clock() >= self._until

    def _transact(self, current: _Open) -> Generator[Step, Any, _Open | Ended | None]:
        """Hand one message over and record it; return the message that follows, if there is one, or the end."""
        message = current.message
        heard = yield from self._hand_over(current)
        if heard is None:
            return Ended(End.FENCED, polite=False)
        if current.unsure and heard.phase is Phase.MAIL:
            # its MAIL took the place of RSET, and a connection that cannot be cleared is charged to nobody
            yield GiveBack(message)
            return Ended(End.UNHEARD if heard.unheard else End.RECONNECT, polite=False)
        self._heard = self._clock()
        outcome = judge(heard.phase, heard.answer, sent_before=self._sent, unheard=heard.unheard)
        yield Finish(message, outcome)
        if outcome.status is Status.SENT:
            self._sent += 1
            return heard.following
        return (yield from self._go_on(heard, outcome))

    def _go_on(self, heard: _Heard, outcome: Outcome) -> Generator[Step, Any, _Open | Ended | None]:
        """Return what follows a message that was not sent: another one, if that is open already, or the end."""
        following = heard.following
        if heard.unheard and outcome.action in (Action.GO_ON, Action.RECONNECT):
            return Ended(End.UNHEARD, polite=False)
        if outcome.action is not Action.GO_ON:
            return (yield from self._end(following, Ended(_END[outcome.action], outcome, heard.in_step)))
        if following is not None and following.announced:
            # RSET would come too late. A dot clears the transaction, taken or not (RFC 5321, 4.1.1.4)
            return replace(following, unsure=True)
        if not heard.in_step or not (yield from _is_cleared()):
            return (yield from self._end(following, Ended(End.RECONNECT, polite=False)))
        return following

    def _end(self, following: _Open | None, ended: Ended) -> Generator[Step, Any, Ended]:
        """End the session; nothing was sent of a message that is open."""
        if following is not None:
            yield GiveBack(following.message)
        return ended

    def _hand_over(self, current: _Open) -> Generator[Step, Any, _Heard | None]:
        """Run one transaction; return its end, or None when ``Begin`` refused and nothing may follow."""
        message = current.message
        if refused := (yield from self._agree(current)):
            return refused
        loss: Loss | None = yield Write(message.stuffed, Phase.BODY)
        following = None if loss else (yield from self._take_at_once())
        if objection := (yield from _overhear(Phase.BODY)) or loss:
            return _Heard(Phase.BODY, objection, following=following)
        if not (yield Begin(message)):
            if following is not None:
                yield GiveBack(following.message)
            return None
        # making that durable took its time: a connection that was lost meanwhile carries no dot
        if objection := (yield from _overhear(Phase.BODY)):
            return _Heard(Phase.BODY, objection, following=following)
        # nothing is looked at between here and the dot: what fails now leaves the message in doubt
        announced = following is not None and following.announced
        group = b"".join(commands_for(following.message, self._features)) if following and announced else b""
        loss = yield Write(b".\r\n" + group, Phase.DOT)
        answer: Reply | Loss = loss or (yield _READ[Phase.DOT])
        return _Heard(Phase.DOT, answer, _refuses(answer) and not announced, following)

    def _agree(self, current: _Open) -> Generator[Step, Any, _Heard | None]:
        """Bring the relay to the point where it waits for the body; return what it has against that."""
        refused = yield from (_read_group(with_a_dot=True) if current.announced else self._announce(current.message))
        if refused is None or "size" not in self._features or not _is_about_a_parameter(refused):
            return refused
        # it refuses the SIZE that it offers, or seems to: try once without
        self._features = {name: value for name, value in self._features.items() if name != "size"}
        return (yield from self._announce(current.message))

    def _announce(self, message: Message) -> Generator[Step, Any, _Heard | None]:
        """Write MAIL, RCPT and DATA; return the answer that ends it, if any."""
        if refused := unfit(message, self._features):
            return _Heard(*refused, in_step=True)
        commands = commands_for(message, self._features)
        if not self._pipelining:
            return (yield from _ask_in_turn(commands))
        if early := (yield from _send(b"".join(commands), Phase.MAIL)):
            return _Heard(Phase.MAIL, early)
        return (yield from _read_group())


def _is_about_a_parameter(heard: _Heard) -> bool:
    """Tell whether MAIL may have been refused for what stands behind the address (RFC 5321, 4.1.1.11)."""
    if not heard.in_step or heard.phase is not Phase.MAIL or isinstance(heard.answer, Loss):
        return False
    return heard.answer.code in (501, 504, 555)


def _ask_in_turn(commands: list[bytes]) -> Generator[Step, Any, _Heard | None]:
    """Write each command when the one before has been granted; return the answer that ends it, if any."""
    for phase, command in zip(_GROUP, commands, strict=True):
        answer = yield from _ask(command, phase)
        if not goes_on(phase, answer):
            return _Heard(phase, answer, _refuses(answer))
    return None


def _read_group(*, with_a_dot: bool = False) -> Generator[Step, Any, _Heard | None]:
    """Read the replies to MAIL, RCPT and DATA that left together; return the one that ends it, if any."""
    for phase in _GROUP:
        answer: Reply | Loss = yield _READ[phase]
        if goes_on(phase, answer):
            continue
        if isinstance(answer, Loss):
            return _Heard(phase, answer, unheard=answer.silent and (with_a_dot or phase is not Phase.MAIL))
        return (yield from _hear_out(phase, answer))
    return None


def _hear_out(phase: Phase, answer: Reply) -> Generator[Step, Any, _Heard]:
    """Read the replies after a refusal; they show whether it really answered the command that it seems to answer.

    No relay takes a recipient without a sender, or answers DATA with 250. Where that happens, one of the replies
    answered no command at all, and none of them may be charged to the recipient.
    """
    if not _refuses(answer):
        return _Heard(phase, answer)
    in_step = True
    for later in _GROUP[_GROUP.index(phase) + 1 :]:
        next_answer: Reply | Loss = yield _READ[later]
        if isinstance(next_answer, Loss):
            return _Heard(phase, answer, unheard=next_answer.silent)
        if _is_farewell(next_answer):
            return _Heard(phase, answer)
        if later is Phase.DATA and goes_on(later, next_answer):
            # it waits for a message to nobody
            in_step = False
        elif not _refuses(next_answer):
            return _Heard(phase, Loss(f'the relay said "{answer}" and then "{next_answer}"'))
    unasked: Reply | Loss | None = yield _LISTEN[Phase.DATA]
    if isinstance(unasked, Reply) and unasked.code // 100 not in (4, 5):
        return _Heard(phase, Loss(f'the relay said "{unasked}" without being asked'))
    return _Heard(phase, answer, in_step and unasked is None)


def _ask(command: bytes, phase: Phase) -> Generator[Step, Any, Reply | Loss]:
    """Write a command and return its reply, or what the relay said before the command left."""
    early = yield from _send(command, phase)
    return early or (yield _READ[phase])


def _send(octets: bytes, phase: Phase) -> Generator[Step, Any, Reply | Loss | None]:
    """Write commands; return what the relay said before they left, or why they could not be written."""
    if early := (yield from _overhear(phase)):
        return early
    loss: Loss | None = yield Write(octets, phase)
    if loss:
        # a relay that hung up may have said why
        return (yield from _overhear(phase)) or loss
    return None


def _overhear(phase: Phase) -> Generator[Step, Any, Reply | Loss | None]:
    """Return what the relay has said unasked.

    It may say farewell at any time, and object to a message while that is written. Any other reply would be taken for
    the answer to the next command, and if it is positive, a message would count as sent that was not.
    """
    unasked: Reply | Loss | None = yield _LISTEN[phase]
    if isinstance(unasked, Reply) and not (
        _is_farewell(unasked) or (phase is Phase.BODY and unasked.code // 100 in (4, 5))
    ):
        return Loss(f'the relay said "{unasked}" without being asked')
    return unasked


def _is_cleared() -> Generator[Step, Any, bool]:
    """Ask for RSET, on which no message depends; return whether the session is good for another message."""
    answer = yield from _ask(b"RSET\r\n", Phase.RSET)
    return isinstance(answer, Reply) and answer.code // 100 == 2


def _refuses(answer: Reply | Loss) -> bool:
    """Tell whether it is a refusal after which the dialogue can go on."""
    return isinstance(answer, Reply) and answer.code // 100 in (4, 5) and not _is_farewell(answer)


def _is_farewell(answer: Reply | Loss) -> bool:
    """Tell whether the relay has gone, with a word (RFC 5321, 3.8) or without."""
    return isinstance(answer, Loss) or answer.code == 421
