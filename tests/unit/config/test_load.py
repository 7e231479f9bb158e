"""Loading: what beats what, and what a folder without notify.toml needs."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from notify.config import RelaySettings, Settings, load
from notify.config.providers import NEW
from notify.config.schema import KEYS
from notify.core.campaign import Details, Sender
from notify.core.message import Mailbox
from notify.core.pace import Rate
from notify.core.window import Window
from notify.errors import ConfigError

MINIMAL = '[campaign]\ntemplate = "t"\n[sender]\nemail = "info@alt.example"\n'
GIVEN: dict[str, object] = {"contacts.files": ["a.csv"], "campaign.template": "t", "sender.email": "info@alt.example"}


def loaded(
    folder: Path,
    text: str = MINIMAL,
    options: dict[str, object] | None = None,
    environment: dict[str, str] | None = None,
    **more: Any,  # noqa: ANN401
) -> Settings:
    """Write a notify.toml and load it."""
    (folder / "notify.toml").write_text(text, encoding="utf-8")
    return load(folder, options=options or {}, environment=environment or {}, **more)


def test_defaults(tmp_path: Path) -> None:
    """A template and a sender are enough; the relay is then the sandbox."""
    settings = loaded(tmp_path)
    campaign = settings.campaign()
    assert campaign.id == "t"
    assert campaign.sender == Sender(Mailbox("", "info@alt.example"), "info@alt.example", "info@alt.example")
    assert (campaign.language, settings.language, campaign.deadline) == ("de", "de", None)
    assert list(campaign.change.changes("de")) == []
    contacts = settings.contacts
    assert (contacts.key, dict(contacts.columns), settings.relays) == ("", {}, ())
    assert (contacts.address, contacts.shared_address, contacts.same_person) == ("first", "neutral", "each")
    assert (campaign.kind, contacts.opted_out, contacts.where, contacts.encoding) == ("notice", "leave_out", "", "")
    assert (settings.send.batch, settings.send.pause_s) == (50, 60.0)
    assert (settings.folder, settings.template) == (tmp_path, tmp_path / "t")


def test_a_name_for_answers(tmp_path: Path) -> None:
    """Answers go to an address with a name in front, where notify.toml gives one."""
    text = """
        campaign = { id = "neu", template = "t/x" }
        sender = { email = "a@x.example", reply_to = "Büro <b@x.example>" }
        """
    sender = loaded(tmp_path, text).campaign().sender
    assert (sender.reply_to, sender.reply_to_name) == ("b@x.example", "Büro")


def test_everything(tmp_path: Path) -> None:
    """Every section arrives as plain values."""
    settings = loaded(
        tmp_path,
        """
        campaign = { id = "neu", template = "t/x", kind = "newsletter", language = "en", deadline = 2026-12-20 }
        contacts = { key = "Nr", address = "all", where = 'country == "AT"', columns = { last_name = "Name 1" } }
        send = { batch = 7, pause = "2min", window = "Mo-Fr 8-18" }
        [sender]
        name = "Müller & Söhne"
        email = "info@müller.example"
        reply_to = ""
        return_path = "bounces@müller.example"
        [change]
        effective = 2026-12-01
        old_works_until = 2026-12-01
        old.email = "info@alt.example"
        new.email = "info@müller.example"
        new.iban = "de89 3704 0044 0532 0130 00"
        new.account_holder = "Müller & Söhne"
        [[relay]]
        host = "smtp.müller.example"
        tls = "starttls"
        user = "u"
        password_command = "pass show 'my mail'"
        rate = ["30/min", "2000/day"]
        per_domain = "10/min"
        from = "müller.example"
        connections = "2"
        """,
    )
    campaign = settings.campaign()
    assert (campaign.id, campaign.language, campaign.deadline) == ("neu", "en", dt.date(2026, 12, 20))
    assert campaign.sender == Sender(
        Mailbox("Müller & Söhne", "info@xn--mller-kva.example"), "", "bounces@xn--mller-kva.example"
    )
    assert campaign.change.effective == campaign.change.old_works_until == dt.date(2026, 12, 1)
    assert campaign.change.old == Details(email="info@alt.example")
    assert campaign.change.new == Details(
        email="info@müller.example", iban="DE89 3704 0044 0532 0130 00", account_holder="Müller & Söhne"
    )
    assert settings.relays[0] == RelaySettings(
        host="smtp.xn--mller-kva.example",
        port=587,
        tls="starttls",
        user="u",
        password_command="pass show 'my mail'",
        rates=(Rate(30, 60), Rate(2000, 86400)),
        per_domain=(Rate(10, 60),),
        connections=2,
        senders=("*@xn--mller-kva.example",),
    )
    contacts = settings.contacts
    assert (contacts.key, dict(contacts.columns)) == ("Nr", {"last_name": "Name 1"})
    assert (campaign.kind, contacts.address, contacts.where) == ("newsletter", "all", 'country == "AT"')
    assert (settings.send.batch, settings.send.pause_s) == (7, 120.0)
    assert settings.send.window == Window.parse("Mon-Fri 08:00-18:00")


def test_token_command(tmp_path: Path) -> None:
    """Instead of a password; the variable does the same, also for a relay that has a user in the file."""
    relay = '[[relay]]\nhost = "smtp.example.net"\nuser = "u"\n'
    given = loaded(tmp_path, f"{MINIMAL}{relay}token_command = \"oauth 'my mail'\"\n").relays[0]
    assert (given.password_command, given.token_command) == ("", "oauth 'my mail'")
    given = loaded(tmp_path, MINIMAL + relay, environment={"NOTIFY_RELAY_TOKEN_COMMAND": "oauth"}).relays[0]
    assert given.token_command == "oauth"


START = dt.datetime(2026, 12, 1, 8).astimezone()


@pytest.mark.parametrize(
    "written",
    [
        "[send]\nstart = 2026-12-01T08:00:00",
        # as TOML 1.1 lets it be written
        "[send]\nstart = 2026-12-01T08:00",
        "[send]\nstart=2026-12-01 08:00 # or later",
        "[send]\r\nstart = 2026-12-01T08:00\r\n",
        "send = { batch = 5, start = 2026-12-01T08:00 }",
        "send.start = 2026-12-01T08:00",
        '[send]\nstart = "2026-12-01T08:00"',
    ],
)
def test_start(tmp_path: Path, written: str) -> None:
    """The start stands in the file with seconds or without; on the last day of the deadline is early enough."""
    (tmp_path / "notify.toml").write_bytes(f"{written}\n[sender]\n".encode())
    assert load(tmp_path, options=GIVEN, environment={}).send.start == START
    environment = {"NOTIFY_CAMPAIGN_DEADLINE": "2026-12-01"}
    assert load(tmp_path, options=GIVEN, environment=environment).send.start == START


def test_a_time_in_a_text_stays(tmp_path: Path) -> None:
    """What only looks like a time is left as it is."""
    text = MINIMAL + "[contacts]\nwhere = 'Seit == \"2026-12-01T08:00\"'\n"
    assert loaded(tmp_path, text).contacts.where == 'Seit == "2026-12-01T08:00"'


def test_ramp(tmp_path: Path) -> None:
    """Each relay has its own; a variable gives it to the first."""
    relays = [
        f'[[relay]]\nhost = "{name}.example"\n{more}' for name, more in (("a", ""), ("b", 'ramp = "5/day, x2, 9/day"'))
    ]
    given = loaded(tmp_path, MINIMAL + "\n".join(relays), environment={"NOTIFY_RELAY_RAMP": "50/day, +25, 200/day"})
    assert [str(relay.ramp) for relay in given.relays] == ["50/day, +25, 200/day", "5/day, x2, 9/day"]
    assert loaded(tmp_path, MINIMAL + relays[0]).relays[0].ramp is None


TODAY = dt.date(2026, 12, 1)


@pytest.mark.parametrize(
    ("keys", "server", "rates", "connections"),
    [
        ('preset = "ionos"', ("smtp.ionos.de", 465, "implicit"), (Rate(30, 60), Rate(500, 3600)), 1),
        (
            'preset = "ionos"\nnew_account = 2026-11-26',
            ("smtp.ionos.de", 465, "implicit"),
            (Rate(2, 60), Rate(50, 3600)),
            1,
        ),
        (
            'preset = "IONOS"\nnew_account = 2026-11-20',
            ("smtp.ionos.de", 465, "implicit"),
            (Rate(4, 60), Rate(100, 3600)),
            1,
        ),
        (
            'preset = "ionos"\nnew_account = 2026-01-01',
            ("smtp.ionos.de", 465, "implicit"),
            (Rate(30, 60), Rate(500, 3600)),
            1,
        ),
        (
            'preset = "microsoft365"\nconnections = 3',
            ("smtp.office365.com", 587, "starttls"),
            (Rate(30, 60), Rate(10000, 86400)),
            3,
        ),
        ('preset = "icloud"\nport = 465\nrate = "1/min"', ("smtp.mail.me.com", 465, "implicit"), (Rate(1, 60),), 1),
        ('host = "smtp.example.net"\nnew_account = 2026-11-30', ("smtp.example.net", 465, "implicit"), NEW, 1),
        ('preset = "all-inkl"\nhost = "w1.example"', ("w1.example", 465, "implicit"), (Rate(100, 60),), 1),
    ],
)
def test_preset(
    tmp_path: Path, keys: str, server: tuple[str, int, str], rates: tuple[Rate, ...], connections: int
) -> None:
    """A provider brings its server and its limits along, by the age of the account; what is written beside it wins."""
    relay = loaded(tmp_path, f"{MINIMAL}[[relay]]\n{keys}").relays[0]
    assert (relay.host, relay.port, relay.tls) == server
    assert (relay.rates_on(TODAY), relay.connections) == (rates, connections)


@pytest.mark.parametrize(
    ("keys", "port"),
    [("", 465), ("port = 587", 587), ('tls = "starttls"', 587), ('tls = "none"', 25), ("port = 2525", 2525)],
)
def test_port(tmp_path: Path, keys: str, port: int) -> None:
    """The port follows from how the connection is secured, unless it is given."""
    relay = loaded(tmp_path, f'{MINIMAL}[[relay]]\nhost = "localhost"\n{keys}').relays[0]
    assert (relay.port, relay.rates_on(TODAY)) == (port, (Rate(10, 60), Rate(200, 3600)))


@pytest.mark.parametrize(
    ("options", "environment", "batch"),
    [
        ({}, {}, 3),
        ({}, {"NOTIFY_SEND_BATCH": "4"}, 4),
        ({"send.batch": 5}, {"NOTIFY_SEND_BATCH": "4"}, 5),
        ({"send.batch": None}, {"NOTIFY_SEND_BATCH": " "}, 3),
    ],
)
def test_options_beat_environment_beat_file(
    tmp_path: Path, options: dict[str, object], environment: dict[str, str], batch: int
) -> None:
    """The nearest one to the command wins; None and an empty variable were not given."""
    assert loaded(tmp_path, f"{MINIMAL}[send]\nbatch = 3", options, environment).send.batch == batch


def test_a_better_value_hides_a_bad_one(tmp_path: Path) -> None:
    """A wrong value in the file does not matter when another beats it."""
    assert loaded(tmp_path, f"{MINIMAL}[send]\nbatch = 0", {"send.batch": 1}).send.batch == 1


def test_foreign_variables(tmp_path: Path) -> None:
    """NOTIFY_SOCKET is systemd's, and the password is none of the settings."""
    loaded(tmp_path, environment={"NOTIFY_SOCKET": "/run/x", "NOTIFY_PASSWORD": "x", "NOTIFY_SENDER": "x"})


