"""Du and Sie as a user meets them: what is told and what is refused, before anything has left."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from notify.cli.exits import Exit
from tests.folders import counts, kept, make_folder, run
from tests.servers.scripted import ScriptedServer

pytestmark = pytest.mark.both_ledgers

PEOPLE = """\
Anrede;Vorname;Nachname;E-Mail;Duzen;Gruppe
Frau;Anna;Muster;anna@example.com;x;Freunde
Herr;Ben;Beispiel;ben@example.com;;Kunden
Frau;Cora;Probe;cora@example.com;vielleicht;Kunden
"""
TOLD = "1 recipient is greeted with Du, and in German there is only a text with Sie: templates/change/message.de.md."
MEND = "Write the text with Du:  templates/change/message.de.du.md"
UNCLEAR = 'contacts/people.csv:4: the form "vielleicht" says neither Sie nor Du, so it does not count (1 row)'
DU = "Subject: Für Dich\n\n{{ salutation }}\n\nDu erreichst uns unter {{ new.email }}.\n"


def _one_line(text: str) -> str:
    """Return what was said without the breaks of its lines."""
    return " ".join(text.split())


WAYS = [
    ["--yes"],
    ["--test", "me@example.com"],
    pytest.param(["--dry-run"], marks=pytest.mark.long),
    pytest.param(["--only", "ben@example.com", "--yes"], marks=pytest.mark.long),
]


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
def test_without_a_text(tmp_path: Path, way: list[str]) -> None:
    """Whatever way it would be sent, it is refused before a connection."""
    with ScriptedServer(tmp_path / "record") as server:
        folder = make_folder(tmp_path / "campaign", contacts=PEOPLE, relay_port=server.port)
        refused = run(folder, "send", *way)
        assert (refused.returncode, refused.stdout) == (Exit.INPUT, ""), refused.stderr
        said = _one_line(refused.stderr)
        for told in (TOLD, "contacts/people.csv:2: anna@example.com: Liebe Anna,", _one_line(MEND)):
            assert told in said
        assert (server.accepted(), counts(folder)) == ([], {})


def test_previewed_without_a_text(tmp_path: Path) -> None:
    """A preview shows the others, and says who has no text, where the other one stands, and which to write."""
    shown = run(make_folder(tmp_path / "campaign", contacts=PEOPLE), "preview")
    assert shown.returncode == 0
    assert ("ben@example.com" in shown.stdout, "anna@example.com" in shown.stdout) == (True, False)
    assert all(_one_line(told) in _one_line(shown.stderr) for told in (TOLD, MEND, UNCLEAR))


def test_with_a_text(tmp_path: Path) -> None:
    """Each reader gets the own text; the question counts the readers of each, and JSON has form and cohorts."""
    folder = make_folder(tmp_path / "campaign", contacts=PEOPLE, more="\ndu = 'row.Gruppe == \"Freunde\"'\n")
    (folder / "templates/change/message.de.du.md").write_text(DU, "utf-8")
    report = run(folder, "contacts")
    assert f"Forms that say neither Sie nor Du:\n  {UNCLEAR}" in report.stdout
    assert "1 recipient is greeted with Du." in report.stderr
    previewed = json.loads(run(folder, "preview", "--json").stdout)
    assert [(message["form"], message["subject"][:8]) for message in previewed] == [
        ("Du", "Für Dich"),
        ("Sie", "Neue E-M"),
        ("Sie", "Neue E-M"),
    ]
    dry = run(folder, "send", "--dry-run", "--json")
    assert json.loads(dry.stdout)["cohorts"] == {"de": 2, "de.du": 1}
    for told in ("(German with Sie, to 2)", "Für Dich  (German with Du, to 1)", UNCLEAR):
        assert told in dry.stderr
    sent = run(folder, "send")
    assert sent.returncode == 0, sent.stderr
    du, *sie = sorted(kept(folder), key=lambda octets: b"anna@example.com" not in octets)
    assert b"Du erreichst uns" in du
    assert all(b"erreichen Sie uns" in octets for octets in sie)


@pytest.mark.long
def test_exported_and_read_back(tmp_path: Path) -> None:
    """The cleaned list says Du of everybody who is greeted so, for whatever reason, and is read back as the same."""
    folder = make_folder(tmp_path / "campaign", contacts=PEOPLE, more="\ndu = 'row.Gruppe == \"Kunden\"'\n")
    assert run(folder, "contacts", "--export", "cleaned.csv").returncode == 0
    other = make_folder(tmp_path / "other", contacts=(folder / "cleaned.csv").read_text("utf-8-sig"))
    documents = [json.loads(run(place, "contacts", "--json").stdout) for place in (folder, other)]
    assert [[finding["name"] for finding in document["findings"]] for document in documents] == [["unclear-form"], []]
    forms = [
        {contact["address"]: (contact["form"], contact["salutation"]) for contact in document["contacts"]}
        for document in documents
    ]
    assert forms[0] == forms[1]
    assert {form for form, _ in forms[0].values()} == {"Du"}
