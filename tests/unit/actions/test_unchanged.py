"""Of what has not changed since the latest enrolment no row is read, and it comes to the same as if all were."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from notify.actions import unchanged
from notify.actions.enrolling import Enrolling
from notify.actions.prepare import Prepared
from notify.actions.run import begun
from notify.contacts.rows import Misshapen, Row
from notify.contacts.table import Table
from notify.core.outcome import Phase
from notify.core.status import Status
from notify.errors import InputError
from notify.ledger import Enrolled, Resolution, Suppressions, Transitions, Versions, Word, open_store
from tests.campaign import NOW, Folder, enrolled, handover_of, send
from tests.unit.ledger.mailing import DATE, begin, outcome, read, settle

pytestmark = pytest.mark.both_ledgers

#: Somebody twice, two people at one address, two addresses in a row, a rejected row, and several kinds of objections.
MANY = """\
Nr;Anrede;Vorname;Nachname;E-Mail;Newsletter;Opt-out;Gruppe
1;Frau;Anna;Muster;anna@example.com;;;A
2;Herr;Ben;Beispiel;ben@example.com;nein;;A
3;Frau;Cora;Probe;cora@example.com;;ja;A
4;Frau;Cora;Probe;cora@example.com;;;A
5;Frau;Dora;Paar;paar@example.com;;;A
6;Herr;Emil;Paar;paar@example.com;;;A
7;Frau;Frieda;Zwei;frieda@example.com, frieda@example.org;;;A
8;Herr;Gustav;Falsch;gustav@@example.com;;;A
9;Herr;Hans;Anders;hans@example.com;nein;;B
10;Frau;Ida;Ende;ida@example.com;;;A
"""
OVERRIDES = "email;salutation\nanna@example.com;Guten Tag Anna,\nnobody@example.com;Hallo,\n"
FILES = 'files = ["contacts/*.csv"]'
WHERE = f"""{FILES}\nwhere = 'row["Gruppe"] == "A"'"""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Give a campaign folder with a relay, and of everything that a file can bring along something."""
    folder = Folder(tmp_path / "campaign", people=MANY)
    (folder.path / "overrides.csv").write_text(OVERRIDES, "utf-8")
    folder.edit(folder.toml, FILES, WHERE)
    return folder


def _rounds(folder: Folder) -> int:
    """Return how often all rows were read."""
    (row,) = read(folder.ledger, "SELECT round FROM campaign")
    return int(row["round"])


def _told(done: Enrolling) -> dict[str, Any]:
    """Return what an enrolment tells."""
    names = "rows rejected filtered hidden objected written_to_though withdrawn left_out doubted with_more_addresses"
    told = {name: getattr(done, name) for name in names.split()}
    findings = (list(done.form_findings()), done.inspection and done.inspection.counts)
    return told | {"counts": done.counts, "named": (done.first_objected, done.unused_overrides, findings)}


def _recipients(folder: Folder) -> list[dict[str, Any]]:
    """Return everybody in the ledger, with whether they stand in the files instead of the number of the enrolment."""
    latest = _rounds(folder)
    rows = read(folder.ledger, "SELECT * FROM recipient ORDER BY id")
    return [row | {"round": row["round"] == latest} for row in rows]


def test_no_row_is_read(folder: Folder) -> None:
    """Another enrolment of the same files reads none of their rows, nor does one after messages were sent."""
    first = folder.enrol()
    again = folder.enrol()
    assert (again.rows, again.counts[Enrolled.KNOWN], again.rejected) == (10, 6, 1)
    assert (again.objected, again.unused_overrides) == (first.objected, ("overrides.csv:3",))
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
        enrolled(run)
        handover = handover_of(run)
        settle(handover, send(handover, "anna@example.com"), outcome(Status.SENT), NOW)
        settle(handover, send(handover, "ben@example.com"), outcome(Status.SENT), NOW)
    # of whom nothing is left to be decided, nothing is told
    assert (first.written_to_though.total(), folder.enrol().written_to_though.total()) == (1, 0)
    assert _rounds(folder) == 1


