"""Template files: a mail-style header block on top, an empty line, then the body."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from notify.core.form import Wording
from notify.core.late_pattern import late_pattern
from notify.core.record import record
from notify.core.text import plain_octets
from notify.errors import InputError
from notify.rendering.message_name import may_be_meant, unreadable, wording_in

#: What may stand in the header block. Everything else is made by notify.
HEADERS = ("Subject", "Reply-To", "Attachment")

#: Returns what a file is, in words, that must not leave with a message, and an empty text for any other.
Private = Callable[[Path], str]

_HEADER = late_pattern(r"([A-Za-z][A-Za-z-]*)[ \t]*:[ \t]*(.*)")


@record(frozen=True, slots=True)
class HeaderLine:
    """One line of the header block and where it stands."""

    value: str
    line: int


@record(frozen=True, slots=True)
class MessageFile:
    """One message file, parsed.

    ``body_line`` is the line on which the body begins, counted from 1. ``label`` is the path as the user named it.
    ``html`` is what the author wrote as HTML, with its line; the body is empty where that is all there is.
    ``names_columns``: columns stand in it by their bare names.
    """

    path: Path
    label: str
    wording: Wording
    is_markdown: bool
    text: str
    subject: HeaderLine
    reply_to: HeaderLine | None
    attachments: tuple[HeaderLine, ...]
    body: str
    body_line: int
    html: HeaderLine | None = None
    names_columns: bool = False


def find_message_files(template: Path, label: str) -> dict[Wording, MessageFile]:
    """Return the message files of a template folder, or the one file named, by language and form.

    :raises InputError: nothing there, two files for one language and form, a name that says none, or a header block
        that cannot be read.
    """
    if template.is_file():
        source = read_message_file(template, label)
        return {source.wording: source}
    if not template.is_dir():
        raise InputError(
            f"{label}: there is no such template.",
            hint="Name a folder with message.de.md in it:  --template DIR, or template = … in notify.toml",
        )
    found: dict[Wording, MessageFile] = {}
    try:
        paths = sorted(template.iterdir())
    except OSError as error:
        raise InputError(f"{label}: the folder cannot be read: {error.strerror}.") from error
    for path in paths:
        if not may_be_meant(path.name):
            continue
        source = read_message_file(path, f"{label}/{path.name}")
        if other := found.get(source.wording):
            raise InputError(
                f"{source.label}: there is {other.path.name} too, for the same language and form.",
                hint="Keep one of the two.",
            )
        found[source.wording] = source
    if not found:
        raise InputError(
            f"{label}: there is no message in this template.",
            hint="Write message.de.md or message.en.md into it (.txt for plain text only).",
        )
    return found


def read_message_file(path: Path, label: str) -> MessageFile:
    """Read one message file.

    :raises InputError: it cannot be read, its name does not say for whom it is, or its header block is wrong.
    """
    wording = wording_in(path.name)
    if wording is None:
        raise unreadable(label)
    text = read_text(path, label)
    headers, body_line = _header_block(text, label)
    if "Subject" not in headers:
        raise InputError(
            f"{label}:1: the message has no Subject.",
            hint="Begin the file with  Subject: …  and an empty line before the text.",
        )
    subject = headers["Subject"][0]
    if not subject.value:
        raise InputError(f"{label}:{subject.line}: the Subject is empty.", hint="Say in it what the message is about.")
    return MessageFile(
        path=path,
        label=label,
        wording=wording,
        is_markdown=path.suffix == ".md",
        text=text,
        subject=subject,
        reply_to=headers["Reply-To"][0] if "Reply-To" in headers else None,
        attachments=tuple(headers.get("Attachment", ())),
        body="\n".join(text.split("\n")[body_line - 1 :]),
        body_line=body_line,
    )


def read_text(path: Path, label: str) -> str:
    """Return a template file's text with plain line ends.

    :raises InputError: it cannot be read, or is not UTF-8.
    """
    try:
        octets = plain_octets(path.read_bytes())
    except OSError as error:
        raise InputError(f"{label}: the file cannot be read: {error.strerror}.") from error
    try:
        return octets.decode()
    except UnicodeDecodeError as error:
        line = octets[: error.start].count(b"\n") + 1
        raise InputError(f"{label}:{line}: the file is not UTF-8.", hint="Save it as UTF-8 in your editor.") from error


def file_within(folder: Path, name: str, *others: Path) -> Path | None:
    """Return the file of a folder that a template names, or None when there is none, or when it lies outside.

    :param others: more folders that a link may lead to.
    """
    try:
        path = (folder / name).resolve()
        inside = any(path.is_relative_to(top.resolve()) for top in (folder, *others))
        return path if inside and path.is_file() else None
    except (OSError, RuntimeError, ValueError):  # a name that no file can have, or links in a circle
        return None


def refuse_private(path: Path, private: Private, refusal: str) -> None:
    """Refuse a file that is for nobody else.

    :param refusal: what may not be done with it, and where it was to be done.
    :raises InputError: it is.
    """
    if what := private(path):
        raise InputError(f"{refusal}: {what}.", hint="Remove the line, or name a file that everybody may read.")


def _header_block(text: str, label: str) -> tuple[dict[str, list[HeaderLine]], int]:
    """Return the headers by name and the line on which the body begins."""
    headers: dict[str, list[HeaderLine]] = {}
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            return headers, number + 1
        found = _HEADER.fullmatch(line)
        if found is None:
            if not headers:
                # somebody began with the text at once: the missing Subject is what to say
                return headers, number
            raise InputError(
                f"{label}:{number}: this is neither a header nor the empty line that ends the headers.",
                hint="Put an empty line between the headers and the text.",
            )
        name = next((known for known in HEADERS if known.lower() == found[1].lower()), None)
        if name is None:
            raise InputError(
                f'{label}:{number}: "{found[1]}" cannot be set in a template.',
                hint=f"The headers of a template are {', '.join(HEADERS)}. To and From come from notify.",
            )
        if name in headers and name != "Attachment":
            raise InputError(f"{label}:{number}: {name} stands here a second time.", hint="Remove one of the two.")
        headers.setdefault(name, []).append(HeaderLine(found[2].strip(), number))
    return headers, len(lines) + 1
