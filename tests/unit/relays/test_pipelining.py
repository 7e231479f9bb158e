"""Commands and dots that leave together, against a relay in memory that answers in order and keeps what it accepts.

The believed: in every cell of the matrix a message ends as it does when each command waits for its reply.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace

import pytest

from notify.core.message import Envelope, Message
from notify.core.outcome import Action, Loss, Outcome, Phase, Reply
from notify.core.status import Status
from notify.relays.dialogue import converse
from notify.relays.steps import Answer, Begin, End, Ended, Finish, GiveBack, Listen, Read, Step, Take, TakeAtOnce, Write

GONE = Loss("the connection was closed")
SILENCE = Loss("no answer within 300 s", silent=True)
BODY = b"Subject: x\r\n\r\n.hidden\r\nbye\r\n"
PIPELINING = {"pipelining": ""}
Said = Reply | Loss
YES = {
    Phase.MAIL: Reply(250, ("2.1.0 Ok",)),
    Phase.RCPT: Reply(250, ("2.1.5 Ok",)),
    Phase.DATA: Reply(354, ("go",)),
    Phase.DOT: Reply(250, ("2.0.0 Ok: queued",)),
    Phase.RSET: Reply(250, ("2.0.0 Ok",)),
}


def letter(number: int, to: str = "", octets: bytes = BODY) -> Message:
    """Return the n-th invented message."""
    return Message(Envelope("info@alt.example", to or f"n{number}@kunde.example"), f"<{number}@alt.example>", octets)


@dataclass
class Relay:
    """A relay in memory. ``script`` holds, by phase and number of the message, what is said in place of the usual.

    A :class:`Loss` there: it hangs up. ``generous``: it answers DATA with 354 although it has taken no recipient.
    ``forgets``: when it has answered in these phases, it throws away what has come together with what it answers.
    """

    script: Mapping[tuple[Phase, int], tuple[Said, ...]] = field(default_factory=dict)
    generous: bool = False
    forgets: Container[Phase] = ()
    #: What it says to a command that may not come now.
    bad_sequence: tuple[Said, ...] = (Reply(503, ("5.5.1 bad sequence of commands",)),)

    said: deque[Reply] = field(default_factory=deque)
    accepted: list[int] = field(default_factory=list)
    closed: bool = False
    number: int = 0
    sender: bool = False
    to: bool = False
    data: bool = False
    answered: Phase | None = None

    def hear(self, octets: bytes) -> Loss | None:
        """Take what is written, line by line."""
        if self.closed:
            return GONE
        for line in octets.splitlines(keepends=True):
            self.answered = None
            if not self.closed:
                self._line(line)
            if self.answered in self.forgets:
                break
        return None

    def answer(self) -> Said:
        """Return the next reply; a client that waits where nothing was asked would wait for ever."""
        if self.said:
            return self.said.popleft()
        assert self.closed or self.forgets, "nothing was asked"
        return GONE if self.closed else SILENCE

    def unasked(self) -> Said | None:
        """Return what is there to be read."""
        return self.answer() if self.said or self.closed else None

    def _line(self, line: bytes) -> None:
        if self.data:
            if line == b".\r\n":
                self.data = self.sender = self.to = False
                if self._say(Phase.DOT):
                    self.accepted.append(self.number)
            return
        verb = line.split()[0]
        if verb == b"MAIL":
            self.number += 1
            self.sender = self._say(Phase.MAIL)
        elif verb == b"RCPT":
            self.to = self._say(Phase.RCPT) if self.sender else self._no()
        elif verb == b"DATA":
            self.data = self._say(Phase.DATA) if self.to or self.generous else self._no()
        else:
            assert verb in (b"RSET", b"NOOP")
            self._say(Phase.RSET)
            self.sender = self.to = False

    def _no(self) -> bool:
        return self._utter(self.bad_sequence)

    def _say(self, phase: Phase) -> bool:
        self.answered = phase
        return self._utter(self.script.get((phase, self.number), (YES[phase],)))

    def _utter(self, said: tuple[Said, ...]) -> bool:
        for one in said:
            if isinstance(one, Loss):
                self.closed = True
            else:
                self.said.append(one)
        return bool(said) and isinstance(said[0], Reply) and said[0].code // 100 in (2, 3)


@dataclass
class Run:
    """A dialogue with a relay, and the dispatcher beside it, which keeps the arrows."""

    relay: Relay = field(default_factory=Relay)
    features: Mapping[str, str] = field(default_factory=lambda: PIPELINING)
    ahead: bool = True
    letters: Iterable[Message] = field(default_factory=lambda: [letter(number) for number in (1, 2, 3, 4)])
    #: How long each wait for a message takes.
    waits_s: float = 0.0
    #: From which message on begin says no.
    fenced_from: int = 99

    written: list[bytes] = field(default_factory=list)
    trail: list[str] = field(default_factory=list)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    given_back: list[str] = field(default_factory=list)
    fenced: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    now: float = 1000.0
    in_flight: str = ""

    def hold(self, messages_per_session: int = 100, session_s: float = 300) -> Ended:
        """Hold the dialogue to its end; whoever was taken is finished, given back or fenced by then."""
        dialogue = converse(
            self.features,
            messages_per_session=messages_per_session,
            session_s=session_s,
            clock=lambda: self.now,
        )
        self._waiting = iter(self.letters)
        answer: Answer = None
        while True:
            try:
                step = dialogue.send(answer)
            except StopIteration as end:
                ended: Ended = end.value
                break
            assert isinstance(step, Write | Finish | Read | Listen) or not self.in_flight, "left open behind a begin"
            answer = self._answer(step)
        assert sorted(self.taken) == sorted([*self.outcomes, *self.given_back, *self.fenced])
        if ended.polite:
            assert not self.relay.data, "QUIT would be a part of the message"
        assert ended.sent == self.statuses().count(Status.SENT)
        return replace(ended, sent=0)

    def statuses(self) -> list[Status]:
        """Return what the messages came to, in the order in which they were finished."""
        return [outcome.status for outcome in self.outcomes.values()]

    def _answer(self, step: Step) -> Answer:
        match step:
            case Take():
                self.now += self.waits_s
                return self._next()
            case TakeAtOnce():
                return self._next() if self.ahead else None
            case GiveBack(message):
                self.given_back.append(message.message_id)
            case Write(octets, phase):
                assert octets.startswith(b".\r\n") == (phase is Phase.DOT)
                assert bool(self.in_flight) == (phase is Phase.DOT), "nothing but a dot is written behind a begin"
                self.trail.append(phase.value)
                self.written.append(octets)
                return self.relay.hear(octets)
            case Read() | Listen():
                return self.relay.answer() if isinstance(step, Read) else self.relay.unasked()
            case Begin(message):
                return self._begin(message)
            case Finish(message, outcome):
                assert self.in_flight in ("", message.message_id)
                assert message.message_id not in self.outcomes
                self.in_flight = ""
                self.trail.append("finish")
                self.outcomes[message.message_id] = outcome
        return None

    def _begin(self, message: Message) -> bool:
        self.trail.append("begin")
        if int(message.message_id[1]) >= self.fenced_from:
            self.fenced.append(message.message_id)
            return False
        self.in_flight = message.message_id
        return True

    def _next(self) -> Message | None:
        message = next(self._waiting, None)
        if message is not None:
            self.taken.append(message.message_id)
        return message


def _group(number: int) -> bytes:
    return f"MAIL FROM:<info@alt.example>\r\nRCPT TO:<n{number}@kunde.example>\r\nDATA\r\n".encode()


STUFFED = b"Subject: x\r\n\r\n..hidden\r\nbye\r\n"


def test_pipelined() -> None:
    """With PIPELINING the commands before the body leave in one write; with nobody at hand the dot leaves alone."""
    run = Run(ahead=False)
    assert run.hold() == Ended(End.EXHAUSTED)
    assert run.written == list(itertools.chain(*([_group(number), STUFFED, b".\r\n"] for number in (1, 2, 3, 4))))
    assert run.trail == ["mail", "body", "begin", "dot", "finish"] * 4
    assert run.statuses() == [Status.SENT] * 4


def test_overlap() -> None:
    """The commands of the next message leave with the dot of the one before, once the relay has taken a message."""
    run = Run()
    assert run.hold() == Ended(End.EXHAUSTED)
    assert run.written == [
        *[_group(1), STUFFED, b".\r\n"],
        *[_group(2), STUFFED, b".\r\n" + _group(3)],
        *[STUFFED, b".\r\n" + _group(4)],
        *[STUFFED, b".\r\n"],
    ]
    one = ["body", "begin", "dot", "finish"]
    assert run.trail == ["mail", *one, "mail", *one * 3]
    assert run.relay.accepted == [1, 2, 3, 4]


def test_lock_step() -> None:
    """Without PIPELINING nothing leaves before its turn, and no message is taken before its turn."""
    run = Run(features={})
    run.hold()
    assert run.trail == ["mail", "rcpt", "data", "body", "begin", "dot", "finish"] * 4
    assert all(octets.count(b"\r\n") == 1 or octets == STUFFED for octets in run.written)


MODES = {"lock-step": ({}, False), "pipelined": (PIPELINING, False), "overlap": (PIPELINING, True)}
BYE = Reply(421, ("4.4.2 bye",))
FAULTS: dict[str, tuple[Said, ...]] = {
    "4xx": (Reply(450, ("4.2.0 not now",)),),
    "trouble": (Reply(451, ("4.3.0 queue file write error",)),),
    "5xx": (Reply(550, ("5.1.1 no such user",)),),
    "full": (Reply(552, ("5.2.2 mailbox full",)),),
    "policy": (Reply(554, ("5.7.1 refused by policy",)),),
    "quota": (Reply(450, ("4.7.1 too many messages per hour",)),),
    "used up": (Reply(451, ("4.7.0 too many messages on this connection",)),),
    "sequence": (Reply(503, ("5.5.1 bad sequence of commands",)),),
    "421": (BYE, GONE),
    "4xx, close": (Reply(450, ("4.2.0 not now",)), GONE),
    "1xx": (Reply(199, ("hm",)),),
    "2xx": (Reply(250, ("2.0.0 Ok",)),),
    "354": (Reply(354, ("go",)),),
    "close": (GONE,),
    "twice": (Reply(250, ("2.0.0 Ok",)), Reply(250, ("2.0.0 Ok",))),
    "354 twice": (Reply(354, ("go",)), Reply(354, ("go",))),
    "yes and 421": (Reply(250, ("2.0.0 Ok",)), BYE, GONE),
    "no, twice": (Reply(550, ("5.1.1 no such user",)), Reply(550, ("5.1.1 no such user",))),
}
PHASES = [Phase.MAIL, Phase.RCPT, Phase.DATA, Phase.DOT]


def _came_to(mode: str, script: Mapping[tuple[Phase, int], tuple[Said, ...]]) -> tuple[dict[str, Status], Run, Ended]:
    features, ahead = MODES[mode]
    run = Run(Relay(script), features, ahead)
    ended = run.hold()
    return {mark: outcome.status for mark, outcome in run.outcomes.items()}, run, ended


def _settled(statuses: Mapping[str, Status]) -> dict[str, Status]:
    return {mark: status for mark, status in statuses.items() if status is not Status.PENDING}


def _kind(outcome: Outcome | None) -> object:
    return outcome and (outcome.status, outcome.scope, outcome.action)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
@pytest.mark.parametrize("mode", ["pipelined", "overlap"])
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("phase", PHASES, ids=str)
def test_same_as_lock_step(phase: Phase, fault: str, mode: str, number: int) -> None:
    """Any answer in any phase of any message: the verdict on each message is that of lock-step.

    Whoever waits may have been tried or not: in lock-step a relay that has gone is heard before MAIL.
    """
    script = {(phase, number): FAULTS[fault]}
    slowly, _, slow_end = _came_to("lock-step", script)
    quickly, run, ended = _came_to(mode, script)
    assert (_settled(quickly), ended.end) == (_settled(slowly), slow_end.end)
    assert _kind(ended.outcome) == _kind(slow_end.outcome)
    for mark, status in quickly.items():
        accepted = int(mark[1]) in run.relay.accepted
        assert accepted == (status is Status.SENT) or status is Status.IN_DOUBT


@pytest.mark.parametrize("mode", ["pipelined", "overlap"])
@pytest.mark.parametrize("refused", [Reply(450, ("4.2.0 not now",)), Reply(550, ("5.1.1 no such user",))], ids=str)
@pytest.mark.parametrize("phase", [Phase.MAIL, Phase.RCPT, Phase.DOT], ids=str)
def test_refusal_that_answers_nothing(phase: Phase, refused: Reply, mode: str) -> None:
    """A refusal too many, behind any consent, is charged to nobody: neither to this recipient nor to the next."""
    statuses, run, ended = _came_to(mode, {(phase, 2): (YES[phase], refused)})
    assert set(statuses.values()) <= {Status.SENT, Status.PENDING}
    assert not ended.polite
    assert run.relay.accepted == ([1, 2] if phase is Phase.DOT else [1])


@pytest.mark.parametrize("phase", [Phase.MAIL, Phase.DOT], ids=str)
def test_consent_behind_a_refusal(phase: Phase) -> None:
    """The same while the rest of the answers is still under way: no relay takes a recipient without a sender."""
    refused = Reply(550, ("5.1.1 no such user",))
    statuses, _, _ = _came_to(
        "overlap", {(phase, 2): (YES[phase], refused), (Phase.DATA, 2 + (phase is Phase.DOT)): ()}
    )
    assert set(statuses.values()) <= {Status.SENT, Status.PENDING}


@pytest.mark.parametrize("number", [1, 2, 3])
def test_farewell_behind_a_refusal(number: int) -> None:
    """A relay that goes after it has refused a recipient has refused them; the session ends, and nobody else is hit."""
    run = Run(Relay({(Phase.RCPT, number): FAULTS["5xx"]}, bad_sequence=(BYE, GONE)))
    assert run.hold() == Ended(End.RECONNECT, polite=False)
    assert run.statuses() == [*[Status.SENT] * (number - 1), Status.FAILED]


@pytest.mark.parametrize("phase", [Phase.MAIL, Phase.RCPT], ids=str)
@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("mode", ["pipelined", "overlap"])
def test_data_is_granted_without_a_recipient(mode: str, number: int, phase: Phase) -> None:
    """RFC 2920, 3.1: a relay that waits for a message to nobody gets neither a dot nor QUIT; the verdict stands."""
    features, ahead = MODES[mode]
    run = Run(Relay({(phase, number): (Reply(550, ("5.1.1 no such user",)),)}, generous=True), features, ahead)
    ended = run.hold()
    expected = (End.RECONNECT, Status.FAILED) if phase is Phase.RCPT else (End.STOP, Status.PENDING)
    assert (ended.end, run.statuses()[-1]) == expected
    assert not ended.polite
    assert run.relay.data
    assert run.relay.accepted == list(range(1, number))
    assert run.given_back == []


def test_refused_recipient_is_cleared() -> None:
    """After a refusal that the whole group confirms, the same connection carries the next message."""
    run = Run(Relay({(Phase.RCPT, 1): FAULTS["5xx"]}))
    assert run.hold() == Ended(End.EXHAUSTED)
    assert run.statuses() == [Status.FAILED, *[Status.SENT] * 3]
    assert run.written[:3] == [_group(1), b"RSET\r\n", _group(2)]


def test_refused_at_the_dot() -> None:
    """A message refused at the dot needs no RSET when the next one is on its way (RFC 5321, 4.1.1.4)."""
    run = Run(Relay({(Phase.DOT, 2): FAULTS["5xx"]}))
    run.hold()
    assert run.statuses() == [Status.SENT, Status.FAILED, Status.SENT, Status.SENT]
    assert b"RSET\r\n" not in run.written


@pytest.mark.parametrize("fault", ["close", "1xx", "354", "421", "policy", "quota"])
def test_announced_message_is_given_back(fault: str) -> None:
    """When the answer to a dot ends the session, the message behind it was not sent, and nobody is charged for it."""
    _, run, ended = _came_to("overlap", {(Phase.DOT, 2): FAULTS[fault]})
    assert list(run.outcomes) == ["<1@alt.example>", "<2@alt.example>"]
    assert run.given_back == ["<3@alt.example>"]
    assert not ended.polite


def test_first_message_is_alone() -> None:
    """A text that the relay refuses was shown to it once."""
    _, run, ended = _came_to("overlap", {(Phase.DOT, 1): FAULTS["policy"]})
    assert (ended.end, ended.polite) == (End.STOP, True)
    assert (run.taken, run.relay.number) == (["<1@alt.example>"], 1)


def test_objection_to_the_body() -> None:
    """An objection that is there before the dot is heard before it, though another message was taken meanwhile."""
    run = Run(Relay({(Phase.DATA, 2): (YES[Phase.DATA], Reply(552, ("5.3.4 too big",)))}))
    assert run.hold().end is End.STOP
    assert run.trail.count("begin") == 1
    assert run.given_back == ["<3@alt.example>"]


def test_fenced() -> None:
    """When begin says no the dot never leaves, and the message behind it goes back."""
    run = Run(fenced_from=2)
    assert run.hold() == Ended(End.FENCED, polite=False)
    assert run.trail[-3:] == ["mail", "body", "begin"]
    assert (run.fenced, run.given_back) == (["<2@alt.example>"], ["<3@alt.example>"])


def test_dot_that_cannot_be_written() -> None:
    """Whether the dot left is not known, and the message whose commands were to leave with it was not sent."""

    class Breaking(Relay):
        def hear(self, octets: bytes) -> Loss | None:
            return GONE if octets.startswith(b".\r\n") and self.number == 2 else super().hear(octets)

    run = Run(Breaking())
    run.hold()
    assert run.statuses() == [Status.SENT, Status.IN_DOUBT]
    assert run.given_back == ["<3@alt.example>"]


@pytest.mark.parametrize("most", [1, 2, 3])
def test_messages_of_a_session(most: int) -> None:
    """No message is taken that this session may not carry, and it ends with QUIT."""
    run = Run(letters=[letter(number) for number in range(1, 9)])
    assert run.hold(messages_per_session=most) == Ended(End.USED_UP)
    assert len(run.taken) == most
    assert run.statuses() == [Status.SENT] * most


def test_age_of_a_session() -> None:
    """After its time a session takes no further message; the one that waited for its moment still leaves."""
    run = Run(letters=[letter(number) for number in range(1, 9)], ahead=False, waits_s=4.0)
    assert run.hold(session_s=10) == Ended(End.USED_UP)
    assert run.statuses() == [Status.SENT] * 3


def test_unfit_message_behind_a_dot() -> None:
    """What the relay would refuse anyway is not announced; it is told apart when its turn comes."""
    run = Run(letters=[letter(1), letter(2), letter(3, to="a b@x.example"), letter(4)])
    assert run.hold() == Ended(End.EXHAUSTED)
    assert run.statuses() == [Status.SENT, Status.SENT, Status.FAILED, Status.SENT]
    assert run.written[3:] == [_group(2), STUFFED, b".\r\n", b"RSET\r\n", _group(4), STUFFED, b".\r\n"]


def test_unfit_message_behind_a_lost_answer() -> None:
    """The same when its turn never comes."""
    letters = [letter(1), letter(2), letter(3, to="a b@x.example")]
    run = Run(Relay({(Phase.DOT, 2): (GONE,)}), letters=letters)
    run.hold()
    assert run.given_back == ["<3@alt.example>"]


def test_idle_connection() -> None:
    """A relay that was left alone for long is asked whether it is still there before a message leaves."""
    run = Run(waits_s=6.0, features={})
    assert run.hold() == Ended(End.EXHAUSTED)
    assert run.written[:2] == [b"NOOP\r\n", b"MAIL FROM:<info@alt.example>\r\n"]
    assert run.written.count(b"NOOP\r\n") == 4


@pytest.mark.parametrize("said", [(BYE, GONE), (GONE,), (Reply(500, ("what",)),)], ids=["421", "close", "500"])
def test_stale_connection(said: tuple[Said, ...]) -> None:
    """When it is not there any more nobody was tried."""
    run = Run(Relay({(Phase.RSET, 0): said}), waits_s=6.0)
    ended = run.hold()
    assert (ended.end, ended.polite, run.outcomes) == (End.RECONNECT, False, {})
    assert (run.taken, run.given_back, run.written) == (["<1@alt.example>"], ["<1@alt.example>"], [b"NOOP\r\n"])


def test_a_line_that_went_dead_while_idle() -> None:
    """Silence to that question says that this line is dead, not that the relay does not answer."""
    run = Run(Relay({(Phase.RSET, 0): ()}, forgets=[Phase.QUIT]), waits_s=6.0)
    ended = run.hold()
    assert (ended.end, run.outcomes, len(run.given_back)) == (End.RECONNECT, {}, 1)
    assert ended.outcome is not None
    assert ended.outcome.answer == replace(SILENCE, silent=False)


def test_farewell_while_idle() -> None:
    """A farewell that is there already is heard without asking."""
    relay = Relay(closed=True)
    relay.said.append(BYE)
    run = Run(relay, waits_s=301.0)
    ended = run.hold()
    assert (ended.end, ended.polite, run.written) == (End.RECONNECT, False, [])
    assert ended.outcome is not None
    assert ended.outcome.answer == BYE


def test_no_question_without_a_pause() -> None:
    """A connection that was just used is not asked."""
    run = Run(waits_s=5.0)
    run.hold()
    assert b"NOOP\r\n" not in run.written


WIDE = "jürgen@kunde.example"


@pytest.mark.parametrize("features", [{"smtputf8": ""}, {"smtputf8": "", "pipelining": "", "size": "1000"}])
def test_address_outside_ascii(features: dict[str, str]) -> None:
    """Where SMTPUTF8 is offered such an address is written as it is, and the relay is told (RFC 6531, 3.4)."""
    run = Run(features=features, letters=[letter(1, to=WIDE), letter(2)])
    run.hold()
    size = f" SIZE={len(BODY)}" if "size" in features else ""
    written = b"".join(run.written)
    assert f"MAIL FROM:<info@alt.example>{size} SMTPUTF8\r\nRCPT TO:<{WIDE}>\r\n".encode() in written
    assert written.count(b"SMTPUTF8") == 1
    assert run.statuses() == [Status.SENT, Status.SENT]


@pytest.mark.parametrize("more", [{}, {"pipelining": ""}])
@pytest.mark.parametrize("code", [501, 504, 555])
def test_relay_that_refuses_the_size_it_offers(code: int, more: dict[str, str]) -> None:
    """It is asked once more without, and from then on; nobody is charged, and the connection stays."""
    relay = Relay({(Phase.MAIL, 1): (Reply(code, ("5.5.4 Unsupported option: SIZE",)),)})
    run = Run(relay, features={"size": "1000", **more})
    assert run.hold() == Ended(End.EXHAUSTED)
    assert run.statuses() == [Status.SENT] * 4
    assert b"".join(run.written).count(b"SIZE=") == 1
    assert relay.accepted == [2, 3, 4, 5]


def test_sender_that_is_refused_with_and_without_a_size() -> None:
    """When it was not for the size, the second refusal counts."""
    bad = Reply(501, ("5.1.7 Bad sender address syntax",))
    run = Run(Relay({(Phase.MAIL, 1): (bad,), (Phase.MAIL, 2): (bad,)}), features={"size": "1000", "pipelining": ""})
    assert run.hold().end is End.STOP
    assert [outcome.answer for outcome in run.outcomes.values()] == [bad]


@pytest.mark.parametrize("more", [{}, {"pipelining": ""}, {"pipelining": "", "size": "1000"}])
def test_eight_bits_are_told(more: dict[str, str]) -> None:
    """To of such a message is UTF-8, so it has eight bits (RFC 6531, 3.6); all others are told nothing."""
    letters = [letter(1), letter(2, to=WIDE), letter(3)]
    run = Run(features={"smtputf8": "", "8bitmime": "", **more}, letters=letters)
    run.hold()
    size = f" SIZE={len(BODY)}" if "size" in more else ""
    written = b"".join(run.written)
    told = [line for line in written.split(b"\r\n") if line.startswith(b"MAIL FROM:<info@alt.example>")]
    usual = f"MAIL FROM:<info@alt.example>{size}".encode()
    assert told == [usual, usual + b" BODY=8BITMIME SMTPUTF8", usual]
    assert run.statuses() == [Status.SENT] * 3


def test_seven_bits_are_told_nothing() -> None:
    """A relay that offers 8BITMIME and SMTPUTF8 gets what every other gets, as long as nobody needs them."""
    run = Run(features={"smtputf8": "", "8bitmime": ""}, letters=[letter(1)])
    run.hold()
    assert b"MAIL FROM:<info@alt.example>\r\n" in b"".join(run.written)


def test_address_outside_ascii_without_smtputf8() -> None:
    """Where it is not, the recipient is refused in words, and nothing is written."""
    run = Run(letters=[letter(1, to=WIDE)])
    run.hold()
    assert run.statuses() == [Status.FAILED]
    assert run.written == [b"RSET\r\n"]


@pytest.mark.parametrize("features", [{}, {"8bitmime": ""}, {"8bitmime": "", "pipelining": ""}])
def test_words_about_an_address_outside_ascii(features: dict[str, str]) -> None:
    """They name what is missing; the others are sent to."""
    run = Run(features=features, letters=[letter(1, to=WIDE), letter(2)])
    run.hold()
    assert run.statuses() == [Status.FAILED, Status.SENT]
    assert WIDE.encode() not in b"".join(run.written)
    outcome = next(iter(run.outcomes.values()))
    assert "5.6.7 The relay does not offer SMTPUTF8" in str(outcome.answer)
    assert "need SMTPUTF8" in outcome.words


def test_address_that_can_never_be_written() -> None:
    """SMTPUTF8 is not to blame where it would not help either."""
    run = Run(letters=[letter(1, to="ä>\r\n@x.example")])
    run.hold()
    assert "5.1.3" in str(next(iter(run.outcomes.values())).answer)


@pytest.mark.parametrize(
    "to", ["a\u0085b@x.example", "a\u2028b@x.example", "ä b@x.example", "ä>\r\n@x.example", "\ud800@x"]
)
def test_no_command_in_a_wide_address(to: str) -> None:
    """SMTPUTF8 opens no way out of a command either."""
    run = Run(features={"smtputf8": ""}, letters=[letter(1, to=to)])
    run.hold()
    assert run.statuses() == [Status.FAILED]


@pytest.mark.parametrize("forgets", [Phase.MAIL, Phase.RCPT], ids=str)
def test_commands_that_are_lost(forgets: Phase) -> None:
    """A relay that takes one command at a time, whatever it offers: it is told apart from one that is away."""
    run = Run(Relay(forgets=[forgets]))
    assert run.hold() == Ended(End.UNHEARD, polite=False)
    (outcome,) = run.outcomes.values()
    assert (outcome.status, outcome.action) == (Status.PENDING, Action.RECONNECT)
    assert "pipelining = false" in outcome.words
    assert run.relay.accepted == []


def test_commands_that_are_lost_behind_a_dot() -> None:
    """The message whose dot had left is sent; the next one is known not to be, and waits."""
    run = Run(Relay(forgets=[Phase.DOT]))
    assert run.hold() == Ended(End.UNHEARD, polite=False)
    assert run.statuses() == [Status.SENT, Status.SENT, Status.PENDING]
    assert run.relay.accepted == [1, 2]


def test_commands_that_are_lost_behind_a_refusal() -> None:
    """Whoever was refused is; a refusal that is about everybody still ends the run."""
    run = Run(Relay({(Phase.RCPT, 1): FAULTS["5xx"]}, forgets=[Phase.RCPT]))
    assert run.hold() == Ended(End.UNHEARD, polite=False)
    assert run.statuses() == [Status.FAILED]
    run = Run(Relay({(Phase.RCPT, 1): FAULTS["quota"]}, forgets=[Phase.RCPT]))
    assert run.hold().end is End.PAUSE


def test_commands_that_are_lost_behind_a_refused_message() -> None:
    """What was announced with the dot of a message that was refused goes back."""
    run = Run(Relay({(Phase.DOT, 2): FAULTS["full"]}, forgets=[Phase.DOT]))
    assert run.hold() == Ended(End.UNHEARD, polite=False)
    assert run.statuses() == [Status.SENT, Status.DEFERRED]
    assert len(run.given_back) == 1


@pytest.mark.parametrize("number", [1, 2])
def test_silence_from_the_first_command_on(number: int) -> None:
    """A relay that does not answer what was said first, and alone, has lost no commands: it is away."""
    relay = Relay({(Phase.MAIL, number): ()}, forgets=[Phase.QUIT], bad_sequence=())
    assert Run(relay, ahead=False).hold().end is End.RECONNECT
