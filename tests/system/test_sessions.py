"""Opening a session against a real server: what is trusted, what is said in clear, and how often a login is tried."""

from __future__ import annotations

import base64
import errno
import logging
import socket
import ssl
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from notify.accounts import Account, Secret, Session, Tls, open_session
from notify.accounts.client import address_literal
from notify.accounts.session import _context_with, _unreached
from notify.core.outcome import Action, Loss, Outcome, Phase, Reply
from notify.core.verdict import refusal
from notify.errors import LoginError
from notify.relays import Wire
from tests.servers.scripted import Act, Certificates, Rule, ScriptedServer, make_certificates, say, slow

pytestmark = pytest.mark.both_ledgers

USER, PASSWORD = "anna@alt.example", "gehäim £ secret"
USERS = {USER: PASSWORD}
Serve = Callable[..., ScriptedServer]


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Make certificates for this machine once."""
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def serve(tmp_path: Path, certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> Serve:
    """Return what makes a server whose certificate is trusted."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority))

    def make(tls: str, *rules: Rule, **more: object) -> ScriptedServer:
        given: dict[str, object] = {"certificate": None if tls == "none" else certificates.server, "users": USERS}
        return ScriptedServer(tmp_path / "record", rules=rules, tls=tls, **{**given, **more})  # type: ignore[arg-type]

    return make


def _open(
    server: ScriptedServer, tls: str = "", *, password: str = PASSWORD, host: str = "127.0.0.1"
) -> Session | Outcome:
    account = Account(host, server.port, Tls(tls or server.tls), USER, Secret(password))
    return open_session(account, timeout_s=5)


def _stopped(opened: Session | Outcome, phase: Phase) -> str:
    """See that the run is stopped in a phase; return the reason."""
    assert isinstance(opened, Outcome)
    assert (opened.action, opened.phase) == (Action.STOP, phase)
    return str(opened.answer)


@pytest.mark.parametrize("tls", ["none", "starttls", "implicit"])
@pytest.mark.parametrize("mechanisms", ["PLAIN LOGIN", "LOGIN PLAIN", "LOGIN", "XOAUTH2 LOGIN", "PLAIN"])
def test_login(serve: Serve, tls: str, mechanisms: str) -> None:
    """PLAIN is taken where it is offered, else LOGIN; a password outside ASCII passes; MAIL comes next."""
    with serve(tls, mechanisms=mechanisms) as server:
        session = _open(server)
        assert isinstance(session, Session)
        assert session.features["size"] == "10485760"
        assert isinstance(session.sock, ssl.SSLSocket) == (tls != "none")
        session.sock.sendall(b"MAIL FROM:<>\r\n")
        assert session.sock.recv(100).startswith(b"250 ")
        session.sock.close()
    assert server.count("AUTH") == 1
    assert server.count("AUTH PLAIN") == ("PLAIN" in mechanisms)


@pytest.mark.parametrize(("tls", "loads"), [("none", 0), ("starttls", 1), ("implicit", 1)])
def test_certificates_are_loaded_once(serve: Serve, monkeypatch: pytest.MonkeyPatch, tls: str, loads: int) -> None:
    """However many sessions a run opens, what is trusted is loaded once, and not at all where nothing is encrypted."""
    load, loaded = ssl.create_default_context, []

    def counted() -> ssl.SSLContext:
        loaded.append(load())
        return loaded[-1]

    monkeypatch.setattr(ssl, "create_default_context", counted)
    _context_with.cache_clear()
    with serve(tls) as server:
        for _ in range(2):
            session = _open(server)
            assert isinstance(session, Session)
            session.sock.close()
    assert len(loaded) == loads


@pytest.mark.parametrize("mechanisms", ["PLAIN LOGIN", "LOGIN"])
def test_wrong_password(serve: Serve, mechanisms: str) -> None:
    """A wrong password is tried once, on one connection, and ends the run as a refused login."""
    with serve("starttls", mechanisms=mechanisms) as server:
        opened = _open(server, password="falsch")
        assert _stopped(opened, Phase.AUTH) == "535 5.7.8 authentication failed"
        assert isinstance(opened, Outcome)
        assert isinstance(refusal(opened), LoginError)
    assert (server.connections, server.count("AUTH")) == (1, 1)
    assert server.count("EHLO") == 2