def _write_same_size(folder: Folder) -> None:
    """Change a letter, and let size and time of the file be as they were."""
    before = folder.people.stat()
    folder.write(MANY.replace("Ida", "Ada"))
    os.utime(folder.people, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert folder.people.stat().st_size == before.st_size


#: Whatever decides who is a recipient, and as what.
CHANGES: dict[str, Callable[[Folder], object]] = {
    "a letter": _write_same_size,
    "a row": lambda folder: folder.write(MANY + "11;Frau;Jana;Neu;jana@example.com;;;A\n"),
    "another file": lambda folder: (folder.people.parent / "more.csv").write_text("E-Mail\nx@example.com\n"),
    "the name of a file": lambda folder: folder.people.rename(folder.people.with_name("others.csv")),
    "the overrides": lambda folder: folder.edit(folder.path / "overrides.csv", "Tag Anna", "Tag, Anna"),
    "no overrides": lambda folder: (folder.path / "overrides.csv").unlink(),
    "where": lambda folder: folder.edit(folder.toml, '== "A"', '!= "A"'),
    "key": lambda folder: folder.edit(folder.toml, FILES, f'{FILES}\nkey = "Nr"'),
    "address": lambda folder: folder.edit(folder.toml, FILES, f'{FILES}\naddress = "all"'),
    "the newsletter": lambda folder: folder.edit(folder.toml, FILES, f'{FILES}\nopted_out = "write"'),
    "a column": lambda folder: folder.edit(
        folder.toml, "\n[[relay]]", '\n[contacts.columns]\nfirst_name = "Gruppe"\n[[relay]]'
    ),
    "the template": lambda folder: folder.edit(folder.message, "ab dem", "nach dem"),
    "what it names": lambda folder: folder.edit(folder.message, "ab dem", "{{ row['Nr'] }} ab dem"),
    "what is announced": lambda folder: folder.edit(folder.toml, "info@neu.example", "post@neu.example"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_whatever_changes_is_read(folder: Folder, change: Callable[[Folder], object]) -> None:
    """A changed file is read, whatever its size and its time say, and so are all when something else decides."""
    folder.enrol()
    change(folder)
    folder.enrol()
    assert _rounds(folder) == 2


def test_who_is_asked_for(folder: Folder) -> None:
    """A run for some of the recipients is not taken for a run for all, nor the other way round."""
    folder.enrol()
    for narrowed, rounds in (('row["Nr"] == "1"', 2), ('row["Nr"] == "1"', 2), ("", 3)):
        folder.enrol_with({}, narrowed)
        assert _rounds(folder) == rounds


def test_another_day(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the next day somebody may have left, so all are read."""
    folder.enrol()
    prepared = folder.prepared()
    monkeypatch.setattr(prepared.selection, "_today", dt.date(2027, 1, 1))
    _enrol(prepared)
    assert _rounds(folder) == 2


def test_another_program(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another version of notify may read the files otherwise."""
    folder.enrol()
    monkeypatch.setattr(unchanged, "__version__", "99")
    folder.enrol()
    assert _rounds(folder) == 2


def test_dead_in_another_campaign(folder: Folder) -> None:
    """Whose address turns out dead in another campaign meanwhile is left out."""
    folder.enrol()
    folder.edit(folder.toml, 'id = "test"', 'id = "other"')
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False, accept_repeat=True) as run:
        enrolled(run)
        handover = handover_of(run)
        (claimed,) = handover.claim(1, NOW, ["ida@example.com"])
        settle(handover, claimed.id, outcome(Status.FAILED, Phase.RCPT), NOW)
    folder.edit(folder.toml, 'id = "other"', 'id = "test"')
    folder.enrol()
    found = read(folder.ledger, "SELECT status FROM recipient WHERE key = 'ida@example.com' ORDER BY campaign")
    assert [row["status"] for row in found] == ["suppressed", "failed"]


def test_changed_while_it_is_read(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody takes what was read of a file that changes at that moment for what stood there before, or stands again."""
    rows = Table.rows

    def changing(table: Table) -> Iterator[Row | Misshapen]:
        folder.write(MANY.replace("Ida", "Ada"))
        yield from rows(table)

    with monkeypatch.context() as patched:
        patched.setattr(Table, "rows", changing)
        folder.enrol()
    assert "Ada Ende" in {row["name"] for row in _recipients(folder)}
    folder.write(MANY)
    folder.enrol()
    assert "Ida Ende" in {row["name"] for row in _recipients(folder)}


def test_kept_as_it_left(folder: Folder) -> None:
    """Who may have got a message stays as in that while nobody knows; to be sent to again, it is as the file says."""
    folder.enrol()
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
        enrolled(run)
        settle(handover_of(run), send(handover_of(run), "ida@example.com"), outcome(Status.IN_DOUBT), NOW)
    folder.write(MANY.replace("Ida;Ende", "Ida;Anfang"))
    folder.enrol()
    assert "Ida Ende" in {row["name"] for row in _recipients(folder)}
    _resolve(folder, "ida@example.com")
    folder.enrol()
    assert "Ida Anfang" in {row["name"] for row in _recipients(folder)}


def _resolve(folder: Folder, who: str) -> None:
    with open_store(folder.ledger) as store:
        record = Versions(store).find("test")
        assert record
        Resolution(store, record).settle(who, Word.AGAIN, NOW)


def test_resolved_after_it_left(folder: Folder) -> None:
    """Somebody in doubt who has left the files, and is to be sent to again by the user's word, is withdrawn."""
    folder.enrol()
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
        enrolled(run)
        settle(handover_of(run), send(handover_of(run), "ida@example.com"), outcome(Status.IN_DOUBT), NOW)
    folder.write(MANY.replace("10;Frau;Ida;Ende;ida@example.com;;;A\n", ""))
    folder.enrol()
    _resolve(folder, "ida@example.com")
    assert folder.statuses()["ida@example.com"] == "pending"
    assert folder.enrol().withdrawn == 1
    assert folder.statuses()["ida@example.com"] == "withdrawn"


def _enrol(prepared: Prepared) -> Enrolling:
    # a twin has journals of its own
    os.environ["NOTIFY_STATE_DIR"] = str(prepared.settings.folder / "state")
    with begun(prepared, NOW, accept_change=True, rehearsal=False, accept_repeat=True) as run:
        return enrolled(run)


#: What users do to their files; each may come back.
EDITS: tuple[tuple[str, str], ...] = (
    ("1;Frau;Anna;Muster", "1;Frau;Anna;Meier"),
    ("ben@example.com", "ben@example.org"),
    ("10;Frau;Ida;Ende;ida@example.com;;;A\n", ""),
    ("9;Herr;Hans;Anders;hans@example.com;nein;;B", "9;Herr;Hans;Anders;hans@example.com;;;A"),
    ("Dora;Paar;paar@", "Dora;Paar;dora@"),
    ("4;Frau;Cora;Probe;cora@", "4;Frau;Cora;Probe;cora2@"),
    ("2;Herr;Ben;Beispiel", "1;Herr;Ben;Beispiel"),
)
SETTINGS = ("", 'key = "Nr"\n', 'same_person = "once"\n', 'address = "all"\n')


def _edit(folder: Folder, chance: random.Random) -> None:
    text = folder.people.read_text("utf-8")
    old, new = chance.choice(EDITS)
    folder.write(text.replace(old, new) if old in text else text.replace(new, old) if new else MANY)


def _happen(folder: Folder, chance: random.Random) -> None:
    """Let happen to a recipient what a run, or the user, does to one between two enrolments."""
    with open_store(folder.ledger) as store:
        record = Versions(store).find("test")
        assert record
        everybody = [row["identity"] for row in read(folder.ledger, "SELECT identity FROM recipient")]
        somebody = chance.choice(everybody)
        match chance.randrange(7):
            case 0:
                Resolution(store, record).settle(somebody, chance.choice(list(Word)), NOW)
            case 1:
                Suppressions(store).add(somebody, "asked us to", NOW)
            case 2:
                Suppressions(store).remove(somebody)
            case 3:
                Transitions(store, record).retry_failed()
            case _:
                _try(folder, somebody, chance)


def _try(folder: Folder, somebody: str, chance: random.Random) -> None:
    os.environ["NOTIFY_STATE_DIR"] = str(folder.path / "state")
    with begun(folder.prepared(), NOW, accept_change=True, rehearsal=False, accept_repeat=True) as run:
        handover = handover_of(run)
        for claimed in handover.claim(1, NOW + dt.timedelta(days=1), [somebody]):
            became = chance.choice([Status.SENT, Status.SENT, Status.DEFERRED, Status.FAILED, Status.IN_DOUBT])
            phase = Phase.DOT if became is not Status.FAILED else Phase.RCPT
            if phase is Phase.DOT:
                begin(handover, claimed.id, f"digest {claimed.id}", DATE)
            settle(handover, claimed.id, outcome(became, phase), NOW)


def _twin(folder: Folder, place: Path) -> Folder:
    """Return a copy of a campaign in which nobody remembers what the latest enrolment was made from."""
    shutil.copytree(folder.path, place)
    twin = Folder.__new__(Folder)
    twin.path, twin.ledger, twin.people = place, place / "ledger.db", place / "contacts" / "people.csv"
    with contextlib.closing(sqlite3.connect(twin.ledger)) as db:
        db.execute("DELETE FROM enrolment")
        db.commit()
    return twin


def _live(folder: Folder, place: Path, seed: int) -> int:
    """Let a campaign live; at every enrolment a twin of it reads all rows. Return how often it read none itself."""
    chance = random.Random(seed)
    folder.edit(folder.toml, FILES, f"{WHERE}\n{SETTINGS[seed % len(SETTINGS)]}")
    skipped = 0
    _outcome(folder)
    for number in range(8):
        if chance.random() < 0.4:
            _edit(folder, chance)
        elif read(folder.ledger, "SELECT 1 FROM recipient"):
            _happen(folder, chance)
        twin, rounds = _twin(folder, place / str(number)), _rounds(folder)
        assert _outcome(folder) == _outcome(twin), (seed, number)
        skipped += _rounds(folder) == rounds
    return skipped


def _outcome(folder: Folder) -> tuple[object, ...]:
    """Enrol; return what was told, or refused, and all that stands in the ledger of recipients and their tries."""
    try:
        told: object = _told(_enrol(folder.prepared()))
    except InputError as error:
        told = str(error)
    return (
        told,
        _recipients(folder),
        read(folder.ledger, "SELECT * FROM attempt"),
        read(folder.ledger, "SELECT * FROM rejection"),
    )


@pytest.mark.file_ledger
def test_as_if_all_were_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever happens between enrolments, one that reads nothing comes to what one that reads all comes to."""
    monkeypatch.setenv("NOTIFY_STATE_DIR", str(tmp_path))
    skipped = 0
    for seed in range(3):
        skipped += _live(Folder(tmp_path / f"{seed}", people=MANY), tmp_path / f"twins {seed}", seed)
    assert skipped > 3


@pytest.mark.long
@pytest.mark.file_ledger
def test_as_if_all_were_read_in_many_lives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same, in many more lives."""
    monkeypatch.setenv("NOTIFY_STATE_DIR", str(tmp_path))
    for seed in range(3, 120):
        _live(Folder(tmp_path / f"{seed}", people=MANY), tmp_path / f"twins {seed}", seed)
        shutil.rmtree(tmp_path / f"twins {seed}")
