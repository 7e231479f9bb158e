"""The contacts' way into the ledger: everybody is rendered once, before anything is sent, or nobody is enrolled."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import cast

import pytest

from notify.actions.run import begun
from notify.core.contact import Contact, Recipient, Rejected
from notify.core.form import Form
from notify.core.objection import Against
from notify.core.outcome import Phase
from notify.core.rendered import Proved
from notify.core.status import Status
from notify.errors import InputError
from notify.ledger import Enrolled
from notify.rendering import Template
from tests.campaign import NOW, PEOPLE, Folder, enrolled, handover_of, send
from tests.unit.ledger.mailing import outcome, read, settle

pytestmark = pytest.mark.both_ledgers

NAMED = "{{ row['Nachname'].split('-')[1] }}"  # cannot be rendered for a name without a hyphen
HYPHENS = PEOPLE.replace("Muster", "Muster-Mann").replace("Beispiel", "Bei-Spiel").replace("Probe", "Probe-Lauf")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Give a campaign folder with three people and a relay."""
    return Folder(tmp_path / "campaign")


def test_what_was_done(folder: Folder) -> None:
    """The rows are counted by what became of them; the first of those that a person must look at are named."""
    folder.write(PEOPLE + "Frau;Doppel;ANNA@example.com\nHerr;Falsch;ben@@example.com\nHerr;Leer;\n")
    done = folder.enrol()
    assert (done.rows, done.rejected, done.withdrawn) == (6, 2, 0)
    assert {became: count for became, count in done.counts.items() if count} == {
        Enrolled.NEW: 3,
        Enrolled.DUPLICATE: 1,
    }
    assert [str(row.origin) for row in done.first_rejected] == ["contacts/people.csv:6", "contacts/people.csv:7"]
    folder.write(PEOPLE.replace("Frau;Muster;anna@example.com\n", "").replace("Beispiel", "Beispielmann"))
    done = folder.enrol()
    assert (done.rows, done.rejected, done.withdrawn) == (2, 0, 1)
    # the greeting is another one; the other row only stands somewhere else
    assert {became: count for became, count in done.counts.items() if count} == {
        Enrolled.UPDATED: 1,
        Enrolled.KNOWN: 1,
    }


def test_only_the_first_rejected_are_kept(folder: Folder) -> None:
    """However many rows are rejected, only a few are in memory; all are counted and in the ledger."""
    folder.write(PEOPLE + "Frau;Leer;\n" * 50)
    done = folder.enrol()
    assert (done.rejected, len(done.first_rejected)) == (50, 10)
    assert len(read(folder.ledger, "SELECT * FROM rejection")) == 50


def test_cannot_be_rendered(folder: Folder) -> None:
    """One contact whose message cannot be rendered is named, and then nobody is enrolled, changed or withdrawn."""
    folder.enrol()
    before = read(folder.ledger, "SELECT * FROM recipient")
    folder.edit(folder.message, "{{ salutation }}", NAMED)
    folder.write(HYPHENS.replace("anna@", "anne@") + "Frau;Test;zoe@example.com\n")
    with pytest.raises(InputError, match=r"contacts/people\.csv:5"):
        folder.enrol()
    assert read(folder.ledger, "SELECT * FROM recipient") == before
    folder.write(HYPHENS.replace("anna@", "anne@") + "Frau;Te-st;zoe@example.com\n")
    done = folder.enrol()
    assert (done.counts[Enrolled.NEW], done.withdrawn) == (2, 1)


@pytest.mark.parametrize(
    ("printed", "wrong"),
    [
        ("[Karte]({{ row['Seite'] }})", 'a link leads to "javascript:x"'),
        ("{{ 'x' if row['Seite'] != 'javascript:x' else row['Fax'] }}", "there is no column 'Fax'"),
        ("Reply-To", 'Reply-To "javascript:x" is not an address'),
    ],
)
def test_one_of_many_alike(folder: Folder, printed: str, wrong: str) -> None:
    """One whose message takes the way of a hundred before it, and cannot be made, is found before anything is sent."""
    if printed == "Reply-To":
        folder.edit(folder.message, "Subject:", "Reply-To: {{ row['Seite'] }}\nSubject:")
        pages = [f"info@seite-{number}.example" for number in range(100)]
    else:
        folder.edit(folder.message, "{{ salutation }}", printed)
        pages = [f"https://seite-{number}.example" for number in range(100)]
    rows = [f"a{number}@example.com;{page}\n" for number, page in enumerate([*pages, "javascript:x"])]
    folder.write("E-Mail;Seite\n" + "".join(rows))
    with pytest.raises(InputError) as caught:
        folder.enrol()
    assert wrong in caught.value.message
    assert "contacts/people.csv:102" in caught.value.message
    assert read(folder.ledger, "SELECT count(*) AS n FROM recipient")[0]["n"] == 0


