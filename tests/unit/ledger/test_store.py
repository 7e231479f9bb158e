"""The file: what is opened, how it is written, who may read it, and what is refused and left as it is."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from notify.core.status import Status
from notify.errors import BusyError, NotifyError, WriteError
from notify.ledger import Enrolment, Suppressions, copy_ledger, hold, open_store
from notify.ledger.file import SCHEMA_VERSION, make, place
from tests.unit.ledger.mailing import NOW, Mailing, mailing, read

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX's")
ROOT = Path(__file__).parents[3]


def _digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def _mode(path: Path) -> str:
    return oct(path.stat().st_mode & 0o777)


@contextlib.contextmanager
def _umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def test_settings_of_sqlite(post: Mailing) -> None:
    """What is committed survives a power loss: WAL, with an fsync at every commit; references are checked."""
    with post.store.transaction() as db:
        settings = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}
        assert {name: db.execute(f"PRAGMA {name}").fetchone()[0] for name in settings} == settings


def _indexes(post: Mailing) -> list[tuple[object, ...]]:
    statement = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'recipient' ORDER BY name"
    return [tuple(row) for row in post.store.rows_of(statement, {}) if row["sql"]]


def test_indexes_of_a_ledger_that_is_filled(post: Mailing) -> None:
    """They are made when the first recipients are written; with others in the ledger, they stay."""
    made = _indexes(post)
    with Enrolment.of(post.store, post.record, NOW) as enrolment:
        assert made
        assert not _indexes(post)
        enrolment.write()
        assert _indexes(post) == made
    post.enrol("- anna@example.com", "- ben@example.com")
    assert _indexes(post) == made
    with Enrolment.of(post.store, post.another("next").record, NOW):
        assert _indexes(post) == made


def test_indexes_of_a_ledger_that_was_not_filled(post: Mailing) -> None:
    """A first enrolment that fails leaves them."""
    made = _indexes(post)
    with pytest.raises(ValueError, match="no"), Enrolment.of(post.store, post.record, NOW):
        raise ValueError("no")
    assert _indexes(post) == made


@POSIX
@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
@pytest.mark.parametrize("held", [True, False])
def test_modes(tmp_path: Path, mask: int, *, held: bool) -> None:
    """Only its owner can read the ledger, its companions and a folder made for it, whatever the umask."""
    folder = tmp_path / "outbox"
    path = folder / "ledger.db"
    names = ["ledger.db", "ledger.db-wal", "ledger.db-shm", *(["ledger.db.lock"] if held else [])]
    with _umask(mask), hold(path, NOW) if held else open_store(path, create=True) as store:
        Suppressions(store).add("anna@example.com", "", NOW)
        assert _mode(folder) == "0o700"
        assert {file.name: _mode(file) for file in folder.iterdir()} == dict.fromkeys(names, "0o600")


@POSIX
def test_folder_of_the_user(tmp_path: Path) -> None:
    """The mode of a folder that was there is not changed."""
    tmp_path.chmod(0o750)
    with open_store(tmp_path / "ledger.db", create=True):
        assert _mode(tmp_path) == "0o750"


def test_missing(tmp_path: Path) -> None:
    """A ledger that is not there is made only when that is asked for; nothing is left behind by asking."""
    with pytest.raises(FileNotFoundError):
        open_store(tmp_path / "ledger.db")
    assert list(tmp_path.iterdir()) == []


def test_closed(tmp_path: Path) -> None:
    """Closed, the ledger is one file, with everything in it."""
    with mailing(tmp_path) as post:
        post.enrol("K1 anna@example.com")
    assert [path.name for path in tmp_path.iterdir()] == ["ledger.db"]
    (tmp_path / "ledger.db").rename(tmp_path / "moved.db")
    assert len(read(tmp_path / "moved.db", "SELECT * FROM recipient")) == 1


def _other_database(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE recipient (id)")
        db.commit()


def _other_database_in_wal(path: Path) -> None:
    _other_database(path)
    # a child that dies leaves its log
    code = (
        "import os, sqlite3, sys; db = sqlite3.connect(sys.argv[1]); db.execute('PRAGMA journal_mode = WAL');"
        "db.execute('CREATE TABLE more (id)'); db.commit(); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=True)
    assert path.with_name("ledger.db-wal").stat().st_size


def _newer(path: Path) -> None:
    with open_store(path, create=True):
        pass
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")


FOREIGN: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "text": lambda path: path.write_text("Anrede;Vorname;E-Mail\nFrau;Änne;anna@example.com\n" * 9, "utf-8"),
    "begins like one": lambda path: path.write_bytes(b"SQLite format 3\0"),
    "another program's": _other_database,
    "another program's, with a log": _other_database_in_wal,
}


@pytest.mark.parametrize("make", FOREIGN.values(), ids=FOREIGN)
@pytest.mark.parametrize("create", [True, False])
def test_foreign_file(tmp_path: Path, make: Callable[[Path], object], *, create: bool) -> None:
    """A file that is not ours is refused, and neither it nor what stands beside it is touched."""
    path = tmp_path / "ledger.db"
    make(path)
    before = _digests(tmp_path)
    with pytest.raises(WriteError, match="not a ledger of notify") as refused:
        open_store(path, create=create)
    assert _digests(tmp_path) == before
    assert "left as it is" in refused.value.hint


def test_folder_in_its_place(tmp_path: Path) -> None:
    """A folder that has the ledger's name is refused in words."""
    (tmp_path / "ledger.db").mkdir()
    with pytest.raises(WriteError, match="cannot be read"):
        open_store(tmp_path / "ledger.db", create=True)


