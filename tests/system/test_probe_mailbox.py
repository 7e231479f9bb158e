"""A test message goes to the sender's own mailbox, and is seen there by IMAP: in a real Dovecot, where there is one."""

from __future__ import annotations

import datetime as dt
import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from notify.actions.checkup import Checkup, check
from notify.actions.ledgers import outbox_folder
from notify.actions.prepare import prepare
from notify.actions.probe import mailbox_account, probing
from notify.config import Settings, load
from notify.core.finding import Finding
from notify.delivery.accounts import accounts_of
from notify.delivery.routes import routes_of
from notify.mailbox import Mailbox, Unopened, open_mailbox
from tests.folders import contents, run
from tests.planted_mailboxes import ELSEWHERE, NEW, PASSWORD, PLANTED, SENDER, SIGNED, PlantedMailbox, campaign
from tests.servers.mail_host import MailHost, mail_host, why_not
from tests.servers.scripted import make_certificates
from tests.servers.zone import ZoneServer
from tests.telling import teller

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not())


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailHost]:
    """Run one host for all; its certificate is trusted."""
    folder = tmp_path_factory.mktemp("host")
    certificates = make_certificates(folder, "localhost")
    users = dict.fromkeys((NEW, SENDER, ELSEWHERE, "grün@berg-neu.internal"), PASSWORD) | {ELSEWHERE: "Grüße aus Kiel"}
    with mail_host(certificates, users) as host, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(certificates.authority))
        yield host


@pytest.fixture
def host(running: MailHost) -> MailHost:
    """Give the host with nothing in it; what it delivers is signed as it should be."""
    running.anew()
    running.results = SIGNED
    return running


def settings_of(folder: Path) -> Settings:
    """Load the settings of a folder."""
    return load(folder, options={}, environment={})


def opened(settings: Settings) -> Mailbox:
    """Open the mailbox of a campaign."""
    account = mailbox_account(settings, {}, None)
    assert account is not None
    mailbox = open_mailbox(account)
    assert isinstance(mailbox, Mailbox)
    return mailbox


def probed(folder: Path) -> list[Finding]:
    """Send a test message to each mailbox that needs one, look once whether they are there, and check the folder."""
    settings, now = settings_of(folder), dt.datetime.now(dt.UTC)
    route = routes_of(settings, now.date())[0]
    with probing(settings) as known, accounts_of([route], outbox_folder(settings), {}, None) as account_of:
        addresses = [state.mailbox.address for state in known.asked_for(())]
        list(known.send(account_of(route), route, addresses, now))
        if waiting := known.waiting(now):
            with opened(settings) as mailbox:
                for message_id, sighting in mailbox.look(known.wanted(waiting), now.date()):
                    known.see(message_id, sighting, now)
    checkup = Checkup()
    check(prepare(settings), checkup, now, iter)
    return checkup.findings()


def test_nothing_is_found_where_nothing_is_wrong(tmp_path: Path, host: MailHost) -> None:
    """The message arrives and is signed; nothing in the mailbox is changed, and no recipient knows of it."""
    folder = campaign(tmp_path / "c", host)
    assert probed(folder) == []
    (kept,) = host.kept(NEW)
    assert kept.parent.name == "new"
    assert [to for to, _ in host.accepted] == [NEW]
    status = json.loads(run(folder, "status", "--json").stdout)
    assert (status["recipients"], [one["proved"] for one in status["mailboxes"]]) == (0, [True])


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: f"{planted.name} {planted.said}")
def test_each_mistake_is_found_by_its_name(tmp_path: Path, host: MailHost, planted: PlantedMailbox) -> None:
    """And nothing else is found beside it."""
    planted.spoil(host)
    found = probed(campaign(tmp_path / "c", host, planted))
    assert [finding.name for finding in found] == [planted.name]
    assert found[0].where.startswith("notify.toml:")
    assert found[0].mend
    assert planted.said in found[0].what
    assert not planted.severity or found[0].severity == planted.severity


