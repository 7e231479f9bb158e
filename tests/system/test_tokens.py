"""Getting in with an access token: what is said to the relay, what happens when it expires, and that nobody sees it."""

from __future__ import annotations

import base64
import json
import os
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

import pytest

from notify.accounts import Account, Session, Tls, Tokens, open_session
from notify.core.outcome import Action, Outcome, Phase
from notify.core.verdict import refusal
from notify.errors import LoginError
from tests.folders import contents, counts, make_folder, run
from tests.servers.scripted import Act, Rule, ScriptedServer, close, say, say_and_close

pytestmark = pytest.mark.both_ledgers

USER, OLD, NEW = "info@alt.example", "ya29.old-A0ARrdaM_k9Zq7", "ya29.new-B1BSsebN_l8Yp6"


class Expiring(dict[str, str]):
    """Users whose token changes after so many logins."""

    def __init__(self, tokens: Sequence[str]) -> None:
        super().__init__({USER: tokens[0]})
        self._tokens = list(tokens)

    def get(self, user: str, default: object = None) -> str:  # noqa: ARG002
        """Return the token that is good this time."""
        return self._tokens.pop(0) if len(self._tokens) > 1 else self._tokens[0]


class Command:
    """A command that prints one token after the other, the last one again and again."""

    def __init__(self, folder: Path, *tokens: str) -> None:
        self._calls = folder / "calls"
        script = folder / "token.sh"
        cases = "".join(f"{number}) echo {token};; " for number, token in enumerate(tokens, start=1))
        script.write_text(
            f"echo x >>{self._calls}\ncase $(wc -l <{self._calls}) in {cases} *) echo {tokens[-1]};; esac\n"
        )
        self.line = f"sh {script}"

    @property
    def calls(self) -> int:
        """How often it was run."""
        return len(self._calls.read_text().split()) if self._calls.exists() else 0


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _xoauth2(token: str) -> str:
    return _base64(f"user={USER}\1auth=Bearer {token}\1\1")


def _oauthbearer(token: str) -> str:
    return _base64(f"n,a={USER},\1auth=Bearer {token}\1\1")


def _open(server: ScriptedServer, command: str = f"echo {OLD}", user: str = USER) -> Session | Outcome:
    account = Account("127.0.0.1", server.port, Tls.NONE, user, Tokens(command))
    return open_session(account, timeout_s=5)


def _login(server: ScriptedServer) -> list[str]:
    """Return what the client wrote after EHLO, up to the first MAIL."""
    return [line for _, line in server.commands if not line.lower().startswith(("ehlo", "mail", "quit"))]


@pytest.mark.parametrize(
    ("mechanisms", "expected"),
    [
        ("PLAIN LOGIN XOAUTH2 OAUTHBEARER", f"AUTH XOAUTH2 {_xoauth2(OLD)}"),
        ("oauthbearer xoauth2", f"AUTH XOAUTH2 {_xoauth2(OLD)}"),
        ("PLAIN OAUTHBEARER", f"AUTH OAUTHBEARER {_oauthbearer(OLD)}"),
    ],
)
@pytest.mark.parametrize("initial_response", [True, False])
def test_login(tmp_path: Path, mechanisms: str, expected: str, initial_response: bool) -> None:
    """XOAUTH2 where it is offered, else OAUTHBEARER; a relay that does not take the token with AUTH gets it after."""
    given = {"mechanisms": mechanisms, "initial_response": initial_response}
    with ScriptedServer(tmp_path / "record", users={USER: OLD}, **given) as server:  # type: ignore[arg-type]
        session = _open(server)
        assert isinstance(session, Session)
        session.sock.close()
    assert _login(server) == [expected, *([] if initial_response else [expected.split()[2]])]


def test_later_replies(tmp_path: Path) -> None:
    """A token is taken out of what the relay says after the login, too, as it is and as it was sent."""
    said = f"550 5.7.1 {USER} has {OLD.upper()}, AUTH XOAUTH2 {_xoauth2(OLD)}"
    rules = [Rule("rcpt", say(said))]
    with ScriptedServer(tmp_path / "record", users={USER: OLD}, mechanisms="XOAUTH2", rules=rules) as server:
        folder = make_folder(tmp_path / "campaign", contacts=1, relay_port=server.port)
        given = {"NOTIFY_RELAY_USER": USER, "NOTIFY_RELAY_TOKEN_COMMAND": f"echo {OLD}"}
        done = run(folder, "send", "--yes", environment=given)
    assert f"550 5.7.1 {USER} has ***, AUTH XOAUTH2 ***" in done.stderr
    assert OLD.lower().encode() not in b"".join(contents(folder).values()).lower()


