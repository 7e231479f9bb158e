"""What is shown before all rows of a large file were read, and what becomes of it when they were."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from notify.actions import preview as preview_module
from notify.actions.noticed import Noticed
from notify.actions.preview import first_look, preview
from notify.actions.previewed import Previewed
from tests.campaign import PEOPLE, Folder
from tests.telling import teller

#: Of these the first look sees three.
MORE = PEOPLE + "Herr;Spät;emil@example.com\n"


@pytest.fixture(autouse=True)
def _small_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let three rows be the first of many."""
    monkeypatch.setattr(preview_module, "_LARGE", 0)
    monkeypatch.setattr(preview_module, "_FIRST_ROWS", 3)


def _looks(folder: Folder, most: int | None, only: str = "") -> tuple[list[Previewed], list[Previewed], Noticed]:
    """Return what is shown at once, what is shown when all were read, and what was noticed."""
    prepared = folder.prepared()
    first = list(first_look(prepared, most=most, only=only))
    noticed = Noticed(prepared)
    return first, list(preview(prepared, most=most, only=only, noticed=noticed, shown=first)), noticed


def _named(previews: list[Previewed]) -> Iterator[str]:
    return (one.recipient.address for one in previews)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Give a campaign folder with four people."""
    return Folder(tmp_path / "campaign", people=MORE)


def test_nothing_is_shown_twice(folder: Folder) -> None:
    """What the first rows told comes once, the others when all were read; together it is what a preview shows."""
    first, rest, noticed = _looks(folder, None)
    assert [*_named(first)] == ["anna@example.com", "ben@example.com", "cora@example.com"]
    assert [*_named(rest)] == ["emil@example.com"]
    assert noticed.taken_back == ()
    whole = list(preview(folder.prepared(), most=None))
    assert [one.content for one in whole] == [one.content for one in (*first, *rest)]
    assert [*_named(_looks(folder, 1)[0])] == ["anna@example.com"]
    assert _looks(folder, 1)[1] == []


def test_a_later_row_changes_a_greeting(folder: Folder) -> None:
    """Who shares an address with a later row is shown once more, as both of them are greeted."""
    folder.write(MORE + "Herr;Anderer;anna@example.com\n")
    first, rest, noticed = _looks(folder, 2)
    assert first[0].content.text.startswith("Sehr geehrte Frau Muster,")
    assert [(one.recipient.address, one.is_correction) for one in rest] == [("anna@example.com", True)]
    assert "Muster" not in rest[0].content.text
    assert noticed.taken_back == ()


def test_a_later_row_speaks_against_it(folder: Folder) -> None:
    """Who is not written to for what a later row says is named, and the next one is shown instead."""
    header, *rows = MORE.splitlines()
    folder.write("\n".join([f"{header};Opt-out", *(f"{row};" for row in rows), "Frau;Muster;anna@example.com;ja"]))
    first, rest, noticed = _looks(folder, 2)
    assert [*_named(first)] == ["anna@example.com", "ben@example.com"]
    assert [(one.recipient.address, one.is_correction) for one in rest] == [("cora@example.com", False)]
    assert [*_named([*noticed.taken_back])] == ["anna@example.com"]


def test_somebody_behind_the_first_rows(folder: Folder) -> None:
    """An address that stands further behind is found when all were read, and nothing else is shown before."""
    first, rest, _ = _looks(folder, None, "emil@example.com")
    assert (first, [*_named(rest)]) == ([], ["emil@example.com"])


def test_small_files_are_read_at_once(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where reading takes no time there is no first look."""
    monkeypatch.setattr(preview_module, "_LARGE", 100_000)
    assert _looks(folder, None)[0] == []


def test_what_a_user_reads(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    """What is shown once more says so, and who is taken back is named; JSON and files have everybody once."""
    tell = teller(capsys)
    header, *rows = MORE.splitlines()
    late = ["Herr;Anderer;anna@example.com;", "Frau;Probe;cora@example.com;ja"]
    folder.write("\n".join([f"{header};Opt-out", *(f"{row};" for row in rows), *late]))
    told = tell(folder.path, "preview", "-n", "3")
    heads = [line.rstrip(" ─") for line in told.stdout.splitlines() if line.startswith("──")]
    assert heads == [
        "── 1 ── contacts/people.csv:2",
        "── 2 ── contacts/people.csv:3",
        "── 3 ── contacts/people.csv:4",
        "── 4 ── once more, as a later row changes it ── contacts/people.csv:2",
        "── 5 ── contacts/people.csv:5",
    ]
    assert "cora@example.com (contacts/people.csv:4) is not among them after all:  notify contacts\n" in told.stderr
    origins = [one["origin"] for one in json.loads(tell(folder.path, "preview", "--json").stdout)]
    assert origins == [f"contacts/people.csv:{line}" for line in (2, 3, 5)]
