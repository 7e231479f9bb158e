"""``notify probe`` where no mailbox is read: somebody types the code in the message, or gives the message as a file."""

from __future__ import annotations

import datetime as dt
import email
import json
import re
import sys
from collections.abc import Iterator
from email import policy
from pathlib import Path

import pytest

from notify.actions.folder_ledger import ledger_of_folder
from notify.core.authentication import Authentication, Signature
from notify.core.probe import VALID_DAYS
from notify.core.probe_code import MOST_WRONG
from notify.ledger import exists
from tests import clean_campaigns as clean
from tests import ledgers
from tests.folders import make_folder, run
from tests.planted_mailboxes import ELSEWHERE, NEW, SENDER, SIGNED, PlantedMailbox, campaign
from tests.proofs import prove
from tests.servers.mail_host import MailHost, relay_host
from tests.system.test_terminal import Terminal
from tests.telling import Tell, teller

pytestmark = pytest.mark.both_ledgers

LONG_AGO = dt.datetime.now(dt.UTC) - dt.timedelta(days=VALID_DAYS + 1)


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Tell:
    """Give what runs commands here."""
    return teller(capsys)


@pytest.fixture
def host(tmp_path: Path) -> Iterator[MailHost]:
    """Run a relay."""
    with relay_host(tmp_path / "host") as host:
        yield host


def written(tmp_path: Path, host: MailHost, *settings: str) -> Path:
    """Write the campaign; of two settings one stands for the other."""
    planted = PlantedMailbox("", settings=(settings[0], settings[1])) if settings else None
    return campaign(tmp_path / "c", host, planted, is_read=False)


def words(text: str) -> str:
    """Return what was said on one line."""
    return " ".join(text.split())


def names(told: str) -> list[str]:
    """Return the names of the findings in a document."""
    return [finding["name"] for finding in json.loads(told)["findings"]]


@pytest.mark.both_ledgers("every day")
def test_a_code(tmp_path: Path, host: MailHost, tell: Tell) -> None:
    """Typed in any way it proves the mailbox, once; no recipient is charged, and what leaves is one message."""
    folder = written(tmp_path, host)
    assert names(tell(folder, "check", "--offline", "--json").stdout) == ["unproved-address"]
    sent = tell(folder, "probe", "--yes")
    assert sent.status == 75
    assert f"A test message goes to {NEW} (the new address, for answers), from {SENDER} through" in words(sent.stderr)
    assert "Each message has a code in it:  notify probe --code CODE" in sent.stderr
    ((to, octets),) = host.accepted
    code = host.code(NEW)
    assert to == NEW
    assert re.fullmatch(r"[ACDEFGHJKLMNPQRTWXY3479]{3}-[ACDEFGHJKLMNPQRTWXY3479]{3}", code)
    waiting = tell(folder, "check", "--offline")
    assert re.search(r"nobody has seen yet that the test message of [0-9-]+ arrived at", words(waiting.stdout))
    # another is not sent so soon
    assert tell(folder, "probe", "--yes").status == 75
    assert len(host.accepted) == 1
    typed = tell(folder, "probe", "--code", f" {code.lower().replace('-', ' ')}")
    assert (typed.status, f"{NEW} receives: the code of its test message was typed." in typed.stderr) == (0, True)
    assert tell(folder, "probe", "--code", code).status == 65
    assert names(tell(folder, "check", "--offline", "--json").stdout) == []
    status = json.loads(tell(folder, "status", "--json").stdout)
    assert (status["recipients"], status["counts"]["sent"]) == (0, 0)
    assert status["mailboxes"][0]["seen_by"] == "code"
    assert f"{NEW} (the new address, for answers): a test message was seen" in words(tell(folder, "status").stderr)
    message = email.message_from_bytes(octets, policy=policy.SMTP)
    assert (message["From"].addresses[0].addr_spec, message["X-Notify-Test"]) == (SENDER, "probe")


