"""Every command as a process of its own: what it shows, what it writes, and what it leaves alone."""

from __future__ import annotations

import csv
import email
import email.policy
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from notify.actions.folder_ledger import ledger_of_folder
from notify.cli.lazy import COMMANDS
from tests.folders import addresses, contents, counts, kept, make_folder, run, shell, start
from tests.servers.scripted import Rule, ScriptedServer, lose_answer, say

pytestmark = pytest.mark.both_ledgers

CONTACTS = """\
Kundennr;Anrede;Vorname;Nachname;Firma;E-Mail;Sprache
7;Frau;Änne;Groß;Groß & Söhne;aenne@example.com;de
8;;Jörg;Klein;;joerg@example.net;
9;;;;Verein e. V.;verein@example.org;
10;Frau;Änne;Groß;;AENNE@example.com;
11;Herr;+49;=1+1;-;zwei@@example.com;
12;Frau;Ida;Ohne;;;
"""
ATTEMPT_KEYS = ["time", "key", "to", "message_id", "relay", "phase", "reply", "status", "scope"]
STATUSES = {
    "pending": 0, "claimed": 0, "in_flight": 0, "sent": 0, "deferred": 0, "failed": 0, "in_doubt": 0, "expired": 0,
    "suppressed": 0, "withdrawn": 0,
}  # fmt: skip
DRAWN_WHEN_SENT = re.compile(rb"(?m)^(Date|Message-ID|X-Notify-Id): .*\r\n")


def test_init(tmp_path: Path) -> None:
    """The folder that init writes works at once; init overwrites nothing, and then writes nothing at all."""
    german, english = tmp_path / "neu", tmp_path / "new"
    done = run(tmp_path, "init", "neu", "--lang", "de")
    assert (done.returncode, done.stdout) == (0, "")
    assert f"wrote {german / 'notify.toml'}" in done.stderr
    assert "cd neu  &&  notify preview -n 2" in done.stderr
    assert run(tmp_path / "new", "init", "--lang", "en").returncode == 0
    assert "# Wer schreibt." in (german / "notify.toml").read_text("utf-8")
    assert "# Who writes." in (english / "notify.toml").read_text("utf-8")
    before = contents(german)
    assert {name: text for name, text in contents(english).items() if name != "notify.toml"} == {
        name: text for name, text in before.items() if name != "notify.toml"
    }

    sent = run(german, "send")
    assert sent.returncode == 0, sent.stderr
    assert "130 sent." in sent.stderr
    assert len(kept(german)) == 130
    assert "ledger.db" not in contents(german)

    (english / "notify.toml").unlink()
    for folder in (german, english):
        there = contents(folder)
        again = run(folder, "init")
        assert again.returncode == 73
        assert "is there already; nothing was written.\n  Name a new folder:  notify init DIR" in again.stderr
        assert contents(folder) == there
    assert {name: text for name, text in contents(german).items() if not name.startswith("outbox")} == before


def test_contacts(tmp_path: Path) -> None:
    """Contacts are shown with what was recognised and what was refused; the list of the refused is safe to open."""
    folder = make_folder(tmp_path / "campaign", contacts=CONTACTS)
    before = contents(folder)
    done = run(folder, "contacts")
    assert done.returncode == 0
    shown = " ".join(done.stdout.split())
    for words in (
        "contacts/people.csv CSV, UTF-8, semicolons, header in line 1",
        "Kundennr → customer_number 7 · 8",
        'people.csv:6: "zwei@@example.com" is not an address: two @ signs',
        "people.csv:7: no address",
        "aenne@example.com: Änne Groß (contacts/people.csv:2), Änne Groß (contacts/people.csv:5)",
        "6 rows: 3 admitted, 2 rejected, 1 duplicate, 0 suppressed",
    ):
        assert words in shown
    assert "1 salutation neutral" in done.stderr
    done = run(folder, "contacts", "--rejected", "rejected.csv")
    assert done.stdout == "6 rows: 3 admitted, 2 rejected, 1 duplicate, 0 suppressed, 0 filtered\n"
    assert f"Wrote 2 rejected rows to {folder / 'rejected.csv'}." in done.stderr
    with (folder / "rejected.csv").open(encoding="utf-8-sig", newline="") as file:
        header, formula, empty = csv.reader(file, delimiter=";")
    assert header == ["Reason", "Where", *CONTACTS.split("\n", maxsplit=1)[0].split(";")]
    assert formula[1:] == ["contacts/people.csv:6", "11", "Herr", "'+49", "'=1+1", "'-", "zwei@@example.com", ""]
    assert empty[:2] == ["no address", "contacts/people.csv:7"]
    assert {**before, "rejected.csv": contents(folder)["rejected.csv"]} == contents(folder)


