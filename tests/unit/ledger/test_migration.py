"""A ledger of an earlier version is brought up to date: whole or not at all, with a copy beside it, and once."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import filelock
import pytest

from notify.core.status import ARROWS
from notify.errors import BusyError, WriteError
from notify.ledger import Suppressions, copy_ledger, hold, migration, open_store
from notify.ledger.file import SCHEMA_VERSION
from notify.ledger.queries import read_queries
from tests.unit.ledger.earlier import earlier_versions, make_earlier
from tests.unit.ledger.mailing import NOW, read

ROOT = Path(__file__).parents[3]
TABLES = "arrow attempt campaign holder recipient rejection suppression version".split()
FORKS = pytest.mark.skipif(sys.platform == "win32", reason="nothing is forked there")
every_version = pytest.mark.parametrize("version", earlier_versions())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give the ledger of version 1."""
    return make_earlier(tmp_path / "ledger.db", 1)


def _version(path: Path) -> int:
    """Return the version that stands in the header, which a notify of another version looks at first."""
    return int.from_bytes(path.read_bytes()[60:64])


def _contents(path: Path) -> dict[str, list[dict[str, Any]]]:
    return {table: read(path, f"SELECT * FROM {table} ORDER BY 1, 2") for table in TABLES}  # noqa: S608  # our names


def _as_migrated(
    contents: dict[str, list[dict[str, Any]]], version: int = SCHEMA_VERSION
) -> dict[str, list[dict[str, Any]]]:
    """Return what an earlier ledger holds after the steps to a version."""
    made = dict(contents)
    if version >= 2:
        made["attempt"] = [row | ({"relay": "journal"} if row["relay"] == "witness" else {}) for row in made["attempt"]]
    if version >= 3:
        made["recipient"] = [{"form": "Sie"} | row for row in made["recipient"]]
    if version >= 7:
        made["arrow"] = [{"tail": tail, "head": head} for tail, head in sorted(ARROWS)]
    return made


