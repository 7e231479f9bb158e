"""Who is greeted with Du and who with Sie: whether there is a text for each of them, and what the files leave unclear.

A greeting with Du above a text with Sie reads like a forgery, so nobody is sent a text in the other form.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import field
from itertools import product
from pathlib import PurePath

from notify.actions.sources import label_of
from notify.config import Settings
from notify.core.campaign import LANGUAGE_NAMES, LANGUAGES
from notify.core.contact import Recipient
from notify.core.finding import Finding, Severity
from notify.core.form import Form, Wording
from notify.core.record import record
from notify.core.text import one_line
from notify.errors import InputError, Problem
from notify.ledger import Reports, WithoutText
from notify.recipients.findings import MIXED_FORM, UNCLEAR_FORM, has_mixed_form, has_unclear_form
from notify.rendering import Template, label_like

#: How many are named; all of them are counted.
_NAMED = 10
_LONGEST_VALUE = 40

_GREET_OTHERWISE = {
    Form.FAMILIAR: "To greet somebody with Sie, write Sie into the column form of overrides.csv, and - into its "
    "column salutation where the contact file has a greeting.",
    Form.FORMAL: "To greet somebody with Du, write Du into the column form of overrides.csv. To greet all with Du "
    "whose row does not say Sie:  du = 'true'  in [contacts]",
}


def served(template: Template) -> Iterator[Wording]:
    """Yield every language and form in which the template has a text for a reader."""
    pairs = product(LANGUAGES, Form)
    return (Wording(language, form) for language, form in pairs if template.wording_for(language, form))


def refuse_without_text(settings: Settings, template: Template, reports: Reports) -> None:
    """Refuse when the template has no text for the form in which somebody who waits is greeted.

    :raises InputError: says how many, who the first are, and which files to write.
    """
    missing = MissingTexts(settings, template)
    for found in reports.without_text(served(template)):
        missing.add(found)
    if error := missing.error():
        raise error


class MissingTexts:
    """Those for whom the template has no text, counted by the text that they would need."""

    def __init__(self, settings: Settings, template: Template) -> None:
        self._settings = settings
        self._template = template
        self._counts: dict[Wording, int] = {}
        self._first: list[Problem] = []

    def add(self, found: WithoutText) -> None:
        """Count somebody."""
        self._counts[found.wording] = self._counts.get(found.wording, 0) + 1
        if len(self._first) < _NAMED:
            self._first.append(Problem(found.origin, f"{found.address}: {found.salutation}"))

    def lacks(self, recipient: Recipient) -> bool:
        """Count a recipient, if there is no text; tell whether there is none."""
        if self._template.wording_for(recipient.language, recipient.form) is not None:
            return False
        wording = Wording(recipient.language, recipient.form)
        self.add(WithoutText(wording, recipient.address, str(recipient.origin), recipient.salutation))
        return True

    def error(self) -> InputError | None:
        """Return what to say of them; None where everybody has a text."""
        if not self._counts:
            return None
        needed = sorted(self._counts, key=lambda wording: -self._counts[wording])
        greeted = "; ".join(self._greeted(wording, first=not number) for number, wording in enumerate(needed))
        hints = [self._mend(wording) for wording in needed]
        hints += [_GREET_OTHERWISE[form] for form in Form if form in {wording.form for wording in needed}]
        return InputError(f"{greeted}.", hint="\n".join(hints), problems=self._first)

    def _greeted(self, wording: Wording, *, first: bool) -> str:
        """Return how many need a text, and which there is instead of it."""
        count, language = self._counts[wording], LANGUAGE_NAMES[wording.language]
        who = f"{count:,}{' recipient' * first}{'s' * (first and count != 1)} {'is' if count == 1 else 'are'}"
        greeted = f"{who} greeted with {wording.form}, and in {language} there is"
        there = Wording(wording.language, wording.form.other)
        if there not in self._template.wordings:
            # somebody whose message must leave once more as it was, in a language that the template had then
            return f"{greeted} no text"
        return f"{greeted} only a text with {there.form}: {self._template.label_of(there)}"

    def _mend(self, wording: Wording) -> str:
        template, there = self._settings.template, Wording(wording.language, wording.form.other)
        like = there if there in self._template.wordings else self._template.wordings[0]
        path = PurePath(label_like(self._template.label_of(like), wording))
        if template.is_file() and template.with_name(path.name).is_file():
            folder = label_of(template.parent, self._settings.folder)
            return (
                f"The text with {wording.form} is there; name the folder in the place of one file:  --template {folder}"
            )
        return f"Write the text with {wording.form}:  {path}"


@record(frozen=False, slots=True)
class FormNotes:
    """What the contact files leave doubtful about forms, counted, each with its first place.

    Columns for the form that say neither Sie nor Du, by what they say; and greetings in the other form than the text.
    """

    _places: dict[str, str] = field(default_factory=dict)
    _rows: Counter[str] = field(default_factory=Counter)
    _mixed: list[Recipient] = field(default_factory=list)
    _mixed_rows: int = 0

    def add(self, recipient: Recipient) -> None:
        """Look at a recipient."""
        if has_unclear_form(recipient):
            value = one_line(recipient.fields["form"])[:_LONGEST_VALUE]
            self._places.setdefault(value, str(recipient.origin))
            self._rows[value] += 1
        if has_mixed_form(recipient):
            self._mixed += [recipient] * (not self._mixed)
            self._mixed_rows += 1

    def findings(self) -> Iterator[Finding]:
        """Yield one for each value, the most frequent first; of many only the first few. Then one for the greetings."""
        yield from self.unclear()
        for first in self._mixed:
            greeting, rows = first.salutation.rstrip(","), _rows(self._mixed_rows)
            what = f'the greeting "{greeting}" is not in the form of the text below it ({rows})'
            mend = "- in the column salutation of overrides.csv leaves the greeting to notify"
            yield Finding(MIXED_FORM, Severity.WARNING, str(first.origin), what, mend)

    def unclear(self) -> Iterator[Finding]:
        """Yield those about columns that say neither."""
        values = self._rows.most_common()
        for value, rows in values[:_NAMED]:
            what = f'the form "{value}" says neither Sie nor Du, so it does not count ({_rows(rows)})'
            mend = "write Sie or Du there, or in overrides.csv"
            yield Finding(UNCLEAR_FORM, Severity.WARNING, self._places[value], what, mend)
        if others := values[_NAMED:]:
            rows = sum(rows for _, rows in others)
            what = f"{len(others):,} other forms say neither Sie nor Du, so they do not count ({_rows(rows)})"
            yield Finding(UNCLEAR_FORM, Severity.WARNING, self._places[others[0][0]], what)


def _rows(number: int) -> str:
    return "1 row" if number == 1 else f"{number:,} rows"
