"""The relay is tried before anything is sent: what keeps it from taking the messages is found, and no message begun."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from notify.actions.folder_ledger import ledger_of_folder
from notify.ledger import exists
from tests.folders import contents, make_folder, run
from tests.servers.scripted import Rule, ScriptedServer, make_certificates, say
from tests.servers.zone import ZoneServer

pytestmark = pytest.mark.both_ledgers

USER, RIGHT, WRONG = "info@alt.example", "Grüße aus Kiel 1", "falsches Paßwort 2"
PEOPLE = "Anrede;Nachname;E-Mail\nFrau;Muster;anna@example.com\n"


def checked(folder: Path, *more: str, password: str = RIGHT) -> CompletedProcess[str]:
    """Check a folder; the names that it asks for are not there."""
    given = {"NOTIFY_RELAY_USER": USER, **({"NOTIFY_PASSWORD": password} if password else {})}
    with ZoneServer({}) as names:
        return run(folder, "check", "--resolver", f"127.0.0.1:{names.port}", *more, environment=given)


def grave_in(done: CompletedProcess[str]) -> list[str]:
    """Return the names of what must be mended of the relay."""
    found = json.loads(done.stdout)["findings"]
    return [one["name"] for one in found if one["name"].startswith("relay-")]


def test_a_relay_that_lets_us_in(tmp_path: Path) -> None:
    """It is said what it takes; it is left politely, and no message was begun."""
    with ScriptedServer(tmp_path / "record", users={USER: RIGHT}) as server:
        folder = make_folder(tmp_path / "c", contacts=PEOPLE, relay_port=server.port)
        done = checked(folder, "--json")
        name = f"127.0.0.1:{server.port} ({USER})"
        assert f"logs in to {name} and leaves again" in " ".join(done.stderr.split())
        assert f"{name} lets us in, and takes messages up to 10 MB." in " ".join(done.stderr.split())
        assert grave_in(done) == []
        assert (server.count("AUTH"), server.count("MAIL"), server.count("QUIT")) == (1, 0, 1)
        assert server.accepted() == []
    assert not exists(ledger_of_folder(folder))


def test_a_wrong_password(tmp_path: Path) -> None:
    """It is tried once, is seen nowhere, and all that must be mended stands in notify.toml."""
    with ScriptedServer(tmp_path / "record", users={USER: RIGHT}) as server:
        folder = make_folder(
            tmp_path / "c", contacts=PEOPLE.replace("example.com", "kunde.internal"), relay_port=server.port
        )
        done = checked(folder, password=WRONG)
        assert server.count("AUTH") == 1
    assert done.returncode == 78
    assert "refuses the login: 535 5.7.8 authentication failed. (relay-login)" in " ".join(done.stdout.split())
    assert WRONG not in done.stdout + done.stderr + str(contents(folder))


def test_no_password(tmp_path: Path) -> None:
    """Nobody sits there who could be asked."""
    with ScriptedServer(tmp_path / "record", users={USER: RIGHT}) as server:
        folder = make_folder(tmp_path / "c", contacts=PEOPLE, relay_port=server.port)
        done = checked(folder, "--json", password="")
        assert (grave_in(done), server.connections) == (["relay-login"], 0)


def test_nobody_answers(tmp_path: Path) -> None:
    """A port at which no server is."""
    with ScriptedServer(tmp_path / "record") as server:
        port = server.port
    done = checked(make_folder(tmp_path / "c", contacts=PEOPLE, relay_port=port), "--json")
    assert grave_in(done) == ["relay-unreachable"]


def test_a_certificate_that_nobody_trusts(tmp_path: Path) -> None:
    """Nothing is said to such a server but that TLS is wanted."""
    certificates = make_certificates(tmp_path)
    with ScriptedServer(tmp_path / "record", tls="starttls", certificate=certificates.server) as server:
        folder = make_folder(tmp_path / "c", contacts=PEOPLE, relay_port=server.port)
        toml = folder / "notify.toml"
        toml.write_text(toml.read_text("utf-8").replace('tls = "none"', 'tls = "starttls"'), "utf-8")
        done = checked(folder, "--json")
        assert (grave_in(done), server.count("AUTH")) == (["relay-unreachable"], 0)
        assert "certificate" in done.stdout


@pytest.mark.parametrize(
    ("features", "people", "name"),
    [
        (["SIZE 500", "PIPELINING"], PEOPLE, "relay-size"),
        (["SIZE 10000000", "PIPELINING"], PEOPLE.replace("anna@", "änne@"), "relay-letters"),
        (["SIZE 0", "PIPELINING"], PEOPLE, None),
        (["SMTPUTF8", "8BITMIME", "PIPELINING"], PEOPLE.replace("anna@", "änne@"), None),
        (["SMTPUTF8", "PIPELINING"], PEOPLE.replace("anna@", "änne@"), "relay-letters"),
        (["SIZE 0"], PEOPLE, "relay-pipelining"),
    ],
)
def test_what_it_offers(tmp_path: Path, features: Sequence[str], people: str, name: str | None) -> None:
    """The largest message must fit, and addresses that need SMTPUTF8 need it there."""
    with ScriptedServer(tmp_path / "record", users={USER: RIGHT}, features=features) as server:
        done = checked(make_folder(tmp_path / "c", contacts=people, relay_port=server.port), "--json")
    assert grave_in(done) == ([name] if name else [])
    (relay,) = json.loads(done.stdout)["relays"]
    assert relay["pipelining"] == ("PIPELINING" in features)
    assert relay["8bitmime"] == ("8BITMIME" in features)
    assert relay["smtputf8"] == ("SMTPUTF8" in features)


def test_a_relay_that_is_busy_is_said_to_be(tmp_path: Path) -> None:
    """In the words of the relay."""
    with ScriptedServer(tmp_path / "record", rules=[Rule("banner", say("421 4.3.2 come back at night"))]) as server:
        done = checked(make_folder(tmp_path / "c", contacts=PEOPLE, relay_port=server.port), "--json")
    assert grave_in(done) == ["relay-unreachable"]
    assert "421 4.3.2 come back at night" in done.stdout
