"""Whoever serves channels, held to the same contract."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from notify.actions.run import begun
from notify.actions.send_test import ExampleMessages
from notify.core.pace import Pace
from notify.delivery.dispatcher import Dispatcher as RealDispatcher
from notify.delivery.queue import Queue
from notify.relays import Dispatcher
from tests.campaign import NOW, Folder, enrolled, handover_of
from tests.contract.dispatchers import DispatcherContract
from tests.servers.dispatcher import MemoryDispatcher, letter


class TestTheDispatcherOfARun(DispatcherContract):
    """The one that works on a ledger."""

    @pytest.fixture
    def dispatcher(self, tmp_path: Path) -> Iterator[Dispatcher]:
        """Give it in a run for three people."""
        with begun(Folder(tmp_path / "campaign").prepared(), NOW, accept_change=False, rehearsal=False) as run:
            enrolled(run)
            handover, job = handover_of(run), run.job
            queue = Queue(handover, Pace(()), limit=None, only=())
            name, composer = job.routes[0].name, job.composer()
            made = RealDispatcher(handover, queue, job.template, composer, lambda _: None, relay=name, is_proven=False)
            assert made.open_batch(50)
            yield made


class TestTheDispatcherOfATestMessage(DispatcherContract):
    """The one that ``notify send --test`` works with."""

    messages = 2

    @pytest.fixture
    def dispatcher(self) -> Dispatcher:
        """Give it with its message."""
        return ExampleMessages([letter(1), letter(2)])


class TestTheDispatcherInMemory(DispatcherContract):
    """The one that the tests of the dialogue use."""

    @pytest.fixture
    def dispatcher(self) -> Dispatcher:
        """Give it with three messages."""
        return MemoryDispatcher(3)
