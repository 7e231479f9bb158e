"""What is sent: content, envelope, message (RFC 5321, RFC 5322)."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import field
from functools import lru_cache
from typing import NamedTuple

from notify.core.pieced import Pieces
from notify.core.record import record

_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
#: Two letters of base 32, for each value of ten bits.
_PAIRS = [first + second for first in _LETTERS for second in _LETTERS]


@record(frozen=True, slots=True)
class Mailbox:
    """A display name, possibly empty, and an address whose domain is in its ASCII form."""

    name: str
    address: str


@record(frozen=True, slots=True)
class Attachment:
    """A file that travels with a message, as it is. One with a ``content_id`` is a picture inside of the HTML."""

    filename: str
    content_type: str
    octets: bytes
    content_id: str = ""


@record(frozen=True, slots=True)
class Content:
    """What one recipient reads. ``html`` is empty when the template is plain text; ``pictures`` are those it shows.

    ``unsubscribe`` is the page on which this reader unsubscribes from a newsletter; empty where there is none.
    """

    subject: str
    text: str
    html: str = ""
    reply_to: str = ""
    attachments: tuple[Attachment, ...] = ()
    reply_to_name: str = ""
    pictures: tuple[Attachment, ...] = ()
    unsubscribe: str = ""


@record(frozen=True, slots=True)
class Filled:
    """What one recipient reads, before it is written out: values, and the texts that they are filled into.

    ``html`` is None when the template is plain text. All else is as in :class:`Content`.
    """

    subject: str
    text: Pieces
    html: Pieces | None
    values: Sequence[str]
    reply_to: str
    attachments: tuple[Attachment, ...]
    reply_to_name: str
    pictures: tuple[Attachment, ...]
    unsubscribe: str

    @property
    def content(self) -> Content:
        """The same, written out."""
        return Content(
            self.subject,
            self.text.fill(self.values),
            self.html.fill(self.values) if self.html else "",
            self.reply_to,
            self.attachments,
            self.reply_to_name,
            self.pictures,
            self.unsubscribe,
        )


class Draft(NamedTuple):
    """A message that is to be composed for one recipient.

    ``message_id`` has its angle brackets, and ``date`` is aware: its time zone is kept. ``test`` says of what a message
    to its own author is an example, ``copy_of`` of which message this is a copy; both stand in headers.
    """

    content: Content | Filled
    to: Mailbox
    message_id: str
    date: dt.datetime
    test: str = ""
    copy_of: str = ""


@record(frozen=True, slots=True)
class Envelope:
    """Reverse-path and forward-path (RFC 5321, 2.3.1): where bounces go, and the one recipient."""

    reverse_path: str
    forward_path: str


def has_dots(octets: bytes) -> bool:
    """Tell whether a line begins with a dot."""
    return octets.startswith(b".") or b"\r\n." in octets


def dot_stuffed(octets: bytes) -> bytes:
    """Double the dots at the beginnings of lines; the same octets where there are none."""
    stuffed = octets.replace(b"\r\n.", b"\r\n..")
    return b"." + stuffed if stuffed.startswith(b".") else stuffed


@record(frozen=True, slots=True)
class Message:
    """An envelope and the octets that travel between DATA and the final dot.

    ``octets`` have CRLF line ends and end in CRLF. What is made of them is made once, where the message is, unless it
    is given: ``digest``, their SHA-256 in hexadecimal (two messages with one digest are the same message), and
    ``stuffed``, the octets as they travel, with every dot at the beginning of a line doubled, so that none of them ends
    the message (RFC 5321, 4.5.2).
    """

    envelope: Envelope
    message_id: str
    octets: bytes
    digest: str = field(default="", repr=False, compare=False)
    stuffed: bytes = field(default=b"", repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.digest:
            object.__setattr__(self, "digest", hashlib.sha256(self.octets).hexdigest())
        if not self.stuffed:
            object.__setattr__(self, "stuffed", dot_stuffed(self.octets))


def message_id(secret: bytes, campaign_id: str, key: str, domain: str) -> str:
    """Return the Message-ID of a recipient in a campaign, with its angle brackets (RFC 5322, 3.6.4).

    The same recipient of the same campaign always has the same one, so that a resend is the same message to whoever
    removes duplicates; a new campaign has a new one, or Exchange would silently throw its messages away. It is keyed
    with the campaign's secret because a bare hash of an address can be guessed back.
    """
    inner, outer = _keyed(secret, campaign_id)
    inside, mark = inner.copy(), outer.copy()
    inside.update(key.encode())
    mark.update(inside.digest())
    return f"<{_in_letters(mark.digest())}@{domain}>"


def _in_letters(octets: bytes) -> str:
    """Return the first 130 bits in base 32 (RFC 4648, 6) and in lower case: 26 letters.

    It does as ``base64.b32encode``, which takes four times as long: it is written in Python, too, and does more.
    """
    bits = int.from_bytes(octets[:17]) >> 6
    return "".join([_PAIRS[bits >> place & 1023] for place in range(120, -1, -10)])


@lru_cache(maxsize=8)
def _keyed(secret: bytes, campaign_id: str) -> tuple[hashlib._Hash, hashlib._Hash]:
    """Return both digests of HMAC (RFC 2104, 2), begun with what all recipients of a campaign have in common.

    An object of ``hmac``, which is written in Python, takes longer to be copied than both of these to be ended.
    """
    block = hashlib.sha256().block_size
    key = (secret if len(secret) <= block else hashlib.sha256(secret).digest()).ljust(block, b"\0")
    inner = hashlib.sha256(bytes(octet ^ 0x36 for octet in key) + f"{campaign_id}\0".encode())
    return inner, hashlib.sha256(bytes(octet ^ 0x5C for octet in key))
