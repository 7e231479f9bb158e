"""The hours at which messages may leave."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.core.window import Window
from tests.clocks import NEEDS_ZONES, in_zone

_BERLIN = ZoneInfo("Europe/Berlin")


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
        ("Mo–Fr 8–18 Uhr", "Mon,Tue,Wed,Thu,Fri 08:00-18:00"),
        ("Mo. - Fr. 8.30 - 17 Uhr", "Mon,Tue,Wed,Thu,Fri 08:30-17:00"),
        ("Montag bis Freitag 8 bis 18 Uhr", "Mon,Tue,Wed,Thu,Fri 08:00-18:00"),
        ("Monday to Friday 9 to 17", "Mon,Tue,Wed,Thu,Fri 09:00-17:00"),
        ("20:00-06:00", "20:00-06:00"),
        ("Mo-Fr: 8.00-18.00", "Mon,Tue,Wed,Thu,Fri 08:00-18:00"),
        ("montags bis freitags 8-18 Uhr", "Mon,Tue,Wed,Thu,Fri 08:00-18:00"),
        ("Mo – Fr von 8 bis 18 Uhr", "Mon,Tue,Wed,Thu,Fri 08:00-18:00"),
        ("8–18 Uhr", "08:00-18:00"),
        ("8 Uhr bis 18 Uhr", "08:00-18:00"),
        ("Mo, Mi und Fr 9-12", "Mon,Wed,Fri 09:00-12:00"),
        ("Mo/Mi/Fr 9-12", "Mon,Wed,Fri 09:00-12:00"),
        ("samstags und sonntags 10–12 Uhr", "Sat,Sun 10:00-12:00"),
        ("täglich 8-18", "08:00-18:00"),
        ("am Wochenende 10-12", "Sat,Sun 10:00-12:00"),
        ("8-18 Uhr, Mo-Fr", "Mon,Tue,Wed,Thu,Fri 08:00-18:00"),
        ("weekdays 9am-5:30pm", "Mon,Tue,Wed,Thu,Fri 09:00-17:30"),
        ("Mon to Fri, from 12 am to 12 pm", "Mon,Tue,Wed,Thu,Fri 00:00-12:00"),
        ("lundi à vendredi 8h-18h30", "Mon,Tue,Wed,Thu,Fri 08:00-18:30"),
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
        "Mo-Fr 8-18 Sa",
        "13pm-14pm",
        "8-12 und 13-17",
    ],
)
def test_no_window(text: str) -> None:
    """What is no window is refused with how to write one."""
    with pytest.raises(ValueError, match="write it as"):
        Window.parse(text)


@pytest.mark.parametrize("text", ["werktags 8-18", "Wochentags 8–18 Uhr", "business days 9-17"])
def test_days_that_may_have_a_saturday_among_them(text: str) -> None:
    """It is not guessed whether they have, and both ways to say it are shown."""
    with pytest.raises(ValueError, match='write "Mon-Fri …" or "Mon-Sat …"'):
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


@NEEDS_ZONES
@pytest.mark.parametrize(
    ("window", "moment", "opens"),
    [
        # from 03:00 of summer time to 02:00 of winter time on 2026-10-25
        ("02:30-05:00", "2026-10-25 02:10+02:00", "2026-10-25 02:30+02:00"),
        ("02:30-05:00", "2026-10-25 02:10+01:00", "2026-10-25 02:30+01:00"),
        ("Sun 02:15-02:45", "2026-10-25 02:50+02:00", "2026-10-25 02:15+01:00"),
        ("01:00-02:30", "2026-10-25 02:40+02:00", "2026-10-25 02:00+01:00"),
        # from 02:00 of winter time to 03:00 of summer time on 2027-03-28
        ("02:00-03:00", "2027-03-28 01:30+01:00", "2027-03-29 02:00+02:00"),
        ("02:30-03:30", "2027-03-28 01:30+01:00", "2027-03-28 03:00+02:00"),
        ("Sun 02:00-03:00", "2027-03-28 01:30+01:00", "2027-04-04 02:00+02:00"),
    ],
)
def test_opens_when_clocks_are_changed(window: str, moment: str, opens: str) -> None:
    """Hours are as a clock on the wall shows them: both times when they come twice, never when they are left out."""
    with in_zone():
        assert Window.parse(window).opens(_at(moment)) == _at(opens)


@NEEDS_ZONES
@given(
    st.integers(0, 300),
    st.integers(1, 300),
    st.sampled_from(["2026-10-25 03:00+02:00", "2027-03-28 02:00+01:00"]),
    st.floats(-7200, 7200),
    st.floats(0, 1),
)
def test_what_opens_is_open_when_clocks_are_changed(
    start: int, end: int, change: str, from_change_s: float, share: float
) -> None:
    """Around a change of clocks too it is never before it was asked for, open, and nothing was open until then."""

    def is_open(at: float) -> bool:
        wall = dt.datetime.fromtimestamp(at, _BERLIN)
        minute = 60 * wall.hour + wall.minute
        return start <= minute < end if start < end else minute >= start or minute < end

    if start == end:
        return
    moment = _at(change) + from_change_s
    with in_zone():
        opens = Window(frozenset(range(7)), start, end).opens(moment)
    assert moment <= opens
    assert is_open(opens)
    assert opens == moment or not is_open(moment + share * (opens - moment - 1))
