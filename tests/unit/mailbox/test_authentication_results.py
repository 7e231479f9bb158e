"""Authentication-Results: what the receiving server wrote counts, and nothing that anybody else can have written."""

from __future__ import annotations

import email

import pytest

from notify.core.authentication import Authentication, Signature
from notify.mailbox.authentication_results import authentication_of

OWN = "Date: Tue, 1 Dec 2026 10:00:00 +0100\nFrom: info@alt.example\nMessage-ID: <probe-1@alt.example>\n\nx\n"
RELAY = "Received: from [192.0.2.1] by smtp.alt.example (Postfix) with ESMTPSA id 1\n"
MX = "Received: from out.alt.example (out.alt.example [192.0.2.2])\n by mx1.neu.example (Postfix) with ESMTPS id 2\n"
LMTP = "Received: from mx1.neu.example\n by store with LMTP id 3\n"
SIGNED = (
    "Authentication-Results: mx.neu.example; dkim=pass header.d=alt.example; spf=pass smtp.mailfrom=a@alt.example\n"
)
FOLDED = (
    "authentication-results: MX.neu.example 1; (a; comment (nested)) dkim/1=PASS\n (2048-bit; key) "
    'reason="good; signature" header.D=Alt.Example;\n spf=pass (ok) smtp.mailfrom=Info@alt.example\n'
)
FORGED = "Authentication-Results: mx.neu.example; dkim=pass header.d=forged.example\n"
FOUND = Authentication("mx.neu.example", "pass", "alt.example", (Signature("pass", "alt.example"),))


def found(*headers: str, own: tuple[str, ...] = ("neu.example",), relay: str = "smtp.alt.example") -> object:
    """Return what counts of a message with these headers above its own."""
    return authentication_of(email.message_from_string("".join(headers) + OWN), own, relay_host=relay)


@pytest.mark.parametrize(
    "headers",
    [
        (SIGNED, LMTP, MX, RELAY),
        # Gmail writes it below its own Received
        (LMTP, MX, SIGNED, RELAY),
        (LMTP, SIGNED, MX, RELAY),
        # each filter of a server writes its own
        (
            "Authentication-Results: mx.neu.example; spf=pass smtp.mailfrom=alt.example\n",
            "Authentication-Results: dkim.neu.example; dkim=pass header.i=@alt.example\n",
            MX,
            RELAY,
        ),
        # folded, with comments, versions and a reason, in any case of letters
        (
            FOLDED,
            MX,
            RELAY,
        ),
    ],
)
def test_what_the_receiving_server_wrote(headers: tuple[str, ...]) -> None:
    """Above or below its own Received, in one header or in several."""
    assert found(*headers) == FOUND


@pytest.mark.parametrize(
    "headers",
    [
        (),
        (MX, RELAY),
        # in the message as it was sent
        (MX, RELAY, FORGED),
        (LMTP, MX, RELAY, FORGED, FORGED),
        # nobody says who has taken it
        (FORGED,),
        # on its way, before the receiving server had it
        (MX, "Received: from x by relay2.other.example; now\n", FORGED, RELAY),
        # the relay about its own user
        (MX, "Authentication-Results: smtp.alt.example; auth=pass smtp.auth=info; dkim=none\n", RELAY),
        ("Authentication-Results: smtp.alt.example; dkim=none\n", MX, RELAY),
        # only Outlook.com leaves out its name
        ("Authentication-Results: dkim=none (message not signed) header.d=none\n", MX, RELAY),
        # relay and mailbox are one house: below the last Received is what came along
        ("Received: from [192.0.2.1] by mx1.neu.example with ESMTPSA id 1\n", FORGED),
    ],
)
def test_what_somebody_else_wrote(headers: tuple[str, ...]) -> None:
    """It is as if nothing were there."""
    assert found(*headers) is None


