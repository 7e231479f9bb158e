"""The process that makes messages ahead: the same messages, in any order of troubles, and only where it pays."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from notify.actions.run import Run, begun
from notify.delivery import forked
from notify.delivery.composition import message_for
from notify.delivery.helper import WORTHWHILE, Helper, helper_for
from notify.ledger import Claimed, CopyOf
from tests.campaign import NOW, Folder, enrolled, handover_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="nothing is forked elsewhere")

PEOPLE = "Anrede;Nachname;E-Mail;Datei\n" + "".join(
    f"{('Frau', 'Herr')[number % 2]};Müller {number};p{number}@example.com;{number % 3}.pdf\n" for number in range(40)
)


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """Give a run that has enrolled forty people, each with a file of its own."""
    folder = Folder(tmp_path / "campaign", people=PEOPLE)
    for number in range(3):
        (folder.path / f"{number}.pdf").write_bytes(b"%PDF " + bytes([number]) * 2000)
    folder.edit(folder.message, "Subject:", 'Attachment: {{ row["Datei"] }}\nSubject:')
    # a line that begins with a dot travels with another one
    folder.message.write_text(folder.message.read_text("utf-8") + "\n.. so steht es da\n", "utf-8")
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
        enrolled(run)
        yield run


def _claimed(run: Run, most: int = 100) -> list[Claimed]:
    return handover_of(run).claim(most, NOW)


def _is_there(process: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, 0)
        return True
    return False


def test_the_same_messages(run: Run) -> None:
    """What it makes is what the run would make, octet by octet, in batches, for whoever is taken first."""
    people, composer = _claimed(run), run.job.composer()
    copied = CopyOf("ben@example.com", "<1@alt.example>")
    again = replace(people[3], date=NOW.replace(year=2025), code="Apfel 12", token="abc", copy_of=copied)
    with Helper(run.job.template, composer) as helper:
        helper.expect([*people[:3], again], NOW)
        helper.expect(people[4:], NOW)
        for one in reversed([*people[:3], again, *people[4:]]):
            made = helper.take(one)
            assert made is not None
            message, date = made
            assert date == (one.date or NOW)
            here = message_for(one, date, run.job.template, composer)
            assert message == here
            assert (message.digest, message.stuffed) == (here.digest, here.stuffed)
            assert here.stuffed != here.octets
            assert helper.take(one) is None


def test_what_cannot_be_made_is_left_to_the_run(run: Run) -> None:
    """It makes nothing that the run cannot make, that was not asked for, or that would be too much at once."""
    first, second, third, *others = _claimed(run)
    with Helper(run.job.template, run.job.composer()) as helper:
        helper.expect([replace(first, language="xx"), second], NOW)
        helper.expect([replace(others[0], salutation="x" * 100_000)], NOW)
        assert helper.take(first) is None
        assert helper.take(second) is not None
        assert helper.take(third) is None
        assert helper.take(others[0]) is None
        # a message that was to be resent under another id is another message
        helper.expect([third], NOW)
        assert helper.take(replace(third, message_id="<other@alt.example>")) is None


@pytest.mark.parametrize("trouble", [signal.SIGKILL, signal.SIGSTOP], ids=lambda one: one.name)
def test_a_helper_in_trouble(run: Run, monkeypatch: pytest.MonkeyPatch, trouble: signal.Signals) -> None:
    """One that dies or freezes makes nothing any more, and nobody waits for it twice."""
    monkeypatch.setattr(forked, "PATIENCE_S", 1)
    people = _claimed(run)
    with Helper(run.job.template, run.job.composer()) as helper:
        helper.expect(people[:1], NOW)
        assert helper.take(people[0]) is not None
        os.kill(helper.process, trouble)
        helper.expect(people[1:], NOW)
        began = time.monotonic()
        assert [helper.take(one) for one in people[1:]] == [None] * (len(people) - 1)
        assert time.monotonic() - began < 2
        assert not _is_there(helper.process)


def test_it_ends_with_the_run(run: Run) -> None:
    """It is gone when the run goes on without it, whatever it was doing."""
    people = _claimed(run)
    with Helper(run.job.template, run.job.composer()) as helper:
        assert _is_there(helper.process)
        helper.expect(people, NOW)
    assert not _is_there(helper.process)
    assert helper.take(people[0]) is None


def test_it_holds_no_file_of_the_run(run: Run) -> None:
    """Neither ledger nor lock is open in it, so that a run that is killed leaves the ledger free."""
    with Helper(run.job.template, run.job.composer()) as helper:
        (one,) = _claimed(run, 1)
        helper.expect([one], NOW)
        assert helper.take(one)
        opened = [str(file.readlink()) for file in Path(f"/proc/{helper.process}/fd").iterdir()]
        assert {name.partition(":")[0] for name in opened} == {"socket", os.devnull}


@pytest.mark.parametrize(
    ("messages", "cores", "more", "pays"),
    [
        (WORTHWHILE, {0, 1}, "", True),
        (WORTHWHILE - 1, {0, 1}, "", False),
        (WORTHWHILE, {0}, "", False),
        (WORTHWHILE, {0, 1}, 'per_domain = "10000/min"', False),
    ],
)
def test_where_it_pays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, messages: int, cores: set[int], more: str, *, pays: bool
) -> None:
    """It is started for long lists and fast relays, where there is a second core."""
    folder = Folder(tmp_path / "campaign")
    folder.edit(folder.toml, 'rate = "100000/s"\n', f'rate = "100000/s"\n{more}\n')
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: cores)
    begin = begun(folder.prepared(), NOW, accept_change=False, rehearsal=False)
    with begin as run, helper_for(run.job, messages) as helper:
        assert (helper is not None) is pays


def test_not_for_a_slow_relay(tmp_path: Path) -> None:
    """Messages that wait for their moment are dated when they leave."""
    folder = Folder(tmp_path / "campaign")
    folder.edit(folder.toml, 'rate = "100000/s"', 'rate = ["100000/s", "2000/day"]')
    begin = begun(folder.prepared(), NOW, accept_change=False, rehearsal=False)
    with begin as run, helper_for(run.job, WORTHWHILE) as helper:
        assert helper is None
