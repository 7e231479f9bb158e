"""Call-back codes as people meet them: in the message, at the telephone, in the status; and the secret nowhere."""

from __future__ import annotations

import base64
import json
import re
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from notify.actions.folder_ledger import ledger_of_folder
from notify.cli.exits import Exit
from notify.ledger import Versions, exists, open_store
from tests.audiences import AUDIENCE_OF_ALL
from tests.folders import make_folder, run
from tests.servers.scripted import Rule, ScriptedServer, say
from tests.telling import Tell, teller
from tests.unit.ledger.mailing import read

pytestmark = pytest.mark.both_ledgers

MESSAGE = """\
Subject: Konto, {{ code }}

{{ salutation }}

unsere neue IBAN ist {{ new.iban }}.

Prüfwort: {{ code }}
"""
_IBAN = 'iban = "DE89 3704 0044 0532 0130 00"\naccount_holder = "Muster PR"'


def _folder(path: Path, port: int | None, contacts: int | str = 3) -> Path:
    """Write a campaign that announces a bank account."""
    folder = make_folder(path, contacts=contacts, relay_port=port, message=MESSAGE)
    toml = folder / "notify.toml"
    old, new = 'email = "info@alt.example"\n[change.new]', 'email = "info@neu.example"\n\n[contacts]'
    text = toml.read_text("utf-8").replace(old, "[change.new]").replace(new, f"{_IBAN}\n\n[contacts]")
    toml.write_text(f"{text}\n[policy]\nworks_alone = true\n{AUDIENCE_OF_ALL}", "utf-8")
    return folder


def test_a_caller_is_told_no_more_than_the_message_told(tell: Tell, tmp_path: Path) -> None:
    """Who answers does not read an account to somebody who may not see it."""
    folder = _folder(
        tmp_path / "campaign", None, contacts="Nachname;E-Mail;Art\nA;a@example.com;K\nB;b@example.com;P\n"
    )
    toml, message = folder / "notify.toml", folder / "templates" / "change" / "message.de.md"
    some = AUDIENCE_OF_ALL.replace("everybody = true", 'where = \'row["Art"] == "K"\'')
    toml.write_text(toml.read_text("utf-8").replace(AUDIENCE_OF_ALL, some), "utf-8")
    asks = "{% if new.iban %}Konto {{ new.iban }}{% else %}Brief{% endif %}"
    message.write_text(MESSAGE.replace("unsere neue IBAN ist {{ new.iban }}.", asks), "utf-8")
    assert run(folder, "send", "--yes").returncode == 0
    kept = [message_from_bytes(path.read_bytes(), policy=default) for path in (folder / "outbox" / "new").iterdir()]
    codes = {str(one["To"].addresses[0].addr_spec): str(one["Subject"]).partition(", ")[2] for one in kept}
    said = {who: tell(folder, "verify", code).stdout for who, code in codes.items()}
    assert "ends in 3000" in said["a@example.com"]
    assert "3000" not in said["b@example.com"]
    assert "IBAN" not in said["b@example.com"]


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Tell:
    """Give what runs a command that does not send."""
    return teller(capsys)


def _sent(server: ScriptedServer) -> dict[str, str]:
    """Return the code that each recipient was sent, in the order of arrival."""
    return {message["to"].partition("@")[0]: message["subject"].partition(", ")[2] for message in server.accepted()}


@pytest.mark.both_ledgers("every day")
def test_a_call(tmp_path: Path, tell: Tell) -> None:
    """What arrives is what is found, previewed and counted; a forged code is an alarm with a status of its own."""
    with ScriptedServer(
        tmp_path / "record", rules=[Rule("rcpt", say("550 5.1.1 no such user"), to="p000003")]
    ) as server:
        folder = _folder(tmp_path / "campaign", server.port)
        assert "Muster 0000" in tell(folder, "preview", "-n", "1").stdout
        assert not exists(ledger_of_folder(folder))
        assert run(folder, "send", "--yes").returncode == Exit.SOME_FAILED
        codes = _sent(server)
    first, second = codes["p000001"], codes["p000002"]
    assert first != second
    previewed = tell(folder, "preview", "--to", "p000001@example.com").stdout
    assert f"Code: {first}\n" in previewed
    assert f"Prüfwort: {first}\n" in previewed

    called = tell(folder, "verify", *first.lower().split())
    assert called.status == Exit.DONE
    lines = called.stdout.splitlines()
    assert lines[0] == f'Genuine: "{first}" is the code of Vera1 Muster1 <p000001@example.com>.'
    assert lines[1] == "  Campaign   test"
    assert re.fullmatch(r"  Sent       \S+, through 127\.0\.0\.1:[0-9]+", lines[2])
    assert "IBAN: ends in 3000" in called.stdout
    assert "0532" not in called.stdout
    assert "Say the last four digits of the new account, 3 0 0 0, and let the caller compare them." in called.stdout
    assert "The call was noted." in called.stderr

    forged = tell(folder, "verify", "Ahron", "00000")
    assert forged.status == Exit.ALARM
    assert int(Exit.ALARM) == 67
    assert forged.stdout.startswith('Alarm: nobody was given the code "Ahron 00000".\n')
    assert 'No code has the word "ahron"; was it Heron or Ahorn?' in forged.stdout
    assert "pay nothing" in forged.stdout

    (refused,) = read(ledger_of_folder(folder), "SELECT printed FROM code WHERE recipient = 3")
    never = tell(folder, "verify", refused["printed"], "--json")
    assert never.status == Exit.ALARM
    answer = json.loads(never.stdout)
    assert (answer["verdict"], answer["status"], answer["sent"]) == ("not_sent", "failed", None)
    assert answer["announced"] == {
        "iban": {"old": "", "new": "3000"},
        "account_holder": {"old": "", "new": "Muster PR"},
    }
    assert "never sent: it is failed" in tell(folder, "verify", refused["printed"]).stdout

    status = json.loads(tell(folder, "status", "--json").stdout)
    assert (status["verified_by_phone"], status["alarms_by_phone"]) == (1, 3)
    assert re.search(
        r"verified by phone +1\n +alarms by phone +3:  notify verify --list", tell(folder, "status").stdout
    )
    calls = json.loads(tell(folder, "verify", "--list", "--json").stdout)
    assert [call["verified"] for call in calls] == [True, False, False, False]
    assert tell(folder, "verify", "--list").stdout.count("ALARM") == 3


