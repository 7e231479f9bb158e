"""A machine on which the extra for databases is not installed: what needs none works, all else says what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.folders import make_folder, start

pytestmark = pytest.mark.long

#: Is loaded before anything else (the documentation of the module site).
_WITHOUT = """\
import sys
sys.modules["psycopg"] = None
"""


def said(folder: Path, path: Path, *arguments: str) -> tuple[int, str]:
    """Run a command as if psycopg were not installed; return its status and what it said."""
    path.mkdir(exist_ok=True)
    (path / "sitecustomize.py").write_text(_WITHOUT)
    process = start(folder, *arguments, environment={"PYTHONPATH": str(path)})
    out, err = process.communicate(timeout=60)
    assert "Traceback" not in err
    return process.returncode, " ".join(f"{out} {err}".split())


def test_one_machine_does_not_miss_it(tmp_path: Path) -> None:
    """Nothing of a database is imported."""
    folder = make_folder(tmp_path / "c")
    for command in ("send --yes", "status", "suppress anna@example.com"):
        status, words = said(folder, tmp_path / "site", *command.split())
        assert status == 0, words


@pytest.mark.parametrize(
    "command", ["send --yes", "status", "suppress anna@example.com", "workers", "worker", "ledger roles"]
)
def test_a_database_is_told_with_the_mend(tmp_path: Path, command: str) -> None:
    """In one sentence, whatever is asked for first."""
    url = "postgresql://notify@db.example/notify"
    folder = make_folder(tmp_path / "c", relay_port=9, more=f'\n[ledger]\nurl = "{url}"\n')
    status, words = said(folder, tmp_path / "site", *command.split())
    assert status == 78, words
    assert "[ledger] names a database, and for that psycopg is missing here." in words
    assert "pip install 'notify-circular[postgres]'" in words