def test_a_forged_one_below_the_right_one() -> None:
    """In the same name: what the message brought along counts for nothing."""
    unsigned = "Authentication-Results: mx.neu.example; dkim=none\n"
    assert found(unsigned, MX, RELAY, FORGED) == Authentication("mx.neu.example", dkim=(Signature("none"),))


def test_real_servers() -> None:
    """As large providers write it."""
    gmail = (
        "Delivered-To: x@neu.example\nReceived: by 2002:a05:6402:1:b0:1 with SMTP id 1; now\n"
        "Received: from out.alt.example (out.alt.example. [192.0.2.2])\n by mx.google.com with ESMTPS id 2\n"
        "Authentication-Results: mx.google.com;\n       dkim=pass header.i=@alt.example header.s=s1 header.b=abc;\n"
        "       spf=softfail (google.com: domain of x does not) smtp.mailfrom=x@alt.example;\n"
        "       dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=alt.example\n"
    )
    seen = found(gmail, RELAY)
    assert seen == Authentication(
        "mx.google.com", "softfail", "alt.example", (Signature("pass", "alt.example"),), "pass"
    )
    outlook = (
        "Received: from A.eurprd01.prod.outlook.com by B.eurprd01.prod.outlook.com with HTTPS\n"
        "Authentication-Results: spf=pass (sender IP is 192.0.2.2)\n smtp.mailfrom=alt.example; dkim=fail (no key)\n"
        " header.d=alt.example;dmarc=none action=none header.from=alt.example;compauth=pass reason=100\n"
        "Received: from out.alt.example (192.0.2.2) by C.mail.protection.outlook.com (10.0.0.1) with ESMTPS\n"
    )
    seen = found(outlook, RELAY, "authentication-results: dkim=none (message not signed) header.d=none\n")
    assert seen == Authentication("", "pass", "alt.example", (Signature("fail", "alt.example"),), "none")
    # a name that is not like that of its hosts
    strato = (
        "Received: from out.alt.example by smtpin.rzone.example (RZmta 51)\n"
        "Authentication-Results: strato.example; dmarc=none header.from=alt.example;\n dkim=none; spf=none\n"
    )
    seen = found(strato, RELAY)
    assert isinstance(seen, Authentication)
    assert (seen.server, seen.dkim) == ("strato.example", (Signature("none"),))


@pytest.mark.parametrize(
    "value",
    ["", ";", "mx.neu.example", "mx.neu.example; none", 'mx.neu.example; "', "mx.neu.example; dkim", "(((", "=;="],
)
def test_what_says_nothing(value: str) -> None:
    """However broken it is, it says nothing of a signature."""
    seen = found(f"Authentication-Results: {value}\n", MX, RELAY)
    assert seen is None or (isinstance(seen, Authentication) and not seen.tells_of_dkim)


@pytest.mark.parametrize(
    ("signatures", "dmarc", "is_signed"),
    [
        ([("pass", "alt.example")], "", True),
        ([("pass", "mail.alt.example")], "", True),
        ([("fail", "alt.example"), ("pass", "alt.example")], "", True),
        ([("pass", "provider.example")], "fail", False),
        ([("fail", "alt.example")], "", False),
        ([("none", "")], "", False),
        ([("pass", "notalt.example")], "pass", False),
        ([("pass", "example")], "", False),
    ],
)
def test_aligned(signatures: list[tuple[str, str]], dmarc: str, is_signed: bool) -> None:
    """A signature counts if it holds and is of the sender's domain, or of one above or below it."""
    seen = Authentication("mx", dkim=tuple(Signature(*one) for one in signatures), dmarc=dmarc)
    assert seen.signed_for("alt.example") is is_signed


def test_domains_side_by_side() -> None:
    """Whether they belong together the receiving server knows."""
    for dmarc in ("pass", "fail"):
        seen = Authentication("mx", dkim=(Signature("pass", "mail.alt.example"),), dmarc=dmarc)
        assert seen.signed_for("news.alt.example") is (dmarc == "pass")
