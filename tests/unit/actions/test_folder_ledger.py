"""Where the ledger of a folder is, for commands that need no settings; and where its password comes from."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from notify.actions.folder_ledger import ledger_of_folder
from notify.actions.ledgers import ledger_in_use, real_ledger
from notify.config import load, sample
from notify.errors import ConfigError
from notify.ledger import Database
from tests.campaign import Folder

URL = "postgresql://notify@db.example/notify"
SECTION = f'\n[ledger]\nurl = "{URL}"\nschema = "mailings"\n'


@pytest.mark.parametrize("text", [None, sample("de"), "no TOML at all [", "[send]\nledgers = 5\n", "\ufeff"])
def test_it_is_a_file(tmp_path: Path, text: str | None) -> None:
    """Where no database is named it is the file in the folder, whatever else notify.toml says, or does not."""
    if text is not None:
        (tmp_path / "notify.toml").write_text(text, "utf-8")
    assert ledger_of_folder(tmp_path) == tmp_path / "ledger.db"


@pytest.mark.parametrize(
    "text",
    [
        f'[ledger]\nurl = "{URL}"',
        f'\ufeff[ "ledger" ]\nurl = "{URL}"',
        f'ledger.url = "{URL}"',
        f'ledger = {{ url = "{URL}" }}\n[send]\nbatch = "x"',
    ],
)
def test_it_is_a_database(tmp_path: Path, text: str) -> None:
    """In whatever way TOML lets one write it."""
    (tmp_path / "notify.toml").write_text(text, "utf-8")
    assert ledger_of_folder(tmp_path) == Database(URL)


def test_by_a_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It needs no notify.toml; an empty one says nothing."""
    monkeypatch.setenv("NOTIFY_LEDGER_URL", URL)
    assert ledger_of_folder(tmp_path) == Database(URL)
    monkeypatch.setenv("NOTIFY_LEDGER_URL", " ")
    assert ledger_of_folder(tmp_path) == tmp_path / "ledger.db"


def test_nearly_a_database(tmp_path: Path) -> None:
    """A section that is mistyped is not taken for none."""
    (tmp_path / "notify.toml").write_text(f'[Ledgr]\nurl = "{URL}"', "utf-8")
    with pytest.raises(ConfigError, match=r"did you mean \[ledger\]"):
        ledger_of_folder(tmp_path)


def test_the_sandbox_has_a_file(tmp_path: Path) -> None:
    """The database has the campaign and the list of who must not be written to, and never a rehearsal."""
    real, rehearsal = (Folder(tmp_path / name, more=SECTION, real=name == "real") for name in ("real", "rehearsal"))
    assert ledger_in_use(real.settings()) == real_ledger(real.settings()) == Database(URL, "mailings")
    assert ledger_in_use(rehearsal.settings()) == rehearsal.path / "outbox" / "ledger.db"
    assert real_ledger(rehearsal.settings()) == ledger_of_folder(rehearsal.path) == Database(URL, "mailings")


def test_its_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That of the command comes before that of the variable; without both libpq looks for it."""
    monkeypatch.delenv("NOTIFY_LEDGER_PASSWORD", raising=False)
    place = real_ledger(Folder(tmp_path / "a", more=SECTION).settings())
    assert isinstance(place, Database)
    assert place.password() == ""
    monkeypatch.setenv("NOTIFY_LEDGER_PASSWORD", "of the variable")
    assert place.password() == "of the variable"
    called = tmp_path / "called"
    command = f'{sys.executable} -c \'open("{called}", "a").write("x"); print("of the command")\''
    toml = f'{SECTION}password_command = """{command}"""\n'
    given = real_ledger(load(Folder(tmp_path / "b", more=toml).path, options={}, environment={}))
    assert isinstance(given, Database)
    assert [given.password(), given.password()] == ["of the command"] * 2
    assert called.read_text() == "x", "a command that opens several connections asks once"
    assert "of the" not in repr(given)
