"""A finding is read as one line: what was noticed, and what can be done about it."""

from __future__ import annotations

import pytest

from notify.core.finding import Finding, Severity


@pytest.mark.parametrize(
    ("mend", "line"),
    [
        ("", "the encoding is a guess"),
        ("If that is wrong, say so", "the encoding is a guess. If that is wrong, say so"),
        ("if so, say so", "the encoding is a guess; if so, say so"),
        ("choose another", "the encoding is a guess: choose another"),
    ],
)
def test_a_line(mend: str, line: str) -> None:
    """A sentence of its own, a condition and an instruction are each joined as one writes them."""
    assert str(Finding("guessed-encoding", Severity.WARNING, "kunden.csv:2", "the encoding is a guess", mend)) == line