def test_contacts_json(tmp_path: Path) -> None:
    """The document has exactly the promised keys, is all of standard output, and needs no notify.toml."""
    (tmp_path / "people.csv").write_text(CONTACTS, "utf-8")
    done = run(tmp_path, "contacts", "--json", "--contacts", "people.csv")
    document = json.loads(done.stdout)
    assert done.returncode == 0
    assert list(document) == ["files", "contacts", "findings", "counts"]
    (file,) = document["files"]
    keys = ["path", "format", "encoding", "delimiter", "header_line", "rows", "columns", "notes", "findings"]
    assert list(file) == keys
    assert (file["path"], file["rows"], file["columns"]["E-Mail"]) == ("people.csv", 6, "email")
    assert document["counts"] == {
        "rows": 6, "admitted": 3, "rejected": 2, "duplicate": 1, "suppressed": 0, "filtered": 0
    }  # fmt: skip
    assert document["contacts"][0] == {
        "origin": "people.csv:2",
        "key": "aenne@example.com",
        "name": "Änne Groß",
        "company": "Groß & Söhne",
        "address": "aenne@example.com",
        "other_addresses": [],
        "salutation": "Sehr geehrte Frau Groß,",
        "language": "de",
        "form": "Sie",
        "status": "admitted",
        "reason": "",
        "neutral_because": "",
        "suggestion": "",
    }
    assert [one["status"] for one in document["contacts"][3:]] == ["duplicate", "rejected", "rejected"]
    assert list(contents(tmp_path)) == ["people.csv"]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["contacts", "--rejected", "contacts/people.csv"], "this is one of your contact files"),
        (["contacts", "--rejected", "contacts/rejected.csv"], "the next run would read it as contacts"),
        (["contacts", "--export", "ledger.db-wal"], "this is the name of a part of the campaign"),
        (["contacts", "--rejected", "templates/change/message.de.md"], "this belongs to the template"),
        (["log", "--csv", "notify.toml"], "this is the campaign itself"),
        (["log", "--csv", "outbox/ledger.db-wal"], "this is the campaign itself"),
        (["contacts", "--export", "overrides.csv"], "these are your overrides"),
        (["log", "--csv", "templates/change/message.de.md"], "this belongs to the template"),
    ],
)
def test_own_files_are_never_written_over(tmp_path: Path, command: list[str], words: str) -> None:
    """A list is written neither over a file of the campaign nor where the next run would take it for contacts."""
    folder = make_folder(tmp_path / "campaign")
    (folder / "overrides.csv").write_text("email,form\np000001@example.com,du\n", "utf-8")
    (folder / "outbox").mkdir()
    (folder / "outbox" / "ledger.db-wal").touch()
    before = contents(folder)
    done = run(folder, *command)
    assert done.returncode == 73
    assert f"{folder / command[2]}: {words}. Nothing was written.\n  Name another file." in done.stderr
    assert contents(folder) == before


