"""What a run shows while it goes on."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from notify.cli.progress import in_words
from notify.core.outcome import Phase


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