def test_every_variable_is_heard(tmp_path: Path) -> None:
    """Each key but the columns and those of audiences has a variable; a wrong value in it is told by its name."""
    variables = [key.variable for key in KEYS if key.variable]
    assert len(variables) == len(set(variables)) == len(KEYS) - 27
    for variable in variables:
        with pytest.raises(ConfigError) as caught:
            loaded(tmp_path, environment={"NOTIFY_RELAY_HOST": "localhost", variable: "\x1b"})
        assert variable in {problem.where for problem in caught.value.problems}


def test_relay_of_the_environment(tmp_path: Path) -> None:
    """A host makes a relay where the file has none; otherwise the variables change the file's."""
    environment = {"NOTIFY_RELAY_HOST": "smtp.example.net", "NOTIFY_RELAY_RATE": "5/min, 50/hour"}
    made = loaded(tmp_path, environment=environment).relays[0]
    changed = loaded(
        tmp_path, f'{MINIMAL}[[relay]]\nhost = "smtp.example.org"\nuser = "u"', environment=environment
    ).relays[0]
    for relay in (made, changed):
        assert relay is not None
        assert (relay.host, relay.rates) == ("smtp.example.net", (Rate(5, 60), Rate(50, 3600)))
    assert changed is not None
    assert changed.user == "u"


