"""A date in a cell is found however it is written."""

from __future__ import annotations

import datetime as dt

import pytest

from notify.contacts.dates import day_in, is_date
from notify.contacts.number_format import BUILT_IN, shown

NEW_YEARS_EVE = 44196.625  # 2020-12-31 15:00, as a workbook has it


@pytest.mark.parametrize(
    "cell",
    [
        "31.12.2020",
        "31.12.20 15:00",
        "12/31/2020",
        "2020-12-31T15:00:00Z",
        "31. Dezember 2020",
        "31. Dez. 2020",
        "Do, 31. Dezember 2020",
        "Donnerstag, den 31. Dezember 2020",
        "December 31, 2020",
        "Thursday, 31st December 2020",
        "31-Dec-20",
        "2020-Dec-31",
        "31 décembre 2020",
        "Dezember 2020",
        "12/2020",
        "2020-12",
    ],
)
def test_a_day(cell: str) -> None:
    """By numbers or by the name of the month, in any order; a month means its last day."""
    assert is_date(cell)
    assert day_in(cell) == dt.date(2020, 12, 31)


@pytest.mark.parametrize(
    "code",
    [
        *(BUILT_IN[number] for number in (14, 15, 17, 22)),
        "dd.mm.yyyy",
        "dd/mm/yy",
        "m/d/yy h:mm",
        "[$-407]d. mmmm yyyy",
        "[$-407]dddd, d. mmmm yyyy",
        "[$-F800]dddd, mmmm dd, yyyy",
        "mmm d, yyyy",
        "[$-407]mmm yy",
        "mm/yyyy",
    ],
)
def test_whatever_the_format_of_a_workbook(code: str) -> None:
    """A day on which somebody has left stays one when the sheet shows it in words."""
    assert day_in(shown(NEW_YEARS_EVE, code)) == dt.date(2020, 12, 31)


@pytest.mark.parametrize("cell", ["12-May", "12. Mai", "5. Mai"])
def test_a_day_of_no_year(cell: str) -> None:
    """It is a date, and nobody knows which."""
    assert is_date(cell)
    assert day_in(cell) is None


@pytest.mark.parametrize(
    "cell", ["", "ja", "Mai", "0000-00-00", "43963", "1.0", "13/2020", "3 Mahnungen 2020", "Frau Mai", "2020", "k. A."]
)
def test_no_date(cell: str) -> None:
    """A name, a number and a placeholder are none."""
    assert not is_date(cell)
