"""Who reads the same text but for its values, and who stands out: one message of each shows everything that is sent."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from notify.actions.forms import MissingTexts
from notify.actions.noticed import Noticed
from notify.actions.prepare import Prepared
from notify.actions.preview import admitted, nobody, preview, previewed
from notify.actions.previewed import Previewed
from notify.actions.watch import Watch
from notify.core.codes import SAMPLE_CODES
from notify.core.contact import Recipient
from notify.core.form import Wording
from notify.core.record import record
from notify.rendering import Field, Template

#: How many cohorts are shown at most, those of most recipients.
MOST_COHORTS = 12
#: Of so many cohorts somebody is remembered; a text that is another one for everybody has no more to show.
_MOST_REMEMBERED = 500
#: So many cohorts are told apart; whoever reads yet another text is only counted.
MOST_COUNTED = 10_000
_LONG_NAME = 30
_LONG_VALUE = 40


class CohortKey(NamedTuple):
    """What all of a cohort have in common: language and form, and the digest of the text without its values."""

    wording: Wording
    shape: str


@record(frozen=True, slots=True)
class Cohort:
    """Recipients who read one text: language and form, and which branches of the template it takes.

    ``branch`` counts from 1, in the order of the files; there are ``branches`` in this language and form.
    """

    language: str
    form: str
    branch: int
    branches: int
    count: int

    def __str__(self) -> str:
        branch = f", branch {self.branch} of {self.branches}" if self.branches > 1 else ""
        return f"{self.language} {self.form}{branch}"


@record(frozen=True, slots=True)
class Example:
    """A recipient whose message stands for so many of its cohort, or none, and in what it stands out."""

    recipient: Recipient
    cohort: Cohort
    stands_for: int
    stands_out: tuple[str, ...] = ()

    def __str__(self) -> str:
        return ", ".join([str(self.cohort), *self.stands_out])


@record(frozen=True, slots=True)
class Examples:
    """One message of each kind, and how many cohorts there are, of which only the largest may be shown.

    ``beyond`` recipients read yet other texts, which are so many that they are not told apart.
    """

    shown: tuple[Example, ...]
    cohorts: int
    beyond: int = 0

    @property
    def left_out(self) -> int:
        """How many cohorts have no example, since there are too many."""
        return max(0, self.cohorts - MOST_COHORTS)


class Cohorts:
    """Sorts recipients into cohorts, one after the other, and remembers who stands out. Its memory is bounded."""

    def __init__(self, template: Template) -> None:
        self._template = template
        self._counts: Counter[CohortKey] = Counter()
        self._first: dict[CohortKey, Recipient] = {}
        self._outliers: dict[str, tuple[int, Recipient, CohortKey]] = {}
        #: How many recipients read a text that is not told apart any more, as there are too many.
        self.beyond = 0

    def add(self, recipient: Recipient) -> CohortKey:
        """Sort in a recipient for whom there is a text; return to which cohort it belongs."""
        named = self._template.named.of(recipient.fields, recipient.row, recipient.audiences)
        key = self._key(recipient, named)
        if key in self._counts or len(self._counts) < MOST_COUNTED:
            self._counts[key] += 1
            if len(self._first) < _MOST_REMEMBERED:
                self._first.setdefault(key, recipient)
            for mark, weight in _marks(self._template, recipient, named):
                if mark not in self._outliers or weight > self._outliers[mark][0]:
                    self._outliers[mark] = (weight, recipient, key)
        else:
            self.beyond += 1
        return key

    def all(self) -> dict[CohortKey, Cohort]:
        """Return the cohorts of all who were sorted in, in the order in which each was met first."""
        branches = Counter(key.wording for key in self._counts)
        numbers: Counter[Wording] = Counter()
        found = {}
        for key, count in self._counts.items():
            numbers[key.wording] += 1
            branch, of = numbers[key.wording], branches[key.wording]
            found[key] = Cohort(key.wording.language, str(key.wording.form), branch, of, count)
        return found

    def examples(self) -> Examples:
        """Return one recipient of each cohort, the first that was met, then those who stand out."""
        cohorts = self.all()
        largest = sorted(self._first, key=lambda key: -self._counts[key])[:MOST_COHORTS]
        chosen = {self._first[key].key: Example(self._first[key], cohorts[key], cohorts[key].count) for key in largest}
        for mark, (_, recipient, key) in self._outliers.items():
            example = chosen.get(recipient.key, Example(recipient, cohorts[key], 0))
            chosen[recipient.key] = replace(example, stands_out=(*example.stands_out, mark))
        return Examples(tuple(chosen.values()), len(cohorts), self.beyond)

    def _key(self, recipient: Recipient, named: Mapping[str, Field]) -> CohortKey:
        # whatever code each is given, it is a value
        shape = self._template.shape(
            recipient.language,
            recipient.salutation,
            {**named, "code": SAMPLE_CODES[recipient.language]},
            str(recipient.origin),
            form=recipient.form,
        )
        return CohortKey(Wording(recipient.language, recipient.form), shape)


def examples(prepared: Prepared, watch: Watch) -> Examples:
    """Return one recipient of each cohort, the first in the files, then those who stand out.

    :param watch: is given the rows of all files, then all who are written to, and passes them on.
    :raises InputError: nobody is written to, or there is no text for the form in which somebody is greeted.
    """
    cohorts, missing = Cohorts(prepared.template), MissingTexts(prepared.settings, prepared.template)
    for recipient in admitted(prepared, watch):
        if not missing.lacks(recipient):
            cohorts.add(recipient)
    if error := missing.error():
        raise error
    found = cohorts.examples()
    if not found.shown:
        raise nobody()
    return found


def preview_examples(
    prepared: Prepared, *, most: int | None, noticed: Noticed, cohorts: Cohorts
) -> tuple[Examples, Iterator[tuple[Previewed, Example]]]:
    """Look at everybody; return whom the messages are shown of, and the first ``most`` of these messages.

    :param noticed: hands whomever it goes past to ``cohorts``, which is empty.
    :raises InputError: as :func:`notify.actions.preview.preview` does.
    """
    for _ in preview(prepared, most=0, noticed=noticed):
        pass
    found = cohorts.examples()

    def messages() -> Iterator[tuple[Previewed, Example]]:
        for example in found.shown[:most]:
            yield previewed(prepared, example.recipient), example

    return found, messages()


def _marks(template: Template, recipient: Recipient, named: Mapping[str, Field]) -> Iterator[tuple[str, int]]:
    """Yield in what a recipient stands out, and by how much; who has the most of it is taken, the first of several."""
    if len(recipient.name) > _LONG_NAME:
        yield "the longest name", len(recipient.name)
    if recipient.fell_back and template.greets:
        yield "greeted neutrally", 1
    if not recipient.name.isascii() and any(map(_is_foreign, recipient.name)):
        yield "letters that are not Latin", 1
    cells = [value for values in named.values() if isinstance(values, Mapping) for value in values.values()]
    longest = max(map(len, cells), default=0)
    if longest > _LONG_VALUE:
        yield "the longest value", longest
    if template.has_own_files(recipient.language, recipient.form):
        whose = (recipient.language, recipient.salutation, named, str(recipient.origin))
        own = template.own_files(*whose, form=recipient.form)
        if own.files:
            yield "the largest files", own.octets
            yield "the most files", len(own.files)


def _is_foreign(letter: str) -> bool:
    return letter.isalpha() and not unicodedata.name(letter, "").startswith("LATIN")
