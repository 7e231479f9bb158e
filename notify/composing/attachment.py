"""An attachment or a picture as a part of a message: base64, its name for every script (RFC 2183, RFC 2231).

Outlook, where it fetches its mail by POP or IMAP, knows no RFC 2231 and shows "Untitled attachment". So a name that is
not plain stands in Content-Type too, as an encoded word in quotation marks: RFC 2047 forbids it there, and every
program reads it. Whoever knows RFC 2231 goes by Content-Disposition.

Written here and not by :mod:`email`, which decodes a filename that looks like an encoded word, and whose folding is not
the same in all versions of Python: then a resend would not be the same message.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from notify.composing.characters import one_line
from notify.composing.encoded_words import encoded_words
from notify.core.late_pattern import late_pattern
from notify.core.message import Attachment

_WORD = r"[A-Za-z0-9!#$&^_.+-]{1,127}"
# multipart and message may not be sent in base64 (RFC 2046, 5.1 and 5.2.1)
_TYPE = late_pattern(rf"(?!multipart/|message/){_WORD}/{_WORD}(?:; ?{_WORD}={_WORD})*", re.IGNORECASE)
_UNKNOWN = "application/octet-stream"
_PLAIN = late_pattern(r"[A-Za-z0-9 ,;()&+_.-]{1,60}")
# leaves room for " filename*0*=utf-8''" in front and ";" behind
_CHUNK = 54
# columns that are left behind ' name="', with the quotation mark at the end
_ROOM = 68
#: RFC 2045, 6.8: no encoded line is longer.
_LONGEST_LINE = 76
# what an address in angle brackets may hold: one that is none would leave its picture unfound (RFC 2392)
_CONTENT_ID = late_pattern(r"[A-Za-z0-9._-]+@[A-Za-z0-9._-]+")


def part(attachment: Attachment) -> bytes:
    """Return an attachment with its headers, in CRLF lines. An invalid type becomes application/octet-stream.

    :raises ValueError: it has a Content-ID that is none; those are ours.
    """
    content_type = attachment.content_type if _TYPE.fullmatch(attachment.content_type) else _UNKNOWN
    name = one_line(attachment.filename)
    disposition = ["inline" if attachment.content_id else "attachment", *_filename(name)]
    headers = (
        f"Content-Type: {_folded([*re.split('; ?', content_type), *_encoded_name(name)])}\r\n"
        "Content-Transfer-Encoding: base64\r\n"
        f"{_content_id(attachment.content_id)}"
        f"Content-Disposition: {_folded(disposition)}\r\n\r\n"
    )
    return headers.encode() + _base64(attachment.octets)


def _content_id(content_id: str) -> str:
    if content_id and not _CONTENT_ID.fullmatch(content_id):
        raise ValueError(f"not a Content-ID: {content_id!r}")
    return f"Content-ID: <{content_id}>\r\n" if content_id else ""


def _base64(octets: bytes) -> bytes:
    encoded = binascii.b2a_base64(octets, newline=False)
    lines = [encoded[start : start + _LONGEST_LINE] for start in range(0, len(encoded), _LONGEST_LINE)]
    return b"\r\n".join([*lines, b""])


def _folded(value_and_parameters: Iterable[str]) -> str:
    return ";\r\n ".join(value_and_parameters)


def _encoded_name(name: str) -> list[str]:
    """Return the parameter for programs that know no RFC 2231: none for a name that needs nothing of it."""
    if not name or _PLAIN.fullmatch(name):
        return []
    words = "\r\n ".join(encoded_words(name, _ROOM))
    return [f'name="{words}"']


def _filename(name: str) -> list[str]:
    """Return the parameters that tell a name: as many as it takes (RFC 2231, 3), none for an empty one."""
    if not name:
        return []
    if _PLAIN.fullmatch(name):
        return [f'filename="{name}"']
    first, *others = _chunks([quote(character, safe="") for character in name])
    if not others:
        return [f"filename*=utf-8''{first}"]
    sections = enumerate([f"utf-8''{first}", *others])
    return [f"filename*{number}*={section}" for number, section in sections]


def _chunks(characters: Iterable[str]) -> Iterator[str]:
    """Join encoded characters to as few chunks as they fit into."""
    chunk = ""
    for character in characters:
        if len(chunk) + len(character) > _CHUNK:
            yield chunk
            chunk = ""
        chunk += character
    yield chunk
