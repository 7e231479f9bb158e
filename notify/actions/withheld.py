"""The messages that would tell somebody what none of their audiences may see: said of all of them together."""

from __future__ import annotations

from collections import Counter
from dataclasses import field

from notify.core.record import record
from notify.errors import HOW_TO_SHOW, Problem, WithheldError

#: How many an error names; all of them are counted.
_NAMED = 10


@record(frozen=False, slots=True)
class Withheld:
    """How many messages cannot be made on each line of the template, and who the first of them are."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    first: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def note(self, error: WithheldError) -> None:
        """Count the message of somebody."""
        place = (error.where, error.what)
        self.counts[place] += 1
        named = self.first.setdefault(place, [])
        if len(named) < _NAMED:
            named.append(error.who)

    def refuse(self) -> None:
        """Refuse to write to anybody while somebody's message would tell too much.

        :raises WithheldError: names each line, with how many may not see what it tells.
        """
        if error := self.error():
            raise error

    def error(self) -> WithheldError | None:
        """Return what to say of them; None where there are none."""
        if not self.counts:
            return None
        problems = [Problem(where, self._described(where, what)) for where, what in self.counts]
        message = f"{problems[0]}." if len(problems) == 1 else "The text tells people what they may not see."
        return WithheldError(message, hint=HOW_TO_SHOW, problems=problems)

    def _described(self, where: str, what: str) -> str:
        count, first = self.counts[where, what], self.first[where, what]
        more = ", …" if count > len(first) else ""
        return f"{what} by {'1 recipient' if count == 1 else f'{count:,} recipients'}: {', '.join(first)}{more}"
