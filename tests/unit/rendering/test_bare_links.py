"""Addresses and pages that were typed are links in HTML, which show what was typed and lead there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from notify.core.campaign import Details
from notify.rendering.markdown import to_text
from tests.unit.rendering.screen import Screen, html_of
from tests.unit.rendering.workshop import BARE, Workshop


@pytest.mark.parametrize(
    ("typed", "links"),
    [
        ("Siehe https://neu.example.", ["https://neu.example"]),
        ("https://neu.example/a?b=1&c=%20#d_e, oder", ["https://neu.example/a?b=1&c=%20#d_e"]),
        ("(https://neu.example/x_(y))", ["https://neu.example/x_(y)"]),
        ("„https://neu.example/“, »https://neu.example/«", ["https://neu.example/", "https://neu.example/"]),
        ("<b>https://neu.example</b>", ["https://neu.example"]),
        (
            "https://neu.example/_form_/a und https://neu.example/b_",
            ["https://neu.example/_form_/a", "https://neu.example/b_"],
        ),
        ("https://neu.example/~anna/*x*/a**b", ["https://neu.example/~anna/*x*/a**b"]),
        ("https://neu.example/?a[0]=1&b={c}&d=(e)", ["https://neu.example/?a[0]=1&b={c}&d=(e)"]),
        ("https://neu.example/?a=1&copy=2&amp;x", ["https://neu.example/?a=1&copy=2&amp;x"]),
        ("https://müller.example/straße", ["https://müller.example/straße"]),
        (
            "https://neu.example/%C3%BC HTTP://neu.example:8080/",
            ["https://neu.example/%C3%BC", "HTTP://neu.example:8080/"],
        ),
        ("https://neu.example… https://neu.example – https://neu.example!?", ["https://neu.example"] * 3),
        ("https://neu.example|a", ["https://neu.example"]),
        (
            "info@neu.example. Info@Neu.Example, _info_@neu.example",
            ["info@neu.example", "Info@Neu.Example", "_info_@neu.example"],
        ),
        ("(info@neu.example) „info@neu.example“ E-Mail:info@neu.example", ["info@neu.example"] * 3),
        (
            "müller@müller.example, o'neil@x.example, a.b+c-d@e-f.g.example",
            ["müller@müller.example", "o'neil@x.example", "a.b+c-d@e-f.g.example"],
        ),
        ("a@xn--mller-kva.example b@1.example/2", ["a@xn--mller-kva.example", "b@1.example"]),
        ("**info@neu.example** *https://neu.example/*", ["info@neu.example", "https://neu.example/"]),
        ("_info@neu.example_ _https://neu.example/_", ["info@neu.example", "https://neu.example/"]),
        ("- info@neu.example\n- https://neu.example", ["info@neu.example", "https://neu.example"]),
        ("# https://neu.example", ["https://neu.example"]),
        ("    info@neu.example", ["info@neu.example"]),
        ("mailto:info@neu.example", ["mailto:info@neu.example"]),
        (
            "<info@müller.example> <mailto:a@b.example> <tel:+4940123>",
            ["info@müller.example", "mailto:a@b.example", "tel:+4940123"],
        ),
    ],
)
def test_what_is_typed_is_a_link(typed: str, links: list[str]) -> None:
    """Without the end of the sentence, whatever letters it has, in whatever it stands; in the text it stands alone."""
    for shown, target in Screen(html_of(typed)).links:
        assert target in {shown, f"mailto:{shown}"}
    assert [shown for shown, _ in Screen(html_of(typed)).links] == links
    assert "(mailto" not in to_text(typed)
    assert "(http" not in to_text(typed).replace("(https://neu.example/x_(y))", "")


@pytest.mark.parametrize(
    ("typed", "shown", "target"),
    [
        ("www.neu.example, und", "www.neu.example", "https://www.neu.example"),
        ("(www.neu.example/a_b_)", "www.neu.example/a_b_", "https://www.neu.example/a_b_"),
        (r"https://neu.example/\_form\_/a", "https://neu.example/_form_/a", "https://neu.example/_form_/a"),
        (r"anna\_b@neu.example", "anna_b@neu.example", "mailto:anna_b@neu.example"),
        ("[hier](https://neu.example/ü_ö_?a=%20&b=ß)", "hier", "https://neu.example/ü_ö_?a=%20&b=ß"),
        ("[siehe https://a.example](https://b.example)", "siehe https://a.example", "https://b.example"),
        ("~~https://alt.example~~ https://a.example", "https://a.example", "https://a.example"),
        ("[+49 40 123](tel:+4940123)", "+49 40 123", "tel:+4940123"),
    ],
)
def test_where_a_link_leads(typed: str, shown: str, target: str) -> None:
    """A page without https:// is one, too; the target of a link is as it was typed, and no link stands in another."""
    assert Screen(html_of(typed)).links == [(shown, target)]


@pytest.mark.parametrize(
    "typed",
    [
        "anna@localhost @muster @muster@social.example a@b@c.example a@b.example@c.example x=a@b.example",
        "http:// https:// www. www.x wwww.neu.example neu.example http:neu.example ftp://neu.example",
        "`info@neu.example https://neu.example`",
        "```\nhttps://neu.example\n```",
        "~~https://alt.example~~ **~~info@alt.example~~**, ~~bisher *a@alt.example*, b@alt.example~~",
    ],
)
def test_what_is_no_link(typed: str) -> None:
    """Half an address, the name of somebody elsewhere, code, what is struck: nobody is led anywhere by a guess."""
    assert Screen(html_of(typed)).links == []


