"""A test message is recognised, and so is what comes back instead of it; what is only near it is not."""

from __future__ import annotations

import pytest

from notify.core.probe import Fate
from notify.mailbox import Wanted, sighting_in

ID = "<probe-1@alt.example>"
WANTED = {ID: Wanted("info@neu.example", "smtp.alt.example")}


def seen(text: str) -> tuple[Fate, str] | None:
    """Return what a message tells of the one that is waited for."""
    found = sighting_in(text.encode(), WANTED)
    return None if found is None else (found[1].fate, found[1].reason)


def test_the_message_itself() -> None:
    """By either header: some relays write a Message-ID of their own."""
    assert seen(f"Message-ID: {ID}\n\nx") == (Fate.ARRIVED, "")
    assert seen(f"Message-ID: <other@x.example>\nX-Notify-Id: {ID}\n\nx") == (Fate.ARRIVED, "")
    assert seen("Message-ID: <probe-2@alt.example>\n\nx") is None
    # whoever answers it, or forwards it
    assert seen(f"Message-ID: <a@b.example>\nIn-Reply-To: {ID}\nReferences: {ID}\n\nx") is None


def report(action: str, more: str = "") -> str:
    """Return a report after RFC 3464."""
    return (
        "From: MAILER-DAEMON@mx.example\nContent-Type: multipart/report; boundary=b\n\n--b\n\nSorry.\n--b\n"
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; x\n"
        f"Action: {action}\n{more}\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {ID}\n\n--b--\n"
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (report("failed", "Status: 5.1.1\nDiagnostic-Code: smtp; 550 no such user\n"), "550 no such user"),
        (report("failed", "Status: 5.2.2\n"), "5.2.2"),
        (
            f"Return-Path: <>\nFrom: Zustellung <mailer-daemon@gmx.example>\n\nPostfach voll.\n\nMessage-ID: {ID}\n",
            f"Postfach voll. Message-ID: {ID}",
        ),
        (
            f"From: postmaster@x.example\nSubject: Unzustellbar\n\nEmpfänger unbekannt\n{ID}",
            f"Empfänger unbekannt {ID}",
        ),
        (f"X-Failed-Recipients: info@neu.example\nFrom: x@y.example\n\nno such user {ID}", f"no such user {ID}"),
    ],
)
def test_what_came_back(text: str, reason: str) -> None:
    """In the form of the standard and in those before it, in the words of the server."""
    assert seen(text) == (Fate.RETURNED, reason)


@pytest.mark.parametrize(
    "text",
    [
        report("delayed"),
        report("delivered"),
        report("relayed"),
        report("failed").replace(ID, "<probe-2@alt.example>"),
        # somebody is away
        f"From: info@neu.example\nAuto-Submitted: auto-replied\n\nIch bin im Urlaub. {ID}",
        # and somebody writes of it
        f"From: anna@example.com\n\nIst das angekommen? {ID}",
    ],
)
def test_what_did_not(text: str) -> None:
    """It was only delayed, it is about another, or it is no report."""
    assert seen(text) is None
