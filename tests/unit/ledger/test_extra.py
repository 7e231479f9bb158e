"""What a database needs beside notify is missed with its mend, and by nobody who has no database."""

from __future__ import annotations

import subprocess
import sys

import pytest

from notify.errors import ConfigError
from notify.ledger.postgres.extra import need_extra


def test_both_libraries_are_there() -> None:
    """The tests have them."""
    need_extra()


@pytest.mark.parametrize("library", ["psycopg", "procrastinate"])
def test_one_that_is_missing_is_named_with_the_mend(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the extra was not installed."""
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ConfigError, match=f"for that {library} is missing here") as missed:
        need_extra()
    assert "pip install 'notify-circular[postgres]'" in missed.value.hint


def test_who_has_no_database_imports_neither() -> None:
    """Not by opening a ledger in a file, nor by reading notify.toml."""
    program = "import notify.ledger, notify.config, sys; print(*{'psycopg', 'procrastinate'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
