"""A campaign that is changed in its middle: noticed, named part by part, and sent only if that is the user's will."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from notify.actions.change import parts_of
from notify.actions.run import begun
from notify.errors import ChangedError
from notify.ledger import Versions, open_store
from tests.campaign import NOW, Folder, enrolled, handover_of, send
from tests.unit.ledger.mailing import read

pytestmark = pytest.mark.both_ledgers

TEMPLATE = "templates/change"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Give a folder whose template has everything that may change."""
    folder = Folder(tmp_path / "neue-adresse")
    folder.edit(folder.message, "Subject:", "Attachment: karte.txt\nSubject:")
    (folder.message.parent / "karte.txt").write_text("Anfahrt", "utf-8")
    return folder


def _toml(old: str, new: str) -> Callable[[Folder], None]:
    return lambda folder: folder.edit(folder.toml, old, new)


def _write(name: str, text: str) -> Callable[[Folder], object]:
    return lambda folder: (folder.message.parent / name).write_text(text, "utf-8")


#: What is changed, and the part that must be named with what is shown of it.
CHANGES: dict[str, tuple[Callable[[Folder], object], str, list[str]]] = {
    "text": (
        lambda folder: folder.edit(folder.message, "erreichen Sie uns", "finden Sie uns"),
        f"{TEMPLATE}/message.de.md",
        [
            "-ab dem {{ effective }} erreichen Sie uns unter {{ new.email }}.",
            "+ab dem {{ effective }} finden Sie uns unter {{ new.email }}.",
        ],
    ),
    "subject": (
        lambda folder: folder.edit(folder.message, "Neue E-Mail-Adresse", "Andere E-Mail-Adresse"),
        f"{TEMPLATE}/message.de.md",
        [
            "-Subject: Neue E-Mail-Adresse ab {{ effective }}",
            "+Subject: Andere E-Mail-Adresse ab {{ effective }}",
        ],
    ),
    "another language": (
        _write("message.en.md", "Subject: New address\n\n{{ salutation }}\n"),
        f"{TEMPLATE}/message.en.md",
        ["is new"],
    ),
    "layout": (_write("layout.html", "<html>{{ body }}</html>"), f"{TEMPLATE}/layout.html", ["is new"]),
    "attachment": (
        _write("karte.txt", "Anfahrt ab 1. Dezember"),
        f"{TEMPLATE}/message.de.md: attachment karte.txt",
        [],
    ),
    "announced detail": (
        _toml('email = "info@neu.example"', 'email = "post@neu.example"'),
        "change",
        ['-new.email = "info@neu.example"', '+new.email = "post@neu.example"'],
    ),
    "another detail": (
        _toml("[change.new]", '[change.new]\nphone = "+49 40 222222"'),
        "change",
        ['+new.phone = "+49 40 222222"'],
    ),
    "date": (
        _toml("effective = 2026-12-01", "effective = 2026-12-02"),
        "change",
        ['-effective = "2026-12-01"', '+effective = "2026-12-02"'],
    ),
    "end of the old": (
        _toml("[change]\n", "[change]\nold_works_until = 2027-01-31\n"),
        "change",
        ['+old_works_until = "2027-01-31"'],
    ),
    "sender's name": (
        _toml('"Muster PR"', '"Muster Öffentlichkeitsarbeit"'),
        "sender",
        ['-name = "Muster PR"', '+name = "Muster Öffentlichkeitsarbeit"'],
    ),
    "replies": (
        _toml('name = "Muster PR"', 'name = "Muster PR"\nreply_to = "info@neu.example"'),
        "sender",
        ['-reply_to = "info@alt.example"', '+reply_to = "info@neu.example"'],
    ),
    "who reads the replies": (
        _toml('name = "Muster PR"', 'name = "Muster PR"\nreply_to = "Büro <info@alt.example>"'),
        "sender",
        ['-reply_to = "info@alt.example"', '+reply_to = "Büro <info@alt.example>"'],
    ),
    "bounces": (
        _toml('name = "Muster PR"', 'name = "Muster PR"\nreturn_path = "info@neu.example"'),
        "sender",
        ['-return_path = "info@alt.example"', '+return_path = "info@neu.example"'],
    ),
}


def _send_to_anna(folder: Folder) -> None:
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
        enrolled(run)
        send(handover_of(run), "anna@example.com")


@pytest.mark.parametrize(("change", "part", "shown"), CHANGES.values(), ids=CHANGES)
def test_changed_after_somebody_was_reached(
    folder: Folder, change: Callable[[Folder], object], part: str, shown: list[str]
) -> None:
    """Exactly the part that differs is named, with its lines; nothing is enrolled and nothing recorded."""
    _send_to_anna(folder)
    before = read(folder.ledger, "SELECT * FROM version")
    change(folder)
    folder.write("E-Mail\nneu@example.com\n")
    with pytest.raises(ChangedError, match="test has changed") as refused:
        folder.enrol()
    (problem,) = refused.value.problems
    assert problem.where == part
    lines = problem.what.splitlines()
    if lines[0] == "has changed:":
        assert shown == [] or lines[1:] == shown
    else:
        assert lines == shown
    assert "--accept-change" in refused.value.hint
    assert read(folder.ledger, "SELECT * FROM version") == before
    assert "neu@example.com" not in folder.statuses()


