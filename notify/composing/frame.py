"""The MIME frame of a message: everything below its own headers that is the same for all recipients (RFC 2046)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from notify.composing.attachment import part
from notify.core.message import Attachment

_VERSION = b"MIME-Version: 1.0\r\n"
_TEXT = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
_HTML = b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
# "=_" cannot occur in quoted-printable or base64 (RFC 2045, 6.7), so no part has to be searched for a boundary, and
# the same message has the same one
_ALTERNATIVE = b"=_notify_alternative"
_MIXED = b"=_notify_mixed"


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands before the text, between text and HTML, and after the last body."""

    opening: bytes
    between: bytes
    closing: bytes

    def around(self, headers: bytes, text: bytes, html: bytes) -> bytes:
        """Return a message. The bodies are encoded and end in CRLF; ``html`` is empty in a frame that has none."""
        return b"".join((headers, self.opening, text, self.between, html, self.closing))


def build_frame(attachments: tuple[Attachment, ...], *, has_html: bool) -> Frame:
    """Encode what is constant: the headers of the parts, the boundaries and the attachments.

    Text is alone, or beside its HTML in a multipart/alternative; attachments follow either in a multipart/mixed.
    """
    opening, between, closing = _TEXT, b"", b""
    if has_html:
        opening = _start("alternative", _ALTERNATIVE) + opening
        between = _delimiter(_ALTERNATIVE) + _HTML
        closing = _end(_ALTERNATIVE)
    if attachments:
        opening = _start("mixed", _MIXED) + opening
        closing += _parts(attachments) + _end(_MIXED)
    return Frame(_VERSION + opening, between, closing)


def _start(subtype: str, boundary: bytes) -> bytes:
    header = b'Content-Type: multipart/%s;\r\n boundary="%s"\r\n' % (subtype.encode(), boundary)
    return header + _delimiter(boundary)


def _delimiter(boundary: bytes) -> bytes:
    # the CRLF in front belongs to the delimiter (RFC 2046, 5.1.1): the body keeps its own
    return b"\r\n--%s\r\n" % boundary


def _parts(attachments: Iterable[Attachment]) -> bytes:
    return b"".join(_delimiter(_MIXED) + part(attachment) for attachment in attachments)


def _end(boundary: bytes) -> bytes:
    return b"\r\n--%s--\r\n" % boundary
