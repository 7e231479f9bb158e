"""Who is on a card."""

from __future__ import annotations

import uuid

from notify.core.campaign import Details
from notify.core.late_pattern import late_pattern
from notify.core.record import record

#: Names of ours are made in it (RFC 9562, 5.5).
_SPACE = uuid.UUID("6f1c6c0a-53e2-4b5e-9d3b-3c0f5b7d1e20")
#: What some file system or mail program does not take in a name.
_NOT_IN_FILES = late_pattern(r'[\\/:*?"<>|\x00-\x1f]+')


@record(frozen=True, slots=True)
class Person:
    """A person, a firm, or somebody of a firm, with the details from now on.

    ``name`` is as one says it; ``first`` and ``last`` are empty where nobody can tell them apart. ``mark`` is what
    stays the same in every campaign, and by which address books know that a card is a newer one of the same.
    """

    name: str
    details: Details
    mark: str
    first: str = ""
    last: str = ""
    company: str = ""

    @property
    def uid(self) -> str:
        """The number of the card, always the same for the same mark."""
        return str(uuid.uuid5(_SPACE, self.mark))

    def uid_of(self, what: str) -> str:
        """Return the number of something else of this person."""
        return str(uuid.uuid5(_SPACE, f"{self.mark}\n{what}"))

    @property
    def file_name(self) -> str:
        """The name as a file may be called, without an ending."""
        return _NOT_IN_FILES.sub(" ", self.name).strip(" .") or "contact"
