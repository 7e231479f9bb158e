"""What the rows bring is looked at for every recipient: missing values, placeholders, and other people's addresses."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.checks import Facts, Inspection, Reader, leftovers
from notify.checks.remark import Remark
from notify.core.campaign import Campaign
from notify.core.message import Content
from notify.core.rendered import Rendered, Wording, Words
from notify.rendering import Template
from tests.unit.checks.mailing import CHANGE, SENDER, Mailing, inspected

ROW = "kunden.csv:214"


def remarks(*values: str) -> list[Remark]:
    """Return what is remarked about the values of one row."""
    return [*leftovers.of_values(values, ROW)]


@pytest.mark.parametrize(
    "value",
    [
        *("None", "nan", "NaN", "NAN", "NaT", "null", "NULL", "undefined", "<NA>", "(null)", "[object Object]"),
        *("#N/A", "#NV", "#NAME?", "#WERT!", "#REF!", "#BEZUG!", "#DIV/0!", "Musterweg #NV", "####"),
        *("Sehr geehrte Frau nan,", "Guten Tag None Beispiel,", "Dear undefined!", "Hallo NULL,"),
    ],
)
def test_values_that_are_missing(value: str) -> None:
    """As programs write them, alone or in a greeting; with the row in which they stand."""
    (remark,) = remarks("Anna", value)
    assert (remark.name, remark.where) == ("value-missing", ROW)


@pytest.mark.parametrize(
    "value",
    [
        *("{Vorname}", "Firma <<Name>>", "Hallo %NAME%", "*|FNAME|*", "[Name]", "#Name#", "$Name$", "«Vorname»"),
        *("|FNAME|", "@@Name@@", "%%1%%", "%recipient.name%", "Lorem ipsum"),
    ],
)
def test_values_with_placeholders(value: str) -> None:
    """A cell may hold the placeholder of another program."""
    (remark,) = remarks(value)
    assert (remark.name, remark.where) == ("value-placeholder", ROW)


@pytest.mark.parametrize(
    "value",
    [
        *("Anna Null", "Nan Müller", "NONE GmbH & Co", "none", "Nantes", "Annullierung", "null.example", "Nullmeier"),
        *("50 % Anteil", "Zimmer #12", "$100", "[Anlage 3]", "{x}", "A < B", "«Le Monde»", "C#", "5 * 3", ""),
        *("K%200001", "M%C3%BCller%40kunde.example"),
    ],
)
def test_values_that_people_have(value: str) -> None:
    """Names and words that only look like them are left alone."""
    assert remarks(value) == []


@given(st.lists(st.sampled_from(["Name", "XYZ_1", "None", "nan", *"{}<>[]%*|#@$«» \n,K7é"]), max_size=9).map("".join))
def test_the_glance_misses_nothing(value: str) -> None:
    """Few values are looked at closely, and all of those in which something stands that a close look finds."""
    assert bool([*leftovers.placeholders_in(value)]) <= bool(remarks(value))


@given(st.lists(st.text(max_size=80), max_size=5))
def test_any_value_can_be_looked_at(values: list[str]) -> None:
    """Nothing that stands in a cell ends the look, and what is said of it is one line."""
    for remark in remarks(*values):
        assert len(remark.what.splitlines()) == 1


def people(*addresses: str, **values: str) -> list[dict[str, str]]:
    """Return contacts at these addresses, of whom the first has more values."""
    return [{"email": address, **(values if not number else {})} for number, address in enumerate(addresses)]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("Fragen Sie ben@kunde.example.", "templates/change/message.de.md:3"),
        ("Fragen Sie Ben@Kunde.example.", "templates/change/message.de.md:3"),
        ("{{ salutation }}\n\nWie Ben Beispiel schreibt", "templates/change/message.de.md:5"),
    ],
)
def test_a_recipient_who_is_typed_into_the_message(tmp_path: Path, text: str, where: str) -> None:
    """By address or name: all others would read it."""
    group = [*people("anna@kunde.example"), {"email": "ben@kunde.example", "name": "Ben Beispiel"}]
    (found,) = Mailing(tmp_path, people=group).findings(text)
    assert (found.name, found.where) == ("another-recipient", where)
    assert "kunden.csv:3" in found.what


@pytest.mark.parametrize(
    "text",
    [
        "Schreiben Sie an info@neu.example oder vera@neu.example.",
        "Fragen Sie carl@kunde.example.",
        "Vera Muster, Muster PR",
        "{# Ben Beispiel, ben@kunde.example #}Guten Tag",
        "{{ contact.name }} {{ contact.email }}",
    ],
)
def test_who_may_be_named(tmp_path: Path, text: str) -> None:
    """The sender's own house, whoever is no recipient, the recipient himself, and what nobody reads."""
    group = [
        *people("anna@kunde.example", "vera@neu.example"),
        {"email": "ben@kunde.example", "name": "Ben Beispiel"},
        {"email": "vera.muster@neu.example", "name": "Vera Muster"},
    ]
    assert Mailing(tmp_path, people=group).names(text) == []


