"""What the page of a campaign shows, and that it follows the files."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from notify.actions.approval import approvals_of
from notify.actions.campaign_page import CampaignPage
from notify.actions.excerpts import located
from notify.core.finding import Finding, Severity
from notify.errors import ConfigError, InputError
from notify.pages import Wanted
from notify.pages.letter import read_letter
from tests.campaign import Folder

pytestmark = pytest.mark.both_ledgers

PEOPLE = """\
Anrede;Nachname;E-Mail;Land
Frau;Muster;anna@example.com;AT
Herr;Beispiel;ben@example.com;DE
;;leer@example.com;DE
Frau;Probe;cora@@example.com;DE
"""
MESSAGE = """\
Subject: Neues

{{ salutation }}

{% if contact.country == "AT" %}Aus {{ contact.last_name }} in Österreich.{% endif %}
Wir sind umgezogen.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Give a campaign folder whose template has two branches."""
    folder = Folder(tmp_path, people=PEOPLE, real=False)
    folder.message.write_text(MESSAGE, "utf-8")
    return folder


@pytest.fixture
def page(folder: Folder) -> Iterator[CampaignPage]:
    """Give its page, with everything looked at."""
    with CampaignPage(folder.settings) as page:
        page.begin(lambda _: None)
        until(lambda: page.progress().stage == "done")
        yield page


def until(holds: Callable[[], object]) -> None:
    """Wait until something holds."""
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end, "it does not hold in 10 s"
        time.sleep(0.005)


def text_of(page: CampaignPage, number: int) -> str:
    """Return the text of a message that is shown."""
    item = page.item(number)
    assert item is not None
    return read_letter(item.octets).text


def test_who_is_shown(page: CampaignPage) -> None:
    """Everybody who is written to, with what was noticed; the rejected row is counted."""
    entries = page.entries(Wanted(), 0, 10)
    assert [(one.name, one.address, one.note) for one in entries.entries] == [
        ("Muster", "anna@example.com", "de Sie"),
        ("Beispiel", "ben@example.com", "de Sie"),
        ("", "leer@example.com", "de Sie"),
    ]
    assert [one.flags for one in entries.entries] == [(), (), ("neutral-greeting",)]
    assert (page.strip().recipients, page.strip().left_out, page.strip().takes_s) == (3, 1, None)
    assert page.entries(Wanted("ben"), 0, 10).total == 1
    assert page.entries(Wanted(), 2, 10).entries[0].number == 2
    assert page.item(3) is None


def test_groups(page: CampaignPage) -> None:
    """A cohort for each branch, the outlier, what was noticed: each asks for its own."""
    groups = {(group.kind, group.label): group for group in page.groups()}
    assert {key: group.count for key, group in groups.items()} == {
        ("cohort", "de Sie · 2/2"): 2,
        ("cohort", "de Sie · 1/2"): 1,
        ("outlier", "greeted neutrally"): 0,
        ("finding", "neutral-greeting"): 1,
    }
    assert groups["cohort", "de Sie · 2/2"].findings == 1
    numbers = {
        key: [one.number for one in page.entries(Wanted(group=group.mark), 0, 9).entries]
        for key, group in groups.items()
    }
    assert list(numbers.values()) == [[1, 2], [0], [2], [2]]
    assert all(group.example == numbers[key][0] for key, group in groups.items())
    assert page.beside(Wanted(group=groups["cohort", "de Sie · 2/2"].mark), 1, 1) == 2


def test_what_is_known_of_a_message(page: CampaignPage) -> None:
    """The greeting and why, the row, its cohort, the fields and which of them the template uses."""
    item = page.item(0)
    assert item is not None
    facts = {fact.name: fact.text for fact in item.facts}
    assert facts["greeting"] == "Sehr geehrte Frau Muster,"
    assert (facts["why"], facts["row"], facts["part_of"]) == ("why_known", "contacts/people.csv:2", "de Sie · 1/2")
    assert {field.name for field in item.fields if field.is_used} == {"country", "last_name"}
    other = page.item(2)
    assert other is not None
    facts = {fact.name: fact.text for fact in other.facts}
    assert (facts["why"], facts["stands_out"]) == ("no name", "greeted neutrally")


@pytest.mark.parametrize(
    ("wanted", "number", "steps", "found"),
    [
        (Wanted(), 0, 1, 1),
        (Wanted(), 1, -1, 0),
        (Wanted(), 2, 1, None),
        (Wanted(), 0, -1, None),
        (Wanted(), 0, 99, 2),
        (Wanted(), -1, 1, 0),
        (Wanted("leer"), 0, 1, 2),
        (Wanted("anna"), 2, -1, 0),
        (Wanted("nobody"), 0, 1, None),
    ],
)
def test_who_is_beside(page: CampaignPage, wanted: Wanted, number: int, steps: int, found: int | None) -> None:
    """The next of those who are wanted, also from a place where none of them stands."""
    assert page.beside(wanted, number, steps) == found


def test_a_saved_template_is_shown(folder: Folder, page: CampaignPage) -> None:
    """The next look has the new words."""
    version = page.version
    folder.edit(folder.message, "umgezogen", "verzogen")
    until(lambda: page.version > version)
    assert "Wir sind verzogen." in text_of(page, 1)


def test_a_broken_template_leaves_what_was_right(folder: Folder, page: CampaignPage) -> None:
    """The error has file, line and the lines around it; mended, all is as before."""
    folder.edit(folder.message, "Wir sind", "{{ wir }} sind")
    until(page.trouble)
    trouble = page.trouble()
    assert trouble is not None
    assert trouble.message == 'templates/change/message.de.md:6: "wir" is not defined.'
    assert trouble.excerpt is not None
    assert trouble.excerpt.line == 6
    assert (6, "{{ wir }} sind umgezogen.") in trouble.excerpt.lines
    assert "Wir sind umgezogen." in text_of(page, 1)
    folder.edit(folder.message, "{{ wir }} sind", "Wir sind")
    until(lambda: page.trouble() is None)


def test_what_fails_for_one_is_shown_to_that_one(folder: Folder, page: CampaignPage) -> None:
    """The others have their messages; behind the error stands the one that was right last."""
    assert "Österreich" in text_of(page, 0)
    version = page.version
    folder.edit(folder.message, "Aus {{ contact.last_name }}", "Aus {{ 1 / 0 }}")
    until(lambda: page.version > version + 1 and page.progress().stage == "done")
    item = page.item(0)
    assert item is not None
    assert item.trouble is not None
    assert "message.de.md:5" in item.trouble.message
    assert "Österreich" in read_letter(item.octets).text
    assert "umgezogen" in text_of(page, 1)
    assert page.entries(Wanted(group="flag:no-message"), 0, 9).total == 1


def test_contacts_overrides_and_settings_are_followed(folder: Folder, page: CampaignPage) -> None:
    """What was saved is read again, and the message is the new one."""
    folder.edit(folder.people, "Beispiel", "Anders")
    until(lambda: text_of(page, 1).startswith("Sehr geehrter Herr Anders,"))
    overrides = folder.path / "overrides.csv"
    overrides.write_text("email;salutation\nben@example.com;Guten Tag, Herr Ben\n", "utf-8")
    until(lambda: text_of(page, 1).startswith("Guten Tag, Herr Ben,"))
    overrides.unlink()
    folder.edit(folder.toml, "[contacts]\n", "[contacts]\ndu = \"last_name == 'Anders'\"\n")
    # there is no text with Du
    until(lambda: page.entries(Wanted(group="flag:no-message"), 0, 9).total == 1)


def test_broken_settings_and_then_a_saved_template(folder: Folder, page: CampaignPage) -> None:
    """A template that is right does not hide that notify.toml is still wrong."""
    folder.edit(folder.toml, 'language = "de"', 'language = "de')
    until(page.trouble)
    version = page.version
    folder.edit(folder.message, "umgezogen", "verzogen")
    until(lambda: page.version > version)
    trouble = page.trouble()
    assert trouble is not None
    assert "notify.toml" in trouble.message


def test_a_number_follows_its_key(folder: Folder, page: CampaignPage) -> None:
    """Whoever is looked at stays so when rows come before."""
    assert page.number_of("ben@example.com") == 1
    folder.edit(folder.people, "Frau;Muster", "Frau;Neu;neu@example.com;DE\nFrau;Muster")
    until(lambda: page.number_of("ben@example.com") == 2)


def test_corrections_are_shown(page: CampaignPage) -> None:
    """What the page writes, it reads again."""
    values = {"salutation": "Guten Tag, Herr Ben,"}
    page.correct(1, values, page.draft(1, values).mark)
    until(lambda: text_of(page, 1).startswith("Guten Tag, Herr Ben,"))
    with pytest.raises(InputError, match="not there any more"):
        page.draft(99, values)


def test_an_approval(folder: Folder, page: CampaignPage) -> None:
    """What was shown is what is recorded; what has changed since is told, and for whom."""
    proposed = page.propose()
    assert (proposed.recipients, proposed.earlier, proposed.reason) == (3, (), "")
    with pytest.raises(InputError, match="not what was shown last"):
        page.approve("Anna Muster", "another")
    with pytest.raises(InputError, match="is not a name"):
        page.approve(" ", proposed.mark)
    page.approve("Anna Muster", proposed.mark)
    with pytest.raises(InputError, match="not what was shown last"):
        page.approve("Anna Muster", proposed.mark)
    page.approve("anna  muster", page.propose().mark)
    (given,) = page.propose().earlier
    assert (given.name, given.changed) == ("Anna Muster", ())
    folder.edit(folder.message, "umgezogen", "verzogen")
    folder.edit(folder.people, "Beispiel", "Anders")
    (given,) = page.propose().earlier
    said = "\n".join(map(str, given.changed))
    assert "+Wir sind verzogen." in said
    assert "contacts/people.csv:3: ben@example.com has other values" in said
    assert [one.name for one in approvals_of(folder.settings())] == ["Anna Muster"]
    folder.edit(folder.message, "verzogen", "{{ verzogen }}")
    with pytest.raises(InputError, match="verzogen"):
        page.propose()


def test_a_bug_is_said_and_the_next_save_is_shown(
    folder: Folder, page: CampaignPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stands on the page as an error does, and what is saved afterwards is shown again."""

    def fail(_: object) -> None:
        raise RuntimeError("nobody thought of that")

    monkeypatch.setattr("notify.actions.campaign_page.with_template_anew", fail)
    folder.edit(folder.message, "umgezogen", "verzogen")
    until(page.trouble)
    trouble = page.trouble()
    assert trouble is not None
    assert trouble.message == "This is a bug in notify (RuntimeError: nobody thought of that)."
    monkeypatch.undo()
    folder.edit(folder.message, "verzogen", "umgezogen")
    until(lambda: page.trouble() is None)


