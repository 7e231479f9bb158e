"""Of each message it is known which words its author typed, and which values came from the contact."""

from __future__ import annotations

import pytest

from notify.core.contact import FIELDS
from notify.core.rendered import GAP, Rendered
from notify.rendering import Template
from tests.unit.rendering.workshop import BARE, WHO, Workshop

HEADERS = "Subject: {{ new.email }} für {{ contact.company }}\n"
BODY = "{{ salutation }}\n\nab {{ effective }} gilt {{ new.email }}, nicht Bar GmbH ({{ contact.company }}).\n"


def rendered(template: Template, salutation: str = "Guten Tag,", **contact: str) -> Rendered:
    """Render the German message for a contact with these fields."""
    fields = template.named.of({**dict.fromkeys(FIELDS, ""), **contact}, {})
    return template.rendered("de", salutation, fields, WHO)


@pytest.mark.parametrize("name", ["message.de.md", "message.de.txt"])
def test_typed_and_read_words(workshop: Workshop, name: str) -> None:
    """What the campaign announces is read by all; what the contact brings is a gap in both."""
    template = workshop.write("layout.html", BARE).message(BODY, headers=HEADERS, name=name).open()
    made = rendered(template, company="Bar GmbH")
    wording = made.wording
    assert made.content == template.render("de", "Guten Tag,", {"contact": {"company": "Bar GmbH"}, "row": {}}, WHO)
    assert wording.typed.subject == f"{GAP} für {GAP}"
    assert wording.read.subject == f"info@neu.example für {GAP}"
    assert wording.typed.text.strip() == f"{GAP}\n\nab {GAP} gilt {GAP}, nicht Bar GmbH ({GAP})."
    assert wording.read.text.strip() == f"{GAP}\n\nab 1. Dezember 2026 gilt info@neu.example, nicht Bar GmbH ({GAP})."
    assert sorted(set(made.values)) == ["Bar GmbH", "Guten Tag,"]
    if name.endswith("md"):
        address = '<a href="mailto:info@neu.example">info@neu.example</a>'
        assert f"<p>ab 1. Dezember 2026 gilt {address}, nicht Bar GmbH ({GAP}).</p>" in wording.read.html


@pytest.mark.parametrize("name", ["message.de.md", "message.de.txt"])
def test_one_wording_for_all_who_differ_in_values_only(workshop: Workshop, name: str) -> None:
    """So that whatever is to be said of it is found once; another branch is another wording."""
    template = workshop.message(BODY + "{% if contact.city %}\nIn {{ contact.city }}.\n{% endif %}", name=name).open()
    first, second, third = (
        rendered(template, "Guten Tag,", company="A"),
        rendered(template, "Sehr geehrte Frau Muster,", company="B und C"),
        rendered(template, company="A", city="Ort"),
    )
    assert first.wording is second.wording
    assert third.wording is not first.wording


@pytest.mark.parametrize(
    ("body", "typed"),
    [
        ("{% macro a(x) %}Herr {{ x }}!{% endmacro %}{{ a(contact.city) }}", f"Herr {GAP}!"),
        ("{% set a %}in {{ contact.city }}{% endset %}Wir {{ a }}", f"Wir in {GAP}"),
        ("{{ 'x' ~ contact.city }} {{ contact.city|upper }}", f"{GAP} {GAP}"),
        ("{% filter upper %}in {{ contact.city }}{% endfilter %}", "IN ORT"),
        ("a {{ contact.name }} b", "a  b"),
        ("Ort {{ contact.city }}", f"Ort {GAP}"),
    ],
)
def test_values_in_macros_blocks_and_filters_of_plain_text(workshop: Workshop, body: str, typed: str) -> None:
    """A macro's own words are typed; what a filter makes of a value is one, and what it makes of a block is typed."""
    template = workshop.message(body, name="message.de.txt").open()
    assert rendered(template, city="Ort").wording.typed.text.strip() == typed


def test_the_subject_in_the_layout_is_no_value_of_the_contact(workshop: Workshop) -> None:
    """It is made of typed words, which are looked at as such."""
    made = rendered(workshop.message("Text").open())
    assert made.values == ()


def test_whatever_is_said_of_the_change_is_of_the_campaign(workshop: Workshop) -> None:
    """Its words are nobody's cell, whichever variable prints them; a count or a yes is no word of it."""
    made = rendered(workshop.message("{{ announcement }} {{ when }} {{ contact.company }}").open(), company="True")
    assert set(made.values) == {"True"}
    assert GAP in made.wording.read.text
    assert "Neue E-Mail-Adresse" in made.wording.read.text
