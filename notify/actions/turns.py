"""Lets work in the background wait while somebody waits for an answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

_A_MOMENT_S = 0.002


class Turns:
    """Who waits for an answer is first. One thread at a time makes messages, as templates are not made for two."""

    def __init__(self) -> None:
        self._counting = threading.Lock()
        self._asking = 0
        self._making = threading.Lock()

    @contextmanager
    def first(self) -> Iterator[None]:
        """Answer somebody inside this ``with``: work in the background stands still."""
        with self._counting:
            self._asking += 1
        try:
            yield
        finally:
            with self._counting:
                self._asking -= 1

    @contextmanager
    def making(self) -> Iterator[None]:
        """Make a message inside this ``with``."""
        with self._making:
            yield

    def let_others(self) -> None:
        """Stand still as long as somebody waits: called by work in the background, between two of its steps."""
        while self._asking:
            time.sleep(_A_MOMENT_S)
