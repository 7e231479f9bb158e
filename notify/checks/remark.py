"""What a check has to say, before it is known where in the files that stands."""

from __future__ import annotations

from collections.abc import Mapping

from notify.core.check_names import GRAVE, NOTES
from notify.core.finding import Finding, Severity
from notify.core.record import record
from notify.core.text import plain

#: Words of a message that are looked for in the template must be at least so long.
_TELLING = 4


@record(frozen=True, slots=True)
class Remark:
    """One thing that a check of this ``name`` has noticed.

    ``excerpt`` is how it stands in the message, to be found in the template; ``where`` says it when it is known.
    ``is_grave``: it is so in this campaign, whatever its name is in others.
    """

    name: str
    what: str
    mend: str
    excerpt: str = ""
    where: str = ""
    is_grave: bool = False

    def finding(self, label: str, texts: Mapping[str, str]) -> Finding:
        """Make a finding of it.

        :param label: the file of the message.
        :param texts: the texts of all files of the template, by their names.
        """
        where = self.where or line_of(self.excerpt, label, texts)
        severity = Severity.ERROR if self.is_grave else severity_of(self.name)
        return Finding(self.name, severity, where, self.what, self.mend)


def severity_of(name: str) -> Severity:
    """Return how much it matters what a check of this name has noticed."""
    return Severity.ERROR if name in GRAVE else Severity.INFO if name in NOTES else Severity.WARNING


def line_of(excerpt: str, label: str, texts: Mapping[str, str]) -> str:
    """Return file and line of what stands in a message; the message's file where it cannot be told."""
    words = sorted((word for word in excerpt.split() if len(word) >= _TELLING), key=len, reverse=True)
    ordered = sorted(texts.items(), key=lambda item: item[0] != label)
    for sought in filter(None, (excerpt, *words)):
        for name, text in ordered:
            before, found, _ = plain(text).partition(sought)
            if found:
                return f"{name}:{before.count(chr(10)) + 1}"
    return label


def short(text: str) -> str:
    """Return a text on one line and not too long, as it is quoted in a sentence."""
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:59]}…"
