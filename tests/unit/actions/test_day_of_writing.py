"""The day from which texts tell past from future: the same for all who are reached, however often it is resumed."""

from __future__ import annotations

import datetime as dt
import json
import time
from pathlib import Path

import pytest

from notify.actions.prepare import Prepared
from notify.actions.run import begun
from notify.core.local_day import day_of
from notify.core.status import Status
from notify.errors import ChangedError, InputError
from notify.rendering import Template
from tests.campaign import NOW, Folder, enrolled, handover_of, send
from tests.unit.ledger.mailing import change, outcome, read, settle

pytestmark = pytest.mark.both_ledgers

EARLIER = dt.date(2025, 3, 1)
MESSAGE = "Subject: {{ announcement }}\n\n{{ salutation }}\n\n{{ when }} haben wir {{ what_changes }}.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Give a campaign whose new details hold from the second day after the one on which it was written."""
    folder = Folder(tmp_path / "campaign")
    folder.message.write_text(MESSAGE, "utf-8")
    folder.edit(folder.toml, "effective = 2026-12-01", "effective = 2025-03-03")
    return folder


def _today() -> dt.date:
    return day_of(time.time())


def _begin(folder: Folder, *, reach: bool) -> None:
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
        enrolled(run)
        if reach:
            settle(handover_of(run), send(handover_of(run), "anna@example.com"), outcome(Status.SENT), NOW)


def _write_earlier(folder: Folder, day: str = "2025-03-01") -> None:
    """Let the version in force be written on an earlier day; empty: nobody noted on which."""
    ((parts,),) = [row.values() for row in read(folder.ledger, "SELECT parts FROM version")]
    written = {"written": day} if day else {}
    others = {name: text for name, text in json.loads(parts).items() if name != "written"}
    assert change(folder.ledger, "UPDATE version SET parts = ?", json.dumps(others | written)) == 1


def _subject(prepared: Prepared) -> str:
    template: Template = prepared.template
    return template.render("de", "Guten Tag,", {}, "x.csv:2").subject


def test_before_anything_is_sent(folder: Folder) -> None:
    """Without a ledger it is today."""
    assert folder.prepared().campaign.written == _today()
    assert _subject(folder.prepared()) == "Neue E-Mail-Adresse seit 3. März 2025"


def test_whoever_is_left_reads_what_the_first_ones_read(folder: Folder) -> None:
    """Once somebody was reached the day stays: nothing stops, no version is made, and preview shows the same words."""
    _begin(folder, reach=True)
    _write_earlier(folder)
    assert folder.prepared().campaign.written == EARLIER
    assert _subject(folder.prepared()) == "Neue E-Mail-Adresse ab 3. März 2025"
    folder.enrol()
    assert len(read(folder.ledger, "SELECT * FROM version")) == 1


def test_until_somebody_is_reached_it_is_today(folder: Folder) -> None:
    """A campaign that only tried is written anew, and the day is recorded."""
    _begin(folder, reach=False)
    _write_earlier(folder)
    assert folder.prepared().campaign.written == _today()
    folder.enrol()
    versions = read(folder.ledger, "SELECT parts FROM version ORDER BY number")
    days = [json.loads(row["parts"])["written"] for row in versions]
    assert days == [str(EARLIER), str(_today())]
    folder.enrol()
    assert len(read(folder.ledger, "SELECT * FROM version")) == 2


def test_an_accepted_change_keeps_the_day(folder: Folder) -> None:
    """What the user changes is asked for as ever, and the day is no part of it."""
    _begin(folder, reach=True)
    _write_earlier(folder)
    folder.edit(folder.message, "haben wir", "haben wir nun")
    with pytest.raises(ChangedError) as refused:
        folder.enrol()
    assert [problem.where for problem in refused.value.problems] == ["templates/change/message.de.md"]
    folder.enrol(accept=True)
    assert folder.prepared().campaign.written == EARLIER
    assert len(read(folder.ledger, "SELECT * FROM version")) == 2


def test_a_ledger_that_knows_no_day(folder: Folder) -> None:
    """One of an earlier notify, in the middle of a campaign, goes on: from today."""
    _begin(folder, reach=True)
    _write_earlier(folder, "")
    assert folder.prepared().campaign.written == _today()
    folder.enrol()
    assert len(read(folder.ledger, "SELECT * FROM version")) == 1


def test_of_a_day_nothing_is_said(folder: Folder) -> None:
    """Where a change is refused, a day that was not known before is none of its parts."""
    _begin(folder, reach=True)
    _write_earlier(folder, "")
    folder.edit(folder.message, "haben wir", "haben wir nun")
    with pytest.raises(ChangedError) as refused:
        folder.enrol()
    assert [problem.where for problem in refused.value.problems] == ["templates/change/message.de.md"]


def test_the_same_words_on_another_day(folder: Folder) -> None:
    """Under another id, whoever was sent them is not sent them again: the day makes no other words of them."""
    _begin(folder, reach=True)
    _write_earlier(folder)
    folder.edit(folder.toml, 'id = "test"', 'id = "other"')
    with pytest.raises(InputError, match="sent the same words already, in the campaign test"):
        folder.enrol()


@pytest.mark.file_ledger
@pytest.mark.parametrize("octets", [b"", b"x" * 500, b"SQLite format 3\0" + b"\0" * 500])
def test_a_file_that_is_no_ledger(folder: Folder, octets: bytes) -> None:
    """Preview does not care what it is, and leaves it as it is; whoever sends hears it."""
    folder.file.write_bytes(octets)
    assert folder.prepared().campaign.written == _today()
    assert folder.file.read_bytes() == octets


def test_a_rehearsal(tmp_path: Path) -> None:
    """The sandbox is rehearsed in today, whenever it was rehearsed in before."""
    folder = Folder(tmp_path / "campaign", real=False)
    _begin(folder, reach=True)
    _write_earlier(folder)
    assert folder.prepared().campaign.written == _today()
    folder.enrol()