@pytest.mark.both_ledgers("every day")
def test_preview_is_what_is_sent(tmp_path: Path) -> None:
    """What is previewed is, octet for octet, what is sent, but for date and Message-ID; and it records nothing."""
    message = "Subject: Neu: {{ contact.last_name or 'Sie' }}\nAttachment: karte.vcf\n\n{{ salutation }}\n\n* a\n* b\n"
    folder = make_folder(tmp_path / "campaign", contacts=CONTACTS, message=message)
    (folder / "templates" / "change" / "karte.vcf").write_text("BEGIN:VCARD\nEND:VCARD\n", "utf-8")
    before = contents(folder)

    shown = run(folder, "preview", "-n", "1")
    assert shown.returncode == 0
    assert "To: Änne Groß <aenne@example.com>\nSubject: Neu: Groß\n" in shown.stdout
    assert "Attachment: karte.vcf (text/" in shown.stdout
    assert "Sehr geehrte Frau Groß,\n\n- a\n- b\n" in shown.stdout

    document = json.loads(run(folder, "preview", "--json", "--to", "JOERG@example.net").stdout)
    assert [list(one) for one in document] == [
        [
            "key",
            "origin",
            "to",
            "form",
            "subject",
            "text",
            "html",
            "attachments",
            "pictures",
            "size",
            "warnings",
            "findings",
        ]
    ]
    assert (document[0]["to"], document[0]["origin"]) == ("joerg@example.net", "contacts/people.csv:3")
    assert [list(one) for one in document[0]["attachments"]] == [["filename", "content_type", "size"]]

    nobody = run(folder, "preview", "--to", "niemand@example.com")
    assert (nobody.returncode, nobody.stdout) == (65, "")
    assert "niemand@example.com: nobody in the contact files is written to at this address." in nobody.stderr
    assert contents(folder) == before

    assert "Wrote 3 messages to" in run(folder, "preview", "--out", "../preview").stderr
    files = sorted((tmp_path / "preview").iterdir())
    assert [file.name for file in files] == [
        "0001-aenne@example.com.eml",
        "0002-joerg@example.net.eml",
        "0003-verein@example.org.eml",
    ]
    previewed = [file.read_bytes() for file in files]
    assert contents(folder) == before
    assert run(folder, "send").returncode == 0
    sent = kept(folder)
    assert [DRAWN_WHEN_SENT.sub(b"", one) for one in sent] == [DRAWN_WHEN_SENT.sub(b"", one) for one in previewed]
    for one in sent:
        parsed = email.message_from_bytes(one, policy=email.policy.default)
        assert not [part.defects for part in parsed.walk() if part.defects]
        assert parsed["Message-ID"] not in previewed[0].decode()
        assert [part.get_content_type() for part in parsed.walk()][2:4] == ["text/plain", "text/html"]


def test_send_in_the_sandbox(tmp_path: Path) -> None:
    """Rehearsals: parts of the list, then the rest, then nothing more; the real ledger is never touched."""
    folder = make_folder(tmp_path / "campaign", contacts=6)
    assert run(folder, "suppress", "p000002@example.com").returncode == 0
    before = contents(folder)

    dry = run(folder, "send", "--dry-run")
    assert (dry.returncode, dry.stdout) == (0, "")
    assert "to 5 recipients, into the sandbox: nothing leaves this machine." in dry.stderr
    assert "Nothing was sent and nothing was recorded (--dry-run)." in dry.stderr
    assert contents(folder) == before

    test = run(folder, "send", "--test", "ich@example.org")
    assert "Sent the message of p000001@example.com to ich@example.org instead" in test.stderr
    assert [b"\r\nTo: ich@example.org\r\n" in one for one in kept(folder)] == [True]
    assert counts(folder) == {}

    only = run(folder, "send", "--only", "P000004@example.com", "--only", "p000002@example.com", "--json")
    assert only.returncode == 75
    assert "p000002@example.com: suppressed." in only.stderr
    (line,) = only.stdout.splitlines()
    assert list(json.loads(line)) == ATTEMPT_KEYS
    assert (json.loads(line)["to"], json.loads(line)["status"]) == ("p000004@example.com", "sent")

    limited = run(folder, "send", "--limit", "2")
    assert limited.returncode == 75
    assert "2 of 2\n2 pending, 3 sent, 1 suppressed.\nThe limit of this run is reached." in limited.stderr
    rest = run(folder, "send")
    assert rest.returncode == 0
    assert "2 of 2\n5 sent, 1 suppressed.\nKept in" in rest.stderr
    again = run(folder, "send")
    assert again.returncode == 0
    assert "Nothing left to send." in again.stderr
    assert len(kept(folder)) == 6

    # what suppress needed, and not a row more
    assert contents(folder).get("ledger.db") == before.get("ledger.db")
    afresh = run(folder, "send", environment={"NOTIFY_CAMPAIGN_ID": "the next one"})
    assert "5 sent, 1 suppressed." in afresh.stderr
    sent = [email.message_from_bytes(one) for one in kept(folder)[1:]]
    assert [message["To"].partition("<")[2] for message in sent] == [
        f"p{number:06}@example.com>" for number in (4, 1, 3, 5, 6, 1, 3, 4, 5, 6)
    ]
    assert len({message["Message-ID"] for message in sent}) == 10


