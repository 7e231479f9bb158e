"""Files that only one recipient gets, on their way through an enrolment: all are looked at, none changes unnoticed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from notify.actions.preview import preview
from notify.actions.run import begun
from notify.core.form import Form
from notify.core.status import Status
from notify.errors import ChangedError, InputError
from notify.ledger import Enrolled
from notify.rendering import OwnFiles, Template
from tests.campaign import NOW, Folder, enrolled, handover_of, send
from tests.unit.ledger.mailing import outcome, read, settle

Fields = Mapping[str, Mapping[str, str]]

PEOPLE = """\
Nachname;E-Mail;Datei
Muster;anna@example.com;a.pdf
Beispiel;ben@example.com;b.pdf
Probe;cora@example.com;
Doppelt;dora@example.com;a.pdf; b.pdf
"""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Give a campaign folder in which two rows name a file, one names two, and one none."""
    folder = Folder(tmp_path / "campaign", people=PEOPLE.replace("a.pdf; b.pdf", '"a.pdf; b.pdf"'))
    folder.edit(folder.message, "Subject:", 'Attachment: {{ row["Datei"] }}\nSubject:')
    for name in ("a.pdf", "b.pdf"):
        (folder.path / name).write_bytes(name.encode() * 100)
    return folder


def kept(folder: Folder) -> dict[str, dict[str, str]]:
    """Return what the ledger keeps of everybody's own files."""
    rows = read(folder.ledger, "SELECT address, fields FROM recipient")
    return {row["address"]: json.loads(row["fields"])["files"] for row in rows}


def sent_to(folder: Folder, *addresses: str, accept: bool = False) -> None:
    """Enrol everybody, and hand over the messages of these."""
    with begun(folder.prepared(), NOW, accept_change=accept, rehearsal=False) as run:
        enrolled(run)
        for address in addresses:
            settle(handover_of(run), send(handover_of(run), address, digest=address), outcome(Status.SENT), NOW)


def test_what_is_counted_and_kept(folder: Folder) -> None:
    """Who gets files and how many, and each one's digest with its recipient."""
    own = folder.enrol().own_files
    assert (own.recipients, own.files, own.octets, own.wrong) == (3, 4, 2000, 0)
    assert [sorted(files) for files in kept(folder).values()] == [["a.pdf"], ["b.pdf"], [], ["a.pdf", "b.pdf"]]
    assert all(len(digest) == 64 for files in kept(folder).values() for digest in files.values())


def test_every_file_that_is_not_there_is_named(folder: Folder) -> None:
    """All of them in one error, with their rows, and nobody is enrolled."""
    (folder.path / "a.pdf").unlink()
    folder.edit(folder.people, "ben@example.com;b.pdf", "ben@example.com;ledger.db")
    with pytest.raises(InputError) as caught:
        folder.enrol()
    assert caught.value.message == "Files of 3 recipients cannot be attached."
    where = "(templates/change/message.de.md:1)"
    ledger = "it belongs to a ledger, which knows everybody's address"
    assert [str(problem) for problem in caught.value.problems] == [
        f"contacts/people.csv:2: there is no attachment a.pdf {where}",
        f"contacts/people.csv:3: ledger.db may not be attached: {ledger} {where}",
        f"contacts/people.csv:5: there is no attachment a.pdf {where}",
    ]
    assert read(folder.ledger, "SELECT * FROM recipient") == []


def test_a_preview_says_it_after_the_others(folder: Folder) -> None:
    """Whoever has their files is shown first; then all that is missing among those who were looked at."""
    (folder.path / "b.pdf").unlink()
    messages = preview(folder.prepared(), most=None)
    shown = [next(messages).recipient.address, next(messages).recipient.address]
    assert shown == ["anna@example.com", "cora@example.com"]
    with pytest.raises(InputError, match="Files of 2 recipients cannot be attached") as caught:
        next(messages)
    assert [problem.where for problem in caught.value.problems] == ["contacts/people.csv:3", "contacts/people.csv:5"]
    assert [one.recipient.address for one in preview(folder.prepared(), most=1)] == ["anna@example.com"]


def test_only_the_first_are_named(folder: Folder) -> None:
    """However many files are missing, a few are named and all are counted."""
    folder.write("Nachname;E-Mail;Datei\n" + "".join(f"M{n};m{n}@example.com;{n}.pdf\n" for n in range(50)))
    with pytest.raises(InputError, match="Files of 50 recipients") as caught:
        folder.enrol()
    assert len(caught.value.problems) == 10


@pytest.mark.parametrize("row", ["Muster;ANNA@example.com;weg.pdf\n", "Falsch;x@@example.com;weg.pdf\n"])
def test_who_is_not_written_to_needs_no_file(folder: Folder, row: str) -> None:
    """A duplicate, or a row that is rejected."""
    folder.write(folder.people.read_text("utf-8") + row)
    assert folder.enrol().own_files.wrong == 0


def test_a_file_may_change_until_it_is_sent(folder: Folder) -> None:
    """Whoever waits for it gets it as it is then; nobody else is made anew."""
    folder.enrol()
    before = kept(folder)
    (folder.path / "a.pdf").write_bytes(b"mended")
    done = folder.enrol()
    assert (done.counts[Enrolled.UPDATED], done.counts[Enrolled.KNOWN]) == (2, 2)
    after = kept(folder)
    assert {name for name in after if after[name] != before[name]} == {"anna@example.com", "dora@example.com"}


def test_a_file_that_some_were_sent_is_the_same_for_the_others(folder: Folder) -> None:
    """Once anybody got it, a change is refused and named, until it is accepted; a file of nobody else may change."""
    sent_to(folder, "anna@example.com")
    (folder.path / "a.pdf").write_bytes(b"another")
    (folder.path / "b.pdf").write_bytes(b"mended")
    with pytest.raises(ChangedError) as caught:
        folder.enrol()
    assert [str(problem) for problem in caught.value.problems] == ["a.pdf: has changed; 1 recipient waits for it"]
    assert "--accept-change" in caught.value.hint
    folder.enrol(accept=True)
    folder.write(folder.people.read_text("utf-8") + "Erster;erik@example.com;a.pdf\n")
    sent_to(folder, "dora@example.com", accept=True)
    # by now it was sent as it is
    folder.enrol()


def test_who_was_sent_to_needs_the_file_no_more(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be gone, and nobody looks at it again; what the ledger keeps of it stays."""
    sent_to(folder, "ben@example.com", "dora@example.com")
    before = kept(folder)
    (folder.path / "b.pdf").unlink()
    looked_at = []
    own_files = Template.own_files

    def counting(
        template: Template, language: str, salutation: str, fields: Fields, who: str, *, form: Form
    ) -> OwnFiles:
        looked_at.append(who)
        return own_files(template, language, salutation, fields, who, form=form)

    monkeypatch.setattr(Template, "own_files", counting)
    folder.enrol()
    assert kept(folder) == before
    assert looked_at == ["contacts/people.csv:2", "contacts/people.csv:4"]


def test_what_is_rendered_in_a_run_is_what_was_enrolled(folder: Folder) -> None:
    """A file that changes after the enrolment and before its message ends the run; it is looked at anew in the next."""
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
        enrolled(run)
        fields = json.loads(read(folder.ledger, "SELECT fields FROM recipient ORDER BY id")[0]["fields"])
        (folder.path / "a.pdf").write_bytes(b"another")
        template = folder.prepared().template
        with pytest.raises(ChangedError, match=r"the attachment a\.pdf has changed"):
            template.render("de", "", fields, "the contact anna@example.com")
        assert run.job.reports().counts()[Status.PENDING] == 4
