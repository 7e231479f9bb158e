"""A message as a mail program sees it: read from its octets, so that what is shown is what is sent."""

from __future__ import annotations

import base64
import re
from email import message_from_bytes, policy
from email.message import EmailMessage

from notify.core.late_pattern import late_pattern
from notify.core.record import record

#: What a browser shows by itself, and what such a file is called when it is saved.
SHOWN_TYPES = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "application/pdf": "pdf",
    "text/plain": "txt",
}
_ENDINGS = SHOWN_TYPES | {
    "text/calendar": "ics",
    "text/vcard": "vcf",
    "text/csv": "csv",
    "application/zip": "zip",
    "application/msword": "doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
_CID = late_pattern(r"""cid:([^\s"'<>)]{1,200})""", re.IGNORECASE)
_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml")


@record(frozen=True, slots=True)
class File:
    """What travels with a message. ``name`` stands in the message, and is only ever shown; ``saved_as`` is ours."""

    name: str
    content_type: str
    octets: bytes
    saved_as: str

    @property
    def is_shown(self) -> bool:
        """Whether a browser shows it."""
        return self.content_type in SHOWN_TYPES


@record(frozen=True, slots=True)
class Letter:
    """The parts of a message. ``html`` shows its pictures by ``data:``; it is empty where there is only text.

    ``headers`` are in words, ``source`` is the header as it travels.
    """

    headers: tuple[tuple[str, str], ...]
    source: str
    subject: str
    text: str
    html: str
    files: tuple[File, ...]
    octets: int


def read_letter(octets: bytes) -> Letter:
    """Read a message. Whatever is wrong in it, something is shown."""
    message = message_from_bytes(octets, policy=policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101  # so says its policy
    parts = [part for part in message.walk() if not part.is_multipart()]
    bodies = {kind: part for part in reversed(parts) if (kind := _body_of(part))}
    pictures = {_content_id(part): part for part in parts if part.get("Content-ID")}
    others = [part for part in parts if part not in bodies.values() and part not in pictures.values()]
    html = _text_of(bodies["text/html"]) if "text/html" in bodies else ""
    headers = tuple((name, _one_line(value)) for name, value in message.items())
    return Letter(
        headers=headers,
        source=octets.partition(b"\r\n\r\n")[0].decode("utf-8", "replace").replace("\r\n", "\n"),
        subject=next((value for name, value in headers if name.lower() == "subject"), ""),
        text=_text_of(bodies["text/plain"]) if "text/plain" in bodies else "",
        html=_with_pictures(html, pictures),
        files=tuple(_file(part, number) for number, part in enumerate(others, start=1)),
        octets=len(octets),
    )


def _body_of(part: EmailMessage) -> str:
    """Return the type of what is read of a message; empty for what is attached."""
    kind = part.get_content_type()
    is_read = kind in {"text/plain", "text/html"} and part.get_content_disposition() != "attachment"
    return kind if is_read else ""


def _text_of(part: EmailMessage) -> str:
    octets = part.get_payload(decode=True)
    assert isinstance(octets, bytes)  # noqa: S101  # it is no multipart
    try:
        text = octets.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        text = octets.decode("utf-8", "replace")
    return text.replace("\r\n", "\n")


def _one_line(value: object) -> str:
    return " ".join(str(value).split())


def _content_id(part: EmailMessage) -> str:
    return _one_line(part["Content-ID"]).strip("<>")


def _with_pictures(html: str, pictures: dict[str, EmailMessage]) -> str:
    """Return HTML with its own pictures in it: nothing else could be fetched by a frame without a network."""

    def data(found: re.Match[str]) -> str:
        part = pictures.get(found[1])
        if part is None or part.get_content_type() not in _PICTURES:
            return found[0]
        octets = part.get_payload(decode=True)
        assert isinstance(octets, bytes)  # noqa: S101  # it is no multipart
        return f"data:{part.get_content_type()};base64,{base64.b64encode(octets).decode()}"

    return _CID.sub(data, html) if pictures else html


def _file(part: EmailMessage, number: int) -> File:
    octets = part.get_payload(decode=True)
    assert isinstance(octets, bytes)  # noqa: S101  # it is no multipart
    kind = part.get_content_type()
    saved_as = f"attachment-{number}.{_ENDINGS.get(kind, 'bin')}"
    return File(_one_line(part.get_filename() or ""), kind, octets, saved_as)