def test_batches(tmp_path: Path) -> None:
    """Between batches there is a pause and after the last one there is none; who failed is tried again on request."""
    refused = Rule("rcpt", say("550 5.1.1 no such user"), to="p000002", times=1)
    with ScriptedServer(tmp_path / "record", rules=[refused]) as server:
        folder = make_folder(tmp_path / "campaign", contacts=4, relay_port=server.port)
        started = time.monotonic()
        done = run(folder, "send", "--yes", "--batch", "3", "--pause", "3s")
        assert time.monotonic() - started > 3
        assert done.returncode == 1
        assert done.stderr.count("Pause; the next batch follows at") == 1
        assert addresses(server.accepted()) == [f"p{number:06}@example.com" for number in (1, 3, 4)]
        assert run(folder, "send", "--yes").returncode == 1
        assert len(server.accepted()) == 3
        retried = run(folder, "send", "--yes", "--retry-failed")
        assert retried.returncode == 0
        assert "1 recipient who failed will be tried again." in retried.stderr
        assert addresses(server.accepted())[3:] == ["p000002@example.com"]


def test_without_a_file(tmp_path: Path) -> None:
    """Options stand in for notify.toml; the campaign is then named after the template, in the current folder."""
    folder = make_folder(tmp_path / "campaign", contacts=2)
    template = folder / "templates" / "change" / "message.de.md"
    template.write_text("Subject: Hallo\n\n{{ salutation }}\n", "utf-8")
    (folder / "notify.toml").unlink()
    options = "--contacts contacts/people.csv --template templates/change --from 'Änne Groß <aenne@example.com>'"
    done = shell(folder, f'"$PYTHON" -m notify send {options} && "$PYTHON" -m notify status --json {options}')
    assert done.returncode == 0, done.stderr
    assert "From Änne Groß <aenne@example.com> to 2 recipients, into the sandbox" in done.stderr
    assert (json.loads(done.stdout)["campaign"], json.loads(done.stdout)["counts"]["sent"]) == ("change", 2)
    missing = run(folder, "send", "--contacts", "contacts/people.csv")
    assert missing.returncode == 78
    assert "Make one:  notify init  (or give --contacts, --template and --from)" in missing.stderr


def test_precedence(tmp_path: Path) -> None:
    """Options beat variables beat notify.toml; an empty variable says nothing."""
    folder = make_folder(tmp_path / "campaign", contacts=2)
    option = ["--from", "Option <o@example.com>"]
    for environment, options, sender in (
        ({}, [], "Muster PR <info@alt.example>"),
        ({"NOTIFY_SENDER_NAME": "Variable", "NOTIFY_SENDER_EMAIL": ""}, [], "Variable <info@alt.example>"),
        ({"NOTIFY_SENDER_NAME": "Variable", "NOTIFY_SENDER_EMAIL": "v@example.com"}, option, "Option <o@example.com>"),
    ):
        done = run(folder, "preview", "-n", "1", *options, environment=environment)
        assert f"\nFrom: {sender}\n" in done.stdout
    wrong = run(folder, "preview", environment={"NOTIFY_SEND_BATCH": "many"})
    assert wrong.returncode == 78
    assert 'NOTIFY_SEND_BATCH: "many" is not a whole number' in wrong.stderr


