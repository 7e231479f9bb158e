"""Where a campaign stands, seen from beside a run and after one that died."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from notify.actions.folder_ledger import ledger_of_folder
from notify.actions.ledgers import ledger_in_use, opened
from notify.actions.run import begun
from notify.actions.status import campaign_status
from notify.core.status import Status
from notify.errors import InputError
from tests.campaign import NOW, Folder, enrolled, handover_of, send
from tests.unit.ledger.mailing import outcome, settle

pytestmark = pytest.mark.both_ledgers


def _counts(folder: Folder) -> dict[Status, int]:
    return {status: count for status, count in campaign_status(folder.settings(), NOW).counts.items() if count}


@pytest.mark.parametrize("real", [True, False])
def test_before_the_first_run(tmp_path: Path, *, real: bool) -> None:
    """Before the first run everything is 0, and asking leaves nothing behind."""
    folder = Folder(tmp_path / "campaign", real=real)
    now = campaign_status(folder.settings(), NOW)
    assert (now.campaign, now.recipients, now.rejected, now.next_due, now.running) == ("test", 0, 0, None, False)
    assert (now.ledger, now.is_sandbox) == (folder.ledger, not real)
    with pytest.raises(InputError, match="Nothing was sent yet in the campaign test"), opened(folder.settings()):
        pass
    assert sorted(one.name for one in folder.path.iterdir()) == ["contacts", "notify.toml", "templates"]


def test_another_campaign_in_the_ledger(tmp_path: Path) -> None:
    """A campaign that was never run stands at 0, whatever else is in the ledger."""
    folder = Folder(tmp_path / "campaign")
    folder.enrol()
    folder.edit(folder.toml, 'id = "test"', 'id = "test-2"')
    assert campaign_status(folder.settings(), NOW).recipients == 0
    with pytest.raises(InputError, match="test-2"), opened(folder.settings()):
        pass


def test_beside_a_run(tmp_path: Path) -> None:
    """While a run holds the ledger, what is claimed waits and what is in flight is in flight."""
    folder = Folder(tmp_path / "campaign")
    folder.write("E-Mail\nanna@example.com\nben@example.com\ncora@example.com\ndan@example.com\nkein\n")
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
        enrolled(run)
        handover = handover_of(run)
        send(handover, "anna@example.com")
        settle(handover, send(handover, "ben@example.com"), outcome(Status.DEFERRED), NOW)
        handover.claim(1, NOW)
        assert campaign_status(folder.settings(), NOW).running
        assert _counts(folder) == {Status.IN_FLIGHT: 1, Status.DEFERRED: 1, Status.PENDING: 2}
    now = campaign_status(folder.settings(), NOW)
    assert not now.running
    assert _counts(folder) == {Status.IN_DOUBT: 1, Status.DEFERRED: 1, Status.PENDING: 2}
    assert (now.recipients, now.rejected, now.next_due) == (4, 1, NOW + dt.timedelta(minutes=15))


def test_ledger_in_use(tmp_path: Path) -> None:
    """The sandbox has a ledger of its own."""
    real = Folder(tmp_path / "real")
    assert ledger_in_use(real.settings()) == ledger_of_folder(real.path)
    sandbox = Folder(tmp_path / "sandbox", real=False)
    assert ledger_in_use(sandbox.settings()) == tmp_path / "sandbox" / "outbox" / "ledger.db"


START = NOW + dt.timedelta(hours=5)


@pytest.mark.parametrize(
    ("people", "tried", "due"),
    [
        ({}, NOW, START),
        ({"anna": Status.PENDING, "ben": Status.SENT}, NOW, START),
        ({"anna": Status.DEFERRED}, NOW, START),
        ({"anna": Status.DEFERRED, "ben": Status.PENDING}, START, START),
        ({"anna": Status.DEFERRED}, START, START + dt.timedelta(minutes=15)),
        ({"anna": Status.SENT, "ben": Status.FAILED}, NOW, None),
    ],
)
def test_nobody_is_due_before_the_start(
    tmp_path: Path, people: dict[str, Status], tried: dt.datetime, due: dt.datetime | None
) -> None:
    """Until then the start is the next moment, unless nobody waits any more or the first is due later."""
    folder = Folder(tmp_path / "campaign", more=f"start = {START.isoformat()}\n")
    folder.write("E-Mail\n" + "".join(f"{name}@example.com\n" for name in people))
    if people:
        with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
            enrolled(run)
            for name, status in people.items():
                if status is not Status.PENDING:
                    recipient = send(handover_of(run), f"{name}@example.com")
                    settle(handover_of(run), recipient, outcome(status), tried)
    found = campaign_status(folder.settings(), NOW)
    assert (found.start, found.next_due) == (START, due)