def test_several_at_once(tmp_path: Path, host: MailHost) -> None:
    """Each has its own code and its own Message-ID, and one that lies in the same mailbox is not taken for another."""
    planted = PlantedMailbox("", settings=('reply_to = "petra@', 'reply_to = "antwort@'))
    settings, now = settings_of(campaign(tmp_path / "c", host, planted)), dt.datetime.now(dt.UTC)
    route = routes_of(settings, now.date())[0]
    with probing(settings) as known, accounts_of([route], outbox_folder(settings), {}, None) as account_of:
        list(known.send(account_of(route), route, ["antwort@berg-neu.internal", NEW], now))
        with opened(settings) as mailbox:
            seen = [one for one, _ in mailbox.look(known.wanted(known.waiting(now)), now.date())]
            # a second look does not read again what was read
            assert list(mailbox.look(known.wanted(known.waiting(now)), now.date())) == []
        assert seen == [probe.message_id for probe in known.waiting(now) if probe.address == NEW]


def test_as_a_user_does_it(tmp_path: Path, host: MailHost) -> None:
    """Refused, sent and seen, then sent to everybody; the password is nowhere, and the mailbox is as it was."""
    folder = campaign(tmp_path / "c", host)
    refused = run(folder, "send", "--yes")
    assert (refused.returncode, host.accepted) == (78, [])
    words = " ".join(refused.stderr.split())
    assert (
        f"nobody has seen yet whether {NEW} receives; it is announced as the new address, and answers go there."
        in words
    )
    assert "notify probe" in refused.stderr
    assert "notify send --accept unproved-address" in refused.stderr
    done = run(folder, "probe", "--yes", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["findings"] == []
    (box,) = told["mailboxes"]
    assert (box["address"], box["proved"], box["seen_by"], box["in_spam"]) == (NEW, True, "imap", False)
    assert box["roles"] == ["announced", "answers"]
    assert box["authentication"] == {
        "server": "mx.berg-neu.internal",
        "spf": "pass",
        "dkim": [{"result": "pass", "domain": "berg-kommunikation.internal"}],
        "dmarc": "pass",
    }
    assert "signed for berg-kommunikation.internal (DKIM), SPF pass, DMARC pass" in " ".join(done.stderr.split())
    # a second one is not sent
    assert run(folder, "probe", "--yes").returncode == 0
    assert len(host.accepted) == 1
    dry = run(folder, "send", "--dry-run")
    assert f"Arrives  at {NEW}: seen " in dry.stderr
    assert "Signed   for berg-kommunikation.internal (DKIM)" in dry.stderr
    sent = run(folder, "send", "--yes")
    assert (sent.returncode, len(host.accepted)) == (0, 4), sent.stderr
    said = "".join(one.stdout + one.stderr for one in (refused, done, dry, sent))
    secret = PASSWORD.encode()
    assert PASSWORD not in said
    assert all(secret not in octets for name, octets in contents(folder).items() if name != "notify.toml")


@pytest.mark.parametrize(
    ("replaced", "name", "said"),
    [
        ((f"echo {PASSWORD}", "echo falsch"), "mailbox-login", "refuses the login: "),
        ((f'password_command = "echo {PASSWORD}"', ""), "mailbox-login", "There is no password for"),
        (('host = "localhost"', 'host = "127.0.0.1"'), "mailbox-unreachable", "the certificate of 127.0.0.1 cannot be"),
        (
            ('host = "localhost"', 'host = "nowhere.invalid"'),
            "mailbox-unreachable",
            "nowhere.invalid cannot be reached",
        ),
        (("port = ", "port = 9 #"), "mailbox-unreachable", "cannot be reached"),
    ],
)
def test_a_mailbox_that_cannot_be_read(
    tmp_path: Path, host: MailHost, replaced: tuple[str, str], name: str, said: str
) -> None:
    """It is said why, a password is tried once and never shown, and the code can be typed instead."""
    folder = campaign(tmp_path / "c", host)
    toml = folder / "notify.toml"
    before, head, section = toml.read_text("utf-8").partition("[mailbox]")
    toml.write_text(before + head + section.replace(*replaced), "utf-8")
    log = (host.folder / "log").read_text()
    done = run(folder, "probe", "--yes")
    assert done.returncode == 75, done.stderr
    assert said.removeprefix("There is no ") in " ".join(done.stderr.split())
    assert "Each message has a code in it:  notify probe --code CODE" in done.stderr
    assert "falsch" not in done.stderr
    assert (host.folder / "log").read_text().removeprefix(log).count("auth failed, 1 attempts") == (
        replaced[1] == "echo falsch"
    )
    assert run(folder, "probe", "--code", host.code(NEW)).returncode == 0
    with ZoneServer({}) as names:
        found = json.loads(run(folder, "check", "--json", "--resolver", f"127.0.0.1:{names.port}").stdout)["findings"]
    (one,) = [one for one in found if one["name"].startswith("mailbox-")]
    assert one["name"] == name
    assert one["where"].startswith("notify.toml:")


def test_a_certificate_that_nobody_trusts(tmp_path: Path, host: MailHost) -> None:
    """The password is not told to such a server."""
    log = (host.folder / "log").read_text()
    make_certificates(tmp_path)
    environment = {"SSL_CERT_FILE": str(tmp_path / "authority.pem")}
    done = run(campaign(tmp_path / "c", host), "probe", "--yes", environment=environment)
    assert done.returncode == 75
    assert "the certificate of localhost cannot be trusted" in " ".join(done.stderr.split())
    assert "Login" not in (host.folder / "log").read_text().removeprefix(log)


def test_passwords_and_ways_to_log_in(tmp_path: Path, host: MailHost) -> None:
    """Letters beyond ASCII go over PLAIN; without TLS only to this machine; by STARTTLS, too; a token is refused."""
    folder = campaign(tmp_path / "c", host)
    toml = folder / "notify.toml"
    text = toml.read_text("utf-8")
    for old, new in (
        (f'password_command = "echo {PASSWORD}"', f'user = "{ELSEWHERE}"\npassword_command = "echo Grüße aus Kiel"'),
        (f"port = {host.imap_port}\npassword", f'port = {host.plain_port}\ntls = "starttls"\npassword'),
        (f"port = {host.imap_port}\npassword", f'port = {host.plain_port}\ntls = "none"\npassword'),
    ):
        toml.write_text(text.replace(old, new), "utf-8")
        opened(settings_of(folder)).close()
    toml.write_text(text.replace("password_command", "token_command").replace(PASSWORD, "ya29.token"), "utf-8")
    account = mailbox_account(settings_of(folder), {}, None)
    assert account is not None
    unopened = open_mailbox(account)
    assert isinstance(unopened, Unopened)
    assert unopened.is_login
    environment = {"NOTIFY_MAILBOX_PASSWORD": PASSWORD, "NOTIFY_PASSWORD": "that of the relay"}
    toml.write_text(text.replace(f'password_command = "echo {PASSWORD}"\n', ""), "utf-8")
    account = mailbox_account(settings_of(folder), environment, None)
    assert account is not None
    assert (account.user, account.reveal()) == (NEW, PASSWORD)


def test_many_other_messages(tmp_path: Path, host: MailHost) -> None:
    """Among hundreds of others it is found, and nothing of them is read but a few headers."""
    folder = campaign(tmp_path / "c", host)
    for number in range(40):
        host.deliver(
            NEW, f"From: x{number}@kunde.internal\r\nMessage-ID: <{number}@kunde.internal>\r\n\r\nHallo\r\n".encode()
        )
    away = b"From: x@kunde.internal\r\nAuto-Submitted: auto-replied\r\nSubject: Abwesend\r\n\r\nIch bin nicht da.\r\n"
    host.deliver(NEW, away)
    assert probed(folder) == []
    assert {path.parent.name for path in host.kept(NEW)} == {"new"}
    assert os.environ["SSL_CERT_FILE"]


def test_waiting(tmp_path: Path, host: MailHost, capsys: pytest.CaptureFixture[str]) -> None:
    """A message that takes its time is seen when it is there; one that does not come is waited for, for a while."""
    tell, folder = teller(capsys), campaign(tmp_path / "c", host)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("notify.cli.probe_arrival._EVERY_S", 0.05)
        patch.setattr("notify.cli.probe_arrival._PATIENCE_S", 0.3)
        host.lost.add(NEW)
        done = tell(folder, "probe", "--yes")
        assert done.status == 75
        assert f"{NEW}: the test message has not been seen there yet." in done.stderr
        patch.setattr("notify.cli.probe_arrival._PATIENCE_S", 30)
        octets = host.accepted[0][1]
        late = threading.Timer(0.5, host.deliver, (NEW, host.head(NEW) + octets))
        late.start()
        done = tell(folder, "probe", "--yes")
        late.join()
    assert (done.status, len(host.accepted)) == (0, 1), done.stderr
    assert f"{NEW} receives: the test message has arrived." in done.stderr