@pytest.mark.both_ledgers("every day")
def test_reports(tmp_path: Path) -> None:
    """What became of everybody, in numbers, line by line and as files; and doubts are settled by the user's word."""
    rules = [
        Rule("rcpt", say("550 5.1.1 no such user"), to="p000002"),
        Rule("rcpt", say("450 4.2.0 greylisted, come again"), to="p000003"),
        Rule("dot", lose_answer(), to="p000004", times=1),
        Rule("dot", lose_answer(), to="p000006", times=1),
    ]
    people = "".join(f"Frau;Vera{n};Muster{n};p{n:06}@example.com\n" for n in range(1, 8))
    with ScriptedServer(tmp_path / "record", rules=rules) as server:
        folder = make_folder(
            tmp_path / "campaign",
            contacts=f"Anrede;Vorname;Nachname;E-Mail\n{people}Frau;;;kaputt\n",
            relay_port=server.port,
        )
        early = [run(folder, *words.split()) for words in ("status --json", "log --json", "resolve --json")]
        assert [done.returncode for done in early] == [0, 0, 0]
        assert json.loads(early[0].stdout)["counts"] == STATUSES
        assert (early[1].stdout, json.loads(early[2].stdout)) == ("", [])
        assert contents(folder).keys() == {"notify.toml", "contacts/people.csv", "templates/change/message.de.md"}

        sent = run(folder, "send", "--yes", "--json")
        assert sent.returncode == 75
        attempts = [json.loads(line) for line in sent.stdout.splitlines()]
        assert [one["status"] for one in attempts] == ["sent", "failed", "deferred", *["in_doubt", "sent"] * 2]
        told = {name: attempts[1][name] for name in ("to", "phase", "reply", "scope")}
        assert list(told.values()) == ["p000002@example.com", "rcpt", "550 5.1.1 no such user", "recipient"]
        assert run(folder, "suppress", "p000001@example.com", "p000003@example.com").returncode == 0

        status = json.loads(run(folder, "status", "--json").stdout)
        names = ["campaign", "sandbox", "running", "recipients", "counts", "rejected", "next_due", "start", "ramps"]
        names += ["verified_by_phone", "alarms_by_phone", "approvals", "approvals_needed", "mailboxes"]
        assert list(status) == names
        assert status == {
            "campaign": "test",
            "sandbox": False,
            "running": False,
            "recipients": 7,
            "counts": {**STATUSES, "failed": 1, "suppressed": 1, "in_doubt": 2, "sent": 3},
            "rejected": 1,
            "next_due": None,
            "start": None,
            "ramps": [],
            "verified_by_phone": 0,
            "alarms_by_phone": 0,
            "approvals": [],
            "approvals_needed": 0,
            "mailboxes": [],
        }
        shown = run(folder, "status")
        assert "  in doubt       2\n" in shown.stdout
        assert "You decide:  notify resolve" in shown.stderr
        assert "Why they failed:  notify log --failed" in shown.stderr

        assert [json.loads(line) for line in run(folder, "log", "--json").stdout.splitlines()] == attempts
        assert len(run(folder, "log", "--failed").stdout.splitlines()) == 4
        assert f"Wrote 7 attempts to {folder / 'log.csv'}." in run(folder, "log", "--csv", "log.csv").stderr
        with (folder / "log.csv").open(encoding="utf-8-sig", newline="") as file:
            assert list(csv.DictReader(file, delimiter=";")) == attempts

        doubts = json.loads(run(folder, "resolve", "--json").stdout)
        keys = ["key", "to", "name", "origin", "message_id", "time", "relay", "reply"]
        assert [list(one) for one in doubts] == [keys, keys]
        assert addresses(doubts) == ["p000004@example.com", "p000006@example.com"]
        listed = run(folder, "resolve")
        assert "p000004@example.com  Vera4 Muster4" in listed.stdout
        assert "2 messages in doubt: handed over, but the answer was lost." in listed.stderr
        for words, status_, said in (
            ("resolve --all", 2, "Say what to do with them: --sent (they arrived) or --again (send again)."),
            ("resolve --sent", 2, "Name the addresses, or --all for everybody who is in doubt."),
            ("resolve --sent p000004@example.com fremd@example.com", 65, "fremd@example.com is not in this campaign."),
            ("resolve --sent p000004@example.com p000005@example.com", 0, "p000005@example.com: left as it is, sent."),
            ("resolve --again --all", 0, "1 recipient will be sent to again:  notify send"),
            ("resolve --again p000002@example.com", 0, "1 recipient will be sent to again:  notify send"),
        ):
            done = run(folder, *words.split())
            assert (done.returncode, done.stdout) == (status_, "")
            assert said in done.stderr
        assert counts(folder) == {"pending": 2, "sent": 4, "suppressed": 1}
        last = run(folder, "send", "--yes")
        assert last.returncode == 1
        assert counts(folder) == {"failed": 1, "sent": 5, "suppressed": 1}
        twice = [one for one in server.accepted() if one["to"] == "p000006@example.com"]
        assert len({one["message_id"] for one in twice}) == 1


