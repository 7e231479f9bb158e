"""The campaign's deadline, as a user meets it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.folders import counts, make_folder, run

pytestmark = pytest.mark.both_ledgers


@pytest.mark.parametrize("enrolled", [True, False])
def test_a_deadline_that_has_passed(tmp_path: Path, *, enrolled: bool) -> None:
    """Who expired is told with the deadline, by the run and by the status; with a later one they are sent to."""
    folder = make_folder(tmp_path / "campaign", contacts=2)
    toml, text = folder / "notify.toml", (folder / "notify.toml").read_text("utf-8")
    if enrolled:
        assert run(folder, "send", "--limit", "1").returncode == 75
    yesterday = dt.datetime.now().astimezone().date() - dt.timedelta(days=1)
    toml.write_text(text.replace('id = "test"', f'id = "test"\ndeadline = {yesterday}'), "utf-8")
    said = (
        f"The deadline {yesterday} has passed: whoever was not reached by then expires. "
        "With a later `deadline` in notify.toml they wait again:  notify send\n"
    )
    if enrolled:
        early = run(folder, "status")
        assert "  pending     1\n" in early.stdout
        assert said in early.stderr
        assert "To go on" not in early.stderr
    done = run(folder, "send")
    assert done.returncode == 1
    assert "Nothing left to send.\n" in done.stderr
    assert said in done.stderr
    assert said in run(folder, "status").stderr
    toml.write_text(text.replace('id = "test"', f'id = "test"\ndeadline = {yesterday + dt.timedelta(days=9)}'), "utf-8")
    assert run(folder, "send").returncode == 0
    assert counts(folder) == {"sent": 2}
    assert "deadline" not in run(folder, "status").stderr
