"""Every fault in every phase, over every kind of connection and dialogue, against what the server itself recorded.

The believed: whoever is SENT was accepted once; whoever was accepted is SENT or IN_DOUBT; nobody was accepted twice;
and one recipient's or one connection's trouble keeps nobody else from being written to. All of it is the same whether
commands wait for their replies, leave together, or leave with the dot of the message before.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from notify.accounts import Account, Secret, Session, Tls, open_session
from notify.core.outcome import Action, Outcome, Phase, Scope
from notify.core.status import Status
from notify.relays import End, Timeouts, Wire, run_channel
from tests.servers.dispatcher import MemoryDispatcher
from tests.servers.scripted import (
    FEATURES,
    Act,
    Certificates,
    Record,
    Rule,
    ScriptedServer,
    close,
    garbage,
    lie,
    lose_answer,
    make_certificates,
    reset,
    say,
    say_and_close,
    silence,
    slow,
)

USER, PASSWORD = "anna@alt.example", "gehäim £ secret"
USERS = {USER: PASSWORD}
Serve = Callable[..., ScriptedServer]
MESSAGES = 3
CONNECTIONS = ["none", "starttls", "implicit"]
MODES = ["lock-step", "pipelined", "overlap"]
# connection and dialogue; whatever runs over TLS takes several times as long
KINDS = [
    pytest.param(tls, mode, marks=[] if tls == "none" or (tls, mode) == ("implicit", "overlap") else pytest.mark.long)
    for tls, mode in itertools.product(CONNECTIONS, MODES)
]
# of the large matrix every day only what runs without
ALL_KINDS = [
    pytest.param(kind, marks=[] if kind[0] == "none" else pytest.mark.long)
    for kind in itertools.product(CONNECTIONS, MODES)
]
# long enough for a busy machine, where nothing is to be waited for
PATIENT = Timeouts(mail_s=20, rcpt_s=20, data_s=20, body_s=20, dot_s=20)
SHORT_S = 0.3


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Make certificates for this machine once."""
    return make_certificates(tmp_path_factory.mktemp("certificates"), "localhost", "127.0.0.1")


