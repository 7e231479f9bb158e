"""Whoever goes a way through a template that is known gets the message that Jinja would have made, to the letter."""

from __future__ import annotations

import random
from collections.abc import Collection, Hashable, Iterator
from itertools import product
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2.filters import do_urlencode

from notify.core.contact import FIELDS
from notify.core.form import Form
from notify.core.pieced import Pieced
from notify.core.rendered import Rendered
from notify.errors import InputError
from notify.rendering import Template
from notify.rendering.branching import Branching, Field
from notify.rendering.compiled_message import CompiledMessage
from notify.rendering.plain_filters import PLAIN_FILTERS
from notify.rendering.recipe import Recipe
from notify.rendering.uses import Source, Uses
from tests.unit.rendering.workshop import BARE, WHO, Workshop

#: What stands in templates; each of them may be all there is in a paragraph.
EXPRESSIONS = [
    "{{ contact.company }}",
    "{{ contact.first_name }} {{ contact.last_name }}",
    "{{ row['Ort'] }}",
    "{{ row.Nummer }}",
    "{{ salutation }}",
    "{{ code }}",
    "{{ new.city }}",
    "{{ new.email }} und {{ new.website }}",
    "{{ effective }}",
    "{{ new.city ~ '-Nord' }}",
    "{{ contact.company or contact.last_name }}",
    "{{ contact.company|upper }} {{ contact.company }}",
    "{{ row.Nummer|trim|lower }} {{ row.Nummer|urlencode }} {{ contact.city|e }}",
    "{{ row['fehlt']|title }}",
    "{{ salutation|capitalize }} {{ code|upper }}",
    "{{ contact.city|safe|upper|lower }} {{ contact.city|lower }}",
    "{{ contact.company|upper if row.Nummer else row.Nummer|trim }}",
    "{% if contact.city|upper == 'A' %}{{ contact.city|lower }}{% endif %}",
    "{{ row.Nummer|trim('x') }} {{ row.Nummer|upper|replace('A', 'B') }}",
    "{% for letter in contact.first_name|upper %}{{ letter }}.{% endfor %}",
    "[{{ row.Nummer|upper }}](https://muster.example/?n={{ row.Nummer|urlencode }}&a={{ row.Link|urlencode }})",
    "[hier]({{ row.Link|lower }})",
    "{{ contact.company and row.Nummer }}",
    "{{ row['Ort'] if contact.city else new.city }}",
    "{{ row['fehlt']|default('nichts') }}",
    "{{ row.Nummer|default(contact.city, true) }}",
    "{{ contact.city == 'Hamburg' }}",
    "{{ contact.city in ('Hamburg', 'A') and contact.city }}",
    "{{ form }} {{ contact.form }}{% if form == 'Du' %}!{% endif %}",
    "{% if contact.form == 'Du' %}du{% else %}Sie{% endif %}",
    "{% if contact.company %}Firma {{ contact.company }}{% elif row.Nummer %}{{ row.Nummer }}{% else %}-{% endif %}",
    "{% if contact.country == 'AT' %}Servus{% elif contact.country != '' %}Hallo {{ contact.country }}{% endif %}",
    "{% if 'A' in contact.company %}mit A{% endif %}",
    "{% if row['Ort'] is defined and not contact.city %}{{ row['Ort'] }}{% endif %}",
    "{% if contact.first_name == contact.last_name %}gleich{% endif %}",
    "{% for line in changes %}\n- {{ line.label }}: {{ line.new }} für {{ contact.last_name }}\n{% endfor %}",
    "{% for letter in contact.first_name %}{{ letter }}.{% endfor %}",
    "{% set who = contact.last_name %}{{ who }}",
    "{% with city = row['Ort'] %}{{ city }}{{ contact.city }}{% endwith %}",
    "{% set salutation = 'Ahoi' %}{{ salutation }}",
    "{% include 'part.md' %}",
    "[{{ row.Link }}](https://muster.example/{{ row.Nummer }})",
    "[{{ row.Nummer }}]({{ row.Link }})",
    "[mehr](https://muster.example/?nummer={{ row.Nummer|urlencode }}&ort={{ contact.city|urlencode }})",
    "{{ contact.city|urlencode }} {{ contact.city }} {{ salutation|urlencode }}",
    "https://muster.example/{{ row['fehlt']|urlencode }}",
    "[hier]({{ row.Link }})",
    "| A | B |\n|---|---|\n| {{ contact.city }} | {{ new.email }} |\n| {{ contact.phone }} | {{ row.Nummer }} |",
    "**{{ contact.company }}** _{{ contact.city }}_",
    "<{{ row.Link }}>",
    "`{{ contact.company }}`",
    "{{ row.nix }}",
    "{{ contact.first_name.foo }}",
    "{{ 1 / 0 if contact.company == 'GmbH' else 'gut' }}",
]
#: What keeps a whole template from being known, or makes a way of everybody's.
OPAQUE = [
    "{{ contact.first_name ~ ' ' ~ contact.last_name }}",
    "{{ row|length }}",
    "{{ contact.last_name|length }}",
    "{{ row.get('Nummer', 'ohne') }}",
    "{{ unsubscribe }}",
    "{{ unsubscribe.link|upper }}",
    "{% macro m(x) %}<{{ x }}>{% endmacro %}{{ m(contact.city) }}",
    "{% set t %}in {{ contact.city }}{% endset %}{{ t }}{% if t == 'in A' %}!{% endif %}",
    "{% filter upper %}{{ contact.city }}{% endfilter %}",
]
#: What stands in cells.
VALUES = [
    *("", "", "A", "B", "Hamburg", "Hamburg-Nord", "AT", "GmbH", "1. Dezember 2026", "info@neu.example", "Neues"),
    *("https://kunde.example/a?b=1&c=2", "javascript:alert(1)", "tel:+49 40 222222", "Müller & Söhne", "<b>"),
    *("\nAnfang", "Ende\n", "zwei\nZeilen", "\r\n", " ", "x" * 999, "y" * 1000, "DE89 3704 0044 0532 0130 00"),
    *("Guten Tag,", "# 1", "{{ x }}", "sehr.langes.wort@mit-vielen-teilen.und-noch-mehr.example"),
]
#: Those columns that rows have.
COLUMNS = ("Ort", "Nummer", "fehlt")
NAMES = ("company", "first_name", "last_name", "city", "country", "phone", "form")
LINKS = ["https://kunde.example/a?b=1&c=2", "https://kunde.example/b", "javascript:alert(1)", ""]
TITLED = "<title>{{ subject }}</title>{{ body }}"
LAYOUTS = [BARE, TITLED + "{{ contact.city }}", "{% if contact.company %}!{% endif %}" + BARE]


