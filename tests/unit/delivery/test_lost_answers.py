"""Answers to the final dot that are lost: how many are too many, over restarts and on several connections."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable

import pytest

from notify.core.outcome import Loss, Phase, Reply
from notify.core.verdict import judge
from notify.delivery.lost_answers import LOSES_ANSWERS, WINDOW, LostAnswers
from tests.campaign import NOW

SENT = judge(Phase.DOT, Reply(250, ("2.0.0 Ok",)))
DOUBT = judge(Phase.DOT, Loss("the connection was closed"))
LOST = judge(Phase.BODY, Loss("the connection was closed"))
SECOND = dt.timedelta(seconds=1)


def _hand_over(answers: LostAnswers, losses: Iterable[bool], first: int = 0) -> int | None:
    """Hand over one after the other; return how many were in doubt when they were too many."""
    doubts = 0
    for number, is_lost in enumerate(losses, start=first):
        answers.begin(number)
        answers.note(number, DOUBT if is_lost else SENT)
        doubts += is_lost
        if answers.are_too_many:
            return doubts
    return None


@pytest.mark.parametrize("every", range(1, 10))
def test_every_so_many(every: int) -> None:
    """A relay that loses every answer, or every ninth, leaves three in doubt and no more."""
    assert _hand_over(LostAnswers(), (number % every == 0 for number in range(1, 1000))) == 3


def test_now_and_then() -> None:
    """Two among twenty hold nothing, as long as it goes on."""
    assert _hand_over(LostAnswers(), (number % 10 == 0 for number in range(1, 1000))) is None


@pytest.mark.parametrize("seed", range(20))
def test_by_chance(seed: int) -> None:
    """However chance mixes them, half of the answers lost are three doubts."""
    chance = random.Random(seed)
    assert _hand_over(LostAnswers(), (chance.random() < 0.5 for _ in range(1000))) == 3


def test_lost_at_one_moment() -> None:
    """A line that is cut once leaves as many in doubt as there are connections; the second time is too much."""
    answers = LostAnswers(connections=10)
    for moment in (0, 1):
        for number in range(10):
            answers.begin(number)
        assert not answers.are_too_many
        for number in range(10):
            answers.note(number, DOUBT)
        assert answers.are_too_many is (moment == 1)


def test_what_is_no_answer_to_a_dot() -> None:
    """What was lost before the dot, or never began, is no doubt and pushes none out of the window."""
    answers = LostAnswers()
    _hand_over(answers, [True, True])
    for number in range(100, 200):
        answers.begin(number)
        answers.note(number, LOST)
        answers.note(1000 + number, DOUBT)
    assert not answers.are_too_many
    assert _hand_over(answers, [True]) == 1


def _earlier(*doubts: bool, apart: dt.timedelta = SECOND) -> list[tuple[dt.datetime, bool]]:
    return [(NOW + number * apart, is_doubt) for number, is_doubt in enumerate(doubts)]


@pytest.mark.parametrize(
    ("earlier", "connections", "held"),
    [
        (_earlier(True, True, True), 1, True),
        (_earlier(True, True), 1, False),
        (_earlier(True, False, True, False, True), 4, True),
        (_earlier(True, True, True, True), 4, False),
        (_earlier(True, True, True, True, apart=60 * SECOND), 4, True),
        (_earlier(True, True, *[False] * (WINDOW - 1), True), 1, False),
    ],
)
def test_earlier_runs(earlier: list[tuple[dt.datetime, bool]], connections: int, held: bool) -> None:
    """What earlier runs lost counts; what several connections may have lost at one moment is one accident."""
    answers = LostAnswers(earlier, connections=connections)
    assert answers.are_too_many is held
    if not held and len(earlier) == 2:
        assert _hand_over(answers, [False, True]) == 1


def test_words() -> None:
    """The user reads once what happened and what to do."""
    assert str(LOSES_ANSWERS.answer) in LOSES_ANSWERS.words
    assert "notify resolve" in LOSES_ANSWERS.words
