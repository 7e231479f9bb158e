"""An attachment as a part of a message: base64, its name for every script (RFC 2183, RFC 2231).

Written here and not by :mod:`email`, which decodes a filename that looks like an encoded word, and whose folding is not
the same in all versions of Python: then a resend would not be the same message.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from urllib.parse import quote

from notify.composing.characters import one_line
from notify.composing.encoded_words import chunks
from notify.core.message import Attachment

_WORD = r"[A-Za-z0-9!#$&^_.+-]{1,127}"
# multipart and message may not be sent in base64 (RFC 2046, 5.1 and 5.2.1)
_TYPE = re.compile(rf"(?!multipart/|message/){_WORD}/{_WORD}(?:; ?{_WORD}={_WORD})*", re.IGNORECASE)
_UNKNOWN = "application/octet-stream"
_PLAIN = re.compile(r"[A-Za-z0-9 ,;()&+_.-]{1,60}")
# leaves room for " filename*0*=utf-8''" in front and ";" behind
_CHUNK = 54


def part(attachment: Attachment) -> bytes:
    """Return an attachment with its headers, in CRLF lines. An invalid type becomes application/octet-stream."""
    content_type = attachment.content_type if _TYPE.fullmatch(attachment.content_type) else _UNKNOWN
    disposition = ["attachment", *_filename(one_line(attachment.filename))]
    headers = (
        f"Content-Type: {_folded(re.split('; ?', content_type))}\r\n"
        "Content-Transfer-Encoding: base64\r\n"
        f"Content-Disposition: {_folded(disposition)}\r\n\r\n"
    )
    return headers.encode() + base64.encodebytes(attachment.octets).replace(b"\n", b"\r\n")


def _folded(value_and_parameters: Iterable[str]) -> str:
    return ";\r\n ".join(value_and_parameters)


def _filename(name: str) -> list[str]:
    """Return the parameters that tell a name: as many as it takes (RFC 2231, 3), none for an empty one."""
    if not name:
        return []
    if _PLAIN.fullmatch(name):
        return [f'filename="{name}"']
    pieces = [quote(character, safe="").encode() for character in name]
    first, *others = (chunk.decode() for chunk in chunks(pieces, _CHUNK, _CHUNK))
    if not others:
        return [f"filename*=utf-8''{first}"]
    sections = enumerate([f"utf-8''{first}", *others])
    return [f"filename*{number}*={section}" for number, section in sections]
