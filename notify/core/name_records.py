"""What DNS says of a name, and who can be asked: values that rules are held against, whoever has asked."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from notify.core.record import record


class Answered(StrEnum):
    """What became of a question."""

    #: There are such records.
    FOUND = "found"
    #: The name is there, and no such record.
    EMPTY = "empty"
    #: There is no such name.
    NOWHERE = "nowhere"
    #: Nobody answered, or a server failed: it says nothing about the name.
    UNKNOWN = "unknown"


@record(frozen=True, slots=True)
class Answer:
    """The answer to one question; ``records`` are as a zone file has them, names without the last dot."""

    answered: Answered
    records: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether anything is known now that was not before."""
        return self.answered is not Answered.UNKNOWN


#: Asks for the records of a name: ``ask("neu.example", "MX")``.
Ask = Callable[[str, str], Answer]


def exchangers(answer: Answer) -> tuple[str, ...]:
    """Return the hosts of an answer to MX, the preferred one first; a null MX (RFC 7505) is an empty name."""
    found = sorted((int(preference), host) for preference, _, host in (line.partition(" ") for line in answer.records))
    return tuple(host for _, host in found)
