"""The names of message files say for whom they are; a slip in one is told with the name that was meant."""

from __future__ import annotations

import pytest

from notify.core.form import Form, Wording
from notify.rendering.message_name import label_like, may_be_meant, wording_in
from tests.unit.rendering.workshop import SHOWN, Workshop

SUBJECT = "Subject: x\n\nText"


@pytest.mark.parametrize(
    ("name", "wording"),
    [
        ("message.de.md", Wording("de")),
        ("message.de.du.md", Wording("de", Form.FAMILIAR)),
        ("message.fr.du.txt", Wording("fr", Form.FAMILIAR)),
        ("message.en.txt", Wording("en")),
        *(
            (name, None)
            for name in ("message.du.md", "message.es.md", "message.de.Du.md", "message.de.sie.md", "x.de.md")
        ),
    ],
)
def test_what_a_name_says(name: str, wording: Wording | None) -> None:
    """The language, and .du for the text of those who are greeted with Du."""
    assert wording_in(name) == wording


@pytest.mark.parametrize(
    ("name", "mend"),
    [
        ("message.de.DU.md", "Call it message.de.du.md"),
        ("message.de.Du.txt", "Call it message.de.du.txt"),
        ("message.de-du.md", "Call it message.de.du.md"),
        ("message.de_du.md", "Call it message.de.du.md"),
        ("message.du.de.md", "Call it message.de.du.md"),
        ("message.de.informell.md", "Call it message.de.du.md"),
        ("message.fr.tu.md", "Call it message.fr.du.md"),
        ("message.fr.vous.md", "Call it message.fr.md"),
        ("message.de.sie.md", "Call it message.de.md"),
        ("message.deutsch.md", "Call it message.de.md"),
        ("message.DE.md", "Call it message.de.md"),
        ("Message.de.md", "Call it message.de.md"),
        ("message_de.md", "Call it message.de.md"),
        ("message.de.du.MD", "Call it message.de.du.md"),
        ("message.de.du.markdown", "Call it message.de.du.md"),
        ("message.du.md", "Say its language too, such as message.de.du.md"),
        ("message.txt", "Say its language too, such as message.de.txt"),
        ("message.es.md", "LANG is one of de, en, fr; a file that is no message is called otherwise."),
        ("message.de.en.md", "LANG is one of de, en, fr; a file that is no message is called otherwise."),
        ("message.de.entwurf.md", "LANG is one of de, en, fr; a file that is no message is called otherwise."),
    ],
)
@pytest.mark.parametrize("alone", [False, True], ids=["in its folder", "named itself"])
def test_a_slip_in_a_name(workshop: Workshop, name: str, mend: str, *, alone: bool) -> None:
    """It is an error with the name that was meant: left out in silence, the other text would go to everybody."""
    workshop.write("message.en.md", SUBJECT).write(name, SUBJECT)
    with pytest.raises(Exception, match="says its language and form") as refused:
        workshop.open(name if alone else "")
    assert str(refused.value).startswith(f"{SHOWN}/{name}: ")
    assert getattr(refused.value, "hint", "") == mend


@pytest.mark.parametrize(
    "name", ["message-alt.de.md", "messages.de.md", "message.de.md~", "message.de.html", "gruss.md"]
)
def test_what_is_no_message(name: str) -> None:
    """What lies beside the messages and is called otherwise is nobody's slip."""
    assert not may_be_meant(name)


def test_two_files_for_the_same(workshop: Workshop) -> None:
    """A language may have one text of each form, whatever its ending."""
    for name in ("message.de.md", "message.de.du.md", "message.de.du.txt"):
        workshop.write(name, SUBJECT)
    assert workshop.refused().message == (
        f"{SHOWN}/message.de.du.txt: there is message.de.du.md too, for the same language and form."
    )


def test_the_name_of_another_text() -> None:
    """It stands beside the one that is there, and is of its kind."""
    assert label_like("templates/x/message.de.txt", Wording("de", Form.FAMILIAR)) == "templates/x/message.de.du.txt"
    assert label_like("message.fr.du.md", Wording("fr")) == "message.fr.md"