class Counting:
    """A campaign's template, and for which contacts it was proved to render."""

    def __init__(self, template: Template) -> None:
        self._template = template
        self.named, self.parts, self.languages = template.named, template.parts, template.languages
        self.prints_codes = template.prints_codes
        self.wording_for = template.wording_for
        self.texts, self.wordings, self.label_of = template.texts, template.wordings, template.label_of
        self.attachments_of = template.attachments_of
        self.lines: list[str] = []

    def has_own_files(self, language: str, form: Form) -> bool:
        """Tell what the template tells."""
        return self._template.has_own_files(language, form)

    def prove(
        self, language: str, salutation: str, fields: Mapping[str, Mapping[str, str]], who: str, *, form: Form
    ) -> Proved:
        """Prove, and take note."""
        self.lines.append(who.rpartition(":")[2])
        return self._template.prove(language, salutation, fields, who, form=form)


def _rendered(folder: Folder) -> list[str]:
    """Enrol everybody; return the lines that were rendered."""
    prepared = folder.prepared()
    counting = Counting(prepared.template)
    counted = prepared.with_template(cast("Template", counting))
    with begun(counted, NOW, accept_change=True, rehearsal=False) as run:
        enrolled(run)
    return counting.lines


def test_who_is_rendered(folder: Folder) -> None:
    """Everybody is rendered once with each version; whoever is known and unchanged is not rendered again."""
    # the first one of all, once more: what its wording says is looked at when all are sorted
    assert _rendered(folder) == ["2", "3", "4", "2"]
    assert _rendered(folder) == []
    folder.write(PEOPLE.replace("Beispiel", "Beispielmann"))
    assert _rendered(folder) == ["3"]
    folder.edit(folder.message, "ab dem", "nach dem")
    assert _rendered(folder) == ["2", "3", "4"]
    folder.write("E-Mail\n")
    assert _rendered(folder) == []
    folder.write(PEOPLE + "Frau;Doppel;anna@example.com\n")
    assert _rendered(folder) == ["2", "3", "4"]


def test_changed_row_that_cannot_be_rendered(folder: Folder) -> None:
    """A row that was changed so that it cannot be rendered is refused, though nothing else has changed."""
    folder.edit(folder.message, "{{ salutation }}", NAMED)
    folder.write(HYPHENS)
    folder.enrol()
    folder.write(HYPHENS.replace("Bei-Spiel", "Beispiel"))
    with pytest.raises(InputError, match=r"contacts/people\.csv:3"):
        folder.enrol()


def test_broken_off(folder: Folder) -> None:
    """Broken off in the middle by Ctrl-C, an enrolment leaves nothing behind, and the ledger is free."""
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
        steps = run.enrol()
        assert isinstance(steps, Generator)
        assert next(steps).rows == 0
        assert next(steps).rows == 1
        steps.close()
        assert run.job.reports().counts()[Status.PENDING] == 0
        assert enrolled(run).counts[Enrolled.NEW] == 3
    assert set(folder.statuses().values()) == {"pending"}


def test_fields_are_those_that_the_template_names(folder: Folder) -> None:
    """Of a contact nothing is kept that no message needs."""
    folder.edit(folder.message, "ab dem", "{{ contact.last_name }}, {{ row.Anrede }}: ab dem")
    folder.enrol()
    fields = json.loads(read(folder.ledger, "SELECT fields FROM recipient")[0]["fields"])
    assert fields == {"contact": {"last_name": "Muster"}, "row": {"Anrede": "Frau"}}


def test_key_twice(folder: Folder) -> None:
    """Two addresses with one key are an error that names the rows, and nobody is enrolled."""
    folder.write("Nr;E-Mail\n7;anna@example.com\n7;ben@example.com\n8;cora@example.com\n")
    folder.edit(folder.toml, 'files = ["contacts/*.csv"]', 'files = ["contacts/*.csv"]\nkey = "Nr"')
    with pytest.raises(InputError) as caught:
        folder.enrol()
    assert [str(problem) for problem in caught.value.problems] == [
        'contacts/people.csv:2: "7": anna@example.com (contacts/people.csv:2), ben@example.com (contacts/people.csv:3)'
    ]
    assert not folder.statuses()


