"""The beginning of a run: what an earlier one left, the deadline, rehearsals, and who may send."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from notify.actions.folder_ledger import ledger_of_folder
from notify.actions.run import begun
from notify.core.pace import Rate
from notify.core.status import Status
from notify.delivery.routes import routes_of
from notify.errors import BusyError, ConfigError
from notify.ledger import Suppressions, is_held, open_store
from tests.campaign import NOW, Folder, enrolled, handover_of, send
from tests.unit.ledger.mailing import begin, outcome, read, settle

pytestmark = pytest.mark.both_ledgers

DAY = dt.timedelta(days=1)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Give a campaign folder with three people and a relay."""
    return Folder(tmp_path / "campaign")


def test_what_an_earlier_run_left(folder: Folder) -> None:
    """Whoever was claimed when a run died still waits; whoever was being handed over is in doubt, and counted."""
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
        enrolled(run)
        send(handover_of(run), "anna@example.com")
        handover_of(run).claim(1, NOW, ["ben@example.com"])
    with begun(folder.prepared(), NOW + DAY, accept_change=False, rehearsal=False) as run:
        assert (run.recovered, run.doubts) == (0, 1)
    assert list(folder.statuses().values()) == ["in_doubt", "pending", "pending"]
    with begun(folder.prepared(), NOW + DAY, accept_change=False, rehearsal=False) as run:
        assert (run.recovered, run.doubts) == (0, 0)


def test_one_run_at_a_time(folder: Folder) -> None:
    """A second run is refused while the first one lasts; a rehearsal is not."""
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
        enrolled(run)
        with (
            pytest.raises(BusyError, match="another run"),
            begun(folder.prepared(), NOW, accept_change=False, rehearsal=False),
        ):
            pass
        with begun(folder.prepared(), NOW, accept_change=False, rehearsal=True) as rehearsal:
            assert enrolled(rehearsal).rows == 3


def test_runs_are_told_apart(folder: Folder) -> None:
    """What one run has claimed another one cannot hand over."""
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
        enrolled(run)
        (claimed,) = handover_of(run).claim(1, NOW)
    later = NOW + dt.timedelta(microseconds=1)
    with begun(folder.prepared(), later, accept_change=False, rehearsal=False) as run:
        assert not begin(handover_of(run), claimed.id, "d", NOW)


@pytest.mark.parametrize("there", [True, False])
def test_rehearsal(folder: Folder, *, there: bool) -> None:
    """A rehearsal does everything and leaves the folder as it was, ledger or not."""
    if there:
        folder.enrol()
        folder.write("E-Mail\nneu@example.com\n")
    before = {path: path.read_bytes() for path in folder.path.rglob("*") if path.is_file()}
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=True) as run:
        done = enrolled(run)
        assert done.withdrawn == (3 if there else 0)
        assert run.job.reports().counts()[Status.PENDING] == (1 if there else 3)
    assert {path: path.read_bytes() for path in folder.path.rglob("*") if path.is_file()} == before
    assert not is_held(folder.ledger)


@pytest.mark.parametrize(
    ("days", "hour", "status"), [(-1, 12, "pending"), (0, 23, "pending"), (1, 0, "expired"), (30, 12, "expired")]
)
def test_deadline(folder: Folder, days: int, hour: int, status: str) -> None:
    """The day of the deadline is still a day to send on, where the user is; after it whoever waits expires."""
    folder.edit(folder.toml, 'language = "de"', 'language = "de"\ndeadline = 2026-12-20')
    here = dt.datetime(2026, 12, 20, hour).astimezone() + days * DAY
    folder.enrol(here.astimezone(dt.UTC))
    assert set(folder.statuses().values()) == {status}


def test_deadline_moved(folder: Folder) -> None:
    """With a later deadline those who expired and still stand in the files wait again, as they stand there now."""
    folder.edit(folder.toml, 'language = "de"', 'language = "de"\ndeadline = 2026-12-20')
    folder.enrol()
    folder.enrol(NOW + 30 * DAY)
    assert set(folder.statuses().values()) == {"expired"}
    folder.write("Anrede;Nachname;E-Mail\nFrau;Muster-Neu;anna@example.com\n")
    folder.edit(folder.toml, "2026-12-20", "2027-12-20")
    with begun(folder.prepared(), NOW + 30 * DAY, accept_change=False, rehearsal=False) as run:
        enrolled(run)
        (claimed,) = handover_of(run).claim(9, NOW + 30 * DAY)
    assert claimed.salutation == "Sehr geehrte Frau Muster-Neu,"
    assert list(folder.statuses().values())[1:] == ["expired", "expired"]


@pytest.mark.parametrize("deadline", ["2999-12-31", "3000-01-01", "9999-12-31"])
def test_deadline_that_is_no_date_to_wait_for(folder: Folder, deadline: str) -> None:
    """Nobody expires by it, and no clock has to show it."""
    folder.edit(folder.toml, 'language = "de"', f'language = "de"\ndeadline = {deadline}')
    folder.enrol()
    assert set(folder.statuses().values()) == {"pending"}


