"""Messages stay what they were in earlier versions, octet by octet.

One whose dot had left may leave again only as the same message, and of that the ledger has no more than its digest:
after an update that changes octets, whoever was deferred behind the dot is not sent to again by itself. So whoever
changes a digest here says so in the changelog.
"""

from __future__ import annotations

import datetime as dt

import pytest

from notify.composing import Composer
from notify.core.campaign import Sender
from notify.core.message import Attachment, Content, Mailbox, dot_stuffed
from notify.core.pieced import Pieced

SENDER = Sender(Mailbox("Büro Muster", "info@alt.example"), "info@neu.example", "bounces@neu.example")
DATE = dt.datetime(2026, 12, 1, 9, 5, 7, tzinfo=dt.timezone(dt.timedelta(hours=1)))
PDF = Attachment("Neue Anschrift (gültig ab Dezember).pdf", "application/pdf", bytes(range(256)) * 9)
CARD = Attachment("联系方式, und noch ein sehr langer Name für eine Karte.vcf", "text/vcard", b"FN:x\r\n.\r\n")
SHARED = ("Guten Tag ", ",\n\nfür Sie in ", ": " + "Grüße aus Köln. " * 12 + "\n.\n", "\n", "\n")


def letter(*own: str) -> Content:
    """Return a letter that is put together from pieces."""
    page = tuple(f"<p>{text}</p>\n".replace("\n\n", "<br>") for text in SHARED)
    return Content(
        "Neue Adresse für " + own[0],
        Pieced.together(SHARED, own),
        Pieced.together(page, [f"&amp;{one}" for one in own]),
    )


@pytest.mark.parametrize(
    ("name", "content", "digest"),
    [
        ("Erika Muster", letter("Frau Muster", "Wien", "K 0000001", "a%40b.example"), "49fdd14f653158d7"),
        (
            "Jürgen Müller-Lüdenscheidt-17",
            letter("Herr Müller-Lüdenscheidt-17", "Güstrow", ".", "..."),
            "454c4d347f4752d1",
        ),
        (
            "Dr. Erika v. d. Heide, Muster & Partner",
            letter("x" * 200, "ü" * 80, "zwei\n.Zeilen", "Ende "),
            "25b7cde200765e85",
        ),
        ("王小明" * 12, letter("王小明" * 20, "👩‍👩‍👧 " * 9, "", "\t"), "fe5162360ca04f20"),
        ("ä" * 29 + "x" * 90, letter("\ud800", "\r", "\r\n", "=?utf-8?q?x?="), "699bf914a995a565"),
        (
            "=?utf-8?q?x?=",
            Content("x" * 90, "kurz", attachments=(PDF, CARD), reply_to="team@neu.example"),
            "eaf09caeb4f1102f",
        ),
        ("", Content("Ü " * 60, ".\n..\n", "<p>\n.\n", unsubscribe="https://neu.example/weg?t=a"), "a561744fc7ca81ae"),
    ],
)
def test_octets_stay(name: str, content: Content, digest: str) -> None:
    """Names, subjects, bodies in pieces and as one, dots, attachments: all that was ever written differently."""
    composer = Composer(SENDER, newsletter=bool(content.unsubscribe))
    to, copy_of = Mailbox(name, "anna@kunde.example"), "cora@kunde.example <1@alt.example>"
    message = composer.compose(content, to, "<k7kqu4j3nsv5oyhslnqgzj2ljm@alt.example>", DATE, copy_of=copy_of)
    assert message.digest[:16] == digest
    assert message.stuffed == dot_stuffed(message.octets)
