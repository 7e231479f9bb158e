"""The clock by which a run waits. Tests bring one of their own and let days pass at once."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable

_SLICE_S = 0.5


class Clock:
    """The clock of this machine."""

    def now(self) -> dt.datetime:
        """Return the moment, aware, in UTC."""
        return dt.datetime.now(dt.UTC)

    def sleep(self, seconds: float) -> None:
        """Let time pass; what a signal asked for meanwhile is noticed afterwards."""
        time.sleep(seconds)

    def wait(self, until: dt.datetime, longest_s: float, is_over: Callable[[], bool]) -> None:
        """Let time pass until ``until`` or ``is_over()``; for ``longest_s`` at most, as the clock may be set back."""
        while not is_over():
            left_s = min(longest_s, (until - self.now()).total_seconds())
            if left_s <= 0:
                return
            slice_s = min(left_s, _SLICE_S)
            self.sleep(slice_s)
            longest_s -= slice_s
