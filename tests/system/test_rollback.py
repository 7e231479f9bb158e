"""A ledger that is not the latest, a disk and a clock that cannot be trusted: nobody is written to twice."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
import stat
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from notify.actions.folder_ledger import ledger_of_folder
from notify.actions.run import begun
from notify.core.status import Status
from notify.errors import WriteError
from notify.ledger import Place, disk, exists
from tests import ledgers
from tests.campaign import NOW, Folder, enrolled, handover_of, send
from tests.folders import addresses, counts, make_folder, run, start
from tests.servers.scripted import Act, Rule, ScriptedServer
from tests.unit.ledger.mailing import change, outcome, read, settle

pytestmark = pytest.mark.both_ledgers

PEOPLE = [f"p{n:06}@example.com" for n in range(1, 6)]
DAY = dt.timedelta(days=1)


class Office:
    """A user with a state directory, campaign folders, and a relay whose record tells who was written to."""

    def __init__(self, path: Path, server: ScriptedServer) -> None:
        self.path = path
        self.server = server
        self.state = path / "state" / "notify"
        self.folder = make_folder(path / "campaign", relay_port=server.port)

    @property
    def ledger(self) -> Place:
        """The ledger of the campaign folder."""
        return ledger_of_folder(self.folder)

    def back_up(self, name: str = "backup") -> None:
        """Keep a copy of the ledger."""
        ledgers.back_up(self.ledger, self.path / name)

    def bring_back(self, name: str = "backup") -> None:
        """Put a copy of the ledger in its place."""
        ledgers.bring_back(self.ledger, self.path / name)

    @property
    def after_a_backup(self) -> tuple[str, ...]:
        """The options without which nothing is sent from what was brought back, even if it knows everything."""
        return () if isinstance(self.ledger, Path) else ("--trust-ledger",)

    def send(self, *options: str, folder: Path | None = None, state: Path | None = None) -> tuple[int, str]:
        """Send; return the exit status and what was said."""
        environment = {"NOTIFY_STATE_DIR": str(state or self.state)}
        done = run(folder or self.folder, "send", "--yes", *options, environment=environment)
        return done.returncode, done.stderr

    def send_to(self, some: int) -> None:
        """Send to so many, while more wait."""
        assert self.send("--limit", str(some))[0] == 75

    def times(self) -> Counter[str]:
        """Return how often each address was written to, as the relay has recorded it."""
        return Counter(addresses(self.server.accepted()))

    def restore_after(self, *options: str) -> None:
        """Send to two, keep a copy of the ledger, send to the rest, and put the copy back."""
        self.send_to(2)
        self.back_up()
        assert self.send(*options)[0] == 0
        self.bring_back()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Give an office with a relay that takes everything."""
    with ScriptedServer(tmp_path / "record") as server:
        yield Office(tmp_path, server)


def _once(*people: str) -> Counter[str]:
    return Counter(people or PEOPLE)


@pytest.mark.both_ledgers("every day")
def test_a_ledger_from_a_backup_is_refused(office: Office) -> None:
    """A ledger that is older than what was sent is refused, with how many and the ways out, as often as it is tried."""
    office.restore_after()
    for _ in range(2):
        status, output = office.send()
        assert (status, office.times()) == (73, _once())
        assert "notify send --trust-ledger" in output
        if isinstance(office.ledger, Path):
            assert "This ledger is older than what was sent: 3 recipients were written to" in output
            assert "Bring the newer ledger back" in output
        else:
            # it knows without a journal that time has gone back in it
            assert f"{office.ledger}: this database was brought back from a backup" in output


def test_a_ledger_from_a_backup_can_be_trusted(office: Office) -> None:
    """Trusted, it sets aside as in doubt whom its later self wrote to; the user's word settles them, nothing else."""
    office.restore_after()
    status, output = office.send("--trust-ledger")
    assert (status, counts(office.folder)) == (1, {"sent": 2, "in_doubt": 3}), output
    assert "3 recipients in doubt, written to though this ledger does not know it" in output
    # it is trusted from now on, and so are they in doubt
    assert office.send("--retry-failed")[0] == 1
    assert (office.times(), counts(office.folder)) == (_once(), {"sent": 2, "in_doubt": 3})
    assert run(office.folder, "resolve", "--sent", *PEOPLE[3:]).returncode == 0
    assert run(office.folder, "resolve", "--again", PEOPLE[2]).returncode == 0
    assert office.send()[0] == 0
    assert office.times() == _once() + Counter([PEOPLE[2]])
    assert office.send()[0] == 0
    assert counts(office.folder) == {"sent": 5}