def test_no_deadline_is_judged_by_a_clock_that_is_behind(folder: Folder) -> None:
    """By such a clock nobody expires."""
    folder.edit(folder.toml, 'language = "de"', 'language = "de"\ndeadline = 2026-11-20')
    folder.enrol()
    assert set(folder.statuses().values()) == {"expired"}
    folder.edit(folder.toml, "2026-11-20", "2026-12-20")
    later = NOW + DAY
    with begun(folder.prepared(), later, accept_change=False, rehearsal=False) as run:
        enrolled(run)
        handover = handover_of(run)
        settle(handover, send(handover, "anna@example.com", later), outcome(Status.SENT), later)
    folder.edit(folder.toml, "2026-12-20", "2026-11-20")
    folder.enrol()
    assert list(folder.statuses().values()) == ["sent", "pending", "pending"]


def test_expired_by_a_clock_that_was_ahead(folder: Folder) -> None:
    """Whoever expired while the clock was ahead by a year waits again without the deadline, once it is set right."""
    ahead = NOW + 365 * DAY
    with begun(folder.prepared(), ahead, accept_change=False, rehearsal=False) as run:
        enrolled(run)
        handover = handover_of(run)
        settle(handover, send(handover, "anna@example.com", ahead), outcome(Status.SENT), ahead)
    folder.edit(folder.toml, 'language = "de"', 'language = "de"\ndeadline = 2026-12-20')
    folder.enrol(ahead)
    folder.enrol(NOW)
    assert list(folder.statuses().values()) == ["sent", "expired", "expired"]
    folder.edit(folder.toml, "deadline = 2026-12-20\n", "")
    folder.enrol(NOW)
    assert list(folder.statuses().values()) == ["sent", "pending", "pending"]


def test_sandbox_leaves_out_whom_the_campaign_leaves_out(tmp_path: Path) -> None:
    """A rehearsal in the sandbox honours the campaign's suppression list, has a ledger of its own and changes none."""
    folder = Folder(tmp_path / "campaign", real=False)
    real = ledger_of_folder(folder.path)
    with open_store(real, create=True) as store:
        Suppressions(store).add("ben@example.com", "asked us to", NOW)
    before = real.read_bytes() if isinstance(real, Path) else b""
    folder.enrol()
    assert list(folder.statuses().values()) == ["pending", "suppressed", "pending"]
    assert not isinstance(real, Path) or real.read_bytes() == before
    assert not read(real, "SELECT * FROM campaign")
    with open_store(real) as store:
        Suppressions(store).remove("ben@example.com")
    folder.enrol()
    assert list(folder.statuses().values()) == ["pending"] * 3


def test_the_sandbox_reaches_nobody(tmp_path: Path) -> None:
    """Whom a rehearsal in the sandbox sent to is not sent to yet, once there is a relay."""
    folder = Folder(tmp_path / "campaign", real=False)
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
        enrolled(run)
        handover = handover_of(run)
        settle(handover, send(handover, "anna@example.com"), outcome(Status.SENT), NOW)
    with folder.toml.open("a", encoding="utf-8") as file:
        file.write('[[relay]]\nhost = "relay.example"\n')
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
        enrolled(run)
        assert run.job.reports().counts()[Status.PENDING] == 3


def test_route(tmp_path: Path) -> None:
    """The sandbox knows no limits; a relay has those of notify.toml, and cautious ones without."""
    (sandbox,) = routes_of(Folder(tmp_path / "sandbox", real=False).settings(), NOW.date())
    assert (sandbox.is_sandbox, sandbox.rates, sandbox.window, sandbox.relay.connections) == (True, (), None, 1)
    more = '\n[[relay]]\nhost = "relay.example"\n'
    (relay,) = routes_of(Folder(tmp_path / "relay", real=False, more=more).settings(), NOW.date())
    assert (relay.name, relay.is_sandbox, relay.relay.connections) == ("relay.example:465", False, 1)
    assert relay.rates == (Rate(10, 60), Rate(200, 3600))


def test_only_relays_that_may_send_for_the_sender(tmp_path: Path) -> None:
    """No address goes through a relay that may not send for it; where none may, it is an error."""
    more = '\n[[relay]]\nhost = "a.example"\nfrom = "neu.example"\n'
    more += '\n[[relay]]\nhost = "b.example"\nfrom = ["*@alt.example"]\n'
    settings = Folder(tmp_path / "two", real=False, more=more).settings()
    assert [route.name for route in routes_of(settings, NOW.date())] == ["b.example:465"]
    settings = Folder(tmp_path / "one", real=False, more=more.replace("*@alt", "x@alt")).settings()
    with pytest.raises(ConfigError, match=r"No \[\[relay\]\] may send for info@alt\.example"):
        routes_of(settings, NOW.date())
