"""One loss, wherever it strikes, is no reason to end a run: everybody is sent to in it, and nobody twice.

What was sent is told by the server's own record. Only a dot whose answer was lost leaves somebody in doubt.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.folders import addresses, counts, make_folder, run
from tests.servers.scripted import (
    FEATURES,
    Act,
    Certificates,
    Rule,
    ScriptedServer,
    lose_answer,
    make_certificates,
    reset,
    say,
    say_and_close,
)

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
        # after 451 in the middle of a message nobody knows whether the relay still reads it
        for connections, mode in itertools.product((1, 4), ("overlap", "lock-step")):
            yield Scene(phase, act, place, tls, connections, mode)


#: One for each phase every day; all of them take minutes.
EVERYDAY = {
    "banner-reset-first-none-1-overlap",
    "starttls-421-first-starttls-1-overlap",
    "auth-451-later-none-1-overlap",
    "mail-421-first-implicit-1-overlap",
    "mail-reset-later-none-4-lock-step",
    "rcpt-451-first-none-4-overlap",
    "data-451-middle-none-1-overlap",
    "body-reset-first-none-1-lock-step",
    "dot-451-middle-none-4-overlap",
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
    doubts = 1 if (scene.phase, scene.act) == ("dot", "reset") else 0
    assert status == min(doubts, 1), campaign.said
    assert (len(took), set(took.values())) == (PEOPLE, {1})
    expected = {"sent": PEOPLE - doubts, "in_doubt": doubts}
    assert counts(campaign.folder) == {name: count for name, count in expected.items() if count}