def test_somebody_whom_the_backup_never_saw(office: Office) -> None:
    """Who came into the files after the backup, and so has another Message-ID now, is known by the address."""
    late = "late@example.com"
    file = office.folder / "contacts" / "people.csv"
    office.send_to(2)
    office.back_up()
    office.send_to(1)
    without = file.read_text("utf-8")
    file.write_text(f"{without}Frau;Lara;Spät;{late}\n", "utf-8")
    assert office.send()[0] == 0
    office.bring_back()
    file.write_text(without, "utf-8")
    assert office.send("--trust-ledger")[0] == 1
    assert counts(office.folder) == {"sent": 2, "in_doubt": 3}
    file.write_text(f"{without}Frau;Lara;Spät;{late.upper()}\n", "utf-8")
    assert office.send()[0] == 1
    assert counts(office.folder) == {"sent": 2, "in_doubt": 4}
    assert office.times() == _once(*PEOPLE, late)


def test_the_newer_ledger_is_brought_back(office: Office) -> None:
    """Brought back, the newer ledger goes on as if nothing had been, whatever was trusted meanwhile."""
    office.send_to(2)
    office.back_up()
    office.send_to(2)
    office.back_up("newer")
    office.bring_back()
    assert office.send()[0] == 73
    office.bring_back("newer")
    assert office.send(*office.after_a_backup)[0] == 0
    assert (office.times(), counts(office.folder)) == (_once(), {"sent": 5})


def test_a_deleted_ledger(office: Office) -> None:
    """A new ledger in the place of one that was deleted is refused; trusted, it learns who was reached."""
    office.send_to(3)
    ledgers.remove(office.ledger)
    status, output = office.send()
    assert (status, office.times()) == (73, _once(*PEOPLE[:3]))
    assert f"This campaign was sent from another ledger, in {office.folder}: 3 recipients were written to" in output
    assert "an id of its own" in output
    assert "send from there" not in output
    status, output = office.send("--trust-ledger")
    assert (status, counts(office.folder)) == (1, {"in_doubt": 3, "sent": 2}), output
    assert office.times() == _once()
    assert office.send()[0] == 1
    assert office.times() == _once()
    # what the user decides about one of them holds, though the journal still tells of it
    assert run(office.folder, "resolve", "--again", PEOPLE[0]).returncode == 0
    assert office.send()[0] == 1
    assert (office.times(), counts(office.folder)) == (_once() + Counter(PEOPLE[:1]), {"in_doubt": 2, "sent": 3})


@pytest.mark.file_ledger
def test_a_lost_wal(tmp_path: Path) -> None:
    """A ledger that lost what was not folded into it yet, when its run was killed, is refused."""
    slow = Rule("dot", Act(say="250 2.0.0 Ok", wait_s=0.2, accept=True))
    with ScriptedServer(tmp_path / "record", rules=[slow]) as server:
        office = Office(tmp_path, server)
        process = start(office.folder, "send", "--yes", environment={"NOTIFY_STATE_DIR": str(office.state)})
        while process.poll() is None and len(server.accepted()) < 2:
            time.sleep(0.01)
        process.kill()
        process.communicate()
        for name in ("ledger.db-wal", "ledger.db-shm"):
            (office.folder / name).unlink()
        time.sleep(0.5)
        reached = len(server.accepted())
        assert 2 <= reached < 5
        status, output = office.send()
        assert (status, len(server.accepted())) == (73, reached), output
        assert office.send("--trust-ledger")[0] == 1
        assert office.times() == _once()


@pytest.mark.file_ledger
def test_a_copied_folder(office: Office) -> None:
    """Of two copies of one folder, the one that was left behind is refused, wherever it stands."""
    office.send_to(2)
    copy = office.path / "copy"
    shutil.copytree(office.folder, copy)
    office.send_to(2)
    status, output = office.send(folder=copy)
    assert (status, office.times()) == (73, _once(*PEOPLE[:4]))
    assert "older than what was sent: 2 recipients" in output
    assert office.send()[0] == 0
    # one that was copied when all was done knows all
    shutil.copytree(office.folder, office.path / "done")
    assert office.send(folder=office.path / "done")[0] == 0
    assert office.times() == _once()


