"""A template makes content: Subject, text, HTML, Reply-To and attachments, in the reader's language."""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
from dataclasses import replace
from pathlib import Path

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.core.campaign import DETAIL_LABELS, Campaign, Change, Details
from notify.core.message import Attachment, Content
from notify.rendering import Template
from notify.rendering.markdown import to_text
from tests.audiences import TO_EVERYBODY
from tests.unit.rendering.screen import html_of
from tests.unit.rendering.workshop import BARE, CHANGE, SENDER, SHOWN, WHO, Workshop, render

OURS = Path(__file__).parents[3] / "notify" / "examples" / "templates" / "change-of-details"


def test_a_message(workshop: Workshop) -> None:
    """Headers, greeting, values of the campaign, of the contact and of its row."""
    workshop.message(
        "{{ salutation }}\n\nab dem {{ effective }} {{ new.email }} statt {{ old.email }}, {{ contact.company }},\n"
        "Kundennummer {{ row['Kd.-Nr.'] }}.\n\n**{{ sender.name }}** <{{ sender.email }}>, {{ sender.reply_to }}\n",
        headers="Subject:  Neue Adresse ab {{ effective }}: {{ sender.name }} \nReply-To: {{ new.email }}\n",
    )
    content = workshop.render(salutation="Sehr geehrte Frau Beispiel,", company="Muster & Co", row={"Kd.-Nr.": "007"})
    assert content.subject == "Neue Adresse ab 1. Dezember 2026: Muster PR"
    assert content.reply_to == "info@neu.example"
    assert content.attachments == ()
    assert content.text == (
        "Sehr geehrte Frau Beispiel,\n\n"
        "ab dem 1. Dezember 2026 info@neu.example statt info@alt.example, Muster & Co,\n"
        "Kundennummer 007.\n\n"
        "Muster PR <info@alt.example>, info@neu.example\n"
    )
    assert '<p style="margin:0 0 16px">Sehr geehrte Frau Beispiel,</p>\n' in content.html
    assert "Muster &amp; Co,<br>\nKundennummer 007." in content.html
    assert "<title>Neue Adresse ab 1. Dezember 2026: Muster PR</title>" in content.html
    assert content.html.startswith('<!doctype html>\n<html lang="de">')


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_marks_do_not_matter(workshop: Workshop, line_end: str, bom: bytes) -> None:
    """Whichever editor a template was saved with, it is the same message."""
    text = "subject :  Grüße\nREPLY-TO:info@neu.example\n\n{% if language %}\nZeile\n{% endif %}\n\nÄrger\n"
    content = workshop.write("message.de.md", bom + text.replace("\n", line_end).encode()).render()
    assert (content.subject, content.reply_to, content.text) == ("Grüße", "info@neu.example", "Zeile\n\nÄrger\n")


def test_languages(workshop: Workshop) -> None:
    """Each language has its file, its dates and its labels; a template may be written in one only."""
    body = "{{ language }} {{ effective }}{% for change in changes %} {{ change.label }}{% endfor %}"
    assert workshop.message(body).open().languages == ("de",)
    template = workshop.message(body, name="message.en.md").open()
    assert template.languages == ("de", "en")
    assert template.render("de", "", {}, WHO).text == "de 1. Dezember 2026 E-Mail Telefon Website\n"
    assert template.render("en", "", {}, WHO).text == "en 1 December 2026 E-mail Phone Website\n"
    (workshop.folder / "message.de.md").unlink()
    assert workshop.open().languages == ("en",)
    assert workshop.open("message.en.md").languages == ("en",)


