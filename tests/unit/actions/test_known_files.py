"""What is known of the files of a campaign holds as long as they are as they were, and no longer."""

from __future__ import annotations

from pathlib import Path

import pytest

from notify.actions.known_files import KnownFiles
from notify.actions.prepare import Prepared, prepare_to_send
from notify.actions.run import begun
from notify.errors import ChangedError
from tests.campaign import NOW, Folder, enrolled
from tests.clocks import NEEDS_ZONES, in_zone

pytestmark = pytest.mark.both_ledgers


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """Give a campaign that was enrolled, and of which the files are known since."""
    monkeypatch.setenv("NOTIFY_STATE_DIR", str(tmp_path / "state"))
    folder = Folder(tmp_path / "campaign")
    assert _enrol(folder).known is None
    return folder


def _enrol(folder: Folder) -> Prepared:
    prepared = prepare_to_send(folder.settings())
    with begun(prepared, NOW, accept_change=False, rehearsal=False) as run:
        enrolled(run)
    return prepared


def _known(folder: Folder) -> KnownFiles | None:
    return prepare_to_send(folder.settings()).known


def test_what_is_known_is_what_one_finds_out(folder: Folder) -> None:
    """Nothing is opened by an enrolment of the same, and when all is opened it is what was known."""
    prepared = _enrol(folder)
    assert prepared.known
    assert "opened" not in vars(prepared)
    assert prepared.parts == prepared.template.parts


@pytest.mark.parametrize("name", ["message", "people"])
def test_changed_while_a_run_began(folder: Folder, name: str) -> None:
    """Nothing is sent by a template, or from a file, that has changed since it was compared."""
    prepared, path = prepare_to_send(folder.settings()), getattr(folder, name)
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    with pytest.raises(ChangedError, match="while this run began"):
        _ = prepared.template


def test_another_setting(folder: Folder) -> None:
    """After a setting has changed all is opened once; then what was found out by it is known."""
    folder.edit(folder.toml, "100000/s", "50000/s")
    assert _enrol(folder).known is None
    assert _known(folder)


def test_changed_while_it_was_opened(folder: Folder) -> None:
    """What was found out of files that have changed before their rows were read is not kept."""
    prepared = prepare_to_send(folder.settings({"send.batch": 7}))
    folder.edit(folder.people, "Herr;Beispiel;ben@example.com", "Herr;Meier;ben@example.com")
    with begun(prepared, NOW, accept_change=False, rehearsal=False) as run:
        enrolled(run)
    assert prepare_to_send(folder.settings({"send.batch": 7})).known is None


@pytest.mark.parametrize("name", ["layout.html", "preise.txt"])
def test_a_template_of_one_file(folder: Folder, name: str) -> None:
    """Beside a single file there may be anything; what would belong to it is missed by its name."""
    (folder.path / "preise.txt").write_text("10 Euro\n", "utf-8")
    folder.edit(folder.message, "Subject:", "Attachment: preise.txt\nSubject:")
    folder.edit(folder.toml, "templates/change", "templates/change/message.de.md")
    _enrol(folder)
    (folder.message.parent / "notes.txt").write_text("Notes\n", "utf-8")
    assert _known(folder)
    (folder.message.parent / name).write_text("<html><body>{{ body }}</body></html>", "utf-8")
    assert _known(folder) is None


@NEEDS_ZONES
def test_another_day(folder: Folder) -> None:
    """What is wrong in a text may depend on the day, and who has left; so on each all is opened once."""
    known = []
    for zone in ("Etc/GMT+12", "Etc/GMT-14"):
        with in_zone(zone):
            known.append(_known(folder))
    assert known.count(None) >= 1


@pytest.mark.file_ledger
def test_a_ledger_that_is_none(folder: Folder) -> None:
    """A ledger that cannot be read tells nothing, and is left to those who send with it."""
    folder.file.write_text("nothing of the kind", "utf-8")
    assert _known(folder) is None
