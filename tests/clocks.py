"""Clocks of our own, on which days pass at once, and time zones."""

from __future__ import annotations

import datetime as dt
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from notify.delivery.clock import Clock
from tests.campaign import NOW

NEEDS_ZONES = pytest.mark.skipif(not hasattr(time, "tzset"), reason="Windows has one time zone for all programs")


@contextmanager
def in_zone(name: str = "Europe/Berlin") -> Iterator[None]:
    """Let this process stand in a time zone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "TZ", name)
        time.tzset()
        yield
    time.tzset()


class Leaping(Clock):
    """A clock that leaps instead of letting anybody sleep. Nothing depends on how long a slice of a wait is."""

    def __init__(self) -> None:
        self._now = NOW
        self._lock = threading.Lock()

    def now(self) -> dt.datetime:
        """Return the moment that the leaps have come to."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Leap; whoever sleeps a slice is not in a hurry."""
        with self._lock:
            self._now += dt.timedelta(seconds=seconds * 200)

    def leap(self, length: dt.timedelta) -> None:
        """Leap by so much."""
        self._now += length


class SetBack(Leaping):
    """A clock that goes on as one sleeps, until it is set back once, after a minute."""

    def __init__(self, back: dt.timedelta) -> None:
        super().__init__()
        self._back = back
        #: How long was slept in truth.
        self.slept = dt.timedelta()

    def sleep(self, seconds: float) -> None:
        """Go on; whoever sleeps for days on end is stuck."""
        with self._lock:
            self._now += dt.timedelta(seconds=seconds)
            self.slept += dt.timedelta(seconds=seconds)
            assert self.slept < dt.timedelta(days=2)
            if self.slept >= dt.timedelta(minutes=1):
                self._now -= self._back
                self._back = dt.timedelta()


class Hurried(Leaping):
    """A clock that is ten minutes further whenever the run that stays, or what it delivers, looks at it."""

    def now(self) -> dt.datetime:
        """Return the moment; to the connections it stands still."""
        if threading.current_thread() is threading.main_thread():
            self._now += dt.timedelta(minutes=10)
        return self._now

    @property
    def shows(self) -> dt.datetime:
        """What it shows, without being looked at."""
        return self._now
