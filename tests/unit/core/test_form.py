"""Which of a template's texts is for whom."""

from __future__ import annotations

import pytest

from notify.core.form import Form, Wording, chosen

SIE, DU = Form.FORMAL, Form.FAMILIAR


def test_names() -> None:
    """A text is called as the names of message files have it."""
    assert [str(Wording("de")), str(Wording("fr", DU))] == ["de", "fr.du"]
    assert (SIE.other, DU.other) == (DU, SIE)


@pytest.mark.parametrize(
    ("there", "language", "form", "text"),
    [
        ("de", "de", SIE, "de"),
        ("de", "de", DU, None),
        ("de.du", "de", SIE, None),
        ("de de.du", "de", DU, "de.du"),
        ("de de.du", "de", SIE, "de"),
        ("fr", "fr", DU, None),
        ("fr.du", "fr", SIE, None),
        # English says you to everybody
        ("en", "en", DU, "en"),
        ("en.du", "en", SIE, "en.du"),
        ("en en.du", "en", DU, "en.du"),
        ("en en.du", "en", SIE, "en"),
        # no other language takes the place of one
        ("de.du en", "fr", DU, None),
        ("de.du fr", "fr", DU, None),
        ("", "en", SIE, None),
    ],
)
def test_the_text_for_a_reader(there: str, language: str, form: Form, text: str | None) -> None:
    """The own language in the own form; another form only where the language does not tell them apart."""
    wordings = [Wording(name[:2], DU if name.endswith(".du") else SIE) for name in there.split()]
    found = chosen(wordings, language, form)
    assert (str(found) if found else None) == text
