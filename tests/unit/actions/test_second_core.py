"""An enrolment by batches, by one core or by two, comes to the same as one row by row, whatever the files hold."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from notify.actions import rows, second_core
from notify.actions.enrolling import Enrolling
from notify.actions.prepare import prepare
from notify.actions.run import begun
from notify.actions.second_core import SecondCore
from notify.actions.survey import survey
from notify.delivery import forked
from notify.delivery.forked import each_that_can
from notify.errors import InputError, NotifyError
from notify.ledger import Enrolled, Enrolment, Groups, intake
from tests.campaign import NOW, PEOPLE, Folder

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="nothing is forked elsewhere")

HEADER = "Anrede;Titel;Vorname;Nachname;Name;Firma;PLZ;Sprache;Form;E-Mail;E-Mail 2;Newsletter;Nr;Wert;Datei"
CELLS: dict[str, list[str]] = {
    "Anrede": ["Herr", "Frau", "Frau", "Familie", "Herr und Frau", "Firma", "", "1", "Liebe/r", "Hallo Anna", "divers"],
    "Titel": ["", "", "", "Dr.", "Prof. Dr.", "Direktor", "Graf", "n/a"],
    "Vorname": ["Anna", "Jürgen", "Anna-Maria", "Von", "M?x", "nan", "", "Dr. Max", "J.", "Praxis"],
    "Nachname": ["Müller", "Weiß-Graf", "Graf", "von der Leyen", "Muster GmbH", "Mü\ufffdller", "", "N.N.", "Prof-Dr"],
    "Name": ["", "", "", "", "Müller, Anna", "TSV Ulm"],
    "Firma": ["", "", "Blumen & Söhne", "Muster GmbH", "n/a", "{{firma}}"],
    "PLZ": ["89073", "", "A-1010", "CH-8001"],
    "Sprache": ["", "", "de", "en", "fr", "it"],
    "Form": ["", "", "Sie", "du", "vielleicht", "?"],
    "E-Mail 2": ["", "", "", "zwei@example.com", "k. A.", "b@@example.com"],
    "Newsletter": ["", "", "ja", "nein"],
    "Wert": [
        "1",
        "2",
        "",
        "-",
        "{{name}}",
        "nan",
        "p3@example.com",
        "wer@anders.example",
        "x" * 1200,
        "a\u2028b",
        "#REF!",
    ],
    "Datei": ["", "", "a.pdf", "fehlt.pdf"],
}
#: Rows that are none, or no ordinary ones.
ODD = (
    "zu;kurz",
    ";".join("x" * 16) + ";;zu;lang",
    "",
    'Frau;;Anna;"Muster;;;;;;p1@example.com;;;;;',
    'Frau;;Anna;Mus"ter;;;;;;p1@example.com;;;x1;1;',
    'Herr;;"Ben ";"Zitat";;;;;;"p2@example.com";;;x2;"ja; nein";',
    "Herr;;J&ouml;rg;MÃ¼ller;;;;;;joerg@example.com;;;x3;1;",
    "Herr;;Max;Muster;;;;;;max(at)example.com;;;x4;1;",
    "Herr;;Max;Muster;;;;;;max@example.com, moritz@example.com;;;x5;1;",
    "Herr;;Max;Muster;;;;;;mäx@müller.example;;;x6;1;",
    "Herr;;Max †;Muster;;;;;;tot@example.com;;;x7;1;",
    "Frau;;Anna;Muster;;;89073;;;tot@example.com;;;x11;1;",
    "Liebe Anna;;Anna;Muster;;;;;Sie;lieb@example.com;;;x8;1;",
    "Frau;;Anna;Muster;;;89073;;;druckt@example.com;;;x9;p5@example.com;",
    "Frau;;Anna;Muster;;;89073;;;info@alt.example;;;x10;1;",
)
MESSAGE = """\
Subject: Neue Adresse für {{ contact.last_name or "Sie" }}

{{ salutation }}

