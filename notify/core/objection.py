"""What speaks against writing to somebody: who refused it, whom no mail reaches, who has died or left.

Which of these leaves somebody out is for the campaign to say: somebody who refused advertising has not refused to be
told of a new bank account.
"""

from __future__ import annotations

import datetime as dt
import enum

from notify.core.record import record


class Against(enum.StrEnum):
    """The kinds of objections, the gravest last. The value is how the ledger's intake and JSON call it."""

    #: Has left the club or the firm: ausgetreten.
    LEFT = "has left"
    #: Wants no advertising and no newsletter.
    ADVERTISING = "refused advertising"
    #: Wants no mail of this sender.
    ALL_MAIL = "refused all mail"
    #: The address is dead: mail to it came back.
    UNREACHABLE = "unreachable"
    DECEASED = "deceased"

    @property
    def weight(self) -> int:
        """How grave it is: of several the gravest is the reason why somebody is left out."""
        return list(Against).index(self)


@record(frozen=True, slots=True)
class Objection:
    """An objection, with what says so: ``EMAIL_BLACKLISTED: 1``.

    ``since``: it holds only when this day is over, as the day on which somebody leaves; None where it holds anyway.
    """

    against: Against
    reason: str
    since: dt.date | None = None

    def holds(self, today: dt.date) -> bool:
        """Tell whether it holds today."""
        return self.since is None or self.since < today
