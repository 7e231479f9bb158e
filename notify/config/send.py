"""The section [send]: how fast."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from notify.config.sections import About, Section, declared_keys, setting
from notify.config.value_types import APPROVAL, DURATION, HOURS, MOMENT, number
from notify.core.window import Window


@dataclass(frozen=True, slots=True)
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


SEND = Section(
    ("send",),
    About("How fast. The sandbox does not wait.", "Wie schnell. Die Sandbox wartet nicht."),
    declared_keys(SendSettings),
    SendSettings,
)
