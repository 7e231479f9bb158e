"""A body: a text as quoted-printable (RFC 2045, 6.7)."""

from __future__ import annotations

import binascii

from notify.composing.characters import encodable

#: RFC 2045, 6.7 (5): no encoded line is longer.
LONGEST_LINE = 76


def quoted_printable(text: str) -> bytes:
    """Return a text in UTF-8 and quoted-printable, with CRLF line ends and one at its end.

    Dots at the start of a line are left as they are: doubling them belongs to SMTP.
    """
    # without a line end in it, b2a_qp would fold with bare LF
    if not text.endswith(("\n", "\r")):
        text += "\n"
    try:
        octets = text.encode()
    except UnicodeEncodeError:
        octets = encodable(text).encode()
    if b"\r" in octets:
        octets = octets.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    encoded = binascii.b2a_qp(octets.replace(b"\n", b"\r\n"))
    if b"=20\r\n" in encoded or b"=09\r\n" in encoded:
        return b"\r\n".join(_mended(line) for line in encoded.split(b"\r\n"))
    return encoded


def _mended(line: bytes) -> bytes:
    """Fold a line that ``b2a_qp`` made too long: it encodes the blank at a line's end without counting again."""
    return line if len(line) <= LONGEST_LINE else line[:-3] + b"=\r\n" + line[-3:]
