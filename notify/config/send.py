"""The section [send]: how fast, and who gets copies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

from notify.config.sections import About, Section, declared_keys, setting
from notify.config.value_types import APPROVAL, DURATION, HOURS, MAILBOXES, MOMENT, choice, number
from notify.core.message import Mailbox
from notify.core.record import record
from notify.core.window import Window

#: Of what there is one copy for each address: of all messages together, of each text, of every message.
PER_CAMPAIGN, PER_COHORT, PER_RECIPIENT = "campaign", "cohort", "recipient"


@record(frozen=True, slots=True)
class SendSettings:
    """The section [send]. ``start`` is aware; without a ``window`` messages may leave at any hour.

    ``approval`` is empty, ``required`` or ``two_people``.
    """

    batch: int = setting(
        number(1, 1_000_000, "whole number, 1 or more"),
        About(
            "so many messages, then a pause; it never ends a run",
            "so viele Nachrichten, dann eine Pause; es beendet nie den Lauf",
            50,
            option="--batch",
        ),
        default=50,
    )
    start: dt.datetime | None = setting(
        MOMENT,
        About(
            "nothing leaves before, in local time unless it has an offset",
            "vorher geht nichts hinaus; in Ortszeit, außer mit Zeitzone",
            dt.datetime(2026, 12, 1, 8),  # noqa: DTZ001  # as it stands in the file
            active=False,
            default="at once",
            option="--start",
        ),
        default=None,
    )
    window: Window | None = setting(
        HOURS,
        About(
            "only at these hours, in local time",
            "nur zu diesen Zeiten, in Ortszeit",
            "Mon-Fri 08:00-18:00",
            active=False,
            default="at any time",
        ),
        default=None,
    )
    pause_s: float = setting(
        DURATION,
        About('"60s", "2min", "1h"', '"60s", "2min", "1h"', "60s", default='`"60s"`', option="--pause"),
        default=60.0,
        name="pause",
    )
    copy_to: tuple[Mailbox, ...] = setting(
        MAILBOXES,
        About(
            "gets copies, each a message of its own; several as a list",
            "bekommt Kopien, jede eine eigene Nachricht; mehrere als Liste",
            "Büro <info@neu.example>",
            active=False,
            default="nobody",
        ),
        default=(),
    )
    copy_per: str = setting(
        choice(PER_CAMPAIGN, PER_COHORT, PER_RECIPIENT),
        About(
            'one copy per "campaign", "cohort" (each text) or "recipient"',
            'eine Kopie pro "campaign" (insgesamt), "cohort" (je Text) oder "recipient"',
            PER_CAMPAIGN,
            active=False,
        ),
        default=PER_CAMPAIGN,
    )
    approval: str = setting(
        APPROVAL,
        About(
            "only what was approved: notify approve",
            "nur was freigegeben ist: notify approve",
            "required",
            active=False,
            default="two people for a new IBAN, else none",
        ),
        default="",
    )


def _copies_for_nobody(made: SendSettings, failed: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield that nobody is named who would get the copies."""
    if made.copy_per != PER_CAMPAIGN and not made.copy_to and not failed:
        yield "copy_per", "nobody gets copies: name an address in `copy_to`"


SEND = Section(
    ("send",),
    About(
        "How fast, and who gets copies. The sandbox does not wait.",
        "Wie schnell, und wer Kopien bekommt. Die Sandbox wartet nicht.",
    ),
    declared_keys(SendSettings),
    SendSettings,
    _copies_for_nobody,
)