@pytest.fixture
def serve(tmp_path: Path, certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> Serve:
    """Return what makes a server; its authority is trusted, the way a user would do it."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority))

    def make(tls: str, *rules: Rule, mode: str = "overlap", generous: bool = False) -> ScriptedServer:
        return ScriptedServer(
            tmp_path / "record",
            rules=rules,
            tls=tls,
            certificate=None if tls == "none" else certificates.server,
            users=USERS,
            features=[feature for feature in FEATURES if feature != "PIPELINING" or mode != "lock-step"],
            generous=generous,
        )

    return make


def _dispatcher(mode: str, messages: int = MESSAGES) -> MemoryDispatcher:
    return MemoryDispatcher(messages, overlap=mode == "overlap")


def _account(server: ScriptedServer) -> Account:
    return Account("127.0.0.1", server.port, Tls(server.tls), USER, Secret(PASSWORD))


def _deliver(
    server: ScriptedServer, dispatcher: MemoryDispatcher, timeouts: Timeouts, open_s: float = 20
) -> list[End | Outcome]:
    """Deliver like a run that never waits: connect again until nothing is left or something stops it."""
    ends: list[End | Outcome] = []
    for _ in range(6):
        session = open_session(_account(server), timeout_s=open_s)
        if isinstance(session, Outcome):
            ends.append(session)
            if session.action is Action.STOP:
                break
            continue
        ended = run_channel(Wire(session.sock, timeouts), session.features, dispatcher)
        ends.append(ended.end)
        if ended.end in (End.EXHAUSTED, End.STOP):
            break
    return ends


def _believe(server: ScriptedServer, dispatcher: MemoryDispatcher) -> None:
    """Hold the statuses against what the server recorded."""
    assert server.hasty == []
    assert not dispatcher.taken, "taken, and neither finished nor given back"
    accepted = server.accepted()
    copies = Counter(mail["to"] for mail in accepted)
    assert max(copies.values(), default=0) <= 1, "somebody was written to twice"
    assert {mail["digest"] for mail in accepted} <= {letter.digest for letter in dispatcher.letters.values()}
    for to, status in dispatcher.statuses.items():
        if status is Status.SENT:
            assert copies[to] == 1, "sent, but never accepted"
        elif status is not Status.IN_DOUBT:
            assert copies[to] == 0, f"accepted, but {status}"


# what the message that meets the fault ends as, when the run has gone on as far as it can
SENT, LATER, FAILED, STOPPED, DOUBT = Status.SENT, Status.DEFERRED, Status.FAILED, Status.PENDING, Status.IN_DOUBT

# of the first message the relay's, of a later one the recipient's
SENT_OR_LATER = None

# fault, and the status by phase: before the message, at the recipient, at the message, at the dot
FAULTS: dict[str, tuple[Act, Status | None, Status | None, Status | None, Status | None]] = {
    "4xx": (say("450 4.2.0 not now"), SENT, LATER, LATER, LATER),
    "trouble": (say("451 4.3.0 queue file write error"), SENT, SENT_OR_LATER, SENT, SENT),
    "5xx": (say("550 5.1.1 no such user"), STOPPED, FAILED, FAILED, FAILED),
    "policy": (say("554 5.7.1 spam, refused by policy"), STOPPED, STOPPED, STOPPED, STOPPED),
    "quota": (say("450 4.7.1 too many messages per hour"), SENT, SENT, SENT, SENT),
    "421": (say_and_close("421 4.4.2 bye"), SENT, SENT, SENT, SENT),
    "garbage": (garbage(), SENT, SENT, SENT, DOUBT),
    "1xx": (say("199 hm"), SENT, SENT, SENT, DOUBT),
    "close": (close(), SENT, SENT, SENT, DOUBT),
    "reset": (reset(), SENT, SENT, SENT, DOUBT),
    "half": (Act(raw="250-2.0.0 almo", close=True), SENT, SENT, SENT, DOUBT),
    "silence": (silence(), SENT, SENT, SENT, DOUBT),
    "dribble": (slow("250 2.0.0 yes, but very slowly", 0.05), SENT, SENT, SENT, DOUBT),
}
COLUMN = {"mail": 0, "rcpt": 1, "data": 2, "dot": 3}
WAITED_FOR = ("silence", "dribble")


def _timeouts(phase: str, fault: str) -> Timeouts:
    """Be short only where the fault is one of time."""
    return Timeouts(**{**_PATIENT, f"{phase}_s": SHORT_S}) if fault in WAITED_FOR else PATIENT


_PATIENT = {f"{phase}_s": 20.0 for phase in ("mail", "rcpt", "data", "body", "dot")}


@pytest.mark.parametrize("message", [1, 2])
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("phase", COLUMN)
@pytest.mark.parametrize("kind", ALL_KINDS, ids="-".join)
def test_fault(serve: Serve, kind: tuple[str, str], phase: str, fault: str, message: int) -> None:
    """A fault in any phase charges whom it is about, and nobody else is left out or written to twice."""
    tls, mode = kind
    act, *statuses = FAULTS[fault]
    expected = statuses[COLUMN[phase]] or (SENT if message == 1 else LATER)
    dispatcher = _dispatcher(mode)
    with serve(tls, Rule(phase, act, connection=1, message=message), mode=mode) as server:
        _deliver(server, dispatcher, _timeouts(phase, fault))
        _believe(server, dispatcher)
    assert dispatcher.statuses[f"n{message}@kunde.example"] is expected
    for to, status in dispatcher.statuses.items():
        if to != f"n{message}@kunde.example":
            after_stop = expected is STOPPED and int(to[1]) > message
            assert status is (Status.PENDING if after_stop else Status.SENT)
    assert server.count("AUTH") == server.connections, "one login per connection"


BODY_FAULTS = {
    "too large": (say("552 5.3.4 message too big"), {STOPPED}),
    "421": (say_and_close("421 4.4.2 bye"), {SENT, DOUBT}),
    "consent": (say("250 2.0.0 Ok: queued already"), {SENT}),
    "garbage": (garbage(), {SENT, DOUBT}),
    "close": (close(), {SENT, DOUBT}),
    "reset": (reset(), {SENT, DOUBT}),
    "silence": (silence(), {DOUBT}),
}


@pytest.mark.parametrize("message", [1, 2])
@pytest.mark.parametrize("fault", BODY_FAULTS)
@pytest.mark.parametrize(("tls", "mode"), KINDS)
def test_fault_in_the_body(serve: Serve, tls: str, mode: str, fault: str, message: int) -> None:
    """What is said while the message is written is heard before the dot, or leaves at worst a doubt: never a "sent"."""
    act, expected = BODY_FAULTS[fault]
    dispatcher = _dispatcher(mode)
    rule = Rule("body", act, connection=1, message=message)
    # said together with the consent to DATA, it is there for certain before the dot
    early = Rule("data", say(f"354 go\n{act.say}"), connection=1, message=message)
    told = bool(act.say) and not act.close
    with serve(tls, early if told else rule, mode=mode) as server:
        _deliver(server, dispatcher, _timeouts("dot", fault))
        _believe(server, dispatcher)
    assert dispatcher.statuses[f"n{message}@kunde.example"] in expected


@pytest.mark.parametrize(("tls", "mode"), KINDS)
@pytest.mark.parametrize("phase", ["mail", "rcpt", "data", "dot"])
def test_reply_too_many(serve: Serve, phase: str, tls: str, mode: str) -> None:
    """A second reply to one command is never taken for the reply to the next."""
    first = "354 go" if phase == "data" else "250 2.0.0 Ok"
    dispatcher = _dispatcher(mode)
    with serve(tls, Rule(phase, say(f"{first}\n250 2.0.0 and again"), connection=1), mode=mode) as server:
        _deliver(server, dispatcher, PATIENT)
        _believe(server, dispatcher)
    assert set(dispatcher.statuses.values()) == {Status.SENT}
    assert server.connections == 2


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("phase", ["mail", "dot"])
def test_refusal_too_many(serve: Serve, phase: str, mode: str) -> None:
    """A refusal that answers nothing is charged to nobody, neither to this recipient nor to the next."""
    dispatcher = _dispatcher(mode)
    with serve("none", Rule(phase, say("250 2.0.0 Ok\n550 5.1.1 no such user"), connection=1), mode=mode) as server:
        _deliver(server, dispatcher, PATIENT)
        _believe(server, dispatcher)
    assert set(dispatcher.statuses.values()) == {Status.SENT}


@pytest.mark.parametrize("message", [1, 2])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("reply", ["450 4.2.0 not now", "550 5.1.1 no such user", "451 4.3.0 trouble"])
def test_message_to_nobody(serve: Serve, reply: str, mode: str, message: int) -> None:
    """A relay that refuses a recipient and asks for the message nevertheless is given nothing that it could deliver."""
    dispatcher = _dispatcher(mode)
    rule = Rule("rcpt", say(reply), connection=1, message=message)
    with serve("none", rule, mode=mode, generous=True) as server:
        _deliver(server, dispatcher, PATIENT)
        _believe(server, dispatcher)
        others = [to for to in dispatcher.statuses if to != f"n{message}@kunde.example"]
        assert {mail["to"] for mail in server.accepted()} >= set(others)


@pytest.mark.parametrize("act", [say_and_close("421 4.4.2 idle too long"), close(), reset(), garbage()], ids=str)
@pytest.mark.parametrize("tls", ["none", "implicit"])
def test_idle_connection(serve: Serve, tls: str, act: Act) -> None:
    """A relay that has gone while a message waited for its moment costs a connection, and nobody a try."""
    dispatcher = _dispatcher("overlap")
    moments = itertools.count(step=10.0)
    with serve(tls, Rule("noop", act, connection=1)) as server:
        session = open_session(_account(server))
        assert isinstance(session, Session)
        # by this clock every wait is long
        ended = run_channel(Wire(session.sock, PATIENT), session.features, dispatcher, clock=lambda: next(moments))
        assert ended.end is End.RECONNECT
        assert server.count("MAIL") == 0
        assert dispatcher.outcomes == []
        _deliver(server, dispatcher, PATIENT)
        _believe(server, dispatcher)
    assert set(dispatcher.statuses.values()) == {Status.SENT}


@pytest.mark.parametrize(("tls", "mode"), KINDS)
@pytest.mark.parametrize("message", [1, 2])
@pytest.mark.parametrize("act", [lose_answer(), Act(raw="25", close=True, accept=True)], ids=["close", "half"])
def test_lost_answer(serve: Serve, tls: str, mode: str, message: int, act: Act) -> None:
    """A message that was accepted, with the answer lost, is in doubt: never sent again, and never called sent."""
    dispatcher = _dispatcher(mode)
    with serve(tls, Rule("dot", act, connection=1, message=message), mode=mode) as server:
        _deliver(server, dispatcher, PATIENT)
        _believe(server, dispatcher)
        assert len(server.accepted()) == MESSAGES
    assert dispatcher.statuses[f"n{message}@kunde.example"] is Status.IN_DOUBT
    assert list(dispatcher.statuses.values()).count(Status.SENT) == MESSAGES - 1


def test_lie(serve: Serve) -> None:
    """A relay that accepts and denies it is believed: nothing can be done about it, and the limit is known."""
    dispatcher = MemoryDispatcher(1)
    with serve("none", Rule("dot", lie("450 4.2.0 not now"))) as server:
        _deliver(server, dispatcher, PATIENT)
        assert len(server.accepted()) == 1
    assert list(dispatcher.statuses.values()) == [Status.DEFERRED]


@pytest.mark.parametrize("mode", ["lock-step", "overlap"])
@pytest.mark.parametrize("act", [say("421 bye"), garbage(), close(), reset(), say("500 what")], ids=str)
@pytest.mark.parametrize("phase", ["rset", "quit"])
def test_nothing_hangs_on_rset_and_quit(serve: Serve, phase: str, act: Act, mode: str) -> None:
    """Whatever is answered to RSET and QUIT, everybody else is written to, once."""
    dispatcher = _dispatcher(mode)
    rules = Rule(phase, act, connection=1), Rule("rcpt", say("550 5.1.1 no such user"), to="n1@")
    with serve("none", *rules, mode=mode) as server:
        _deliver(server, dispatcher, PATIENT)
        _believe(server, dispatcher)
    assert list(dispatcher.statuses.values()) == [Status.FAILED, Status.SENT, Status.SENT]
    assert server.count("QUIT") == 1


# fault, what the run does, and whether the second connection may go on
OPENING = {
    "4xx": (say_and_close("450 4.3.2 not now"), Action.RECONNECT),
    "421": (say_and_close("421 4.3.2 shutting down"), Action.RECONNECT),
    "5xx": (say_and_close("554 5.7.1 your address is block listed"), Action.STOP),
    "garbage": (garbage("SSH-2.0-OpenSSH_9.6\r\n"), Action.RECONNECT),
    "close": (close(), Action.RECONNECT),
    "reset": (reset(), Action.RECONNECT),
    "silence": (silence(), Action.RECONNECT),
}


@pytest.mark.parametrize("tls", CONNECTIONS)
@pytest.mark.parametrize("fault", OPENING)
@pytest.mark.parametrize("phase", ["banner", "ehlo", "starttls", "auth"])
def test_fault_while_opening(serve: Serve, phase: str, fault: str, tls: str) -> None:
    """Whatever goes wrong before MAIL is a value that names its phase; nobody is charged, nobody was sent to."""
    if phase == "starttls" and tls != "starttls":
        phase = "connect" if fault in ("close", "reset") else "banner"
    act, action = OPENING[fault]
    dispatcher = MemoryDispatcher(MESSAGES)
    with serve(tls, Rule(phase, act, connection=1)) as server:
        ends = _deliver(server, dispatcher, PATIENT, open_s=0.5 if fault == "silence" else 20)
        _believe(server, dispatcher)
    first = ends[0]
    assert isinstance(first, Outcome)
    assert (first.status, first.scope, first.action) == (Status.PENDING, Scope.RELAY, action)
    # who hangs up at once may do so before or after the connection counts as made
    assert first.phase in ({Phase.CONNECT, Phase.BANNER} if phase in ("connect", "banner") else {phase})
    assert PASSWORD not in repr(first)
    if action is Action.RECONNECT:
        assert set(dispatcher.statuses.values()) == {Status.SENT}
        assert ends[1:] == [End.EXHAUSTED]
    else:
        assert len(ends) == 1


@pytest.mark.parametrize("overlap", [True, False])
def test_abort(serve: Serve, *, overlap: bool) -> None:
    """A second Ctrl-C ends a channel that waits for the relay: what had begun is in doubt, nothing else was sent."""
    begun = threading.Event()
    dispatcher = MemoryDispatcher(MESSAGES, overlap=overlap, on_begin=begun.set)
    with serve("implicit", Rule("dot", silence())) as server:
        session = open_session(_account(server))
        assert isinstance(session, Session)
        wire = Wire(session.sock, Timeouts())
        channel = threading.Thread(target=run_channel, args=(wire, session.features, dispatcher))
        channel.start()
        assert begun.wait(10)
        time.sleep(0.05)
        wire.abort()
        channel.join(10)
        assert not channel.is_alive()
        assert server.accepted() == []
    assert list(dispatcher.statuses.values()) == [Status.IN_DOUBT, Status.PENDING, Status.PENDING]


def test_many(serve: Serve) -> None:
    """A thousand messages, a hundred a connection: each once, and each with its own digest."""
    dispatcher = _dispatcher("overlap", 1000)
    ends: list[End] = []
    with serve("starttls") as server:
        while End.EXHAUSTED not in ends:
            session = open_session(_account(server))
            assert isinstance(session, Session)
            ends.append(run_channel(Wire(session.sock, PATIENT), session.features, dispatcher).end)
        _believe(server, dispatcher)
        assert len(server.accepted()) == 1000
    assert ends == [End.USED_UP] * 10 + [End.EXHAUSTED]
    assert server.count("QUIT") == 11


def test_server_of_its_own(tmp_path: Path) -> None:
    """The server can be a process of its own: killed, it leaves what it had accepted, and another goes on with it."""
    record, rules = tmp_path / "record", [Rule("dot", say("450 4.2.0 not now"), connection=1, message=2).dump()]
    command = [sys.executable, "-m", "tests.servers.scripted", "--record", str(record), "--script", json.dumps(rules)]
    root = Path(__file__).parents[2]
    for expected in (1, 3):
        dispatcher = MemoryDispatcher(2)
        with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            session = open_session(Account("127.0.0.1", int(process.stdout.readline()), Tls.NONE))
            assert isinstance(session, Session)
            run_channel(Wire(session.sock, PATIENT), session.features, dispatcher)
            process.kill()
        assert len(Record.read(record)) == expected
        command[-1] = "[]"
    assert [mail["message_id"] for mail in Record.read(record)][1:] == ["<1.x@alt.example>", "<2.x@alt.example>"]