def test_the_same_mailing_from_another_folder(office: Office) -> None:
    """A folder with the same id and sender and a ledger of its own is refused; with an id of its own it is not."""
    other = make_folder(office.path / "other", contacts=2, relay_port=office.server.port)
    office.send_to(1)
    assert office.send(folder=other)[0] == 73
    assert office.times() == _once(PEOPLE[0])
    toml = other / "notify.toml"
    toml.write_text(toml.read_text("utf-8").replace('id = "test"', 'id = "other"'), "utf-8")
    assert office.send(folder=other)[0] == 0
    assert office.send()[0] == 0


def test_a_state_directory_that_cannot_be_written(office: Office) -> None:
    """Without a place for the journal the run says so in one line and goes on."""
    (office.path / "file").write_text("in the way")
    status, output = office.send(state=office.path / "file" / "notify")
    assert (status, office.times()) == (0, _once())
    (line,) = [line for line in output.splitlines() if "guards against an old copy" in line]
    assert line.startswith(f"{office.path / 'file' / 'notify'}: Not a directory. So nothing in this run")


def test_a_journal_that_cannot_be_read(office: Office) -> None:
    """A journal that cannot be read at the start of a run is said once too, and the run goes on."""
    office.send_to(1)
    (journal,) = office.state.glob("*.witness")
    journal.unlink()
    journal.mkdir()
    status, output = office.send()
    assert (status, office.times()) == (0, _once()), output
    assert output.count(f"{journal}: Is a directory. So nothing in this run guards") == 1


def test_a_journal_that_cannot_be_locked(office: Office) -> None:
    """Where no lock keeps a copy from sending at the same time, that is said, and the journal is minded."""
    office.restore_after()
    (lock,) = office.state.glob("*.witness.lock")
    lock.unlink()
    lock.mkdir()
    assert office.send()[0] == 73
    status, output = office.send("--trust-ledger")
    assert (status, office.times()) == (1, _once()), output
    assert output.count(f"{lock}: Is a directory. So nothing in this run guards") == 1


def test_a_journal_that_is_lost_in_the_middle(tmp_path: Path) -> None:
    """A journal that cannot be written any more in the middle of a run is said once, and the run goes on."""
    slow = Rule("dot", Act(say="250 2.0.0 Ok", wait_s=0.2, accept=True))
    with ScriptedServer(tmp_path / "record", rules=[slow]) as server:
        office = Office(tmp_path, server)
        process = start(office.folder, "send", "--yes", environment={"NOTIFY_STATE_DIR": str(office.state)})
        while process.poll() is None and not server.accepted():
            time.sleep(0.01)
        (journal,) = office.state.glob("*.witness")
        journal.unlink()
        journal.mkdir()
        _, output = process.communicate()
        assert (process.returncode, office.times()) == (0, _once()), output
        assert output.count("The run goes on without it.") == 1


def test_trust_that_cannot_be_noted(office: Office) -> None:
    """Where the state directory can be read and not written, what it tells is minded all the same."""
    office.restore_after()
    (journal,) = office.state.glob("*.witness")
    with _immutable(journal):
        assert office.send()[0] == 73
        assert office.send("--trust-ledger")[0] == 1
    assert (office.times(), counts(office.folder)) == (_once(), {"sent": 2, "in_doubt": 3})


@contextlib.contextmanager
def _immutable(path: Path) -> Iterator[None]:
    """Let nobody write to a file, not even root."""
    if subprocess.run(["chattr", "+i", path], capture_output=True, check=False).returncode:
        pytest.skip("no file can be made immutable here")
    try:
        yield
    finally:
        subprocess.run(["chattr", "-i", path], check=True)


def test_two_campaigns_in_one_ledger(office: Office) -> None:
    """Each campaign of a ledger has a journal of its own, which minds its own only."""
    toml = office.folder / "notify.toml"
    first = toml.read_text("utf-8")
    second = first.replace('id = "test"', 'id = "second"')
    office.send_to(1)
    toml.write_text(second, "utf-8")
    # the same words to the same people
    assert office.send("--limit", "2")[0] == 65
    assert office.send("--limit", "2", "--again")[0] == 75
    office.back_up()
    assert office.send()[0] == 0
    office.bring_back()
    assert office.send()[0] == 73
    toml.write_text(first, "utf-8")
    assert office.send(*office.after_a_backup)[0] == 0
    assert office.times() == _once() + _once()
    assert len(list(office.state.glob("*.witness"))) == 2


