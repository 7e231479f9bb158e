"""The journal outside of the campaign folder, and the ledger that is compared with it."""

from __future__ import annotations

import os
import stat
import sys
import threading
import time
from pathlib import Path

import pytest

from notify.ledger import state_folder
from notify.ledger.disk import file_system, is_network
from notify.ledger.held_journal import HeldJournal, held
from notify.ledger.journal import Begun, Journal, JournalRegister


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


def test_an_entry_is_on_the_disk_before_a_dot_leaves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept is written and then synchronised, with its whole entry in the file by that time."""
    sizes: list[int] = []
    monkeypatch.setattr("notify.ledger.journal.SYNC", lambda file: sizes.append(os.fstat(file).st_size))
    journal = Journal.of(tmp_path, b"secret", tmp_path)
    journal.open()
    for number in (1, 2):
        journal.keep([Begun(f"<{number}@x>", 0, "a@example.com"), Begun(f"<{number}@y>", 0, "b@example.com")])
    assert sizes == [64, 128]


def _begun(number: int) -> Begun:
    return Begun(f"<{number}@x>", 0, f"{number}@example.com")


def test_an_entry_does_not_make_a_held_journal_longer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is room for it, so that it is durable at once; what is left of the room is cut off at the end."""
    journal = Journal.of(tmp_path, b"secret", tmp_path)
    journal.open()
    journal.keep([_begun(0)])
    durable: list[tuple[int, int]] = []
    monkeypatch.setattr(
        "notify.ledger.held_journal.SYNC",
        lambda file: durable.append((os.fstat(file).st_size, len(list(journal.messages())))),
    )
    with held(journal) as one:
        for number in range(1, 5001):
            one.keep([_begun(number)])
            one.make_durable()
            one.make_durable()
        assert list(one.messages()) == list(journal.messages())
    assert [entries for _, entries in durable] == list(range(2, 5002))
    assert len({size for size, _ in durable}) == 3
    assert journal.path.stat().st_size == 5001 * 32
    seal = journal.seal
    assert list(journal.messages()) == [
        (seal.message(f"<{number}@x>", 0), seal.person(f"{number}@example.com")) for number in range(5001)
    ]


def test_a_held_journal_is_on_the_disk_soon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept is in the file at once, for whoever reads it; it is synchronised when asked for, or at the end."""
    journal = Journal.of(tmp_path, b"secret", tmp_path)
    journal.open()
    durable: list[int] = []
    monkeypatch.setattr("notify.ledger.held_journal.SYNC", lambda _: durable.append(len(list(journal.messages()))))
    with held(journal) as one:
        one.make_durable()
        one.keep([_begun(1), _begun(2)])
        one.keep([_begun(3)])
        assert (len(list(journal.messages())), durable) == (3, [])
        one.make_durable()
        one.keep([_begun(4)])
    assert durable == [3, 4]


def test_a_held_journal_for_which_nobody_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It brings its entries to the disk by itself, with the first that comes a quarter of a second behind."""
    journal = Journal.of(tmp_path, b"secret", tmp_path)
    journal.open()
    durable: list[int] = []
    now = iter([10.0, 10.2, 10.26, 10.3, 10.5, 10.6])
    monkeypatch.setattr("notify.ledger.held_journal.SYNC", lambda _: durable.append(len(list(journal.messages()))))
    monkeypatch.setattr("notify.ledger.held_journal.time.monotonic", lambda: next(now))
    with held(journal) as one:
        for number in range(6):
            one.keep([_begun(number)])
    assert durable == [3, 6]


@pytest.mark.parametrize("entries", [0, 1, 3, 2048, 2049])
def test_a_run_goes_on_behind_the_entries_of_one_that_died(tmp_path: Path, entries: int) -> None:
    """The room that it has left holds no entry, for whoever reads, adds at the end or holds the journal."""
    journal = Journal.of(tmp_path, b"secret", tmp_path)
    journal.open()
    journal.keep(map(_begun, range(entries)))
    with journal.path.open("ab") as file:
        file.write(bytes(2048 * 32))
    journal.keep([_begun(-1)])
    with journal.path.open("ab") as file:
        file.write(bytes(32 * 5))
    journal.open()
    with held(journal) as one:
        one.keep([_begun(-2)])
    persons = [journal.seal.person(f"{number}@example.com") for number in (*range(entries), -1, -2)]
    assert [person for _, person in journal.messages()] == persons
    assert not list(journal.acknowledgements())
    assert journal.path.stat().st_size == (entries + 2048 + 2) * 32


@pytest.mark.parametrize("replaced", [False, True])
def test_a_held_journal_that_is_taken_away(tmp_path: Path, *, replaced: bool) -> None:
    """What is begun later stands in the file that the next run will find, as soon as it is on the disk."""
    journal = Journal.of(tmp_path, b"secret", tmp_path)
    journal.open()

    def persons() -> list[bytes]:
        return [person for _, person in journal.messages()]

    every = [journal.seal.person(f"{number}@example.com") for number in range(6)]
    with held(journal) as one:
        one.keep([_begun(0)])
        one.make_durable()
        journal.path.unlink()
        if replaced:
            journal.path.touch()
        one.keep([_begun(1)])
        one.keep([_begun(2)])
        one.make_durable()
        assert persons() == every[1:3]
        one.keep([_begun(3)])
        assert persons() == every[1:4]
        journal.path.unlink()
        one.keep([_begun(4)])
        one.keep([_begun(5)])
    assert persons() == every[4:]


def test_a_held_journal_that_is_taken_away_at_the_end(tmp_path: Path) -> None:
    """Nobody needs to have asked for the disk: the end of the run does."""
    journal = Journal.of(tmp_path, b"secret", tmp_path)
    journal.open()
    with held(journal) as one:
        one.keep([_begun(1)])
        journal.path.unlink()
        one.keep([_begun(2)])
    persons = [journal.seal.person(f"{number}@example.com") for number in (1, 2)]
    assert [person for _, person in journal.messages()] == persons


def test_a_held_journal_is_looked_after_beside_who_notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However the two threads take turns while it is taken away, no entry is lost, and none is noted twice."""
    for place in ("journal", "held_journal"):
        # thousands of times, the disk would be all that is waited for
        monkeypatch.setattr(f"notify.ledger.{place}.SYNC", lambda _: time.sleep(0))
    journal = Journal.of(tmp_path, b"secret", tmp_path)
    journal.open()
    most = 5000
    with held(journal) as one:

        def note() -> None:
            for number in range(most):
                one.keep([_begun(number)])

        noting = threading.Thread(target=note)
        noting.start()
        while one.end < 500 * 32:
            one.make_durable()
            noting.join(0.001)
        noted = one.end // 32
        journal.path.unlink()
        while noting.is_alive():
            one.make_durable()
            noting.join(0.001)
    persons = [person for _, person in journal.messages()]
    every = [journal.seal.person(f"{number}@example.com") for number in range(most)]
    assert len(persons) >= most - noted > 0
    assert persons == every[-len(persons) :]


def test_a_held_journal_that_cannot_be_written(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A warning says so once, and the run goes on."""
    journal = Journal.of(tmp_path, b"secret", tmp_path)
    journal.open()
    file = os.open(journal.path, os.O_RDONLY)
    one = HeldJournal(journal, file)
    one.keep([_begun(1)])
    one.keep([_begun(2)])
    one.make_durable()
    os.close(file)
    assert len(caplog.records) == 1
    assert list(journal.messages()) == []


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
