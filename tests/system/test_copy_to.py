"""``copy_to``: copies of what was sent, as a user asks for them, reads of them, and gets them whatever goes wrong."""

from __future__ import annotations

import csv
import email
import email.policy
import json
import random
import signal
import sys
import time
from collections import Counter
from email.message import EmailMessage
from pathlib import Path

import pytest

from notify.actions.folder_ledger import ledger_of_folder
from tests import ledgers
from tests.folders import MESSAGE, Forked, addresses, counts, kept, make_folder, run
from tests.servers.scripted import Act, Rule, ScriptedServer, lose_answer, say
from tests.unit.ledger.mailing import change

pytestmark = pytest.mark.both_ledgers

OFFICE = "office@example.org"
PEOPLE = "Anrede;Nachname;E-Mail\nFrau;Muster;anna@example.com\nHerr;Beispiel;ben@example.com\n"
SEND = f'copy_to = "{OFFICE}"\n'
EVERY = SEND + 'copy_per = "recipient"\n'


def _ask(folder: Path, keys: str) -> None:
    """Ask for copies in the section [send]."""
    toml = folder / "notify.toml"
    before, pause, after = toml.read_text("utf-8").partition('pause = "0s"\n')
    toml.write_text(before + pause + keys + after, "utf-8")


def messages(folder: Path) -> list[EmailMessage]:
    """Return what the sandbox has kept."""
    read = [email.message_from_bytes(octets, policy=email.policy.default) for octets in kept(folder)]
    return [message for message in read if isinstance(message, EmailMessage)]


def copies(folder: Path) -> dict[str, int]:
    """Return how many copies have each status; a status that none has is left out."""
    found = json.loads(run(folder, "status", "--json").stdout).get("copies", {})
    return {status: count for status, count in found.items() if count}


def body(message: EmailMessage) -> str:
    """Return the text of a message."""
    part = message.get_body(("plain",))
    assert part is not None
    text: str = part.get_content()
    return text


