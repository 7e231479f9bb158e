"""The same words under another id: not sent to the same people again, unless that is the user's will."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from notify.actions.enrolling import Enrolling
from notify.actions.prepare import prepare
from notify.actions.run import begun
from notify.core.status import Status
from notify.errors import InputError
from notify.ledger import Enrolled, Suppressions
from tests.campaign import NOW, PEOPLE, Folder, enrolled, handover_of, send
from tests.unit.ledger.mailing import outcome, settle

pytestmark = pytest.mark.both_ledgers

TEMPLATES = Path("templates")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Give a folder whose template includes and attaches something; two were written to, without an id."""
    folder = Folder(tmp_path / "campaign")
    folder.edit(folder.toml, 'id = "test"\n', "")
    folder.edit(folder.message, "{{ salutation }}", "{% include 'gruss.md' %} {{ salutation }} {{ row.Anrede }}")
    folder.edit(folder.message, "Subject:", "Attachment: karte.txt\nSubject:")
    (folder.message.parent / "gruss.md").write_text("Guten Tag.", "utf-8")
    (folder.message.parent / "karte.txt").write_text("Anfahrt", "utf-8")
    _begin(folder, {}, deliver=["anna@example.com", "ben@example.com"])
    return folder


def _begin(
    folder: Folder, options: dict[str, object], *, repeat: bool = False, deliver: Sequence[str] = ()
) -> Enrolling:
    prepared = prepare(folder.settings(options))
    with begun(prepared, NOW, accept_change=True, rehearsal=False, accept_repeat=repeat) as run:
        done = enrolled(run)
        for address in deliver:
            settle(handover_of(run), send(handover_of(run), address), outcome(Status.SENT), NOW)
        return done


def _renamed(folder: Folder) -> dict[str, object]:
    (folder.path / TEMPLATES / "change").rename(folder.path / TEMPLATES / "neu")
    return {"campaign.template": "templates/neu"}


def _copied(folder: Folder, name: str = "neu") -> Path:
    return Path(shutil.copytree(folder.message.parent, folder.path / TEMPLATES / name))


def _linked(folder: Folder) -> dict[str, object]:
    (folder.path / TEMPLATES / "link").symlink_to("change")
    return {"campaign.template": "templates/link"}


def _in_one_file(folder: Folder) -> dict[str, object]:
    _copied(folder)
    return {"campaign.template": "templates/neu/message.de.md"}


def _with_another_layout(folder: Folder) -> dict[str, object]:
    (_copied(folder) / "layout.html").write_text("<html>{{ body }}</html>", "utf-8")
    return {"campaign.template": "templates/neu"}


def _with_another_language(folder: Folder) -> dict[str, object]:
    (_copied(folder) / "message.en.md").write_text("Subject: x\n\n{{ row.Nachname }}\n", "utf-8")
    return {"campaign.template": "templates/neu"}


def _from_another_sender(_: Folder) -> dict[str, object]:
    return {"campaign.id": "2", "sender.email": "post@alt.example"}


def _to_some_more(folder: Folder) -> dict[str, object]:
    folder.write(folder.people.read_text("utf-8") + "Herr;Neu;neu@example.com\n")
    return {"campaign.id": "2"}


SAME: dict[str, Callable[[Folder], dict[str, object]]] = {
    "a folder renamed": _renamed,
    "a folder reached by a link": _linked,
    "a message file by itself": _in_one_file,
    "an id": lambda _: {"campaign.id": "2026-12"},
    "an id, and another layout": _with_another_layout,
    "an id, and another language beside": _with_another_language,
    "an id, and another sender": _from_another_sender,
    "an id, and more people": _to_some_more,
}