def test_a_key_that_is_the_address_of_another(folder: Folder) -> None:
    """One file has keys and another has none: who is known by an address is not lost to somebody whose key it is."""
    folder.write("Nr;E-Mail\ncora@example.com;anna@example.com\n")
    (folder.people.parent / "weitere.csv").write_text("E-Mail\ncora@example.com\n", "utf-8")
    with pytest.raises(InputError, match="different addresses") as caught:
        folder.enrol_with({"contacts.key": "Nr"})
    assert "cora@example.com (contacts/weitere.csv:2)" in str(caught.value.problems[0])


def test_unchanged_rows_are_not_made_again(folder: Folder) -> None:
    """Of rows that are enrolled and unchanged no address is checked again; whatever has changed is made anew."""
    folder.enrol()
    prepared = folder.prepared()
    admitted: list[str] = []
    admit = prepared.selection.admit

    def noting(contact: Contact) -> tuple[Recipient | Rejected, ...]:
        admitted.append(str(contact.origin.line))
        return admit(contact)

    def again() -> list[str]:
        admitted.clear()
        with begun(prepared, NOW, accept_change=True, rehearsal=False) as run:
            enrolled(run)
        return list(admitted)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(prepared.selection, "admit", noting)
        assert again() == []
        # a row above is new: the others stand on other lines now, and are the same
        folder.write("Anrede;Nachname;E-Mail\nFrau;Neu;neu@example.com\n" + PEOPLE.partition("\n")[2])
        assert again() == ["2"]
        folder.write(PEOPLE.replace("Herr;Beispiel", "Frau;Beispiel"))
        assert again() == ["3"]
    assert folder.statuses()["neu@example.com"] == "withdrawn"
    assert [row["origin"] for row in read(folder.ledger, "SELECT origin FROM recipient ORDER BY id")][:3] == [
        "contacts/people.csv:2",
        "contacts/people.csv:3",
        "contacts/people.csv:4",
    ]


def test_other_rules_make_everybody_anew(folder: Folder) -> None:
    """Whoever is made by other rules, from the same row, is another one: the language of those who do not say."""
    (folder.message.parent / "message.en.md").write_text("Subject: x\n\n{{ salutation }} Hello.\n", "utf-8")
    folder.enrol()
    done = folder.enrol_with({"campaign.language": "en"})
    assert done.counts[Enrolled.UPDATED] == 3
    assert {row["language"] for row in read(folder.ledger, "SELECT language FROM recipient")} == {"en"}


def test_shared_address_and_alone_again(folder: Folder) -> None:
    """Who shares an address is greeted neutrally, and by name as soon as the address is theirs alone."""
    shared = PEOPLE + "Frau;Zweit;anna@example.com\n"
    folder.write(PEOPLE)
    greeted = "SELECT salutation FROM recipient ORDER BY id LIMIT 1"
    by_name = "Sehr geehrte Frau Muster,"
    for people, salutation in ((PEOPLE, by_name), (shared, "Guten Tag,"), (shared, "Guten Tag,"), (PEOPLE, by_name)):
        folder.write(people)
        folder.enrol()
        assert read(folder.ledger, greeted) == [{"salutation": salutation}]


def test_only_who_was_asked_for(folder: Folder) -> None:
    """With --where everybody is enrolled and only some are asked for; nobody is withdrawn by it."""
    done = folder.enrol_with({}, 'last_name == "Probe"')
    assert (done.counts[Enrolled.NEW], done.filtered, done.withdrawn) == (3, 0, 0)
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
        assert run.job.reports().waiting(NOW) == 1
        enrolled(run)
        assert run.job.reports().waiting(NOW) == 3


def test_where_in_the_campaign(folder: Folder) -> None:
    """Whom the campaign is not for is not enrolled; whoever waited and is left out now is withdrawn, and may return."""
    folder.enrol()
    done = folder.enrol_with({"contacts.where": 'prefix == "Frau"'})
    assert (done.filtered, done.withdrawn, done.counts[Enrolled.KNOWN]) == (1, 1, 2)
    assert folder.statuses()["ben@example.com"] == "withdrawn"
    assert folder.enrol().counts[Enrolled.BACK] == 1


