"""Whatever stands in a contact file stays text: it never becomes Markdown, HTML, a link, or a template."""

from __future__ import annotations

import html
from collections.abc import Mapping
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notify.core.message import Content
from notify.rendering import Template
from notify.rendering.slots import Slots
from tests.unit.rendering.workshop import BARE, Workshop, render

#: A value at every place where Markdown would see something in it.
EVERYWHERE = """\
{{ salutation }}

{{ row.Wert }}

# {{ row.Wert }}

Mitten {{ row.Wert }} im Satz, **{{ row.Wert }}**, *{{ row.Wert }}*, ~~{{ row.Wert }}~~, `{{ row.Wert }}`,
<{{ row.Wert }}> &{{ row.Wert }}; \\{{ row.Wert }} ![{{ row.Wert }}] und [{{ row.Wert }}](https://muster.example/).

- {{ row.Wert }}
- eins
  1. {{ row.Wert }}

> {{ row.Wert }}

| {{ row.Wert }} | b | c |
|---|---|---|
| a | {{ row.Wert }} | {{ contact.company }} |
{% for change in changes %}
| {{ change.label }} | {{ row.Wert }} | {{ change.new }} |
{% endfor %}

```
{{ row.Wert }}
```

    {{ row.Wert }}

{% macro line(value) %}**{{ value }}** {{ row.Wert }}{% endmacro %}
{{ line(contact.company) }}
{% set block %}_{{ row.Wert }}_{% endset %}
{{ block }} {{ block }}
{% if row.Wert %}{{ row.Wert }}{% endif %}
{{ row.Wert ~ contact.company }}{{ row.Wert + "*" }}{{ [row.Wert, contact.company]|join(" ") }}
"""

#: What Markdown, HTML, Jinja and our own machinery look for.
HOSTILE = [
    "ntfyslot0x",
    "ntfys0x",
    "ntfybody",
    "{{ 7*7 }}",
    "{% if",
    "{#",
    "# h",
    "- x",
    "1. x",
    "> x",
    "    x",
    "---",
    "***",
    "===",
    "|",
    "|---|",
    "`",
    "```",
    "~~~",
    "**b**",
    "_i_",
    "](http://x)",
    "[x](http://x)",
    "![x](http://x/y.png)",
    "[x]: http://x",
    "<http://x>",
    "<script>alert(1)</script>",
    "</p>",
    "</title>",
    "<!--",
    "-->",
    "]]>",
    "&amp;",
    "&lt;",
    '"',
    "'",
    '" onmouseover="x',
    "\\",
    "\\\n",
    "\n",
    "\n\n",
    "\r",
    "\t",
    " ",
    "  \n",
    "\0",
    "\x0b",
    "\u2028",
    "http://x.example",
    "www.x.example",
    "anna@x.example",
    "Müller & Söhne",
    "\\1",
    "\\g<0>",
    "%s",
    "{0}",
]

hostile = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=5), min_size=1, max_size=6).map("".join).filter(bool)