def test_what_must_be_mended_before_anything_is_shown(folder: Folder) -> None:
    """Without settings or template there is no page."""
    folder.edit(folder.message, "Wir sind", "{{ wir }} sind")
    with pytest.raises(InputError):
        CampaignPage(folder.settings)
    folder.toml.unlink()
    with pytest.raises(ConfigError):
        CampaignPage(folder.settings)


def test_a_finding_shows_its_place() -> None:
    """The lines around it, and words that can be found in the message: none of Jinja, Markdown or HTML."""
    text = "Subject: x\n\n**Wichtig:** {{ salutation }} [Hier](https://x.example) steht {Vorname} _und_ noch mehr\n"
    found = located(Finding("n", Severity.ERROR, "m.md:3", 'it says "{Vorname}" here'), {"m.md": text})
    assert found.excerpt is not None
    assert found.excerpt.lines == ((1, "Subject: x"), (2, ""), (3, text.splitlines()[2]))
    assert found.words == ("{Vorname}", "steht {Vorname}", "noch mehr", "Wichtig:", "Hier")
    assert located(Finding("n", Severity.INFO, "contacts/x.csv:3", "no"), {}).excerpt is None


def test_no_thread_is_left_to_fail(page: CampaignPage, folder: Folder, capfd: pytest.CaptureFixture[str]) -> None:
    """Many changes in a row end in the last one, and nothing is printed."""
    for number in range(10):
        folder.message.write_text(MESSAGE.replace("umgezogen", f"umgezogen, {number}"), "utf-8")
        time.sleep(0.03)
    until(lambda: "umgezogen, 9" in text_of(page, 1) and page.progress().stage == "done")
    assert not re.search("Traceback|Error", "".join(capfd.readouterr()))
