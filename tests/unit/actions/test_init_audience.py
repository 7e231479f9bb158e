"""Who gets the new bank details, as the guided set-up asks it: what an answer means, and what is written of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from notify.actions.init_audience import read_reach
from notify.actions.prepare import prepare
from notify.core.bilingual import BilingualError
from tests.unit.actions.test_init_walk import LEAST, Person, _walk, _written

PEOPLE = "Nachname;E-Mail;Gruppe\nAhorn;anna@example.com;Kunde\nBirke;ben@example.com;Presse\n"
BANK = {"changes": "bank", "new.iban": "DE02 1203 0000 0000 2020 51", "kept.phone": "+49 40 333333"}


@pytest.mark.parametrize("line", ["alle", "Everybody", "all", ""])
@pytest.mark.parametrize("language", ["de", "en"])
def test_everybody(tmp_path: Path, line: str, language: str) -> None:
    """It is what Enter takes; the section stands in the file all the same, so that it is said."""
    answers = _walk(tmp_path, {**LEAST, **BANK} | ({"bank_to": line} if line else {}), language=language)
    (audience,) = _written(tmp_path, answers).audiences
    assert (audience.sees, audience.everybody, audience.where) == (("iban", "account_holder"), True, "")


def test_a_column(tmp_path: Path) -> None:
    """Only those who have the value in it see the account."""
    (tmp_path / "liste.csv").write_text(PEOPLE, "utf-8")
    options = {**LEAST, **BANK, "contacts": str(tmp_path / "liste.csv"), "bank_to": "Gruppe = Kunde"}
    settings = _written(tmp_path, _walk(tmp_path, options))
    prepared = prepare(settings)
    contacts = [contact for source in prepared.sources for contact in source]
    admitted = [one for contact in contacts for one in prepared.selection.admit(contact)]  # type: ignore[arg-type]  # none is rejected
    # nothing would be left to tell the others, so that they are left out
    assert [prepared.selection.belongs(contact) for contact in contacts] == [True, False]  # type: ignore[arg-type]  # as above
    assert [one.audiences for one in admitted] == [("Kunde",), ()]  # type: ignore[union-attr]  # as above


def test_the_others_are_told_what_else_changes(tmp_path: Path) -> None:
    """With an address that changes, too, there is something to tell them."""
    address = {"old.street": "Altweg 1", "new.street": "Neuweg 2", "new.postcode": "20099", "new.city": "Hamburg"}
    options = {**LEAST, **BANK, **address, "changes": "bank,address", "bank_to": "Gruppe=Kunde"}
    settings = _written(tmp_path, _walk(tmp_path, options))
    assert settings.audiences[0].where
    assert not settings.contacts.where


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Kunden", "neither"),
        ("=Kunde", "neither"),
        ("Grupe=Kunde", "did you mean Gruppe?"),
        ("Stadt=Ulm", "did you mean Nachname, E-Mail, Gruppe?"),
    ],
)
def test_what_is_no_answer(tmp_path: Path, line: str, words: str) -> None:
    """It is said, with the columns that there are; then it is asked again."""
    (tmp_path / "liste.csv").write_text(PEOPLE, "utf-8")
    person = Person({"bank_to": [line, "alle"]})
    options = {**LEAST, **BANK, "contacts": str(tmp_path / "liste.csv")}
    assert _written(tmp_path, _walk(tmp_path, options, person)).audiences[0].everybody
    ((name, reason),) = person.refused
    assert name == "bank_to"
    assert words in reason


def test_it_is_asked_of_a_bank_account_alone(tmp_path: Path) -> None:
    """Nobody else is asked, and no section is written."""
    options = {**LEAST, "changes": "phone", "new.phone": "+49 40 222222"}
    assert _written(tmp_path, _walk(tmp_path, options)).audiences == ()


def test_quotes_are_written_as_they_are() -> None:
    """A column with a quote in its header stays one."""
    reach = read_reach('"Gruppe \\"A\\""=x', {})
    assert dict(reach.values({"language": "de"}))["audience", "where"].startswith("row[")  # type: ignore[union-attr]  # a text
    with pytest.raises(BilingualError):
        read_reach("x", {"contacts": None})
