"""What the messages of a template have in common: the words of each shape, made once."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from notify.core.campaign import ChangedDetail
from notify.core.rendered import Wording, Words
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
        #: The texts that the campaign itself says.
        self.campaign = frozenset(_texts(variables.values()))
        self._of_text = lru_cache(_KEPT)(self._plain)
        self._of_shapes = lru_cache(_KEPT)(self._marked)

    def of_text(self, subject: str, text: str) -> Wording:
        """Return the wording of a message in plain text."""
        return self._of_text(*self._without_values(subject), *self._without_values(text))

    def of_shapes(self, subject: str, values: Sequence[str], text: str, html_text: str) -> Wording:
        """Return the wording of a message in Markdown or HTML, by its shapes and the values of their slots."""
        known = tuple(value if value in self.campaign else None for value in values)
        return self._of_shapes(*self._without_values(subject), text, html_text, known)

    def of_contact(self, *texts: str) -> tuple[str, ...]:
        """Return the values that were printed in plain texts, but for those of the campaign."""
        traced = (text for text in texts if isinstance(text, Traced))
        return tuple(value for text in traced for value in text.values() if value not in self.campaign)

    def _plain(self, subject: str, read_subject: str, text: str, read_text: str) -> Wording:
        return Wording(self._label, self._language, Words(subject, text, ""), Words(read_subject, read_text, ""))

    def _marked(
        self, subject: str, read_subject: str, text: str, html_text: str, known: tuple[str | None, ...]
    ) -> Wording:
        slots = Slots()
        slots.values = [value or "" for value in known]
        typed = Words(subject, slots.with_gaps(text), slots.with_gaps(html_text))
        read = slots.with_gaps(text, self.campaign), slots.with_gaps(html_text, self.campaign, html.escape)
        return Wording(self._label, self._language, typed, Words(read_subject, *read))

    def _without_values(self, text: str) -> tuple[str, str]:
        """Return a text without all values, and without those of the contact."""
        if not isinstance(text, Traced):
            return text, text
        return text.with_gaps(), text.with_gaps(self.campaign)


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
