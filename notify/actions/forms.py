"""Who is greeted with Du and who with Sie: whether there is a text for each of them.

A greeting with Du above a text with Sie reads like a forgery, so nobody is sent a text in the other form.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import PurePath
from typing import TYPE_CHECKING

from notify.actions.paths import label_of
from notify.actions.prepare import Prepared
from notify.config import Settings
from notify.core.campaign import LANGUAGE_NAMES, LANGUAGES
from notify.core.form import Form, Wording
from notify.errors import InputError, Problem
from notify.ledger import Reports, WithoutText

if TYPE_CHECKING:
    from notify.core.contact import Recipient
    from notify.rendering import Template

#: How many are named; all of them are counted.
_NAMED = 10

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


def refuse_without_text(prepared: Prepared, reports: Reports) -> None:
    """Refuse when the template has no text for the form in which somebody who waits is greeted.

    :raises InputError: says how many, who the first are, and which files to write.
    """
    texts = prepared.known.served if prepared.known else served(prepared.template)
    if lacking := [*reports.without_text(texts)]:
        missing = MissingTexts(prepared.settings, prepared.template)
        for found in lacking:
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
        from notify.rendering import label_like

        template, there = self._settings.template, Wording(wording.language, wording.form.other)
        like = there if there in self._template.wordings else self._template.wordings[0]
        path = PurePath(label_like(self._template.label_of(like), wording))
        if template.is_file() and template.with_name(path.name).is_file():
            folder = label_of(template.parent, self._settings.folder)
            return (
                f"The text with {wording.form} is there; name the folder in the place of one file:  --template {folder}"
            )
        return f"Write the text with {wording.form}:  {path}"
