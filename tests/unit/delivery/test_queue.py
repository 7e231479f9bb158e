"""Whom the queue leases, and when: before they are wanted, and not while a relay waits."""

from __future__ import annotations

from itertools import islice
from typing import cast

import pytest

from notify.core.form import Form
from notify.core.pace import Pace
from notify.delivery.queue import Queue
from notify.ledger import Claimed, Handovers
from tests.campaign import NOW


class Waiting:
    """As many who wait as there are; each time it is asked, it tells how many were asked for."""

    def __init__(self, people: int) -> None:
        self._numbers = iter(range(1, people + 1))
        self.asked: list[int] = []

    def claim(self, most: int, *_: object) -> list[Claimed]:
        """Claim the next ones."""
        self.asked.append(most)
        return [*map(_claimed, islice(self._numbers, most))]


def _claimed(number: int) -> Claimed:
    address = f"{number}@example.com"
    return Claimed(number, address, address, "", "en", Form.FORMAL, "Hello", "{}", f"<{number}@x>", None, None)


def _queue(waiting: Waiting, *, ahead: bool) -> tuple[Queue, list[int]]:
    """Return a queue, and what grows by those whose messages are to be made."""
    made: list[int] = []
    told = (lambda claimed, _: made.extend(one.id for one in claimed)) if ahead else None
    queue = Queue(cast("Handovers", waiting), Pace(()), limit=None, only=(), ahead=told)
    queue.open_batch(1000)
    return queue, made


def _taken(queue: Queue, count: int) -> list[int]:
    """Take so many, as a relay gets them."""
    taken = []
    for _ in range(count):
        assert queue.fill(NOW, ahead=False)
        claimed = queue.take(NOW)
        assert isinstance(claimed, Claimed)
        taken.append(claimed.id)
    return taken


def test_nobody_is_leased_while_a_relay_waits() -> None:
    """Few are leased by then, but as long as there is anybody, the next ones have time until it has got its dots."""
    waiting = Waiting(1000)
    queue, made = _queue(waiting, ahead=True)
    assert queue.fill(NOW)
    assert queue.fill(NOW)
    assert (waiting.asked, len(made)) == ([64, 64], 128)
    assert _taken(queue, 100) == [*range(1, 101)]
    assert waiting.asked == [64, 64]
    assert queue.fill(NOW)
    assert (waiting.asked, len(made)) == ([64, 64, 64], 192)
    # the last of them is not waited for until there is time
    assert _taken(queue, 93) == [*range(101, 194)]
    assert (waiting.asked, len(made)) == ([64, 64, 64, 64], 256)


@pytest.mark.parametrize("ahead", [False, True])
def test_everybody_has_a_turn(*, ahead: bool) -> None:
    """However seldom there is time for the next ones, and where nobody makes messages ahead, too."""
    waiting = Waiting(300)
    queue, made = _queue(waiting, ahead=ahead)
    taken: list[int] = []
    while queue.fill(NOW):
        taken += _taken(queue, min(70, 300 - len(taken)))
    assert taken == [*range(1, 301)]
    assert made == (taken if ahead else [])
