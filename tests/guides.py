"""The guides, in both languages, as their tests read them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"
GUIDES = {"en": (DOCS / "guide.md").read_text("utf-8"), "de": (DOCS / "anleitung.md").read_text("utf-8")}
BOTH = pytest.mark.parametrize("language", GUIDES)


def toml_blocks(language: str) -> list[str]:
    """Return the pieces of notify.toml that a guide shows."""
    return re.findall(r"^ *```toml\n(.*?)^ *```$", GUIDES[language], re.MULTILINE | re.DOTALL)


def code_block(language: str, start: str) -> str:
    """Return the code block that begins with ``start``."""
    blocks = re.findall(r"```\w*\n(.*?)```", GUIDES[language], re.DOTALL)
    return next(str(text) for text in blocks if text.startswith(start))