class Person(NamedTuple):
    """Somebody who is written to."""

    salutation: str
    fields: dict[str, Field]
    form: Form


def people(chance: random.Random, number: int) -> Iterator[Person]:
    """Yield people who have much in common."""
    few = chance.sample(VALUES, 3)
    for _ in range(number):
        pool = few if chance.random() < 0.7 else VALUES
        contact = dict.fromkeys(FIELDS, "") | {name: chance.choice(pool) for name in NAMES}
        row = {name: chance.choice(pool) for name in COLUMNS if chance.random() < 0.9}
        row["Link"] = chance.choice(LINKS)
        more: dict[str, Field] = {
            "code": chance.choice(["Ahorn 1", "Birke 2"]),
            "token": chance.choice("ab"),
        }
        yield Person(
            chance.choice(["Guten Tag,", "Liebe Frau B,", *pool]),
            {"contact": contact, "row": row} | (more if chance.random() < 0.9 else {}),
            chance.choice(list(Form)),
        )


def fields_of(template: Template, person: Person) -> dict[str, Field]:
    """Return what a ledger keeps of somebody."""
    contact, row = person.fields["contact"], person.fields["row"]
    assert not isinstance(contact, str)
    assert not isinstance(row, str)
    return {**person.fields, **template.named.of(contact, row)}


def outcome(template: Template, person: Person) -> object:
    """Return all that can be told of a person's message: the error, or content, words and values."""
    fields = fields_of(template, person)
    try:
        made: Rendered = template.rendered("de", person.salutation, fields, WHO, form=person.form)
        assert made.content == template.render("de", person.salutation, fields, WHO, form=person.form)
    except InputError as error:
        return error.message, error.hint
    proved = template.prove("de", person.salutation, fields, WHO, form=person.form)
    assert len(made.content.html) <= proved.most_html
    wording = made.wording
    return made.content, wording.label, wording.typed, wording.read, made.values


def pieces(template: Template, person: Person) -> object:
    """Return of which pieces somebody's message is put together; nothing if it cannot be made."""
    fields = fields_of(template, person)
    try:
        content = template.render("de", person.salutation, fields, WHO, form=person.form)
    except InputError:
        return None
    return [(text.shared, text.own) for text in (content.text, content.html) if isinstance(text, Pieced)]


def shape(template: Template, person: Person) -> str:
    """Return the digest of what somebody reads without its values."""
    if template.wording_for("de", person.form) is None:
        return ""
    return template.shape("de", person.salutation, fields_of(template, person), WHO, form=person.form)


