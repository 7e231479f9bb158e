"""A number is shown as a spreadsheet shows it."""

from __future__ import annotations

import pytest

from notify.contacts.number_format import BUILT_IN, general, shown


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (1067, "00000", "01067"),
        (42, '"K-"000000', "K-000042"),
        (20095, '"D-"00000', "D-20095"),
        (0.1 + 0.2, "General", "0.3"),
        (1067.0, "General", "1067"),
        (0.1 + 0.2, "0.00", "0.30"),
        (2.5, "0", "3"),
        (1.5, "[h]:mm", "36:00"),
        (0.75, "h:mm AM/PM", "6:00 PM"),
        (0.5034722, "hh:mm:ss", "12:05:00"),
        (0.19, "0%", "19%"),
        (0.195, "0.0%", "19.5%"),
        (1234.5, '#,##0.00\\ "€"', "1,234.50 €"),
        (1234.5, "#,##0.00\\ [$€-407]", "1.234,50 €"),
        (1234.5, '_-* #,##0.00\\ "€"_-;\\-* #,##0.00\\ "€"_-;_-* "-"??\\ "€"_-;_-@_-', "1,234.50 €"),
        (-5, "0.00", "-5.00"),
        (-5, "0.00;(0.00)", "(5.00)"),
        (0, '0;-0;"leer"', "leer"),
        (-0.001, "0.00", "0.00"),
        (1234567, "#,##0,", "1,235"),
        (5551234567, "(000) 000-0000", "(555) 123-4567"),
        (491701234567, '"+"00 000 0000000', "+49 170 1234567"),
        (12345.678, "0.00E+00", "1.23E+04"),
        (46357, "dd.mm.yyyy", "01.12.2026"),
        (46357.5, "dd.mm.yy hh:mm", "01.12.26 12:00"),
        (46357, "[$-407]d. mmmm yyyy", "1. Dezember 2026"),
        (46357, "ddd, d mmm", "Tue, 1 Dec"),
        (46357, BUILT_IN[14], "2026-12-01"),
        (1, "yyyy-mm-dd", "1900-01-01"),
        (-1, "yyyy-mm-dd", "-1"),
        (0.5, "# ?/?", "0.5"),
        (150, '[>=100]"groß";"klein"', "groß"),
        (15, '[>=100]"groß";"klein"', "klein"),
        (7, "@", "7"),
    ],
)
def test_formats(value: float, code: str, text: str) -> None:
    """Digits in their places, text around them, dates and times, sections for signs and conditions."""
    assert shown(value, code) == text


def test_macs() -> None:
    """They counted the days from 1904."""
    assert shown(46357 - 1462, "yyyy-mm-dd", since_1904=True) == "2026-12-01"


@pytest.mark.parametrize(
    ("value", "text"), [(1e15, "1e+15"), (123456789012345.0, "123456789012345"), (1 / 3, "0.333333333333333")]
)
def test_without_a_format(value: float, text: str) -> None:
    """As many digits as a spreadsheet knows."""
    assert general(value) == text


@pytest.mark.parametrize(
    "code", ["", ";;;", '"', "[", "\\", "0.0.0", "%%", "e+", "[h", ",", "[>x]0", "[>]0", "yyyyyyyy", "*", "_", "0/0/0"]
)
def test_formats_that_are_none(code: str) -> None:
    """Whatever a file says, a number is shown somehow."""
    for value in (0, -1.5, 46357.25, 1e300):
        assert isinstance(shown(value, code), str)
