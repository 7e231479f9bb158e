"""A look at the rows as an enrolment would take them, without one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from notify.actions.prepare import prepare
from notify.actions.survey import Fate, Surveyed, survey
from notify.core.contact import Recipient
from notify.errors import InputError
from notify.ledger import Enrolled, Suppressions, open_store
from tests.campaign import NOW, Folder
from tests.unit.ledger.mailing import read

pytestmark = pytest.mark.both_ledgers

PEOPLE = """\
Nr;Nachname;E-Mail
1;Muster;anna@example.com
2;Beispiel;ANNA@example.com
3;Probe;cora@@example.com
4;Test;
1;Vorbild;dan@example.com
6;Muster;eva@example.com
7;Spät;eva@example.com
8;Zuletzt;finn@example.com
"""
FATES = [
    (2, Fate.ADMITTED, ""),
    (3, Fate.DUPLICATE, "the address stands in contacts/people.csv:2 already"),
    (4, Fate.REJECTED, '"cora@@example.com" is not an address: two @ signs'),
    (5, Fate.REJECTED, "no address"),
    (6, Fate.REJECTED, 'the key "1" belongs to another address in contacts/people.csv:2'),
    (7, Fate.SUPPRESSED, "asked us to"),
    (8, Fate.DUPLICATE, "the address stands in contacts/people.csv:7 already"),
    (9, Fate.SUPPRESSED, "on the suppression list"),
]


def _survey(folder: Folder) -> list[Surveyed]:
    prepared = folder.prepared({"contacts.key": "Nr"})
    with survey(prepared.sources, prepared.selection, prepared.settings) as surveyed:
        return sorted(surveyed.rows(), key=lambda one: one.row.origin.line)


def _shown(surveyed: list[Surveyed]) -> list[tuple[int, Fate, str]]:
    return [(one.row.origin.line, one.fate, one.reason) for one in surveyed]


@pytest.mark.both_ledgers("every day")
def test_fates(tmp_path: Path) -> None:
    """Every row has one fate, and whatever is not written to has a reason that names the other row, if there is one."""
    folder = Folder(tmp_path / "campaign", people=PEOPLE)
    with open_store(folder.ledger, create=True) as store:
        Suppressions(store).add("eva@example.com", "asked us to", NOW)
        Suppressions(store).add("finn@example.com", "", NOW)
    assert _shown(_survey(folder)) == FATES


def test_without_a_ledger(tmp_path: Path) -> None:
    """Before anything was sent nobody is suppressed, and a survey makes no ledger."""
    folder = Folder(tmp_path / "campaign", people=PEOPLE)
    fates = [Fate.ADMITTED if fate is Fate.SUPPRESSED else fate for _, fate, _ in FATES]
    assert [one.fate for one in _survey(folder)] == fates
    assert sorted(one.name for one in folder.path.iterdir()) == ["contacts", "notify.toml", "templates"]


@pytest.mark.file_ledger
def test_survey_changes_nothing(tmp_path: Path) -> None:
    """The campaign's ledger is only read, as often as it is asked; each survey starts afresh."""
    folder = Folder(tmp_path / "campaign", people=PEOPLE)
    folder.enrol()
    before = folder.file.read_bytes()
    assert _survey(folder) == _survey(folder)
    assert folder.file.read_bytes() == before


def test_survey_that_is_broken_off(tmp_path: Path) -> None:
    """Whoever needs only the first rows may stop there; the rows are read one by one."""
    prepared = Folder(tmp_path / "campaign", people=PEOPLE).prepared()
    with survey(prepared.sources, prepared.selection, prepared.settings) as surveyed:
        assert next(surveyed.rows()).fate is Fate.REJECTED


def test_narrowed(tmp_path: Path) -> None:
    """The condition of notify.toml and that of the command must both hold; who is left out by them is counted."""
    folder = Folder(
        tmp_path / "campaign", people="Ort;Gruppe;E-Mail\nKöln;A;a@example.com\nKöln;B;b@example.com\nUlm;A;\n"
    )
    prepared = prepare(folder.settings({"contacts.where": 'city == "Köln"'}), 'Gruppe == "A"')
    with survey(prepared.sources, prepared.selection, prepared.settings) as surveyed:
        fates = {one.row.origin.line: one.fate for one in surveyed.rows()}
    assert fates == {2: Fate.ADMITTED, 3: Fate.FILTERED, 4: Fate.FILTERED}


def test_opted_out(tmp_path: Path) -> None:
    """Whoever wants no mail is left out, with the cell that says so; the user may decide that a notice goes to them."""
    folder = Folder(tmp_path / "campaign", people="E-Mail;EMAIL_BLACKLISTED\na@example.com;1\nb@example.com;0\n")
    assert _fates(folder) == [(Fate.SUPPRESSED, "EMAIL_BLACKLISTED: 1"), (Fate.ADMITTED, "")]
    assert _fates(folder, {"contacts.opted_out": "write"}) == [(Fate.ADMITTED, ""), (Fate.ADMITTED, "")]


def test_all_addresses(tmp_path: Path) -> None:
    """At all addresses of a row somebody is written to once each; the key is then key and address."""
    folder = Folder(tmp_path / "campaign", people="Nr;E-Mail\n7;a@example.com, a@example.org\n8;b@example.com / x\n")
    options = {"contacts.key": "Nr", "contacts.address": "all"}
    assert sorted(fate for fate, _ in _fates(folder, options)) == [*[Fate.ADMITTED] * 3, Fate.REJECTED]
    assert folder.enrol_with(options).counts[Enrolled.NEW] == 3
    assert [row["key"] for row in read(folder.ledger, "SELECT key FROM recipient")] == [
        "7 a@example.com",
        "7 a@example.org",
        "8 b@example.com",
    ]


def _fates(folder: Folder, options: Mapping[str, object] | None = None) -> list[tuple[Fate, str]]:
    prepared = folder.prepared(options)
    with survey(prepared.sources, prepared.selection, prepared.settings) as surveyed:
        return [(one.fate, one.reason) for one in sorted(surveyed.rows(), key=lambda one: one.row.origin.line)]


def test_survey_is_what_an_enrolment_does(tmp_path: Path) -> None:
    """Whoever is admitted by the survey is exactly who a first enrolment lets wait."""
    folder = Folder(tmp_path / "campaign", people=PEOPLE)
    with open_store(folder.ledger, create=True) as store:
        Suppressions(store).add("eva@example.com", "asked us to", NOW)
    admitted = [
        one.row.address for one in _survey(folder) if one.fate is Fate.ADMITTED and isinstance(one.row, Recipient)
    ]
    with pytest.raises(InputError, match="different addresses"):
        folder.enrol_with({"contacts.key": "Nr"})
    folder.write(PEOPLE.replace("1;Vorbild", "9;Vorbild"))
    done = folder.enrol_with({"contacts.key": "Nr"})
    waiting = {who for who, status in folder.statuses().items() if status == "pending"}
    assert waiting == {*admitted, "dan@example.com"}
    assert done.rejected == sum(fate is Fate.REJECTED for _, fate, _ in FATES) - 1
    assert done.counts[Enrolled.DUPLICATE] == sum(fate is Fate.DUPLICATE for _, fate, _ in FATES)
