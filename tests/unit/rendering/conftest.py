"""A fresh template folder for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.rendering.workshop import Workshop


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """Give an empty template folder."""
    return Workshop(tmp_path)
