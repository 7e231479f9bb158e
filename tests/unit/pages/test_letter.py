"""A message as the page reads it from its octets."""

from __future__ import annotations

import base64
from email import policy
from email.message import EmailMessage

from notify.pages.letter import read_letter
from tests.images import png

PNG = png()


def octets_of(message: EmailMessage) -> bytes:
    """Return a message as it travels."""
    return message.as_bytes(policy=policy.SMTP)


def test_text_html_pictures_and_files() -> None:
    """Each part is found in its place; a picture of the message stands in its HTML, and no file beside it."""
    message = EmailMessage()
    message["Subject"] = "Neue Anschrift: Straße 1"
    message["From"] = "Muster PR <info@alt.example>"
    message.set_content("Guten Tag,\r\nJörg\r\n")
    message.add_alternative('<img src="cid:logo@x"><p>Jörg</p>', subtype="html")
    html = message.get_payload()[1]  # type: ignore[index]  # it has parts
    assert isinstance(html, EmailMessage)
    html.add_related(PNG, "image", "png", cid="<logo@x>")
    message.add_attachment(b"%PDF-1.7", "application", "pdf", filename="../../etc/Brief „neu“.pdf")
    letter = read_letter(octets_of(message))
    assert letter.subject == "Neue Anschrift: Straße 1"
    assert letter.text == "Guten Tag,\nJörg\n"
    assert letter.html == f'<img src="data:image/png;base64,{base64.b64encode(PNG).decode()}"><p>Jörg</p>\n'
    assert [(file.name, file.content_type, file.octets, file.saved_as) for file in letter.files] == [
        ("../../etc/Brief „neu“.pdf", "application/pdf", b"%PDF-1.7", "attachment-1.pdf")
    ]
    assert ("From", "Muster PR <info@alt.example>") in letter.headers
    assert letter.source.splitlines()[0].startswith("Subject: Neue Anschrift: =?utf-8?")


def test_a_picture_that_is_none_stays_where_it_is() -> None:
    """What is called by an image's name and is a page of its own does not get into the HTML."""
    message = EmailMessage()
    message.set_content('<img src="cid:x"><img src="cid:gone">', subtype="html")
    message.add_related(b"<script>alert(1)</script>", "text", "html", cid="<x>")
    assert "cid:x" in read_letter(octets_of(message)).html
    assert "data:" not in read_letter(octets_of(message)).html


def test_whatever_it_is_something_is_shown() -> None:
    """Broken messages are read as well."""
    for octets in (
        b"",
        b"\r\n\r\n",
        b"no header",
        b"Subject: \xff\xfe\r\n\r\n\xff",
        b"Content-Type: text/plain; charset=nonsense\r\n\r\nJ\xc3\xb6rg",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\n--x",
        b"Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!",
        b"Content-Disposition: attachment; filename*=utf-8''%00%0d%0a\r\nContent-Type: a/b\r\n\r\nx",
    ):
        letter = read_letter(octets)
        assert letter.octets == len(octets)
        assert all("\n" not in file.name for file in letter.files)
    assert read_letter(b"Content-Type: text/plain; charset=nonsense\r\n\r\nJ\xc3\xb6rg").text == "Jörg"