def test_what_the_message_says(tmp_path: Path, host: MailHost, tell: Tell) -> None:
    """In the language of the campaign: what it is for, how the code is typed, from whom, when, and through what."""
    folder = written(tmp_path, host)
    tell(folder, "probe", "--yes")
    toml = folder / "notify.toml"
    toml.write_text(toml.read_text("utf-8").replace('language = "de"', 'language = "en"'), "utf-8")
    tell(folder, "probe", "--yes", NEW, ELSEWHERE)
    ledgers.remove(ledger_of_folder(folder))
    tell(folder, "probe", "--yes")
    german, english = (email.message_from_bytes(octets, policy=policy.SMTP) for _, octets in host.accepted)
    codes = [str(message["Subject"]).rpartition(" ")[2] for message in (german, english)]
    assert [str(message["Subject"]) for message in (german, english)] == [
        f"Testnachricht an {NEW}: Code {codes[0]}",
        f"Test message to {NEW}: code {codes[1]}",
    ]
    for message, code in ((german, codes[0]), (english, codes[1])):
        text = message.get_content()
        assert f"notify probe --code {code}" in text
        assert f"{SENDER}" in text
        assert f"127.0.0.1:{host.smtp_port}" in text
        assert "2026-neue-nummer" in text
        assert max(map(len, text.splitlines())) < 200


def test_a_wrong_code(tmp_path: Path, host: MailHost, tell: Tell) -> None:
    """After ten the message proves nothing any more; what no code looks like does not count."""
    folder = written(tmp_path, host)
    tell(folder, "probe", "--yes")
    code = host.code(NEW)
    wrong = "AAA-AAA" if code != "AAA-AAA" else "CCC-CCC"
    for _ in range(MOST_WRONG):
        assert tell(folder, "probe", "--code", "K7Q").status == 2
        assert tell(folder, "probe", "--code", "K7Q-F3O").status == 2
        assert tell(folder, "probe", "--code", wrong).status == 65
    refused = tell(folder, "probe", "--code", code)
    assert refused.status == 65
    assert "no test message that is waited for has this code" in words(refused.stderr)


@pytest.mark.skipif(sys.platform == "win32", reason="terminals of POSIX")
def test_at_a_terminal(tmp_path: Path, host: MailHost) -> None:
    """Nothing is sent without a yes; then the code is asked for, again after a slip, and Enter puts it off."""
    folder = written(tmp_path, host)
    terminal = Terminal(folder, "probe")
    terminal.wait_for("Send? [y/N]")
    terminal.type("\r")
    assert (terminal.end(), host.accepted) == (75, [])
    terminal = Terminal(folder, "probe")
    terminal.wait_for("Send? [y/N]")
    terminal.type("ja\r")
    terminal.wait_for("(Enter: later): ")
    terminal.type("AAAAAA\r")
    terminal.wait_for("no test message that is waited for has this code.")
    terminal.type(f"{host.code(NEW)}\r")
    assert terminal.end() == 0, terminal.shown
    assert "receives: the code of its test message was typed." in terminal.shown


def test_no_terminal(tmp_path: Path, host: MailHost) -> None:
    """Nobody can be asked, and nothing is sent."""
    done = run(written(tmp_path, host), "probe")
    assert (done.returncode, host.accepted) == (2, [])
    assert "say --yes" in done.stderr


def test_a_saved_message(tmp_path: Path, host: MailHost, tell: Tell) -> None:
    """It proves the mailbox, and tells how it was signed; a forged line in it counts for nothing, a bounce does."""
    folder = written(tmp_path, host)
    tell(folder, "probe", "--yes")
    octets = host.accepted[0][1]
    received = b"Received: from out.berg.internal by mx.berg-neu.internal with ESMTPS id 2; now\r\n"
    saved = tmp_path / "saved.eml"
    # as a program saves it: with the line ends of this machine
    saved.write_bytes((SIGNED.encode() + received + octets).replace(b"\r\n", b"\n"))
    done = tell(folder, "probe", "--message", str(saved), "--json")
    assert (done.status, names(done.stdout)) == (0, [])
    assert "signed for berg-kommunikation.internal (DKIM), SPF pass, DMARC pass" in words(done.stderr)
    saved.write_bytes(received + received.replace(b"mx.berg-neu", b"smtp.berg") + SIGNED.encode() + octets)
    done = tell(folder, "probe", "--message", str(saved), "--json")
    assert json.loads(done.stdout)["mailboxes"][0]["authentication"] is None
    assert "The receiving server does not say how it was signed." in done.stderr
    unsigned = b"Authentication-Results: mx.berg-neu.internal; dkim=none\r\n"
    saved.write_bytes(unsigned + received + octets)
    done = tell(folder, "probe", "--message", str(saved), "--json")
    assert (done.status, names(done.stdout)) == (0, ["dkim-missing"])
    for content in (b"", b"\xd0\xcf\x11\xe0 a file of Outlook", b"From: x@y.internal\r\n\r\nHallo\r\n"):
        saved.write_bytes(content)
        done = tell(folder, "probe", "--message", str(saved))
        assert done.status == 65
        assert "this is no test message that notify has sent" in words(done.stderr)
    assert tell(folder, "probe", "--message", str(tmp_path / "no.eml")).status == 65


