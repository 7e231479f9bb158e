"""Looks at every message of a page's list in the background: which text each reads, and what is wrong in it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from notify.actions.cohorts import Cohorts
from notify.actions.excerpts import located
from notify.actions.prepare import Prepared
from notify.actions.preview import Making, Noticed, begun_making, findings_of
from notify.actions.roster import Roster
from notify.actions.turns import Turns
from notify.core.address import identity
from notify.core.contact import Recipient
from notify.core.finding import Severity
from notify.errors import InputError
from notify.pages import Group, Located

#: What is marked where a message cannot be made.
NO_MESSAGE = "no-message"
_EVERY_S = 0.3


@dataclass(slots=True)
class RosterCheck:
    """What is known so far; complete when all were looked at."""

    prepared: Prepared
    roster: Roster
    looked_at: int = 0
    groups: tuple[Group, ...] = ()
    noticed: tuple[Located, ...] = ()
    _cohorts: Cohorts = field(init=False)
    _noticed: Noticed = field(init=False)
    _numbers: dict[object, int] = field(default_factory=dict)
    _flagged: Counter[str] = field(default_factory=Counter)
    _first_flagged: dict[str, int] = field(default_factory=dict)
    _flagged_of: Counter[int] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._cohorts = Cohorts(self.prepared.template)
        self._noticed = Noticed(self.prepared)

    def run(self, turns: Turns, step: Callable[[], None]) -> None:
        """Look at everybody.

        :param step: is called each time that more is known, and may raise to give up.
        """
        marks: list[tuple[int, int | None, tuple[str, ...]]] = []
        latest = time.monotonic()
        with begun_making(self.prepared, self._noticed) as making:
            for number, recipient in self.roster.recipients():
                turns.let_others()
                with turns.making():
                    marks.append(self._look(making, number, recipient))
                self.looked_at = number + 1
                if time.monotonic() - latest > _EVERY_S:
                    self._tell(marks)
                    step()
                    latest = time.monotonic()
        if self._noticed.words.wants_all_again:
            for _, recipient in self.roster.recipients():
                self._noticed.words.look_again(identity(recipient.address), str(recipient.origin))
        self._tell(marks)
        step()

    def cohort_of(self, number: int | None) -> Group | None:
        """Return the group with the number of a cohort."""
        return next((group for group in self.groups if group.mark == f"cohort:{number}"), None)

    def _look(self, making: Making, number: int, recipient: Recipient) -> tuple[int, int | None, tuple[str, ...]]:
        """Look at one message; return its number, its cohort and what was noticed."""
        if not self._noticed.has_text(recipient):
            return self._flag(number, None, (NO_MESSAGE,))
        try:
            looked_at = making.look(recipient)
            key = self._cohorts.add(recipient)
        except InputError:
            return self._flag(number, None, (NO_MESSAGE,))
        cohort = self._numbers.setdefault(key, len(self._numbers))
        if looked_at is None:
            return self._flag(number, cohort, (NO_MESSAGE,))
        content, found = looked_at
        self._noticed.html.look(content)
        findings = (*findings_of(recipient, content, self.prepared), *found)
        return self._flag(number, cohort, tuple(dict.fromkeys(finding.name for finding in findings)))

    def _flag(self, number: int, cohort: int | None, flags: tuple[str, ...]) -> tuple[int, int | None, tuple[str, ...]]:
        for flag in flags:
            self._flagged[flag] += 1
            self._first_flagged.setdefault(flag, number)
        if flags and cohort is not None:
            self._flagged_of[cohort] += 1
        return number, cohort, flags

    def _tell(self, marks: list[tuple[int, int | None, tuple[str, ...]]]) -> None:
        """Write down what is known by now."""
        self.roster.listing.mark(marks)
        marks.clear()
        examples = self._cohorts.examples().shown
        numbers = {one.recipient.key: self.roster.listing.number_of(one.recipient.key) or 0 for one in examples}
        cohorts, keys = [], dict(zip(self._cohorts.all().values(), self._cohorts.all(), strict=True))
        for one in examples:
            if one.stands_for:
                cohort, of = self._numbers[keys[one.cohort]], one.cohort
                label = f"{of.language} {of.form}" + (f" · {of.branch}/{of.branches}" if of.branches > 1 else "")
                example, found = numbers[one.recipient.key], self._flagged_of[cohort]
                cohorts.append(Group(f"cohort:{cohort}", "cohort", label, one.stands_for, example, found))
        outliers = [
            Group(f"one:{numbers[one.recipient.key]}", "outlier", mark, 0, numbers[one.recipient.key])
            for one in examples
            for mark in one.stands_out
        ]
        flags = [
            Group(f"flag:{name}", "finding", name, count, self._first_flagged[name])
            for name, count in self._flagged.most_common()
        ]
        self.groups = (*cohorts, *outliers, *flags)
        texts = self.prepared.template.texts
        about_none = [one for one in self._noticed.words.found() if not one.messages]
        html = [one for one in self._noticed.html.findings() if one.severity is not Severity.INFO]
        self.noticed = (
            *(located(one.finding, texts) for one in about_none),
            *(located(finding, texts) for finding in html),
        )
