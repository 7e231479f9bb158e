"""How far a command is: first in reading all rows, then in looking at those who are written to."""

from __future__ import annotations

from pathlib import Path

import pytest

from notify.actions import preview as preview_module
from notify.cli import send_progress
from tests.campaign import PEOPLE, Folder
from tests.telling import teller


def test_both_walks_are_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is read and what is looked at is counted apart, each under its own words, and after the first look."""
    folder = Folder(tmp_path / "campaign", people=PEOPLE + "Herr;Falsch;ben@@example.com\n")
    monkeypatch.setattr(preview_module, "_LARGE", 0)
    monkeypatch.setattr(send_progress, "_READ_EVERY", 2)
    told = teller(capsys)(folder.path, "preview", "-n", "1")
    assert _shown(told.stderr) == ["Reading contacts … 2", "Reading contacts … 4", "Looking at messages … 2"]
    for options in (["--json"], ["--export", "all.csv"], []):
        told = teller(capsys)(folder.path, "contacts", *options)
        assert _shown(told.stderr) == ["Reading contacts … 2", "Reading contacts … 4", "Looking at contacts … 2"]


def test_so_are_those_that_show_something_else_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A check says how far it is from the first row on, and so does the run that it tries out."""
    folder = Folder(tmp_path / "campaign", people=PEOPLE)
    monkeypatch.setattr(send_progress, "_READ_EVERY", 2)
    walks = ["Reading contacts … 2", "Looking at messages … 2"]
    rehearsed = ["Rehearsing … 2", "Rehearsing … 4", "Rehearsing … 6"]
    assert _shown(teller(capsys)(folder.path, "check", "--offline").stderr) == walks + rehearsed
    assert _shown(teller(capsys)(folder.path, "check", "--who-sees", "email").stderr) == walks


def _shown(text: str) -> list[str]:
    return [line for line in text.splitlines() if "…" in line]


@pytest.mark.parametrize(
    ("took_s", "pace"), [(0.5, ""), (2, ", 500/s, 9 seconds left"), (1000, ", 60/min, about 75 minutes left")]
)
def test_pace(took_s: float, pace: str) -> None:
    """How fast it goes, and how long it still takes, is told once it can be."""
    assert send_progress.pace(1000, took_s, 5500) == pace
    assert send_progress.pace(1000, 2, 0) == ", 500/s"
    # what is written in the end would make it untrue
    assert send_progress.pace(1000, 2, 1002) == ", 500/s"
