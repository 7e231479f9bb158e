"""The files that only one recipient gets: looked at before anything is sent, and held to be the same ever after."""

from __future__ import annotations

import json
from dataclasses import field, replace
from typing import TYPE_CHECKING

from notify.core.record import record
from notify.errors import ChangedError, InputError, Problem
from notify.ledger import Enrolment, Given, Sorted

if TYPE_CHECKING:
    from notify.rendering import OwnFiles, Template

#: How many an error names; all of them are counted.
_NAMED = 10


@record(frozen=False, slots=True)
class Counted:
    """How many recipients get files of their own, how many files and octets, and what is wrong with others."""

    recipients: int = 0
    files: int = 0
    octets: int = 0
    wrong: int = 0
    problems: list[Problem] = field(default_factory=list)

    def note(self, own: OwnFiles) -> None:
        """Count the files of somebody who is still written to."""
        self.recipients += bool(own.files)
        self.files += len(own.files)
        self.octets += own.octets
        self.wrong += bool(own.problems)
        self.problems += own.problems[: max(0, _NAMED - len(self.problems))]

    def refuse_problems(self) -> None:
        """Refuse to write to anybody while somebody's file cannot be attached.

        :raises InputError: names the first of them; all are counted.
        """
        if self.wrong:
            who = "1 recipient" if self.wrong == 1 else f"{self.wrong:,} recipients"
            raise InputError(
                f"Files of {who} cannot be attached.",
                hint="Put them into the campaign folder, mend the cells, or empty them: then nothing is attached.",
                problems=self.problems,
            )


def with_own_files(template: Template, enrolment: Enrolment, found: Sorted) -> tuple[Sorted, OwnFiles | None]:
    """Return a recipient with the digests of its own files, and these; None for who has none or gets no message.

    :raises InputError: the names of its files cannot be rendered.
    """
    given = found.given
    is_written_to = found.twin is None and given.selected and not given.opted_out
    if not (is_written_to and template.has_own_files(given.language, given.form)) or enrolment.was_reached(given):
        return found, None
    fields = json.loads(given.fields)
    own = template.own_files(given.language, given.salutation, fields, given.origin, form=given.form)
    return replace(found, given=_with(given, fields, own)), own


def refuse_changed_files(enrolment: Enrolment) -> None:
    """Refuse when a file was sent to some as it was, and would be sent to others as it is now.

    :raises ChangedError: names the first of them, with how many still get it.
    """
    changed = list(enrolment.changed_files(_NAMED))
    if changed:
        raise ChangedError(
            "Files have changed since they were sent to the first recipients.",
            hint="Send them to the rest as they are now:  notify send --accept-change\n"
            "Or bring back the files as they were.",
            problems=[
                Problem(
                    name,
                    "has changed; 1 recipient waits for it" if waits == 1 else f"has changed; {waits:,} wait for it",
                )
                for name, waits in changed
            ],
        )


def _with(given: Given, fields: dict[str, object], own: OwnFiles) -> Given:
    return replace(given, fields=json.dumps(fields | {"files": own.files}, ensure_ascii=False))