@pytest.mark.parametrize("edit", SAME.values(), ids=SAME)
def test_same_words(folder: Folder, edit: Callable[[Folder], dict[str, object]]) -> None:
    """Refused, with the id under which they were sent, and nothing is enrolled; accepted, it is not asked again."""
    options = edit(folder)
    with pytest.raises(
        InputError, match="2 recipients were sent the same words already, in the campaign change"
    ) as refused:
        _begin(folder, options)
    assert 'id = "change"' in refused.value.hint
    assert [(problem.what, problem.where) for problem in refused.value.problems] == [
        ("anna@example.com", "contacts/people.csv:2"),
        ("ben@example.com", "contacts/people.csv:3"),
    ]
    assert _begin(folder, options | {"campaign.id": "change"}).counts[Enrolled.NEW] <= 1
    assert _begin(folder, options, repeat=True, deliver=["anna@example.com"]).counts[Enrolled.NEW] >= 3
    assert _begin(folder, options).counts[Enrolled.KNOWN] >= 2


def _with(name: str, text: str) -> Callable[[Folder], dict[str, object]]:
    def edit(folder: Folder) -> dict[str, object]:
        (_copied(folder) / name).write_text(text, "utf-8")
        return {"campaign.template": "templates/neu"}

    return edit


def _reminder(folder: Folder) -> dict[str, object]:
    copy = _copied(folder) / "message.de.md"
    copy.write_text(copy.read_text("utf-8").replace("Subject: ", "Subject: Erinnerung: "), "utf-8")
    return {"campaign.template": "templates/neu"}


def _to_others(folder: Folder) -> dict[str, object]:
    folder.write("Anrede;Nachname;E-Mail\nFrau;Neu;neu@example.com\nFrau;Probe;cora@example.com\n")
    return {"campaign.id": "2"}


def _with_other_cells(folder: Folder) -> dict[str, object]:
    folder.write(folder.people.read_text("utf-8").replace("Frau", "Familie").replace("Herr", "Familie"))
    return {"campaign.id": "2"}


def _change(folder: Folder) -> dict[str, object]:
    folder.edit(folder.toml, "info@neu.example", "post@neu.example")
    return {"campaign.id": "2"}


OTHERS: dict[str, Callable[[Folder], dict[str, object]]] = {
    "another text": _with("message.de.md", "Subject: Neues\n\n{{ salutation }}\n"),
    "the text with a word more": _reminder,
    "another text that is included": _with("gruss.md", "Guten Abend."),
    "another attachment of the name": _with("karte.txt", "Anfahrt ab Dezember"),
    "other details announced": _change,
    "to people who did not get it": _to_others,
    "other cells of the people": _with_other_cells,
}


@pytest.mark.parametrize("edit", OTHERS.values(), ids=OTHERS)
def test_other_words(folder: Folder, edit: Callable[[Folder], dict[str, object]]) -> None:
    """A new mailing goes through without a question."""
    assert _begin(folder, edit(folder)).counts[Enrolled.NEW] >= 2


@pytest.mark.parametrize(
    "template",
    [
        "templates/change/",
        "./templates/change",
        "templates/../templates/change",
        "templates/change/message.de.md",
        "{}",
    ],
)
def test_the_same_template_by_another_name(folder: Folder, template: str) -> None:
    """However its path is written, a template is the same campaign."""
    options: dict[str, object] = {"campaign.template": template.format(folder.message.parent)}
    assert _begin(folder, options).counts[Enrolled.KNOWN] == 3


def test_who_is_left_out_is_not_asked_about(folder: Folder) -> None:
    """Who got the same words and wants no mail since then, or must not be written to, gets nothing twice anyhow."""
    header, *rows = folder.people.read_text("utf-8").splitlines()
    folder.write("\n".join([f"{header};Opt-out", f"{rows[0]};ja", *(f"{row};" for row in rows[1:])]))
    with begun(folder.prepared(), NOW, accept_change=True, rehearsal=False) as run:
        Suppressions(run.job.store).add("ben@example.com", "", NOW)
    assert _begin(folder, {"campaign.id": "2"}).counts[Enrolled.NEW] == 3