@pytest.mark.parametrize(
    "body",
    [
        "{{ row.Wert }}",
        "{{ row.Wert }} <{{ row.Wert }}> ({{ contact.email }})",
        "{{ row.Wert }}@neu.example und anna.{{ row.Wert }}@neu.example und anna@{{ row.Wert }}.example",
        "https://{{ row.Wert }}/ https://a.{{ row.Wert }}.example/ https://a@{{ row.Wert }} www.{{ row.Wert }}.example",
    ],
)
@pytest.mark.parametrize(
    "value", ["https://boese.example", "anna@boese.example", "www.boese.example", "info@neu.example"]
)
def test_no_cell_becomes_a_link(workshop: Workshop, body: str, value: str) -> None:
    """Neither alone nor as the host of a page or a part of an address, not even if it says what ours says."""
    content = workshop.message(body).write("layout.html", BARE).render(row={"Wert": value}, email=value)
    assert Screen(content.html).links == []
    assert value in content.text


def test_a_cell_behind_the_host(workshop: Workshop) -> None:
    """In a page that the author typed, a cell may say which part of it."""
    workshop.message("https://neu.example/?nr={{ row.Nr }}&x.").write("layout.html", BARE)
    content = workshop.render(row={"Nr": '7"&8'})
    assert Screen(content.html).links == [('https://neu.example/?nr=7"&8&x', 'https://neu.example/?nr=7"&8&x')]
    assert content.text == 'https://neu.example/?nr=7"&8&x.\n'


OWN = """\
{{ new.email }}, {{ new.website }}. ({{ sender.reply_to }}) {{ new.email or "x" }}|{{ old.email }}

| | bisher | neu |
|---|---|---|
{% for change in changes %}
| {{ change.label }} | {{ change.old or "–" }} | {{ change.new or "–" }} |
{% endfor %}
"""


@pytest.mark.parametrize(
    ("website", "target"),
    [
        ("https://muster.example/a_b", "https://muster.example/a_b"),
        ("www.muster.example", "https://www.muster.example"),
        ("müller.example/neu", "https://müller.example/neu"),
    ],
)
def test_the_new_details_are_links(workshop: Workshop, website: str, target: str) -> None:
    """The campaign's own new address and website, also in the table of changes; never the old one, nor a town."""
    workshop.change = replace(
        workshop.change, new=Details(email="info@neu.example", website=website, city="St.Gallen", phone="+49 40 222222")
    )
    content = workshop.message(OWN).write("layout.html", BARE).render()
    mail, page = ("info@neu.example", "mailto:info@neu.example"), (website, target)
    assert Screen(content.html).links == [mail, page, mail, mail, mail, page]
    assert content.text.startswith(
        f"info@neu.example, {website}. (info@neu.example) info@neu.example|info@alt.example\n"
    )
    assert "(mailto" not in content.text
    assert "(http" not in content.text


@pytest.mark.parametrize(
    "website",
    ["javascript:alert(1)", "data:text/html,x", "unter unserem Namen", "muster", "https://a b", "<x>", "//x.example"],
)
def test_a_website_that_is_none(workshop: Workshop, website: str) -> None:
    """Whatever stands in [change.new], only a page becomes a link."""
    workshop.change = replace(workshop.change, new=Details(website=website))
    content = workshop.message("{{ new.website }}").write("layout.html", BARE).render()
    assert Screen(content.html).links == []
    assert content.text == f"{website}\n"


def test_own_details_that_were_changed(workshop: Workshop) -> None:
    """What a filter makes of a detail, or a cell that is joined to it, is text; in a target it is a part of it."""
    workshop.message(
        "{{ new.email|upper }} {{ new.email ~ row.Wert }} `{{ new.email }}` [Mail](mailto:{{ new.email }}) "
        "https://neu.example/?von={{ new.email }}"
    ).write("layout.html", BARE)
    content = workshop.render(row={"Wert": "x"})
    assert Screen(content.html).links == [
        ("Mail", "mailto:info@neu.example"),
        ("https://neu.example/?von=info@neu.example", "https://neu.example/?von=info@neu.example"),
    ]


def test_the_address_that_is_given_up_is_no_link(workshop: Workshop) -> None:
    """A notice from the old address names it; nobody shall write to it by a click. One that stays is a link."""
    workshop.message("{{ sender.email }}").write("layout.html", BARE)
    assert Screen(workshop.render().html).links == []
    workshop.change = replace(workshop.change, old=Details(), new=Details(phone="1"))
    assert Screen(workshop.render().html).links == [("info@alt.example", "mailto:info@alt.example")]


def test_a_layout_of_ones_own_prints_details_as_they_are(workshop: Workshop) -> None:
    """There the author writes the links."""
    workshop.message("Text").write("layout.html", f'<a href="mailto:{{{{ new.email }}}}">{{{{ new.email }}}}</a>{BARE}')
    html = workshop.render().html
    assert html.startswith('<a href="mailto:info@neu.example">info@neu.example</a><p>Text')