@pytest.mark.parametrize(("mechanism", "farewell"), [("XOAUTH2", ""), ("OAUTHBEARER", "AQ==")])
@pytest.mark.parametrize("initial_response", [True, False])
def test_refused(tmp_path: Path, mechanism: str, farewell: str, initial_response: bool) -> None:
    """The challenge of who refuses is answered, the reply behind it counts, and one login is all there is."""
    given = {"mechanisms": mechanism, "initial_response": initial_response}
    command = Command(tmp_path, OLD)
    with ScriptedServer(tmp_path / "record", users={USER: NEW}, **given) as server:  # type: ignore[arg-type]
        opened = _open(server, command.line)
    assert isinstance(opened, Outcome)
    assert (opened.action, opened.phase, str(opened.answer)) == (
        Action.STOP,
        Phase.AUTH,
        "535 5.7.8 authentication failed",
    )
    assert isinstance(refusal(opened), LoginError)
    assert (server.connections, server.count("AUTH"), command.calls) == (1, 1, 2)
    assert _login(server)[-1] == farewell


@pytest.mark.parametrize(
    ("act", "action", "calls", "connections"),
    [
        (say("535 5.7.3 Authentication unsuccessful"), Action.STOP, 2, 2),
        (say("454 4.7.0 Temporary authentication failure"), Action.RECONNECT, 1, 1),
        (say("535 5.7.0 Too many login attempts, please try again later"), Action.PAUSE, 1, 1),
        (say("534 5.7.9 Please log in with your web browser"), Action.STOP, 1, 1),
        (say_and_close("421 4.7.0 later"), Action.RECONNECT, 1, 1),
        (close(), Action.RECONNECT, 1, 1),
    ],
)
def test_when_another_token_is_tried(tmp_path: Path, act: Act, action: Action, calls: int, connections: int) -> None:
    """Only 535 may mean that it has expired; who wants to be left alone is, and a second token is the last."""
    command = Command(tmp_path, OLD, NEW, "ya29.third")
    rules = [Rule("auth", act)]
    with ScriptedServer(tmp_path / "record", users={USER: OLD}, mechanisms="XOAUTH2", rules=rules) as server:
        opened = _open(server, command.line)
    assert isinstance(opened, Outcome)
    assert (opened.action, opened.phase) == (action, Phase.AUTH)
    assert (command.calls, server.connections, server.count("AUTH")) == (calls, connections, connections)


@pytest.mark.parametrize("mechanisms", ["PLAIN LOGIN", "GSSAPI"])
def test_no_mechanism(tmp_path: Path, mechanisms: str) -> None:
    """A relay that takes no tokens is told apart, for good; the token is not tried as a password."""
    with ScriptedServer(tmp_path / "record", users={USER: OLD}, mechanisms=mechanisms) as server:
        opened = _open(server)
    assert isinstance(opened, Outcome)
    assert (opened.action, str(opened.answer)) == (Action.STOP, f"it offers no login by token (offered: {mechanisms})")
    assert server.count("AUTH") == 0


@pytest.mark.parametrize(("length", "fits"), [(4000, True), (9100, True), (9200, False)])
def test_long_token(tmp_path: Path, length: int, fits: bool) -> None:
    """Microsoft's tokens are thousands of octets long; a line of a login has 12,288 at most."""
    token = "x" * length
    with ScriptedServer(tmp_path / "record", users={USER: token}, mechanisms="XOAUTH2") as server:
        opened = _open(server, f"echo {token}")
        assert isinstance(opened, Session) == fits
        if isinstance(opened, Session):
            opened.sock.close()
    assert server.count("AUTH") == fits
    assert fits or "the token is too long" in str(opened)
    assert max(len(line) + 2 for _, line in server.commands) <= 12288


def test_name_that_would_end_early(tmp_path: Path) -> None:
    """What has a meaning in OAUTHBEARER's header is escaped in a name (RFC 5801)."""
    with ScriptedServer(tmp_path / "record", users={}, mechanisms="OAUTHBEARER") as server:
        _open(server, user="a,b=c@alt.example")
    sent = base64.b64decode(_login(server)[0].split()[2]).decode()
    assert sent == f"n,a=a=2Cb=3Dc@alt.example,\1auth=Bearer {OLD}\1\1"


