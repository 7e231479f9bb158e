"""Composing a message: what all recipients share is made once, the rest for each of them.

Building a message with the standard library costs 1 to 2 ms, more than everything else that happens to a recipient.
So the MIME frame and the headers of the sender are kept, and only the recipient's headers and the bodies are encoded.

A message is seven-bit, but for the address in To of a recipient whose local part is not ASCII: that stands there in
UTF-8 (RFC 6532, 3.2), and makes it a message for relays that offer SMTPUTF8.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from email.utils import format_datetime
from functools import lru_cache
from typing import Self

from notify.composing import headers
from notify.composing.attachment import part
from notify.composing.frame import Frame, build_frame
from notify.composing.pieced_body import encoded
from notify.composing.sheet import Sheet
from notify.core.campaign import Campaign, Sender
from notify.core.late_pattern import late_pattern
from notify.core.message import Attachment, Content, Draft, Envelope, Filled, Mailbox, Message, dot_stuffed, has_dots
from notify.core.pieced import Pieces
from notify.core.sized_cache import SizedCache
from notify.core.unsubscribing import mail_link
from notify.errors import ConfigError, InputError

_MESSAGE_ID = late_pattern(r"<[!-;=?-~]{1,900}>")
#: So much of what travels with messages is kept, as it is and encoded: more than a campaign attaches for everybody.
_MOST_KEPT = 128_000_000
#: And of what bodies share, encoded, so many characters: that of templates that print little stays.
_MOST_SHARED = 4_000_000

_Bodies = tuple[Frame, Pieces, Pieces | None]


class Composer:
    """Composes the messages of one sender. It may be shared between threads.

    :raises ConfigError: an address of the sender cannot stand in a header.
    """

    def __init__(self, sender: Sender, *, newsletter: bool = False) -> None:
        """Make what all messages share; a newsletter tells how to unsubscribe from it (RFC 2369, 3.2)."""
        optional = filter(None, (sender.reply_to, sender.return_path))
        for address in (sender.mailbox.address, *optional):
            if not headers.is_address(address):
                raise ConfigError(
                    f"The sender's address {address!r} cannot be written from.", hint="Mend [sender] in notify.toml."
                )
        self._sender = sender
        self._from = headers.mailbox("From", sender.mailbox)
        self._unsubscribe = _unsubscribe(sender) if newsletter else ""
        self._frame = lru_cache(maxsize=8)(build_frame)
        self._sheets = SizedCache[_Bodies, Sheet | None](
            _MOST_SHARED, lambda bodies, _: sum([texts.length for texts in bodies[1:] if texts])
        )
        self._dated: tuple[dt.datetime | None, str] = None, ""
        self._subject = lru_cache(maxsize=64)(headers.text)
        # what goes to everybody is encoded once; what is somebody's own passes through and is let go
        self._parts = SizedCache[Attachment, bytes](_MOST_KEPT, lambda file, made: len(file.octets) + len(made))

    @classmethod
    def of(cls, campaign: Campaign) -> Self:
        """Return the composer of a campaign's messages."""
        return cls(campaign.sender, newsletter=campaign.kind == "newsletter")

    def compose(
        self,
        content: Content | Filled,
        to: Mailbox,
        message_id: str,
        date: dt.datetime,
        *,
        test: str = "",
        copy_of: str = "",
    ) -> Message:
        """Return the message. The same arguments always give the same octets, so that a resend is the same message.

        Whatever stands in subject and name becomes one line (:func:`notify.composing.characters.one_line`). The line
        ends of the bodies become CRLF, and each body ends in one.

        :param message_id: with its angle brackets.
        :param date: aware; its time zone is kept.
        :param test: of what a message to its own author is an example; it stands in a header.
        :param copy_of: of which message it is a copy, so does that.
        :raises InputError: an address cannot stand in a header.
        :raises ValueError: ``message_id`` or ``date`` are not what they should be.
        """
        (message,) = self.compose_all([Draft(content, to, message_id, date, test, copy_of)])
        return message

    def compose_all(self, drafts: Sequence[Draft]) -> list[Message]:
        """Return several messages, as :meth:`compose` makes each.

        Each step is taken for all of them before the next: what a step needs is then near the processor.

        :raises InputError: as :meth:`compose` does, for any of them.
        :raises ValueError: as :meth:`compose` does.
        """
        heads = [*map(self._head, drafts)]
        made = [*map(self._octets, drafts, heads)]
        return [
            Message(
                Envelope(self._sender.return_path, draft.to.address),
                draft.message_id,
                octets,
                stuffed=dot_stuffed(octets) if is_dotted else octets,
            )
            for draft, (octets, is_dotted) in zip(drafts, made, strict=True)
        ]

    def _head(self, draft: Draft) -> bytes:
        """Return the headers of a message."""
        content, to, message_id, date, test, copy_of = draft
        if not headers.is_wide_address(to.address):
            raise InputError(
                f"{to.address!r} is not an address that can be written to.",
                hint="Mend the row, or leave it out:  notify contacts --rejected rejected.csv",
            )
        head = self._headers(content, to, message_id, date)
        return (head + _mark(test, copy_of) if test or copy_of else head).encode()

    def _octets(self, draft: Draft, head: bytes) -> tuple[bytes, bool]:
        """Return a whole message, and whether a line begins with a dot: none does in what stands around the bodies."""
        content = draft.content
        has_html = bool(content.html)
        pictures = self._encoded(content.pictures) if has_html else ()
        attachments = self._encoded(content.attachments)
        frame = self._frame(has_html=has_html, has_pictures=bool(pictures), has_attachments=bool(attachments))
        bodies, are_dotted = self._bodies(content, frame)
        return frame.around(head, bodies, pictures, attachments), are_dotted

    def _bodies(self, content: Content | Filled, frame: Frame) -> tuple[list[bytes], bool]:
        """Return text and HTML, each behind what the frame has before it; and whether a line begins with a dot."""
        if isinstance(content, Filled):
            # what has no values is like no other, and not worth keeping
            sheet = self._sheets.get((frame, content.text, content.html), _sheet) if content.values else None
            if sheet is not None and (filled := sheet.fill(content.values)):
                return filled
            content = content.content
        bodies = [frame.opening, encoded(content.text)]
        if content.html:
            bodies += [frame.between, encoded(content.html)]
        return bodies, any(map(has_dots, bodies))

    def _encoded(self, files: tuple[Attachment, ...]) -> tuple[bytes, ...]:
        return tuple([self._parts.get(file, part) for file in files])

    def _headers(self, content: Content | Filled, to: Mailbox, message_id: str, date: dt.datetime) -> str:
        if not _MESSAGE_ID.fullmatch(message_id):
            raise ValueError(f"not a Message-ID: {message_id!r}")
        # relays and mailboxes replace Message-ID now and then; X-Notify-Id stays
        return (
            f"{self._date(date)}"
            f"{self._from}"
            f"{headers.mailbox('To', to)}"
            f"{self._reply_to(content)}"
            f"{self._subject('Subject', content.subject)}"
            f"Message-ID: {message_id}\r\n"
            f"X-Notify-Id: {message_id}\r\n"
            f"{self._list_unsubscribe(content)}"
        )

    def _date(self, date: dt.datetime) -> str:
        # many messages have one and the same
        known, header = self._dated
        if known is not date:
            if date.utcoffset() is None:
                raise ValueError("the date of a message needs a time zone")
            header = _date(date.isoformat())
            self._dated = date, header
        return header

    def _list_unsubscribe(self, content: Content | Filled) -> str:
        """Return the headers by which mail programs offer to unsubscribe; a notice has none.

        The page is named with the mail behind it, and may be asked at once, by one click (RFC 8058, 3.1).
        """
        if not (self._unsubscribe and content.unsubscribe):
            return f"List-Unsubscribe: {self._unsubscribe}\r\n" if self._unsubscribe else ""
        return (
            f"List-Unsubscribe: <{content.unsubscribe}>,\r\n {self._unsubscribe}\r\n"
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
        )

    def _reply_to(self, content: Content | Filled) -> str:
        answers = self._sender.answers(content.reply_to, content.reply_to_name)
        address = answers.address
        if not address or address == self._sender.mailbox.address:
            return ""
        if not headers.is_address(address):
            raise InputError(f"{address!r} is not an address to reply to.", hint="Mend reply_to in the template.")
        return headers.mailbox("Reply-To", answers)


def _sheet(bodies: _Bodies) -> Sheet | None:
    """Return what all share whose messages are put together in one way; None where that cannot be encoded alone."""
    try:
        return Sheet(*bodies)
    except ValueError:
        return None


# by what is written of it: the same moment in another time zone is equal
@lru_cache(maxsize=64)
def _date(written: str) -> str:
    return f"Date: {format_datetime(dt.datetime.fromisoformat(written))}\r\n"


def _mark(test: str, copy_of: str) -> str:
    marks = (("X-Notify-Test", test), ("X-Notify-Copy-Of", copy_of))
    return "".join(headers.text(name, value) for name, value in marks if value)


def _unsubscribe(sender: Sender) -> str:
    """Return where a reader unsubscribes by mail: at whoever reads the answers."""
    return f"<{mail_link(sender.reply_to or sender.mailbox.address)}>"