def test_newer_version(tmp_path: Path) -> None:
    """A ledger of a newer notify is refused and left as it is; the error names both versions."""
    path = tmp_path / "ledger.db"
    _newer(path)
    before = _digests(tmp_path)
    with pytest.raises(
        WriteError, match=f"has version {SCHEMA_VERSION + 1}, and this notify knows version {SCHEMA_VERSION}"
    ):
        open_store(path, create=True)
    assert _digests(tmp_path) == before


def test_half_a_ledger(tmp_path: Path) -> None:
    """When the ledger is gone but its log is there no new one takes its place: it would forget who was written to."""
    path = tmp_path / "ledger.db"
    code = (
        "import os, sys; from pathlib import Path; from tests.unit.ledger.mailing import mailing\n"
        "with mailing(Path(sys.argv[1])) as post: post.enrol('K1 anna@example.com'); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, cwd=ROOT)
    path.rename(tmp_path / "somewhere.db")
    before = _digests(tmp_path)
    with pytest.raises(WriteError, match=r"ledger.db is gone, but ledger.db-wal"):
        open_store(path, create=True)
    assert _digests(tmp_path) == before
    (tmp_path / "somewhere.db").rename(path)
    with open_store(path):
        assert len(read(path, "SELECT * FROM recipient")) == 1


def _damage(path: Path, place: int, octets: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(place)
        file.write(octets)


def _scratch(path: Path) -> None:
    for offset in range(4096, path.stat().st_size, 4096):
        _damage(path, offset, b"\xff" * 16)


DAMAGES: dict[str, Callable[[Path], None]] = {
    "its end is missing": lambda path: os.truncate(path, path.stat().st_size // 2),
    "a page of zeros": lambda path: _damage(path, path.stat().st_size // 4096 // 2 * 4096, bytes(4096)),
    "the first page": lambda path: _damage(path, 100, b"\xff" * 300),
    "every page a little": _scratch,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damaged(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    """A run does not begin with a damaged ledger: it is refused as what it is, and left as it is."""
    path = tmp_path / "ledger.db"
    with mailing(tmp_path) as post:
        post.enrol(*[f"K{number} p{number}@example.com Muster" for number in range(400)])
    damage(path)
    before = _digests(tmp_path)
    with pytest.raises(WriteError, match=r"damaged") as refused, hold(path, NOW):
        pass
    assert "backup" in refused.value.hint
    # released, the lock stays as an empty file
    assert _digests(tmp_path) == before | {"ledger.db.lock": hashlib.sha256(b"").hexdigest()}


def test_copy(tmp_path: Path) -> None:
    """A copy has everything that is committed, and is a ledger; what is done to it does not reach the original."""
    with mailing(tmp_path) as post:
        post.enrol("K1 anna@example.com", "K2 ben@example.com")
        copy_ledger(post.path, tmp_path / "copy.db")
        with open_store(tmp_path / "copy.db") as store:
            copy = Mailing(store)
            assert copy.statuses() == post.statuses()
            copy.bring("anna@example.com", Status.SENT)
        assert post.statuses()["anna@example.com"] == Status.PENDING


def test_busy(post: Mailing) -> None:
    """When the other one takes too long it is no failure of the file: it can be tried again at once."""
    with contextlib.closing(sqlite3.connect(post.path, isolation_level=None)) as beside:
        beside.execute("BEGIN IMMEDIATE")
        post.store.row("holder")
        # half a minute would be a long test
        with post.store._turn:  # type: ignore[attr-defined]  # noqa: SLF001
            post.store._db.execute("PRAGMA busy_timeout = 50")  # type: ignore[attr-defined]  # noqa: SLF001
        with pytest.raises(BusyError, match="another process"):
            Suppressions(post.store).add("anna@example.com", "", NOW)
        beside.execute("ROLLBACK")
        assert Suppressions(post.store).add("anna@example.com", "", NOW)


def test_made_by_many_at_once(tmp_path: Path) -> None:
    """Whoever makes the ledger at the same moment, there is one, and nothing that was written to it is lost."""
    path = tmp_path / "ledger.db"
    start = threading.Barrier(8)
    errors: list[BaseException] = []

    def make(number: int) -> None:
        start.wait()
        try:
            with open_store(path, create=True) as store:
                Suppressions(store).add(f"p{number}@example.com", "", NOW)
        except BaseException as error:  # noqa: BLE001  # shown below
            errors.append(error)

    threads = [threading.Thread(target=make, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    assert len(read(path, "SELECT * FROM suppression")) == 8
    assert [file.name for file in tmp_path.iterdir()] == ["ledger.db"]


def test_what_another_has_made_is_not_overwritten(tmp_path: Path) -> None:
    """Whoever finishes a draft second keeps its hands off the ledger that the first has made and written to."""
    path, draft = tmp_path / "ledger.db", tmp_path / "ledger.db.x.new"
    with open_store(path, create=True) as store:
        Suppressions(store).add("anna@example.com", "", NOW)
        draft.write_bytes(b"a new ledger")
        with pytest.raises(FileExistsError):
            place(draft, path)
        assert draft.exists()
        make(path)
        assert len(read(path, "SELECT * FROM suppression")) == 1


@POSIX
def test_made_by_many_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a file system that has no hard links it is the same; nothing else is left there either."""

    def refuse(source: Path, target: Path) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), source, None, target)

    monkeypatch.setattr("os.link", refuse)
    test_made_by_many_at_once(tmp_path)


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (sqlite3.OperationalError("database is locked"), BusyError, "another process"),
        (sqlite3.OperationalError("database or disk is full"), WriteError, "disk is full"),
        (sqlite3.OperationalError("disk I/O error"), WriteError, "cannot be written"),
        (sqlite3.OperationalError("attempt to write a readonly database"), WriteError, "cannot be written"),
        (sqlite3.OperationalError("unable to open database file"), WriteError, "cannot be written"),
        (sqlite3.DatabaseError("database disk image is malformed"), WriteError, "damaged"),
        (sqlite3.DatabaseError("file is not a database"), WriteError, "damaged"),
        (sqlite3.IntegrityError("no such transition"), WriteError, "refused a change"),
    ],
)
def test_words_for_errors(post: Mailing, error: sqlite3.Error, kind: type[NotifyError], words: str) -> None:
    """Whatever SQLite says becomes one sentence that names the file, and a mend."""
    with pytest.raises(kind, match=words) as refused, post.store.transaction():
        raise error
    assert refused.value.message.startswith(f"{post.path}: ")
    assert refused.value.hint
    assert refused.value.__cause__ is error