def test_in_the_sandbox(tmp_path: Path, tell: Tell) -> None:
    """A rehearsal shows what will be: its codes are found, and it is said that they left no machine.

    A code of an earlier campaign is told apart from one of the campaign that stands in notify.toml.
    """
    folder = _folder(tmp_path / "campaign", None, contacts=1)
    assert "no code was given out here" in tell(folder, "verify", "Ahorn", "4271").stderr
    assert run(folder, "send").returncode == Exit.DONE
    [message] = (folder / "outbox" / "new").iterdir()
    first = re.findall("Subject: Konto, (.+)", message.read_text("utf-8"))[0]
    toml = folder / "notify.toml"
    toml.write_text(toml.read_text("utf-8").replace('id = "test"', 'id = "zweite"'), "utf-8")
    assert run(folder, "send").returncode == Exit.DONE
    codes = [row["printed"] for row in read(folder / "outbox" / "ledger.db", "SELECT printed FROM code")]
    assert (codes[0], len(set(codes))) == (first, 2)

    earlier = tell(folder, "verify", first)
    assert earlier.status == Exit.DONE
    assert "test (a rehearsal: its message never left this machine)" in earlier.stdout
    said = "It belongs to an earlier campaign, test; notify.toml is about zweite now."
    assert said in earlier.stdout
    assert said not in tell(folder, "verify", codes[1]).stdout
    # whoever answers the telephone needs no notify.toml
    toml.unlink()
    assert tell(folder, "verify", first).status == Exit.DONE


@pytest.mark.parametrize("words", [["verify"], ["verify", "--list", "Ahorn", "1"]])
def test_usage(tmp_path: Path, tell: Tell, words: list[str]) -> None:
    """A code or --list, not both and not neither."""
    assert tell(make_folder(tmp_path / "campaign"), *words).status == Exit.USAGE


def test_no_code(tmp_path: Path, tell: Tell) -> None:
    """What cannot be a code is no alarm: it was mistyped."""
    done = tell(make_folder(tmp_path / "campaign"), "verify", "4271")
    assert done.status == Exit.INPUT
    assert "a code is one word or more, then digits" in done.stderr


def test_the_secret_is_in_no_output(tmp_path: Path, tell: Tell) -> None:
    """The secret of the campaign stands in no message, on no screen and in no list, in whatever form."""
    folder = _folder(tmp_path / "campaign", None, contacts=2)
    toml = folder / "notify.toml"
    toml.write_text(
        toml.read_text("utf-8").replace('id = "test"', 'id = "test"\nkind = "newsletter"')
        + '\n[newsletter]\nunsubscribe = "https://muster.example/{token}"\n',
        "utf-8",
    )
    (folder / "templates" / "change" / "message.de.md").write_text(MESSAGE + "\n{{ unsubscribe }}\n", "utf-8")
    commands = [
        *(["preview", "--json"], ["preview", "--out", "preview"], ["status", "--json"]),
        *(["log", "--json"], ["log", "--csv", "log.csv"], ["verify", "Ahorn", "1", "--json"], ["verify", "--list"]),
    ]
    sent = run(folder, "send", "--json", environment={"NOTIFY_DEBUG": "1"})
    outputs = [sent.stdout.encode(), sent.stderr.encode()]
    for command in commands:
        done = tell(folder, *command)
        outputs += [done.stdout.encode(), done.stderr.encode()]
    outputs += [path.read_bytes() for path in folder.rglob("*") if path.is_file() and "ledger.db" not in path.name]
    with open_store(folder / "outbox" / "ledger.db") as store:
        record = Versions(store).find("test")
        assert record is not None
    forms = [record.secret, record.secret.hex().encode(), base64.b64encode(record.secret)[:40]]
    assert len(outputs) > 20
    assert not [output for output in outputs if any(form in output for form in (*forms, forms[1].upper()))]
    assert any(b"List-Unsubscribe-Post" in output for output in outputs)