def messages_of(template: Template) -> Collection[CompiledMessage]:
    """Return the message files of a template, compiled."""
    return template._messages.values()  # noqa: SLF001  # what is known of ways shows nowhere else


def recipes_of(message: CompiledMessage) -> dict[Hashable, Recipe]:
    """Return how the messages are made of all who go a way that is known."""
    return message._recipes  # noqa: SLF001  # as above


class Unknowing(Branching):
    """Knows of nobody which way they go: each message is made by Jinja for itself."""

    def way(self, *_: object) -> None:
        """Tell nothing."""


def unknowing(template: Template) -> Template:
    """Return a template that makes every message anew."""
    for message in messages_of(template):
        if (branching := message._branching) is not None:  # noqa: SLF001  # no setting takes the ways away
            branching.__class__ = Unknowing
    return template


def written(workshop: Workshop, chance: random.Random) -> Workshop:
    """Write a template of a few expressions."""
    workshop.kind = chance.choice(["notice", "notice", "newsletter"])
    workshop.unsubscribe = chance.choice(["", "https://muster.example/weg?t={token}"])
    expressions = chance.sample(EXPRESSIONS, chance.choice([1, 2, 3]))
    body = "\n\n".join(expressions + chance.choices(OPAQUE, k=chance.random() < 0.1))
    body += "\n\n{{ unsubscribe }}\n" * (workshop.kind == "newsletter")
    subject = chance.choice(["Neues", "{{ contact.company }}", "{{ salutation }} Neues in {{ contact.city }}"])
    reply_to = chance.choice(["", "", "Reply-To: {{ new.email }}\n", 'Reply-To: "{{ contact.city }}" <a@b.example>\n'])
    kind = chance.choice(["md", "md", "txt"])
    workshop.write("part.md", chance.choice(["Teil {{ contact.city }}", "{% if contact.city == 'A' %}A{% endif %}"]))
    workshop.write("layout.html", chance.choice(LAYOUTS))
    (workshop.folder / "message.de.md").unlink(missing_ok=True)
    (workshop.folder / "message.de.txt").unlink(missing_ok=True)
    return workshop.message(body, headers=f"Subject: {subject}\n{reply_to}", name=f"message.de.{kind}")


def hold_against_jinja(workshop: Workshop, seed: int, crowd: int) -> int:
    """Write a template, render it for some people in both ways; return how many were known."""
    chance = random.Random(seed)
    try:
        template = written(workshop, chance).open()
    except InputError:
        return 0
    reference, fresh = unknowing(workshop.open()), workshop.open()
    for person in people(chance, crowd):
        assert outcome(template, person) == outcome(reference, person), (seed, person)
        assert pieces(template, person) == pieces(fresh, person), (seed, person)
        assert shape(template, person) == shape(reference, person), (seed, person)
        for message in messages_of(fresh):
            recipes_of(message).clear()
    return sum(len(recipes_of(message)) for message in messages_of(template))


@pytest.mark.parametrize("seed", range(3))
def test_known_ways(workshop: Workshop, seed: int) -> None:
    """Text, HTML, words, values and errors are those of a rendering for each by itself."""
    known = [hold_against_jinja(workshop, number, 10) for number in range(seed, 30, 3)]
    assert sum(map(bool, known)) > 3


def test_what_several_cells_say(workshop: Workshop) -> None:
    """What stands in two cells of a row is told once, as it is where each message is made by itself."""
    # in this template two of the cells that are printed say the same, one of them in a link
    assert hold_against_jinja(workshop, 1000, 20) > 1


@pytest.mark.long
def test_many_known_ways(workshop: Workshop) -> None:
    """The same of many more templates."""
    assert sum(hold_against_jinja(workshop, seed, 20) for seed in range(1000, 2000)) > 1_500


