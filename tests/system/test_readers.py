"""Messages as other people's programs read them: the same parts, names and texts in all of them."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from notify.composing import Composer
from notify.core.campaign import Sender
from notify.core.message import Attachment, Content, Mailbox
from tests.images import GIF, pixels, png
from tests.readers import READERS, Part

SENDER = Sender(Mailbox("Änne Große, Muster PR", "info@alt.example"), "info@neu.example", "info@neu.example")
DATE = dt.datetime(2026, 12, 1, 9, 0, tzinfo=dt.UTC)
LOGO = Attachment("Größe & Maß.png", "image/png", png(40, 30), "0123abcd@alt.example")
DOT = Attachment("punkt.gif", "image/gif", GIF, "ffff0000@alt.example")
TEXT = (
    "Guten Tag,\n\nÄnderung ab 1. Dezember: „neu“ = gültig\n.\nFrom hier\n" + "x" * 1500 + "\n王小明 👩\u200d👩\u200d👧"
)
HTML = f'<p>{TEXT}</p>\n<p><img src="cid:{LOGO.content_id}" alt="Logo"></p>'
NAMES = (
    *("preise.pdf", "Preisliste, Stand 1. 12.; neu.xlsx", "Neue Anschrift (gültig ab Dezember) – Größenübersicht.pdf"),
    *("连系方式变更通知.pdf", "100% neu's.pdf", "Ünïcödé " * 12 + "Ende.pdf", "vertrag.pdf.p7m", "brief.eml"),
)
FILES = tuple(Attachment(name, "application/octet-stream", bytes(range(256)) * 3 + name.encode()) for name in NAMES)
CARD = Attachment(
    "Änne Große.vcf", "text/vcard; charset=utf-8", "BEGIN:VCARD\r\nFN:Änne Große\r\nEND:VCARD\r\n".encode()
)
DAY = Attachment("termin.ics", "text/calendar; charset=utf-8; method=PUBLISH", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
EMPTY = Attachment("leer.bin", "application/octet-stream", b"")
SUBJECT = "Neue Adresse ab 1. Dezember: Änne Große, „Muster PR“ 王小明 " + "sehr " * 20 + "lang"
CONTENTS = {
    "text": Content(SUBJECT, TEXT),
    "html": Content(SUBJECT, TEXT, HTML),
    "pictures": Content(SUBJECT, TEXT, HTML, pictures=(LOGO, DOT)),
    "files": Content(SUBJECT, TEXT, attachments=(*FILES, CARD, EMPTY)),
    "everything": Content(SUBJECT, TEXT, HTML, attachments=(CARD, DAY, *FILES), pictures=(LOGO, DOT)),
    "ASCII": Content("Hello", "Hello\n", "<p>Hello</p>\n", attachments=(replace(CARD, octets=b"BEGIN:VCARD\r\n"),)),
}


def composed(content: Content) -> bytes:
    """Compose a message."""
    to = Mailbox("Müller, Jörg", "joerg@kunde.example")
    return Composer(SENDER).compose(content, to, "<1@alt.example>", DATE).octets


def is_there(reader: str) -> bool:
    """Tell whether a program can be asked; Perl needs a module."""
    if reader == "python":
        return True
    if shutil.which(reader) is None:
        return False
    return reader != "perl" or not subprocess.call(["perl", "-MEmail::MIME", "-e", "1"], stderr=subprocess.DEVNULL)


@pytest.mark.long
@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", CONTENTS)
def test_another_program_reads_the_same(tmp_path: Path, reader: str, name: str) -> None:
    """Parts in their order, names, octets and subject, as they were given."""
    if not is_there(reader):
        pytest.skip(f"{reader} is not installed")
    content = CONTENTS[name]
    expected = [Part("text/plain", "", content.text.encode())]
    if content.html:
        expected.append(Part("text/html", "", content.html.encode()))
    files = (*content.pictures, *content.attachments)
    expected += [Part(file.content_type.partition(";")[0], file.filename, file.octets) for file in files]
    found = READERS[reader](composed(content), tmp_path / "mail")
    assert list(found.parts) == expected
    assert found.subject in (None, content.subject)


@pytest.mark.long
def test_a_browser_shows_the_pictures(tmp_path: Path) -> None:
    """Chromium, given the HTML and its pictures as they stand in the .eml, draws both in their colours.

    It reads a multipart/related, as it saves pages in one; of a whole message it shows the first text there is.
    """
    browser = shutil.which("chromium")
    if browser is None:
        pytest.skip("chromium is not installed")
    red = replace(LOGO, octets=png(200, 100, b"\xff\x00\x00"))
    blue = replace(DOT, filename="b.png", content_type="image/png", octets=png(200, 100, b"\x00\x00\xff"))
    html = "".join(f'<p><img src="cid:{one.content_id}"></p>' for one in (red, blue))
    octets = composed(Content("x", "x", html, pictures=(red, blue), attachments=(CARD,)))
    start, end = octets.index(b"Content-Type: multipart/related"), octets.index(b"\r\n--=_notify_alternative--")
    page, shot = tmp_path / "page.eml", tmp_path / "shot.png"
    page.write_bytes(b"MIME-Version: 1.0\r\n" + octets[start:end])
    options = "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --hide-scrollbars"
    command = [browser, *options.split(), "--disable-component-update", "--disable-sync", "--disable-quic"]
    command += [f"--user-data-dir={tmp_path / 'profile'}", f"--screenshot={shot}", "--window-size=300,300"]
    subprocess.run([*command, page.as_uri()], check=True, capture_output=True, timeout=120)
    seen = [pixel[:3] for row in pixels(shot.read_bytes()) for pixel in row]
    assert (seen.count((255, 0, 0)), seen.count((0, 0, 255))) == (20_000, 20_000)