def test_a_rehearsal_may_be_repeated(tmp_path: Path) -> None:
    """The sandbox writes to nobody: there the words may go under any id."""
    folder = Folder(tmp_path / "campaign", real=False)
    _begin(folder, {}, deliver=["anna@example.com"])
    assert _begin(folder, {"campaign.id": "2"}).counts[Enrolled.NEW] == 3


def test_who_was_not_sent_to_is_not_asked_about(tmp_path: Path) -> None:
    """An id that was changed before the first message is nothing to ask about."""
    folder = Folder(tmp_path / "campaign")
    folder.enrol()
    assert _begin(folder, {"campaign.id": "2"}).counts[Enrolled.NEW] == 3


#: Anna and Ben are greeted with Du, Cora with Sie.
FORMS = PEOPLE.replace("E-Mail", "E-Mail;Form").replace("ben@example.com", "ben@example.com;Du")
FORMS = FORMS.replace("anna@example.com", "anna@example.com;Du")


@pytest.mark.parametrize(
    ("edit", "people"),
    [
        ({}, "anna@ ben@ cora@"),
        ({"message.de.du.md": "Subject: y\n\nDu\n"}, "cora@"),
        ({"message.de.md": "Subject: y\n\nSie\n"}, "anna@ ben@"),
        # the text with Sie is that with Du of then: nobody was sent it who is to be sent it now
        ({"message.de.md": "Subject: x\n\nDu\n", "message.de.du.md": "Subject: x\n\nSie\n"}, ""),
    ],
)
def test_same_words_by_form(tmp_path: Path, edit: dict[str, str], people: str) -> None:
    """Of two texts for two forms each was sent to its own readers: only who is to be sent the same one is named."""
    folder = Folder(tmp_path / "campaign", people=FORMS)
    folder.message.write_text("Subject: x\n\nSie\n", "utf-8")
    folder.message.with_name("message.de.du.md").write_text("Subject: x\n\nDu\n", "utf-8")
    _begin(folder, {}, deliver=["anna@example.com", "ben@example.com", "cora@example.com"])
    for name, text in edit.items():
        folder.message.with_name(name).write_text(text, "utf-8")
    found = ""
    try:
        _begin(folder, {"campaign.id": "2"})
    except InputError as refused:
        found = " ".join(problem.what.removesuffix("example.com") for problem in refused.problems)
    assert found == people


def test_same_words_to_somebody_in_another_form(tmp_path: Path) -> None:
    """Who got the text with Sie, and is greeted with Du by now, is not named, since the text with Du is another one.

    Where one text was for both, as in English, or for all before there were two, it is the same.
    """
    folder = Folder(tmp_path / "campaign", people=PEOPLE.replace("E-Mail", "E-Mail;Form;Sprache"))
    folder.message.with_name("message.en.md").write_text("Subject: x\n\nHello\n", "utf-8")
    folder.edit(folder.people, "ben@example.com", "ben@example.com;;en")
    folder.edit(folder.people, "cora@example.com", "cora@example.com;Du;en")
    _begin(folder, {}, deliver=["anna@example.com", "ben@example.com", "cora@example.com"])
    folder.write(folder.people.read_text("utf-8").replace("ben@example.com;", "ben@example.com;Du"))
    folder.edit(folder.people, "anna@example.com", "anna@example.com;Du")
    du = folder.message.with_name("message.de.du.md")
    du.write_text("Subject: x\n\nDu\n", "utf-8")
    with pytest.raises(InputError) as refused:
        _begin(folder, {"campaign.id": "2"})
    assert [problem.what for problem in refused.value.problems] == ["ben@example.com", "cora@example.com"]
    du.write_text(folder.message.read_text("utf-8"), "utf-8")
    with pytest.raises(InputError) as refused:
        _begin(folder, {"campaign.id": "2"})
    everybody = ["anna@example.com", "ben@example.com", "cora@example.com"]
    assert [problem.what for problem in refused.value.problems] == everybody