@pytest.mark.parametrize(("change", "part", "_"), CHANGES.values(), ids=CHANGES)
def test_changed_before_anybody_was_reached(
    folder: Folder, change: Callable[[Folder], object], part: str, _: list[str]
) -> None:
    """Until the first dot leaves everything may be mended without a question; the newer version is in force."""
    folder.enrol()
    before = _latest(folder)
    change(folder)
    folder.enrol()
    after = _latest(folder)
    assert {name for name in {*before, *after} if before.get(name) != after.get(name)} == {part}


def _latest(folder: Folder) -> dict[str, str]:
    with open_store(folder.ledger) as store:
        versions = Versions(store)
        record = versions.find("test")
        assert record is not None
        latest = versions.latest(record)
        assert latest is not None
        return dict(latest.parts)


def test_accepted(folder: Folder) -> None:
    """What the user accepts is recorded as a version of its own, and is not asked about again."""
    _send_to_anna(folder)
    for number, (change, _, _) in enumerate((CHANGES["text"], CHANGES["date"]), start=2):
        change(folder)
        folder.enrol(accept=True)
        folder.enrol()
        versions = read(folder.ledger, "SELECT number, fingerprint FROM version")
        assert [version["number"] for version in versions] == list(range(1, number + 1))
        assert len({version["fingerprint"] for version in versions}) == number
    assert _latest(folder) == parts_of(folder.prepared())


def test_several_parts(folder: Folder) -> None:
    """Everything that differs is named at once."""
    _send_to_anna(folder)
    for change in ("text", "date", "sender's name"):
        CHANGES[change][0](folder)
    with pytest.raises(ChangedError) as refused:
        folder.enrol()
    assert [problem.where for problem in refused.value.problems] == ["change", "sender", f"{TEMPLATE}/message.de.md"]


def test_taken_back(folder: Folder) -> None:
    """A change that is undone before it was accepted leaves nothing behind."""
    _send_to_anna(folder)
    CHANGES["date"][0](folder)
    with pytest.raises(ChangedError):
        folder.enrol()
    folder.edit(folder.toml, "2026-12-02", "2026-12-01")
    folder.enrol()
    assert len(read(folder.ledger, "SELECT * FROM version")) == 1


@pytest.mark.parametrize(
    "change",
    [
        _toml("[[relay]]", '[[relay]]\nuser = ""'),
        _toml("connections = 1", "connections = 4"),
        _toml('pause = "0s"', 'pause = "5s"\nbatch = 7'),
        _toml('language = "de"', 'language = "de"\ndeadline = 2099-12-31'),
        lambda folder: folder.write("Mail;Name\nx@example.com;Änne Muster\n"),
    ],
    ids=["login", "connections", "pace", "deadline", "contacts"],
)
def test_what_is_no_change(folder: Folder, change: Callable[[Folder], object]) -> None:
    """What makes no message another one may change at any time."""
    _send_to_anna(folder)
    change(folder)
    folder.enrol()
    assert len(read(folder.ledger, "SELECT * FROM version")) == 1


def test_new_campaign(folder: Folder) -> None:
    """A new id is a new campaign: nothing is asked, everybody waits, and the secret is another one."""
    _send_to_anna(folder)
    CHANGES["text"][0](folder)
    folder.edit(folder.toml, 'id = "test"', 'id = "test-2"')
    folder.enrol()
    campaigns = read(folder.ledger, "SELECT * FROM campaign")
    assert [campaign["id"] for campaign in campaigns] == ["test", "test-2"]
    assert campaigns[0]["secret"] != campaigns[1]["secret"]
    waiting = read(folder.ledger, "SELECT * FROM recipient WHERE campaign = 2 AND status = 'pending'")
    assert len(waiting) == 3


def test_lines_that_look_like_a_diff(folder: Folder) -> None:
    """Dashes and plus signs at the beginning of a line are shown like any other change."""
    with folder.message.open("a", encoding="utf-8") as file:
        file.write("-- \nMuster PR\n")
    _send_to_anna(folder)
    folder.edit(folder.message, "-- \nMuster PR\n", "++ Muster PR\n@@\n")
    with pytest.raises(ChangedError) as refused:
        folder.enrol()
    (problem,) = refused.value.problems
    assert problem.what.splitlines() == ["has changed:", "--- ", "-Muster PR", "+++ Muster PR", "+@@"]


def test_only_a_line_end(folder: Folder) -> None:
    """A change that shows in no line is still noticed, and said to be one."""
    _send_to_anna(folder)
    folder.message.write_text(folder.message.read_text("utf-8").rstrip("\n"), "utf-8")
    with pytest.raises(ChangedError) as refused:
        folder.enrol()
    assert [problem.what for problem in refused.value.problems] == ["has changed:\nonly where its lines end"]


def test_long_change(folder: Folder) -> None:
    """Of a long text only the first lines that differ are shown, and how many more there are."""
    _send_to_anna(folder)
    with folder.message.open("a", encoding="utf-8") as file:
        file.writelines(f"Zeile {number}\n" for number in range(40))
    with pytest.raises(ChangedError) as refused:
        folder.enrol()
    (problem,) = refused.value.problems
    lines = problem.what.splitlines()
    assert lines[1:3] == ["+Zeile 0", "+Zeile 1"]
    assert lines[-1] == "… and 28 more lines"
    assert len(lines) == 14
