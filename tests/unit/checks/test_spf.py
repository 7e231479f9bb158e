"""SPF (RFC 7208): what a record says of a server, and what makes it unreadable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from notify.checks.spf import Verdict, judge, read_policy
from notify.checks.spf_record import with_server
from tests.unit.checks.zone import asking

SERVER = "192.0.2.25"
OTHERS: Mapping[tuple[str, str], Sequence[str]] = {
    ("mail.example", "A"): [SERVER],
    ("near.example", "A"): ["192.0.2.200"],
    ("far.example", "A"): ["198.51.100.1"],
    ("us.example", "MX"): ["10 far.example", "20 mail.example"],
    ("passes.example", "TXT"): ["v=spf1 ip4:192.0.2.0/24 -all"],
    ("fails.example", "TXT"): ["v=spf1 ip4:198.51.100.0/24 -all"],
    ("failing.example", "TXT"): ["v=spf1 ip4:198.51.100.0/24 -ip4:192.0.2.0/24 +all"],
    ("open.example", "TXT"): ["v=spf1 +all"],
    ("loop.example", "TXT"): ["v=spf1 include:loop.example -all"],
}


@pytest.mark.parametrize(
    ("record", "verdict"),
    [
        ("v=spf1 -all", "fail"),
        ("v=spf1 ~all", "softfail"),
        ("v=spf1 ?all", "neutral"),
        ("v=spf1", "neutral"),
        ("v=spf1 all", "pass"),
        ("V=SPF1 IP4:192.0.2.25 -ALL", "pass"),
        ("v=spf1 ip4:192.0.2.0/24 -all", "pass"),
        ("v=spf1 ip4:192.0.2.24/32 -all", "fail"),
        ("v=spf1 -ip4:192.0.2.0/24 +all", "fail"),
        ("v=spf1 ip6:2001:db8::/32 -all", "fail"),
        ("v=spf1 a:mail.example -all", "pass"),
        ("v=spf1 a:mail.example. -all", "pass"),
        ("v=spf1 a:near.example -all", "fail"),
        ("v=spf1 a:near.example/24 -all", "pass"),
        ("v=spf1 a:near.example/24//64 -all", "pass"),
        ("v=spf1 mx:us.example -all", "pass"),
        ("v=spf1 a -all", "fail"),
        ("v=spf1 include:passes.example -all", "pass"),
        ("v=spf1 include:fails.example -all", "fail"),
        # that the other one fails is no match
        ("v=spf1 include:failing.example ~all", "softfail"),
        ("v=spf1 -include:passes.example +all", "fail"),
        ("v=spf1 redirect=passes.example", "pass"),
        ("v=spf1 redirect=fails.example", "fail"),
        # behind all, or before it, a redirect does not count
        ("v=spf1 -all redirect=passes.example", "fail"),
        ("v=spf1 redirect=passes.example -all", "fail"),
        ("v=spf1 exp=why.example -all", "fail"),
        ("v=spf1 exists:%{i}.list.example -all", "unknown"),
        ("v=spf1 exists:%{i}.list.example ip4:192.0.2.25 -all", "pass"),
        ("v=spf1 ptr -all", "unknown"),
        ("v=spf1 include:silent.example -all", "unknown"),
        ("v=spf1 ipv4:192.0.2.25 -all", "broken"),
        ("v=spf1 ip4:192.0.2.300 -all", "broken"),
        ("v=spf1 include: -all", "broken"),
        ("v=spf10 -all", "none"),
        ("v=spf2 -all", "none"),
    ],
)
def test_what_a_record_says_of_a_server(record: str, verdict: str) -> None:
    """The first mechanism that means it decides; what cannot be known is not guessed."""
    ask = asking({**OTHERS, ("own.example", "TXT"): ["else", record]}, silent=["silent.example"])
    assert judge("own.example", SERVER, ask) == Verdict(verdict)


def test_two_records_are_none_that_can_be_read() -> None:
    """RFC 7208, 4.5: it is an error wherever it is looked at."""
    ask = asking({("own.example", "TXT"): ["v=spf1 -all", "v=spf1 +all"]})
    assert judge("own.example", SERVER, ask) is Verdict.BROKEN
    assert read_policy("own.example", ask).several == ("v=spf1 -all", "v=spf1 +all")


@pytest.mark.parametrize(
    ("record", "lookups"),
    [
        ("v=spf1 ip4:192.0.2.25 ip6:2001:db8::1 -all", 0),
        ("v=spf1 a mx ptr exists:x.example -all", 4),
        ("v=spf1 include:passes.example include:passes.example -all", 2),
        ("v=spf1 -all include:passes.example", 0),
        ("v=spf1 redirect=passes.example", 1),
    ],
)
def test_look_ups_are_counted_as_receivers_do(record: str, lookups: int) -> None:
    """Those behind all are never made, and what is included twice is looked up twice."""
    assert read_policy("own.example", asking({**OTHERS, ("own.example", "TXT"): [record]})).lookups == lookups


def test_a_record_that_refers_to_itself() -> None:
    """It ends, and is said."""
    policy = read_policy("loop.example", asking(OTHERS))
    assert policy.flaw == "loop.example refers back to itself"
    assert judge("loop.example", SERVER, asking(OTHERS)) in {Verdict.UNKNOWN, Verdict.FAIL}


def test_records_that_refer_to_many_others_end() -> None:
    """A hostile zone must not take minutes: twenty look-ups are enough to know that it is wrong."""
    asked: list[tuple[str, str]] = []
    wide = {
        (f"n{n}.example", "TXT"): ["v=spf1 " + " ".join(f"include:n{m}.example" for m in range(9))] for n in range(9)
    }
    policy = read_policy("n0.example", asking(wide, asked=asked))
    assert policy.lookups > 10
    assert len(asked) < 60
    asked.clear()
    judge("n0.example", SERVER, asking(wide, asked=asked))
    assert len(asked) < 500


def test_everybody_may_send_only_where_the_record_itself_says_so() -> None:
    """That another one that is included lets everybody is a match like any other."""
    zone = {
        **OTHERS,
        ("own.example", "TXT"): ["v=spf1 +all"],
        ("b.example", "TXT"): ["v=spf1 include:open.example -all"],
    }
    assert read_policy("own.example", asking(zone)).is_open
    assert not read_policy("b.example", asking(zone)).is_open


@pytest.mark.parametrize(
    ("record", "result"),
    [
        ("", "v=spf1 include:x.example ~all"),
        ("v=spf1 mx -all", "v=spf1 mx include:x.example -all"),
        ("v=spf1 mx ~all", "v=spf1 mx include:x.example ~all"),
        ("v=spf1 mx", "v=spf1 mx include:x.example"),
    ],
)
def test_the_record_to_set(record: str, result: str) -> None:
    """What stands in it stays."""
    assert with_server(record, "include:x.example") == result
