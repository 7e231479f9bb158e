"""A ledger beside its journals: the same is found whether they are compared in memory or by SQLite."""

from __future__ import annotations

from functools import partial
from itertools import product
from pathlib import Path

import pytest

from notify.ledger import rollback
from notify.ledger.journal import Begun, Journal
from notify.ledger.rollback import RollbackCheck

#: Tries: Message-IDs, and how many were made with each before.
FIRST, SECOND, OTHER = ("<1@example.com>", 0), ("<1@example.com>", 1), ("<2@example.com>", 0)


def _journal(path: Path, *tries: tuple[str, int]) -> Journal:
    journal = Journal.of(path, path.name.encode(), path)
    path.mkdir()
    journal.keep(Begun(message_id, before, f"{before}@example.com") for message_id, before in tries)
    return journal


@pytest.mark.parametrize("few", [0, 1, 3, 20_000])
def test_what_the_ledger_does_not_know(tmp_path: Path, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A try that is in its own journal and not in it, however often it is there; and whatever another ledger sent."""
    monkeypatch.setattr(rollback, "_FEW", few)
    cases = [(), (FIRST,), (FIRST, FIRST, OTHER), (FIRST, SECOND), (SECOND, OTHER, FIRST)]
    for number, (noted, known) in enumerate(product(cases, cases)):
        with RollbackCheck(_journal(tmp_path / f"own{number}", *noted), [], partial(iter, known)) as check:
            assert check.found_any == bool({*noted} - {*known}), (noted, known)
    own, other = _journal(tmp_path / "own", FIRST), _journal(tmp_path / "other", OTHER)
    with RollbackCheck(own, [other], lambda: [FIRST, OTHER]) as check:
        assert check.found_any


def test_an_unknown_one_behind_many_that_are_there_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries are counted, not what is in them: nothing is left unread."""
    monkeypatch.setattr(rollback, "_FEW", 2)
    with RollbackCheck(_journal(tmp_path / "own", FIRST, FIRST, FIRST, OTHER), [], lambda: [FIRST]) as check:
        assert check.found_any
        assert check.count_messages("0@example.com") == 1