def test_overrides(folder: Folder) -> None:
    """A small file corrects single contacts; a row that nobody was found for is named."""
    (folder.message.parent / "message.de.du.md").write_text("Subject: x\n\n{{ salutation }}\n", "utf-8")
    (folder.path / "overrides.csv").write_text(
        "email;salutation;new_email;who\nanna@example.com;Liebe Anna,;;Muster\nben@example.com;;b@example.org;\n"
        "zoe@example.com;Hallo Zoe,;;\n",
        "utf-8",
    )
    done = folder.enrol()
    assert done.unused_overrides == ("overrides.csv:4",)
    rows = {row["address"]: row["salutation"] for row in read(folder.ledger, "SELECT * FROM recipient")}
    assert rows["anna@example.com"] == "Liebe Anna,"
    assert "b@example.org" in rows
    assert "ben@example.com" not in rows


def test_moved_after_sending(folder: Folder) -> None:
    """Who was sent to and has another address now is named with the new one, at every enrolment."""
    folder.write("Nr;E-Mail\n7;anna@example.com\n8;ben@example.com\n")
    folder.edit(folder.toml, 'files = ["contacts/*.csv"]', 'files = ["contacts/*.csv"]\nkey = "Nr"')
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
        enrolled(run)
        handover = handover_of(run)
        settle(handover, send(handover, "anna@example.com"), outcome(Status.SENT), NOW)
    folder.write("Nr;E-Mail\n8;ben@example.org\n7;anna@example.org\n")
    for _ in range(2):
        done = folder.enrol()
        assert [(row.origin, row.address, row.old_address) for row in done.first_moved] == [
            ("contacts/people.csv:3", "anna@example.org", "anna@example.com")
        ]
    assert folder.statuses() == {"anna@example.com": "sent", "ben@example.org": "pending"}


def test_message_ids(folder: Folder) -> None:
    """Message-IDs stay over runs, changed templates and other senders; a new campaign has others."""
    folder.enrol()
    first = read(folder.ledger, "SELECT message_id FROM recipient ORDER BY id")
    folder.edit(folder.message, "ab dem", "nach dem")
    folder.edit(folder.toml, '"Muster PR"', '"Muster"')
    folder.enrol()
    assert read(folder.ledger, "SELECT message_id FROM recipient ORDER BY id") == first
    assert all(one["message_id"].endswith("@alt.example>") for one in first)
    folder.edit(folder.toml, 'id = "test"', 'id = "test-2"')
    folder.enrol()
    both = read(folder.ledger, "SELECT message_id FROM recipient")
    assert len({one["message_id"] for one in both}) == 6


def test_failed_and_corrected(folder: Folder) -> None:
    """A refused address that is mended in the file waits again; that it has to be known by a key column."""
    folder.write("Nr;E-Mail\n7;anna@example.com\n")
    folder.edit(folder.toml, 'files = ["contacts/*.csv"]', 'files = ["contacts/*.csv"]\nkey = "Nr"')
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
        enrolled(run)
        (claimed,) = handover_of(run).claim(1, NOW)
        settle(handover_of(run), claimed.id, outcome(Status.FAILED, Phase.RCPT), NOW)
    folder.write("Nr;E-Mail\n7;anna@example.org\n")
    assert folder.enrol().counts[Enrolled.BACK] == 1
    assert folder.statuses() == {"anna@example.org": "pending"}


def test_nothing_is_asked_about_who_is_done(folder: Folder) -> None:
    """Who refused advertising and was written to is not counted again when the others are asked about."""
    header, *rows = PEOPLE.splitlines()
    folder.write("\n".join([f"{header};Newsletter;Opt-out", *(f"{row};nein;" for row in rows[:2]), f"{rows[2]};;ja"]))
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
        done = enrolled(run)
        assert (done.written_to_though, done.objected) == ({Against.ADVERTISING: 2}, {Against.ALL_MAIL: 1})
        settle(handover_of(run), send(handover_of(run), "anna@example.com"), outcome(Status.SENT), NOW)
    again = folder.enrol()
    assert (again.written_to_though, again.objected) == ({Against.ADVERTISING: 1}, {Against.ALL_MAIL: 1})
    # who was written to counts as that, though it wants no mail by now
    folder.edit(folder.people, "anna@example.com;nein;", "anna@example.com;nein;ja")
    assert folder.enrol().objected == {Against.ALL_MAIL: 1}
    assert folder.statuses()["anna@example.com"] == "sent"