def test_relay_without_host(tmp_path: Path) -> None:
    """A variable for a relay that is not there is an error, not silence."""
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, environment={"NOTIFY_RELAY_USER": "u"})
    assert [str(problem) for problem in caught.value.problems] == [
        'NOTIFY_RELAY_USER: [[relay]] needs `host`, such as host = "smtp.neu.example"'
    ]


@pytest.mark.parametrize(
    ("option", "name", "address"),
    [
        ("neu@neu.example", "Muster PR", "neu@neu.example"),
        ("Neue PR <neu@neu.example>", "Neue PR", "neu@neu.example"),
        ('"PR, Neue" <neu@neu.example> ', "PR, Neue", "neu@neu.example"),
        ("<neu@neu.example>", "Muster PR", "neu@neu.example"),
    ],
)
def test_sender_option(tmp_path: Path, option: str, name: str, address: str) -> None:
    """--from may bring the name along; without one the file's stays."""
    settings = loaded(tmp_path, f'{MINIMAL}name = "Muster PR"', {"sender.email": option})
    assert settings.campaign().sender.mailbox == Mailbox(name, address)


def test_without_a_file(tmp_path: Path) -> None:
    """Contacts, template and sender on the command line are enough."""
    settings = load(tmp_path, options=GIVEN, environment={})
    assert settings.campaign().id == "t"