@pytest.mark.parametrize(
    ("subject", "body", "cells"),
    [
        # what is equal by chance: the first of them must not speak for those who follow
        ("Neues", "{{ row.a }}\n\n{{ 'Nord' ~ '-Ost' }}", [("Nord-Ost", ""), ("A", "")]),
        ("Neues", "{{ 'Nord' ~ '-Ost' }}\n\n{{ row.a }}", [("Nord-Ost", ""), ("A", "")]),
        (
            "Neues",
            "{{ row.a }}\n\n[{{ row.a }}]({{ row.b }})",
            [("https://a.example",) * 2, ("b", "https://a.example")],
        ),
        ("Neues", "{{ row.a }} in {{ new.city }}", [("Hamburg", ""), ("Ort", "")]),
        # and of the subject, which the layout prints
        ("{{ row.a }}-Ost", "{{ 'Nord' ~ '-Ost' }}", [("Nord", ""), ("A", "")]),
        ("{{ row.a }}-Ost", "{{ row.b }}", [("Nord", "Nord-Ost"), ("A", "B")]),
        ("{{ row.a }} {{ row.b }}", "Neues", [("A", "B"), ("", ""), ("A", " ")]),
        # what is refused of one
        ("Neues", "[hier]({{ row.a }})", [("https://a.example", ""), ("javascript:x", ""), ("tel:1", "")]),
        ("Neues", "[hier](https://a.example/{{ row.a }})", [("a", ""), ("a\nb", ""), ("c", "")]),
        ("Neues\nReply-To: {{ row.a }}", "Text", [("a@b.example", ""), ("nichts", ""), ("A B <b@a.example>", "")]),
        # what both decides and is printed
        ("Neues", "{{ row.a }}{% if row.a == 'A' %}!{% endif %}", [("A", ""), ("B", "")]),
        # what is looked at after it was printed, or named by no name
        ("Neues", "{% set t %}{{ row.a }}{% endset %}{% if t == 'A' %}!{% endif %}", [("A", ""), ("B", "")]),
        ("Neues", "{% for name in row %}{{ row[name] }}{% endfor %} {{ row.a }}", [("A", ""), ("B", "")]),
        ("Neues", "{% for cell in row.values() %}{{ cell }}{% endfor %}", [("A", ""), ("B", "")]),
        # line ends at the edge
        ("Neues", "{{ row.a }}", [("A", ""), ("\nA", ""), ("A\n\n", ""), ("\n", "")]),
    ],
)
@pytest.mark.parametrize("name", ["message.de.md", "message.de.txt"])
def test_what_happens_to_be_equal(
    workshop: Workshop, subject: str, body: str, cells: list[tuple[str, str]], name: str
) -> None:
    """Values of one that equal others, or cannot be filled in, change nothing for anybody else, in either order."""
    workshop.message(body, headers=f"Subject: {subject}\n", name=name).write("layout.html", TITLED)
    reference = unknowing(workshop.open())
    for order in (cells, cells[::-1]):
        template = workshop.open()
        for a, b in order:
            person = Person("Guten Tag,", {"contact": {}, "row": {"a": a, "b": b}}, Form.FORMAL)
            assert outcome(template, person) == outcome(reference, person)
            assert pieces(template, person) == pieces(workshop.open(), person)


@pytest.mark.parametrize("use", ["{{ subject|upper }}", "{% if subject == 'B' %}B{% endif %}", "{{ subject ~ '!' }}"])
def test_a_layout_that_looks_at_the_subject(workshop: Workshop, use: str) -> None:
    """It is known only when it was rendered, so that nobody's page speaks for another's."""
    template = workshop.message("Text", headers="Subject: {{ row.a }}\n").write("layout.html", use + BARE).open()
    for a in "ABAB":
        person = Person("", {"contact": {}, "row": {"a": a}}, Form.FORMAL)
        assert outcome(template, person) == outcome(unknowing(workshop.open()), person)


def test_what_has_come_of_a_form(workshop: Workshop) -> None:
    """It is the form of the greeting that decides, whatever the cell says."""
    template = workshop.message("{% if contact.form == 'Du' %}du{% else %}Sie{% endif %}").open()
    made = [
        template.render("de", "", {"contact": {"form": "Du"}, "row": {}}, WHO, form=form).text
        for form in (Form.FORMAL, Form.FAMILIAR, Form.FORMAL)
    ]
    assert made == ["Sie\n", "du\n", "Sie\n"]


def test_what_is_proved_can_be_made(workshop: Workshop) -> None:
    """A Reply-To that is no address of somebody else's is known before anything is made."""
    template = workshop.message("Neues.", headers="Subject: Neues\nReply-To: {{ row.a }}\n").open()
    template.prove("de", "", {"row": {"a": "a@b.example"}}, WHO)
    with pytest.raises(InputError, match="is not an address"):
        template.prove("de", "", {"row": {"a": "nichts"}}, WHO)


def test_a_cell_that_is_missing(workshop: Workshop) -> None:
    """A way that is known is not that of somebody who lacks what is printed on it."""
    template = workshop.message("{{ row.Nummer }}").open()
    fields = {"row": {"Nummer": "1"}}
    for prove in (template.prove, template.render):
        prove("de", "", fields, WHO)
        with pytest.raises(InputError, match=rf"message.de.md:3: there is no column 'Nummer' .*{WHO}"):
            prove("de", "", {"row": {"Ort": "A"}}, WHO)