def test_refused_at_once(tmp_path: Path, host: MailHost, tell: Tell) -> None:
    """The relay says that there is no such mailbox; what it does not take now is not held against it."""
    folder = written(tmp_path, host)
    host.refused[NEW] = "450 4.2.0 greylisted"
    deferred = tell(folder, "probe", "--yes", "--json")
    assert (deferred.status, names(deferred.stdout)) == (75, ["unproved-address"])
    host.refused[NEW] = "550 5.1.1 no such user"
    refused = tell(folder, "probe", "--yes", "--json")
    assert refused.status != 0
    assert names(refused.stdout) == ["address-bounced"]
    assert run(folder, "send", "--yes", "--accept", "unproved-address").returncode == 78
    assert "does not receive: the test message came back: 550 5.1.1 no such user" in words(refused.stderr)
    host.refused.clear()
    assert tell(folder, "probe", "--yes").status == 75
    assert len(host.accepted) == 1


def test_the_relay_is_away(tmp_path: Path, host: MailHost, tell: Tell) -> None:
    """Nothing is left that is waited for."""
    folder = written(tmp_path, host, f"port = {host.smtp_port}", "port = 9")
    done = tell(folder, "probe", "--yes", "--json")
    assert done.status == 75
    assert json.loads(done.stdout)["mailboxes"][0]["waiting_since"] is None


def test_waived_by_name(tmp_path: Path, host: MailHost) -> None:
    """For one run, or in the file; the question says what was not seen."""
    folder = written(tmp_path, host)
    dry = run(folder, "send", "--dry-run", "--json", "--accept", "unproved-address")
    assert json.loads(dry.stdout)["mailboxes"][0]["proved"] is False
    assert f"Arrives  at {NEW}: nobody has seen yet whether it receives:  notify probe" in dry.stderr
    assert run(folder, "send", "--yes").returncode == 78
    assert host.accepted == []
    done = run(folder, "send", "--yes", "--accept", "unproved-address")
    assert (done.returncode, len(host.accepted)) == (0, 3), done.stderr


def test_for_how_long(tmp_path: Path, host: MailHost, tell: Tell) -> None:
    """It is asked for anew after thirty days, and for another address; a campaign that has begun goes on."""
    folder = prove(written(tmp_path, host), NEW, seen=LONG_AGO)
    late = tell(folder, "check", "--offline")
    assert "(unproved-address)" in late.stdout
    assert f"over {VALID_DAYS} days ago" in words(late.stdout)
    prove(folder, NEW)
    assert run(folder, "send", "--yes", "--limit", "1").returncode == 75
    assert run(folder, "probe").returncode == 0
    toml = folder / "notify.toml"
    other = toml.read_text("utf-8").replace(NEW, "p.berg@berg-neu.internal")
    toml.write_text(other, "utf-8")
    assert "unproved-address" in names(tell(folder, "check", "--offline", "--json").stdout)


def test_a_change_of_bank(tmp_path: Path, host: MailHost, tell: Tell) -> None:
    """Whose mailbox stays is not asked to prove it; answers to somewhere else are a warning, and stop nothing."""
    folder = clean.bank_campaign(tmp_path / "c")
    toml = folder / "notify.toml"
    relay = f'host = "127.0.0.1"\nport = {host.smtp_port}\ntls = "none"\n'
    toml.write_text(toml.read_text("utf-8").replace(clean.RELAY.removeprefix("\n[[relay]]\n"), relay), "utf-8")
    assert names(tell(folder, "check", "--offline", "--json").stdout) == []
    done = tell(folder, "probe", "--yes")
    assert (done.status, host.accepted) == (0, [])
    assert "Nothing needs to be proved" in done.stderr
    assert f"notify probe {SENDER}" in words(done.stderr)
    toml.write_text(
        toml.read_text("utf-8").replace(f'email = "{SENDER}"\n\n', f'email = "{SENDER}"\nreply_to = "{ELSEWHERE}"\n\n'),
        "utf-8",
    )
    found = json.loads(tell(folder, "check", "--offline", "--json").stdout)["findings"]
    assert [(one["name"], one["severity"]) for one in found] == [("unproved-reply", "warning")]
    dry = run(folder, "send", "--dry-run")
    assert f"Arrives  at {ELSEWHERE}: nobody has seen yet" in dry.stderr
    assert run(folder, "send", "--yes", "--limit", "1").returncode == 75