{% if row["Firma"] %}für {{ row["Firma"] }}, {% endif %}ab jetzt {{ new.email }}; Wert {{ row["Wert"] }}.
"""
SETTINGS = (
    "",
    'where = \'row["PLZ"] != ""\'\n',
    'du = \'row["Titel"] == ""\'\nkey = "Nr"\n',
    'address = "all"\nshared_address = "first"\n',
    'key = "Nr"\nfallback_address = true\nsame_person = "once"\n',
    'gender_codes = "1=Frau"\nopted_out = "leave_out"\n',
    'overrides = "ov.csv"\n',
    "where = 'row[\"Wert\"]|int > 1/0'\n",
)
#: More findings of one kind than are kept.
GAPS = " ".join(f"<<Feld {number}>>" for number in range(30))
MESSAGES = (
    MESSAGE,
    MESSAGE.replace("{% if", '{% if row["Wert"] == "nan" and row["Titel"] == "Graf" %}{{ 1/0 }}{% endif %}{% if'),
    MESSAGE.replace("Subject:", 'Attachment: {{ row["Datei"] }}\nSubject:'),
    # an author's mark, gaps that were left, a greeting of its own: each is to be found in every message
    MESSAGE.replace("Wert {{", f"TODO <<Firma>> {GAPS} Sehr geehrte Frau Muster, {{{{ code }}}} {{{{"),
    "Subject: x\n\n{{ salutation }}\n{{ row['Wert'] }}\n",
    MESSAGE + "\nFragen? p4@example.com\n",
    MESSAGE + "\n{% if row['PLZ'] %}" + "Wort " * 22_000 + "{% endif %}\n",
)


def _people(draw: random.Random, many: int) -> str:
    """Return a contact file: mostly ordinary people, and of every other kind some."""
    rows = [HEADER]
    for number in range(many):
        row = dict.fromkeys(HEADER.split(";"), "") | {
            "Anrede": "Frau",
            "Vorname": "Vera",
            "Nachname": f"Muster{number}",
        }
        row |= {"E-Mail": f"p{number if draw.random() < 0.9 else draw.randrange(9)}@example.com", "Nr": str(number)}
        row |= {"Wert": str(number), "PLZ": "89073"}
        odd = draw.sample(list(CELLS), draw.choice((0, 0, 1, 2)))
        row |= {name: draw.choice(CELLS[name]) for name in odd}
        row["Nr"] = draw.choice((row["Nr"],) * 60 + ("",))
        rows.append(";".join(row.values()))
    for odd_row in ODD:
        rows.insert(draw.randrange(1, len(rows)), odd_row)
    if draw.random() < 0.2:
        rows.append("Frau;;Nr;Doppelt;;;;;;doppelt@example.com;;;3;1;")
    return "\n".join(rows) + "\n"


def _world(place: Path, seed: int, many: int) -> Folder:
    draw = random.Random(seed)
    folder = Folder(place, people=_people(draw, many), real=False)
    folder.edit(
        folder.toml, 'files = ["contacts/*.csv"]\n', f'files = ["contacts/*.csv"]\n{SETTINGS[seed % len(SETTINGS)]}'
    )
    folder.message.write_text(message := MESSAGES[seed % len(MESSAGES)], "utf-8")
    if draw.random() < 0.5:
        # which does not say what the other does
        folder.message.with_name("message.en.md").write_text(message.replace("{{ new.email }}", "bald"), "utf-8")
    if draw.random() < 0.9:
        folder.message.with_name("message.de.du.md").write_text(message, "utf-8")
    (place / "a.pdf").write_bytes(b"%PDF")
    (place / "ov.csv").write_text("email;last_name;new_email\np2@example.com;Anders;\np4@example.com;;neu@x.example\n")
    if draw.random() < 0.3:
        (place / "contacts" / "mehr.csv").write_text(_people(draw, many // 4), "utf-8")
    return folder


def _outcome(folder: Folder, narrowed: str = "") -> list[object]:
    """Enrol everybody; return all that the ledger holds then, and all that is told."""
    told: list[object] = []
    try:
        with begun(prepare(folder.settings(), narrowed), NOW, accept_change=False, rehearsal=False) as run:
            steps = [*run.enrol()]
            done = steps[-1]
        told += [len(steps), done.rows, done.counts, done.rejected, done.filtered, done.hidden]
        told += [done.objected, done.left_out]
        told += [done.written_to_though, done.with_more_addresses, done.unused_overrides, done.with_objections]
        told += [done.first_rejected, done.first_objected, done.first_moved, [*done.form_findings()]]
        told += [done.own_files]
        if done.inspection:
            done.inspection.note_what_is_missing()
            told += [done.inspection.messages, done.inspection.found(), done.inspection.counts]
    except NotifyError as error:
        told += [type(error), error.message, error.hint, error.problems]
    with contextlib.closing(sqlite3.connect(folder.file)) as db:
        told += db.iterdump()
    return told


def _surveyed(folder: Folder, narrowed: str = "") -> list[object]:
    """Look at everybody as reports and previews do; return all that is told."""
    told: list[object] = []
    prepared = prepare(folder.settings(), narrowed)
    try:
        with survey(prepared.sources, prepared.selection, prepared.settings) as found:
            told += found.rows()
            told += [[*found.groups(kind)] for kind in Groups]
            told += found.unused_overrides()
    except NotifyError as error:
        told += [type(error), error.message, error.hint, error.problems]
    return told


def _row_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows.Rows, "second_core", lambda _: contextlib.nullcontext())


def _in_every_way(
    folder: Folder,
    monkeypatch: pytest.MonkeyPatch,
    narrowed: str = "",
    outcome: Callable[[Folder, str], list[object]] = _outcome,
) -> tuple[list[object], list[object], list[object]]:
    """Enrol row by row, by batches, and with a second core, each from the same ledger; or do something else so."""
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False):
        pass
    before = folder.file.read_bytes()
    with monkeypatch.context() as patch:
        _row_by_row(patch)
        by_row = outcome(folder, narrowed)
    outcomes = []
    for worthwhile in (sys.maxsize, 0):
        folder.file.write_bytes(before)
        monkeypatch.setattr(rows, "WORTHWHILE", worthwhile)
        outcomes.append(outcome(folder, narrowed))
    return by_row, outcomes[0], outcomes[1]


@pytest.fixture
def shares(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let a second core share in small batches, on whatever machine; and tell which processes were started."""
    started: list[int] = []

    def noting(work: Callable[[Any], Any]) -> forked.Forked:
        process = forked.Forked(work)
        started.append(process.process)
        return process

    monkeypatch.setattr(second_core, "Forked", noting)
    monkeypatch.setattr(rows, "can_be_forked", lambda: True)
    monkeypatch.setattr(second_core, "_AT_ONCE", 7)
    # so few that there are packs of ordinary people alone, too
    monkeypatch.setattr(intake, "_AT_ONCE", 3)
    return started


