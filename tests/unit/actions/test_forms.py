"""Nobody is sent a text in the other form than that in which they are greeted; before that, nothing is sent at all."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from notify.actions.enrolling import Enrolling
from notify.actions.form_notes import FormNotes
from notify.actions.noticed import Noticed
from notify.actions.outline import outline
from notify.actions.prepare import prepare
from notify.actions.preview import preview, recipient_at
from notify.actions.run import begun
from notify.actions.send import planned
from notify.core.contact import FIELDS, Origin, Recipient
from notify.core.form import Form
from notify.core.status import Status
from notify.errors import InputError
from notify.ledger import Enrolled, Suppressions
from tests.campaign import NOW, Folder, enrolled, handover_of, send
from tests.unit.ledger.mailing import outcome, read, settle

pytestmark = pytest.mark.both_ledgers

PEOPLE = """\
Anrede;Vorname;Nachname;E-Mail;Form;Sprache;Gruppe;Briefanrede
Frau;Anna;Muster;anna@example.com;Du;de;Freunde;
Herr;Ben;Beispiel;ben@example.com;;de;Kunden;
Frau;Cora;Probe;cora@example.com;;de;Freunde;
Herr;Dan;Smith;dan@example.com;Du;en;Kunden;
Frau;Eva;Dupont;eva@example.com;tu;fr;Kunden;
"""
DU_TEXT = "Subject: Für Dich\n\n{{ salutation }} Du\n"
TEMPLATE = "templates/change"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Give a folder with a German text with Sie and an English one; of five people three are greeted with Du."""
    folder = Folder(tmp_path / "campaign", people=PEOPLE)
    _write(folder, "message.en.md", "Subject: News\n\n{{ salutation }}\n")
    return folder


def _write(folder: Folder, name: str, text: str = DU_TEXT) -> None:
    (folder.message.parent / name).write_text(text, "utf-8")


def _forms(folder: Folder) -> dict[str, str]:
    rows = read(folder.ledger, "SELECT * FROM recipient ORDER BY id")
    return {row["address"].partition("@")[0]: f"{row['language']} {row['form']}" for row in rows}


def test_refused(folder: Folder) -> None:
    """Says how many, who the first are, where the text with Sie stands and which file to write; nobody is enrolled."""
    with pytest.raises(InputError) as refused:
        folder.enrol()
    assert refused.value.message == (
        f"2 recipients are greeted with Du, and in German there is only a text with Sie: {TEMPLATE}/message.de.md."
    )
    assert [str(problem) for problem in refused.value.problems] == [
        "contacts/people.csv:2: anna@example.com: Liebe Anna,",
        "contacts/people.csv:6: eva@example.com: Liebe Eva,",
    ]
    assert refused.value.hint == (
        f"Write the text with Du:  {TEMPLATE}/message.de.du.md\n"
        "To greet somebody with Sie, write Sie into the column form of overrides.csv, and - into its column salutation "
        "where the contact file has a greeting."
    )
    assert _forms(folder) == {}


def test_each_gets_the_own_text(folder: Folder) -> None:
    """What the preview shows is what is enrolled and rendered for the run: by language, then by form."""
    _write(folder, "message.de.du.md")
    _write(folder, "message.fr.du.md", "Subject: Pour toi\n\n{{ salutation }} tu\n")
    shown = {seen.recipient.address: seen.content.subject for seen in preview(folder.prepared(), most=None)}
    assert [shown[f"{name}@example.com"] for name in ("anna", "dan", "eva")] == ["Für Dich", "News", "Pour toi"]
    folder.enrol()
    assert _forms(folder) == {"anna": "de Du", "ben": "de Sie", "cora": "de Sie", "dan": "en Du", "eva": "fr Du"}
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
        enrolled(run)
        for claimed in handover_of(run).claim(9, NOW):
            made = run.job.template.render(claimed.language, claimed.salutation, claimed.fields, "", form=claimed.form)
            assert made.subject == shown.pop(claimed.address)
    assert not shown


def test_french_and_german_at_once(folder: Folder) -> None:
    """Of several languages each is counted, and each file named; French has one name for tu, which is du."""
    _write(folder, "message.fr.txt", "Subject: Vous\n\nvous\n")
    with pytest.raises(InputError) as refused:
        folder.enrol()
    assert refused.value.message == (
        f"1 recipient is greeted with Du, and in German there is only a text with Sie: {TEMPLATE}/message.de.md; "
        f"1 is greeted with Du, and in French there is only a text with Sie: {TEMPLATE}/message.fr.txt."
    )
    assert f"{TEMPLATE}/message.fr.du.txt" in refused.value.hint