def test_other_files_are_left_alone(workshop: Workshop) -> None:
    """Notes, drafts and copies of editors in the folder are no messages."""
    for name in ("readme.md", "message.de.md~", "message.de.html", ".message.en.md.swp", "entwurf.en.md"):
        workshop.write(name, "{{ nonsense")
    assert workshop.message("Text").open().languages == ("de",)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("{{ effective }}", "1. Dezember 2026"),
        ("{{ effective ~ '!' }}", "1. Dezember 2026!"),
        ("{{ effective|upper }}", "1. DEZEMBER 2026"),
        ("{{ effective.strftime('%d.%m.%y') }}", "01.12.26"),
        ("{{ effective.isoformat() }}", "2026-12-01"),
        ("{{ effective.year }}", "2026"),
        ("{{ '%s'|format(effective) }}", "1. Dezember 2026"),
        ("{{ '{}'.format(effective) }}", "1. Dezember 2026"),
        ("{% if effective.month == 12 %}ja{% endif %}", "ja"),
        ("{% if old_works_until %}x{% else %}kein Ende{% endif %}", "kein Ende"),
        ("{{ old_works_until or 'bald' }}", "bald"),
        ("{{ new.phone or 'keine' }}", "keine"),
        ("{{ new.phone|default('keine') }}", "keine"),
        ("{{ 'x' if new.phone is defined else 'keine' }}", "keine"),
        ("{% if old.phone and not new.phone %}keine mehr{% endif %}", "keine mehr"),
        ("{% if old.mobile == new.mobile %}gleich{% endif %}", "gleich"),
        ("{% if old.phone != new.phone %}anders{% endif %}", "anders"),
        ("{% if old.city == new.city %}gleich{% endif %}", "gleich"),
        ("{% for x in changes if x.old and x.new %}{{ x.label }}{% endfor %}", "E-Mail"),
        ("{% for x in changes %}{{ x.old or '–' }} {% endfor %}", "info@alt.example +49 40 111111 –"),
        ("{% for x in changes %}{{ x.new or '–' }} {% endfor %}", "info@neu.example – https://muster.example"),
        ("{% for i in range(3) %}{{ i }}{% endfor %}", "012"),
        ("{% set sep = joiner(', ') %}{% for x in 'ab' %}{{ sep() }}{{ x }}{% endfor %}", "a, b"),
    ],
)
def test_what_the_campaign_says(workshop: Workshop, expression: str, text: str) -> None:
    """Dates in words, details that are there, and a way to ask for those that are not."""
    assert workshop.message(expression).render().text.rstrip() == text


def test_plain_text_only(workshop: Workshop) -> None:
    """A .txt template has no HTML and no Markdown, and keeps its blanks."""
    body = "\n\n  **{{ salutation }}**\n\n- <b>{{ contact.name }}</b>\n   Ende \n\n"
    content = workshop.message(body, name="message.de.txt").render(name="A & B\n<C>", salutation="Hallo")
    assert (content.text, content.html) == ("  **Hallo**\n\n- <b>A & B\n<C></b>\n   Ende \n", "")


def test_the_built_in_layout(workshop: Workshop) -> None:
    """It loads nothing from anywhere, and has the message once."""
    html = workshop.message("Hallo **Welt**").render().html
    assert html.count('<p style="margin:0 0 16px">Hallo <strong>Welt</strong></p>') == 1
    assert "http" not in html
    assert "src" not in html
    assert "ntfy" not in html


def test_an_own_layout(workshop: Workshop) -> None:
    """With everything that a message knows, its Subject, pictures inside of it, and pieces of its own."""
    workshop.message("Text").write("fuss.html", "<hr>{{ row.Ort }}")
    workshop.write(
        "layout.html",
        '<img src="data:image/png;base64,AA=="><h1>{{ subject|e }}</h1>{{ body|safe }}{{ contact.company }}'
        "{% if new.phone %}x{% endif %}{% include 'fuss.html' %}<a href='https://muster.example'>x</a>",
    )
    assert workshop.render(company="A & B\nC", row={"Ort": "<Bremen>"}).html == (
        '<img src="data:image/png;base64,AA=="><h1>Neues</h1><p>Text</p>\nA &amp; B<br>\nC'
        "<hr>&lt;Bremen&gt;<a href='https://muster.example'>x</a>"
    )


def test_headers_may_be_longer_than_a_line_of_mail(workshop: Workshop) -> None:
    """A Subject has loops and conditions, and is one line in the end."""
    headers = "Subject: {% for c in changes %}{{ c.label }}, {% endfor %}{# Kommentar #} ab {{ effective }}\n"
    content = workshop.message("x", headers=headers).render()
    assert content.subject == "E-Mail, Telefon, Website, ab 1. Dezember 2026"


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("{{ sender.reply_to }}", ""),
        ("Büro <info@neu.example>", "Büro"),
        ('"Muster, PR" <info@neu.example>', "Muster, PR"),
        (" info@NEU.example ", ""),
        ("<info@neu.example>", ""),
    ],
)
def test_reply_to(workshop: Workshop, value: str, name: str) -> None:
    """An address, its domain in lower case, and the name before it."""
    workshop.message("x", headers=f"Subject: x\nReply-To: {value}\n")
    content = workshop.render()
    assert (content.reply_to.lower(), content.reply_to_name) == ("info@neu.example", name)