@pytest.mark.parametrize("seed", range(8))
def test_the_same_ledger_and_the_same_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shares: list[int], seed: int
) -> None:
    """Row by row, of ordinary and odd files, also where it ends with an error."""
    narrowed = 'row["Form"] == ""' if seed % 3 == 1 else ""
    by_row, alone, shared = _in_every_way(_world(tmp_path / "campaign", seed, 150), monkeypatch, narrowed)
    assert alone == by_row
    assert shared == by_row
    assert len(shares) == 1
    assert not _is_there(shares[0])


@pytest.mark.parametrize("seed", range(8))
def test_the_same_reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shares: list[int], seed: int) -> None:
    """What becomes of each row is the same for whoever only looks, before anybody was enrolled and after."""
    narrowed = 'row["Form"] == ""' if seed % 3 == 1 else ""
    folder = _world(tmp_path / "campaign", seed, 150)
    for _ in range(2):
        by_row, alone, shared = _in_every_way(folder, monkeypatch, narrowed, _surveyed)
        assert len(by_row) > 100 or InputError in by_row
        assert alone == by_row
        assert shared == by_row
        assert not _is_there(shares[-1])
        _outcome(folder)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 300))
def test_the_same_for_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shares: list[int], seed: int) -> None:
    """The same, for many more files."""
    folder = _world(tmp_path / "campaign", seed, 300)
    for outcome in (_outcome, _surveyed):
        by_row, alone, shared = _in_every_way(folder, monkeypatch, outcome=outcome)
        assert alone == by_row
        assert shared == by_row
        assert shares


