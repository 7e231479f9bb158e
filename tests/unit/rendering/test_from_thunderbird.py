"""What the page for those who come from Thunderbird's add-on tells them to write is what templates understand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.unit.rendering.workshop import Workshop

PAGE = (Path(__file__).parents[3] / "docs" / "from-thunderbird.md").read_text("utf-8")
#: The pieces of templates in the right-hand column.
WRITTEN = re.findall(r"\| `((?:\{\{|\{%)[^`]*)`[^|]*\|$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("piece", WRITTEN)
def test_what_is_to_be_written(workshop: Workshop, piece: str) -> None:
    """Each piece renders for somebody whose row has the columns that it names."""
    workshop.message(f"Guten Tag {piece}\n")
    row = dict.fromkeys(re.findall(r'row\["([^"]+)"\]', piece), "a value")
    assert workshop.render(row=row, first_name="Anna", last_name="Muster", country="Austria").text.startswith(
        "Guten Tag "
    )


def test_there_is_something_to_be_written() -> None:
    """The page has not lost its table."""
    assert len(WRITTEN) >= 6
