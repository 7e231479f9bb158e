"""Whoever's values are filled in gets the message that a content written out would have made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notify.composing import Composer, pieced_body
from notify.composing.body import quoted_printable
from notify.core.campaign import Sender
from notify.core.message import Attachment, Content, Filled, Mailbox, Message
from notify.core.pieced import Own, Pieces

SENDER = Sender(Mailbox("Muster PR", "info@alt.example"), "info@neu.example", "bounces@neu.example")
DATE = dt.datetime(2026, 12, 1, 9, 5, 7, tzinfo=dt.UTC)
LETTER = Attachment("Anschrift.pdf", "application/pdf", bytes(range(99)))
LOGO = Attachment("logo.png", "image/png", bytes(range(9)), "logo@neu.example")

#: What moves the ends of pieces about, begins a line with a dot, or is half of something.
_AWKWARD = ["", "x", " ", "\n", "\r", ".x", "\n.x", "\r\n.x", "=", "ü", "x" * 76, "\ud83d", "\ude00"]
shared_texts = st.lists(st.lists(st.sampled_from(_AWKWARD), max_size=3).map("".join), min_size=1, max_size=5)
own_values = st.lists(st.sampled_from(_AWKWARD) | st.text(max_size=9), min_size=3, max_size=3)


def shout(value: str) -> str:
    """Write a value in another way."""
    return value.upper()


def pieces(shared: Sequence[str]) -> Pieces:
    """Return a text with gaps between these, in which some values are written twice."""
    own: list[Own] = [(shout if gap % 2 else str, gap % 3) for gap in range(len(shared) - 1)]
    return Pieces(tuple(shared), own)


def filled(values: Sequence[str], text: Pieces, html: Pieces | None, *, pictures: bool, attachments: bool) -> Filled:
    """Return what somebody reads."""
    return Filled("Neues", text, html, values, "", (LETTER,) * attachments, "", (LOGO,) * pictures, "")


def compose(composer: Composer, content: Content | Filled) -> tuple[Message, str, bytes]:
    """Return the message, and what is made of it."""
    message = composer.compose(content, Mailbox("Erika", "erika@kunde.example"), "<1@alt.example>", DATE)
    return message, message.digest, message.stuffed


@given(shared_texts, st.just([]) | shared_texts, st.lists(own_values, min_size=2, max_size=3), st.booleans())
@example(["", "\n"], [], [[".x", "", ""], ["a", "", ""]], False)
@example([".x\n", "\n"], ["\n", ".x\n"], [["a", "b", "c"], ["\r", ".", ""]], True)
def test_filled_and_written_out(text: list[str], html: list[str], people: list[list[str]], more: bool) -> None:
    """It is the same, octet by octet, for one after the other, and whatever cannot be encoded by itself."""
    composer, parts = Composer(SENDER), (pieces(text), pieces(["<p>", *html]) if html else None)
    for values in [*people, *people]:
        for pictures, attachments in ((more, False), (False, more), (True, True)):
            one = filled(values, *parts, pictures=pictures, attachments=attachments)
            assert compose(composer, one) == compose(Composer(SENDER), one.content)


@pytest.mark.parametrize("html", [None, pieces([""])])
def test_no_html(html: Pieces | None) -> None:
    """An HTML in which nothing stands is none, whoever reads it."""
    one = filled(["Anna", "", ""], pieces(["Guten Tag ", "\n"]), html, pictures=False, attachments=False)
    assert compose(Composer(SENDER), one) == compose(Composer(SENDER), one.content)
    assert b"text/html" not in compose(Composer(SENDER), one)[2]


def test_what_is_shared_is_encoded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the next message only what is its own is encoded: a long text costs no more than a short one."""
    seen: list[str] = []
    text, composer = pieces(("Gr\u00fc\u00dfe " * 500, "\n\n" + "text " * 500 + "\n")), Composer(SENDER)
    compose(composer, filled(["Anna"], text, text, pictures=False, attachments=False))

    def noting(text: str) -> bytes:
        seen.append(text)
        return quoted_printable(text)

    monkeypatch.setattr(pieced_body, "quoted_printable", noting)
    compose(composer, filled(["Am Hang\n1"], text, text, pictures=False, attachments=False))
    assert seen == ["Am Hang\n1\n"]