def test_attachments(workshop: Workshop) -> None:
    """Looked for beside the template, then in the campaign folder; read once, with type and bare name."""
    (workshop.root / "anlagen").mkdir()
    (workshop.root / "preise.pdf").write_bytes(b"campaign")
    (workshop.root / "anlagen" / "Größe & Maß.pdf").write_bytes(b"%PDF-1.7\r\n\x00")
    (workshop.folder / "link.png").symlink_to("bild.png")
    workshop.write("bild.png", b"png").write("preise.pdf", b"template").write("unbekannt", b"?").write("a.tar.gz", b"!")
    names = ["preise.pdf", "anlagen/Größe & Maß.pdf", "link.png", "unbekannt", "a.tar.gz", "./preise.pdf"]
    headers = "".join(f"Attachment: {name}\n" for name in names)
    template = workshop.message("x", headers=f"{headers}Subject: x\n").open()
    content = template.render("de", "", {}, WHO)
    assert content.attachments == (
        Attachment("preise.pdf", "application/pdf", b"template"),
        Attachment("Größe & Maß.pdf", "application/pdf", b"%PDF-1.7\r\n\x00"),
        Attachment("bild.png", "image/png", b"png"),
        Attachment("unbekannt", "application/octet-stream", b"?"),
        Attachment("a.tar.gz", "application/octet-stream", b"!"),
        Attachment("preise.pdf", "application/pdf", b"template"),
    )
    workshop.write("preise.pdf", b"changed")
    assert template.render("de", "", {}, WHO).attachments[0].octets == b"template"


def test_parts(workshop: Workshop) -> None:
    """Everything that decides what is sent is named, so that a change in the middle of a campaign is seen."""
    workshop.message("{% include 'gruss.md' %}", headers="Subject: x\nAttachment: a/x.pdf\nAttachment: b/x.pdf\n")
    workshop.message("Text", name="message.en.txt").write("gruss.md", "Gruß").write("layout.html", BARE)
    workshop.write("a/x.pdf", b"one").write("b/x.pdf", b"two").write("ungenutzt.md", "x")
    parts = workshop.open().parts
    assert parts == {
        f"{SHOWN}/message.de.md": (workshop.folder / "message.de.md").read_text(),
        f"{SHOWN}/message.en.txt": "Subject: Neues\n\nText",
        f"{SHOWN}/gruss.md": "Gruß",
        f"{SHOWN}/layout.html": BARE,
        f"{SHOWN}/message.de.md: attachment a/x.pdf": hashlib.sha256(b"one").hexdigest(),
        f"{SHOWN}/message.de.md: attachment b/x.pdf": hashlib.sha256(b"two").hexdigest(),
    }
    # whichever part is changed, it shows
    for name in ("message.de.md", "gruss.md", "layout.html", "a/x.pdf", "b/x.pdf"):
        path = workshop.folder / name
        path.write_bytes(path.read_bytes() + b"\n")
        assert workshop.open().parts != parts
        parts = workshop.open().parts


def test_parts_of_one_file(workshop: Workshop) -> None:
    """A template that is one file is made of that one, and of what it includes."""
    workshop.message("{% include 'gruss.md' %}").write("gruss.md", "Gruß").message("x", name="message.en.md")
    assert set(workshop.open("message.de.md").parts) == {f"{SHOWN}/message.de.md", f"{SHOWN}/gruss.md"}


def test_only_what_differs_is_announced(workshop: Workshop) -> None:
    """The list of changes has no line for what stays, and none for what was never there."""
    workshop.change = Change(
        old=Details(email="a@alt.example", street="Weg 1", postcode="20095", city="Hamburg", fax="1"),
        new=Details(email="a@neu.example", street="Weg 2", postcode="20095", city="Hamburg"),
    )
    workshop.message("{% for x in changes %}\n- {{ x.label }}: {{ x.old }} → {{ x.new or 'entfällt' }}\n{% endfor %}")
    assert workshop.render().text == (
        "- E-Mail: a@alt.example → a@neu.example\n- Fax: 1 → entfällt\n- Straße: Weg 1 → Weg 2\n"
    )


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(
    "change",
    [
        CHANGE,
        replace(CHANGE, old_works_until=dt.date(2027, 1, 31)),
        replace(CHANGE, effective=None),
        replace(CHANGE, new=replace(CHANGE.old, phone="+49 40 222222")),
        replace(CHANGE, old=Details(), new=Details(street="Weg 2", postcode="20095", city="Hamburg", mobile="0170")),
        replace(CHANGE, old=CHANGE.old, new=Details(email="a@b.example", iban="DE89", country="Österreich", fax="9")),
    ],
)
def test_the_example_template(tmp_path: Path, language: str, change: Change) -> None:
    """The template that comes with notify renders for whatever is announced, and reads well."""
    template = Template(
        OURS,
        "templates/change-of-details",
        Campaign("x", SENDER, "de", change, disclosure=TO_EVERYBODY),
        tmp_path,
        lambda _: "",
    )
    content = template.render(language, "Guten Tag Kim Yu,", {}, WHO)
    assert content.text.startswith("Guten Tag Kim Yu,\n\n")
    assert "Muster PR" in content.subject
    place = {DETAIL_LABELS[language][name] for name in ("street", "postcode", "city", "country")}
    for one in change.changes(language):
        # an address stands on one line
        assert ({"de": "Anschrift", "en": "Address"}[language] if one.label in place else one.label) in content.text
        assert one.new in content.text
    for wrong in ("None", "{{", "{%", "|", "**", "ntfy", " ,", " .", "\n\n\n"):
        assert wrong not in content.text
    assert '<table class="rows few" ' in content.html
    assert template.named.contact == template.named.row == frozenset()


