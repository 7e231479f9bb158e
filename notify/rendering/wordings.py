"""What the messages of a template have in common: the words of each shape, made once."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from notify.core.campaign import ChangedDetail
from notify.core.message import Content
from notify.core.rendered import Rendered, Wording, Words
from notify.rendering.slots import Slots
from notify.rendering.traced import Traced

#: Shapes that are kept; a template that has more of them makes some anew.
_KEPT = 512


class Wordings:
    """Finds the wording of each message of one file."""

    def __init__(self, label: str, language: str, variables: Mapping[str, object]) -> None:
        """Tell the contact's values from those of the campaign, which are ``variables``."""
        self._label = label
        self._language = language
        self._campaign = frozenset(_texts(variables.values()))
        self._of_text = lru_cache(_KEPT)(self._plain)
        self._of_shapes = lru_cache(_KEPT)(self._marked)

    def of_text(self, content: Content, subject: str, text: str) -> Rendered:
        """Return a message in plain text with its wording."""
        wording = self._of_text(*self._without_values(subject), *self._without_values(text))
        return Rendered(content, wording, (*self._of_contact(subject), *self._of_contact(text)))

    def of_shapes(self, content: Content, subject: str, filled: Slots, text: str, html_text: str) -> Rendered:
        """Return a message in Markdown with its wording, by its shapes."""
        known = tuple(value if value in self._campaign else None for value in filled.values)
        wording = self._of_shapes(*self._without_values(subject), text, html_text, known)
        values = [value for value in filled.values if value not in self._campaign]
        # the layout prints the subject, which is no value of the contact
        own = [value for value in values if value != content.subject]
        return Rendered(content, wording, (*self._of_contact(subject), *own))

    def _plain(self, subject: str, read_subject: str, text: str, read_text: str) -> Wording:
        return Wording(self._label, self._language, Words(subject, text, ""), Words(read_subject, read_text, ""))

    def _marked(
        self, subject: str, read_subject: str, text: str, html_text: str, known: tuple[str | None, ...]
    ) -> Wording:
        slots = Slots()
        slots.values = [value or "" for value in known]
        typed = Words(subject, slots.with_gaps(text), slots.with_gaps(html_text))
        read = slots.with_gaps(text, self._campaign), slots.with_gaps(html_text, self._campaign, html.escape)
        return Wording(self._label, self._language, typed, Words(read_subject, *read))

    def _without_values(self, text: str) -> tuple[str, str]:
        """Return a text without all values, and without those of the contact."""
        if not isinstance(text, Traced):
            return text, text
        return text.with_gaps(), text.with_gaps(self._campaign)

    def _of_contact(self, text: str) -> Iterator[str]:
        if isinstance(text, Traced):
            yield from (value for value in text.values() if value not in self._campaign)


def _texts(values: Iterable[object]) -> Iterator[str]:
    """Yield every text and date that stands in the campaign's variables."""
    for value in values:
        if isinstance(value, Mapping):
            yield from _texts(value.values())
        elif isinstance(value, tuple):
            yield from _texts(value)
        elif isinstance(value, ChangedDetail):
            yield from _texts((value.label, value.old, value.new))
        elif isinstance(value, str | dt.date) and value:
            yield str(value)