def test_what_is_no_real_run_leaves_no_journal(office: Office, tmp_path: Path) -> None:
    """The sandbox and a rehearsal leave nothing in the state directory."""
    assert office.send("--dry-run")[0] == 0
    assert office.send(folder=make_folder(tmp_path / "sandbox"))[0] == 0
    assert not office.state.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")
def test_the_journal_tells_nobody(office: Office) -> None:
    """The journal is readable for its owner only, and holds no address and no Message-ID."""
    assert office.send()[0] == 0
    assert stat.S_IMODE(office.state.stat().st_mode) == 0o700
    files = sorted(office.state.iterdir(), key=lambda path: path.suffix)
    assert [file.suffix for file in files] == [".campaign", ".lock", ".lock", ".witness"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert [file.stat().st_size for file in files[1:]] == [0, 0, 5 * 32]
    rows = read(office.ledger, "SELECT message_id, address FROM recipient")
    secrets = [value for row in rows for value in row.values()]
    secrets += [bytes(row["secret"]).hex() for row in read(office.ledger, "SELECT secret FROM campaign")]
    for file in files:
        assert not [value for value in secrets if value.lower().encode() in file.read_bytes().lower()]


class TestContactsThatLeft:
    """A file that is missing or was cut withdraws nobody unasked, once somebody was reached."""

    @pytest.fixture
    def file(self, office: Office) -> Path:
        """Give a contact file of 20 people, of whom one was reached."""
        office.folder = make_folder(office.path / "twenty", contacts=20, relay_port=office.server.port)
        office.send_to(1)
        return office.folder / "contacts" / "people.csv"

    @staticmethod
    def cut(file: Path, lines: int) -> None:
        """Take lines off the end of a file."""
        file.write_text("".join(file.read_text("utf-8").splitlines(keepends=True)[:-lines]), "utf-8")

    def test_more_than_a_fifth(self, office: Office, file: Path) -> None:
        """It is refused with how many and where the first of them stood; accepted, they are withdrawn."""
        self.cut(file, 5)
        for options in ((), ("--dry-run",)):
            status, output = office.send(*options)
            assert (status, len(office.times())) == (65, 1)
            assert "5 of 19 who still wait are not in the contact files any more" in output
            assert "contacts/people.csv:17: p000016@example.com" in output
            assert counts(office.folder) == {"sent": 1, "pending": 19}
        assert office.send("--accept-change", "--limit", "1")[0] == 75
        assert counts(office.folder) == {"sent": 2, "pending": 13, "withdrawn": 5}

    def test_a_few(self, office: Office, file: Path) -> None:
        """Fewer than five may leave, whatever part of those who wait they are."""
        self.cut(file, 4)
        office.send_to(13)
        self.cut(file, 2)
        assert office.send()[0] == 0
        assert counts(office.folder) == {"sent": 14, "withdrawn": 6}

    def test_before_anybody_was_reached(self, office: Office) -> None:
        """A list that nobody was written to from may change as it likes."""
        folder = make_folder(office.path / "fresh", contacts=20, relay_port=office.server.port)
        assert office.send("--where", "row['Vorname'] == 'Nobody'", folder=folder)[0] == 75
        assert counts(folder) == {"pending": 20}
        self.cut(folder / "contacts" / "people.csv", 15)
        assert office.send(folder=folder)[0] == 0

    def test_a_campaign_that_is_for_fewer(self, office: Office, file: Path) -> None:
        """Whom `[contacts] where` leaves out now still stands in the files; only the others are counted."""
        toml = office.folder / "notify.toml"
        only = "where = \"row['Nachname'] != 'Muster5' and row['Nachname'] < 'Muster2'\"\n"
        toml.write_text(toml.read_text("utf-8").replace("[contacts]\n", f"[contacts]\n{only}"), "utf-8")
        status, output = office.send("--dry-run")
        assert status == 0, output
        assert "withdrawn" in output
        self.cut(file, 5)
        status, output = office.send("--dry-run")
        assert (status, "5 of 19" in output) == (65, True), output

    @pytest.mark.parametrize(
        ("named", "status"), [("key", 78), ("template", 65)], ids=["of the key", "that the template names"]
    )
    def test_a_column_that_is_gone(self, office: Office, named: str, status: int) -> None:
        """A column that is needed and not there any more is an error, whatever is accepted."""
        folder = office.path / "columns"
        message = "Subject: Neu\n\n{{ row['Kundennummer'] }}\n" if named == "template" else "Subject: Neu\n\nHallo\n"
        people = "Nachname;E-Mail;Kundennummer\nMuster;a@example.com;7\nProbe;b@example.com;8\n"
        make_folder(folder, contacts=people, relay_port=office.server.port, message=message)
        if named == "key":
            toml = folder / "notify.toml"
            toml.write_text(toml.read_text("utf-8").replace("[contacts]", '[contacts]\nkey = "Kundennummer"'), "utf-8")
        assert office.send("--limit", "1", folder=folder)[0] == 75
        (folder / "contacts" / "people.csv").write_text(people.replace("Kundennummer", "Nummer"), "utf-8")
        for option in ("--batch=1", "--accept-change"):
            found, output = office.send(option, folder=folder)
            assert (found, "Kundennummer" in output, len(office.times())) == (status, True, 1), output


class TestClock:
    """A clock that is behind what the ledger recorded judges no deadline."""

    def test_is_said_once(self, office: Office) -> None:
        """The run says so in one line, and goes on."""
        office.send_to(1)
        assert "clock" not in office.send("--limit", "1")[1]
        attempt = """
            INSERT INTO attempt (recipient, time, address, relay, phase, reply, status, scope, message_id)
            SELECT recipient, '2199-01-01T00:00:00.000000+00:00', address, 'you', '', '', status, '', message_id
            FROM attempt LIMIT 1
        """
        assert change(office.ledger, attempt) == 1
        status, output = office.send()
        assert (status, output.count("The clock of this machine is behind")) == (0, 1), output
        assert office.times() == _once()

    @pytest.mark.parametrize(("behind", "expired"), [(4, True), (6, False)])
    def test_deadlines(self, tmp_path: Path, behind: int, *, expired: bool) -> None:
        """Five minutes are no difference; with more, nobody expires, and nobody who has expired waits again."""
        folder = Folder(tmp_path / "campaign", people="E-Mail\na@example.com\nb@example.com\n")
        later = NOW + 60 * DAY
        with begun(folder.prepared(), later, accept_change=False, rehearsal=False) as run:
            enrolled(run)
            handover = handover_of(run)
            settle(handover, send(handover, "a@example.com", later), outcome(Status.SENT), later)
        folder.edit(folder.toml, "[sender]", "deadline = 2026-12-20\n\n[sender]")
        folder.enrol(later - dt.timedelta(minutes=behind))
        assert folder.statuses()["b@example.com"] == ("expired" if expired else "pending")
        folder.enrol(later)
        assert folder.statuses()["b@example.com"] == "expired"
        # before the deadline, if this clock were right
        folder.enrol(NOW)
        assert folder.statuses()["b@example.com"] == "expired"


@pytest.mark.file_ledger
class TestDisk:
    """A run does not begin on a disk that it cannot trust."""

    def test_too_little_room(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A run that would end in its middle does not begin; a rehearsal and the sandbox leave next to nothing."""
        folder, sandbox = Folder(tmp_path / "campaign"), Folder(tmp_path / "sandbox", real=False)
        monkeypatch.setattr(disk, "LEAST_FREE", 10**18)
        with pytest.raises(WriteError, match="MB are free on this disk"):
            folder.enrol()
        assert not exists(folder.ledger)
        with begun(folder.prepared(), NOW, accept_change=False, rehearsal=True) as run:
            enrolled(run)
        sandbox.enrol()

    def test_a_disk_of_another_machine(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A ledger on a network file system is refused, unless the user says that only this machine writes there."""
        folder = Folder(tmp_path / "campaign")
        mounts = tmp_path / "mounts"
        mounts.write_text(f"/dev/sda / ext4 rw 0 0\nserver:/x {tmp_path.resolve()} nfs4 rw 0 0\n")
        monkeypatch.setattr(disk, "MOUNTS", mounts)
        with pytest.raises(WriteError, match=r"ledger\.db: this disk belongs to another machine \(nfs4\)"):
            folder.enrol()
        monkeypatch.setenv("NOTIFY_ALLOW_NETWORK_DISK", "1")
        assert folder.enrol().rows == 3
        monkeypatch.delenv("NOTIFY_ALLOW_NETWORK_DISK")
        mounts.unlink()
        assert folder.enrol().rows == 3
