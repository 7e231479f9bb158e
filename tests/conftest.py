"""What holds for all tests: generated cases without a stop-watch, nothing in the user's own folders, one server."""

import gc
import itertools
import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests import ledgers
from tests.servers.postgres import Database, Postgres, need_postgres

settings.register_profile("everyday", deadline=None, max_examples=25)
# in continuous integration the same cases every time
settings.register_profile("ci", deadline=None, max_examples=25, derandomize=True)
# by hand, after a change of what is generated for: ./run pytest --hypothesis-profile thorough
settings.register_profile("thorough", deadline=None, max_examples=1000)
settings.load_profile("ci" if os.environ.get("CI") else "everyday")

_NUMBERS = itertools.count()

# Tests that run under nohup, or behind an & of a script, have these ignored, and so would have whatever they start: a
# shell cannot even trap what was ignored when it began (POSIX, "trap").
if os.name == "posix":
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish() -> None:
    """Spare the collector what stays to the end: thousands of tests, and the libraries that they load."""
    gc.collect()
    gc.freeze()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run some tests with both kinds of ledgers."""
    ledgers.ways(metafunc)


@pytest.fixture(autouse=True)
def _ledger(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let the folders of a test have their ledgers in files, or in a database."""
    if getattr(request, "param", "file") == "file":
        yield
        return
    with ledgers.kept_in(request.getfixturevalue("database_of_ledgers")):
        yield


@pytest.fixture(autouse=True)
def _state_of_its_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Name each test a state directory of its own: its campaigns are called like those of all others."""
    state = tmp_path_factory.getbasetemp() / f"state-{next(_NUMBERS)}"
    monkeypatch.setenv("NOTIFY_STATE_DIR", str(state))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Run the PostgreSQL that all tests of a process share; each makes a database of its own in it."""
    need_postgres()
    with Postgres() as server:
        yield server


@pytest.fixture
def postgres_of_its_own() -> Iterator[Postgres]:
    """Run a PostgreSQL for one test, which may kill it; it waits for the disk, as a real one does."""
    need_postgres()
    with Postgres(fsync=True) as server:
        yield server


@pytest.fixture(scope="session")
def database_of_ledgers(postgres: Postgres) -> Iterator[Database]:
    """Make the database in which campaign folders have their ledgers, each in a schema of its own."""
    with postgres.database() as database:
        yield database
