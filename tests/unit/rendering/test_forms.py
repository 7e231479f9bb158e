"""A template has a text for Sie and one for Du, or one that asks; nobody is sent the other one's."""

from __future__ import annotations

import pytest

from notify.core.form import Form, Wording
from notify.errors import InputError
from notify.rendering import Template
from tests.unit.rendering.workshop import SHOWN, WHO, Workshop

SIE, DU = Form.FORMAL, Form.FAMILIAR


def _text(template: Template, form: Form, language: str = "de", cell: str = "") -> str:
    return template.render(language, "Hallo,", {"contact": {"form": cell}, "row": {}}, WHO, form=form).text.strip()


def test_each_form_has_its_text(workshop: Workshop) -> None:
    """By language and form: subject, words and attachments are those of the own text; all of them are parts."""
    workshop.message("Sie").message("Du", name="message.de.du.md").message("Tu", name="message.fr.du.txt")
    template = workshop.open()
    assert [_text(template, SIE), _text(template, DU), _text(template, DU, "fr")] == ["Sie", "Du", "Tu"]
    assert template.languages == ("de", "fr")
    assert set(template.wordings) == {Wording("de"), Wording("de", DU), Wording("fr", DU)}
    assert template.text_of(Wording("de", DU)).endswith("Du")
    assert template.label_of(Wording("fr", DU)) == f"{SHOWN}/message.fr.du.txt"
    assert {f"{SHOWN}/message.de.md", f"{SHOWN}/message.de.du.md", f"{SHOWN}/message.fr.du.txt"} == set(template.parts)


@pytest.mark.parametrize(("name", "form"), [("message.de.md", DU), ("message.de.du.md", SIE), ("message.fr.md", DU)])
def test_without_a_text_nothing_is_rendered(workshop: Workshop, name: str, form: Form) -> None:
    """Where there is no text in the form, none is taken in its place, and the contact is named."""
    template = workshop.message("Text", name=name).open()
    language = name.split(".")[1]
    assert template.wording_for(language, form) is None
    with pytest.raises(InputError, match=WHO):
        _text(template, form, language)


def test_english_has_one_text_for_both(workshop: Workshop) -> None:
    """In English a text serves both forms, unless there is one of each."""
    template = workshop.message("Hello", name="message.en.md").open()
    assert _text(template, DU, "en") == "Hello"
    template = workshop.message("Hi", name="message.en.du.md").open()
    assert [_text(template, form, "en") for form in Form] == ["Hello", "Hi"]


def test_one_file_by_itself(workshop: Workshop) -> None:
    """The text with Du may be the whole template."""
    template = workshop.message("Sie").message("Du", name="message.de.du.md").open("message.de.du.md")
    assert (_text(template, DU), template.wordings) == ("Du", (Wording("de", DU),))


@pytest.mark.parametrize(
    "body",
    [
        '{% if form == "Du" %}Du{% else %}Sie{% endif %}',
        '{{ "Du" if form == "Du" else "Sie" }}',
        '{% set du = contact.form|lower == "du" %}{% if du %}Du{% else %}Sie{% endif %}',
        '{% set du = contact["form"] == "Du" %}{{ "Du" if du else "Sie" }}',
        '{% if "u" in form %}Du{% else %}Sie{% endif %}',
    ],
)
@pytest.mark.parametrize("cell", ["", "per du", "x"])
def test_a_text_that_asks(workshop: Workshop, body: str, cell: str) -> None:
    """It is for both, and is answered with what has come of row, corrections and conditions, not with the cell."""
    template = workshop.message(body).open()
    assert template.asks_for_form(Wording("de"))
    assert [_text(template, form, cell=cell) for form in Form] == ["Sie", "Du"]


@pytest.mark.parametrize(
    "body",
    ["{{ form }}", "{{ contact.form }}", '{% if language == "de" %}Sie{% endif %}', '{% include "gruss.md" %} Sie'],
)
def test_a_text_that_does_not_ask(workshop: Workshop, body: str) -> None:
    """To print the form is not to have words for both; nor is a footer that asks and stands below any text."""
    workshop.write("gruss.md", '{% if form == "Du" %}Dein{% else %}Ihr{% endif %}')
    assert workshop.message(body).open().wording_for("de", DU) is None


def test_a_text_of_its_own_goes_before_one_that_asks(workshop: Workshop) -> None:
    """Where there is a text with Du, those greeted so get it."""
    workshop.message('{{ "Du?" if form == "Du" else "Sie" }}').message("Du", name="message.de.du.md")
    assert [_text(workshop.open(), form) for form in Form] == ["Sie", "Du"]
