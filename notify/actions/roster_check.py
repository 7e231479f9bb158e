"""Looks at every message of a page's list in the background: which text each reads, and what is wrong in it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from notify.actions.cohorts import CohortKey, Cohorts, Example
from notify.actions.excerpts import located
from notify.actions.noticed import Noticed
from notify.actions.prepare import Prepared
from notify.actions.preview import Making, begun_making, findings_of
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

#: The number of a recipient, that of its cohort, and the names of what was noticed.
_Mark = tuple[int, int | None, tuple[str, ...]]


class RosterCheck:
    """What is known so far; complete when all were looked at."""

    def __init__(self, prepared: Prepared, roster: Roster) -> None:
        """Begin with nobody looked at."""
        self._prepared, self._roster = prepared, roster
        #: How many were looked at.
        self.looked_at = 0
        #: Cohorts, outliers, and what was noticed.
        self.groups: tuple[Group, ...] = ()
        #: What was noticed in no message in particular.
        self.noticed: tuple[Located, ...] = ()
        self._cohorts = Cohorts(prepared.template)
        self._looks = Noticed(prepared)
        self._numbers: dict[CohortKey, int] = {}
        self._flagged: Counter[str] = Counter()
        self._first_flagged: dict[str, int] = {}
        self._flagged_of: Counter[int] = Counter()

    def run(self, turns: Turns, step: Callable[[], None]) -> None:
        """Look at everybody.

        :param step: is called each time that more is known, and may raise to give up.
        """
        marks: list[_Mark] = []
        latest = time.monotonic()
        with begun_making(self._prepared, self._looks) as making:
            for number, recipient in self._roster.recipients():
                turns.let_others()
                with turns.making():
                    marks.append(self._look(making, number, recipient))
                self.looked_at = number + 1
                if time.monotonic() - latest > _EVERY_S:
                    self._tell(marks)
                    step()
                    latest = time.monotonic()
        if self._looks.words.wants_all_again:
            for _, recipient in self._roster.recipients():
                self._looks.words.look_again(identity(recipient.address), str(recipient.origin))
        self._tell(marks)
        step()

    def _look(self, making: Making, number: int, recipient: Recipient) -> _Mark:
        """Look at one message; return its number, its cohort and what was noticed."""
        if not self._looks.has_text(recipient):
            return self._flag(number, None, (NO_MESSAGE,))
        try:
            looked_at = making.look(recipient)
            key = self._cohorts.add(recipient)
        except InputError:
            return self._flag(number, None, (NO_MESSAGE,))
        cohort = self._numbers.setdefault(key, len(self._numbers))
        if looked_at is None:
            return self._flag(number, cohort, (NO_MESSAGE,))
        proved, found = looked_at
        findings = (*findings_of(recipient, proved.content, self._prepared), *found)
        return self._flag(number, cohort, tuple(dict.fromkeys(finding.name for finding in findings)))

    def _flag(self, number: int, cohort: int | None, flags: tuple[str, ...]) -> _Mark:
        for flag in flags:
            self._flagged[flag] += 1
            self._first_flagged.setdefault(flag, number)
        if flags and cohort is not None:
            self._flagged_of[cohort] += 1
        return number, cohort, flags

    def _tell(self, marks: list[_Mark]) -> None:
        """Write down what is known by now."""
        self._roster.listing.mark(marks)
        marks.clear()
        shown = self._cohorts.examples().shown
        numbers = {one.recipient.key: self._roster.listing.number_of(one.recipient.key) or 0 for one in shown}
        self.groups = (*self._cohort_groups(shown, numbers), *_outlier_groups(shown, numbers), *self._finding_groups())
        texts = self._prepared.template.texts
        about_none = (one.finding for one in self._looks.words.found() if not one.messages)
        html = (one for one in self._looks.html.findings() if one.severity is not Severity.INFO)
        self.noticed = tuple(located(finding, texts) for finding in (*about_none, *html))

    def _cohort_groups(self, shown: Iterable[Example], numbers: Mapping[str, int]) -> Iterator[Group]:
        keys = {cohort: key for key, cohort in self._cohorts.all().items()}
        for one in shown:
            if not one.stands_for:
                continue
            cohort, number = one.cohort, self._numbers[keys[one.cohort]]
            branch = f" · {cohort.branch}/{cohort.branches}" if cohort.branches > 1 else ""
            label = f"{cohort.language} {cohort.form}{branch}"
            example, found = numbers[one.recipient.key], self._flagged_of[number]
            yield Group(f"cohort:{number}", "cohort", label, one.stands_for, example, found)

    def _finding_groups(self) -> Iterator[Group]:
        for name, count in self._flagged.most_common():
            yield Group(f"flag:{name}", "finding", name, count, self._first_flagged[name])


def _outlier_groups(shown: Iterable[Example], numbers: Mapping[str, int]) -> Iterator[Group]:
    for one in shown:
        number = numbers[one.recipient.key]
        yield from (Group(f"one:{number}", "outlier", mark, 0, number) for mark in one.stands_out)
