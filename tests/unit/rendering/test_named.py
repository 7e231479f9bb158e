"""The ledger keeps of a contact what the template names, no more and no less."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.core.contact import FIELDS
from notify.rendering import Named
from tests.unit.rendering.workshop import Workshop

ROW = {"Name": "Beispiel", "Ort": "Bremen", "IBAN": "DE89", "get": "x", "values": "y"}


@pytest.mark.parametrize(
    ("body", "contact", "row"),
    [
        ("Text", (), ()),
        ("{{ salutation }} {{ new.email }} {{ old.city }} {{ sender.name }} {{ language }}", (), ()),
        ("{{ contact.name }}", ("name",), ()),
        ("{{ contact['name'] }} {{ contact.city }}", ("name", "city"), ()),
        ("{{ row.Name }} {{ row['Ort'] }}", (), ("Name", "Ort")),
        ("{{ row['E-Mail privat'] }}", (), ("E-Mail privat",)),
        ("{{ row['Name'].upper() }} {{ row.Ort|upper }}", (), ("Name", "Ort")),
        ("{{ row['Fehlt']|default('') }}", (), ("Fehlt",)),
        ("{% if contact.company %}x{% elif row.Ort %}y{% endif %}", ("company",), ("Ort",)),
        ("{{ 'x' if contact.title else contact.city }}", ("title", "city"), ()),
        ("{% set ort = row.Ort %}{{ ort }}", (), ("Ort",)),
        ("{% for change in changes %}{{ row.Ort }}{% endfor %}", (), ("Ort",)),
        ("{% for row in changes %}{{ row.label }}{% endfor %}", (), ("label",)),
        ("{% macro m(x) %}{{ x }}{% endmacro %}{{ m(contact.name) }}", ("name",), ()),
        ("{# {{ contact.name }} #}{% raw %}{{ row.Ort }}{% endraw %}", (), ()),
        ("{{ row['values'] }}", (), ("values",)),
        # whatever is used in some other way may name any of it
        ("{% for key, value in row.items() %}{{ key }}{{ value }}{% endfor %}", (), None),
        ("{% for key in row %}{{ key }}{% endfor %}", (), None),
        ("{{ row.get('Ort', '') }}", (), None),
        ("{{ row.values()|join }}", (), None),
        ("{{ row|length }}", (), None),
        ("{% set key = 'Ort' %}{{ row[key] }}", (), None),
        ("{{ row[salutation] }}", (), None),
        ("{{ row.Name }}{% set r = row %}{{ r.Ort }}", (), None),
        ("{{ contact|attr('name') }}", None, ()),
        ("{% for key in contact %}{{ contact[key] }}{% endfor %}", None, ()),
        ("{% macro m(x) %}{{ x.name }}{% endmacro %}{{ m(contact) }}", None, ()),
        ("{% set c = namespace(x=contact) %}{{ c.x.name }}", None, ()),
        ("{% include 'a.md' %}", ("name",), ("Ort",)),
        ("{% include ['a.md', 'b.md'] %}", ("name", "city"), ("Ort",)),
        ("{% import 'c.md' as c %}{{ c.greet(contact.title) }}", ("title",), ()),
        ("{% from 'c.md' import greet %}{{ greet(row.Name) }}", (), ("Name",)),
    ],
)
def test_what_a_template_names(
    workshop: Workshop, body: str, contact: tuple[str, ...] | None, row: tuple[str, ...] | None
) -> None:
    """Names behind a dot and in brackets, also in what is included; all of it where that cannot be told."""
    workshop.message(body).write("a.md", "{{ contact.name }} {{ row.Ort }}").write("b.md", "{{ contact.city }}")
    workshop.write("c.md", "{% macro greet(x) %}Hallo {{ x }}{% endmacro %}")
    named = workshop.open().named
    assert named.contact == (None if contact is None else set(contact))
    assert named.row == (None if row is None else set(row))


def test_every_part_counts(workshop: Workshop) -> None:
    """Subject, Reply-To, layout and every language."""
    workshop.message("{{ row.A }}", headers="Subject: {{ row.B }}\nReply-To: {{ contact.email }}\n")
    workshop.message("{{ row.C }}", headers="Subject: {{ row.D }}\n", name="message.en.txt")
    workshop.write("layout.html", "{{ row.E }}{{ body }}")
    assert workshop.open().named == Named(frozenset({"email"}), frozenset("ABCDE"))


def test_only_what_is_named_is_kept() -> None:
    """A customer's IBAN does not get into the ledger because it stands in the file."""
    fields = {**dict.fromkeys(FIELDS, ""), "name": "Anna Beispiel"}
    assert Named().of(fields, ROW) == {"contact": {}, "row": {}}
    assert Named(frozenset({"name"}), frozenset({"Ort", "Fehlt"})).of(fields, ROW) == {
        "contact": {"name": "Anna Beispiel"},
        "row": {"Ort": "Bremen"},
    }
    assert Named(None, None).of(fields, ROW) == {"contact": fields, "row": ROW}


names = st.none() | st.frozensets(st.sampled_from("abc"))


@given(names, names, names, names)
def test_two_pieces_name_what_both_name(
    contact: frozenset[str] | None,
    row: frozenset[str] | None,
    other: frozenset[str] | None,
    last: frozenset[str] | None,
) -> None:
    """All and something is all."""
    both = Named(contact, row) | Named(other, last)
    assert both.contact == (None if None in {contact, other} else frozenset((contact or set()) | (other or set())))
    assert both.row == (None if None in {row, last} else frozenset((row or set()) | (last or set())))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("{{ row.get('Ort', 'leer') }}", "Bremen"),
        ("{{ row.get('Fehlt', 'leer') }}", "leer"),
        ("{% for key, value in row.items() %}{{ key }}={{ value }} {% endfor %}", "Name=Beispiel Ort=Bremen"),
        ("{{ row['values'] }} {{ row['Ort'] }} {{ row.Name }}", "y Bremen Beispiel"),
        ("{{ row['Fehlt']|default('leer') }}", "leer"),
        ("{{ 'Fehlt' in row }} {{ 'Ort' in row }}", "False True"),
        ("{% if row.Fehlt is defined %}x{% else %}y{% endif %}", "y"),
    ],
)
def test_what_is_kept_is_enough(workshop: Workshop, body: str, text: str) -> None:
    """The message is the same as if the whole row had been kept."""
    row = {name: value for name, value in ROW.items() if name in {"Name", "Ort", "values"}}
    content = workshop.message(body).render(row=dict(list(row.items())[: 3 if "values" in body else 2]))
    assert content.text == f"{text}\n"
