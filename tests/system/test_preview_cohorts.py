"""``notify preview --cohorts``: one message of each text, and of each recipient who stands out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.folders import make_folder, run
from tests.system.test_send_test import PEOPLE, TEXT

pytestmark = pytest.mark.both_ledgers


def test_one_of_each(tmp_path: Path) -> None:
    """People read for whom each stands, programs the same as keys, and as files there is one for each."""
    folder = make_folder(tmp_path / "campaign", contacts=PEOPLE, message=TEXT)
    shown = run(folder, "preview", "--cohorts")
    assert shown.returncode == 0, shown.stderr
    assert "There are 2 texts, by language, form and branches of the template." in shown.stderr
    heads = [line.strip("─ ") for line in shown.stdout.splitlines() if line.startswith("──")]
    assert heads == [
        "1 ── de Sie, branch 1 of 2, for 2 recipients ── contacts/people.csv:2",
        "2 ── de Sie, branch 2 of 2, for 1 recipient ── contacts/people.csv:3",
    ]
    first, second = json.loads(run(folder, "preview", "--cohorts", "--json").stdout)
    assert first["cohort"] == {"language": "de", "form": "Sie", "branch": 1, "branches": 2, "recipients": 2}
    assert (first["to"], first["stands_for"], first["stands_out"]) == ("anna@example.com", 2, [])
    assert (second["to"], second["stands_for"]) == ("ben@example.com", 1)
    assert "Wrote 2 messages" in run(folder, "preview", "--cohorts", "--out", "seen").stderr
    assert run(folder, "preview", "--cohorts", "--to", "anna@example.com").returncode == 2


def test_what_is_wrong_is_said_of_all(tmp_path: Path) -> None:
    """Whoever is not shown is looked at all the same."""
    people = PEOPLE + "Frau;Muster;dora@example.com;A\n"
    text = TEXT + "{% if contact.email == 'dora@example.com' %}Hallo {Vorname}.{% endif %}\n"
    shown = run(make_folder(tmp_path / "campaign", contacts=people, message=text), "preview", "--cohorts", "-n", "1")
    assert "branch 1 of 3" in shown.stdout
    assert "Vorname" not in shown.stdout
    assert '"{Vorname}" stands in the text' in shown.stderr