def test_log_follows_a_run(tmp_path: Path) -> None:
    """A follower waits for a run that has not begun, shows its attempts as they are made, and ends with Ctrl-C."""
    folder = make_folder(tmp_path / "campaign", contacts=3)
    follower = start(folder, "log", "--follow", "--json")
    assert follower.stdout is not None
    assert follower.stderr is not None
    assert follower.stderr.readline().strip() == "Nothing was sent yet. Begin with:  notify send"
    assert run(folder, "send").returncode == 0
    lines = [json.loads(follower.stdout.readline()) for _ in range(3)]
    assert addresses(lines) == [f"p{number:06}@example.com" for number in (1, 2, 3)]
    follower.send_signal(signal.SIGINT)
    out, err = follower.communicate(timeout=20)
    assert (follower.returncode, out, err.strip()) == (130, "", "")


@pytest.mark.both_ledgers("every day")
def test_suppress(tmp_path: Path) -> None:
    """The list is kept by address however it is written; a wrong one changes nothing, a mistyped folder is not made."""
    folder = make_folder(tmp_path / "campaign")
    wrong = run(folder, "suppress", "a@example.com", "b@@example.com")
    assert wrong.returncode == 65
    assert '"b@@example.com" is not an address: two @ signs.' in wrong.stderr
    assert "ledger.db" not in contents(folder)
    added = run(folder, "suppress", "Ä <A@Example.COM>", "b@example.com", "--reason", "mag nicht")
    assert f"2 addresses will not be written to (noted in {ledger_of_folder(folder)})." in added.stderr
    known = run(folder, "suppress", "a@example.com", "--list")
    assert "a@example.com: was on the list already." in known.stderr
    assert re.fullmatch(r"(?:[ab]@example\.com  since \d\d:\d\d:\d\d  mag nicht\n){2}", known.stdout)
    removed = run(folder, "suppress", "--remove", "b@example.com", "c@example.com", "--list", "--json")
    assert "c@example.com: was not on the list." in removed.stderr
    (entry,) = json.loads(removed.stdout)
    assert list(entry) == ["address", "reason", "since"]
    assert (entry["address"], entry["reason"]) == ("a@example.com", "mag nicht")
    nowhere = run(tmp_path / "campain", "suppress", "a@example.com")
    assert nowhere.returncode == 78
    assert f"Error: There is no folder {tmp_path / 'campain'}.\n" in nowhere.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["campaign"]


def test_help(tmp_path: Path) -> None:
    """Every command explains itself, in any folder, and what is not a command is refused."""
    assert all(words in run(tmp_path, "--help").stdout for words in COMMANDS.values())
    for name in COMMANDS:
        done = run(tmp_path, name, "--help")
        assert done.returncode == 0
        assert done.stdout.startswith(f"Usage: notify {name} [OPTIONS]")
        assert done.stderr == ""
    for command, words in (([], "Usage: notify"), (["inbox"], "No such command 'inbox'"), (["send", "--web"], "--web")):
        done = run(tmp_path, *command)
        assert done.returncode == 2
        assert words in done.stderr
    assert re.fullmatch(r"notify \d+\.\d+\.\d+\n", run(tmp_path, "--version").stdout)


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("sned", "No such command 'sned'. Did you mean:  notify send"),
        ("STATUS", "No such command 'STATUS'. Did you mean:  notify status"),
        ("prev -n 2", "No such command 'prev'. Did you mean:  notify preview"),
        ("kontakte", "No such command 'kontakte'. Did you mean:  notify contacts"),
        ("ledger rolse", "No such command 'rolse'. Did you mean:  notify ledger roles"),
        ("ledger xyz", "No such command 'xyz'. There are move, roles, forget."),
        ("help", "No such command 'help'. Did you mean:  notify --help"),
        ("xyz", "No such command 'xyz'. There are init, contacts, preview,"),
        ("--limt 5 send", "--limt does not stand before a command. Did you mean:  notify send --limit"),
        ("--json status", "--json does not stand before a command. Did you mean:  notify status --json"),
        ("send --limt 5", "No such option '--limt'."),
        ("send -C .", "-C DIR stands before the command, as in:  notify -C DIR send"),
        ("send --batch viele", "'viele' is not a whole number, 1 or more."),
    ],
)
def test_mistyped(tmp_path: Path, command: str, words: str) -> None:
    """A command or an option that is not there is told with the one that was probably meant."""
    done = run(tmp_path, *command.split())
    assert done.returncode == 2
    assert words in done.stderr
    assert "--limit" in done.stderr or "--limt 5" not in command


