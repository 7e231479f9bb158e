"""Messages of hostile names, subjects and cells: rendered, composed, and read back by the standard library's parser.

Written for a million of them, so each is made cheaply from a seed, and only one in a while has been thought of.
"""

from __future__ import annotations

import datetime as dt
import html
import random
import re
import tempfile
import unicodedata
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message as Parsed
from email.utils import getaddresses
from pathlib import Path

from notify.composing import Composer
from notify.core.campaign import Campaign, Sender
from notify.core.contact import FIELDS
from notify.core.made import MadeFile
from notify.core.message import Attachment, Mailbox
from notify.rendering import Template
from tests.images import png

SENDER = Sender(Mailbox("Muster PR", "info@alt.example"), "info@neu.example", "bounces@neu.example")
DATE = dt.datetime(2026, 12, 1, 9, 0, tzinfo=dt.UTC)
CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Müller;Änne;;;\r\nFN:Änne Müller\r\nEND:VCARD\r\n"

#: The headers of a message, in their order.
HEADERS = "Date From To Reply-To Subject Message-ID X-Notify-Id MIME-Version Content-Type".split()
LONGEST_LINE = 998

_PIECES = [
    *("\r\n", "\n", "\r", "\t", "\0", " ", "  ", ".", "\r\n.\r\n", "\r\n\r\n", "\x1b[31m", "\x7f", "\x85", "\u2028"),
    *("Bcc: x@boese.example\r\n", "\r\nTo: x@boese.example", "Subject: x", "Content-Type: text/html\r\n\r\n<script>"),
    *(
        "=?utf-8?q?x?=",
        "=?utf-8?b?eA==?=",
        "=?",
        "?=",
        "=",
        "=20",
        "=\r\n",
        "=0D=0A",
        "&#13;&#10;",
        "&lt;",
        "&",
        "<",
        ">",
    ),
    *('"', "'", "\\", ",", ";", ":", "@", "(", ")", "<a@boese.example>", ">, <b@boese.example", '"<x@y.example>,'),
    *(
        "--=_notify_alternative",
        "--=_notify_mixed--",
        "--=_notify_related\r\n",
        "From ",
        "begin 644 x",
        "cid:x@alt.example",
    ),
    *(
        "{{ 1/0 }}",
        "{% include 'x' %}",
        "{#",
        "![x](logo.png)",
        "[x](javascript:alert(1))",
        "# ",
        "* ",
        "| ",
        "```",
        "ntfy",
    ),
    *(
        "Müller",
        "Änne",
        "ß",
        "é",
        "e\u0301",
        "王小明",
        "様",
        "א",
        "\u202e",
        "\u2066",
        "\u200d",
        "\ufeff",
        "👩‍👩‍👧",
        "\ud800",
    ),
    *(
        "\udfff",
        "\ufffe",
        "a" * 75,
        "ü" * 80,
        "x" * 1200,
        "Dr. ",
        "GmbH & Co. KG",
        "None",
        "nan",
        "=cmd|'/c calc'!A1",
        "%s",
    ),
]
_WEIRD = range(0x110000)


def text(chance: random.Random) -> str:
    """Return something that somebody may have in a cell."""
    pieces = [
        chance.choice(_PIECES) if chance.random() < 0.85 else chr(chance.choice(_WEIRD))
        for _ in range(chance.choice((0, 1, 1, 2, 3, 5, 8, 13)))
    ]
    return "".join(pieces)


def readable(value: str) -> str:
    """Return what should be left of a text in a header, said character by character."""
    value = encodable(value).replace("\r\n", " ")
    value = "".join(" " if character in "\r\n\t" else character for character in value)
    dropped = {*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A)), "\u2028", "\u2029"}
    return "".join(c for c in value if unicodedata.category(c) != "Cc" and c not in dropped).strip(" ")


def encodable(value: str) -> str:
    """Return a text without lone surrogates."""
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def lines_of(value: str) -> str:
    """Return a body as it should come back: with LF, and one at its end."""
    value = encodable(value).replace("\r\n", "\n").replace("\r", "\n")
    return value if value.endswith("\n") else value + "\n"


