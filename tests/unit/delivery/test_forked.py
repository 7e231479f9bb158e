"""The process beside the run: what it is asked and answers comes as it was sent."""

from __future__ import annotations

import os
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


def test_it_stands_back() -> None:
    """It works on a core that nobody else wants."""
    forked = Forked(lambda _: os.sched_getscheduler(0))
    try:
        assert forked.ask(None)
        assert forked.answer() == os.SCHED_IDLE
    finally:
        forked.end()


@pytest.mark.parametrize(
    ("times", "answers"),
    [
        ([(0, 0), (0, 0.5)], [None]),
        ([(0, 0), (0, 0.1), (0.01, 0.2), (0.02, 0.6)], [2, 2, None]),
        ([(0, 0), (1, 3), (2, 6), (3, 9), (4, 12)], [2, 2, 2]),
    ],
)
def test_one_that_gets_no_core(
    monkeypatch: pytest.MonkeyPatch, times: list[tuple[float, float]], answers: list[int | None]
) -> None:
    """It ends, so that whoever asks does the work; not when it has worked for nearly as long as it waited."""
    passed = iter(times)
    monkeypatch.setattr("notify.delivery.forked._times_s", lambda: next(passed))
    forked = Forked(lambda number: number + 1)
    try:
        for answer in answers:
            forked.ask(1)
            assert forked.answer() == answer
    finally:
        forked.end()


def test_where_nobody_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """It works as anybody does where it could not find out that it gets no core."""

    def fail() -> tuple[float, float]:
        raise FileNotFoundError

    monkeypatch.setattr("notify.delivery.forked._times_s", fail)
    forked = Forked(lambda _: os.sched_getscheduler(0))
    try:
        assert forked.ask(None)
        assert forked.answer() == os.SCHED_OTHER
    finally:
        forked.end()