def test_a_text_with_du_only(folder: Folder) -> None:
    """Whoever is greeted with Sie is not sent it either; one key greets all with Du who do not say otherwise."""
    folder.message.rename(folder.message.with_name("message.de.du.md"))
    with pytest.raises(
        InputError, match=r"2 recipients are greeted with Sie, and in German .* with Du: .*de\.du\.md"
    ) as no:
        folder.enrol()
    assert f"Write the text with Sie:  {TEMPLATE}/message.de.md" in no.value.hint
    assert "du = 'true'" in no.value.hint
    assert folder.enrol_with({"contacts.du": "true"}).counts[Enrolled.NEW] == 5
    folder.edit(folder.people, "ben@example.com;;", "ben@example.com;Sie;")
    with pytest.raises(InputError, match="1 recipient is greeted with Sie"):
        folder.enrol_with({"contacts.du": "true"})


def test_one_file_of_two(folder: Folder) -> None:
    """Where the other text stands beside the one that was named, the folder is to be named."""
    _write(folder, "message.de.du.md")
    with pytest.raises(InputError) as refused:
        folder.enrol_with({"campaign.template": f"{TEMPLATE}/message.de.du.md"})
    assert f"name the folder in the place of one file:  --template {TEMPLATE}" in refused.value.hint
    prepared = folder.prepared({"campaign.template": f"{TEMPLATE}/message.de.du.md"})
    assert prepared.campaign.id == "test"


def test_by_overrides_and_condition(folder: Folder) -> None:
    """A small file and a condition say it too; the row itself, as it is corrected, counts before the condition."""
    _write(folder, "message.de.du.md")
    (folder.path / "overrides.csv").write_text("email,form\nanna@example.com,Sie\nben@example.com,du\n", "utf-8")
    folder.enrol_with({"contacts.du": 'row.Gruppe == "Freunde"'})
    assert _forms(folder) == {"anna": "de Sie", "ben": "de Du", "cora": "de Du", "dan": "en Du", "eva": "de Du"}


def test_a_condition_that_is_none(folder: Folder) -> None:
    """It is read as `where` is: what is wrong in it is told under its own name."""
    with pytest.raises(
        Exception, match='du \'Grupe == "Freunde"\': there is no field and no column "Grupe"'
    ) as refused:
        folder.prepared({"contacts.du": 'Grupe == "Freunde"'})
    assert getattr(refused.value, "hint", "") == 'Did you mean row["Gruppe"]?'


def test_a_condition_that_has_changed(folder: Folder) -> None:
    """Whoever waits is greeted as the condition says now; nobody is taken for unchanged because of the same row."""
    _write(folder, "message.de.du.md")
    folder.enrol()
    assert _forms(folder)["cora"] == "de Sie"
    done = folder.enrol_with({"contacts.du": 'row.Gruppe == "Freunde"'})
    assert (_forms(folder)["cora"], done.counts[Enrolled.UPDATED]) == ("de Du", 1)
    assert folder.enrol().counts[Enrolled.UPDATED] == 1
    assert _forms(folder)["cora"] == "de Sie"


def test_a_greeting_of_the_file(folder: Folder) -> None:
    """A greeting with Du above a text with Sie is refused like a column that says it; one with Sie is not."""
    folder.write(
        PEOPLE.replace(";Du;de", ";;de").replace(";tu;fr", ";;fr").replace("Freunde;\n", "Freunde;Liebe Anna\n", 1)
    )
    with pytest.raises(InputError, match="1 recipient is greeted with Du") as refused:
        folder.enrol()
    assert str(refused.value.problems[0]) == "contacts/people.csv:2: anna@example.com: Liebe Anna,"
    (folder.path / "overrides.csv").write_text("email,form,salutation\nanna@example.com,Sie,-\n", "utf-8")
    folder.enrol()
    rows = {row["address"]: row["salutation"] for row in read(folder.ledger, "SELECT * FROM recipient")}
    assert rows["anna@example.com"] == "Sehr geehrte Frau Muster,"


def test_only_who_is_sent_to(folder: Folder) -> None:
    """Who is not asked for, or must not be written to, needs no text; whoever waits from an earlier run does."""
    assert folder.enrol_with({}, 'form not in ["Du", "tu"] or language == "en"').counts[Enrolled.NEW] == 5
    with pytest.raises(InputError, match="2 recipients are greeted with Du"):
        folder.enrol()


