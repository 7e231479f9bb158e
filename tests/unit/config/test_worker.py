"""The file of a machine that hands over: its own relays beside or instead of the campaign's, and its own secrets."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from notify.config import RelaySettings, load
from notify.config.worker import WorkerSettings, load_worker
from notify.errors import ConfigError

CAMPAIGN = """
[campaign]
template = "t"
[sender]
email = "info@alt.example"
[[relay]]
host = "smtp.alt.example"
port = 587
user = "info@alt.example"
password_command = "pass show alt"
rate = ["30/min", "400/hour"]
ramp = "50/day, x1.5, 2000/day"
from = ["alt.example"]
[[relay]]
host = "backup.example"
user = "post"
token_command = "oauth post"
"""
TOKENS = ("backup.example:465 (post)",)


@pytest.fixture
def campaign(tmp_path: Path) -> tuple[RelaySettings, ...]:
    """Give the relays of a campaign."""
    (tmp_path / "notify.toml").write_text(CAMPAIGN, "utf-8")
    return load(tmp_path, options={}, environment={}).relays


def own(tmp_path: Path, text: str, environment: Mapping[str, str] | None = None) -> WorkerSettings:
    """Load a machine's file."""
    (tmp_path / "worker.toml").write_text(text, "utf-8")
    return load_worker(tmp_path / "worker.toml", environment or {})


def test_a_secret_of_its_own(tmp_path: Path, campaign: tuple[RelaySettings, ...]) -> None:
    """A relay that is called as the campaign's, by server and user, is that one: with its port, limits and senders."""
    text = '[[relay]]\nhost = "SMTP.alt.example"\nuser = "info@alt.example"\npassword_command = "pass show here"\n'
    text += "connections = 4\n"
    (relay,) = own(tmp_path, text).relays_for(campaign, TOKENS, "knecht")
    assert relay.name == "smtp.alt.example:587 (info@alt.example)"
    assert (relay.password_command, relay.connections, relay.tls) == ("pass show here", 4, "starttls")
    assert (relay.rates, relay.ramp, relay.senders) == (campaign[0].rates, campaign[0].ramp, campaign[0].senders)


def test_limits_of_its_own(tmp_path: Path, campaign: tuple[RelaySettings, ...]) -> None:
    """What the machine says goes before what the campaign says."""
    text = '[[relay]]\nhost = "smtp.alt.example"\nrate = "5/s"\nfrom = ["neu.example"]\n'
    (relay,) = own(tmp_path, text).relays_for(campaign, TOKENS, "knecht")
    assert [str(rate) for rate in relay.rates] == ["5/s"]
    assert not relay.may_send_for("info@alt.example")


@pytest.mark.parametrize(
    "text",
    [
        '[[relay]]\nhost = "relay.here.example"\n',
        '[[relay]]\nhost = "smtp.alt.example"\nuser = "other"\n',
        '[[relay]]\nhost = "smtp.alt.example"\nport = 2525\n',
        '[[relay]]\npreset = "ionos"\nuser = "info@alt.example"\n',
    ],
)
def test_a_relay_that_stands_alone(tmp_path: Path, campaign: tuple[RelaySettings, ...], text: str) -> None:
    """With another server, port or user it is another account, and nothing of the campaign's is said of it."""
    settings = own(tmp_path, text)
    (relay,) = settings.relays_for(campaign, TOKENS, "knecht")
    assert relay == settings.relays[0].relay
    assert not relay.rates
    assert not relay.senders


def test_whereabouts_are_of_one_file(tmp_path: Path, campaign: tuple[RelaySettings, ...]) -> None:
    """A port goes with the way to secure it that it is for, not with that of the campaign's port."""
    text = '[[relay]]\nhost = "smtp.alt.example"\ntls = "implicit"\n'
    (relay,) = own(tmp_path, text).relays_for(campaign, TOKENS, "knecht")
    assert (relay.tls, relay.port, relay.user) == ("implicit", 465, "info@alt.example")


def test_they_are_the_only_ones(tmp_path: Path, campaign: tuple[RelaySettings, ...]) -> None:
    """In their own order; the others of the campaign are not used from this machine."""
    text = (
        '[[relay]]\nhost = "backup.example"\nuser = "post"\ntoken_command = "oauth here"\n'
        '[[relay]]\nhost = "127.0.0.1"\nport = 25\ntls = "none"\nrate = "50/s"\n'
    )
    relays = own(tmp_path, text).relays_for(campaign, TOKENS, "knecht")
    assert [relay.name for relay in relays] == ["backup.example:465 (post)", "127.0.0.1:25 on knecht"]
    assert relays[0].token_command == "oauth here"


def test_a_token_is_not_a_password(tmp_path: Path, campaign: tuple[RelaySettings, ...]) -> None:
    """Where the campaign's folder has a command for a token, the machine needs one of its own."""
    with pytest.raises(ConfigError, match=r"backup\.example:465 \(post\) is logged in to by a token") as caught:
        own(tmp_path, '[[relay]]\nhost = "backup.example"\n').relays_for(campaign, TOKENS, "knecht")
    assert "token_command" in caught.value.hint


