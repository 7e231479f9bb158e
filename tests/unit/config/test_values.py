"""The readers of the plain values, as tables of cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.config import server, values
from notify.core.pace import Rate
from tests.clocks import NEEDS_ZONES, in_zone


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("60s", 60),
        ("2min", 120),
        ("1h", 3600),
        ("0s", 0),
        ("1.5 min", 90),
        ("90", 90),
        (0, 0),
        (2.5, 2.5),
        ("24h", 86400),
    ],
)
def test_duration(written: object, seconds: float) -> None:
    """A duration is a number with a unit, or seconds."""
    assert values.duration(written) == seconds


@pytest.mark.parametrize("written", ["", "s", "-1s", -1, True, "1d", "1h30min", "٣s", [60], float("nan"), float("inf")])
def test_no_duration(written: object) -> None:
    """What is none says how one is written."""
    with pytest.raises(ValueError, match="2min"):
        values.duration(written)


@pytest.mark.parametrize("written", ["25h", 86401, pytest.param(16**5000, id="hex"), "999999999h"])
def test_too_long_a_pause(written: object) -> None:
    """A pause of more than a day is a slip."""
    with pytest.raises(ValueError, match="longer than a day"):
        values.duration(written)


@pytest.mark.parametrize(("written", "whole"), [(1, 1), (50, 50), ("20", 20), (" 7 ", 7)])
def test_number(written: object, whole: int) -> None:
    """A whole number may come as text, from a variable."""
    assert values.number(1, 50)(written) == whole


@pytest.mark.parametrize(
    "written",
    [
        0,
        51,
        -1,
        1.0,
        True,
        "",
        "1.5",
        "x",
        "²",
        pytest.param("9" * 5000, id="digits"),
        pytest.param(16**5000, id="hex"),
        [1],
        None,
    ],
)
def test_no_number(written: object) -> None:
    """Nothing else is a whole number: not 1.0, not true, and not a number that Python would not even print."""
    with pytest.raises(ValueError, match=r"is not a whole number from 1 to 50$"):
        values.number(1, 50)(written)


@pytest.mark.parametrize("written", [dt.date(2026, 12, 1), "2026-12-01", " 2026-12-01 "])
def test_day(written: object) -> None:
    """A date may come as text, from a variable."""
    assert values.day(written) == dt.date(2026, 12, 1)


@pytest.mark.parametrize(
    "written", ["", "01.12.2026", "2026-12-1", "20261201", 20261201, True, dt.datetime(2026, 12, 1, tzinfo=dt.UTC), "x"]
)
def test_no_day(written: object) -> None:
    """What is no date says how one is written; a number is not taken for seconds since 1970."""
    with pytest.raises(ValueError, match="2026-12-01"):
        values.day(written)


def test_day_that_is_not_in_the_calendar() -> None:
    """The thirtieth of February is no slip of the format."""
    with pytest.raises(ValueError, match="not in the calendar"):
        values.day("2026-02-30")


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        (dt.datetime(2026, 12, 1, 8), "2026-12-01 08:00"),  # noqa: DTZ001  # as TOML has local time
        (dt.date(2026, 12, 1), "2026-12-01 00:00"),
        ("2026-12-01", "2026-12-01 00:00"),
        (" 2026-12-01T08:00 ", "2026-12-01 08:00"),
        ("2026-12-01 08:00:30", "2026-12-01 08:00:30"),
        ("2026-12-01t08:00z", "2026-12-01 08:00+00:00"),
        ("2026-12-01T08:00+05:30", "2026-12-01 08:00+05:30"),
        ("2026-12-01T08:00-11:00", "2026-12-01 19:00+00:00"),
        (dt.datetime(2026, 12, 1, 8, tzinfo=dt.timezone(dt.timedelta(hours=5))), "2026-12-01 03:00+00:00"),
    ],
)
def test_moment(written: object, moment: str) -> None:
    """A moment is a date or a date and a time, local time unless it has an offset; it may come as text."""
    read = values.moment(written)
    assert read == dt.datetime.fromisoformat(moment).astimezone()
    assert read.tzinfo is dt.UTC


@NEEDS_ZONES
@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-07-01T08:00", "2026-07-01T06:00+00:00"),
        ("2026-12-01", "2026-11-30T23:00+00:00"),
        # there are two of them, and there is none: never before the clock on the wall has shown it
        ("2026-10-25T02:30", "2026-10-25T00:30+00:00"),
        ("2027-03-28T02:30", "2027-03-28T01:30+00:00"),
    ],
)
def test_moment_of_local_time(written: str, moment: str) -> None:
    """Summer and winter time are those of its day."""
    with in_zone():
        assert values.moment(written) == dt.datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", "is not a moment; write it as 2026-12-01T08:00, or as 2026-12-01"),
        ("01.12.2026", "write 2026-12-01$"),
        ("1. Dezember 2026, 8:05 Uhr", "write 2026-12-01T08:05$"),
        ("1.12.2026 8 Uhr", "write 2026-12-01T08:00$"),
        ("1.12.2026 um 8.05 Uhr", "write 2026-12-01T08:05$"),
        ("12/01/2026 6:00 pm", "write 2026-12-01 or 2026-01-12$"),
        ("2026-12-01T8:00", "write 2026-12-01T08:00$"),
        ("2026-12-01T08", "write it as"),
        ("20261201T0800", "write it as"),
        ("08:00", "write it as"),
        ("tomorrow", "write it as"),
        (dt.time(8), "write it as"),
        (20261201, "write 2026-12-01$"),
        (True, "write it as"),
        (["2026-12-01"], "write it as"),
        ("2026-02-30", "is not in the calendar"),
        ("2026-12-01T24:30", "is not in the calendar"),
        ("2026-12-01T08:00+99:00", "is not in the calendar"),
        ("0001-01-01", "in a year that notify does not reckon with"),
        ("9999-12-31T23:59-11:00", "in a year that notify does not reckon with"),
        (dt.date(1969, 12, 31), "in a year that notify does not reckon with"),
    ],
)
def test_no_moment(written: object, why: str) -> None:
    """What is none says how one is written; a day that does not exist is no slip of the format."""
    with pytest.raises(ValueError, match=why):
        values.moment(written)


@pytest.mark.parametrize(
    "written",
    ["a\nb", "a\r\nBcc: x@example.com", "a\0", "a\x1b[2J", "a\u2028b", pytest.param("a\ud800", id="surrogate")],
)
def test_text_is_one_line(written: str) -> None:
    """A line break in a name would end the header that the name stands in."""
    with pytest.raises(ValueError, match="line break or a control character"):
        values.text(written)


@pytest.mark.parametrize(("written", "mend"), [(20095, '"20095"'), (4.5, "is not text"), (True, "true is not text")])
def test_text_without_quotes(written: object, mend: str) -> None:
    """A postcode without quotes is a number to TOML; the message shows how it is written."""
    with pytest.raises(ValueError, match=mend):
        values.text(written)


@pytest.mark.parametrize(
    ("written", "named"),
    [("a.csv", ("a.csv",)), (["a.csv", "b/*.csv"], ("a.csv", "b/*.csv")), (("a.csv",), ("a.csv",))],
)
def test_files(written: object, named: tuple[str, ...]) -> None:
    """One file needs no list."""
    assert values.files(written) == named


@pytest.mark.parametrize("written", [[], "", [""], 5, [5], {"a": 1}])
def test_no_files(written: object) -> None:
    """At least one file is named."""
    with pytest.raises(ValueError, match=r".+"):
        values.files(written)


@pytest.mark.parametrize(
    ("written", "rates"),
    [
        ("30/min", (Rate(30, 60),)),
        ("30/min, 400/hour", (Rate(30, 60), Rate(400, 3600))),
        (["30/min", "2000/day"], (Rate(30, 60), Rate(2000, 86400))),
    ],
)
def test_rates(written: object, rates: tuple[Rate, ...]) -> None:
    """Several rates stand in a list, or in one text with commas, for a variable."""
    assert server.rates(written) == rates


@pytest.mark.parametrize(
    "written",
    [
        "",
        "30",
        "30/week",
        "0/min",
        [],
        5,
        [5],
        ["30/min", ""],
        "9" * 30 + "/s",
        pytest.param("9" * 5000 + "/s", id="digits"),
    ],
)
def test_no_rates(written: object) -> None:
    """A rate that nobody can keep is refused here, and not when the first message is due."""
    with pytest.raises(ValueError, match=r".+"):
        server.rates(written)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("smtp.example.net", "smtp.example.net"),
        ("localhost", "localhost"),
        ("127.0.0.1", "127.0.0.1"),
        ("[::1]", "::1"),
        ("smtp.müller.example", "smtp.xn--mller-kva.example"),
        ("mail_out", "mail_out"),
    ],
)
def test_host(written: str, name: str) -> None:
    """A server has a name or an address, and goes to the resolver in ASCII."""
    assert server.host(written) == name


@pytest.mark.parametrize(
    "written",
    ["", "smtp example", "smtps://smtp.example.net", "a@b.example", "-x", "..", pytest.param("a" * 300, id="long"), 5],
)
def test_no_host(written: object) -> None:
    """A URL or an address is no server."""
    with pytest.raises(ValueError, match=r".+"):
        server.host(written)


def test_host_with_a_port() -> None:
    """Who writes the port behind the name learns where it belongs."""
    with pytest.raises(ValueError, match="`port`"):
        server.host("smtp.example.net:587")


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("mail.example.com", "mail.example.com"),
        ("mail.example.com.", "mail.example.com"),
        ("post.müller.example", "post.xn--mller-kva.example"),
        ("192.0.2.1", "[192.0.2.1]"),
        ("[192.0.2.1]", "[192.0.2.1]"),
        ("2001:db8::1", "[IPv6:2001:db8::1]"),
        ("[IPv6:2001:DB8::1]", "[IPv6:2001:db8::1]"),
    ],
)
def test_own_name(written: str, name: str) -> None:
    """We have a whole host name, or an address as EHLO takes it."""
    assert server.own_name(written) == name


@pytest.mark.parametrize(
    "written",
    [
        "",
        "localhost",
        "mail",
        "mail_1.example.com",
        "-a.example",
        "a b.example",
        "a@b.example",
        "300.0.2.1",
        "x.example\n",
        "https://mail.example.com",
        "[mail.example.com]",
        f"{'a' * 64}.example",
        "a..example",
        5,
        ["mail.example.com"],
    ],
)
def test_no_own_name(written: object) -> None:
    """A name that a relay would refuse, or that would break out of the command, is refused here."""
    with pytest.raises(ValueError, match=r".+"):
        server.own_name(written)


@pytest.mark.parametrize(
    ("name", "here"),
    [
        ("localhost", True),
        ("LOCALHOST", True),
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("::1", True),
        ("192.0.2.1", False),
        ("localhost.example.net", False),
        ("127.0.0.1.example.net", False),
    ],
)
def test_loopback(name: str, here: bool) -> None:
    """Only this machine counts as loopback, not what merely looks like it."""
    assert server.is_loopback(name) is here


def test_command_is_not_shown() -> None:
    """What stands in a command may be secret, so its messages do not repeat it."""
    for written in ("echo 'geheim", "echo geheim\n"):
        with pytest.raises(ValueError, match=r".+") as caught:
            server.command(written)
        assert "geheim" not in str(caught.value)


def judged(reader: Callable[[object], object], written: object) -> str:
    """Return what a reader says against a value, or nothing."""
    try:
        reader(written)
    except ValueError as err:
        return str(err)
    return ""


@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists)
    | st.dictionaries(st.text(), st.text())
)
def test_whatever_stands_there_is_judged(written: object) -> None:
    """Every reader takes every value that TOML has: it returns, or raises ValueError with one printable line."""
    readers = [
        *(values.text, values.needed_text, values.header, values.files, values.number(1, 9), values.choice("a", "b")),
        *(values.day, values.duration, server.rates, server.host, server.command),
    ]
    for reader in readers:
        assert judged(reader, written).isprintable()