def test_who_must_not_be_written_to_needs_no_text(folder: Folder) -> None:
    """Those on the suppression list are greeted by nobody, whether they stand in the ledger yet or not."""
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
        for name in ("anna", "eva"):
            Suppressions(run.job.store).add(f"{name}@example.com", "", NOW)
        enrolled(run)
        assert run.job.reports().counts()[Status.SUPPRESSED] == 2
    (folder.path / "overrides.csv").write_text("email,form\ncora@example.com,Du\n", "utf-8")
    with pytest.raises(InputError, match="1 recipient is greeted with Du"):
        folder.enrol()


def test_the_form_alone_has_changed(folder: Folder) -> None:
    """Whoever is greeted alike in both forms gets the other text all the same."""
    _write(folder, "message.de.du.md")
    folder.write("Vorname;E-Mail;Form;Briefanrede\nAnna;anna@example.com;;Hallo zusammen\n")
    folder.enrol()
    folder.edit(folder.people, "anna@example.com;", "anna@example.com;Du")
    assert folder.enrol().counts[Enrolled.UPDATED] == 1
    assert _forms(folder) == {"anna": "de Du"}


def test_who_was_sent_to_needs_no_text(folder: Folder) -> None:
    """Somebody who was reached with Sie and is greeted with Du since is not written to again, and holds up nobody."""
    folder.write("Anrede;Vorname;Nachname;E-Mail;Form\nFrau;Anna;M;anna@example.com;\nHerr;Ben;B;ben@example.com;\n")
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
        enrolled(run)
        settle(handover_of(run), send(handover_of(run), "anna@example.com"), outcome(Status.SENT), NOW)
    folder.edit(folder.people, "anna@example.com;", "anna@example.com;Du")
    folder.enrol()
    assert _forms(folder) == {"anna": "de Sie", "ben": "de Sie"}


def test_who_failed_before(folder: Folder) -> None:
    """Whoever is to be tried again after a failure is looked at once more: no message is found missing in the run."""
    folder.write("Vorname;E-Mail;Form\nAnna;anna@example.com;\n")
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
        enrolled(run)
        settle(handover_of(run), send(handover_of(run), "anna@example.com"), outcome(Status.FAILED), NOW)
    folder.edit(folder.people, "anna@example.com;", "anna@example.com;Du")
    with begun(folder.prepared(), NOW, accept_change=True, rehearsal=False) as run:
        enrolled(run)
        assert run.job.transitions().retry_failed() == 1
        with pytest.raises(InputError, match="1 recipient is greeted with Du"):
            planned(run, NOW, limit=None, only=(), stays=False)


def test_a_new_text_is_a_change(folder: Folder) -> None:
    """Once somebody was written to, a text with Du that was not there changes the campaign; it is named."""
    with begun(prepare(folder.settings(), 'form == ""'), NOW, accept_change=False, rehearsal=False) as run:
        enrolled(run)
        settle(handover_of(run), send(handover_of(run), "ben@example.com"), outcome(Status.SENT), NOW)
    _write(folder, "message.de.du.md")
    with pytest.raises(InputError, match="has changed") as refused:
        folder.enrol()
    assert [str(problem) for problem in refused.value.problems] == [f"{TEMPLATE}/message.de.du.md: is new"]
    folder.enrol(accept=True)


def test_a_text_that_asks(folder: Folder) -> None:
    """A text that asks for the form itself is for both, however the form was told; its readers are counted apart."""
    body = 'Subject: x\n\n{{ salutation }} {% if form == "Du" %}Dein{% else %}Ihr{% endif %}\n'
    folder.message.write_text(body, "utf-8")
    options: dict[str, object] = {"contacts.du": 'row.Gruppe == "Freunde"'}
    shown = {seen.recipient.address: seen.content.text for seen in preview(folder.prepared(options), most=None)}
    assert [shown[f"{name}@example.com"].split(", ")[1] for name in ("anna", "ben", "cora")] == [
        "Dein\n",
        "Ihr\n",
        "Dein\n",
    ]
    assert _cohorts(folder, options) == {"de.du": 3, "de": 1, "en": 1}


def test_counted_in_the_question(folder: Folder) -> None:
    """Before the question each text is named with its readers; in English, where one serves both, once."""
    _write(folder, "message.de.du.md")
    folder.edit(folder.people, "Herr;Ben;Beispiel;ben@example.com;;de", "Herr;Ben;Beispiel;ben@example.com;;en")
    assert _cohorts(folder, {}) == {"de.du": 2, "en": 2, "de": 1}


