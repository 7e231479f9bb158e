"""The headers by which mail programs offer to unsubscribe (RFC 2369, RFC 8058): of newsletters, never of notices."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

from notify.composing import Composer
from notify.core.campaign import Campaign, Sender
from notify.core.message import Content, Mailbox

SENDER = Sender(Mailbox("Muster PR", "info@alt.example"), reply_to="leser@neu.example", return_path="info@alt.example")
CONTENT = Content("Neues im März", "Guten Tag,\n")
MAIL = "<mailto:leser@neu.example?subject=unsubscribe>"


def _composed(campaign: Campaign, content: Content = CONTENT) -> EmailMessage:
    date = dt.datetime(2027, 3, 1, 9, tzinfo=dt.UTC)
    message = Composer.of(campaign).compose(content, Mailbox("", "anna@example.com"), "<m@neu.example>", date)
    assert max(map(len, message.octets.split(b"\r\n"))) <= 998
    return message_from_bytes(message.octets, policy=policy.SMTP)


def _named(message: EmailMessage) -> dict[str, list[str]]:
    return {name: message.get_all(name, []) for name in ("List-Unsubscribe", "List-Unsubscribe-Post")}


def test_by_mail() -> None:
    """Without a page there is the mail alone, to whoever reads the answers, and no promise of one click."""
    message = _composed(Campaign("2027-03", SENDER, kind="newsletter"))
    assert _named(message) == {"List-Unsubscribe": [MAIL], "List-Unsubscribe-Post": []}


def test_by_one_click() -> None:
    """With a page it is named first, the mail behind it, and that one POST does it; each header is there once."""
    page = f"https://muster.example/{'a' * 400}?t=abc234&x=1"
    message = _composed(Campaign("2027-03", SENDER, kind="newsletter"), replace(CONTENT, unsubscribe=page))
    assert _named(message) == {
        "List-Unsubscribe": [f"<{page}>, {MAIL}"],
        "List-Unsubscribe-Post": ["List-Unsubscribe=One-Click"],
    }


def test_not_in_a_notice() -> None:
    """A notice has none of it, though its content had a page."""
    message = _composed(Campaign("2027-03", SENDER), replace(CONTENT, unsubscribe="https://muster.example/x"))
    assert not [name for name in message if name.lower().startswith("list-")]
