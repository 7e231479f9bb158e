"""One loss, wherever it strikes, is no reason to end a run: everybody is sent to in it, and nobody twice.

What was sent is told by the server's own record. Only a dot whose answer was lost leaves somebody in doubt.
"""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from notify.delivery.patience import WAITS_S
from tests.folders import addresses, counts, make_folder, run
from tests.servers.scripted import (
    FEATURES,
    Act,
    Certificates,
    Rule,
    ScriptedServer,
    close,
    lose_answer,
    make_certificates,
    reset,
    say,
    say_and_close,
)

pytestmark = pytest.mark.both_ledgers

USER, PASSWORD = "info@alt.example", "geheim-1"
PEOPLE = 14
TLS = ("none", "starttls", "implicit")
OPENING = ("banner", "ehlo", "starttls", "auth")
PHASES = (*OPENING, "mail", "rcpt", "data", "body", "dot")
#: A reset, a farewell, and "not now": what may strike once at any relay.
ACTS: Mapping[str, Act] = {
    "reset": reset(),
    "421": say_and_close("421 4.3.2 Service shutting down"),
    "451": say("451 4.3.0 Temporary system problem"),
}
#: Which connection and message of a connection it strikes.
PLACES: Mapping[str, tuple[int, int]] = {"first": (1, 1), "middle": (1, 3), "later": (2, 1)}


@dataclass(frozen=True, slots=True)
class Scene:
    """A loss, and how notify is connected when it strikes."""

    phase: str
    act: str
    place: str
    tls: str
    connections: int
    mode: str = "overlap"

    @property
    def rule(self) -> Rule:
        """The rule of the server for it; good once."""
        connection, message = PLACES[self.place]
        act, phase = ACTS[self.act], self.phase
        if phase == "body":
            # said with the consent to DATA, it is there before the dot
            phase, act = "data", replace(act, say="\n".join(filter(None, ["354 go on", act.say])))
        elif phase == "dot" and self.act == "reset":
            act = replace(lose_answer(), reset=True)
        return Rule(phase, act, connection=connection, message=None if phase in OPENING else message, times=1)

    def __str__(self) -> str:
        return f"{self.phase}-{self.act}-{self.place}-{self.tls}-{self.connections}-{self.mode}"


def _scenes() -> Iterator[Scene]:
    for phase, act, place, tls in itertools.product(PHASES, ACTS, PLACES, TLS):
        if phase == "starttls" and tls != "starttls":
            continue
        if phase in OPENING and place == "middle":
            continue
        if (phase, act, place) == ("rcpt", "451", "middle"):
            # after other messages were taken that is said of the recipient, who is tried again later
            continue
        for connections, mode in itertools.product((1, 4), ("overlap", "lock-step")):
            yield Scene(phase, act, place, tls, connections, mode)


#: Some of them every day; all of them take half an hour.
EVERYDAY = {
    "starttls-421-first-starttls-1-overlap",
    "auth-451-later-none-1-overlap",
    "mail-reset-later-none-4-lock-step",
    "data-451-middle-none-1-overlap",
    "body-reset-first-none-1-lock-step",
    "dot-reset-first-none-1-overlap",
}
SCENES = [
    pytest.param(scene, marks=[] if str(scene) in EVERYDAY else pytest.mark.long, id=str(scene)) for scene in _scenes()
]


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Make certificates for this machine once."""
    return make_certificates(tmp_path_factory.mktemp("certificates"), "localhost", "127.0.0.1")


class Campaign:
    """A campaign for a server that knows notify's login."""

    def __init__(self, path: Path, server: ScriptedServer, certificates: Certificates, connections: int = 1) -> None:
        self.server = server
        self.folder = make_folder(path / "campaign", contacts=PEOPLE, relay_port=server.port, connections=connections)
        self.environment = {"NOTIFY_PASSWORD": PASSWORD, "SSL_CERT_FILE": str(certificates.authority)}
        self.said = ""
        self.relay(f'tls = "{server.tls}"', f'user = "{USER}"', "messages_per_connection = 5")

    def relay(self, *lines: str) -> None:
        """Write lines of ``[[relay]]``."""
        toml = self.folder / "notify.toml"
        toml.write_text(toml.read_text("utf-8").replace('tls = "none"\n', "\n".join(lines) + "\n"), "utf-8")

    def send(self) -> int:
        """Send; return the exit status."""
        done = run(self.folder, "send", "--yes", environment=self.environment, timeout_s=60)
        self.said = done.stderr
        return done.returncode

    def took(self) -> Counter[str]:
        """Return how many messages the server took for each recipient."""
        return Counter(addresses(self.server.accepted()))


def _features(mode: str) -> Sequence[str]:
    return [feature for feature in FEATURES if feature != "PIPELINING" or mode == "overlap"]


@pytest.mark.parametrize("scene", SCENES)
def test_one_loss(tmp_path: Path, certificates: Certificates, scene: Scene) -> None:
    """Everybody is sent to in one run, each once, whatever was lost once and in which phase."""
    with ScriptedServer(
        tmp_path / "record",
        rules=[scene.rule],
        tls=scene.tls,
        certificate=None if scene.tls == "none" else certificates.server,
        users={USER: PASSWORD},
        features=_features(scene.mode),
    ) as server:
        campaign = Campaign(tmp_path, server, certificates, scene.connections)
        status = campaign.send()
        took = campaign.took()
    # of four connections the second may come when nothing is left to write on it
    struck = PLACES[scene.place] in {(mail["connection"], mail["message"]) for mail in server.accepted()}
    lost = 1 if struck and (scene.phase, scene.act) == ("dot", "reset") else 0
    # a reset in the body may come when the dot is written already, which nobody can tell from one after the dot
    late = counts(campaign.folder).get("in_doubt", 0) if (scene.phase, scene.act) == ("body", "reset") else 0
    doubts = lost + min(late, 1)
    assert status == doubts, campaign.said
    assert (len(took), set(took.values())) == (PEOPLE - doubts + lost, {1})
    expected = {"sent": PEOPLE - doubts, "in_doubt": doubts}
    assert counts(campaign.folder) == {name: count for name, count in expected.items() if count}