def test_no_mechanism(serve: Serve) -> None:
    """A relay that wants another kind of login is told apart, with what it offers."""
    with serve("implicit", mechanisms="XOAUTH2 GSSAPI") as server:
        assert "XOAUTH2 GSSAPI" in _stopped(_open(server), Phase.AUTH)
    assert server.count("AUTH") == 0


def test_no_password(serve: Serve) -> None:
    """Without a password nobody logs in; a relay on this machine may want none."""
    with serve("none", users=None) as server:
        session = open_session(Account("localhost", server.port, Tls.NONE), timeout_s=5)
        assert isinstance(session, Session)
        session.sock.close()
    assert server.count("AUTH") == 0


def test_plain_needs_another_round(serve: Serve) -> None:
    """A relay that takes the credentials only when it asks for them gets them then; it is still one login."""
    with serve("implicit", initial_response=False) as server:
        session = _open(server)
        assert isinstance(session, Session)
        session.sock.close()
    assert server.count("AUTH") == 1


@pytest.mark.parametrize(
    "quote",
    [
        base64.b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode(),
        base64.b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode()[:30],
        f'"{PASSWORD}"',
        f"<{base64.b64encode(PASSWORD.encode()).decode()}>",
    ],
)
def test_reply_that_quotes_the_password(serve: Serve, quote: str) -> None:
    """A relay that quotes what it was sent gives the password away to nobody: the reply is kept and shown."""
    reply = f"535 5.7.8 I do not like {quote}".encode().decode("latin-1")
    with serve("implicit", Rule("auth", say(reply)), mechanisms="PLAIN LOGIN") as server:
        opened = _open(server)
    shown = repr(opened)
    assert "535" in _stopped(opened, Phase.AUTH)
    assert quote.strip('"<>') not in shown
    assert "gehäim" not in shown


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_untrusted_certificate(serve: Serve, tls: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A certificate of an unknown authority stops the run; nothing falls back and nothing is said to it."""
    (tmp_path / "other").mkdir()
    with serve(tls) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(make_certificates(tmp_path / "other").authority))
        reason = _stopped(_open(server), Phase.STARTTLS if tls == "starttls" else Phase.CONNECT)
        assert "certificate of 127.0.0.1 cannot be trusted" in reason
    assert server.count("AUTH") == 0


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_certificate_of_another(serve: Serve, tls: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A certificate for another name stops the run."""
    other = make_certificates(tmp_path, "other.example")
    with serve(tls, certificate=other.server) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(other.authority))
        assert "mismatch" in _stopped(_open(server), Phase.STARTTLS if tls == "starttls" else Phase.CONNECT)
    assert server.count("AUTH") == 0


def test_old_tls(serve: Serve) -> None:
    """TLS before 1.2 is not spoken."""
    with serve("implicit") as server:
        assert server.context is not None
        with pytest.warns(DeprecationWarning, match="TLSv1_1"):
            server.context.maximum_version = ssl.TLSVersion.TLSv1_1
        opened = _open(server)
        assert isinstance(opened, Outcome)
        assert opened.phase is Phase.CONNECT
    assert server.commands == []


def test_starttls_taken_away(serve: Serve) -> None:
    """Where STARTTLS is not offered nothing goes on in clear: somebody in between may have taken it away."""
    with serve("none") as server:
        assert "does not offer STARTTLS" in _stopped(_open(server, "starttls"), Phase.STARTTLS)
    assert server.count("AUTH") == 0


def test_tls_where_there_is_none(serve: Serve) -> None:
    """A server that does not speak TLS from the first octet was set down wrongly; later on it is the network."""
    with serve("none") as server:
        account = Account("127.0.0.1", server.port, Tls.IMPLICIT, USER, Secret(PASSWORD))
        first, later = open_session(account, timeout_s=5), open_session(account, timeout_s=5, proven=True)
    assert isinstance(first, Outcome)
    assert isinstance(later, Outcome)
    assert (first.action, later.action) == (Action.STOP, Action.RECONNECT)