#: Pieces of templates, in which words stand for values.
PIECES = [
    "{{ salutation }}\n",
    "{{ contact.company }}\n",
    "# {{ contact.company }}\n",
    "**{{ contact.company }}** und *{{ row.Ort }}*{{ row.Ort }}\n",
    "- {{ row.Ort }}\n- {{ contact.company }}\n  - {{ salutation }}\n",
    "1. {{ row.Ort }}\n2. x\n",
    "> {{ row.Ort }}\n>\n> {{ contact.company }}\n",
    "| a | {{ row.Ort }} |\n|---|---|\n{% for c in changes %}\n| {{ c.label }} | {{ row.Ort }} |\n{% endfor %}\n",
    "| a | b | c |\n|---|---|---|\n| 1 | {{ row.Ort }} | {{ contact.company }} |\n",
    "{% if row.Ort %}\nOrt: {{ row.Ort }}\n{% else %}\nkein Ort\n{% endif %}\n",
    "{% for c in changes %}\n- {{ c.label }}\n{% if c.old %}\n  - {{ row.Ort }}\n{% endif %}\n{% endfor %}\n",
    "{% macro m(x) %}**{{ x }}**{% endmacro %}{{ m(row.Ort) }} {{ m(contact.company) }}\n",
    "{% set b %}- {{ row.Ort }}{% endset %}\n{{ b }}\n{{ b }}\n",
    "{{ row.Ort|upper }}{{ contact.company|lower }}{{ row.Ort ~ contact.company }}\n",
    "[{{ row.Ort }}](https://muster.example/{{ row.Ort }})\n",
    "`{{ row.Ort }}` ~~{{ contact.company }}~~ \\*{{ row.Ort }}\\*\n",
    "```\n{{ row.Ort }}\n```\n",
    "    {{ row.Ort }}\n",
    "{{ row.Ort }}  \n{{ contact.company }}\\\nEnde\n",
    "{{ row.Ort }}\n===\n",
    "---\n",
    "\n",
]
words = st.text("abcxyzABCXYZäß", min_size=1, max_size=8).map(lambda word: f"q{word}q")


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=8), words, words, words)
def test_slots_change_nothing(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[str], salutation: str, company: str, ort: str
) -> None:
    """For words without special meaning both parts are what Jinja and Markdown make of them without any slots."""
    source = "\n".join(pieces)
    workshop = Workshop(tmp_path_factory.mktemp("plain")).message(source).write("layout.html", BARE)
    content = workshop.render(salutation=salutation, company=company, row={"Ort": ort})
    plain = jinja2.Environment(trim_blocks=True, lstrip_blocks=True, autoescape=False).from_string(source)  # noqa: S701
    markdown = plain.render(
        salutation=salutation,
        contact={"company": company},
        row={"Ort": ort},
        changes=list(workshop.change.changes("de")),
    )
    assert content.html == html_of(markdown.strip("\n"))
    assert content.text == to_text(markdown.strip("\n"))


def test_equal_values_do_no_harm(workshop: Workshop) -> None:
    """Two contacts of one shape, of which one has the same word twice, each get their own."""
    template = workshop.message("{{ contact.name }} – {{ contact.company }} – {{ row.Ort }}").open()
    for values in ("abc", "aab", "aba", "baa", "aaa", "abc", "cba"):
        content = render(template, name=values[0], company=values[1], row={"Ort": values[2]})
        assert content.text == " – ".join(values) + "\n"
        assert f">{' – '.join(values)}</p>" in content.html


def test_threads_render_at_once(workshop: Workshop) -> None:
    """Each gets its own message: nobody reads another's name."""
    workshop.message(
        "{{ salutation }}\n\n{% if contact.company %}**{{ contact.company }}**{% endif %}\n\n"
        "{% for c in changes %}\n- {{ c.label }} {{ row.Ort }}\n{% endfor %}",
        headers="Subject: An {{ contact.company }}\nReply-To: {{ contact.email }}\n",
    )

    def written(template: Template, name: str) -> Content:
        company = name * (len(name) % 3)
        return render(template, salutation=name, company=company, row={"Ort": name}, email=f"{name}@example.com")

    names = [[f"{letter * (number % 7)}{number}" for number in range(100)] for letter in "pqrs"]
    alone, shared = workshop.open(), workshop.open()
    expected = [[written(alone, name) for name in mine] for mine in names]
    start = threading.Barrier(len(names))
    found: list[list[Content]] = [[] for _ in names]

    def run(place: int) -> None:
        start.wait()
        found[place] = [written(shared, name) for name in names[place]]

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(names))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == expected
