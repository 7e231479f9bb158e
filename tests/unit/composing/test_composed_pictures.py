"""Pictures: beside the HTML that shows them, by their Content-ID; and each file encoded once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from notify.composing import Composer
from notify.composing.attachment import part
from notify.core.message import Attachment, Content
from tests.images import GIF, png
from tests.unit.composing.test_composer import (
    CARD,
    CONTENT,
    DATE,
    LETTER,
    MESSAGE_ID,
    SENDER,
    TO,
    compose,
    parsed,
    shape,
)

LOGO = Attachment("Größe.png", "image/png", png(), "0123abcd@alt.example")
DOT = Attachment("punkt.gif", "image/gif", GIF, "ffff0000@alt.example")
SHOWN = replace(CONTENT, html='<p><img src="cid:0123abcd@alt.example"></p>\n', pictures=(LOGO, DOT))


@pytest.mark.parametrize("attachments", [(), (LETTER,), (LETTER, CARD)])
def test_pictures_stand_behind_the_html_that_shows_them(attachments: tuple[Attachment, ...]) -> None:
    """In a multipart/related whose root is the HTML (RFC 2387), inside of the alternative; attachments follow."""
    read = parsed(compose(replace(SHOWN, attachments=attachments)))
    body: object = {
        "multipart/alternative": ["text/plain", {"multipart/related": ["text/html", "image/png", "image/gif"]}]
    }
    kinds = [file.content_type.partition(";")[0] for file in attachments]
    assert shape(read) == ({"multipart/mixed": [body, *kinds]} if attachments else body)
    (related,) = (one for one in read.walk() if one.get_content_type() == "multipart/related")
    assert related.get_param("type") == "text/html"
    html = read.get_body(("html",))
    assert html is not None
    assert str(html.get_content()).replace("\r\n", "\n") == SHOWN.html
    pictures = [one for one in read.walk() if one.get_content_maintype() == "image"]
    assert [one["Content-ID"] for one in pictures] == [f"<{one.content_id}>" for one in (LOGO, DOT)]
    assert [one.get_content_disposition() for one in pictures] == ["inline", "inline"]
    assert [one.get_filename() for one in pictures] == [LOGO.filename, DOT.filename]
    assert [one.get_payload(decode=True) for one in pictures] == [LOGO.octets, DOT.octets]


def test_plain_text_has_no_pictures() -> None:
    """There is nothing that could show them."""
    assert compose(replace(SHOWN, html="")).octets == compose(replace(CONTENT, html="")).octets


def test_the_same_picture_twice_in_a_campaign_is_the_same_message() -> None:
    """With other messages in between, and from another composer."""
    composer = Composer(SENDER)
    first = composer.compose(SHOWN, TO, MESSAGE_ID, DATE)
    composer.compose(replace(SHOWN, pictures=(DOT,), attachments=(LETTER,)), TO, MESSAGE_ID, DATE)
    assert composer.compose(SHOWN, TO, MESSAGE_ID, DATE) == first == compose(SHOWN)


@pytest.mark.parametrize(
    "content_id", ["a b@x.example", "a@x.example>\r\nBcc: b@boese.example", "<a@b.example>", "ä@b"]
)
def test_a_content_id_that_is_none_is_an_error_of_ours(content_id: str) -> None:
    """It never comes from a user."""
    with pytest.raises(ValueError, match="Content-ID"):
        part(replace(LOGO, content_id=content_id))


def test_a_file_for_everybody_is_encoded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many get files of their own in between; of these, each is encoded for its message and let go."""
    encoded: list[str] = []

    def counting(attachment: Attachment) -> bytes:
        encoded.append(attachment.filename)
        return part(attachment)

    monkeypatch.setattr("notify.composing.composer.part", counting)
    monkeypatch.setattr("notify.composing.composer._MOST_KEPT", 300_000)
    composer = Composer(SENDER)
    for number in range(300):
        own = Attachment(f"{number}.pdf", "application/pdf", b"%PDF" + bytes(10_000))
        content = Content("x", "x", SHOWN.html, attachments=(LETTER, own), pictures=(LOGO,))
        composer.compose(content, TO, MESSAGE_ID, DATE)
    assert len(encoded) == 302
    kept = sum(len(file.octets) + len(made) for file, (made, _) in composer._parts._kept.items())  # noqa: SLF001
    assert kept <= 300_000
