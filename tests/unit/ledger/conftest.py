"""A ledger for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.ledger.mailing import Mailing, mailing


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Mailing]:
    """Give a campaign in a new ledger."""
    with mailing(tmp_path) as post:
        yield post
