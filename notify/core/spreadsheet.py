"""Cells that are safe to open in a spreadsheet."""

from __future__ import annotations

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula; quoting alone does not help (OWASP, "CSV Injection").

    ``=cmd@example.com`` is a valid address, so such cells do occur.
    """
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def as_meant(cell: str) -> str:
    """Return a cell without the mark that :func:`harmless`, or a person in a spreadsheet, has put before a formula."""
    return cell[1:] if cell.startswith("'") and cell.startswith(_FORMULA_STARTS, 1) else cell
