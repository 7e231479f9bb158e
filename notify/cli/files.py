"""How the files of a message are shown: in words before they are sent, and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from notify.cli.screen import how_many, size

if TYPE_CHECKING:
    from notify.actions.outline import Outline
    from notify.actions.own_files import Counted
    from notify.core.message import Attachment


def file_record(file: Attachment) -> dict[str, object]:
    """Return a file for programs."""
    return {"filename": file.filename, "content_type": file.content_type, "size": len(file.octets)}


def about_the_files(messages: Outline, own: Counted) -> Iterator[tuple[str, str]]:
    """Yield what is attached and shown, each with its label; an empty one goes on with the line before."""
    from notify.actions.message_size import LARGE_MESSAGE

    if messages.attachments:
        yield "Files", ", ".join(_in_words(file, _to_whom(file, messages)) for file in messages.attachments)
    if own.recipients:
        who = "1 recipient gets" if own.recipients == 1 else f"{own.recipients:,} recipients get"
        text = f"{who} {how_many(own.files, 'file')} of their own ({size(own.octets)})"
        yield ("", f"besides, {text}") if messages.attachments else ("Files", text)
    if messages.pictures:
        yield "Pictures", ", ".join(map(_in_words, messages.pictures))
    if messages.octets > LARGE_MESSAGE:
        yield "Size", f"{size(messages.octets)} each: many mailboxes refuse more than {size(LARGE_MESSAGE)}"


def _to_whom(file: Attachment, messages: Outline) -> str:
    """Return how many get a file that belongs to some of the texts only; empty where everybody does."""
    counts = [subject.count for subject in messages.subjects if file in subject.files]
    return f", to {sum(counts):,}" if len(counts) < len(messages.subjects) else ""


def _in_words(file: Attachment, to_whom: str = "") -> str:
    return f"{file.filename} ({size(len(file.octets))}{to_whom})"
