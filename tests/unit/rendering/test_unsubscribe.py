"""How a newsletter says how to unsubscribe: in every part, with a link that leads where it says; a notice does not."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from notify.core.message import Content
from notify.rendering import Template
from tests.unit.rendering.workshop import BARE, WHO, Workshop

PAGE = "https://muster.example/abmelden?t={token}&x=1"
BY_MAIL = {
    "de": "Newsletter abbestellen: eine Mail mit dem Betreff „abbestellen“ an info@neu.example",
    "en": "Unsubscribe: a mail with the subject “unsubscribe” to info@neu.example",
    "fr": "Se désabonner: un e-mail avec l’objet « desabonnement » à info@neu.example",
}


class Links(HTMLParser):
    """The links of a page: where each leads, by its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._target = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of a link."""
        self._target = dict(attrs).get("href") or "" if tag == "a" else self._target

    def handle_data(self, data: str) -> None:
        """Take note of its text."""
        if self._target:
            self.found[data] = self._target
            self._target = ""


@pytest.fixture
def newsletter(workshop: Workshop) -> Workshop:
    """Give the template folder of a newsletter."""
    workshop.kind = "newsletter"
    return workshop.write("layout.html", BARE)


def _render(template: Template, language: str = "de", **given: str) -> Content:
    return template.render(language, "Guten Tag,", {"contact": {}, "row": {}, **given}, WHO)


@pytest.mark.parametrize("language", BY_MAIL)
@pytest.mark.parametrize("ending", ["md", "txt"])
def test_by_mail(newsletter: Workshop, language: str, ending: str) -> None:
    """Without a page the line asks for a mail, and the address in it writes that mail."""
    newsletter.message("Neues.\n\n{{ unsubscribe }}\n", name=f"message.{language}.{ending}")
    content = _render(newsletter.open(), language)
    assert content.text == f"Neues.\n\n{BY_MAIL[language]}\n"
    assert content.unsubscribe == ""
    if ending == "md":
        link = Links(content.html).found["info@neu.example"]
        subject = link.removeprefix("mailto:info@neu.example?subject=")
        assert re.search(rf"[„“«] ?{subject} ?[“”»]", content.text)


def test_by_a_page(newsletter: Workshop) -> None:
    """With a page the line names its address for this reader, in HTML behind a word; the header gets the same one."""
    newsletter.unsubscribe = PAGE
    template = newsletter.message("{{ unsubscribe }}\n").open()
    for token in ("abc234", "xyz567"):
        content = _render(template, token=token)
        page = f"https://muster.example/abmelden?t={token}&x=1"
        assert content.text == f"Newsletter abbestellen: {page}\n"
        assert Links(content.html).found == {"Newsletter abbestellen": page}
        assert content.unsubscribe == page


@pytest.mark.parametrize("page", ["", PAGE])
def test_in_own_words(newsletter: Workshop, page: str) -> None:
    """A template may word the line itself around its link; and it may stand in the layout too."""
    newsletter.unsubscribe = page
    newsletter.message("[Genug davon]({{ unsubscribe.link }})\n")
    newsletter.write("layout.html", BARE + "<footer>{{ unsubscribe }}</footer>")
    content = _render(newsletter.open(), token="abc234")
    links = Links(content.html).found
    assert set(links.values()) == {content.unsubscribe or "mailto:info@neu.example?subject=abbestellen"}
    assert len(links) == 2
    assert links["Genug davon"].removeprefix("mailto:") in content.text


@pytest.mark.parametrize(
    ("body", "layout", "part"),
    [
        ("Neues.", BARE, "It has no such line"),
        ("Neues an info@neu.example, Betreff abbestellen.", BARE, "It has no such line"),
        ("{% if contact.city %}{{ unsubscribe }}{% endif %}", BARE, "It has no such line"),
        ("Neues.", BARE + "{{ unsubscribe }}", "Its plain text has no such line"),
    ],
)
def test_it_must_be_said(newsletter: Workshop, body: str, layout: str, part: str) -> None:
    """A newsletter of which a part does not say it is refused, whatever its template could have printed."""
    error = newsletter.message(body).write("layout.html", layout).refused()
    assert error.message == (
        f"templates/notice/message.de.md: a newsletter says how to unsubscribe. {part} (for the contact at {WHO})."
    )
    assert "{{ unsubscribe }}" in error.hint


def test_plain_text_must_say_it_too(newsletter: Workshop) -> None:
    """A newsletter in plain text has one part, and that says it."""
    assert "It has no such line" in newsletter.message("Neues.", name="message.de.txt").refused().message


def test_a_notice_has_none(workshop: Workshop) -> None:
    """Nobody unsubscribes from a notice: printing it is an error with its line, asking for it is not."""
    error = workshop.message("Neues.\n\n{{ unsubscribe }}").refused()
    assert error.message.startswith("templates/notice/message.de.md:5: nobody unsubscribes from a notice; ")
    for body in ("{{ unsubscribe.link }}", "[weg]({{ unsubscribe.link }})"):
        assert "unsubscribe" in workshop.message(body).refused().message
    workshop.message("Neues.{% if unsubscribe %}{{ unsubscribe }}{% endif %}")
    assert workshop.render().text == "Neues.\n"
    assert workshop.render().unsubscribe == ""


def test_a_cell_is_no_link(newsletter: Workshop) -> None:
    """What a contact's cell says stays text, though it reads like the line."""
    newsletter.message("{{ row.Notiz }}\n\n{{ unsubscribe }}")
    cell = f"{BY_MAIL['de']} <b>"
    html = newsletter.render(row={"Notiz": cell}).html
    assert len(Links(html).found) == 1
    assert "<b>" not in html


def test_code(workshop: Workshop) -> None:
    """The code that is given is printed in every part, and a template tells whether it prints codes."""
    assert not workshop.message("Neues.").open().prints_codes
    template = workshop.message("{% if code %}Prüfwort: {{ code }}{% endif %}", headers="Subject: {{ code }}\n").open()
    assert template.prints_codes
    content = _render(template, code="Ahorn 4271")
    assert (content.subject, content.text) == ("Ahorn 4271", "Prüfwort: Ahorn 4271\n")
    assert "Prüfwort: Ahorn 4271" in content.html


@pytest.mark.parametrize("page", ["", PAGE])
def test_its_link_is_drawn_like_all_others(workshop: Workshop, page: str) -> None:
    """The rules of the layout are in the tags before the line is put in, and they hold for it too."""
    workshop.kind, workshop.unsubscribe = "newsletter", page
    html = workshop.message("https://muster.example/neues\n\n{{ unsubscribe }}\n").render().html
    styles = re.findall(r'<a [^>]*style="([^"]*)"', html)
    assert len(styles) == html.count("<a ") == 2
    assert styles[0] == styles[1]
    assert "color" in styles[0]


def test_a_layout_without_rules_draws_no_link(newsletter: Workshop) -> None:
    """Then the link is left to the mail program, as the others are."""
    assert "style" not in newsletter.message("{{ unsubscribe }}\n").render().html
