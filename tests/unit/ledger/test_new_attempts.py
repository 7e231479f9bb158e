"""What a look tells that no look before has told."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from notify.core.outcome import Attempt
from notify.core.status import Status
from notify.ledger import NewAttempts, new_attempts
from tests.unit.ledger.mailing import NOW, Mailing

if TYPE_CHECKING:
    import pytest

_ATTEMPT = Attempt(NOW, "K1", "anna@example.com", "<1@alt.example>", "", "dot", "250 Ok", Status.SENT, "")


class _Log:
    """Attempts by their numbers; ``asked`` is behind which number each look has asked."""

    def __init__(self, *numbers: int) -> None:
        self.numbers = {*numbers}
        self.asked: list[int] = []

    def read(self, after: int) -> list[tuple[int, Attempt]]:
        """Return those behind a number."""
        self.asked.append(after)
        there = sorted(number for number in self.numbers if number > after)
        return [(number, dataclasses.replace(_ATTEMPT, key=str(number))) for number in there]


def test_in_a_file_nothing_is_read_twice(post: Mailing) -> None:
    """There numbers are seen in their order, so each look asks behind the last one."""
    log = _Log(1, 2, 5)
    new = NewAttempts(post.store, log.read, after=1)
    assert [one.key for one in new.look()] == ["2", "5"]
    log.numbers.add(7)
    assert [[one.key for one in new.look()] for _ in range(2)] == [["7"], []]
    assert log.asked == [1, 5, 7]


def test_no_more_is_remembered_than_has_room(post: Mailing, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many there are at the first look, of a few the numbers are kept; and none is told twice."""
    monkeypatch.setattr(new_attempts, "_REMEMBERED", 10)
    monkeypatch.setattr(new_attempts, "_BACK_S", 10.0)
    post.store.place = "a database"  # type: ignore[assignment]
    log = _Log(*range(1, 100))
    new = NewAttempts(post.store, log.read, clock=lambda: 0.0)
    assert [one.key for one in new.look()] == [str(number) for number in range(1, 100)]
    assert list(new.look()) == []
    assert log.asked[1] >= 89