def test_without_a_file_from_the_environment(tmp_path: Path) -> None:
    """They may as well stand in variables; files have the separator of PATH between them."""
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).touch()
    environment = {
        "NOTIFY_CONTACTS_FILES": os.pathsep.join(["b.csv", "a.csv", ""]),
        "NOTIFY_CAMPAIGN_TEMPLATE": "t",
        "NOTIFY_SENDER_EMAIL": "info@alt.example",
    }
    settings = load(tmp_path, options={"contacts.files": ()}, environment=environment)
    assert [path.name for path in settings.contact_files] == ["b.csv", "a.csv"]


@pytest.mark.parametrize("left_out", GIVEN)
def test_no_file(tmp_path: Path, left_out: str) -> None:
    """When one of the three is missing, so is notify.toml; the message names it and how to make one."""
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, options={**GIVEN, left_out: None}, environment={})
    assert str(tmp_path / "notify.toml") in caught.value.message
    assert "notify init" in caught.value.hint
    assert "--contacts, --template and --from" in caught.value.hint


def test_no_folder(tmp_path: Path) -> None:
    """A mistyped folder is not taken for an empty one."""
    with pytest.raises(ConfigError, match="There is no folder"):
        load(tmp_path / "gone", options={}, environment={})


def test_contacts_only(tmp_path: Path) -> None:
    """Who only looks at the contacts needs no template and no sender, but what is there must be right."""
    settings = load(tmp_path, options={"contacts.files": ["a.csv"]}, environment={}, contacts_only=True)
    assert settings.send.batch == 50
    assert loaded(tmp_path, "", contacts_only=True).language == "de"
    with pytest.raises(ConfigError, match="not an address"):
        loaded(tmp_path, '[sender]\nemail = "x"', contacts_only=True)


