"""The arrows, held against the promises that they are drawn for."""

from __future__ import annotations

from notify.core.status import ARROWS, TRANSITIONS, WAITING, Status


def _reachable(start: Status, without: frozenset[str] = frozenset()) -> set[Status]:
    arrows = {arrow for name, drawn in TRANSITIONS.items() if name not in without for arrow in drawn}
    found = {start}
    while more := {head for tail, head in arrows if tail in found} - found:
        found |= more
    return found


def test_sent_is_the_end() -> None:
    """Who was sent to has no arrow out: nobody is written to twice."""
    assert not [arrow for arrow in ARROWS if arrow[0] is Status.SENT]


def test_sent_needs_the_line_crossed() -> None:
    """The only ways to "sent" are the relay's answer after the dot, and the user's word about a doubt."""
    assert {tail for tail, head in ARROWS if head is Status.SENT} == {Status.IN_FLIGHT, Status.IN_DOUBT}
    assert {tail for tail, head in ARROWS if head is Status.IN_FLIGHT} == {*WAITING}


def test_nobody_is_claimed_any_more() -> None:
    """What an earlier notify wrote down leads back to waiting, and nothing leads there."""
    assert [arrow for arrow in ARROWS if Status.CLAIMED in arrow] == [(Status.CLAIMED, Status.PENDING)]


def test_a_doubt_is_settled_by_the_user_alone() -> None:
    """Without the user's word a doubt stays a doubt, whatever runs."""
    assert _reachable(Status.IN_DOUBT, frozenset({"resolve"})) == {Status.IN_DOUBT}
    assert not [arrow for arrow in TRANSITIONS["recover"] if arrow[0] is Status.IN_DOUBT]


def test_a_crash_never_makes_a_second_message() -> None:
    """After a crash only those go back to waiting for whom no dot had left."""
    assert TRANSITIONS["recover"] == {(Status.CLAIMED, Status.PENDING), (Status.IN_FLIGHT, Status.IN_DOUBT)}


def test_nobody_is_stuck() -> None:
    """From everywhere but the two ends of a try, some way leads to "sent"."""
    assert [status for status in Status if Status.SENT not in _reachable(status)] == []


def test_what_is_taken_from_waiting() -> None:
    """Only who waits is begun, withdrawn, suppressed or expires; a message on its way is left alone."""
    for name, head in (
        ("begin", Status.IN_FLIGHT),
        ("withdraw", Status.WITHDRAWN),
        ("suppress", Status.SUPPRESSED),
        ("expire", Status.EXPIRED),
    ):
        assert TRANSITIONS[name] == {(status, head) for status in WAITING}


def test_enrolment_leads_to_waiting_only() -> None:
    """Being in the contact file makes nobody anything but waiting, and never anybody who was or may be reached."""
    assert {head for _, head in TRANSITIONS["enrol"]} == {Status.PENDING}
    tails = {tail for tail, _ in TRANSITIONS["enrol"]}
    assert not tails & {Status.SENT, Status.IN_DOUBT, Status.IN_FLIGHT, Status.CLAIMED}


def test_all_arrows() -> None:
    """The arrows together are exactly those that have a name, and none leads from a status to itself."""
    assert {arrow for drawn in TRANSITIONS.values() for arrow in drawn} == ARROWS
    assert all(tail is not head for tail, head in ARROWS)
