"""The clock by which a run waits. Tests bring one of their own and let days pass at once."""

from __future__ import annotations

import datetime as dt
import time


class Clock:
    """The clock of this machine."""

    def now(self) -> dt.datetime:
        """Return the moment, aware, in UTC."""
        return dt.datetime.now(dt.UTC)

    def sleep(self, seconds: float) -> None:
        """Let time pass; a signal is minded when it is over."""
        time.sleep(seconds)
