"""Findings in words, for tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from notify.core.finding import Finding


class Found(Protocol):
    """Whatever has findings: a source, an encoding, a dialect."""

    @property
    def findings(self) -> Sequence[Finding]:
        """What was noticed."""


def notes_of(found: Found) -> tuple[str, ...]:
    """Return findings as a person reads them. Each has a name of small words, and says in which file it is."""
    for finding in found.findings:
        assert finding.name.replace("-", "").isalpha()
        assert finding.name.islower()
        assert finding.where
        assert finding.what
    return tuple(map(str, found.findings))
