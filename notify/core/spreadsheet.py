"""Cells that are safe to open in a spreadsheet."""

from __future__ import annotations

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula; quoting alone does not help (OWASP, "CSV Injection").

    ``=cmd@example.com`` is a valid address, so such cells do occur.
    """
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell
