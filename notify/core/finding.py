"""What notify notices while it reads files and rows, and a person should know.

A finding does not end a command: what was noticed is told, and the work goes on. What ends a command is an error of
:mod:`notify.errors`, and the single things to mend in it are :class:`notify.errors.Problem`.
"""

from __future__ import annotations

import enum

from notify.core.record import record


class Severity(enum.StrEnum):
    """How much a finding matters."""

    #: It is done as expected; who wonders about it finds the reason here.
    INFO = "info"
    #: It may be wrong, and only a person can tell.
    WARNING = "warning"
    #: It is wrong, and somebody is left out because of it.
    ERROR = "error"


@record(frozen=True, slots=True)
class Finding:
    """One thing that was noticed.

    ``name`` says of which sort it is, such as ``guessed-column``; it never changes, so that programs can look for it.
    ``where`` is a file, or a file and a line (``kunden.csv:12``), or empty. ``what`` is one sentence without its full
    stop, ``mend`` tells what can be done about it and may be empty.
    """

    name: str
    severity: Severity
    where: str
    what: str
    mend: str = ""

    def __str__(self) -> str:
        """Return what and mend on one line."""
        if not self.mend:
            return self.what
        # a sentence of its own, a condition, or an instruction
        joint = ". " if self.mend[0].isupper() else "; " if self.mend.startswith("if ") else ": "
        return f"{self.what}{joint}{self.mend}"
