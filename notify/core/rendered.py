"""A rendered message with what is known of its words: which its author typed, and which came from the contact."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from notify.core.message import Content
from notify.core.record import record

#: Stands where a value was printed that is left out (OBJECT REPLACEMENT CHARACTER).
GAP = "\ufffc"


@record(frozen=True, slots=True)
class Words:
    """The words of a message: its subject, its plain text and, unless it is plain text only, its HTML."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True, eq=False)
class Wording:
    """What all messages have in common that differ in values of their contacts only; each is compared by identity.

    ``typed`` has a gap for every value that was printed: what is left was typed by the author. ``read`` has gaps for
    the contact's own values only; what the campaign announces, and who sends it, stands in its place. ``label`` is the
    message file as the user named it.
    """

    label: str
    language: str
    typed: Words
    read: Words


@record(frozen=True, slots=True)
class Rendered:
    """What one recipient reads, its wording, and the values of the contact that were printed in it."""

    content: Content
    wording: Wording
    values: tuple[str, ...]

    @property
    def most_html(self) -> int:
        """How many characters its HTML has."""
        return len(self.content.html)


@record(frozen=True, slots=True)
class Proved:
    """A message that can be made, what is known of it before it is, and what makes it.

    ``values`` are as in :class:`Rendered`; the HTML has at most ``most_html`` characters.
    """

    wording: Wording
    values: tuple[str, ...]
    most_html: int
    make: Callable[[], Content]

    @property
    def content(self) -> Content:
        """What the recipient reads, made now."""
        return self.make()
