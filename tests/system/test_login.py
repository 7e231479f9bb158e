"""Getting in at the relay: what is tried how often, what is said of it, and that the password is seen nowhere."""

from __future__ import annotations

import base64
import json
import socket
from pathlib import Path
from urllib.parse import quote

import pytest

from notify.delivery.patience import WAITS_S
from tests.folders import addresses, contents, counts, make_folder, run
from tests.servers.scripted import Act, Rule, ScriptedServer, make_certificates, say, say_and_close

pytestmark = pytest.mark.both_ledgers

USER, RIGHT, WRONG = "info@alt.example", "Grüße aus Kiel 1", "falsches Paßwort 2"


def _spellings(password: str) -> list[str]:
    """Return how a password could be seen: as it is, and as it goes over the wire."""
    encoded = [base64.b64encode(text.encode()).decode() for text in (password, f"\0{USER}\0{password}")]
    return [password, *encoded]


def test_wrong_password(tmp_path: Path) -> None:
    """However many connections: one login is tried, and its password is seen nowhere even if the relay quotes it."""
    quoting = Rule("auth", say(f"535 5.7.8 not {_spellings(WRONG)[2]}".encode().decode("latin-1")), times=1)
    slow = Rule("dot", Act(say="250 2.0.0 Ok", wait_s=0.2, accept=True))
    with ScriptedServer(tmp_path / "record", users={USER: RIGHT}, rules=[quoting, slow]) as server:
        folder = make_folder(tmp_path / "campaign", contacts=9, relay_port=server.port, connections=3)
        given = {"NOTIFY_RELAY_USER": USER, "NOTIFY_PASSWORD": WRONG}
        done = run(folder, "send", "--yes", "--json", environment=given)
        assert done.returncode == 77
        assert "9 pending.\nStopped: 535 5.7.8 not *** (auth)\n  The login was refused: mend user, " in done.stderr
        assert (server.connections, server.count("AUTH")) == (1, 1)
        test = run(folder, "send", "--test", "ich@example.org", environment=given)
        assert test.returncode == 77
        assert "Not sent: 535 5.7.8 authentication failed\n" in test.stderr
        log = run(folder, "log", "--json")
        everything = f"{done.stdout}\n{done.stderr}\n{test.stdout}\n{test.stderr}\n{log.stdout}"
        for spelling in _spellings(WRONG):
            assert spelling not in everything
            assert not [name for name, octets in contents(folder).items() if spelling.encode() in octets]
        assert (log.stdout, counts(folder)) == ("", {"pending": 9})

        right = run(folder, "send", "--yes", environment={**given, "NOTIFY_PASSWORD": RIGHT})
        assert right.returncode == 0
        assert server.count("AUTH") == server.connections == 5
        assert {one["user"] for one in server.accepted()} == {USER}


def test_later_replies(tmp_path: Path) -> None:
    """At no later step is what a relay knows of the password kept or shown; the name of the user is."""
    plain = base64.b64encode(f"\0{USER}\0{RIGHT}".encode()).decode()
    rules = [
        Rule("mail", say(f"450 4.2.1 {USER} {RIGHT.upper()}".encode().decode("latin-1")), connection=1, times=1),
        Rule("rcpt", say(f"550 5.1.1 no such user; {USER} said {quote(RIGHT)}"), to="0001"),
        Rule("dot", say(f"250 2.0.0 Ok AUTH PLAIN {plain[:24]} {plain[24:]}"), to="0002"),
        Rule("rset", say(f"250 {RIGHT}".encode().decode("latin-1"))),
        Rule("rcpt", say_and_close(f"421 4.7.0 {USER}:{plain.lower()}, goodbye"), to="0003"),
        Rule("quit", say(f"221 {plain}")),
    ]
    with ScriptedServer(tmp_path / "record", users={USER: RIGHT}, rules=rules) as server:
        folder = make_folder(tmp_path / "campaign", contacts=5, relay_port=server.port)
        given = {"NOTIFY_RELAY_USER": USER, "NOTIFY_PASSWORD": RIGHT}
        runs = [run(folder, "send", "--yes", "--json", environment=given) for _ in range(3)]
        runs.append(run(folder, "log", "--json"))
    everything = "\n".join(done.stdout + done.stderr for done in runs).encode() + b"".join(contents(folder).values())
    assert f"no such user; {USER} said ***".encode() in everything
    assert f"{USER}:***, goodbye".encode() in everything
    parts = [RIGHT[at : at + 6] for at in range(len(RIGHT) - 6)] + [
        plain[at : at + 8] for at in range(4, len(plain) - 8)
    ]
    assert not [part for part in parts if part.encode().lower() in everything.lower()]


