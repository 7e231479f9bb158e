"""Reads a template that was written for mailmerge as a message file."""

from __future__ import annotations

from pathlib import Path

from notify.core.form import Wording
from notify.core.mailmerge import Body, Letter, Line, parse_letter
from notify.errors import InputError
from notify.rendering.message_file import HeaderLine, MessageFile, read_text

_KINDS = ("text/plain", "text/markdown", "text/html")


def read_mailmerge_file(path: Path, label: str, language: str) -> MessageFile | None:
    """Return what the file says; None when it is no such template.

    :param language: that of the campaign, since the file says none.
    :raises InputError: it has no subject, or something in it that notify cannot send.
    """
    letter = parse_letter(read_text(path, label)) if path.is_file() else None
    if letter is None:
        return None
    _refuse_other_lines(letter, label)
    body, html = _bodies(letter, label)
    reply_to = letter.first("reply-to")
    return MessageFile(
        path=path,
        label=label,
        wording=Wording(language),
        is_markdown=body.kind == "text/markdown",
        text=read_text(path, label),
        subject=_subject(letter, label),
        reply_to=_header(reply_to) if reply_to else None,
        attachments=tuple(_attachment(line, label) for line in letter.all("attachment")),
        body=body.text,
        body_line=body.line,
        html=HeaderLine(html.text, html.line) if html else None,
        names_columns=True,
    )


def _refuse_other_lines(letter: Letter, label: str) -> None:
    for line in letter.all(""):
        raise InputError(
            f"{label}:{line.line}: this is neither a header nor the empty line that ends the headers.",
            hint="Put an empty line between the headers and the text.",
        )


def _subject(letter: Letter, label: str) -> HeaderLine:
    subject = letter.first("subject")
    if subject is None or not subject.value:
        line = subject.line if subject else 1
        raise InputError(
            f"{label}:{line}: the message has no SUBJECT.", hint="Say in it what the message is about:  SUBJECT: …"
        )
    return _header(subject)


def _attachment(line: Line, label: str) -> HeaderLine:
    if not line.value:
        raise InputError(f"{label}:{line.line}: ATTACHMENT names no file.", hint="Name one, or remove the line.")
    return _header(line)


def _bodies(letter: Letter, label: str) -> tuple[Body, Body | None]:
    """Return the text, which is empty where there is none, and the HTML, if there is one."""
    found = {body.kind: body for body in letter.bodies()}
    if not found or not found.keys() <= {*_KINDS}:
        header = letter.first("content-type")
        where = f"{label}:{header.line}" if header else label
        kinds = ", ".join(sorted(found)) or letter.body.kind
        raise InputError(
            f"{where}: a text of the type {kinds} cannot be sent.",
            hint=f"Content-Type is {', '.join(_KINDS)}, or multipart/alternative with such parts in it.",
        )
    html = found.pop("text/html", None)
    text = next(iter(found.values()), None)
    return text or Body("text/plain", "", letter.body.line), html


def _header(line: Line) -> HeaderLine:
    return HeaderLine(line.value, line.line)
