"""What makes an approval void, and what does not: every message that is still to be sent must be one that was seen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from notify.actions.approval_state import ApprovalState, approval_state
from notify.actions.approve import approve, proposal, to_approve
from notify.actions.run import begun
from notify.actions.send import planned
from notify.core.approval import Approval
from notify.core.status import Status
from notify.errors import UnapprovedError
from notify.ledger import Suppressions
from tests import ledgers
from tests.campaign import NOW, PEOPLE, Folder, enrolled, handover_of, send
from tests.unit.ledger.mailing import outcome, settle

pytestmark = pytest.mark.both_ledgers

REQUIRED = 'approval = "required"\n'
DAY = dt.timedelta(days=1)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Give a campaign that must be approved."""
    return Folder(tmp_path / "campaign", more=REQUIRED)


def _approve(folder: Folder, name: str = "Anna Muster", now: dt.datetime = NOW) -> Approval:
    prepared = folder.prepared()
    with to_approve(prepared, now) as run:
        enrolled(run)
        proposed = proposal(run)
    return approve(prepared.settings, proposed, name, now)


def _state(folder: Folder, *only: str) -> ApprovalState:
    with begun(folder.prepared(), NOW, accept_change=True, rehearsal=True) as run:
        enrolled(run)
        return approval_state(run, only)


def _put(old: str, new: str, where: str) -> Callable[[Folder], None]:
    return lambda folder: folder.edit(getattr(folder, where), old, new)


def _send_one(folder: Folder) -> None:
    """Send to Anna, and mend her row afterwards."""
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
        enrolled(run)
        handover = handover_of(run)
        settle(handover, send(handover, "anna@example.com"), outcome(Status.SENT), NOW)
    folder.edit(folder.people, "Muster", "Anders")


def _suppress(folder: Folder) -> None:
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
        Suppressions(run.job.store).add("ben@example.com", "asked", NOW)


@pytest.mark.parametrize(
    "change",
    [
        lambda _: None,
        _send_one,
        _suppress,
        _put("Herr;Beispiel;ben@example.com\n", "", "people"),
        _put('host = "127.0.0.1"', 'host = "localhost"', "toml"),
        _put('pause = "0s"', 'pause = "9s"\nbatch = 7', "toml"),
        lambda folder: folder.write(PEOPLE.replace("Anrede;Nachname;E-Mail", "Anrede;Nachname;E-Mail;Notiz")),
        lambda folder: (
            folder.path.joinpath("templates/change").rename(folder.path / "templates/other")
            and folder.edit(folder.toml, "templates/change", "templates/other")
        ),
    ],
)
def test_what_does_not_matter(folder: Folder, change: Callable[[Folder], None]) -> None:
    """Who was sent to, was suppressed or has left; relay, pace, other columns, the place of the template."""
    assert _approve(folder).recipients == 3
    change(folder)
    state = _state(folder)
    assert (len(state.given), state.missing) == (1, 0), state


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (_put("new.email }}.", "new.email }}!", "message"), "message.de.md: has changed"),
        (_put("info@neu.example", "info@neuer.example", "toml"), "change: has changed"),
        (_put('name = "Muster PR"', 'name = "Muster"', "toml"), "sender: has changed"),
        (_put('pause = "0s"', 'copy_to = "office@example.com"', "toml"), "copies: is new"),
        (_put("effective = 2026-12-01", "effective = 2026-12-02", "toml"), "change: has changed"),
        (_put("Herr;Beispiel", "Frau;Beispiel", "people"), "people.csv:3: ben@example.com has other values"),
        (_put("ben@example.com", "ben@example.org", "people"), "people.csv:3: ben@example.org is new"),
        (lambda folder: folder.write(PEOPLE + ";;dora@example.com\n"), "people.csv:5: dora@example.com is new"),
        (
            lambda folder: (
                (folder.path / "overrides.csv").write_text("email,form\nben@example.com,du\n", "utf-8")
                and folder.message.with_name("message.de.du.md").write_text("Subject: x\n\n{{ salutation }}\n", "utf-8")
            ),
            "ben@example.com has other values",
        ),
    ],
)
def test_what_matters(folder: Folder, change: Callable[[Folder], None], what: str) -> None:
    """Whatever a reader gets to see that nobody has seen, and whoever was not written to; it is said."""
    _approve(folder)
    change(folder)
    state = _state(folder)
    assert (state.given, state.missing) == ((), 1)
    assert what in " ".join(map(str, state.latest[0].problems))
    with begun(folder.prepared(), NOW, accept_change=True, rehearsal=False) as run:
        enrolled(run)
        with pytest.raises(UnapprovedError, match="This is not what Anna Muster approved on"):
            planned(run, NOW, limit=None, only=(), stays=False)
    _approve(folder)
    assert _state(folder).missing == 0