def test_only_to_own_addresses(tmp_path: Path, host: MailHost, tell: Tell) -> None:
    """The sender's own may be asked for, so as to see how it signs; nobody else's."""
    folder = written(tmp_path, host)
    strange = tell(folder, "probe", "--yes", "ben@kunde-zwei.internal")
    assert (strange.status, host.accepted) == (65, [])
    assert f"{NEW}, {SENDER}" in words(strange.stderr)
    assert tell(folder, "probe", "--yes", SENDER.upper()).status == 75
    assert [to for to, _ in host.accepted] == [SENDER]
    assert tell(folder, "probe", "--code", "AAAAAA", NEW).status == 2


def test_without_a_relay(tmp_path: Path, tell: Tell) -> None:
    """The sandbox forwards nothing, so nothing can be proved, and that is no failure."""
    folder = make_folder(tmp_path / "c")
    done = tell(folder, "probe", "--yes")
    assert done.status == 0
    assert "There is no [[relay]] in notify.toml" in done.stderr
    assert not exists(ledger_of_folder(folder))


def test_examples_need_no_proof(tmp_path: Path, tell: Tell) -> None:
    """Nobody has such an address; where it would reach people, that is found by another name."""
    folder = make_folder(tmp_path / "c", relay_port=9)
    assert "unproved-address" not in names(tell(folder, "check", "--offline", "--json").stdout)
    assert "Nothing needs to be proved" in tell(folder, "probe", "--yes").stderr


def test_a_signature_that_was_seen_long_ago(tmp_path: Path, host: MailHost, tell: Tell) -> None:
    """It tells nothing any more, whichever it was."""
    found = Authentication("mx.berg-neu.internal", dkim=(Signature("none"),))
    folder, relay = written(tmp_path, host), f"127.0.0.1:{host.smtp_port}"
    prove(folder, NEW, relay=relay, found=found, seen=LONG_AGO)
    assert names(tell(folder, "check", "--offline", "--json").stdout) == ["unproved-address"]
    prove(folder, NEW, relay=relay, found=found)
    assert names(tell(folder, "check", "--offline", "--json").stdout) == ["dkim-missing"]


@pytest.mark.parametrize(
    ("signature", "people", "status"),
    [
        (Signature("none"), "gmx.de", 78),
        (Signature("none"), "kunde-zwei.internal", 0),
        (Signature("pass", "relay.internal"), "gmx.at", 78),
        (Signature("pass", "berg-kommunikation.internal"), "gmx.de", 0),
        (Signature("temperror"), "gmx.de", 0),
    ],
)
def test_unsigned_to_gmx(tmp_path: Path, host: MailHost, signature: Signature, people: str, status: int) -> None:
    """What GMX and WEB.DE refuse is not sent, once a server has said that it is not signed; unless it is accepted."""
    folder = written(tmp_path, host)
    csv = folder / "contacts" / "kunden.csv"
    csv.write_text(csv.read_text("utf-8").replace("kunde-zwei.internal", people), "utf-8")
    found = Authentication("mx.berg-neu.internal", dkim=(signature,))
    prove(folder, NEW, relay=f"127.0.0.1:{host.smtp_port}", found=found)
    done = run(folder, "send", "--yes")
    assert done.returncode == status, done.stderr
    if status:
        assert host.accepted == []
        assert "GMX, WEB.DE or mail.com, which refuse such messages" in words(done.stderr)
        name = re.search(r"--accept (\S+)", done.stderr)
        assert name is not None
        assert run(folder, "send", "--yes", "--accept", name[1]).returncode == 0
