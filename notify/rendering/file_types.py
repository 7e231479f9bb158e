"""Of which type a file is for whoever receives it. The same on every machine, so that a resend is the same message."""

from __future__ import annotations

import codecs
import functools
import mimetypes
from pathlib import PurePath

#: What a program that knows no better saves and opens by the ending of the name.
UNKNOWN = "application/octet-stream"

_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
#: What differs between versions of Python, or from what mail programs know.
_TYPES = {
    ".docx": f"{_OFFICE}.wordprocessingml.document",
    ".ics": "text/calendar",
    ".odp": f"{_OPEN}.presentation",
    ".ods": f"{_OPEN}.spreadsheet",
    ".odt": f"{_OPEN}.text",
    ".pptx": f"{_OFFICE}.presentationml.presentation",
    ".rtf": "application/rtf",
    ".vcf": "text/vcard",
    ".webp": "image/webp",
    ".xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    # what a mail program would take for a part of the message itself, show in its place or hide, stays a file:
    # letters, and signatures of documents
    **dict.fromkeys((".asc", ".eml", ".mht", ".mhtml", ".nws", ".p7c", ".p7m", ".p7s", ".sig"), UNKNOWN),
}


def content_type_of(name: str, octets: bytes) -> str:
    """Return the type of a file, a text with its charset (RFC 2046, 4.1.2)."""
    kind, encoding = _known().guess_type(name)
    kind = _TYPES.get(PurePath(name).suffix.casefold(), kind) or UNKNOWN
    if encoding or kind.startswith(("message/", "multipart/")):
        return UNKNOWN
    return _with_charset(kind, octets) if kind.startswith("text/") else kind


@functools.cache
def _known() -> mimetypes.MimeTypes:
    """Return the types that Python knows, without what the system adds; most mailings have no file."""
    return mimetypes.MimeTypes()


def _with_charset(kind: str, octets: bytes) -> str:
    """Return the type of a text with its charset; a text whose charset nobody can be sure of is only a file.

    Without a charset it would be ASCII, and a wrong one turns every umlaut into something else.
    """
    if octets.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return f"{kind}; charset=utf-16"
    try:
        text = octets.decode()
    except UnicodeDecodeError:
        return UNKNOWN
    return UNKNOWN if "\0" in text else f"{kind}; charset=utf-8"
