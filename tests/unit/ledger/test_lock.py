"""One run at a time: who comes second is told who holds the ledger, and a run that dies holds nothing."""

from __future__ import annotations

import datetime as dt
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import filelock
import pytest

from notify.errors import BusyError, InputError, WriteError
from notify.ledger import Suppressions, hold, is_held, open_store
from notify.ledger.lock import only_run
from tests.unit.ledger.mailing import NOW

ROOT = Path(__file__).parents[3]

_HOLDER = """
import datetime as dt, sys, time
from pathlib import Path
from notify.ledger import hold
with hold(Path(sys.argv[1]), dt.datetime.fromisoformat(sys.argv[2])):
    print("held", flush=True)
    time.sleep(60)
"""


@contextmanager
def _held_by_another_process(path: Path, now: dt.datetime = NOW) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(path), now.isoformat()], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_second_run(tmp_path: Path) -> None:
    """Who comes second is told which process on which machine holds the ledger since when; the file stays as it is."""
    path = tmp_path / "ledger.db"
    with _held_by_another_process(path) as process:
        assert is_held(path)
        with pytest.raises(BusyError) as refused, hold(path, NOW + dt.timedelta(hours=1)):
            pass
        since = NOW.astimezone().strftime("%Y-%m-%d %H:%M:%S")
        assert f"process {process.pid} on {socket.gethostname()}, since {since}" in refused.value.message
        assert str(path) in refused.value.message
        assert "notify log --follow" in refused.value.hint
        with open_store(path) as store:
            row = store.row("holder")
            assert row is not None
            assert row["pid"] == process.pid


def test_killed(tmp_path: Path) -> None:
    """A run that is killed holds nothing any more, and the next one is named as holder."""
    path = tmp_path / "ledger.db"
    with _held_by_another_process(path) as process:
        process.kill()
        process.wait(10)
        assert not is_held(path)
        with hold(path, NOW) as store:
            row = store.row("holder")
            assert row is not None
            assert row["pid"] == os.getpid()
            assert is_held(path)
    assert not is_held(path)


@pytest.mark.parametrize("error", [InputError("mend it"), KeyboardInterrupt(), None])
def test_released(tmp_path: Path, error: BaseException | None) -> None:
    """However a run ends, the ledger is free and closed after it."""
    path = tmp_path / "ledger.db"

    def begin() -> None:
        with hold(path, NOW):
            if error is not None:
                raise error

    for _ in range(2):
        try:
            begin()
        except (InputError, KeyboardInterrupt) as raised:
            assert raised is error  # noqa: PT017  # None is a case too
        assert not is_held(path)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["ledger.db", "ledger.db.lock"]


def test_others_work_beside_a_run(tmp_path: Path) -> None:
    """Only sending needs the lock: others read and suppress beside a run."""
    path = tmp_path / "ledger.db"
    with hold(path, NOW) as run, open_store(path) as beside:
        Suppressions(beside).add("anna@example.com", "", NOW)
        assert Suppressions(run).find("anna@example.com") is not None


def test_looking_does_not_keep_a_run_from_beginning(tmp_path: Path) -> None:
    """Whoever looks whether the ledger is held has the lock for a moment; a run that begins then gets it after that."""
    path = tmp_path / "ledger.db"
    look = filelock.FileLock(tmp_path / "ledger.db.lock", thread_local=False)
    look.acquire()
    threading.Timer(0.1, look.release).start()
    with hold(path, NOW):
        assert is_held(path)


def test_looking_leaves_nothing(tmp_path: Path) -> None:
    """To ask about a ledger that was never held, or a folder that is not there, leaves nothing behind."""
    assert not is_held(tmp_path / "ledger.db")
    assert not is_held(tmp_path / "nowhere" / "ledger.db")
    assert list(tmp_path.iterdir()) == []


def test_folder_is_a_file(tmp_path: Path) -> None:
    """Where no folder can be made there is a sentence, not a traceback."""
    (tmp_path / "outbox").write_text("")
    with pytest.raises(WriteError, match="cannot be locked here"), hold(tmp_path / "outbox" / "ledger.db", NOW):
        pass


def test_foreign_file(tmp_path: Path) -> None:
    """Refused for another reason, the lock is free again."""
    path = tmp_path / "ledger.db"
    path.write_text("Anrede;Vorname")
    for _ in range(2):
        with pytest.raises(WriteError, match="not a ledger"), hold(path, NOW):
            pass
    assert path.read_text() == "Anrede;Vorname"


def test_held_and_not_a_ledger(tmp_path: Path) -> None:
    """When who holds it cannot be read the second run is still told that it is held."""
    path = tmp_path / "ledger.db"
    with hold(path, NOW):
        path.rename(tmp_path / "moved.db")
        path.write_text("Anrede;Vorname")
        with pytest.raises(BusyError, match=r"another run is sending from this ledger\.$"), hold(path, NOW):
            pass
        path.unlink()
        (tmp_path / "moved.db").rename(path)


def _only_run(
    state: Path, *names: str, others: Callable[[], Sequence[Path]] = lambda: ()
) -> AbstractContextManager[None]:
    return only_run([state / name for name in names], others)


def test_what_several_ledgers_share(tmp_path: Path) -> None:
    """Whoever shares one of its files with a run is kept out until that ends, and holds nothing; others are not."""
    with _only_run(tmp_path, "register", "journal"):
        for names in (["register", "journal"], ["register", "another journal"], ["another register", "journal"]):
            with (
                pytest.raises(BusyError, match="being sent by another run: of two copies"),
                _only_run(tmp_path, *names),
            ):
                pass
        with _only_run(tmp_path, "another register", "another journal"):
            pass
    with _only_run(tmp_path, "register", "journal"):
        pass


def test_which_other_ledger_is_busy(tmp_path: Path) -> None:
    """Of the other ledgers of the campaign the one that is held is named, with its process, if it can be found."""
    held, idle = tmp_path / "held" / "ledger.db", tmp_path / "idle" / "ledger.db"
    with hold(idle, NOW):
        pass

    def unreadable() -> Sequence[Path]:
        raise PermissionError

    with _held_by_another_process(held) as process, _only_run(tmp_path, "journal"):
        named = rf"another run, from {held} \(process {process.pid} on "
        for others, words in ((lambda: (idle, held), named), (lambda: (idle,), "another run: "), (unreadable, "run: ")):
            with pytest.raises(BusyError, match=words), _only_run(tmp_path, "journal", others=others):
                pass


@pytest.mark.skipif(sys.platform == "win32", reason="links are a privilege there")
def test_a_link_to_a_ledger(tmp_path: Path) -> None:
    """A ledger that is reached by a link has the lock of the file to which that leads."""
    path, link = tmp_path / "ledger.db", tmp_path / "folder" / "ledger.db"
    link.parent.mkdir()
    with hold(path, NOW):
        link.symlink_to(path)
        assert is_held(link)
        with pytest.raises(BusyError), hold(link, NOW):
            pass
    assert not is_held(link)
