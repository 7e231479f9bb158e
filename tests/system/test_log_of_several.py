"""What several machines record at the same time is told once, in whatever order it is committed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from notify.actions import log
from notify.actions.log import entries
from notify.actions.run import begun
from notify.core.outcome import Attempt
from notify.core.status import Status
from notify.ledger import Database
from notify.ledger.postgres.connection import Session, connected
from tests.campaign import NOW, Folder, enrolled, handover_of, send
from tests.unit.ledger.mailing import outcome, settle

ATTEMPT = """
INSERT INTO attempt (recipient, time, address, relay, phase, reply, status, scope, message_id)
SELECT recipient, time, ?, relay, phase, reply, status, scope, message_id FROM attempt ORDER BY id LIMIT 1
"""


@pytest.mark.parametrize("_ledger", ["database"], indirect=True)
def test_a_later_number_that_is_committed_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever follows the log misses no attempt whose machine commits behind another one, and is told none twice."""
    monkeypatch.setattr(log, "_LOOK_S", 0.01)
    folder = Folder(tmp_path / "campaign")
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
        enrolled(run)
        settle(handover_of(run), send(handover_of(run), "anna@example.com"), outcome(Status.SENT), NOW)
    assert isinstance(folder.ledger, Database)
    followed = entries(folder.settings(), follow=True)
    assert _next(followed) == "anna@example.com"
    with connected(folder.ledger) as slow, connected(folder.ledger) as fast:
        with slow.transaction():
            Session(slow).execute(ATTEMPT, ("slow@example.com",))
            Session(fast).execute(ATTEMPT, ("fast@example.com",))
            assert _next(followed) == "fast@example.com"
        Session(fast).execute(ATTEMPT, ("last@example.com",))
        assert _next(followed) == "slow@example.com"
        assert _next(followed) == "last@example.com"


def _next(followed: Iterator[object]) -> str:
    attempt = next(followed)
    assert isinstance(attempt, Attempt)
    return attempt.to