def test_broken_handshake(serve: Serve) -> None:
    """A handshake that breaks off passes, perhaps."""
    for tls, phase in (("starttls", Phase.STARTTLS), ("implicit", Phase.CONNECT)):
        with serve(tls, Rule("tls", Act(close=True))) as server:
            opened = _open(server)
            assert isinstance(opened, Outcome)
            assert (opened.action, opened.phase) == (Action.RECONNECT, phase)


def test_nobody_there() -> None:
    """A port on which nobody listens is waited for."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    opened = open_session(Account("127.0.0.1", port, Tls.IMPLICIT), timeout_s=5)
    assert isinstance(opened, Outcome)
    assert (opened.action, opened.phase) == (Action.RECONNECT, Phase.CONNECT)
    assert "Connection refused" in str(opened.answer)


@pytest.mark.parametrize("host", ["a..b", "x" * 64 + ".example", ".example"])
def test_no_host(host: str) -> None:
    """What cannot be the name of a host is a mistake, told as one and not as an exception."""
    opened = open_session(Account(host, 465, Tls.IMPLICIT), timeout_s=5)
    assert "is not the name of a host" in _stopped(opened, Phase.CONNECT)


@pytest.mark.parametrize(
    ("err", "proven", "lasting"),
    [
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), False, True),
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), True, False),
        (socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"), False, False),
        (TimeoutError("timed out"), False, False),
        (OSError(errno.ENETUNREACH, "Network is unreachable"), False, False),
    ],
)
def test_network(err: OSError, proven: bool, lasting: bool) -> None:
    """A name that is not known was misspelt, unless it was right before; all else of the network passes."""
    assert _unreached(err, "relay.example", proven=proven).lasting is lasting


def test_nothing_in_clear_to_others() -> None:
    """Without TLS no connection leaves this machine, whatever it is called."""
    reason = _stopped(open_session(Account("192.0.2.1", 25, Tls.NONE), timeout_s=5), Phase.CONNECT)
    assert "192.0.2.1" in reason


def test_ehlo_that_is_refused_at_first(serve: Serve) -> None:
    """The answer to EHLO is passed over by yagmail; it is heard all the same, and EHLO is not said again."""
    with serve("starttls", Rule("ehlo", say("421 4.3.2 not now"), times=1)) as server:
        opened = _open(server)
        assert isinstance(opened, Outcome)
        assert (opened.action, opened.phase) == (Action.RECONNECT, Phase.EHLO)
        assert str(opened.answer) == "421 4.3.2 not now"
        assert server.count("EHLO") == 1


#: What has no end, and what is said of it.
_ENDLESS = {
    "line": ("x" * 10_000_000, "the relay sent a line without an end"),
    "zeros": ("\0" * 10_000_000, "the relay sent a line without an end"),
    "lines": ("250-and more\r\n" * 1_000_000, "the relay sent a reply without an end"),
    "long lines": (f"250-{'x' * 1_000_000}\r\n" * 10, "the relay sent a line without an end"),
    "wide lines": (f"250-{'x' * 8000}\r\n" * 1_000, "the relay sent a reply without an end"),
}


@pytest.mark.parametrize("tls", ["none", "starttls", "implicit"])
@pytest.mark.parametrize("phase", ["banner", "ehlo", "starttls", "auth"])
@pytest.mark.parametrize("endless", _ENDLESS)
def test_reply_without_end(serve: Serve, phase: str, tls: str, endless: str) -> None:
    """Whatever has no end is let go after little of it, at each step of the opening, before and under TLS."""
    if phase == "starttls" and tls != "starttls":
        return
    raw, words = _ENDLESS[endless]
    with serve(tls, Rule(phase, Act(raw=raw))) as server:
        tracemalloc.start()
        opened = _open(server)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert isinstance(opened, Outcome)
    assert (opened.action, opened.phase) == (Action.RECONNECT, Phase(phase))
    assert opened.answer == Loss(words)
    # the server's own octets are counted in
    assert most < 3 * len(raw) + 5_000_000


@pytest.mark.parametrize("phase", ["banner", "ehlo", "auth"])
def test_reply_that_drips(serve: Serve, phase: str) -> None:
    """The time is for a whole reply: an octet now and then does not extend it."""
    with serve("none", Rule(phase, slow("220-" * 1000, 0.05))) as server:
        begun = time.monotonic()
        account = Account("127.0.0.1", server.port, Tls.NONE, USER, Secret(PASSWORD))
        opened = open_session(account, timeout_s=0.5)
        assert time.monotonic() - begun < 10
    assert isinstance(opened, Outcome)
    assert (opened.phase, opened.answer) == (Phase(phase), Loss("no answer in time"))


def test_what_was_said_in_clear(serve: Serve) -> None:
    """What somebody put behind the answer to STARTTLS, in clear, is not taken for an answer under TLS."""
    injected = Act(say="220 go ahead\n250-scripted.example\n250 AUTH LOGIN")
    with serve("starttls", Rule("starttls", injected)) as server:
        session = _open(server)
        assert isinstance(session, Session)
        assert session.features["size"] == "10485760"
        session.sock.close()


def test_what_follows_the_login(serve: Serve) -> None:
    """What the relay says behind the answer to the login is not lost: it is heard before MAIL."""
    with serve("none", Rule("auth", say("235 2.7.0 welcome\n421 4.3.2 goodbye"))) as server:
        session = _open(server)
        assert isinstance(session, Session)
        assert session.replies.next() == Reply(421, ("4.3.2 goodbye",))
        session.sock.close()


@pytest.mark.parametrize("tls", ["none", "starttls", "implicit"])
def test_what_we_call_ourselves(serve: Serve, tls: str) -> None:
    """By default the address that we come from, under TLS as before; else the name that is configured."""
    with serve(tls) as server:
        for name in ("", "mail.example.com"):
            account = Account("127.0.0.1", server.port, Tls(tls), USER, Secret(PASSWORD), name)
            session = open_session(account, timeout_s=5)
            assert isinstance(session, Session)
            session.sock.close()
    greetings = [line.partition(" ")[2] for _, line in server.commands if line.upper().startswith("EHLO ")]
    times = 2 if tls == "starttls" else 1
    assert greetings == ["[127.0.0.1]"] * times + ["mail.example.com"] * times


@pytest.mark.parametrize(
    ("address", "literal"),
    [
        ("192.0.2.1", "[192.0.2.1]"),
        ("2001:db8::1", "[IPv6:2001:db8::1]"),
        ("fe80::1%eth0", "[IPv6:fe80::1]"),
        ("::ffff:192.0.2.1", "[192.0.2.1]"),
    ],
)
def test_address_literal(address: str, literal: str) -> None:
    """An address is written as RFC 5321 has it, without the interface and without being mapped."""
    assert address_literal(address) == literal


def test_terminal_is_safe(serve: Serve) -> None:
    """What a relay says in its greeting cannot steer the terminal."""
    with serve("none", Rule("banner", say("554 5.7.1 \x1b]0;owned\x07 blocked"))) as server:
        opened = _open(server)
    assert isinstance(opened, Outcome)
    assert opened.answer == Reply(554, ("5.7.1 ]0;owned blocked",))


def test_nothing_on_the_screen(
    serve: Serve, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Neither yagmail nor smtplib writes anything anywhere, whatever happens."""
    caplog.set_level(logging.DEBUG)
    with serve("starttls", Rule("auth", say("535 5.7.8 no"), connection=1)) as server:
        _open(server)
        session = _open(server)
        assert isinstance(session, Session)
        session.sock.close()
    logging.getLogger("yagmail.log").error("Failed to reconnect during retry")
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []


def test_no_delay() -> None:
    """The dot leaves at once: it does not wait until the body before it is acknowledged."""
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_connection(listener.getsockname()) as ours:
        Wire(ours)
        assert ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
