"""What a date in another form was meant to be, so that the mend can be shown."""

from __future__ import annotations

import pytest

from notify.config.dates import dates_meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("01.12.2026", "2026-12-01"),
        ("1.12.26", "2026-12-01"),
        ("1. 12. 2026", "2026-12-01"),
        ("01-12-2026", "2026-12-01"),
        ("2026.12.01", "2026-12-01"),
        ("2026-12-1", "2026-12-01"),
        ("20261201", "2026-12-01"),
        ("12/01/2026", "2026-12-01 2026-01-12"),
        ("31/01/2027", "2027-01-31"),
        ("1/31/27", "2027-01-31"),
        ("1. Dezember 2026", "2026-12-01"),
        ("Dienstag, 1. Dez. 2026", "2026-12-01"),
        ("1. Jänner 2027", "2027-01-01"),
        ("March 1st, 2027", "2027-03-01"),
        ("1 May 2027", "2027-05-01"),
        ("1er août 2027", "2027-08-01"),
        ("15 juin 2027", "2027-06-15"),
        ("15 juillet 2027", "2027-07-15"),
        ("01.12.2026 08:00 Uhr", "2026-12-01"),
        ("2026-12-01T08:00:00", "2026-12-01"),
        ("31.02.2027", ""),
        ("13/25/2026", ""),
        ("12.2026", ""),
        ("Dezember", ""),
        ("", ""),
    ],
)
def test_dates_meant(text: str, meant: str) -> None:
    """German, American, British, French and ISO ways are understood; with slashes both orders are offered."""
    assert " ".join(map(str, dates_meant(text))) == meant
