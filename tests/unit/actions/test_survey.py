"""A look at the rows as an enrolment would take them, without one."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

from notify.actions.enrol import enrol
from notify.actions.survey import Fate, Surveyed, survey
from notify.actions.tables import judge_for, open_tables
from notify.core.people import Recipient
from notify.ledger import Enrolled, Store, Suppressions, Versions
from tests.unit.actions.campaign import NOW, Folder

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
    settings = folder.settings({"contacts.key": "Nr"})
    return list(survey(open_tables(settings), judge_for(settings, ("de",)), folder.ledger))


def _shown(surveyed: list[Surveyed]) -> list[tuple[int, Fate, str]]:
    return [(one.row.origin.line, one.fate, one.reason) for one in surveyed]


def test_fates(tmp_path: Path) -> None:
    """Every row has one fate, and whatever is not written to has a reason that names the other row, if there is one."""
    folder = Folder(tmp_path / "campaign", people=PEOPLE)
    with Store(folder.ledger, create=True) as store:
        Suppressions(store).add("eva@example.com", "asked us to", NOW)
        Suppressions(store).add("finn@example.com", "", NOW)
    assert _shown(_survey(folder)) == FATES


def test_without_a_ledger(tmp_path: Path) -> None:
    """Before anything was sent nobody is suppressed, and a survey makes no ledger."""
    folder = Folder(tmp_path / "campaign", people=PEOPLE)
    fates = [Fate.ADMITTED if fate is Fate.SUPPRESSED else fate for _, fate, _ in FATES]
    assert [one.fate for one in _survey(folder)] == fates
    assert sorted(one.name for one in folder.path.iterdir()) == ["contacts", "notify.toml", "templates"]


def test_survey_changes_nothing(tmp_path: Path) -> None:
    """The campaign's ledger is only read, as often as it is asked; each survey starts afresh."""
    folder = Folder(tmp_path / "campaign", people=PEOPLE)
    folder.enrol()
    before = folder.ledger.read_bytes()
    assert _survey(folder) == _survey(folder)
    assert folder.ledger.read_bytes() == before


def test_survey_that_is_broken_off(tmp_path: Path) -> None:
    """Whoever needs only the first rows may stop there; the rows are read one by one."""
    folder = Folder(tmp_path / "campaign", people=PEOPLE)
    settings = folder.settings()
    rows = survey(open_tables(settings), judge_for(settings, ("de",)), folder.ledger)
    assert next(rows).fate is Fate.ADMITTED
    assert isinstance(rows, Generator)
    rows.close()


def test_survey_is_what_an_enrolment_does(tmp_path: Path) -> None:
    """Whoever is admitted by the survey is exactly who a first enrolment lets wait."""
    folder = Folder(tmp_path / "campaign", people=PEOPLE)
    with Store(folder.ledger, create=True) as store:
        Suppressions(store).add("eva@example.com", "asked us to", NOW)
    admitted = [
        one.row.address for one in _survey(folder) if one.fate is Fate.ADMITTED and isinstance(one.row, Recipient)
    ]
    prepared = folder.prepared({"contacts.key": "Nr"})
    with Store(folder.ledger) as store:
        versions = Versions(store)
        record = versions.register("test", NOW)
        *_, done = enrol(prepared, store, record, versions.record(record, {}, NOW))
    assert [who for who, status in folder.statuses().items() if status == "pending"] == admitted
    assert done.rejected == sum(fate is Fate.REJECTED for _, fate, _ in FATES)
    assert done.counts[Enrolled.DUPLICATE] == sum(fate is Fate.DUPLICATE for _, fate, _ in FATES)
