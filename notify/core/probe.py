"""A test message to a mailbox of one's own, and what it has proved: that what is sent there arrives."""

from __future__ import annotations

import datetime as dt
import enum

from notify.core.authentication import Authentication
from notify.core.record import record

#: For so many days a mailbox counts as proved, and a message that was sent there is waited for.
VALID_DAYS = 30


class Fate(enum.StrEnum):
    """What has become of a test message."""

    #: It was sent, and nobody has seen it yet.
    WAITING = "waiting"
    #: It was seen in its mailbox.
    ARRIVED = "arrived"
    #: It was refused, or something came back that says so.
    RETURNED = "returned"


class SeenBy(enum.StrEnum):
    """How that was seen."""

    #: notify read it in the mailbox.
    IMAP = "imap"
    #: Somebody typed the code that stands in it.
    CODE = "code"
    #: Somebody gave the message as a file.
    FILE = "file"
    #: The relay refused it at once.
    RELAY = "relay"


@record(frozen=True, slots=True)
class Sighting:
    """What was seen of a test message.

    ``in_spam``: it lay in the folder for spam. ``found`` is what the receiving server found of it, where that can be
    told. ``reason`` says why it came back.
    """

    fate: Fate
    by: SeenBy
    in_spam: bool = False
    found: Authentication | None = None
    reason: str = ""


@record(frozen=True, slots=True)
class Probe:
    """A test message: when it was sent, to whom, from whom, through which relay. ``seen`` is when that was seen."""

    time: dt.datetime
    address: str
    sender: str
    relay: str
    message_id: str
    seen: dt.datetime | None = None
    sighting: Sighting | None = None

    @property
    def fate(self) -> Fate:
        """What has become of it, as far as is known."""
        return self.sighting.fate if self.sighting else Fate.WAITING

    @property
    def is_proof(self) -> bool:
        """Whether it was seen to arrive."""
        return self.fate is Fate.ARRIVED

    def valid_until(self) -> dt.date | None:
        """Return the last day on which its mailbox counts as proved; None: it proves nothing."""
        if not self.is_proof or self.seen is None:
            return None
        return self.seen.astimezone().date() + dt.timedelta(days=VALID_DAYS)

    def is_valid_on(self, day: dt.date) -> bool:
        """Tell whether its mailbox counts as proved on a day."""
        last = self.valid_until()
        return last is not None and day <= last