class Reader(HTMLParser):
    """What a mail program sees: tags with their attributes, and the text between them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag; line breaks belong to the values."""
        if tag != "br":
            self.tags.append((tag, tuple(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Note its end."""
        self.tags.append((f"/{tag}", ()))

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.text += data

    def handle_comment(self, data: str) -> None:
        """Note a comment: there is none in a message."""
        self.tags.append((f"comment {data}", ()))

    def handle_decl(self, decl: str) -> None:
        """Note a declaration: there is none but that of the layout."""
        self.tags.append((f"declaration {decl}", ()))


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a text with words replaced; what is put in is not searched for words."""
    for place, word in enumerate(values):
        text = text.replace(word, chr(0x10FF00 + place))
    new = {chr(0x10FF00 + place): value for place, value in enumerate(values.values())}
    return "".join(new.get(character, character) for character in text)


@pytest.fixture(scope="module")
def everywhere(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Give a template that prints a value everywhere."""
    workshop = Workshop(tmp_path_factory.mktemp("everywhere"))
    return workshop.message(EVERYWHERE).write("layout.html", f"<i>{{{{ row.Wert }}}}</i>{BARE}").open()


def written(template: Template, value: str, company: str, salutation: str) -> Content:
    """Return the message for these values."""
    return render(template, row={"Wert": value}, company=company, salutation=salutation)


@given(hostile, hostile, hostile)
@example("ntfyslot0x", "{{ 7*7 }}", "# h")
@example("](http://x)", "<script>", "|")
@example("a\nb", "- x\n- y", "    code")
@example("same", "same", "same")
def test_a_value_is_only_text(everywhere: Template, value: str, company: str, salutation: str) -> None:
    """Both parts differ from those of harmless words in these words alone, to the character."""
    words = {"qvalueq": value, "qcompanyq": company, "qsalutationq": salutation}
    harmless = written(everywhere, *words)
    content = written(everywhere, *words.values())
    assert content.text == filled(harmless.text, words)
    seen, expected = Reader(content.html), Reader(harmless.html)
    assert seen.text == filled(expected.text, words)
    assert seen.tags == expected.tags


@given(hostile, hostile)
def test_plain_text_is_not_escaped(tmp_path_factory: pytest.TempPathFactory, value: str, company: str) -> None:
    """A message.de.txt prints values as they are, and has no HTML."""
    workshop = Workshop(tmp_path_factory.mktemp("plain"))
    workshop.message("<b>{{ row.Wert }}</b> & **{{ contact.company }}**", name="message.de.txt")
    content = workshop.render(row={"Wert": value}, company=company)
    assert (content.text, content.html) == (f"<b>{value}</b> & **{company}**\n", "")


@given(hostile)
def test_a_subject_is_one_line(tmp_path_factory: pytest.TempPathFactory, value: str) -> None:
    """Whatever a value has in it, the Subject is one line, not escaped; the layout shows it escaped."""
    workshop = Workshop(tmp_path_factory.mktemp("subject")).message("Text", headers="Subject: An {{ row.Wert }}\n")
    content = workshop.render(row={"Wert": value})
    assert content.subject == " ".join(["An", *value.split()])
    title = content.html.partition("<title>")[2].partition("</title>")[0]
    assert html.unescape(title) == content.subject


@given(st.lists(hostile))
def test_slots_give_back_what_was_put_in(values: list[str]) -> None:
    """Each value comes back at its place; a value that looks like a slot, or like a group of a pattern, too."""
    slots = Slots()
    shape = " ".join([slots.put(value) for value in values])
    assert slots.fill(shape, str) == " ".join(values)
    assert slots.fill(shape, str.upper) == " ".join(map(str.upper, values))
    assert len(slots.values) == len(set(values))


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//muster.example/",
        "/intern",
        "#oben",
        "www.muster.example",
        "anna@example.com",
        "https:muster.example",
        "https://muster.example/\nx",
        " https://muster.example",
    ],
)
@pytest.mark.parametrize(
    ("body", "layout"),
    [
        ("[x]({{ row.Link }})", BARE),
        ("[x](<{{ row.Link }}>)", BARE),
        ("[x]({{ row.Link[:4] }}{{ row.Link[4:] }})", BARE),
        ("[x][1]\n\n[1]: {{ row.Link }}", BARE),
        ("Text", f"<a href='{{{{ row.Link }}}}'>x</a>{BARE}"),
        ("Text", f'<a class="x" HREF = "{{{{ row.Link }}}}">x</a>{BARE}'),
        ("Text", f'<form action="{{{{ row.Link }}}}"></form>{BARE}'),
    ],
)
def test_links_that_nobody_may_click(workshop: Workshop, body: str, layout: str, target: str) -> None:
    """A link from a value leads to a page, an address or a telephone number, or the message is not made."""
    workshop.message(body).write("layout.html", layout)
    error = workshop.refused({"Link": target})
    assert f'a link leads to "{target}"' in error.message
    assert "https://" in error.hint


@pytest.mark.parametrize(
    ("target", "written_as"),
    [
        ("https://muster.example/?a=1&b=2", "https://muster.example/?a=1&amp;b=2"),
        ("HTTP://muster.example", "HTTP://muster.example"),
        ("mailto:anna@example.com", "mailto:anna@example.com"),
        ("tel:+49 40 222222", "tel:+49 40 222222"),
        ('https://x.example/"onclick="x', "https://x.example/&quot;onclick=&quot;x"),
        ("https://x.example/'><script>", "https://x.example/&#x27;&gt;&lt;script&gt;"),
    ],
)
def test_links_from_values(workshop: Workshop, target: str, written_as: str) -> None:
    """A link that people may click is one, and its target stays inside of the quotation marks."""
    workshop.message("[x]({{ row.Link }})").write("layout.html", BARE)
    assert workshop.render(row={"Link": target}).html == f'<p><a href="{written_as}">x</a></p>\n'
    workshop.write("layout.html", f"<a href='{{{{ row.Link }}}}'>x</a>{BARE}")
    assert workshop.render(row={"Link": target}).html.startswith(f"<a href='{written_as}'>x</a>")


@pytest.mark.parametrize(
    ("body", "inside"),
    [
        ("[x](https://muster.example/{{ row.Wert }})", '<a href="https://muster.example/a&quot; b">x</a>'),
        ("[x](https://muster.example/{{ row.Wert|urlencode }})", '<a href="https://muster.example/a%22%20b">x</a>'),
        ("[x](javascript:{{ row.Wert }})", "[x](javascript:a&quot; b)"),
        (
            "<https://muster.example/{{ salutation }}>",
            '<a href="https://muster.example/q">https://muster.example/q</a>',
        ),
        ("<script>{{ row.Wert }}</script>", "&lt;script&gt;a&quot; b&lt;/script&gt;"),
        ("<!-- {{ row.Wert }} -->", "&lt;!-- a&quot; b --&gt;"),
        ('[x](https://muster.example/ "{{ row.Wert }}")', '<a href="https://muster.example/" title="a&quot; b">x</a>'),
    ],
)
def test_values_in_links_of_the_template(workshop: Workshop, body: str, inside: str) -> None:
    """A value behind the beginning of a link is part of it; HTML and script links of the template itself are text."""
    workshop.message(body).write("layout.html", BARE)
    assert workshop.render(row={"Wert": 'a" b'}, salutation="q").html == f"<p>{inside}</p>\n"


@pytest.mark.parametrize(
    "body",
    [
        "{% set b %}Hallo {{ row.Wert }}{% endset %}{{ b|upper }}",
        "{% set b %}Hallo {{ row.Wert }}{% endset %}{{ b ~ row.Wert }}",
        "{% set b %}Hallo {{ row.Wert }}{% endset %}{{ b + row.Wert }}",
        "{% set b %}Hallo %s{% endset %}{{ b|format(row.Wert) }}",
        "{% set b %}Hallo %s{% endset %}{{ b % row.Wert }}",
        "{% set b %}, {% endset %}{{ b.join([row.Wert, row.Wert]) }}",
        "{% set b %}, {% endset %}{{ [row.Wert, b]|join }}",
        "{% set b %}{{ row.Wert }}{% endset %}{{ b|striptags }}",
        "{% set b %}{{ row.Wert }}{% endset %}{{ b.unescape() }}",
        "{% set b %}{{ row.Wert }}{% endset %}{{ '%s'|format(b) }}",
        "{% set b %}{{ row.Wert }}{% endset %}{{ b[:6] }}",
        "{% set b | upper %}{{ row.Wert }}{% endset %}{{ b }}",
        "{% macro m() %}{{ row.Wert }}{% endmacro %}{{ m()|replace('s', 'z') }}",
        "{% autoescape false %}{% set b %}{{ row.Wert }}{% endset %}{{ b }}{% endautoescape %}",
    ],
)
def test_a_block_that_was_changed_is_refused(workshop: Workshop, body: str) -> None:
    """A filter would see slots and not values, and what is joined to a block would be taken for Markdown."""
    error = workshop.message(body).refused({"Wert": "[x](https://x.example)"})
    assert "what a block or macro has printed is changed here" in error.message


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("{% set b %}**{{ row.Wert }}**{% endset %}{{ b }}", "Anna"),
        ("{% set b %}**{{ row.Wert }}**{% endset %}{{ b|default('x') }} {{ b|safe }}", "Anna Anna"),
        ("{% macro m(x) %}**{{ x }}**{{ caller() }}{% endmacro %}{% call m(row.Wert) %} *!*{% endcall %}", "Anna !"),
        ("{% block b %}**{{ row.Wert }}**{% endblock %} {{ self.b() }}", "Anna Anna"),
        ("{% for x in [[1, [[2, []]]]] recursive %}*{{ x[0] }}* {{ loop(x[1]) }}{% endfor %}", "1 2"),
        ("{% autoescape false %}**{{ row.Wert }}**{% endautoescape %}", "Anna"),
        ("{% set b %}{% endset %}a{{ b }}b{% if b %}c{% endif %}", "ab"),
        ("{{ row.Wert|upper }} {{ row.Wert ~ '!' }} {{ row.Wert|length }} {{ row.Wert[:2] }}", "ANNA Anna! 4 An"),
        ("{{ 1 }} {{ 1.5 }} {{ '**' }} {{ row.Wert == 'Anna' }}", "1 1.5 ** True"),
    ],
)
def test_blocks_and_macros_are_markdown(workshop: Workshop, body: str, text: str) -> None:
    """What a template's own block has printed is printed again as it is, with its Markdown."""
    assert workshop.message(body).render(row={"Wert": "Anna"}).text == f"{text}\n"


def test_a_filtered_block(workshop: Workshop) -> None:
    """{% filter %} would see slots, and what it makes of them is printed past us; in plain text there are none."""
    body = "a\n{% filter upper %}Hallo {{ row.Wert }}{% endfilter %}"
    error = workshop.message(body).refused({"Wert": "Anna"})
    assert error.message.startswith("templates/notice/message.de.md:4: a whole block cannot be filtered")
    (workshop.folder / "message.de.md").unlink()
    workshop.message("{% include 'a.txt' %}", name="message.de.txt").write("a.txt", body)
    assert workshop.render(row={"Wert": "Anna"}).text == "a\nHALLO ANNA\n"
    workshop.message("{% include 'a.txt' %}", name="message.en.md")
    error = workshop.refused({"Wert": "Anna"})
    assert error.message.startswith("templates/notice/a.txt:2: a whole block cannot be filtered")