def _cohorts(folder: Folder, options: dict[str, object]) -> dict[str, int]:
    with begun(folder.prepared(options), NOW, accept_change=True, rehearsal=True) as run:
        enrolled(run)
        plan = planned(run, NOW, limit=None, only=(), stays=False)
        return {str(subject.wording): subject.count for subject in outline(run, plan, dt.datetime.now(dt.UTC)).subjects}


def test_previewed(folder: Folder) -> None:
    """A preview shows the others, counts all without a text, also beyond what it shows; it refuses if none is left."""
    prepared = folder.prepared()
    seen = Noticed(prepared)
    shown = [message.recipient.address for message in preview(prepared, most=1, noticed=seen)]
    assert shown == ["ben@example.com"]
    error = seen.missing.error()
    assert error is not None
    assert error.message.startswith("2 recipients are greeted with Du, and in German")
    with pytest.raises(InputError, match="1 recipient is greeted with Du"):
        list(preview(prepared, most=None, only="anna@example.com"))
    assert [message.recipient.form for message in preview(prepared, most=None, only="dan@example.com")] == [
        Form.FAMILIAR
    ]
    with pytest.raises(InputError, match="2 recipients are greeted with Du"):
        recipient_at(prepared, "ben@example.com", iter)
    _write(folder, "message.de.du.md")
    assert recipient_at(folder.prepared(), "ANNA@example.com", iter).form is Form.FAMILIAR
    with pytest.raises(InputError, match=r"nobody@example\.com: nobody in the contact files"):
        recipient_at(folder.prepared(), "nobody@example.com", iter)


def _enrolled_with(folder: Folder, *forms: str) -> Enrolling:
    rows = "".join(f"Vera;p{number}@example.com;{form}\n" for number, form in enumerate(forms))
    folder.write(f"Vorname;E-Mail;Form\n{rows}")
    return folder.enrol()


def test_forms_that_say_neither(folder: Folder) -> None:
    """Each value is named with the first row that has it and the number of rows; the next run says it no more."""
    forms = ("x", "Sie", "persönlich", "x", "", "formal?", "x", "-")
    done = _enrolled_with(folder, *forms)
    assert [(found.where, found.what) for found in done.form_findings()] == [
        ("contacts/people.csv:2", 'the form "x" says neither Sie nor Du, so it does not count (3 rows)'),
        ("contacts/people.csv:4", 'the form "persönlich" says neither Sie nor Du, so it does not count (1 row)'),
        ("contacts/people.csv:7", 'the form "formal?" says neither Sie nor Du, so it does not count (1 row)'),
    ]
    assert list(folder.enrol().form_findings()) == []


def _recipient(line: int, form: str, doubt: str = "") -> Recipient:
    fields = {**dict.fromkeys(FIELDS, ""), "form": form}
    return Recipient(
        "k", "a@example.com", "Anna", "de", "Liebe Anna,", False, Origin("p.csv", line), fields, {}, doubt=doubt
    )


def test_many_values_and_mixed_greetings() -> None:
    """Of many values ten are named and the others counted; so are greetings in another form than the text."""
    notes = FormNotes()
    for line in range(2, 15):
        notes.add(_recipient(line, f"v{line}"))
    notes.add(_recipient(20, "Sie", "is familiar, and the form is Sie"))
    notes.add(_recipient(21, "Sie", "is familiar, and the form is Sie"))
    *_, others, mixed = notes.findings()
    assert (others.where, others.what.split(" say")[0], others.what[-8:]) == ("p.csv:12", "3 other forms", "(3 rows)")
    assert (mixed.name, mixed.where) == ("mixed-form", "p.csv:20")
    assert mixed.what == 'the greeting "Liebe Anna" is not in the form of the text below it (2 rows)'


def test_several_people_behind_an_address(folder: Folder) -> None:
    """Greeted together, they are greeted with Sie as soon as one of them is; so is the text."""
    _write(folder, "message.de.du.md")
    rows = ["Frau;Anna;Muster;a@example.com;{}", "Herr;Ben;Beispiel;a@example.com;{}"]
    for forms, found in (
        (("Du", "Sie"), "Sie Guten Tag,"),
        (("Sie", "Du"), "Sie Guten Tag,"),
        (("Du", "Du"), "Du Hallo,"),
    ):
        text = "\n".join(row.format(form) for row, form in zip(rows, forms, strict=True))
        folder.write(f"Anrede;Vorname;Nachname;E-Mail;Form\n{text}\n")
        folder.enrol()
        (row,) = read(folder.ledger, "SELECT * FROM recipient WHERE address = 'a@example.com'")
        assert f"{row['form']} {row['salutation']}" == found
        assert row["shared_salutation"] == row["salutation"]