def test_completion(tmp_path: Path) -> None:
    """The shells are given a script, and that script is given commands, options and choices."""
    for name in ("bash", "zsh", "fish"):
        script = run(tmp_path, environment={"_NOTIFY_COMPLETE": f"{name}_source"})
        assert script.returncode == 0
        assert f"_NOTIFY_COMPLETE={name}_complete" in script.stdout
    for words, number, offered in (
        ("notify re", 1, "plain,resolve"),
        ("notify send --re", 2, "plain,--retry-failed"),
        ("notify init --lang ", 3, "plain,de\nplain,en"),
    ):
        asked = {"_NOTIFY_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(number)}
        assert run(tmp_path, environment=asked).stdout.strip() == offered


def test_what_needs_no_table_does_not_load_one(tmp_path: Path) -> None:
    """Help and status load none of the slow libraries; an export with quotation marks is what pays for them."""
    folder = make_folder(tmp_path / "campaign", contacts='Anrede;Nachname;E-Mail\nFrau;"Muster";anna@example.com\n')
    loaded = {}
    for command in (["--help"], ["status"], ["preview"]):
        done = subprocess.run(
            [sys.executable, "-X", "importtime", "-m", "notify", "-C", str(folder), *command],
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
            check=True,
        )
        loaded[command[0]] = set(re.findall(r"\| +(\w+)$", done.stderr, re.MULTILINE))
    slow = {"pandas", "jinja2", "yagmail", "email_validator", "markdown_it", "aiosmtpd"}
    assert loaded["--help"] & (slow | {"rich", "sqlite3", "tomllib"}) == set()
    assert loaded["status"] & {"pandas", "jinja2", "yagmail"} == set()
    assert loaded["preview"] & slow >= {"pandas", "jinja2"}


@pytest.mark.file_ledger
def test_a_first_send_loads_no_more_than_it_needs(tmp_path: Path) -> None:
    """A plain list, a layout without rules and a sender that is as it was need few libraries, and not all checks."""
    needless = {"pandas", "chardet", "email_validator", "rich", "css_inline", "html.parser", "fractions", "statistics"}
    needless |= {"importlib.resources", "notify.checks.mail_clients", "notify.actions.mailbox_findings"}
    with ScriptedServer(tmp_path / "record") as server:
        folder = make_folder(tmp_path / "campaign", relay_port=server.port)
        (folder / "templates" / "change" / "layout.html").write_text("<html><body>{{ body }}</body></html>", "utf-8")
        done = subprocess.run(
            [sys.executable, "-X", "importtime", "-m", "notify", "-C", str(folder), "send", "--yes"],
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
            check=True,
        )
    assert len(server.accepted()) == 5
    assert needless.isdisjoint(re.findall(r"\| +([\w.]+)$", done.stderr, re.MULTILINE))


@pytest.mark.parametrize(("command", "status"), [("--help", 0), ("nothing", 2)])
def test_the_end_waits_for_what_is_left_and_no_longer(command: str, status: int) -> None:
    """Threads end, what was put off to the end is done, all is written; nothing of what was loaded is taken apart."""
    program = f"""
import atexit, sys, threading, time
from notify.__main__ import main

class Loaded:
    def __del__(self):
        print("taken apart")

def work():
    time.sleep(0.1)
    atexit.register(print, "put off", end="")

loaded = Loaded()
threading.Thread(target=work).start()
sys.argv = ["notify", "{command}"]
main()
"""
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=root)
    assert (done.returncode, done.stdout.endswith("put off"), "taken apart" in done.stdout) == (status, True, False)


def test_preview_of_an_address_as_it_stands_in_the_file(tmp_path: Path) -> None:
    """Whoever is sent to in ASCII is found under the name that people know."""
    folder = make_folder(tmp_path / "campaign", contacts="E-Mail\nida@müller.example\n")
    for address in ("ida@müller.example", "IDA@xn--mller-kva.example"):
        shown = run(folder, "preview", "--to", address)
        assert shown.returncode == 0
        assert "To: ida@xn--mller-kva.example\n" in shown.stdout
    assert run(folder, "preview", "--to", "ida@@müller.example").returncode == 65
