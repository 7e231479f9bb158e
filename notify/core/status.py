"""The states of a recipient and the arrows between them, as data.

::

    enrol ──► PENDING ──begin──► IN_FLIGHT ──settle──► SENT
               │  ▲                 │  │  └──settle──► FAILED
               │  └──settle─────────┤  └──no answer──► IN_DOUBT ──resolve──► SENT, PENDING
               │     (the relay's   │
               │      trouble)      ▼
               └──settle─────────► DEFERRED ──begin──► IN_FLIGHT …
                  (refused before   FAILED
                   the dot)

Whom a run has claimed waits until the final dot is about to leave: the claim is in the memory of the run alone. The dot
leaves only after ``begin`` is durable. So whoever waits after a crash was certainly not sent to, and whoever is
IN_FLIGHT almost surely was: that one is asked about, never guessed.
"""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """Where one recipient stands in a campaign. Every recipient has exactly one."""

    #: Enrolled, nothing was handed over yet.
    PENDING = "pending"
    #: Leased by a run of an earlier notify, which wrote that down, and died; not handed over.
    CLAIMED = "claimed"
    #: The final dot is leaving or has left; the answer is not known yet.
    IN_FLIGHT = "in_flight"
    #: The relay took responsibility. This is not "delivered".
    SENT = "sent"
    #: Refused for the moment; tried again when due.
    DEFERRED = "deferred"
    #: Refused for good.
    FAILED = "failed"
    #: Handed over, the answer was lost. The user decides.
    IN_DOUBT = "in_doubt"
    #: Still not accepted when the campaign's deadline passed.
    EXPIRED = "expired"
    #: Must not be written to.
    SUPPRESSED = "suppressed"
    #: Left the contact file before the message was sent.
    WITHDRAWN = "withdrawn"


#: Who is not written to yet, and so may still be changed, withdrawn or suppressed.
WAITING = (Status.PENDING, Status.DEFERRED)

#: Every arrow that exists, by the name of what draws it. The ledger refuses any other.
TRANSITIONS: dict[str, frozenset[tuple[Status, Status]]] = {
    "begin": frozenset((status, Status.IN_FLIGHT) for status in WAITING),
    "settle": frozenset(
        {
            # refused before the dot
            (Status.PENDING, Status.DEFERRED),
            (Status.PENDING, Status.FAILED),
            (Status.DEFERRED, Status.FAILED),
            # answered after the dot, or not
            (Status.IN_FLIGHT, Status.SENT),
            (Status.IN_FLIGHT, Status.DEFERRED),
            (Status.IN_FLIGHT, Status.FAILED),
            (Status.IN_FLIGHT, Status.IN_DOUBT),
            # the relay's trouble, or the message's: charged to nobody
            (Status.DEFERRED, Status.PENDING),
            (Status.IN_FLIGHT, Status.PENDING),
        }
    ),
    "recover": frozenset({(Status.CLAIMED, Status.PENDING), (Status.IN_FLIGHT, Status.IN_DOUBT)}),
    "resolve": frozenset(
        {
            (Status.IN_DOUBT, Status.SENT),
            (Status.IN_DOUBT, Status.PENDING),
            (Status.FAILED, Status.PENDING),
        }
    ),
    "retry": frozenset({(Status.FAILED, Status.PENDING)}),
    "withdraw": frozenset((status, Status.WITHDRAWN) for status in WAITING),
    "suppress": frozenset((status, Status.SUPPRESSED) for status in WAITING),
    "expire": frozenset((status, Status.EXPIRED) for status in WAITING),
    # back in the contact file, off the suppression list, a later deadline, a mended address
    "enrol": frozenset(
        (status, Status.PENDING) for status in (Status.WITHDRAWN, Status.SUPPRESSED, Status.EXPIRED, Status.FAILED)
    ),
}

#: All arrows together.
ARROWS: frozenset[tuple[Status, Status]] = frozenset().union(*TRANSITIONS.values())
