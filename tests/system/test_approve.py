"""``notify approve`` as users meet it: shown, given by name, and asked for before anything leaves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from notify.cli.exits import Exit
from tests import ledgers
from tests.audiences import AUDIENCE_OF_ALL
from tests.folders import counts, make_folder, run
from tests.servers.scripted import ScriptedServer
from tests.telling import Tell, teller

pytestmark = pytest.mark.both_ledgers

PEOPLE = """\
Anrede;Nachname;E-Mail
Frau;Muster;anna@example.com
Herr;Beispiel;ben@example.com
"""
_ACCOUNT = f'iban = "DE89 3704 0044 0532 0130 00"\naccount_holder = "Muster PR"\n{AUDIENCE_OF_ALL}'
_MAIL = 'email = "info@neu.example"'


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Tell:
    """Give what runs a command that sends nothing."""
    return teller(capsys)


def _folder(path: Path, port: int, *, approval: str = "", account: bool = False, policy: str = "") -> Path:
    """Write a campaign with a relay."""
    more = f'approval = "{approval}"\n' * bool(approval) + policy
    folder = make_folder(path, contacts=PEOPLE, relay_port=port, more=more)
    if account:
        toml = folder / "notify.toml"
        head, new, tail = toml.read_text("utf-8").partition(_MAIL)
        toml.write_text(
            head.replace('[change.old]\nemail = "info@alt.example"\n', "") + _ACCOUNT + tail,
            "utf-8",
        )
        assert new
        message = folder / "templates" / "change" / "message.de.md"
        message.write_text(message.read_text("utf-8").replace("new.email", "new.iban"), "utf-8")
    return folder


@pytest.mark.both_ledgers("every day")
def test_required(tell: Tell, tmp_path: Path) -> None:
    """What was not approved does not leave; approved once, it leaves in as many runs as it takes."""
    with ScriptedServer(tmp_path / "record") as server:
        folder = _folder(tmp_path / "campaign", server.port, approval="required")
        refused = run(folder, "send", "--yes")
        assert refused.returncode == Exit.INPUT
        assert 'This was not approved, and [send] says approval = "required".' in refused.stderr
        assert "notify approve" in refused.stderr
        assert not server.accepted()
        approved = tell(folder, "approve", "--by", "Anna Muster", "--yes", "--json")
        assert approved.status == 0, approved.stderr
        said = json.loads(approved.stdout)
        assert (said["name"], said["recipients"], said["missing"], said["alone"]) == ("Anna Muster", 2, 0, False)
        assert "E-mail: info@neu.example (before: info@alt.example)" in approved.stderr
        assert run(folder, "send", "--yes", "--limit", "1").returncode == Exit.AGAIN_LATER
        assert "Approved by Anna Muster (" in tell(folder, "send", "--dry-run").stderr
        assert run(folder, "send", "--yes").returncode == 0
        assert len(server.accepted()) == 2
    status = tell(folder, "status")
    assert "approved: Anna Muster (" in status.stderr
    document = json.loads(tell(folder, "status", "--json").stdout)
    assert (document["approvals_needed"], document["approvals"][0]["name"]) == (1, "Anna Muster")
    first, *others = map(json.loads, tell(folder, "log", "--json").stdout.splitlines())
    assert (first["status"], first["reply"].partition(" (")[0]) == ("approved", "approved: Anna Muster")
    assert [entry["status"] for entry in others] == ["sent", "sent"]
    assert "approved: Anna Muster (" in tell(folder, "log").stdout.splitlines()[0]
    assert tell(folder, "log", "--failed").stdout == ""


def test_changed_since(tell: Tell, tmp_path: Path) -> None:
    """A message that nobody has seen does not leave: says what has changed, and for whom."""
    with ScriptedServer(tmp_path / "record") as server:
        folder = _folder(tmp_path / "campaign", server.port, approval="required")
        assert tell(folder, "approve", "--by", "Anna Muster", "--yes").status == 0
        people, message = folder / "contacts" / "people.csv", folder / "templates" / "change" / "message.de.md"
        people.write_text(PEOPLE.replace("Beispiel", "Anders") + "Frau;Probe;cora@example.com\n", "utf-8")
        refused = run(folder, "send", "--yes")
        assert refused.returncode == Exit.INPUT
        said = " ".join(refused.stderr.split())
        assert "This is not what Anna Muster approved on 20" in said
        assert "1 recipient did not stand in the contact files then" in said
        assert "1 recipient had other values then" in said
        assert "contacts/people.csv:3: ben@example.com has other values" in said
        assert "contacts/people.csv:4: cora@example.com is new" in said
        people.write_text(PEOPLE, "utf-8")
        text = message.read_text("utf-8")
        message.write_text(text.replace("erreichen Sie uns", "erreicht man uns"), "utf-8")
        again = tell(folder, "approve", "--by", "Anna Muster", "--yes")
        assert "Changed since it was approved by Anna Muster, " in again.stderr
        assert "+ab dem {{ effective }} erreicht man uns unter {{ new.email }}." in again.stderr
        message.write_text(text, "utf-8")
        assert run(folder, "send", "--yes").returncode == Exit.INPUT
        message.write_text(text.replace("erreichen Sie uns", "erreicht man uns"), "utf-8")
        assert run(folder, "send", "--yes").returncode == 0
        assert len(server.accepted()) == 2


def test_a_new_iban_wants_two_people(tell: Tell, tmp_path: Path) -> None:
    """Two names, or the word of the user that there is one only, which the log then says."""
    with ScriptedServer(tmp_path / "record") as server:
        folder = _folder(tmp_path / "campaign", server.port, account=True)
        refused = run(folder, "send", "--yes")
        assert refused.returncode == Exit.INPUT
        assert "This was not approved, and a new IBAN needs the approval of two people." in refused.stderr
        assert "works_alone = true" in refused.stderr
        assert "Nothing leaves yet, as a new IBAN needs" in tell(folder, "status").stderr
        approved = tell(folder, "approve", "--by", "Anna Muster", "--yes")
        assert "IBAN: DE89 3704 0044 0532 0130 00" in approved.stderr
        assert "One more person must approve it" in approved.stderr
        same = tell(folder, "approve", "--by", "anna  MUSTER", "--yes")
        assert "Anna Muster has approved this already" in same.stderr
        refused = run(folder, "send", "--yes")
        assert refused.returncode == Exit.INPUT
        assert "Anna Muster has approved this, and nobody else" in refused.stderr
        assert not server.accepted()
        second = tell(folder, "approve", "--by", "Ben Beispiel", "--yes")
        assert "What is approved may leave:  notify send" in second.stderr
        assert run(folder, "send", "--yes").returncode == 0
        assert len(server.accepted()) == 2


def test_whoever_works_alone(tell: Tell, tmp_path: Path) -> None:
    """Says so once; each question and the log repeat it, the log once for what is sent."""
    with ScriptedServer(tmp_path / "record") as server:
        folder = _folder(tmp_path / "campaign", server.port, account=True, policy="\n[policy]\nworks_alone = true\n")
        for limit in (["--limit", "1"], []):
            sent = run(folder, "send", "--yes", *limit)
            assert "Alone    nobody else has approved the new IBAN: works_alone in [policy]" in sent.stderr
        assert len(server.accepted()) == 2
    entries = [json.loads(line)["status"] for line in tell(folder, "log", "--json").stdout.splitlines()]
    assert entries == ["sent_alone", "sent", "sent"]
    assert "sent alone, with nobody to approve it: " in tell(folder, "status").stderr
    assert json.loads(tell(folder, "status", "--json").stdout)["approvals"][0]["alone"] is True
    toml, people = folder / "notify.toml", folder / "contacts" / "people.csv"
    toml.write_text(toml.read_text("utf-8").replace("works_alone = true", ""), "utf-8")
    people.write_text(PEOPLE + "Frau;Probe;cora@example.com\n", "utf-8")
    assert "This was not approved, and a new IBAN needs" in run(folder, "send", "--yes").stderr


def test_rehearsals_need_none(tell: Tell, tmp_path: Path) -> None:
    """The sandbox and a dry run ask nobody; what is approved before there is a relay stays so when there is one."""
    folder = _folder(tmp_path / "campaign", 9, account=True)
    dry = tell(folder, "send", "--dry-run", "--json")
    assert dry.status == 0
    assert json.loads(dry.stdout)["approval"] == {"people": 2, "missing": 2, "alone": False, "by": []}
    assert "Approved not yet:  notify approve" in dry.stderr
    toml = folder / "notify.toml"
    text = toml.read_text("utf-8")
    toml.write_text(ledgers.without_relay(text), "utf-8")
    assert run(folder, "send").returncode == 0
    assert counts(folder) == {"sent": 2}
    for name in ("Anna Muster", "Ben Beispiel"):
        assert tell(folder, "approve", "--by", name, "--yes").status == 0
    toml.write_text(text, "utf-8")
    assert json.loads(tell(folder, "send", "--dry-run", "--json").stdout)["approval"]["missing"] == 0


@pytest.mark.parametrize("arguments", [(), ("--yes",), ("--by", "Anna")])
def test_nobody_to_ask(tell: Tell, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Without a terminal both the name and the word must be given, and a name has letters."""
    folder = _folder(tmp_path / "campaign", 9)
    assert tell(folder, "approve", *arguments).status == Exit.USAGE
    assert tell(folder, "approve", "--yes", "--by", " \u202e42 ").status == Exit.INPUT
    assert json.loads(tell(folder, "status", "--json").stdout)["approvals"] == []


@pytest.mark.file_ledger
def test_an_approval_of_another_folder(tell: Tell, tmp_path: Path) -> None:
    """A ledger that is copied into another campaign brings no approval along."""
    first, second = (_folder(tmp_path / name, 9, approval="required") for name in ("first", "second"))
    assert tell(first, "approve", "--by", "Anna Muster", "--yes").status == 0
    toml = second / "notify.toml"
    toml.write_text(toml.read_text("utf-8").replace('id = "test"', 'id = "another"'), "utf-8")
    (second / "ledger.db").write_bytes((first / "ledger.db").read_bytes())
    assert json.loads(tell(second, "send", "--dry-run", "--json").stdout)["approval"]["missing"] == 1
    assert json.loads(tell(first, "send", "--dry-run", "--json").stdout)["approval"]["missing"] == 0
