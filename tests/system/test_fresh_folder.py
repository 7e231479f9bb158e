"""What several commands do at the same moment in a folder that has no ledger yet: all of it holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.folders import counts, kept, make_folder, run, start

pytestmark = pytest.mark.both_ledgers


@pytest.mark.both_ledgers("every day")
def test_all_at_once(tmp_path: Path) -> None:
    """Everybody who was put on the list is on it; of two runs one sends, and the other says so or finds all sent."""
    folder = make_folder(tmp_path / "campaign", contacts=3)
    wanted = {f"x{number}@example.com" for number in range(4)}
    suppressing = [start(folder, "suppress", address) for address in wanted]
    sending = [start(folder, "send", "--yes") for _ in range(2)]
    said = [process.communicate(timeout=180) for process in (*suppressing, *sending)]
    assert [process.returncode for process in suppressing] == [0] * 4, said
    assert {process.returncode for process in sending} <= {0, 75}, said
    listed = json.loads(run(folder, "suppress", "--list", "--json").stdout)
    assert {entry["address"] for entry in listed} == wanted
    assert (counts(folder), len(kept(folder))) == ({"sent": 3}, 3)
    assert not list(folder.rglob("*.new*"))
