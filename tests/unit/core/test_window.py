"""The hours at which messages may leave."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.core.window import Window


def _at(text: str) -> float:
    return dt.datetime.fromisoformat(text).timestamp()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Mon-Fri 08:00-18:00", "Mon,Tue,Wed,Thu,Fri 08:00-18:00"),
        ("Mo-Fr 8-18", "Mon,Tue,Wed,Thu,Fri 08:00-18:00"),
        ("sat, sun 10:30-12", "Sat,Sun 10:30-12:00"),
        ("Fri-Mon 9-10", "Mon,Fri,Sat,Sun 09:00-10:00"),
        ("Mi 00:00-24:00", "Wed 00:00-24:00"),
        ("20:00-06:00", "20:00-06:00"),
    ],
)
def test_read_and_shown(text: str, shown: str) -> None:
    """A window is read as people write it, in English and German, and shown in a form that is read again."""
    assert str(Window.parse(text)) == shown
    assert Window.parse(shown) == Window.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Mon-Fri",
        "08:00",
        "Foo 8-18",
        "Mon-Foo 8-18",
        "8-8",
        "25-26",
        "8-25",
        "18:00 Uhr",
        "Mon--Fri 8-9",
        "08:75-18:00",
        "08:00-17:60",
    ],
)
def test_no_window(text: str) -> None:
    """What is no window is refused with how to write one."""
    with pytest.raises(ValueError, match="write it as"):
        Window.parse(text)


@pytest.mark.parametrize(
    ("window", "moment", "opens"),
    [
        # 2026-12-01 is a Tuesday
        ("Mon-Fri 08:00-18:00", "2026-12-01 07:59:59", "2026-12-01 08:00"),
        ("Mon-Fri 08:00-18:00", "2026-12-01 08:00", "2026-12-01 08:00"),
        ("Mon-Fri 08:00-18:00", "2026-12-01 17:59:59", "2026-12-01 17:59:59"),
        ("Mon-Fri 08:00-18:00", "2026-12-01 18:00", "2026-12-02 08:00"),
        ("Mon-Fri 08:00-18:00", "2026-12-04 18:00", "2026-12-07 08:00"),
        ("Mon 08:00-09:00", "2026-12-07 09:00", "2026-12-14 08:00"),
        ("22:00-06:00", "2026-12-01 03:00", "2026-12-01 03:00"),
        ("22:00-06:00", "2026-12-01 12:00", "2026-12-01 22:00"),
        # Friday's window reaches into Saturday
        ("Fri 22:00-06:00", "2026-12-05 05:00", "2026-12-05 05:00"),
        ("Fri 22:00-06:00", "2026-12-05 06:00", "2026-12-11 22:00"),
        ("Wed 00:00-24:00", "2026-12-02 23:59:59", "2026-12-02 23:59:59"),
    ],
)
def test_opens(window: str, moment: str, opens: str) -> None:
    """The next moment is now while the window is open, else when it opens next."""
    assert Window.parse(window).opens(_at(moment)) == _at(opens)


@given(
    st.sets(st.integers(0, 6), min_size=1),
    st.integers(0, 1439),
    st.integers(1, 1440),
    st.integers(1_700_000_000, 2_000_000_000),
)
def test_what_opens_is_open(days: set[int], start: int, end: int, moment: int) -> None:
    """It is never before it was asked for, within eight days, and then the window is open."""
    if start == end:
        return
    window = Window(frozenset(days), start, end)
    opens = window.opens(moment)
    assert moment <= opens <= moment + 8 * 86400
    assert window.opens(opens) == opens
