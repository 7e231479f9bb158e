"""Looks into a message for details that its recipient may not see, however they came there.

The variables of a template have no such detail. It may be typed all the same, in a text, a layout or a cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from notify.core.audience import Sight
from notify.core.campaign import LANGUAGES
from notify.core.message import Content
from notify.core.told import Told, read_of, squeezed
from notify.errors import WithheldError

if TYPE_CHECKING:
    from notify.rendering.body import Parts
    from notify.rendering.message_file import MessageFile


class Withheld:
    """What of a campaign may not stand in the messages to those who may see the rest."""

    def __init__(self, sight: Sight, source: MessageFile, parts: Parts) -> None:
        """Look for it in the messages that are made of a file, with what it shares with others."""
        self._hidden = tuple(_hidden(sight))
        self._source = source
        self._parts = parts

    def refuse(self, content: Content, who: str) -> None:
        """Refuse a message that tells what its recipient may not see.

        :param who: where the contact stands.
        :raises WithheldError: it does.
        """
        if not self._hidden:
            return
        for text in filter(None, texts_of(content)):
            letters = squeezed(text)
            for hidden in self._hidden:
                if hidden.is_in(text, letters):
                    raise WithheldError.at(_place(hidden, self._texts()), f"{hidden.detail} may not be seen", who)

    def _texts(self) -> dict[str, str]:
        """Return the files that a message is made of, by how the user knows them; its own file first."""
        engine, layout = self._parts.engine, self._parts.layout
        included = {engine.label_of(name): text for name, text in engine.included.items()}
        return {self._source.label: self._source.text, **included, layout.label: layout.text}


def texts_of(content: Content) -> Iterator[str]:
    """Yield what can be read of a message: subject, text, HTML with and without its tags, attached texts, all names."""
    yield from (content.subject, content.text, content.reply_to, content.reply_to_name)
    yield from (file.filename for file in (*content.attachments, *content.pictures))
    # a value may stand in an attribute, and a tag inside a value
    yield from (content.html, read_of(content.html))
    for file in content.attachments:
        if file.content_type.startswith("text/"):
            yield _decoded(file.octets)


def _hidden(sight: Sight) -> Iterator[Told]:
    """Yield what is hidden and told by nothing that may be seen, as the name of the firm often is."""
    change, seen = sight.campaign.change, sight.seen.change
    sender = sight.campaign.sender
    known = [*seen.old.given().values(), *seen.new.given().values()]
    known += [sender.mailbox.name, sender.mailbox.address, sender.reply_to_name, sender.reply_to]
    known += [line for language in LANGUAGES for line in sender.letterhead.lines(language)]
    for name in sorted(sight.hidden):
        for value in filter(None, dict.fromkeys((getattr(change.new, name), getattr(change.old, name)))):
            told = Told.of(name, value)
            if not any(map(told.is_in, known)):
                yield told


def _decoded(octets: bytes) -> str:
    try:
        return octets.decode()
    except UnicodeDecodeError:
        return octets.decode("latin-1")


def _place(hidden: Told, texts: Mapping[str, str]) -> str:
    """Return the line of the template on which a value is typed; the file where it came from a cell, or a file."""
    for label, text in texts.items():
        for number, line in enumerate(text.splitlines(), start=1):
            if hidden.find(line):
                return f"{label}:{number}"
    return next(iter(texts))
