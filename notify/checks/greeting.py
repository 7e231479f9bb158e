"""Whether each text greets its reader, once: a template that lost its salutation, and one that has two."""

from __future__ import annotations

import re
from collections.abc import Iterator

from notify.checks.remark import Remark, short
from notify.core.late_pattern import late_pattern
from notify.core.rendered import Proved, Rendered, Wording

_OPENING = late_pattern(
    r"^\W{0,4}(?:sehr geehrte|guten (?:tag|morgen|abend)|hallo|liebe[rs]?\b|werte[rs]?\b|moin|grüß|servus|hi\b|hello"
    r"|dear|good (?:morning|day|afternoon)|to whom|bonjour|madame|monsieur|chère?s?\b|mesdames)[^\n]*$",
    re.IGNORECASE | re.MULTILINE,
)
#: Greetings stand on top.
_TOP = 400
#: So many wordings are looked at.
_MOST = 500


class Greetings:
    """Notes of each text how its first message greets."""

    def __init__(self) -> None:
        self._seen: set[Wording] = set()
        self._remarks: dict[tuple[str, str], Remark] = {}

    def note(self, rendered: Rendered | Proved, salutation: str) -> None:
        """Look at a message, unless another one of this wording was looked at."""
        wording = rendered.wording
        if wording in self._seen or len(self._seen) >= _MOST:
            return
        self._seen.add(wording)
        label, top = wording.label, rendered.content.text.strip()[:_TOP]
        is_greeted = bool(salutation) and salutation in top
        openings = [
            found[0].strip() for found in _OPENING.finditer(top.replace(salutation, "", 1) if is_greeted else top)
        ]
        if not (is_greeted or openings):
            what = "the text greets nobody"
            remark = Remark("no-greeting", what, "Write {{ salutation }} on top.", where=label)
            self._remarks.setdefault(("no-greeting", label), remark)
        elif is_greeted and openings:
            what = f'the text greets twice: "{short(openings[0])}" stands beside {{{{ salutation }}}}'
            remark = Remark("greeting-twice", what, "Leave one of them out.", openings[0], label)
            self._remarks.setdefault(("greeting-twice", label), remark)

    def remarks(self) -> Iterator[Remark]:
        """Yield what was found, after all messages."""
        yield from self._remarks.values()