@pytest.mark.parametrize("when", [0, 40, 200])
def test_a_second_core_that_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shares: list[int], when: int
) -> None:
    """At whatever row it is killed, the run does what is left, with the same result."""
    folder = _world(tmp_path / "campaign", 3, 150)
    steps = iter(range(sys.maxsize))

    def killing(function: Callable[..., object]) -> Callable[..., object]:
        def counted(*given: object) -> object:
            if next(steps) == when:
                os.kill(shares[0], signal.SIGKILL)
            return function(*given)

        return counted

    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False):
        pass
    before = folder.file.read_bytes()
    with monkeypatch.context() as patch:
        _row_by_row(patch)
        alone = _outcome(folder)
    folder.file.write_bytes(before)
    monkeypatch.setattr(rows, "WORTHWHILE", 0)
    # when a row is read, and when it is enrolled
    monkeypatch.setattr(Enrolling, "count", killing(Enrolling.count))
    monkeypatch.setattr(Enrolment, "take", killing(Enrolment.take))
    assert _outcome(folder) == alone
    assert next(steps) > when


def test_where_it_is_not_worthwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shares: list[int]) -> None:
    """It is not started for a list that is done sooner, nor for an enrolment that finds most rows as they were."""
    folder = Folder(tmp_path / "campaign", real=False)
    assert folder.enrol().counts[Enrolled.NEW] == 3
    assert not shares
    monkeypatch.setattr(rows, "WORTHWHILE", 0)
    folder.write(PEOPLE + "Frau;Neu;neu@example.com\n")
    assert folder.enrol().counts[Enrolled.NEW] == 1
    assert not shares


def test_everything_in_its_order() -> None:
    """Each item with what is made of it, by whoever makes it, also those before the one that cannot be got."""

    def items() -> Iterator[int]:
        yield from range(1000)
        raise ValueError("the file was cut")

    found: list[tuple[int, tuple[int, int]]] = []
    with SecondCore(lambda batch: [(2 * one, os.getpid()) for one in batch]) as core:
        with pytest.raises(ValueError, match="cut"):
            found.extend(core.shared(items(), list))
        made_by = {who for _, (_, who) in found}
        assert core.process in made_by
    assert [(one, double) for one, (double, _) in found] == [(one, 2 * one) for one in range(1000)]


def test_it_knows_what_the_first_batch_had_to_find_out() -> None:
    """It is started when that is done, and has what was loaded for it."""
    known: list[int] = []

    def work(batch: Sequence[int]) -> list[int]:
        if not known:
            known.append(os.getpid())
        return known * len(batch)

    with SecondCore(work) as core:
        assert not core.process
        found = {who for _, who in core.shared(range(1000), list)}
        assert core.process
    assert found == {os.getpid()}


def test_one_that_fails() -> None:
    """Of the others in its batch is made what would be made of them without it."""

    def halved(batch: Sequence[int]) -> list[float | None]:
        return [None if one == 5 else 1 / one for one in batch]

    assert each_that_can(halved, [1, 2, 0, 4, 5]) == [1, 0.5, None, 0.25, None]


def test_a_second_core_that_is_frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for it twice."""
    monkeypatch.setattr(forked, "PATIENCE_S", 0.5)
    with SecondCore(lambda batch: [2 * one for one in batch]) as core:
        shared = core.shared(range(2000), list)
        first = next(shared)
        os.kill(core.process, signal.SIGSTOP)
        began = time.monotonic()
        assert [first, *shared] == [(one, 2 * one) for one in range(2000)]
        assert time.monotonic() - began < 2


def _is_there(process: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, 0)
        return True
    return False


@pytest.fixture(autouse=True)
def _no_core_is_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Neither running nor dead and forgotten; what other tests have started in this process is theirs."""
    born: list[int] = []
    fork = os.fork

    def noted() -> int:
        process = fork()
        if process:
            born.append(process)
        return process

    monkeypatch.setattr(os, "fork", noted)
    yield
    assert not [process for process in born if _is_there(process)]