@pytest.mark.parametrize(
    ("command", "what"),
    [
        ("", "There is no password for info@alt.example at 127.0.0.1."),
        ("sh -c 'echo geheim; echo gesperrt >&2; exit 3'", "password_command failed (3): gesperrt"),
        ("there-is-no-such-program", "password_command cannot be run: No such file or directory."),
        ("true", "password_command printed no password in its first line."),
    ],
)
def test_no_password(tmp_path: Path, command: str, what: str) -> None:
    """Without a password nobody is connected to; what a failed command printed may be one and is not shown."""
    with ScriptedServer(tmp_path / "record", users={USER: RIGHT}) as server:
        folder = make_folder(tmp_path / "campaign", contacts=1, relay_port=server.port)
        given = {"NOTIFY_RELAY_USER": USER, "NOTIFY_RELAY_PASSWORD_COMMAND": command}
        done = run(folder, "send", "--yes", environment=given)
        assert done.returncode == 77
        assert f"Error: {what}\n" in done.stderr
        assert "geheim" not in done.stderr.replace(command, "")
        assert server.connections == 0


def test_password_command(tmp_path: Path) -> None:
    """The first line that the command prints is the password; it beats the variable."""
    with ScriptedServer(tmp_path / "record", users={USER: RIGHT}) as server:
        folder = make_folder(tmp_path / "campaign", contacts=1, relay_port=server.port)
        given = {
            "NOTIFY_RELAY_USER": USER,
            "NOTIFY_RELAY_PASSWORD_COMMAND": f"printf '%s\\nurl: x\\n' '{RIGHT}'",
            "NOTIFY_PASSWORD": WRONG,
        }
        assert run(folder, "send", "--yes", environment=given).returncode == 0


def _account(port: int, user: str, more: str) -> str:
    relay = f'\n[[relay]]\nhost = "127.0.0.1"\nport = {port}\ntls = "none"\nuser = "{user}"\n'
    return f"{relay}password_command = \"echo '{RIGHT}'\"\n{more}\n"


def test_two_accounts_at_one_server(tmp_path: Path) -> None:
    """Each has its own login, limits and senders, though the server is the same."""
    others, first, second = "info@neu.example", "buero@alt.example", "vertrieb@alt.example"
    with ScriptedServer(tmp_path / "record", users=dict.fromkeys([others, first, second], RIGHT)) as server:
        relays = (
            _account(server.port, others, 'from = "neu.example"'),
            _account(server.port, first, 'rate = ["100/s", "2/day"]'),
            _account(server.port, second, 'rate = ["100/s", "3/day"]'),
        )
        folder = make_folder(tmp_path / "campaign", contacts=9, more="".join(relays))
        done = run(folder, "send", "--yes")
        assert done.returncode == 75
        assert f"Through  127.0.0.1:{server.port} ({first}), at most 100/s, 2/day, " in done.stderr
        assert " at this rate, through the first alone, done " in done.stderr
        assert f"Going on through 127.0.0.1:{server.port} ({second}).\n" in done.stderr
        assert [one["user"] for one in server.accepted()] == [first] * 2 + [second] * 3
        log = [json.loads(line) for line in run(folder, "log", "--json").stdout.splitlines()]
        assert {one["relay"] for one in log} == {f"127.0.0.1:{server.port} ({user})" for user in (first, second)}
        assert run(folder, "send", "--yes").returncode == 75
        assert len(server.accepted()) == 5


def test_one_password_for_several(tmp_path: Path) -> None:
    """NOTIFY_PASSWORD is for the one relay that wants it; of two, nobody knows which."""
    with ScriptedServer(tmp_path / "record", users={USER: RIGHT}) as server:
        relay = f'\n[[relay]]\nhost = "127.0.0.1"\nport = {server.port}\ntls = "none"\nuser = "{USER}"\n'
        other = '\n[[relay]]\nhost = "other.example"\nuser = "o@neu.example"\n'
        given = {"NOTIFY_PASSWORD": RIGHT}
        folder = make_folder(tmp_path / "both", contacts=1, more=relay + other)
        both = run(folder, "send", "--yes", environment=given)
        assert both.returncode == 78
        assert "NOTIFY_PASSWORD is set, and 2 relays want a password" in both.stderr
        folder = make_folder(tmp_path / "one", contacts=1, more=f'{relay}{other}from = "neu.example"\n')
        assert run(folder, "send", "--yes", environment=given).returncode == 0


