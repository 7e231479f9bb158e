"""Hostile names, subjects and cells by the thousand, read back by another parser than ours."""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor

import pytest

from tests.hostile import check_messages

#: Of the long test; by hand, after a change of what is rendered or composed: 1000000.
MESSAGES = int(os.environ.get("NOTIFY_TEST_MESSAGES", "20000"))
_AT_ONCE = 1000


def test_hostile_messages() -> None:
    """One To, equal to the contact, each header once, no line over 998, and every cell where it belongs."""
    assert check_messages(0, 150) == 150


@pytest.mark.long
def test_many_hostile_messages() -> None:
    """The same, many times over."""
    seeds = range(1, 1 + MESSAGES // _AT_ONCE)
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as processes:
        assert sum(processes.map(check_messages, seeds, [_AT_ONCE] * len(seeds))) == MESSAGES
