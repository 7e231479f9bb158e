"""Who reads the same text but for its values, and who stands out: one message of each shows everything that is sent."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from notify.actions.forms import MissingTexts
from notify.actions.prepare import Prepared
from notify.actions.preview import admitted, nobody
from notify.core.codes import SAMPLE_CODES
from notify.core.contact import Recipient
from notify.core.form import Wording

#: How many cohorts are shown at most, those of most recipients.
MOST_COHORTS = 12
#: Of so many cohorts somebody is remembered; a text that is another one for everybody has no more to show.
_MOST_REMEMBERED = 500
_LONG_NAME = 30


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Example:
    """A recipient whose message stands for so many of its cohort, or none, and in what it stands out."""

    recipient: Recipient
    cohort: Cohort
    stands_for: int
    stands_out: tuple[str, ...] = ()

    def __str__(self) -> str:
        return ", ".join([str(self.cohort), *self.stands_out])


@dataclass(frozen=True, slots=True)
class Examples:
    """One message of each kind, and how many cohorts there are, of which only the largest may be shown."""

    shown: tuple[Example, ...]
    cohorts: int

    @property
    def left_out(self) -> int:
        """How many cohorts have no example, since there are too many."""
        return max(0, self.cohorts - MOST_COHORTS)


@dataclass(slots=True)
class _Seen:
    """What one walk over all recipients finds."""

    counts: Counter[tuple[Wording, str]] = field(default_factory=Counter)
    first: dict[tuple[Wording, str], Recipient] = field(default_factory=dict)
    outliers: dict[str, tuple[int, Recipient, tuple[Wording, str]]] = field(default_factory=dict)

    def add(self, recipient: Recipient, key: tuple[Wording, str], marks: Iterator[tuple[str, int]]) -> None:
        self.counts[key] += 1
        if len(self.first) < _MOST_REMEMBERED:
            self.first.setdefault(key, recipient)
        for mark, weight in marks:
            if mark not in self.outliers or weight > self.outliers[mark][0]:
                self.outliers[mark] = (weight, recipient, key)


def examples(prepared: Prepared) -> Examples:
    """Return one recipient of each cohort, the first in the files, then those who stand out.

    :raises InputError: nobody is written to, or there is no text for the form in which somebody is greeted.
    """
    seen, missing = _Seen(), MissingTexts(prepared.settings, prepared.template)
    for recipient in admitted(prepared):
        if not missing.lacks(recipient):
            seen.add(recipient, _key(prepared, recipient), _marks(prepared, recipient))
    if error := missing.error():
        raise error
    if not seen.counts:
        raise nobody()
    cohorts = _cohorts(seen.counts)
    largest = sorted(seen.first, key=lambda key: -seen.counts[key])[:MOST_COHORTS]
    chosen = {seen.first[key].key: Example(seen.first[key], cohorts[key], cohorts[key].count) for key in largest}
    for mark, (_, recipient, key) in seen.outliers.items():
        example = chosen.get(recipient.key, Example(recipient, cohorts[key], 0))
        chosen[recipient.key] = replace(example, stands_out=(*example.stands_out, mark))
    return Examples(tuple(chosen.values()), len(seen.counts))


def _key(prepared: Prepared, recipient: Recipient) -> tuple[Wording, str]:
    template = prepared.template
    # whatever code each is given, it is a value
    code = SAMPLE_CODES[recipient.language]
    fields = template.named.of(recipient.fields, recipient.row)
    shape = template.shape(
        recipient.language,
        recipient.salutation,
        {**fields, "code": code},
        str(recipient.origin),
        form=recipient.form,
    )
    return Wording(recipient.language, recipient.form), shape


def _marks(prepared: Prepared, recipient: Recipient) -> Iterator[tuple[str, int]]:
    """Yield in what a recipient stands out, and by how much; who has the most of it is taken, the first of several."""
    if len(recipient.name) > _LONG_NAME:
        yield "the longest name", len(recipient.name)
    if recipient.fell_back and prepared.template.greets:
        yield "greeted neutrally", 1
    if not recipient.name.isascii() and any(map(_is_foreign, recipient.name)):
        yield "letters that are not Latin", 1
    if prepared.template.has_own_files(recipient.language, recipient.form):
        fields = prepared.template.named.of(recipient.fields, recipient.row)
        own = prepared.template.own_files(
            recipient.language, recipient.salutation, fields, str(recipient.origin), form=recipient.form
        )
        if own.files:
            yield "the largest files", own.octets
            yield "the most files", len(own.files)


def _is_foreign(letter: str) -> bool:
    return letter.isalpha() and not unicodedata.name(letter, "").startswith("LATIN")


def _cohorts(counts: Counter[tuple[Wording, str]]) -> dict[tuple[Wording, str], Cohort]:
    branches = Counter(wording for wording, _ in counts)
    numbers: Counter[Wording] = Counter()
    found = {}
    for key, count in counts.items():
        wording, _ = key
        numbers[wording] += 1
        found[key] = Cohort(wording.language, str(wording.form), numbers[wording], branches[wording], count)
    return found