def test_another_file_name(tmp_path: Path) -> None:
    """The file's name is what its problems are told by."""
    (tmp_path / "other.toml").write_text("[send]\nbatch = 0", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, options={}, environment={}, filename="other.toml")
    assert "other.toml:2" in {problem.where for problem in caught.value.problems}


def test_import_is_cheap() -> None:
    """A second for pandas is too much; the settings do without it, and without what sends mail."""
    check = "import sys, notify.config; print({'pandas', 'jinja2', 'yagmail', 'click'} & set(sys.modules))"
    printed = subprocess.run([sys.executable, "-c", check], check=True, capture_output=True, text=True)
    assert printed.stdout.strip() == "set()"


@pytest.mark.parametrize(
    ("senders", "address", "may"),
    [
        ("", "info@alt.example", True),
        ('from = "alt.example"', "Info@ALT.example", True),
        ('from = "alt.example"', "info@sub.alt.example", False),
        ('from = ["*@*.alt.example", "chef@neu.example"]', "info@sub.alt.example", True),
        ('from = ["*@*.alt.example", "chef@neu.example"]', "chef@neu.example", True),
        ('from = ["*@*.alt.example", "chef@neu.example"]', "info@neu.example", False),
        ('from = "@alt.example"', "info@alt.example", True),
        ('from = "@alt.example"', "info@neu.example", False),
        ('from = "*.alt.example"', "info@sub.alt.example", True),
        ('from = "*"', "info@neu.example", True),
        ('from = "Müller.example"', "info@xn--mller-kva.example", True),
        ('from = "Info@müller.example"', "info@xn--mller-kva.example", True),
        ('from = "*.müller.example"', "info@sub.xn--mller-kva.example", True),
        ('from = "straße.example"', "info@xn--strae-oqa.example", True),
        ('from = "alt.example, neu.example"', "info@neu.example", True),
    ],
)
def test_for_whom_a_relay_may_send(tmp_path: Path, senders: str, address: str, *, may: bool) -> None:
    """Addresses, domains and patterns tell it; where nothing is said, for everybody."""
    (relay,) = loaded(tmp_path, f'{MINIMAL}[[relay]]\nhost = "smtp.example.net"\n{senders}').relays
    assert relay.may_send_for(address) is may


def test_the_same_account_twice(tmp_path: Path) -> None:
    """What leaves is counted by server and account, so each stands there once."""
    relay = '[[relay]]\nhost = "{}.example"\nuser = "{}@neu.example"\n'
    others = [relay.format(*names) for names in (("mail", "info"), ("mail", "post"), ("other", "info"))]
    assert len({account.name for account in loaded(tmp_path, MINIMAL + "".join(others)).relays}) == 3
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, MINIMAL + "".join([*others, relay.format("MAIL", "info")]))
    assert str(caught.value) == (
        "notify.toml:14: mail.example:465 (info@neu.example) is a [[relay]] already, and its limits are those of both; "
        "leave one of them out."
    )


def test_the_variable_names_several_senders(tmp_path: Path) -> None:
    """As with rates, commas stand between them."""
    environment = {"NOTIFY_RELAY_FROM": "alt.example,chef@neu.example", "NOTIFY_RELAY_HOST": "smtp.example.net"}
    (tmp_path / "notify.toml").write_text(MINIMAL, encoding="utf-8")
    (relay,) = load(tmp_path, options={}, environment=environment).relays
    assert relay.senders == ("*@alt.example", "chef@neu.example")