@pytest.mark.parametrize(
    ("tls", "banner", "status", "said"),
    [
        ("none, but STARTTLS is wanted", "", 69, "it does not offer STARTTLS"),
        ("implicit", "", 69, "the certificate of 127.0.0.1 cannot be trusted"),
        ("starttls", "", 69, "the certificate of 127.0.0.1 cannot be trusted"),
        ("none", "554 5.7.1 listed", 69, "Stopped: 554 5.7.1 listed (banner)"),
        ("none", "421 4.3.2 later", 75, "Stopped: 421 4.3.2 later (banner)"),
    ],
)
def test_relay_that_cannot_be_used(tmp_path: Path, tls: str, banner: str, status: int, said: str) -> None:
    """A relay that cannot be trusted or used ends the run with its reason; nothing goes in clear, nobody is charged."""
    spoken, _, wanted = tls.partition(", ")
    certificate = make_certificates(tmp_path).server if spoken != "none" else None
    rules = [Rule("banner", say_and_close(banner))] if banner else []
    with ScriptedServer(tmp_path / "record", rules=rules, tls=spoken, certificate=certificate) as server:
        folder = make_folder(tmp_path / "campaign", contacts=3, relay_port=server.port)
        given = {
            "NOTIFY_RELAY_TLS": "starttls" if wanted else spoken,
            "NOTIFY_RELAY_USER": USER,
            "NOTIFY_PASSWORD": RIGHT,
        }
        done = run(folder, "send", "--yes", environment=given)
        assert done.returncode == status
        assert "3 pending.\nStopped: " in done.stderr
        assert done.stderr.count(said) == 1
        assert ("It is worth running again " in done.stderr) == (status == 75)
        # what may pass is tried a few times more
        calls = 1 + (len(WAITS_S) if status == 75 else 0)
        assert (server.connections, server.count("AUTH"), server.count("MAIL")) == (calls, 0, 0)
    assert counts(folder) == {"pending": 3}


def test_nobody_there(tmp_path: Path) -> None:
    """A relay that is down costs nobody a try; when it is back the run goes on, and status says so until then."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    folder = make_folder(tmp_path / "campaign", contacts=2, relay_port=port)
    for _ in range(2):
        done = run(folder, "send", "--yes")
        assert done.returncode == 75
        assert (
            "Stopped: There is no connection to the relay (127.0.0.1 cannot be reached: Connection refused); notify "
            "send goes on where it stopped.\n"
        ) in done.stderr
    status = run(folder, "status")
    assert "  pending     2\n" in status.stdout
    assert "To go on:  notify send\n" in status.stderr
    assert json.loads(run(folder, "status", "--json").stdout)["next_due"] is None
    with ScriptedServer(tmp_path / "record", port=port) as server:
        assert run(folder, "send", "--yes").returncode == 0
        assert len(server.accepted()) == 2


def test_relay_behind_the_first_without_a_password(tmp_path: Path) -> None:
    """It makes nothing worse: the first sends, and what is wrong with the second is said, by --test too."""
    with ScriptedServer(tmp_path / "record", users={USER: RIGHT}) as server:
        other = _account(server.port, "post@alt.example", "").replace("echo", "false")
        folder = make_folder(tmp_path / "campaign", contacts=3, more=_account(server.port, USER, "") + other)
        done = run(folder, "send", "--yes", "--pause", "0s")
        assert done.returncode == 0
        assert (
            f"127.0.0.1:{server.port} (post@alt.example) is left out of this run: password_command fail" in done.stderr
        )
        assert len(server.accepted()) == 3
        # the first alone is not left out
        folder = make_folder(tmp_path / "turned", contacts=3, more=other + _account(server.port, USER, ""))
        assert run(folder, "send", "--yes").returncode == 77


def test_the_test_tries_every_relay(tmp_path: Path) -> None:
    """A second relay that would not let us in is found before it is needed."""
    with ScriptedServer(tmp_path / "record", users={USER: RIGHT}) as server:
        wrong = _account(server.port, "post@alt.example", "")
        folder = make_folder(tmp_path / "campaign", contacts=3, more=_account(server.port, USER, "") + wrong)
        test = run(folder, "send", "--test", "ich@example.org")
        assert test.returncode == 77
        assert f"to ich@example.org instead through 127.0.0.1:{server.port} ({USER}): 250 " in test.stderr
        assert f"Not sent through 127.0.0.1:{server.port} (post@alt.example): 535 5.7.8 " in test.stderr
        assert addresses(server.accepted()) == ["ich@example.org"]