@pytest.mark.parametrize(
    ("last", "said"),
    [
        ("exit 1", "token_command failed (1): it did not say why"),
        ("echo", "token_command printed no token in its first line"),
        ("echo '<html>'", "What token_command printed in its first line is no token"),
        ("exec sleep 60", "token_command was not done within 0.5 s"),
    ],
)
def test_command_that_fails_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, last: str, said: str) -> None:
    """A command that has worked before may work again: the run pauses, and it costs nobody a try."""
    monkeypatch.setattr("notify.accounts.commands._TIMEOUT_S", 0.5)
    witness = tmp_path / "witness"
    script = tmp_path / "token.sh"
    script.write_text(f"[ -e {witness} ] || {{ touch {witness}; echo {OLD}; exit; }}\n{last}\n")
    with ScriptedServer(tmp_path / "record", users={USER: NEW}, mechanisms="XOAUTH2") as server:
        started = time.monotonic()
        opened = _open(server, f"sh {script}")
        assert time.monotonic() - started < 20
    assert isinstance(opened, Outcome)
    assert (opened.action, opened.phase, str(opened.answer)) == (Action.RECONNECT, Phase.AUTH, said)
    assert (server.connections, server.count("AUTH")) == (1, 1)


@pytest.mark.parametrize("connections", [1, 3])
def test_token_expires_in_a_run(tmp_path: Path, connections: int) -> None:
    """A later connection refuses the token: the run goes on with the next one, and nobody is sent to twice."""
    command = Command(tmp_path, OLD, NEW)
    users = Expiring([OLD, NEW])
    with ScriptedServer(tmp_path / "record", users=users, mechanisms="XOAUTH2") as server:
        folder = make_folder(tmp_path / "campaign", contacts=9, relay_port=server.port, connections=connections)
        given = {
            "NOTIFY_RELAY_USER": USER,
            "NOTIFY_RELAY_TOKEN_COMMAND": command.line,
            "NOTIFY_PASSWORD": "not looked at",
            "NOTIFY_SEND_BATCH": "3",
        }
        done = run(folder, "send", "--yes", environment=given)
        assert (done.returncode, counts(folder)) == (0, {"sent": 9})
        assert len({one["to"] for one in server.accepted()}) == len(server.accepted()) == 9
        logins = [(number, line.split()[2]) for number, line in server.commands if line.startswith("AUTH")]
    tokens = [token for _, token in logins]
    assert command.calls == 2
    assert tokens[0] == _xoauth2(OLD)
    assert set(tokens[1:]) == {_xoauth2(OLD), _xoauth2(NEW)}
    # each connection that refused the old one was followed by one with the new one; one may come too late to log in
    assert len({number for number, _ in logins}) == len(logins)
    assert connections > 1 or server.connections == len(logins)


@pytest.mark.parametrize(
    ("command", "status", "what"),
    [
        ("sh -c 'echo geheim-token; echo gesperrt >&2; exit 3'", 77, "Error: token_command failed (3): gesperrt\n"),
        ("true", 77, "Error: token_command printed no token in its first line.\n"),
        ("echo 'no geheim-token here'", 77, "Error: What token_command printed in its first line is no token.\n"),
        ("there-is-no-such-program", 77, "Error: token_command cannot be run: No such file or directory.\n"),
        ("echo 'geheim-token", 78, "NOTIFY_RELAY_TOKEN_COMMAND: its quotes do not match"),
    ],
)
def test_no_token(tmp_path: Path, command: str, status: int, what: str) -> None:
    """Without a token nobody is connected to; what the command printed is not shown."""
    with ScriptedServer(tmp_path / "record", users={USER: OLD}, mechanisms="XOAUTH2") as server:
        folder = make_folder(tmp_path / "campaign", contacts=1, relay_port=server.port)
        given = {"NOTIFY_RELAY_USER": USER, "NOTIFY_RELAY_TOKEN_COMMAND": command}
        done = run(folder, "send", "--yes", environment=given)
    assert done.returncode == status
    assert what in done.stderr
    assert "geheim-token" not in done.stderr.replace(command, "")
    assert server.connections == 0


@pytest.mark.parametrize(("way", "status"), [("token_command", 0), ("", 78)])
def test_token_beside_a_password(tmp_path: Path, way: str, status: int) -> None:
    """NOTIFY_PASSWORD is for the one relay that wants a password; with two of them nobody knows for which."""
    second = f'[[relay]]\nhost = "relay.example"\nuser = "b"\n{way + " = " if way else "# "}"echo geheim"\n'
    with ScriptedServer(tmp_path / "record", users={USER: OLD}) as server:
        folder = make_folder(tmp_path / "campaign", contacts=1, relay_port=server.port, more=second)
        done = run(folder, "send", "--yes", environment={"NOTIFY_RELAY_USER": USER, "NOTIFY_PASSWORD": OLD})
    assert done.returncode == status
    assert ("use the keyring" in done.stderr) == (status == 78)


