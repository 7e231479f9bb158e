"""Who belongs to an audience, and who would see a detail: found in the messages themselves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from notify.actions.change import announced_to, parts_of
from notify.actions.preview import admitted, previewed
from notify.actions.roster import read_roster
from notify.actions.who_sees import who_sees
from notify.errors import ConfigError, WithheldError
from tests.campaign import Folder

pytestmark = pytest.mark.both_ledgers

PEOPLE = """\
Nachname;E-Mail;Gruppe
Ahorn;anna@example.com;Kunde
Birke;ben@example.com;Presse
"""
IBAN = 'iban = "DE89 3704 0044 0532 0130 00"\naccount_holder = "Anna Muster"\n'
SOME = """
[[audience]]
name = "Kunden"
sees = ["iban", "account_holder"]
where = 'row["Gruppe"] == "Kunde"'

[[audience]]
name = "Haus"
sees = ["phone"]
files = ["contacts/*.CSV"]
"""


def folder(path: Path, more: str = SOME, text: str = "Subject: x\n\n{{ new.iban or 'Brief' }}\n") -> Folder:
    """Write a campaign that announces an account to some."""
    made = Folder(path / "c", people=PEOPLE, more=more, real=False)
    made.edit(made.toml, 'email = "info@neu.example"\n', IBAN)
    made.message.write_text(text, "utf-8")
    return made


def seen(made: Folder, detail: str = "iban") -> list[tuple[str, tuple[str, ...], bool, bool]]:
    """Return for everybody the audiences, whether the detail is seen, and whether there is a message."""
    found = who_sees(made.prepared(), detail, iter)
    return [(one.recipient.address[:4], one.recipient.audiences, one.sees, one.is_made) for one in found]


def test_who_sees_it(tmp_path: Path) -> None:
    """A condition and a file make members."""
    assert seen(folder(tmp_path)) == [
        ("anna", ("Kunden", "Haus"), True, True),
        ("ben@", ("Haus",), False, True),
    ]


def test_the_page_shows_what_is_sent(tmp_path: Path) -> None:
    """Whoever is looked at in the browser is who was read: what a message depends on is kept with them."""
    prepared = folder(tmp_path).prepared()
    roster = read_roster(prepared, lambda _: None)
    kept = [replace(one, person="", shared_salutation="") for _, one in roster.recipients()]
    assert kept == [replace(one, person="", shared_salutation="") for one in admitted(prepared, iter)]
    assert [one.audiences for one in kept] == [("Kunden", "Haus"), ("Haus",)]
    texts = [previewed(prepared, one).content.text for one in kept]
    assert ["DE89" in text for text in texts] == [True, False]


def test_whose_message_cannot_be_made(tmp_path: Path) -> None:
    """They see nothing, and are told apart."""
    made = folder(tmp_path, text="Subject: x\n\n{{ new.iban }}\n")
    assert [one[2:] for one in seen(made)] == [(True, True), (False, False)]
    with pytest.raises(WithheldError, match=r"may not be seen by 1 recipient: contacts/people\.csv:3") as caught:
        made.enrol()
    assert [problem.where for problem in caught.value.problems] == ["templates/change/message.de.md:3"]


def test_what_somebody_was_told_can_be_told_later(tmp_path: Path) -> None:
    """From what the ledger keeps of a version, without notify.toml."""
    parts = parts_of(folder(tmp_path).prepared())
    assert announced_to(parts, ["Kunden"]).new.iban
    assert not announced_to(parts, ["Haus"]).new.iban
    everybody = parts_of(
        folder(tmp_path / "all", SOME.replace('where = \'row["Gruppe"] == "Kunde"\'', "everybody = true")).prepared()
    )
    assert announced_to(everybody, []).new.iban
    assert not announced_to({**everybody, "audiences": ""}, ["Kunden"]).new.iban


def test_a_file_that_is_none_of_the_contacts(tmp_path: Path) -> None:
    """It is said, with those that there are."""
    with pytest.raises(ConfigError, match="is none of the contact files") as caught:
        folder(tmp_path, SOME.replace("*.CSV", "nobody.csv")).prepared()
    assert "contacts/people.csv" in caught.value.hint
