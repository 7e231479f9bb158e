"""The journal outside of the campaign folder, and the ledger that is compared with it."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from notify.core.status import Status
from notify.errors import BusyError, WriteError
from notify.ledger import Handover, Leaving, Suppressions, Transitions, Watch, Word, state_folder, watched
from notify.ledger.disk import file_system, is_network
from notify.ledger.journal import Begun, Journal, JournalRegister, Seal
from tests.unit.ledger.mailing import DATE, NOW, RELAY, Mailing, begin, mailing, outcome, settle


@contextmanager
def _watch(post: Mailing, folder: Path, *, trust: bool = False) -> Iterator[Watch]:
    with watched(post.store, post.record, folder / "state", "a@alt.example", folder, trust=trust) as watch:
        yield watch


def _run(post: Mailing, watch: Watch) -> Handover:
    return Handover(
        post.store, post.record, post.version, RELAY, "run 1", journal=watch.journal, rollback=watch.rollback
    )


def _transitions(post: Mailing, watch: Watch) -> Transitions:
    return Transitions(post.store, post.record, watch.rollback)


def _hand_over(post: Mailing, watch: Watch, address: str, status: Status) -> None:
    run = _run(post, watch)
    (claimed,) = run.claim(1, NOW, [address])
    assert begin(run, claimed.id, "d1", DATE)
    settle(run, claimed.id, outcome(status), NOW)


@dataclass(frozen=True, slots=True)
class Counting(Journal):
    """A journal that tells how often it was asked to keep something, and how much."""

    kept: list[int] = field(default_factory=list)

    def keep(self, begun: Iterable[Begun]) -> None:
        """Count, and keep."""
        some = list(begun)
        self.kept.append(len(some))
        Journal.keep(self, some)


def test_who_shares_a_commit_shares_the_entry(post: Mailing, tmp_path: Path) -> None:
    """All channels that share one commit are noted by one write; who is fenced is not noted."""
    post.enrol(*[f"K{number} p{number}@example.com" for number in range(6)])
    journal = Counting(tmp_path / "x.witness", Seal(b"key"))
    run = Handover(post.store, post.record, post.version, RELAY, "run 1", journal=journal)
    claimed = run.claim(6, NOW)
    Suppressions(post.store).add("p3@example.com", "", NOW)
    run.record([], [Leaving(one.id, "d", DATE) for one in claimed], NOW)
    assert journal.kept == [5]
    assert len(list(journal.messages())) == 5
    settle(run, claimed[0].id, outcome(Status.SENT), NOW)
    assert journal.kept == [5]


class Unwritable(dt.datetime):
    """A Date on which what shares the commit breaks."""

    def isoformat(self, *_: object, **__: object) -> str:
        """Fail."""
        raise BusyError("something else in the same commit")


def test_what_was_undone_is_not_noted(post: Mailing, tmp_path: Path) -> None:
    """A begin that never became durable leaves no entry, which would stand against the ledger for ever."""
    post.enrol("K1 anna@example.com")
    with _watch(post, tmp_path) as watch:
        assert watch.journal
        run = _run(post, watch)
        (anna,) = run.claim(1, NOW)
        ben = Leaving(0, "d", Unwritable(2026, 12, 1))
        with pytest.raises(BusyError):
            run.record([], [Leaving(anna.id, "d", DATE), ben], NOW)
        assert list(watch.journal.messages()) == []
        assert begin(run, anna.id, "d", DATE)
        assert len(list(watch.journal.messages())) == 1


@pytest.mark.parametrize("first", [Status.DEFERRED, Status.PENDING, Status.IN_DOUBT, Status.FAILED])
def test_each_try_is_known_by_itself(tmp_path: Path, first: Status) -> None:
    """A ledger that knows of one try, and not of the next one with the same Message-ID, is older too."""
    with mailing(tmp_path) as post, _watch(post, tmp_path) as watch:
        post.enrol("K1 anna@example.com")
        _hand_over(post, watch, "anna@example.com", first)
        if first in {Status.IN_DOUBT, Status.FAILED}:
            post.resolve("anna@example.com", Word.AGAIN)
    shutil.copy(tmp_path / "ledger.db", tmp_path / "backup.db")
    with mailing(tmp_path) as post, _watch(post, tmp_path) as watch:
        later = NOW.replace(day=2)
        run = _run(post, watch)
        (claimed,) = run.claim(1, later)
        assert begin(run, claimed.id, "d1", DATE)
        settle(run, claimed.id, outcome(Status.SENT), later)
    with mailing(tmp_path) as post, _watch(post, tmp_path) as watch:
        assert watch.rollback
        assert not watch.rollback.found_any
    shutil.copy(tmp_path / "backup.db", tmp_path / "ledger.db")
    with mailing(tmp_path) as post:
        with pytest.raises(WriteError, match="1 recipient was written to"), _watch(post, tmp_path):
            pass
        with _watch(post, tmp_path, trust=True) as watch:
            assert _transitions(post, watch).set_doubted_aside(NOW) == 1
            assert _transitions(post, watch).set_doubted_aside(NOW) == 0
        assert post.statuses() == {"anna@example.com": Status.IN_DOUBT}
        with _watch(post, tmp_path) as watch:
            assert _run(post, watch).claim(1, later) == []


def test_who_comes_to_wait_later(tmp_path: Path) -> None:
    """Whoever waits again only in the course of a run is not written to either, whatever brought that about."""
    with mailing(tmp_path) as post:
        post.enrol("K1 anna@example.com", "K2 ben@example.com", "K3 cora@example.com")
        post.bring("anna@example.com", Status.FAILED)
    shutil.copy(tmp_path / "ledger.db", tmp_path / "backup.db")
    with mailing(tmp_path) as post, _watch(post, tmp_path) as watch:
        post.transitions.retry_failed()
        for name in ("anna", "ben"):
            _hand_over(post, watch, f"{name}@example.com", Status.SENT)
    shutil.copy(tmp_path / "backup.db", tmp_path / "ledger.db")
    with mailing(tmp_path) as post, _watch(post, tmp_path, trust=True) as watch:
        Suppressions(post.store).add("ben@example.com", "", NOW)
        run = _run(post, watch)
        assert _transitions(post, watch).set_doubted_aside(NOW) == 0
        post.transitions.retry_failed()
        (cora,) = run.claim(5, NOW)
        Suppressions(post.store).remove("ben@example.com")
        (ben,) = run.claim(5, NOW)
        assert not begin(run, ben.id, "d1", DATE)
        assert begin(run, cora.id, "d1", DATE)
        assert post.statuses() == {
            "anna@example.com": Status.IN_DOUBT,
            "ben@example.com": Status.IN_DOUBT,
            "cora@example.com": Status.IN_FLIGHT,
        }


@pytest.mark.parametrize("left", [b"\x01" * 7, b"\0" * 32, b"\0" * 40])
def test_what_a_crash_leaves_at_the_end(tmp_path: Path, left: bytes) -> None:
    """Half an entry, or zeros where the disk had no time, were never followed by a dot, and spoil no later entry."""
    journal = Journal.of(tmp_path, b"secret", tmp_path)
    journal.open()
    journal.keep([Begun("<1@x>", 0, "a@example.com")])
    with journal.path.open("ab") as file:
        file.write(left)
    journal.open()
    journal.keep([Begun("<2@x>", 0, "b@example.com")])
    seal = journal.seal
    assert list(journal.messages()) == [
        (seal.message("<1@x>", 0), seal.person("a@example.com")),
        (seal.message("<2@x>", 0), seal.person("b@example.com")),
    ]
    assert list(journal.acknowledgements()) == []


def test_the_register(tmp_path: Path) -> None:
    """A campaign is found by id and sender, whose case does not matter; a line that was cut says nothing."""
    register = JournalRegister(tmp_path, "neue-adresse", "Info@alt.example")
    first, second = (Journal.of(tmp_path, secret, tmp_path) for secret in (b"1", b"2"))
    register.add(first)
    register.add(first)
    (path,) = tmp_path.glob("*.campaign")
    with path.open("a") as file:
        file.write('{"witness": "x.wit')
    register.add(second)
    assert JournalRegister(tmp_path, "neue-adresse", "info@alt.example").journals() == [first, second]
    assert JournalRegister(tmp_path, "neue-adresse", "other@alt.example").journals() == []
    assert JournalRegister(tmp_path, "andere", "info@alt.example").journals() == []
    assert len(path.read_text().split()) < 30


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")
def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    """Whatever the user's mask would let others do."""
    journal = Journal.of(tmp_path / "state", b"secret", tmp_path)
    before = os.umask(0)
    try:
        journal.open()
        JournalRegister(tmp_path / "state", "neue-adresse", "info@alt.example").add(journal)
    finally:
        os.umask(before)
    modes = {path.suffix: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "state").iterdir()}
    assert modes == {".witness": 0o600, ".campaign": 0o600}
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"NOTIFY_STATE_DIR": "/var/lib/x"}, "/var/lib/x"),
        ({"XDG_STATE_HOME": "/state"}, "/state/notify"),
        ({"XDG_STATE_HOME": "relative"}, "~/.local/state/notify"),
        ({}, "~/.local/state/notify"),
    ],
)
def test_where_it_is_kept(environment: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is kept in the user's state directory, on Linux."""
    monkeypatch.setattr("sys.platform", "linux")
    assert state_folder(environment) == Path(expected).expanduser()


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
proc /proc proc rw 0 0
server:/home /home nfs4 rw 0 0
/dev/sdb1 /home/anna/local xfs rw 0 0
//nas/x /mnt/my\\040share cifs rw 0 0
auto /net autofs rw 0 0
nas:/y /net nfs rw 0 0
me@host: /mnt/ssh fuse.sshfs rw 0 0
/dev/sdc1 /mnt/usb fuseblk rw 0 0
pool /mnt/union fuse.unionfs rw 0 0
C:\\134 /mnt/c 9p rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "kind", "network"),
    [
        ("/data/mailing", "ext4", False),
        ("/home/anna", "nfs4", True),
        ("/home/anna/local/mailing", "xfs", False),
        ("/homes", "ext4", False),
        ("/mnt/my share/mailing", "cifs", True),
        ("/net/mailing", "nfs", True),
        ("/mnt/ssh", "fuse.sshfs", True),
        ("/mnt/usb/mailing", "fuseblk", False),
        ("/mnt/union", "fuse.unionfs", False),
        ("/mnt/c/mailing", "9p", True),
    ],
)
def test_file_systems(folder: str, kind: str, *, network: bool) -> None:
    """The file system of the innermost mount counts, and of several at one place the last."""
    assert file_system(Path(folder), MOUNTS) == kind
    assert is_network(kind) is network
