"""The process beside the run: what it is asked and answers comes as it was sent."""

from __future__ import annotations

import sys
import time

import pytest

from notify.delivery.forked import Forked

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="nothing is forked elsewhere")


def test_answers_come_whole() -> None:
    """Whatever came before: what is long does not end a shorter one that follows, nor the other way round."""
    forked = Forked(lambda question: (question, [question * 9]))
    try:
        for question in ("a", b"b" * 90_000, "", "ä" * 300, b"c" * 90_001, [1], "d"):
            assert forked.ask(question)
            assert forked.answer() == (question, [question * 9])
    finally:
        forked.end()


def test_what_is_longer_than_may_wait() -> None:
    """It is asked where nothing else waits to be read, and nothing more beside it."""
    forked = Forked(len)
    try:
        assert forked.ask("a" * 2_000_000)
        assert not forked.ask("b")
        assert forked.answer() == 2_000_000
        assert forked.ask("b")
        assert not forked.ask("a" * 2_000_000)
        assert forked.answer() == 1
    finally:
        forked.end()


@pytest.mark.parametrize("size", [1, 1_000_000, 1_048_560, 1_048_580, 3_000_000])
def test_answers_of_any_length_in_their_order(size: int) -> None:
    """None is written over before it was received, however many were asked for, nor is one taken for another."""
    forked = Forked(lambda number: bytes([number]) * (size if number % 3 else 7))
    try:
        for number in range(1, 20):
            assert forked.ask(number)
            if number > 3:
                # it is ahead by then
                time.sleep(0.02)
                answered = number - 3
                assert forked.answer() == bytes([answered]) * (size if answered % 3 else 7)
    finally:
        forked.end()