def test_no_password_for_a_server_that_only_the_ledger_names(campaign: tuple[RelaySettings, ...]) -> None:
    """Who can write into the ledger could else have it sent to a server of theirs. One without a login may be used."""
    nothing = load_worker(None, {"NOTIFY_PASSWORD": "geheim"})
    with pytest.raises(ConfigError) as caught:
        nothing.relays_for(campaign, TOKENS, "knecht")
    assert "smtp.alt.example:587 (info@alt.example), backup.example:465 (post)" in caught.value.message
    assert 'host = "smtp.neu.example"' in caught.value.hint
    assert "geheim" not in caught.value.message + caught.value.hint
    open_relay = RelaySettings(host="relay.example")
    assert nothing.relays_for([open_relay], (), "knecht") == (open_relay,)


def test_a_machine_without_a_relay() -> None:
    """Nothing is taken for the sandbox."""
    with pytest.raises(ConfigError, match="There is no relay"):
        load_worker(None, {}).relays_for([], (), "knecht")


def test_the_command_line_is_named_where_it_is_wrong() -> None:
    """What is typed goes before file and environment, and is looked for where it was typed."""
    environment = {"NOTIFY_LEDGER_URL": "postgresql://notify@db.example/notify"}
    typed = "postgresql://notify@db.example/other"
    assert load_worker(None, environment, {"ledger.url": typed}).ledger.url == typed
    assert load_worker(None, environment, {"ledger.url": None}).ledger.url == environment["NOTIFY_LEDGER_URL"]
    with pytest.raises(ConfigError, match=r"^--ledger: "):
        load_worker(None, environment, {"ledger.url": "mysql://db.example/notify"})


def test_by_the_environment_alone(campaign: tuple[RelaySettings, ...]) -> None:
    """As a container is told: no file, but variables of relay and ledger; those of a campaign say nothing here."""
    environment = {
        "NOTIFY_RELAY_HOST": "smtp.alt.example",
        "NOTIFY_RELAY_USER": "info@alt.example",
        "NOTIFY_RELAY_PASSWORD_COMMAND": "cat /run/secrets/relay",
        "NOTIFY_LEDGER_URL": "postgresql://notify@db.example/notify",
        "NOTIFY_SEND_BATCH": "nonsense",
        "NOTIFY_SENDER_EMAIL": "nonsense",
    }
    settings = load_worker(None, environment)
    (relay,) = settings.relays_for(campaign, TOKENS, "knecht")
    assert (relay.password_command, relay.port) == ("cat /run/secrets/relay", 587)
    assert settings.ledger.url == "postgresql://notify@db.example/notify"


def test_variables_go_before_the_file(tmp_path: Path) -> None:
    """As everywhere."""
    text = '[ledger]\nurl = "postgresql://a@db.example/notify"\n[[relay]]\nhost = "one.example"\nuser = "post"\n'
    settings = own(tmp_path, text, {"NOTIFY_RELAY_HOST": "two.example"})
    assert [one.relay.name for one in settings.relays] == ["two.example:465 (post)"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[campaign]\nid = 'x'\n", "worker.toml:1: `campaign` is for the campaign's folder; here stand [[relay]] and"),
        ("\n[[realy]]\nhost = 'a.example'\n", "worker.toml:2: unknown section [realy]: did you mean [[relay]]?"),
        ("[[relay]]\nuser = 'post'\n", "worker.toml:1: [[relay]] needs `host`"),
        ("[[relay]]\nhost = 'a.example'\ntls = 'none'\n", "worker.toml:3: `tls`"),
        ("[[relay]]\nhost = 'a.example'\npassword = 'x'\n", "worker.toml:3: passwords never stand in this file"),
        ("[[relay]]\nhost = 'a.example'\n[[relay]]\nhost = 'a.example'\n", "a.example:465 is a [[relay]] already"),
        ("[ledger]\nurl = 'postgresql://a:b@db.example/x'\n", "worker.toml:2: `url`: no password stands in it"),
    ],
)
def test_what_is_wrong_in_it(tmp_path: Path, text: str, words: str) -> None:
    """It is read like notify.toml, with the line and the mend."""
    with pytest.raises(ConfigError) as caught:
        own(tmp_path, text)
    assert words in caught.value.message
    assert caught.value.hint == "Mend it, then start again:  notify worker"


def test_what_does_not_fit_together(tmp_path: Path) -> None:
    """What is wrong only beside the campaign's keys is said, too: it would be readable on its way."""
    there = RelaySettings(host="relay.example", tls="none", port=25)
    with pytest.raises(ConfigError, match="nothing would be secret on the way"):
        own(tmp_path, '[[relay]]\nhost = "relay.example"\n').relays_for([there], (), "knecht")


def test_two_that_are_one(tmp_path: Path, campaign: tuple[RelaySettings, ...]) -> None:
    """With the campaign's user, the one that says none is called as the other, and its limits would count twice."""
    text = '[[relay]]\nhost = "smtp.alt.example"\n[[relay]]\nhost = "smtp.alt.example"\nuser = "info@alt.example"\n'
    with pytest.raises(ConfigError, match=r"Two .* are the same: smtp"):
        own(tmp_path, text).relays_for(campaign, TOKENS, "knecht")


def test_a_password_of_the_keyring(tmp_path: Path, campaign: tuple[RelaySettings, ...]) -> None:
    """Without a command the server is enough: the user is the campaign's."""
    (relay,) = own(tmp_path, '[[relay]]\nhost = "smtp.alt.example"\n').relays_for(campaign, TOKENS, "knecht")
    assert (relay.user, relay.password_command) == ("info@alt.example", "")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """It was named, so it is wanted."""
    with pytest.raises(ConfigError, match=r"There is no .*worker\.toml"):
        load_worker(tmp_path / "worker.toml", {})
