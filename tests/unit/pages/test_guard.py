"""Who may ask the page's server for anything."""

from __future__ import annotations

from email.message import Message

import pytest

from notify.pages.guard import Guard

PORT = 4711


def headers(**values: str) -> Message:
    """Return the headers of a request; `_` stands for `-`."""
    message = Message()
    for name, value in values.items():
        message[name.replace("_", "-")] = value
    return message


@pytest.mark.parametrize(
    ("sent", "is_ours"),
    [
        ({"Host": "127.0.0.1:4711"}, True),
        ({"Host": "localhost:4711"}, True),
        ({"Host": "LOCALHOST:4711"}, True),
        ({}, False),
        ({"Host": "127.0.0.1"}, False),
        ({"Host": "127.0.0.1:4712"}, False),
        ({"Host": "evil.example:4711"}, False),
        ({"Host": "127.0.0.1:4711.evil.example"}, False),
        ({"Host": "127.0.0.1:4711", "Origin": "http://127.0.0.1:4711"}, True),
        ({"Host": "127.0.0.1:4711", "Origin": "http://localhost:4711"}, False),
        ({"Host": "127.0.0.1:4711", "Origin": "http://127.0.0.1:3000"}, False),
        ({"Host": "127.0.0.1:4711", "Origin": "https://evil.example"}, False),
        ({"Host": "127.0.0.1:4711", "Origin": "null"}, False),
        ({"Host": "127.0.0.1:4711", "Sec_Fetch_Site": "same-origin"}, True),
        ({"Host": "127.0.0.1:4711", "Sec_Fetch_Site": "none"}, True),
        ({"Host": "127.0.0.1:4711", "Sec_Fetch_Site": "same-site"}, False),
        ({"Host": "127.0.0.1:4711", "Sec_Fetch_Site": "cross-site"}, False),
    ],
)
def test_a_request_must_be_made_by_the_page_itself(sent: dict[str, str], is_ours: bool) -> None:
    """Another name for this machine, another port and another site are refused; a person's own address is not."""
    assert Guard(PORT).is_ours(headers(**sent)) is is_ours


def test_a_token_is_exchanged_for_a_cookie() -> None:
    """Only a token that was given out is; that on the command line of a browser once only, as others can read it."""
    guard = Guard(PORT)
    assert guard.admits(guard.token)
    assert guard.admits(guard.token)
    ticket = guard.ticket()
    assert guard.admits(ticket)
    assert not guard.admits(ticket)
    assert not any(map(guard.admits, ("", "x", guard.token[:-1], Guard(PORT).token)))


def test_the_cookie_is_of_this_server_alone() -> None:
    """No script reads it, no other site sends it, and that of another port is another one."""
    guard = Guard(PORT)
    cookie = guard.cookie()
    value, *attributes = cookie.split("; ")
    assert {"HttpOnly", "SameSite=Strict"} <= set(attributes)
    assert value.startswith("notify-4711=")
    assert guard.token not in cookie
    assert guard.knows(headers(Cookie=f"other=1; {value}"))
    for wrong in ("", "notify-4711=", "notify-4711=x", value + "x", Guard(PORT).cookie().split(";")[0], "a=\x00;;=;"):
        assert not guard.knows(headers(Cookie=wrong)), wrong