def test_keyring(tmp_path: Path) -> None:
    """Where the library is installed, its password is taken before anybody is asked; a broken one is as none."""
    root = Path(__file__).parents[2]
    library = tmp_path / "library"
    library.mkdir()
    given = {"NOTIFY_RELAY_USER": USER, "PYTHONPATH": os.pathsep.join([str(library), str(root)])}
    with ScriptedServer(tmp_path / "record", users={USER: OLD}) as server:
        folder = make_folder(tmp_path / "campaign", contacts=1, relay_port=server.port)
        (library / "keyring.py").write_text("def get_password(service, user): raise RuntimeError('no backend')\n")
        without = run(folder, "send", "--yes", environment=given)
        assert without.returncode == 77
        assert f"Error: There is no password for {USER} at 127.0.0.1.\n" in without.stderr
        assert f"keyring set notify {USER}\n" in without.stderr
        assert "no backend" not in without.stderr
        found = f"def get_password(service, user): return {{('yagmail', {USER!r}): {OLD!r}}}.get((service, user))\n"
        (library / "keyring.py").write_text(found)
        assert run(folder, "send", "--yes", environment=given).returncode == 0
        assert len(server.accepted()) == 1


# --- nobody sees it ---------------------------------------------------------------------------------------------------

PASSWORD = "Grüße aus Kiel 1"


def _spellings(mechanism: str, secret: str) -> list[str]:
    """Return how a secret could be seen: as it is, and as it goes over the wire, whole and cut off."""
    sent = {
        "PLAIN": _base64(f"\0{USER}\0{secret}"),
        "LOGIN": _base64(secret),
        "XOAUTH2": _xoauth2(secret),
        "OAUTHBEARER": _oauthbearer(secret),
    }[mechanism]
    return [secret, secret[2:-2], sent, sent[:-9], sent[-15:]]


@pytest.mark.parametrize(
    ("mechanism", "secret"), [("PLAIN", PASSWORD), ("LOGIN", PASSWORD), ("XOAUTH2", OLD), ("OAUTHBEARER", OLD)]
)
def test_nobody_sees_it(tmp_path: Path, mechanism: str, secret: str) -> None:
    """A relay that repeats what it was sent: in no file of the campaign, no output, no log and no traceback."""
    quoted = " ".join(_spellings(mechanism, secret)).encode().decode("latin-1")
    refused = Rule("auth", say(f"535-5.7.8 no: AUTH {mechanism} {quoted}\n535 5.7.8 ({quoted})"), times=3)
    welcome = Rule("auth", say(f"235 2.7.0 {quoted}"))
    given = {"NOTIFY_RELAY_USER": USER, "NOTIFY_DEBUG": "1"}
    if secret == PASSWORD:
        given["NOTIFY_PASSWORD"] = secret
    else:
        given["NOTIFY_RELAY_TOKEN_COMMAND"] = f"echo {secret}"
    runs = (["send", "--yes", "--json"], ["send", "--test", "ich@example.org"])
    later = (["send", "--yes"], ["status", "--json"], ["log", "--json"])
    with ScriptedServer(
        tmp_path / "record", users={USER: secret}, mechanisms=mechanism, rules=[refused, welcome]
    ) as server:
        folder = make_folder(tmp_path / "campaign", contacts=2, relay_port=server.port)
        done = [run(folder, *arguments, environment=given) for arguments in runs]
        assert [one.returncode for one in done] == [77, 77]
        assert all("535 5.7.8 no: AUTH" in one.stderr and "***" in one.stderr for one in done)
        credential = Tokens(given["NOTIFY_RELAY_TOKEN_COMMAND"]) if secret == OLD else None
        opened = _opened(server, secret, credential)
        done += [run(folder, *arguments, environment=given) for arguments in later]
        assert [one.returncode for one in done[2:]] == [0, 0, 0]
        assert len(server.accepted()) == 2
    everything = "".join(one.stdout + one.stderr for one in done) + opened
    assert json.loads(done[-1].stdout.splitlines()[0])["to"]
    for spelling in _spellings(mechanism, secret):
        assert spelling not in everything
        assert not [name for name, octets in contents(folder).items() if spelling.encode() in octets]


def _opened(server: ScriptedServer, secret: str, tokens: Tokens | None) -> str:
    """Return a refused login as it would be seen in a traceback."""
    from notify.accounts import Secret

    account = Account("127.0.0.1", server.port, Tls.NONE, USER, tokens or Secret(secret))
    opened = open_session(account, timeout_s=5)
    assert isinstance(opened, Outcome)
    return f"{account} {opened}" + "".join(traceback.format_exception(refusal(opened)))
