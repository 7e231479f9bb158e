"""Who would see a detail: counted in the messages themselves, by audience."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from notify.cli.exits import Exit
from notify.ledger import Enrolled
from tests.campaign import Folder
from tests.folders import make_folder, run
from tests.servers.scripted import ScriptedServer
from tests.telling import Tell, teller

pytestmark = pytest.mark.both_ledgers

IBAN = 'iban = "DE89 3704 0044 0532 0130 00"\naccount_holder = "Anna Muster"'
PEOPLE = (
    "Nachname;E-Mail;Gruppe\nAhorn;anna@example.com;Kunde\nBirke;ben@example.com;Presse\nEibe;eva@example.com;Kunde\n"
)
MORE = "Nachname;E-Mail;Gruppe\nFichte;fin@example.com;\n"
TEXT = """\
Subject: Neues

{{ salutation }}

{% if new.iban %}Konto: {{ new.iban }}{% else %}Es kommt ein Brief.{% endif %}
"""
CUSTOMERS = """
[[audience]]
name = "Kunden"
sees = ["IBAN", "Kontoinhaber"]
where = 'row["Gruppe"] == "Kunde"'
"""


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Tell:
    """Give what runs a command that sends nothing."""
    return teller(capsys)


def folder(path: Path, audiences: str = CUSTOMERS, text: str = TEXT, port: int | None = None) -> Path:
    """Write a campaign that announces an account to some."""
    made = make_folder(path, contacts=PEOPLE, message=text, more=audiences, relay_port=port)
    toml = made / "notify.toml"
    toml.write_text(toml.read_text("utf-8").replace('email = "info@neu.example"\n', f"{IBAN}\n", 1), "utf-8")
    return made


def test_by_audience(tell: Tell, tmp_path: Path) -> None:
    """Members of the audience see it, nobody else; the German word of a detail is understood."""
    made = folder(tmp_path / "c")
    told = tell(made, "check", "--who-sees", "IBAN")
    assert told.status == 0, told.stderr
    assert "iban: 2 of 3 recipients would see it" in told.stdout
    assert "Kunden: 2 of 2" in told.stdout
    assert "in no audience: 0 of 1" in told.stdout
    assert "anna@example.com" in told.stdout
    assert "ben@example.com" not in told.stdout
    found = json.loads(tell(made, "check", "--who-sees", "Kontoinhaber", "--json").stdout)
    assert (found["detail"], found["recipients"], found["sees"]) == ("account_holder", 3, 0)
    found = json.loads(tell(made, "check", "--who-sees", "iban", "--json").stdout)
    assert found["audiences"][0] == {"names": ["Kunden"], "recipients": 2, "sees": 2, "not_made": 0}
    assert [who["to"] for who in found["who"]] == ["anna@example.com", "eva@example.com"]


def test_it_looks_at_the_messages_and_not_at_the_settings(tell: Tell, tmp_path: Path) -> None:
    """Who may see it and is not told, does not see it; whose message cannot be made is counted."""
    silent = folder(tmp_path / "silent", text="Subject: Neues\n\n{{ salutation }}\n\nEs kommt ein Brief.\n")
    assert "iban: 0 of 3 recipients" in tell(silent, "check", "--who-sees", "iban").stdout
    typed = folder(tmp_path / "typed", text="Subject: Neues\n\n{{ salutation }}\n\nDE89370400440532013000\n")
    told = tell(typed, "check", "--who-sees", "iban")
    assert told.status == Exit.INPUT
    assert "Kunden: 2 of 2" in told.stdout
    assert "1 message cannot be made" in told.stdout


def test_all_of_many(tell: Tell, tmp_path: Path) -> None:
    """The first are named, and the others counted, until all are asked for."""
    made = folder(tmp_path / "c")
    rows = "".join(f"Ahorn;a{number}@example.com;Kunde\n" for number in range(12))
    (made / "contacts" / "people.csv").write_text(PEOPLE + rows, "utf-8")
    few = tell(made, "check", "--who-sees", "iban").stdout
    assert "… and 4 more" in few
    assert "a11@example.com" not in few
    assert "a11@example.com" in tell(made, "check", "--who-sees", "iban", "--all").stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--who-sees", "ibam"), 'did you mean "iban"?'),
        (("--who-sees", "Schuhgröße"), "there are name"),
        (("--all",), "--all belongs to --who-sees"),
    ],
)
def test_what_cannot_be_asked(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    """A detail that there is not is said, with the nearest."""
    told = run(folder(tmp_path / "c"), "check", *arguments)
    assert told.returncode == Exit.USAGE
    assert words in told.stderr


@pytest.mark.parametrize(
    ("audience", "words"),
    [
        ('name = "x"\nsees = ["fax"]\nwhere = \'row["Grupe"] == "x"\'', 'row["Gruppe"]'),
        ('name = "x"\nsees = ["fax"]\nfiles = ["contacts/nobody.csv"]', "is none of the contact files"),
    ],
)
def test_an_audience_that_must_be_mended(tell: Tell, tmp_path: Path, audience: str, words: str) -> None:
    """Each is said by its line, with the mend."""
    told = tell(folder(tmp_path / "c", f"\n[[audience]]\n{audience}\n"), "preview")
    assert told.status == Exit.CONFIG
    assert words in " ".join(told.stderr.split())


def test_how_many_may_not_see_what_stands_on_a_line(tell: Tell, tmp_path: Path) -> None:
    """Nothing is sent; the line is named, and how many are told too much by it."""
    made = folder(tmp_path / "c", text="Subject: Neues\n\n{{ salutation }}\n\nKonto: {{ new.iban }}\n")
    rows = "".join(f"Ahorn;a{number}@example.com;Presse\n" for number in range(20))
    (made / "contacts" / "people.csv").write_text(PEOPLE + rows, "utf-8")
    for command in (("send",), ("preview",), ("check", "--offline")):
        told = tell(made, *command)
        said = " ".join((told.stdout + told.stderr).split())
        assert told.status == Exit.INPUT, said
        assert (
            "templates/change/message.de.md:5: new.iban may not be seen by 21 recipients: contacts/people.csv:3,"
            in said
        )
    assert not (made / "outbox" / "new").exists()


def test_a_file_is_an_audience(tell: Tell, tmp_path: Path) -> None:
    """Whoever stands in it belongs to it."""
    made = folder(
        tmp_path / "c", '\n[[audience]]\nname = "x"\nsees = ["iban", "account_holder"]\nfiles = ["contacts/mo*.CSV"]\n'
    )
    (made / "contacts" / "more.csv").write_text(MORE, "utf-8")
    found = json.loads(tell(made, "check", "--who-sees", "iban", "--json").stdout)
    assert [who["to"] for who in found["who"]] == ["fin@example.com"]


def test_the_question_says_who_sees_it(tell: Tell, tmp_path: Path) -> None:
    """Before anything leaves, whoever sends reads for whom the account is."""
    made = folder(tmp_path / "c")
    said = tell(made, "send", "--dry-run").stderr
    assert 'Seen by  only "Kunden": iban, account_holder:  notify check --who-sees iban' in said


def test_what_leaves(tmp_path: Path) -> None:
    """What a relay is handed has the account for the members of its audience, and for nobody else."""
    text = TEXT.replace("Neues", "{% if new.iban %}{{ new.iban }}{% else %}Brief{% endif %}")
    with ScriptedServer(tmp_path / "record") as server:
        made = folder(tmp_path / "c", f"\n[policy]\nworks_alone = true\n{CUSTOMERS}", text, port=server.port)
        sent = run(made, "send", "--yes")
        assert sent.returncode == 0, sent.stderr
        told = {one["to"]: one["subject"] for one in server.accepted()}
    assert {who: "DE89" in subject for who, subject in told.items()} == {
        "anna@example.com": True,
        "ben@example.com": False,
        "eva@example.com": True,
    }


def test_an_account_that_nobody_would_be_told_of(tmp_path: Path) -> None:
    """A text that leaves it out by its condition is refused through a relay, unless that is meant."""
    with ScriptedServer(tmp_path / "record") as server:
        made = folder(tmp_path / "c", "\n[policy]\nworks_alone = true\n", port=server.port)
        refused = run(made, "send", "--yes")
        assert refused.returncode == Exit.CONFIG
        assert "iban and account_holder change, and nobody may see that" in " ".join(refused.stderr.split())
        assert not server.accepted()
        assert run(made, "send", "--yes", "--accept", "withheld-from-all").returncode == 0
        assert len(server.accepted()) == 3


def test_a_file_that_is_not_looked_into(tell: Tell, tmp_path: Path) -> None:
    """A PDF may tell what its readers may not see: it is named, and nothing more is claimed."""
    made = folder(tmp_path / "c", text=TEXT.replace("\n\n", "\nAttachment: konto.pdf\n\n", 1))
    (made / "konto.pdf").write_bytes(b"%PDF-1.4")
    found = json.loads(tell(made, "check", "--offline", "--json").stdout)["findings"]
    notes = [finding for finding in found if finding["name"] == "unread-attachment"]
    assert [(finding["severity"], finding["where"]) for finding in notes] == [("note", "konto.pdf")]


def test_the_next_enrolment_knows_who_has_changed_sides(tmp_path: Path) -> None:
    """A row that says something else, a correction, and another rule are seen; what is as it was is not made anew."""
    made = Folder(tmp_path / "c", people=PEOPLE, more=CUSTOMERS, real=False)
    made.message.write_text(TEXT, "utf-8")
    made.edit(made.toml, 'email = "info@neu.example"\n', f"{IBAN}\n")
    made.enrol()
    told = {}
    for step, (old, new) in enumerate([("x", "x"), ("ben@example.com;Presse", "ben@example.com;Kunde")]):
        made.people.write_text(made.people.read_text("utf-8").replace(old, new), "utf-8")
        told[step] = {key: count for key, count in made.enrol().counts.items() if count}
    assert told[0] == {Enrolled.KNOWN: 3}
    assert told[1] == {Enrolled.KNOWN: 2, Enrolled.UPDATED: 1}