def test_files_of_single_recipients(tmp_path: Path) -> None:
    """A file that only one recipient gets is approved as it is."""
    people = "Anrede;Nachname;E-Mail;Datei\nFrau;Muster;anna@example.com;a.txt\n"
    folder = Folder(tmp_path / "campaign", people=people, more=REQUIRED)
    folder.edit(folder.message, "Subject:", 'Attachment: {{ row["Datei"] }}\nSubject:')
    (folder.path / "a.txt").write_text("1", "utf-8")
    _approve(folder)
    assert _state(folder).missing == 0
    (folder.path / "a.txt").write_text("2", "utf-8")
    assert "anna@example.com has other values" in str(_state(folder).latest[0].problems[-1])


def test_the_day(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is approved as something to come is not sent as something that is over."""
    days = iter([dt.date(2026, 11, 28), dt.date(2026, 11, 30), dt.date(2026, 12, 2)])
    monkeypatch.setattr("notify.actions.ledgers.day_of", lambda _: next(days))
    _approve(folder)
    assert _state(folder).missing == 0
    state = _state(folder)
    assert state.missing == 1
    assert "+effective is past" in str(state.latest[0].problems[0])


def test_only_some(folder: Folder) -> None:
    """Whoever is not asked for need not be approved."""
    _approve(folder)
    folder.write(PEOPLE + "Frau;Muster;dora@example.com\n")
    assert _state(folder, "anna@example.com").missing == 0
    assert _state(folder, "dora@example.com").missing == 1


def test_each_person_counts_once(tmp_path: Path) -> None:
    """By the latest approval, for exactly what is sent; the same name is the same person."""
    folder = Folder(tmp_path / "campaign", more='approval = "two_people"\n')
    for name in ("Anna Muster", " anna\u00a0muster "):
        _approve(folder, name)
    assert _state(folder).missing == 1
    _approve(folder, "Ben Beispiel", NOW + DAY)
    state = _state(folder)
    assert ([one.person for one in state.given], state.missing) == (["anna muster", "ben beispiel"], 0)
    folder.edit(folder.message, "new.email }}.", "new.email }}!")
    _approve(folder, "Ben Beispiel", NOW + 2 * DAY)
    state = _state(folder)
    assert ([one.person for one in state.given], state.missing) == (["ben beispiel"], 1)


def test_none_is_needed(tmp_path: Path) -> None:
    """Without a word in notify.toml nothing must be approved, and an approval is told all the same."""
    folder = Folder(tmp_path / "campaign")
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
        enrolled(run)
        assert planned(run, NOW, limit=None, only=(), stays=False).approval == _state(folder)
    _approve(folder)
    assert len(_state(folder).given) == 1


def test_rehearsals_do_not_count(tmp_path: Path) -> None:
    """What the sandbox has seen of somebody is nothing that the campaign knows: a new address is one like any other."""
    people = "Nr;Anrede;Nachname;E-Mail\n1;Frau;Muster;anna@example.com\n2;Herr;Beispiel;ben@example.com\n"
    folder = Folder(tmp_path / "campaign", people=people, more=REQUIRED)
    folder.edit(folder.toml, "[contacts]\n", '[contacts]\nkey = "Nr"\n')
    with_relay = folder.toml.read_text("utf-8")
    folder.toml.write_text(ledgers.without_relay(with_relay), "utf-8")
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
        enrolled(run)
        handover = handover_of(run)
        settle(handover, send(handover, "ben@example.com"), outcome(Status.SENT), NOW)
    folder.edit(folder.people, "ben@example.com", "ben@example.org")
    assert _approve(folder).recipients == 2
    folder.toml.write_text(with_relay, "utf-8")
    assert _state(folder).missing == 0
