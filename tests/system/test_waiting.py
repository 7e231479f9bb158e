"""A run that stays, as a user sees it."""

from __future__ import annotations

import signal
import sys
from itertools import takewhile
from pathlib import Path

import pytest

from tests.folders import make_folder, run, start
from tests.servers.scripted import Rule, ScriptedServer, say

pytestmark = pytest.mark.both_ledgers


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_whoever_is_deferred_is_counted(tmp_path: Path) -> None:
    """Whoever is due later is one of those that a run which stays is for."""
    with ScriptedServer(tmp_path / "record", rules=[Rule("rcpt", say("450 4.2.0 greylisted"), to="anna")]) as server:
        folder = make_folder(tmp_path / "campaign", contacts="E-Mail\nanna@example.com\n", relay_port=server.port)
        assert run(folder, "send", "--yes").returncode == 75
        (folder / "contacts" / "people.csv").write_text("E-Mail\nanna@example.com\nben@example.com\n", "utf-8")
        process = start(folder, "send", "--yes", "--wait")
        assert process.stderr is not None
        said = list(takewhile(lambda line: "Waiting until" not in line, process.stderr))
        process.send_signal(signal.SIGTERM)
        _, rest = process.communicate(timeout=40)
    assert process.returncode == 75, rest
    assert "1 of 2\n" in [*said, *rest.splitlines(keepends=True)]