def template_in(folder: Path) -> Template:
    """Write a template that prints cells in subject, text and HTML, with a picture and a card, and open it."""
    (folder / "message.de.md").write_text(
        'Subject: A{{ row["s"] }}E\n\n![Logo](logo.png)\n\nAnfang {{ row["a"] }} Mitte {{ row["b"] }} Ende\n', "utf-8"
    )
    (folder / "layout.html").write_text("{{ body }}", "utf-8")
    (folder / "logo.png").write_bytes(png())
    made = (MadeFile(Attachment("Änne Müller.vcf", "text/vcard; charset=utf-8", CARD.encode()), CARD),)
    return Template(
        folder, "vorlage", Campaign("x", SENDER), folder, lambda _: "", made=lambda _language, _change: made
    )


def check_messages(seed: int, count: int) -> int:
    """Make so many messages from a seed, and hold each against what was put in; return how many."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        template, composer = template_in(Path(folder)), Composer(SENDER)
        for number in range(count):
            row = {name: text(chance) for name in "sab"}
            to = Mailbox(text(chance), f"k{number}@kunde.example")
            fields = template.named.of(dict.fromkeys(FIELDS, ""), row)
            content = template.render("de", "", fields, "x")
            message_id = f"<{seed}.{number}@alt.example>"
            octets = composer.compose(content, to, message_id, DATE).octets
            try:
                _check(octets, row, to, message_id)
            except AssertionError as error:
                raise AssertionError(f"seed {seed}, number {number}: {row!r} {to!r}: {error}") from error
    return count


def _check(octets: bytes, row: dict[str, str], to: Mailbox, message_id: str) -> None:
    assert octets.isascii(), "not seven-bit"
    assert octets.count(b"\n") == octets.count(b"\r") == octets.count(b"\r\n"), "a bare CR or LF"
    assert max(map(len, octets.split(b"\r\n"))) <= LONGEST_LINE, "a line is too long"
    read = message_from_bytes(octets)
    assert read.keys() == HEADERS, read.keys()
    written = _unfolded(read["To"])
    ((_, address),) = getaddresses([written])
    assert address == to.address, written
    phrase = re.sub(" {2,}", " ", readable(to.name))
    shown = _decoded(written.removesuffix(f"<{to.address}>")) if written.endswith(">") else ""
    assert shown in _spellings(phrase), written
    assert _decoded(read["Subject"]) == " ".join(_subject(row["s"]).split(" ")), read["Subject"]
    assert read["Message-ID"] == message_id
    _check_parts(read, row)


def _check_parts(read: Parsed, row: dict[str, str]) -> None:
    parts = [part for part in read.walk() if not part.is_multipart()]
    assert not any(part.defects for part in read.walk()), "a defect"
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html", "image/png", "text/vcard"]
    plain, in_html, picture, card = (part.get_payload(decode=True) for part in parts)
    words = (row["a"], row["b"])
    expected = "Logo\n\nAnfang {} Mitte {} Ende\n".format(*map(str, words))
    assert _read(plain) == lines_of(expected), "the text"
    cells = [html.escape(word).replace("\n", "<br>\n") for word in words]
    assert _read(in_html).endswith(lines_of("\n<p>Anfang {} Mitte {} Ende</p>\n".format(*cells))), "the HTML"
    assert picture == png(), "the picture"
    assert card == CARD.encode(), "the card"


def _read(octets: object) -> str:
    assert isinstance(octets, bytes)
    return octets.decode().replace("\r\n", "\n")


def _subject(cell: str) -> str:
    """Return the subject: all white space of a cell is one blank, then what may not stand in a header goes."""
    return readable(" ".join(f"A{cell}E".split()))


def _unfolded(value: str) -> str:
    return re.sub(r"\r?\n(?=[ \t])", "", value)


def _decoded(value: str) -> str:
    return str(make_header(decode_header(_unfolded(value)))).strip(" ")


def _spellings(phrase: str) -> tuple[str, str]:
    """Return a name as it is written in a header, with its quotation marks or without."""
    return phrase, '"' + re.sub(r'(["\\])', r"\\\1", phrase) + '"'
