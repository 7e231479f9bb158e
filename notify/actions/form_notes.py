"""What the contact files leave unclear about who is greeted with Du and who with Sie."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import field

from notify.core.contact import Recipient
from notify.core.finding import Finding, Severity
from notify.core.record import record
from notify.core.text import one_line
from notify.recipients.findings import MIXED_FORM, UNCLEAR_FORM, has_mixed_form, has_unclear_form

#: How many are named; all of them are counted.
_NAMED = 10
_LONGEST_VALUE = 40


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