@pytest.mark.parametrize(
    "body", ["{% for i in range(1990) %}{{ row.a }}{% endfor %}", "{% for i in range(3) %}{{ row.a }}{% endfor %}"]
)
def test_the_allowance_is_everybodys(workshop: Workshop, body: str) -> None:
    """Who has much to print is refused as if nobody with little had gone the same way before."""
    template = workshop.message(body, name="message.de.txt").open()
    outcomes = []
    for length in (1, 998, 999, 1_000, 1_010, 700_000):
        person = Person("", {"contact": {}, "row": {"a": "x" * length}}, Form.FORMAL)
        assert outcome(template, person) == outcome(unknowing(workshop.open()), person)
        outcomes.append(isinstance(outcome(template, person)[0], str))  # type: ignore[index]  # an outcome is a tuple
    assert outcomes[0] is False
    assert outcomes[-1] is True


def test_what_is_known_is_bounded(workshop: Workshop) -> None:
    """A template that goes by what each has for itself knows no more ways than any other."""
    template = workshop.message("{{ row.a|replace('a', 'b') }}").open()
    for number in range(1_100):
        template.render("de", "", {"row": {"a": f"a{number}"}}, WHO)
    (message,) = messages_of(template)
    assert 0 < len(recipes_of(message)) <= 512


def test_ways_differ_where_values_do_in_kind() -> None:
    """Missing, empty, the campaign's, like another one or like none: whatever is one kind for both, goes one way."""
    names, own = "abc", ("x", "y", "z")
    branching = Branching(Uses(frozenset(Source("row", name) for name in names)), {"known", "K"}, ())
    kinds: dict[object, object] = {}
    for cells in product((None, "", "known", "K", *own), repeat=len(names)):
        row = {name: cell for name, cell in zip(names, cells, strict=True) if cell is not None}
        way = branching.way("", {"row": row}, Form.FORMAL)
        kind = tuple(cells.index(cell) if cell in own else cell for cell in cells)
        assert way is not None
        assert way.values == [cell if cell in own else "" for cell in cells]
        assert kinds.setdefault(way.key, kind) == kind
    assert len({*kinds.values()}) == len(kinds)


def test_what_plain_filters_make_is_a_value(workshop: Workshop) -> None:
    """Everybody goes one way, whatever they are called."""
    template = workshop.message("{{ row.a|upper }} {{ row.a|trim|urlencode }} {{ contact.city|e }}").open()
    for number in range(100):
        fields: dict[str, Field] = {"contact": {"city": f"b{number}"}, "row": {"a": f"aä{number}"}}
        content = template.render("de", "", fields, WHO)
        assert content.text == f"AÄ{number} a%C3%A4{number} b{number}\n"
    (message,) = messages_of(template)
    assert len(recipes_of(message)) == 1


@given(st.text(alphabet=st.one_of(st.sampled_from("aZ9 -_.~/%&@+=\n"), st.characters(exclude_categories=["Cs"]))))
def test_a_link_gets_what_jinja_would_give_it(text: str) -> None:
    """Sign by sign it comes to the same."""
    assert PLAIN_FILTERS["urlencode"](text) == do_urlencode(text)


def test_half_a_letter(workshop: Workshop) -> None:
    """What has no octets is refused by Jinja, with its line, however many went this way before."""
    template = workshop.message("{{ row.a|urlencode }}").open()
    template.render("de", "", {"row": {"a": "a"}}, WHO)
    with pytest.raises(InputError, match=r"message\.de\.md:3: .*surrogates"):
        template.render("de", "", {"row": {"a": "\ud800"}}, WHO)


def test_which_pieces_are_shared(workshop: Workshop) -> None:
    """What is the same for all is in one piece; who is the first to go a way has the same pieces as all others."""
    body = "{{ salutation }}\n\nab {{ effective }}: {{ new.city }}\n\n{{ row.a }}"
    made = [workshop.message(body).open().render("de", "Guten Tag,", {"row": {"a": a}}, WHO) for a in "AB"]
    template = workshop.open()
    again = [template.render("de", "Guten Tag,", {"row": {"a": a}}, WHO) for a in "AB"]
    for content in (*made, *again):
        assert isinstance(content.text, Pieced)
        assert isinstance(content.html, Pieced)
        assert content.text.shared == ("", "\n\nab 1. Dezember 2026: Hamburg\n\n", "\n")
        assert content.text.own[0] == "Guten Tag,"
        assert content.html.shared == made[0].html.shared  # type: ignore[attr-defined]  # made of pieces, as above
        assert len(content.html.own) == 2
