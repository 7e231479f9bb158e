"""The dialogue against lists of answers, without a socket."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest

from notify.core.message import Envelope, Message
from notify.core.outcome import Action, Loss, Outcome, Phase, Reply, Scope
from notify.core.status import Status
from notify.relays.dialogue import converse
from notify.relays.steps import Answer, Begin, End, Ended, Finish, GiveBack, Listen, Read, Step, Take, Write

YES = {
    Phase.MAIL: Reply(250, ("2.1.0 Ok",)),
    Phase.RCPT: Reply(250, ("2.1.5 Ok",)),
    Phase.DATA: Reply(354, ("End data with <CR><LF>.<CR><LF>",)),
    Phase.DOT: Reply(250, ("2.0.0 Ok: queued",)),
    Phase.RSET: Reply(250, ("2.0.0 Ok",)),
}
GONE = Loss("the connection was closed")
BODY = b"Subject: x\r\n\r\n.hidden\r\nbye\r\n"


def message(number: int, octets: bytes = BODY, to: str = "") -> Message:
    """Return the n-th invented message."""
    return Message(Envelope("info@alt.example", to or f"n{number}@kunde.example"), f"<{number}@alt.example>", octets)


@dataclass
class Relay:
    """Answers like a relay that takes everything, except where it is told otherwise.

    ``said``, ``failed`` and ``unasked`` hold, by phase and number of the message, what is replied to a command, what
    becomes of a write, and what is heard unasked; ``while_it_begins`` is what is heard then.
    """

    messages: list[Message] = field(default_factory=lambda: [message(1), message(2)])
    said: dict[tuple[Phase, int], Reply | Loss] = field(default_factory=dict)
    failed: dict[tuple[Phase, int], Loss] = field(default_factory=dict)
    unasked: dict[tuple[Phase, int], Reply | Loss] = field(default_factory=dict)
    while_it_begins: Reply | Loss | None = None
    begins: bool = True
    features: dict[str, str] = field(default_factory=dict)

    written: list[bytes] = field(default_factory=list)
    trail: list[str] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    number: int = 0
    given_back: int = 0

    def run(self, messages_per_session: int = 100) -> Ended:
        """Hold the dialogue to its end."""
        dialogue = converse(self.features, messages_per_session=messages_per_session)
        waiting, answer = iter(self.messages), None
        while True:
            try:
                step = dialogue.send(answer)
            except StopIteration as end:
                ended: Ended = end.value
                assert ended.sent == [outcome.status for outcome in self.outcomes].count(Status.SENT)
                return replace(ended, sent=0)
            answer = self._answer(step, waiting)

    def _answer(self, step: Step, waiting: Iterator[Message]) -> Answer:
        match step:
            case Take():
                self.number += 1
                return next(waiting, None)
            case Write(octets, phase):
                self.trail.append(phase.value)
                self.written.append(octets)
                return self.failed.get((phase, self.number))
            case Read(phase):
                return self.said.get((phase, self.number), YES[phase])
            case Listen(phase):
                begins = self.trail[-1:] == ["begin"]
                return self.while_it_begins if begins else self.unasked.get((phase, self.number))
            case GiveBack():
                self.given_back += 1
            case Begin():
                self.trail.append("begin")
                return self.begins
            case Finish(_, outcome):
                self.trail.append("finish")
                self.outcomes.append(outcome)
        return None


ONE = ["mail", "rcpt", "data", "body", "begin", "dot", "finish"]


def test_two_messages() -> None:
    """Messages follow each other on one connection; the dot comes after begin, alone."""
    relay = Relay()
    assert relay.run() == Ended(End.EXHAUSTED)
    assert relay.trail == ONE * 2
    assert relay.written[:5] == [
        b"MAIL FROM:<info@alt.example>\r\n",
        b"RCPT TO:<n1@kunde.example>\r\n",
        b"DATA\r\n",
        b"Subject: x\r\n\r\n..hidden\r\nbye\r\n",
        b".\r\n",
    ]
    assert [outcome.status for outcome in relay.outcomes] == [Status.SENT, Status.SENT]


def test_nothing_to_send() -> None:
    """Without messages not a single octet is written."""
    relay = Relay([])
    assert relay.run() == Ended(End.EXHAUSTED)
    assert relay.written == []


BEFORE_BODY = [Phase.MAIL, Phase.RCPT, Phase.DATA]
REFUSALS = [
    (phase, answer)
    for phase in BEFORE_BODY
    for answer in [GONE, *(Reply(code, ("",)) for code in (250, 354, 421, 450, 550))]
    if answer != Reply(YES[phase].code, ("",))
]


@pytest.mark.parametrize(("phase", "answer"), REFUSALS, ids=str)
def test_no_dot_without_consent(phase: Phase, answer: Reply | Loss) -> None:
    """Whatever is answered that is not the consent of its phase, nothing of the message follows, and begin neither."""
    relay = Relay([message(1)], said={(phase, 1): answer})
    relay.run()
    so_far = BEFORE_BODY[: BEFORE_BODY.index(phase) + 1]
    assert relay.trail[: len(so_far) + 1] == [*so_far, "finish"]
    assert "dot" not in relay.trail
    assert relay.outcomes[0].status not in (Status.SENT, Status.IN_DOUBT)


def test_refused_recipient_is_cleared() -> None:
    """After a recipient was refused the transaction is cleared, and the next one goes on the same connection."""
    relay = Relay(said={(Phase.RCPT, 1): Reply(550, ("5.1.1 unknown",))})
    assert relay.run() == Ended(End.EXHAUSTED)
    assert relay.trail == ["mail", "rcpt", "finish", "rset", *ONE]
    assert [outcome.status for outcome in relay.outcomes] == [Status.FAILED, Status.SENT]


@pytest.mark.parametrize("answer", [Reply(421, ("bye",)), Reply(503, ("what",)), GONE])
def test_session_that_cannot_be_cleared(answer: Reply | Loss) -> None:
    """When the clearing is not confirmed the connection is given up, and nobody is charged for it."""
    relay = Relay(said={(Phase.RCPT, 1): Reply(450, ("4.2.0 later",)), (Phase.RSET, 1): answer})
    assert relay.run() == Ended(End.RECONNECT, polite=False)
    assert [outcome.status for outcome in relay.outcomes] == [Status.DEFERRED]


def test_fenced() -> None:
    """When begin says no the dot never leaves, nothing is recorded, and not even QUIT may end the message."""
    relay = Relay(begins=False)
    assert relay.run() == Ended(End.FENCED, polite=False)
    assert relay.trail == ["mail", "rcpt", "data", "body", "begin"]
    assert b".\r\n" not in relay.written


def test_used_up() -> None:
    """A connection carries as many messages as it should, and takes no further one that it could not send."""
    relay = Relay([message(number) for number in range(1, 6)])
    assert relay.run(messages_per_session=3) == Ended(End.USED_UP)
    assert relay.number == 3
    assert relay.trail == ONE * 3


def test_first_message_says_421() -> None:
    """A relay that goes is called again, whether it has taken something or not."""
    bye = Reply(421, ("4.4.2 bye",))
    for number in (1, 2):
        relay = Relay(said={(Phase.MAIL, number): bye})
        assert relay.run().end is End.RECONNECT
        assert relay.outcomes[-1].status is Status.PENDING


def test_stop_is_polite() -> None:
    """After a clear refusal both sides know where they are, and the session may end with QUIT."""
    relay = Relay(said={(Phase.RCPT, 1): Reply(554, ("5.7.1 Relay access denied",))})
    ended = relay.run()
    assert (ended.end, ended.polite) == (End.STOP, True)
    assert ended.outcome == relay.outcomes[0]


@pytest.mark.parametrize("answer", [GONE, Reply(354, ("again?",)), Reply(199, ("hm",)), Loss("no answer within 600 s")])
def test_in_doubt(answer: Reply | Loss) -> None:
    """After the dot, what is neither yes nor no is a doubt, and the connection is of no further use."""
    relay = Relay(said={(Phase.DOT, 1): answer})
    ended = relay.run()
    assert relay.outcomes[0].status is Status.IN_DOUBT
    assert not ended.polite


def test_dot_that_cannot_be_written() -> None:
    """Whether a dot left that could not be written is not known."""
    relay = Relay(failed={(Phase.DOT, 1): GONE})
    relay.run()
    assert relay.outcomes[0].status is Status.IN_DOUBT


@pytest.mark.parametrize("phase", [Phase.MAIL, Phase.RCPT, Phase.DATA, Phase.BODY])
def test_write_that_fails(phase: Phase) -> None:
    """A write that fails before the dot is known not to have sent anything; begin is not asked."""
    relay = Relay(failed={(phase, 2): GONE})
    assert relay.run().end is End.RECONNECT
    outcome = relay.outcomes[-1]
    assert (outcome.status, outcome.scope, outcome.phase) == (Status.PENDING, Scope.RELAY, phase)
    assert relay.trail.count("begin") == 1


def test_last_words() -> None:
    """A relay that objects while it is written to and hangs up is heard: the objection says whose trouble it is."""
    relay = Relay(failed={(Phase.BODY, 1): GONE}, unasked={(Phase.BODY, 1): Reply(552, ("5.3.4 Message too big",))})
    ended = relay.run()
    assert (ended.end, ended.polite) == (End.STOP, False)
    assert relay.outcomes[0].scope is Scope.MESSAGE


def test_objection_to_the_body() -> None:
    """An objection that is there before the dot is heard before it: no begin, no dot."""
    relay = Relay(unasked={(Phase.BODY, 2): Reply(450, ("4.2.0 not this one",))})
    assert relay.run().end is End.RECONNECT
    assert "begin" not in relay.trail[len(ONE) :]
    assert relay.outcomes[-1].status is Status.DEFERRED


TOO_MANY = [(phase, code) for phase in BEFORE_BODY for code in (250, 354, 550)] + [(Phase.BODY, 250), (Phase.BODY, 354)]


@pytest.mark.parametrize(("phase", "code"), TOO_MANY)
def test_reply_too_many(phase: Phase, code: int) -> None:
    """A reply too many is never taken for the answer to the next command: the message would be "sent" or refused."""
    relay = Relay(unasked={(phase, 2): Reply(code, ("surprise",))})
    ended = relay.run()
    assert ended.end is End.RECONNECT
    assert "surprise" in str(ended.outcome and ended.outcome.answer)
    # before MAIL the second was not tried
    statuses = [Status.SENT] if phase is Phase.MAIL else [Status.SENT, Status.PENDING]
    assert [outcome.status for outcome in relay.outcomes] == statuses
    assert relay.given_back == (phase is Phase.MAIL)


@pytest.mark.parametrize("phase", [Phase.MAIL, Phase.RCPT, Phase.DATA, Phase.BODY])
def test_farewell_at_any_time(phase: Phase) -> None:
    """421 may come at any time and is then not overlooked; before MAIL it costs the message nothing."""
    relay = Relay(unasked={(phase, 2): Reply(421, ("4.4.2 idle too long",))})
    ended = relay.run()
    assert ended.end is End.RECONNECT
    assert ended.outcome is not None
    assert ended.outcome.answer == Reply(421, ("4.4.2 idle too long",))
    assert (len(relay.outcomes), relay.given_back) == ((1, 1) if phase is Phase.MAIL else (2, 0))


@pytest.mark.parametrize("heard", [Reply(421, ("4.4.2 bye",)), GONE, Reply(552, ("5.3.4 too big",))], ids=str)
def test_lost_while_it_begins(heard: Reply | Loss) -> None:
    """Who hangs up while begin is made durable got no dot: the message is known not to be sent, and in no doubt."""
    relay = Relay(while_it_begins=heard)
    relay.run()
    assert relay.trail[: len(ONE) - 1] == [*ONE[:5], "finish"]
    assert (relay.outcomes[0].status, relay.outcomes[0].phase) == (Status.PENDING, Phase.BODY)


def test_size_is_told() -> None:
    """The size is told where it is understood, as the octets without dot-stuffing (RFC 1870, 3)."""
    relay = Relay([message(1)], features={"size": "1000"})
    relay.run()
    assert relay.written[0] == f"MAIL FROM:<info@alt.example> SIZE={len(BODY)}\r\n".encode()


@pytest.mark.parametrize("limit", ["", "0", "28", "many", "1000"])
def test_size_that_fits(limit: str) -> None:
    """No limit, a limit of nought and a limit that is just kept let the message pass."""
    relay = Relay([message(1)], features={"size": limit})
    relay.run()
    assert relay.outcomes[0].status is Status.SENT


def test_too_large() -> None:
    """A message over the announced limit is judged before anything is written, and it is nobody's fault."""
    relay = Relay(features={"size": "27"})
    ended = relay.run()
    assert (ended.end, ended.polite) == (End.STOP, True)
    assert relay.trail == ["finish"]
    assert (relay.outcomes[0].status, relay.outcomes[0].scope) == (Status.PENDING, Scope.MESSAGE)
    assert "28 octets" in str(relay.outcomes[0].answer)


@pytest.mark.parametrize(
    "to", ["a@x.example>\r\nRCPT TO:<b@x.example", "a b@x.example", "ä@x.example", "a\0@x.example"]
)
def test_no_command_in_an_address(to: str) -> None:
    """An address that would break out of its command never reaches the wire; the recipient is told apart."""
    relay = Relay([message(1, to=to), message(2)])
    relay.run()
    assert relay.outcomes[0].status is Status.FAILED
    assert relay.outcomes[1].status is Status.SENT
    assert relay.written[0] == b"RSET\r\n"


def test_no_command_in_the_sender() -> None:
    """The same in the sender's address stops the run: it is the sender of all."""
    letter = Message(Envelope("a@x.example> SIZE=1\r\nDATA", "n@kunde.example"), "<1@x.example>", BODY)
    ended = Relay([letter]).run()
    assert ended.outcome is not None
    assert (ended.outcome.status, ended.outcome.action) == (Status.PENDING, Action.STOP)


def test_empty_reverse_path() -> None:
    """A message may have no way back (RFC 5321, 4.5.5)."""
    relay = Relay([Message(Envelope("", "n@kunde.example"), "<1@x.example>", BODY)])
    relay.run()
    assert relay.written[0] == b"MAIL FROM:<>\r\n"
