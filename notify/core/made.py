"""A file that notify makes itself from the announced details, and attaches."""

from __future__ import annotations

from collections.abc import Callable

from notify.core.campaign import Change
from notify.core.message import Attachment
from notify.core.record import record


@record(frozen=True, slots=True)
class MadeFile:
    """A file, and the text that it is made from: by that it is compared, and a difference can be read."""

    attachment: Attachment
    source: str

    @property
    def name(self) -> str:
        """Under which name it arrives."""
        return self.attachment.filename

    @property
    def octets(self) -> bytes:
        """What is in it."""
        return self.attachment.octets


#: Returns what is attached to the messages of a language that announce this change, or as much of it as may be seen.
Made = Callable[[str, Change], tuple[MadeFile, ...]]


def nothing_made(_language: str, _change: Change) -> tuple[MadeFile, ...]:
    """Attach nothing."""
    return ()
