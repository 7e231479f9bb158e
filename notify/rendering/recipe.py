"""How the messages of all who go one way through a template are made: their values are filled in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

from notify.core.message import Attachment
from notify.core.record import record
from notify.core.rendered import Wording
from notify.rendering.filling import Filling
from notify.rendering.links import is_safe
from notify.rendering.own import number_of

#: Values that are printed, each with its number; None for one that everybody has.
_Numbered = list[tuple[str, int | None]]


@record(frozen=True, slots=False)
class Printed:
    """The values that messages have in them, but for what the campaign announces; those of a recipient are numbered.

    A layout prints the subject, too, which is no value: so what stands in a page is none where it is the same.
    """

    in_text: tuple[str, ...]
    in_page: tuple[str, ...] = ()

    def of(self, values: Sequence[str], subject: str) -> tuple[str, ...]:
        """Return those of one recipient, each once: two cells may say the same."""
        text, page = self._numbered
        told = [value if number is None else values[number] for value, number in text]
        own = [value if number is None else values[number] for value, number in page]
        # seldom, and asking each takes longer
        told += [value for value in own if value != subject] if subject in own else own
        return tuple(dict.fromkeys(told))

    @cached_property
    def _numbered(self) -> tuple[_Numbered, _Numbered]:
        """Those in the text and those in the page, each with its number."""
        text, page = ([(value, number_of(value)) for value in printed] for printed in (self.in_text, self.in_page))
        return text, [both for both in page if both not in text]


@record(frozen=True, slots=False)
class BodyRecipe:
    """Text and HTML without the values of their recipient.

    ``html`` is None in plain text only. ``links`` are those that values are part of. ``constants`` are the values that
    everybody has: one of a recipient that is equal would share their slot, and ``is_mixed`` says that one does.
    ``word`` returns what is said without the values.
    """

    text: Filling
    html: Filling | None
    printed: Printed
    word: Callable[[], Wording]
    pictures: tuple[Attachment, ...] = ()
    links: tuple[Filling, ...] = ()
    constants: frozenset[str] = frozenset()
    is_mixed: bool = False

    @cached_property
    def wording(self) -> Wording:
        """What is said without the values."""
        return self.word()

    def suits(self, values: Sequence[str]) -> bool:
        """Tell whether these values can be filled in like those of everybody else."""
        if not self.constants.isdisjoint(values) or self.text.meets_line_end(values):
            return False
        links = self.links if "\n" in "".join(values) else self._leading_anywhere
        return not links or all(is_safe(link.plain(values)) for link in links)

    @cached_property
    def _leading_anywhere(self) -> tuple[Filling, ...]:
        """The links of which a value on one line may tell what they begin with, and so whether they are safe."""
        return tuple(link for link in self.links if not is_safe(link.beginning))


@record(frozen=True, slots=False)
class Recipe:
    """A whole message without the values of its recipient; ``reply_to`` is an address with its name once it is known.

    ``attachments`` is None where each recipient may have its own. ``has_title``: the page says the subject, and that
    has values in it.
    """

    subject: Filling
    reply_to: Filling | tuple[str, str]
    body: BodyRecipe
    attachments: tuple[Attachment, ...] | None
    has_title: bool

    def subject_of(self, values: Sequence[str]) -> str:
        """Return the subject for one recipient, on one line."""
        return " ".join(self.subject.plain(values).split())

    def subject_for(self, values: Sequence[str]) -> str:
        """Return it if the values can be filled in like those of everybody else; an empty text if they cannot."""
        subject = self.subject_of(values)
        if self.has_title:
            if subject in values:
                return ""
            values = [*values, subject]
        return subject if self.body.suits(values) else ""
