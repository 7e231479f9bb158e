"""The outbox is a Maildir: each message a file of its owner's, on the disk when it is said to be kept."""

from __future__ import annotations

import mailbox
import os
import shutil
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from notify.errors import WriteError
from notify.sandbox import Outbox

OCTETS = b"Subject: x\r\n\r\nHallo\r\n"


def test_a_message_is_kept(tmp_path: Path) -> None:
    """To the octet, as a new message that mail programs find."""
    outbox = Outbox(tmp_path / "outbox")
    path = outbox.keep(OCTETS)
    assert path.read_bytes() == OCTETS
    maildir = mailbox.Maildir(tmp_path / "outbox", create=False)
    assert [message["Subject"] for message in maildir] == ["x"]
    assert list((tmp_path / "outbox" / "tmp").iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_only_its_owner_may_read_it(tmp_path: Path, umask: int) -> None:
    """Whatever the umask says: names and addresses of customers stand in it."""
    before = os.umask(umask)
    try:
        outbox = Outbox(tmp_path / "outbox")
        path = outbox.keep(OCTETS)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for folder in (outbox.path, *(outbox.path / name for name in ("tmp", "new", "cur"))):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_messages_keep_their_order(tmp_path: Path) -> None:
    """Sorted by name they are in the order in which they came, also over several runs."""
    kept = [outbox.keep(OCTETS) for _ in range(3) for outbox in [Outbox(tmp_path / "outbox")] for _ in range(20)]
    assert sorted(kept) == kept
    assert len(set(kept)) == 60


def test_several_threads_at_once(tmp_path: Path) -> None:
    """No message takes another's place."""
    outbox = Outbox(tmp_path / "outbox")

    def keep(letter: str) -> None:
        for number in range(50):
            outbox.keep(f"{letter}{number}".encode())

    threads = [threading.Thread(target=keep, args=(letter,)) for letter in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = sorted(path.read_text() for path in (outbox.path / "new").iterdir())
    assert found == sorted(f"{letter}{number}" for letter in "abcd" for number in range(50))


def test_a_folder_that_is_there(tmp_path: Path) -> None:
    """It may hold a ledger, or messages of an earlier rehearsal: nothing of it is touched."""
    folder = tmp_path / "outbox"
    folder.mkdir()
    (folder / "ledger.db").write_bytes(b"ledger")
    first = Outbox(folder).keep(OCTETS)
    Outbox(folder).keep(OCTETS)
    assert first.read_bytes() == OCTETS
    assert (folder / "ledger.db").read_bytes() == b"ledger"
    assert len(list((folder / "new").iterdir())) == 2


@pytest.mark.parametrize("part", ["outbox", "outbox/new", "outbox/tmp"])
def test_a_file_in_the_way(tmp_path: Path, part: str) -> None:
    """Where the outbox should be there is something else."""
    (tmp_path / part).parent.mkdir(exist_ok=True)
    (tmp_path / part).write_bytes(b"")
    with pytest.raises(
        WriteError, match=r"outbox: the outbox cannot be written: (File exists|Not a directory)"
    ) as caught:
        Outbox(tmp_path / "outbox")
    assert "-C" in caught.value.hint


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """Above it is a file."""
    (tmp_path / "file").touch()
    with pytest.raises(WriteError, match="cannot be written"):
        Outbox(tmp_path / "file" / "outbox")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_read_only(tmp_path: Path) -> None:
    """What was kept there stays readable."""
    outbox = Outbox(tmp_path / "outbox")
    (outbox.path / "tmp").chmod(0o500)
    with pytest.raises(WriteError, match="Permission denied"):
        Outbox(outbox.path)
    with pytest.raises(PermissionError):
        outbox.keep(OCTETS)
    (outbox.path / "tmp").chmod(0o700)


@pytest.mark.parametrize("part", ["new", "tmp"])
def test_a_folder_that_has_gone(tmp_path: Path, part: str) -> None:
    """The message is not kept, and nothing of it is left."""
    outbox = Outbox(tmp_path / "outbox")
    shutil.rmtree(outbox.path / part)
    with pytest.raises(FileNotFoundError):
        outbox.keep(OCTETS)
    assert [path for path in outbox.path.rglob("*") if path.is_file()] == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
def test_a_full_disk(tmp_path: Path) -> None:
    """Half a message is no message: it is taken away again."""
    program = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from notify.sandbox import Outbox\n"
        "outbox = Outbox(Path(sys.argv[1]))\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "outbox.keep(b'x' * 999)\n"
        "try:\n"
        "    outbox.keep(b'x' * 5000)\n"
        "except OSError as error:\n"
        "    print(error.strerror)\n"
    )
    folder = tmp_path / "outbox"
    done = subprocess.run([sys.executable, "-c", program, folder], capture_output=True, text=True, check=True)
    assert done.stdout == "File too large\n"
    assert [path.stat().st_size for path in folder.rglob("*") if path.is_file()] == [999]