class Script:
    """A campaign without a login, for scripts of losses that go on."""

    def __init__(self, path: Path, server: ScriptedServer, people: int, connections: int = 1, rate: str = "") -> None:
        self.server = server
        self.folder = make_folder(path / "campaign", contacts=people, relay_port=server.port, connections=connections)
        if rate:
            toml = self.folder / "notify.toml"
            toml.write_text(toml.read_text("utf-8").replace("100000/s", rate), "utf-8")

    def send(self) -> tuple[int, dict[str, int]]:
        """Send; return the exit status and how many have which status. Nobody got two messages."""
        done = run(self.folder, "send", "--yes", timeout_s=60)
        assert set(Counter(addresses(self.server.accepted())).values()) <= {1}
        return done.returncode, counts(self.folder)


@pytest.mark.parametrize("connections", [1, 4])
def test_every_second_answer_is_lost(tmp_path: Path, connections: int) -> None:
    """The run ends with a handful in doubt, and another one adds none before the user has settled them."""
    lost = [Rule("dot", lose_answer(), message=message) for message in (2, 4)]
    with ScriptedServer(tmp_path / "record", rules=lost) as server:
        script = Script(tmp_path, server, 100, connections)
        status, statuses = script.send()
        assert status == 69
        assert 3 <= statuses["in_doubt"] <= 2 + connections
        assert set(statuses) == {"sent", "in_doubt", "pending"}
        connected = server.connections
        assert script.send() == (69, statuses)
        assert server.connections == connected


@pytest.mark.parametrize("connections", [pytest.param(1, marks=pytest.mark.long), 4])
@pytest.mark.parametrize("text", ["450 4.2.0 try again later", "451 Temporary local problem"])
def test_everybody_is_deferred(tmp_path: Path, text: str, connections: int) -> None:
    """It is the relay's trouble: the run ends for now, and nobody is charged."""
    taken = [Rule("rcpt", say("250 2.1.5 Ok"), times=10), Rule("rcpt", say(text))]
    with ScriptedServer(tmp_path / "record", rules=taken) as server:
        assert Script(tmp_path, server, 60, connections).send() == (75, {"sent": 10, "pending": 50})
        assert server.count("RCPT") < 30


@pytest.mark.parametrize("connections", [pytest.param(1, marks=pytest.mark.long), 4])
def test_a_relay_that_hangs_up_between_messages(tmp_path: Path, connections: int) -> None:
    """Where the pace is slower than the relay's patience each message takes a connection, and none is lost."""
    with ScriptedServer(tmp_path / "record", idle_s=0.2) as server:
        script = Script(tmp_path, server, 5, connections, rate="2/s")
        assert script.send() == (0, {"sent": 5})
        assert 5 <= server.connections <= 5 + connections
        assert server.count("MAIL") == 5


def test_a_login_that_is_refused_once(tmp_path: Path, certificates: Certificates) -> None:
    """A login that was accepted a moment ago is tried again; the first one is tried once, right or wrong."""
    refused = say("535 5.7.8 authentication failed")
    for connection, status, tries in ((2, 0, 4), (1, 77, 1)):
        record, rule = tmp_path / f"record{connection}", Rule("auth", refused, connection=connection)
        with ScriptedServer(record, rules=[rule], users={USER: PASSWORD}) as server:
            campaign = Campaign(tmp_path / str(connection), server, certificates)
            assert campaign.send() == status, campaign.said
            assert server.count("AUTH") == tries


@pytest.mark.parametrize(
    "phase", [pytest.param("banner", marks=pytest.mark.long), "mail", pytest.param("dot", marks=pytest.mark.long)]
)
def test_a_relay_that_stays_away(tmp_path: Path, phase: str) -> None:
    """It is called a few times, for seconds, and then the run ends for now; nobody is charged."""
    with ScriptedServer(tmp_path / "record", rules=[Rule(phase, say_and_close("421 4.3.2 Not now"))]) as server:
        assert Script(tmp_path, server, 5, 4).send() == (75, {"pending": 5})
        assert server.connections == 1 + len(WAITS_S)


CALM, SOME = ("421 4.3.2 bye", "421 bye"), ("banner", "ehlo", "mail", "rcpt", "data", "dot", "rset", "quit")


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 40))])
def test_several_losses(tmp_path: Path, seed: int) -> None:
    """As many in a row as are borne with, wherever they strike: everybody is sent to in one run."""
    chance = random.Random(seed)
    rules = []
    for _ in range(len(WAITS_S)):
        phase = chance.choice(SOME)
        acts = [say_and_close(chance.choice(CALM)), *([] if phase == "dot" else [reset(), close()])]
        acts += [say("451 4.3.0 Temporary system problem")] if phase in ("mail", "data", "dot") else []
        message = None if phase in OPENING else chance.randint(1, 4)
        rules.append(Rule(phase, chance.choice(acts), message=message, times=1))
    gone = Act(say="250 2.0.0 Ok\n421 4.3.2 and bye", close=True, accept=True)
    with ScriptedServer(
        tmp_path / "record",
        rules=[*rules, Rule("dot", gone, message=6, times=3)],
        features=_features(chance.choice(["overlap", "lock-step"])),
    ) as server:
        assert Script(tmp_path, server, 40, chance.choice([1, 4])).send() == (0, {"sent": 40}), rules