def test_a_copy_is_the_very_message_to_somebody_else(tmp_path: Path) -> None:
    """One To, the same Subject and text with its code, its own Message-ID; a header says of which message it is."""
    more = f"[send]\n{EVERY}"
    folder = make_folder(tmp_path / "c", contacts=PEOPLE, message=MESSAGE + "\nCode: {{ code }}\n", more=more)
    shown = run(folder, "preview")
    assert f"Copies: 1 of every message, to {OFFICE}; each is a message of its own." in shown.stderr
    sent = run(folder, "send")
    assert sent.returncode == 0, sent.stderr
    assert f"Copies   1 of every message, to {OFFICE}; each is a message of its own" in sent.stderr
    assert "2 sent.\n" in sent.stderr
    assert "Copies: 2 sent.\n" in sent.stderr
    found = messages(folder)
    assert [str(message["To"]) for message in found[2:]] == [OFFICE, OFFICE]
    for message, copy in zip(found[:2], found[2:], strict=True):
        to = message["To"].addresses[0].addr_spec
        assert str(copy["X-Notify-Copy-Of"]) == f"{to} {message['Message-ID']}"
        assert copy["Subject"] == message["Subject"]
        assert body(copy) == body(message)
        assert "X-Notify-Copy-Of" not in message
        assert all(copy.get(name) is None for name in ("Cc", "Bcc"))
    assert len({str(message["Message-ID"]) for message in found}) == 4
    code = body(found[0]).rpartition("Code: ")[2].strip()
    assert f"Copies     went to {OFFICE}" in run(folder, "verify", code).stdout
    assert run(folder, "log", "--csv", "log.csv").returncode == 0
    with (folder / "log.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert [row["copy_of"] for row in rows] == ["", "", "anna@example.com", "ben@example.com"]


@pytest.mark.skipif(sys.platform == "win32", reason="the runs are forked")
@pytest.mark.parametrize(
    ("people", "moments"),
    [(60, (20, 61, 75, 100)), pytest.param(600, tuple(range(5, 1195, 10)), marks=pytest.mark.long)],
)
def test_killed_at_random_moments(tmp_path: Path, people: int, moments: tuple[int, ...]) -> None:
    """Whenever a run is killed, before, between or after: every message and every copy arrives once."""
    chance = random.Random(7)
    slow = Rule("dot", Act(say="250 2.0.0 Ok", wait_s=0.02, accept=True))
    with ScriptedServer(tmp_path / "record", rules=[slow]) as server:
        folder = make_folder(
            tmp_path / "c", contacts=people, relay_port=server.port, connections=2, more="batch = 12\n" + EVERY
        )
        for taken in moments:
            with Forked(folder, "send", "--yes", "--limit", str(people)) as process:
                while process.is_running() and len(server.accepted()) < taken:
                    time.sleep(0.005)
                time.sleep(chance.uniform(0, 0.03))
                process.kill()
                process.wait()
        in_doubt = json.loads(run(folder, "resolve", "--json").stdout)
        assert {"copy_of" in one for one in in_doubt} == {True, False}, "no kill hit both: the test shows nothing"
        arrived = {one["message_id"] for one in server.accepted()}
        for one in in_doubt:
            which = ["--copies", one["message_id"]] if "copy_of" in one else [one["to"]]
            word = "--sent" if one["message_id"] in arrived else "--again"
            assert run(folder, "resolve", word, *which).returncode == 0
        last = run(folder, "send", "--yes")
        assert last.returncode == 0, last.stderr
        times = Counter(one["message_id"] for one in server.accepted())
        to = Counter(addresses(server.accepted()))
    assert set(times.values()) == {1}, "a message came twice"
    assert to == Counter({f"p{n:06}@example.com": 1 for n in range(1, people + 1)}) + Counter({OFFICE: people})
    log = [json.loads(line) for line in run(folder, "log", "--json").stdout.splitlines()]
    assert Counter(one["copy_of"] for one in log if one["status"] == "sent" and "copy_of" in one) == Counter(
        f"p{n:06}@example.com" for n in range(1, people + 1)
    )


def test_a_copy_that_is_lost_is_for_the_user_to_settle(tmp_path: Path) -> None:
    """In doubt, with 1; listed as a copy, settled as one, and the contact of the same address stays as it is."""
    people = PEOPLE + f"Frau;Probe;{OFFICE}\n"
    lost = Rule("dot", lose_answer(), to=OFFICE, message=1, connection=2)
    with ScriptedServer(tmp_path / "record", rules=[lost]) as server:
        folder = make_folder(tmp_path / "c", contacts=people, relay_port=server.port, more=SEND)
        sent = run(folder, "send", "--yes")
        assert sent.returncode == 1, sent.stderr
        assert "Copies: 1 in doubt." in sent.stderr
        assert "About copies in doubt you decide:  notify resolve --copies" in sent.stderr
        listed = run(folder, "resolve")
        assert f"{OFFICE}  (copy of that to anna@example.com)" in listed.stdout
        assert "notify resolve --copies --sent ADDR" in listed.stderr
        assert "Whoever got it" not in listed.stderr
        assert run(folder, "resolve", "--again", OFFICE).returncode == 65
        assert counts(folder) == {"sent": 3}
        assert run(folder, "send", "--yes").returncode == 1
        again = run(folder, "resolve", "--copies", "--again", OFFICE)
        assert again.stderr == "1 copy will be sent again:  notify send\n"
        assert run(folder, "resolve", "--copies", "--sent", OFFICE).returncode == 65
        last = run(folder, "send", "--yes")
        assert last.returncode == 0, last.stderr
    assert copies(folder) == {"sent": 1}


def test_an_address_that_refuses(tmp_path: Path) -> None:
    """It is tried once and not with every copy; the run ends with 1, and --retry-failed sends them all."""
    refused = Rule("rcpt", say("550 5.1.1 User unknown"), to=OFFICE, times=1)
    with ScriptedServer(tmp_path / "record", rules=[refused]) as server:
        folder = make_folder(tmp_path / "c", contacts=5, relay_port=server.port, more=EVERY)
        sent = run(folder, "send", "--yes")
        assert sent.returncode == 1, sent.stderr
        assert "Copies: 1 failed, 4 withdrawn." in sent.stderr
        assert "Why copies failed:  notify log --failed" in sent.stderr
        failed = run(folder, "log", "--failed").stdout
        assert f"{OFFICE} (copy of that to p000001@example.com)" in failed
        assert "the address has refused another copy" in failed
        assert run(folder, "send", "--yes").returncode == 1
        retried = run(folder, "send", "--yes", "--retry-failed")
        assert retried.returncode == 0, retried.stderr
        assert "\n1 copy that failed will be tried again.\n" in retried.stderr
        assert "Nobody who failed" not in retried.stderr
        assert Counter(addresses(server.accepted()))[OFFICE] == 5


def test_copies_wait_for_the_next_run(tmp_path: Path) -> None:
    """Deferred: 75, and told by status; a text that has changed meanwhile withdraws them, and that is said."""
    busy = Rule("rcpt", say("450 4.2.1 Try later"), to=OFFICE)
    with ScriptedServer(tmp_path / "record", rules=[busy]) as server:
        folder = make_folder(tmp_path / "c", contacts=3, relay_port=server.port, more=EVERY)
        sent = run(folder, "send", "--yes", "--limit", "2")
        assert sent.returncode == 75
        assert "Copies: 1 pending, 1 deferred." in sent.stderr
        assert sent.stderr.count("  notify send") == 1
        assert json.loads(run(folder, "status", "--json").stdout)["next_due"]
        told = run(folder, "status")
        assert "copies      2 (1 pending, 1 deferred)" in told.stdout
        assert "Copies that wait leave with the next run:  notify send" in told.stderr
        dry = json.loads(run(folder, "send", "--dry-run", "--json").stdout)
        assert dry["copies"] == {"to": [OFFICE], "per": "recipient", "expected": 3}
        message = folder / "templates" / "change" / "message.de.md"
        message.write_text(message.read_text("utf-8") + "\nNeu.\n", "utf-8")
        changed = run(folder, "send", "--yes", "--accept-change")
        assert changed.returncode == 75
        assert "2 copies that wait are withdrawn" in changed.stderr
        assert "none of 2 messages sent before: their text has changed since" in changed.stderr
        assert Counter(addresses(server.accepted())) == Counter(f"p{n:06}@example.com" for n in (1, 2, 3))
    assert copies(folder) == {"deferred": 1, "withdrawn": 2}


def test_files_that_have_changed_since(tmp_path: Path) -> None:
    """A copy with another file would be another message: it fails, with its reason, and no other copy does."""
    message = "Attachment: {{ row['Datei'] }}\n" + MESSAGE
    people = "Anrede;Nachname;E-Mail;Datei\nFrau;Muster;anna@example.com;a.pdf\nHerr;Beispiel;ben@example.com;b.pdf\n"
    with ScriptedServer(tmp_path / "record") as server:
        folder = make_folder(tmp_path / "c", contacts=people, message=message, relay_port=server.port)
        for name in ("a.pdf", "b.pdf"):
            (folder / name).write_bytes(b"%PDF-1.4 " + name.encode())
        assert run(folder, "send", "--yes").returncode == 0
        (folder / "a.pdf").write_bytes(b"%PDF-1.4 another")
        _ask(folder, EVERY)
        sent = run(folder, "send", "--yes")
        assert sent.returncode == 1, sent.stderr
        assert "Copies: 1 sent, 1 failed." in sent.stderr
        assert "A file that only this message had is another one by now" in sent.stderr
        log = run(folder, "log", "--failed").stdout
    assert "(copy of that to anna@example.com)  message (body): the message has changed" in log


def test_what_was_asked_for_later_is_made_later(tmp_path: Path) -> None:
    """With nobody left to send to, a run still asks, and hands over the copy that is asked for now, once."""
    with ScriptedServer(tmp_path / "record") as server:
        folder = make_folder(tmp_path / "c", contacts=PEOPLE, relay_port=server.port)
        assert run(folder, "send", "--yes").returncode == 0
        _ask(folder, SEND)
        unasked = run(folder, "send")
        assert unasked.returncode == 2
        assert f"Copies   1 of the first message, to {OFFICE}" in unasked.stderr
        for _ in range(2):
            assert run(folder, "send", "--yes").returncode == 0
        assert addresses(server.accepted()) == ["anna@example.com", "ben@example.com", OFFICE]


def test_a_ledger_from_before_the_copies(tmp_path: Path) -> None:
    """Brought back from a backup it does not know what was copied: refused, and with --trust-ledger in doubt."""
    with ScriptedServer(tmp_path / "record") as server:
        folder = make_folder(tmp_path / "c", contacts=PEOPLE, relay_port=server.port)
        assert run(folder, "send", "--yes").returncode == 0
        ledgers.back_up(ledger_of_folder(folder), tmp_path / "backup")
        _ask(folder, SEND)
        assert run(folder, "send", "--yes").returncode == 0
        ledgers.bring_back(ledger_of_folder(folder), tmp_path / "backup")
        assert run(folder, "send", "--yes").returncode == 73
        trusted = run(folder, "send", "--yes", "--trust-ledger")
        assert trusted.returncode == 1, trusted.stderr
        assert "Copies: 1 in doubt." in trusted.stderr
        assert Counter(addresses(server.accepted()))[OFFICE] == 1


def test_the_campaigns_copy_does_not_wait_for_all_others(tmp_path: Path) -> None:
    """It leaves behind the first message, and one that had to wait before all others of the next run."""
    busy = Rule("rcpt", say("450 4.2.1 Try later"), to=OFFICE, times=1)
    with ScriptedServer(tmp_path / "record", rules=[busy]) as server:
        more = f'copy_to = ["{OFFICE}", "boss@example.org"]\n'
        folder = make_folder(tmp_path / "c", contacts=6, relay_port=server.port, more=more)
        first = run(folder, "send", "--yes", "--limit", "3")
        assert first.returncode == 75
        assert "\n1 of 3\n" in first.stderr
        assert "\nCopies: 2 of 2\n3 of 3\n3 pending, 3 sent.\nCopies: 1 sent, 1 deferred.\n" in first.stderr
        people = [f"p{number:06}@example.com" for number in range(1, 7)]
        assert addresses(server.accepted()) == [people[0], "boss@example.org", *people[1:3]]
        due = "UPDATE recipient SET due = '2026-01-01T00:00:00.000000+00:00' WHERE status = 'deferred'"
        assert change(ledger_of_folder(folder), due) == 1
        last = run(folder, "send", "--yes")
        assert last.returncode == 0, last.stderr
        assert addresses(server.accepted())[4:] == [OFFICE, *people[3:]]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGTERM to be heard")
def test_stopped_before_its_copies(tmp_path: Path) -> None:
    """A run that is ended behind its last message is not finished: its copies are counted, and come with the next."""
    slow = Rule("dot", Act(say="250 2.0.0 Ok", wait_s=0.5, accept=True))
    with ScriptedServer(tmp_path / "record", rules=[slow]) as server:
        folder = make_folder(tmp_path / "c", contacts=PEOPLE, relay_port=server.port, more=EVERY)
        with Forked(folder, "send", "--yes") as process:
            while process.is_running() and len(server.accepted()) < 2:
                time.sleep(0.01)
            process.signal(signal.SIGTERM)
            stopped = process.wait()
        assert stopped.returncode == 75, stopped.stderr
        assert "2 sent.\nCopies: 2 pending.\n" in stopped.stderr
        assert run(folder, "send", "--yes").returncode == 0
        assert addresses(server.accepted()) == ["anna@example.com", "ben@example.com", OFFICE, OFFICE]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGTERM to be heard")
def test_a_run_that_stays_does_not_wait_for_a_copy_before_its_messages(tmp_path: Path) -> None:
    """The campaign's copy is deferred: all others are sent to, and then the run waits for it."""
    busy = Rule("rcpt", say("450 4.2.1 Try later"), to=OFFICE)
    with ScriptedServer(tmp_path / "record", rules=[busy]) as server:
        folder = make_folder(tmp_path / "c", contacts=4, relay_port=server.port, more=SEND)
        with Forked(folder, "send", "--yes", "--wait") as process:
            deadline = time.monotonic() + 60
            while process.is_running() and len(server.accepted()) < 4 and time.monotonic() < deadline:
                time.sleep(0.02)
            time.sleep(0.5)
            process.signal(signal.SIGTERM)
            stopped = process.wait()
        assert stopped.returncode == 75, stopped.stderr
        assert "4 sent.\nCopies: 1 deferred.\n" in stopped.stderr
        assert "Waiting until" in stopped.stderr
