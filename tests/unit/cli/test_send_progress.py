"""What a run shows while it goes on."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from notify.cli.send_progress import SendProgress, in_words
from notify.core.form import Form
from notify.core.outcome import Phase
from notify.core.status import Status
from notify.delivery.events import Tried
from notify.ledger import Claimed
from tests.unit.ledger.mailing import NOW, outcome


@pytest.mark.parametrize(
    ("phases", "words"),
    [
        ([], ""),
        ([Phase.CONNECT], "1 connection: connecting"),
        ([None], "1 connection: waiting for the next moment"),
        ([Phase.DOT, Phase.BODY, Phase.DOT], "3 connections: 2 awaiting the answer, 1 writing"),
        ([Phase.MAIL, Phase.RCPT, Phase.DATA, None], "4 connections: 3 announcing, 1 waiting for the next moment"),
        ([Phase.RSET, Phase.QUIT], "2 connections: 1 asking, 1 closing"),
    ],
)
def test_what_connections_do(phases: Sequence[Phase | None], words: str) -> None:
    """Each connection is told, those that do the same together."""
    assert in_words(phases) == words


def _tried(who: str, status: Status) -> Tried:
    whom = Claimed(1, who, f"{who}@example.com", "", "en", Form.FORMAL, "Hello", "{}", "<1@alt.example>", None, None)
    return Tried(NOW, whom, "relay:25", outcome(status))


def test_people_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever is tried again counts once; who became due in the meantime is one more; there are never 4 of 3."""
    tries = [
        ("anna", Status.DEFERRED),
        ("ben", Status.PENDING),
        ("ben", Status.SENT),
        ("anna", Status.DEFERRED),
        ("cora", Status.FAILED),
        ("anna", Status.SENT),
        ("dora", Status.SENT),
    ]
    with SendProgress(3, 1, list) as progress:
        for who, status in tries:
            progress.show(_tried(who, status))
    counted = [line for line in capsys.readouterr().err.splitlines() if " of " in line]
    assert counted == ["1 of 3", "2 of 3", "3 of 3", "4 of 4"]
