"""Cells that a spreadsheet does not run."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.core.spreadsheet import harmless


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        '=HYPERLINK("https://x.example","x")',
        "=cmd@example.com",
        "+49 40 222222",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "=",
        "'=1",
        "",
        "Anna",
        "anna@example.com",
        " =1",
        "1=1",
        "00123",
    ],
)
def test_a_formula_becomes_text(cell: str) -> None:
    """An apostrophe in front of what could be one; every other cell stays as it is."""
    risky = cell[:1] in {"=", "+", "-", "@", "\t", "\r"} and cell != ""
    assert harmless(cell) == (f"'{cell}" if risky else cell)


@given(st.text())
def test_nothing_begins_like_a_formula(cell: str) -> None:
    """Whatever the cell; and it can still be read."""
    safe = harmless(cell)
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert safe in {cell, f"'{cell}"}
    assert harmless(safe) == safe