def test_another_address_that_a_row_prints(tmp_path: Path) -> None:
    """Whether it is a recipient's is known when all have come by, in whatever order."""
    text = "{{ contact.company }} {{ contact.email }}"
    for group in (
        people("anna@kunde.example", "ben@kunde.example", company="bei ben@kunde.example"),
        people("ben@kunde.example", "anna@kunde.example", company="bei anna@kunde.example"),
    ):
        (found,) = Mailing(tmp_path, people=group).findings(text)
        assert (found.name, found.where) == ("another-recipient", "kunden.csv:2")
        assert "kunden.csv:3" in found.what


def test_an_address_that_a_row_prints_and_nobody_is_written_to_at(tmp_path: Path) -> None:
    """A contact person named in a cell is no secret of another recipient."""
    group = people("anna@kunde.example", "ben@kunde.example", company="vertrieb@firma.example, Anna@kunde.example")
    assert Mailing(tmp_path, people=group).names("Text {{ contact.company }}") == []


def test_two_addresses_of_one_row(tmp_path: Path) -> None:
    """Where all addresses of a row are written to, each of its messages may name the other."""
    (tmp_path / "message.de.txt").write_text("Subject: x\n\nText {{ contact.email_2 }}\n", "utf-8")
    campaign = Campaign("test", SENDER, "de", CHANGE)
    template = Template(tmp_path, "t", campaign, tmp_path, lambda _: "")
    inspection = Inspection(Facts(campaign, template.texts))
    fields = {"contact": {"email_2": "ben@kunde.example"}, "row": {}}
    inspection.look(template.rendered("de", "", fields, ROW), Reader("anna@kunde.example", "", "", ROW))
    assert inspection.wants_all_again
    inspection.look_again("ben@kunde.example", ROW)
    assert inspection.total == 0
    inspection.look_again("ben@kunde.example", "kunden.csv:7")
    assert [found.finding.where for found in inspection.found()] == [ROW]


def test_messages_are_counted(tmp_path: Path) -> None:
    """A finding in the author's words is one, in however many messages; one in a row is of that row."""
    (tmp_path / "message.de.txt").write_text("Subject: x\n\n<b>Text</b> {{ contact.city }}\n", "utf-8")
    campaign = Campaign("test", SENDER, "de", CHANGE)
    template = Template(tmp_path, "t", campaign, tmp_path, lambda _: "")
    group = [{"email": f"p{n}@kunde.example", "city": "nan" * (n % 5 == 0)} for n in range(50)]
    inspection = inspected(Mailing(tmp_path, people=group), template, campaign)
    assert (inspection.messages, inspection.total, inspection.grave) == (50, 11, 0)
    (text, *rows) = inspection.found()
    assert (text.finding.name, text.messages) == ("markup-in-text", 50)
    assert [(found.finding.name, found.messages) for found in rows] == [("value-missing", 1)] * 10


HOSTILE = [
    *("a" * 300_000, "1 " * 150_000, "@" * 300_000, "a@" * 150_000, "0" * 300_000, "+49 " * 75_000, "<" * 300_000),
    *("<!--" * 75_000, "{" * 300_000, "%a" * 150_000, "Aa " * 100_000, "DE12 " * 60_000, "neu " * 75_000),
    *("http://" * 40_000, "ab 1.1. bis " * 25_000, "Sie du " * 40_000, "<a href='" * 30_000, "[" * 300_000),
    *("1.1.2026 " * 33_000, "0 " * 150_000, "am Montag, 1. Dezember 2026 " * 10_000, "Telefon ändert sich " * 15_000),
    *("(noch a" * 40_000, "Von: a\n" * 40_000, "<tr><th>" * 37_000, "C:\\a" * 75_000, "bestätigen Passwort " * 15_000),
    *("**" * 150_000, "*|" * 150_000, "/*" * 150_000, "a.b" * 100_000, "Musterweg " * 30_000, "«a" * 150_000),
]


@pytest.mark.long
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:10])
def test_no_text_takes_long(text: str) -> None:
    """However a text is made, a look at it ends soon: nothing is gone over again for each of its letters."""
    words = Words(text, text, text)
    inspection = Inspection(Facts(Campaign("test", SENDER, "de", CHANGE), {"message.de.md": text}))
    start = time.process_time()
    wording = Wording("message.de.md", "de", words, words)
    inspection.look(Rendered(Content(text, text, text), wording, (text,)), Reader("a@b.example", "A B", "x", "k:1"))
    assert time.process_time() - start < 10
