"""The MIME frame of a message: everything below its own headers that is the same for all recipients (RFC 2046)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

_VERSION = b"MIME-Version: 1.0\r\n"
_TEXT = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
_HTML = b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
# "=_" cannot occur in quoted-printable or base64 (RFC 2045, 6.7), so no part has to be searched for a boundary, and
# the same message has the same one
_ALTERNATIVE = b"=_notify_alternative"
_RELATED = b"=_notify_related"
_MIXED = b"=_notify_mixed"


def _delimiter(boundary: bytes) -> bytes:
    # the CRLF in front belongs to the delimiter (RFC 2046, 5.1.1): the body keeps its own
    return b"\r\n--%s\r\n" % boundary


#: What stands before each part.
_BEFORE_PICTURE = _delimiter(_RELATED)
_BEFORE_ATTACHMENT = _delimiter(_MIXED)


class Frame(NamedTuple):
    """What stands before the text, between text and HTML, and after the bodies and pictures, and at the end."""

    opening: bytes
    between: bytes
    after_pictures: bytes
    closing: bytes

    def around(
        self,
        headers: bytes,
        bodies: Iterable[bytes],
        pictures: Iterable[bytes] = (),
        attachments: Iterable[bytes] = (),
    ) -> bytes:
        """Return a message.

        ``bodies`` are the text behind what stands before it, and the HTML in the same way; both are encoded and end in
        CRLF, as all parts do. ``pictures`` and ``attachments`` are empty in a frame that has no place for them.
        """
        pieces = [headers, *bodies]
        for picture in pictures:
            pieces += (_BEFORE_PICTURE, picture)
        pieces.append(self.after_pictures)
        for attachment in attachments:
            pieces += (_BEFORE_ATTACHMENT, attachment)
        pieces.append(self.closing)
        return b"".join(pieces)


def build_frame(*, has_html: bool, has_pictures: bool, has_attachments: bool) -> Frame:
    """Make what is constant: the headers of the bodies, and the boundaries.

    Text is alone, or beside its HTML in a multipart/alternative; pictures stand behind the HTML that shows them in a
    multipart/related (RFC 2387), and attachments follow all of it in a multipart/mixed.
    """
    opening, between, after_pictures, closing = _TEXT, b"", b"", b""
    if has_html:
        related = _start("related", _RELATED, b'; type="text/html"') if has_pictures else b""
        opening = _start("alternative", _ALTERNATIVE) + opening
        between = _delimiter(_ALTERNATIVE) + related + _HTML
        after_pictures = (_end(_RELATED) if has_pictures else b"") + _end(_ALTERNATIVE)
    if has_attachments:
        opening = _start("mixed", _MIXED) + opening
        closing = _end(_MIXED)
    return Frame(_VERSION + opening, between, after_pictures, closing)


def _start(subtype: str, boundary: bytes, parameters: bytes = b"") -> bytes:
    header = b'Content-Type: multipart/%s%s;\r\n boundary="%s"\r\n' % (subtype.encode(), parameters, boundary)
    return header + _delimiter(boundary)


def _end(boundary: bytes) -> bytes:
    return b"\r\n--%s--\r\n" % boundary