def _schema(path: Path) -> dict[str, str]:
    rows = read(path, "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {row["name"]: row["sql"] for row in rows}


def _digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_every_version_has_its_ledger() -> None:
    """A ledger of each version before this one is kept, and there is a step from each to the next."""
    assert earlier_versions() == list(range(1, SCHEMA_VERSION))
    for version in range(2, SCHEMA_VERSION + 1):
        assert read_queries(f"to_version_{version}.sql") or version == 7, "that one only draws other arrows"


def test_what_changes_the_schema_raises_its_number() -> None:
    """Whoever changes the tables or the core's arrows is reminded here: a new number, a step, the old ledger kept."""
    schema = (ROOT / "notify" / "ledger" / "schema.sql").read_text("utf-8")
    statements = "\n".join(line for line in schema.splitlines() if not line.lstrip().startswith("--"))
    digest = hashlib.sha256(f"{statements}\n{sorted(ARROWS)}".encode()).hexdigest()
    assert (SCHEMA_VERSION, digest[:16]) == (7, "dc1736a949eae7d4")


@every_version
def test_brought_up_to_date(tmp_path: Path, version: int) -> None:
    """Opened, a ledger of any earlier version is like one that is made today, with all that it held."""
    path = make_earlier(tmp_path / "ledger.db", version)
    held = _contents(path)
    with open_store(path), open_store(tmp_path / "new.db", create=True):
        assert _version(path) == SCHEMA_VERSION
    assert _schema(path) == _schema(tmp_path / "new.db")
    found = _contents(path)
    assert {(row["tail"], row["head"]) for row in found["arrow"]} == ARROWS
    assert found | {"arrow": []} == _as_migrated(held) | {"arrow": []}
    assert "witness" not in {row["relay"] for row in found["attempt"]}


def test_arrows_are_those_of_today(path: Path) -> None:
    """Arrows that an earlier version knew and this one does not are gone, and those that are new can be drawn."""
    with contextlib.closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO arrow VALUES ('sent', 'pending')")
        db.execute("DELETE FROM arrow WHERE tail = 'pending'")
    with open_store(path):
        pass
    assert {(row["tail"], row["head"]) for row in _contents(path)["arrow"]} == ARROWS


def test_attempts_are_still_never_changed(path: Path) -> None:
    """What a step may do nobody may do after it."""
    with open_store(path):
        pass
    with contextlib.closing(sqlite3.connect(path)) as db, pytest.raises(sqlite3.IntegrityError, match="never changed"):
        db.execute("UPDATE attempt SET relay = 'x'")


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX's")
def test_the_copy(path: Path) -> None:
    """The copy is the ledger as it was, with what stood in its log only, and its owner alone may read it."""
    code = (
        "import os, sqlite3, sys; db = sqlite3.connect(sys.argv[1])\n"
        "db.execute(\"INSERT INTO suppression VALUES ('ida@example.com', '', '')\"); db.commit(); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=True)
    assert path.with_name("ledger.db-wal").stat().st_size
    with open_store(path):
        copy = path.with_name("ledger.db.version-1")
        assert copy.stat().st_mode & 0o777 == 0o600
        names = ["ledger.db", "ledger.db-shm", "ledger.db-wal", "ledger.db.lock", "ledger.db.version-1"]
        assert sorted(file.name for file in path.parent.iterdir()) == names
    assert _version(copy) == 1
    assert "ida@example.com" in {row["identity"] for row in _contents(copy)["suppression"]}
    assert _contents(path) == _as_migrated(_contents(copy))
    # it can take the place of the ledger, for the notify that made it
    copy.replace(path)
    with open_store(path):
        assert _version(path) == SCHEMA_VERSION


def test_a_copy_is_never_overwritten(path: Path) -> None:
    """A copy of another state is kept beside the new one; of the same state one copy is enough."""
    first = path.with_name("ledger.db.version-1")
    first.write_bytes(b"something else")
    with open_store(path):
        pass
    second = path.with_name("ledger.db.version-1.2")
    assert (first.read_bytes(), _version(second)) == (b"something else", 1)
    shutil.copy(second, path)
    with open_store(path):
        pass
    assert sorted(file.name for file in path.parent.glob("*version*")) == [first.name, second.name]


def test_nothing_is_copied_that_is_up_to_date(tmp_path: Path) -> None:
    """A ledger of this version has no copy beside it, however often it is opened or held."""
    path = tmp_path / "ledger.db"
    for _ in range(2):
        with hold(path, NOW), open_store(path):
            pass
    assert sorted(file.name for file in tmp_path.iterdir()) == ["ledger.db", "ledger.db.lock"]


def test_by_the_run_that_holds_it(path: Path) -> None:
    """A run brings its ledger up to date under the lock that it has anyway, and is named as its holder."""
    with hold(path, NOW) as store:
        row = store.row("holder")
        assert row is not None
        assert row["pid"] == os.getpid()
    assert path.with_name("ledger.db.version-1").exists()


def test_not_under_a_run(path: Path) -> None:
    """While a run holds a ledger of an earlier version nothing is changed; whoever opens it is told who does."""
    before = _digests(path.parent)
    with filelock.FileLock(path.with_name("ledger.db.lock")):
        with pytest.raises(BusyError, match=r"earlier notify .* another run .* on office\.example") as refused:
            open_store(path)
        assert "Wait until it ends" in refused.value.hint
    assert _digests(path.parent) == before | {"ledger.db.lock": hashlib.sha256(b"").hexdigest()}


def test_by_many_at_once(path: Path) -> None:
    """Whoever opens it at the same moment, it is brought up to date once, and nothing that is written then is lost."""
    held = _contents(path)
    start = threading.Barrier(6)
    errors: list[BaseException] = []

    def open_and_write(number: int) -> None:
        start.wait()
        for _ in range(100):
            try:
                with open_store(path) as store:
                    Suppressions(store).add(f"p{number}@example.net", "", NOW)
            except BusyError:
                continue
            except BaseException as error:  # noqa: BLE001  # raised below
                errors.append(error)
            return

    threads = [threading.Thread(target=open_and_write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    found = _contents(path)
    assert len(found.pop("suppression")) == len(held.pop("suppression")) + 6
    assert found == _as_migrated(held)
    assert [file.name for file in path.parent.glob("*version*")] == ["ledger.db.version-1"]


def test_a_copy_to_rehearse_on(path: Path, tmp_path: Path) -> None:
    """A copy of an earlier ledger can be opened and is brought up to date; the ledger itself stays as it was."""
    before = _digests(tmp_path)
    (tmp_path / "rehearsal").mkdir()
    copy = tmp_path / "rehearsal" / "ledger.db"
    copy_ledger(path, copy)
    with open_store(copy):
        assert _version(copy) == SCHEMA_VERSION
    shutil.rmtree(tmp_path / "rehearsal")
    assert _digests(tmp_path) == before


def test_damaged(path: Path) -> None:
    """A damaged ledger is refused and left as it is, with no copy beside it."""
    with path.open("r+b") as file:
        file.seek(3 * 4096)
        file.write(b"\xff" * 4096)
    before = _digests(path.parent)
    with pytest.raises(WriteError, match="damaged"):
        open_store(path)
    # released, the lock stays as an empty file
    assert _digests(path.parent) == before | {"ledger.db.lock": hashlib.sha256(b"").hexdigest()}


def test_a_step_that_fails(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a step fails in its middle the ledger is of the version before it, and the next opening takes the step.

    It is the last one, that to the version of today.
    """
    held = _contents(path)

    def fail(_: sqlite3.Connection) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(migration, "draw_arrows", fail)
        with pytest.raises(WriteError, match="disk is full"):
            open_store(path)
    before = SCHEMA_VERSION - 1
    assert (_version(path), _contents(path)) == (before, _as_migrated(held, before))
    with open_store(path):
        pass
    assert _contents(path) == _as_migrated(held)
    kept = sorted(file.name for file in path.parent.glob("*version*"))
    assert kept == ["ledger.db.version-1", f"ledger.db.version-{before}"]


@FORKS
@pytest.mark.parametrize("room", [0, 4096, 40_000])
def test_no_room_for_the_copy(path: Path, room: int) -> None:
    """Where there is no room for the copy the ledger stays as it was, and half a copy does not stay beside it."""
    held = _contents(path)
    code = (
        "import resource, sys; from pathlib import Path; from notify.errors import WriteError\n"
        "from notify.ledger import open_store\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))\n"
        "try: open_store(Path(sys.argv[1]))\n"
        "except WriteError as error: print(error.message, error.hint)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path), str(room)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "room" in done.stdout, done.stderr
    assert (_version(path), _contents(path)) == (1, held)
    assert list(path.parent.glob("*version*")) == []


#: Opens ledgers in processes of its own and kills each of them at another moment of that: argv[2:], after so long that
#: the last ones come to their end. Prints for each whether it was killed.
_KILLING = """
import json, os, signal, sys, time
from pathlib import Path
from notify.ledger import open_store

def opened(path):
    if (child := os.fork()) == 0:
        open_store(Path(path)).close()
        os._exit(0)
    return child

started = time.perf_counter()
assert os.waitpid(opened(sys.argv[1]), 0)[1] == 0
took = time.perf_counter() - started
for number, path in enumerate(sys.argv[2:], start=1):
    child = opened(path)
    time.sleep(1.2 * took * number / len(sys.argv[2:]))
    os.kill(child, signal.SIGKILL)
    print(json.dumps(os.WIFSIGNALED(os.waitpid(child, 0)[1])))
"""


def _check_after_a_kill(path: Path, held: dict[str, list[dict[str, Any]]]) -> int:
    """See that a ledger of one of the versions is there with all that it held, and can become today's; tell which."""
    copy = path.with_name("ledger.db.version-1")
    if copy.exists():
        assert _contents(copy) == held
    (found,) = read(path, "PRAGMA user_version")
    version = int(found["user_version"])
    assert _contents(path) == _as_migrated(held, version)
    assert version == 1 or copy.exists()
    with hold(path, NOW):
        assert _version(path) == SCHEMA_VERSION
    whole = _contents(path)
    assert whole | {"holder": []} == _as_migrated(held) | {"holder": []}
    # killed between two steps it was kept once more, as it was between them
    between = [path.with_name(f"ledger.db.version-{version}")] * (1 < version < SCHEMA_VERSION)
    assert sorted(path.parent.iterdir()) == [path, path.with_name("ledger.db.lock"), copy, *between]
    assert _contents(copy) == held
    assert [_contents(kept) for kept in between] == [_as_migrated(held, version)] * len(between)
    return version


@FORKS
def test_killed_at_any_moment(tmp_path: Path) -> None:
    """Killed at any moment of it, the old or the new ledger is there with every row, and the next opening ends it."""
    paths = []
    for number in range(41):
        (tmp_path / str(number)).mkdir()
        paths.append(make_earlier(tmp_path / str(number) / "ledger.db", 1))
    held = _contents(paths[0])
    done = subprocess.run(
        [sys.executable, "-c", _KILLING, *map(str, paths)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    was_killed = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(was_killed) == 40
    assert any(was_killed)
    versions = [_check_after_a_kill(path, held) for path in paths[1:]]
    assert 1 in versions, "no kill came in time; the test shows nothing"


def _kills(folder: Path, call: str) -> Iterator[Path]:
    """Bring one ledger after the other up to date, each killed before a system call is made for the n-th time."""
    when = 0
    killed = True
    while killed:
        when += 1
        (folder / f"{call}{when}").mkdir()
        path = make_earlier(folder / f"{call}{when}" / "ledger.db", 1)
        inject = f"inject={call}:signal=KILL:when={when}"
        code = (
            "import sys; from pathlib import Path; from notify.ledger import open_store; "
            "open_store(Path(sys.argv[1])).close()"
        )
        done = subprocess.run(
            [
                *("strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={call}", "-e", inject),
                *(sys.executable, "-c", code, str(path)),
            ],
            cwd=ROOT,
            check=False,
        )
        assert done.returncode in {0, -signal.SIGKILL, 128 + signal.SIGKILL}
        killed = done.returncode != 0
        yield path


@pytest.mark.long
@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
@pytest.mark.parametrize("call", "fdatasync fsync ftruncate link pwrite64 unlink".split())
def test_killed_before_every_call(tmp_path: Path, call: str) -> None:
    """The same, before every single system call by which it touches a file."""
    held = _contents(make_earlier(tmp_path / "ledger.db", 1))
    kills = 0
    for path in _kills(tmp_path, call):
        _check_after_a_kill(path, held)
        shutil.rmtree(path.parent)
        kills += 1
    assert kills > 1 or call == "ftruncate", "this call is never made"
