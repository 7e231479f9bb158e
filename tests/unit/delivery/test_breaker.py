"""The breaker: what is hardly the recipients' fault is not charged to them, and an old list goes through."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.core.outcome import Action, Loss, Outcome, Phase, Reply, Scope
from notify.core.status import Status
from notify.core.verdict import judge, refusal
from notify.delivery.breaker import Breaker
from notify.errors import RelayError

SENT = judge(Phase.DOT, Reply(250, ("2.0.0 Ok",)))
GREY = judge(Phase.RCPT, Reply(450, ("4.2.0 Greylisted",)))
LOST = judge(Phase.MAIL, Loss("the connection was lost"), sent_before=3)
DOUBT = judge(Phase.DOT, Loss("no answer"), sent_before=3)

UNKNOWN = "550 5.1.1 <{}@example.com>: Recipient address rejected: User unknown"
REJECTED = "550 Rejected"


def _refused(text: str, phase: Phase = Phase.RCPT) -> Outcome:
    outcome = judge(phase, Reply(int(text[:3]), (text[4:],)), sent_before=1)
    assert outcome.status is Status.FAILED
    return outcome


def _run(breaker: Breaker, outcomes: Iterable[Outcome]) -> int | None:
    """Note outcomes of one recipient after the other; return the number of the first that held the run."""
    for number, outcome in enumerate(outcomes):
        if breaker.note(number, outcome):
            return number
    return None


def test_everybody_rejected() -> None:
    """A relay that rejects every recipient is held at the third, nobody has failed, and the words say what to do."""
    breaker = Breaker()
    assert _run(breaker, [_refused(REJECTED)] * 5) == 2
    assert breaker.taken_back() == (0, 1, 2)
    held = breaker.hold_outcome()
    assert held is not None
    assert (held.status, held.scope, held.action) == (Status.PENDING, Scope.RELAY, Action.STOP)
    assert (held.phase, str(held.answer)) == (Phase.RCPT, "550 Rejected")
    assert "The same refusal three times in a row: 550 Rejected" in held.words
    assert "notify send again" in held.words
    assert "notify suppress" in held.words
    assert isinstance(refusal(held), RelayError)


def test_filter_that_refuses_every_message() -> None:
    """Before anything was accepted the verdict stops the run itself; later it takes three."""
    first = judge(Phase.DOT, Reply(550, ("message rejected",)))
    assert (first.status, first.action) == (Status.PENDING, Action.STOP)
    breaker = Breaker()
    assert _run(breaker, [SENT, SENT, *[_refused("550 message rejected", Phase.DOT)] * 4]) == 4
    assert breaker.taken_back() == (2, 3, 4)


SAME = [
    ("550 Rejected <{}@example.com>", "an address"),
    ("550 {}@example.com rejected", "a bare address"),
    ('550 Rejected by rule "{}"', "a quotation"),
    ("550 Rejected (B-EX 15530{}::1746872527-DA5A4E5B/20)", "a number of the mail"),
    ("550 Rejected at 2026-11-22T18:22:0{}Z", "a time"),
    ("550 Rejected by mx{}.relay.example", "a host"),
    ("550 Rejected, see https://relay.example/why?case={}", "a link"),
    ("550 Rejected [192.0.2.{}]", "an IP address"),
]


@pytest.mark.parametrize(("text", "what"), SAME, ids=[what for _, what in SAME])
def test_the_same_refusal(text: str, what: str) -> None:
    """Refusals are the same when they differ only in what belongs to one mail."""
    assert _run(Breaker(), [_refused(text.format(number)) for number in range(5)]) == 2, what


DIFFERENT = [
    (["550 Rejected", "550 Denied", "550 Rejected", "550 Denied"], "words"),
    (["550 Rejected", "554 Rejected", "550 Rejected", "554 Rejected"], "code"),
    (["550 5.2.0 Rejected", "550 5.5.0 Rejected", "550 5.2.0 Rejected", "550 5.5.0 Rejected"], "enhanced code"),
]


@pytest.mark.parametrize(("texts", "what"), DIFFERENT, ids=[what for _, what in DIFFERENT])
def test_different_refusals(texts: list[str], what: str) -> None:
    """Three that are not the same hold nothing yet."""
    assert _run(Breaker(), map(_refused, texts)) is None, what


@pytest.mark.parametrize("answer", [SENT, GREY], ids=["accepted", "deferred"])
def test_a_row_ends_with_an_answer_that_tells_recipients_apart(answer: Outcome) -> None:
    """Whoever takes mail, or defers one recipient, does not refuse everybody."""
    rejected = _refused(REJECTED)
    assert _run(Breaker(), [rejected, rejected, answer, rejected, rejected, answer, rejected]) is None


@pytest.mark.parametrize("between", [LOST, DOUBT, _refused(UNKNOWN)], ids=["lost", "in doubt", "nobody there"])
def test_a_row_goes_on_over_what_says_nothing(between: Outcome) -> None:
    """A lost connection is no answer, and somebody who is certainly gone proves nothing either way."""
    rejected = _refused(REJECTED)
    breaker = Breaker()
    assert _run(breaker, [rejected, between, rejected, between, rejected]) == 4
    assert breaker.taken_back() == (0, 2, 4), "and who is certainly gone stays failed"


def test_one_recipient_is_no_row() -> None:
    """The same refusal of the same recipient says nothing about the others."""
    breaker = Breaker()
    assert not any(breaker.note(7, _refused(REJECTED)) for _ in range(5))


GONE = [
    UNKNOWN,
    "550 5.4.1 Recipient address rejected: Access denied. AS(201806281)",
    "550 Requested action not taken: mailbox unavailable",
    "550 No such user here",
    "551 Empfängeradresse unbekannt",
]


@pytest.mark.parametrize("text", GONE)
def test_ten_dead_addresses_in_a_row(text: str) -> None:
    """A firm that is no more can stand in a list ten times, one after the other."""
    dead = [_refused(text.format(number)) for number in range(10)]
    assert _run(Breaker(), [*[SENT] * 15, *dead, *[SENT] * 15, *dead]) is None


@pytest.mark.parametrize("seed", range(50))
def test_old_list(seed: int) -> None:
    """A list on which every fourth address is dead goes through, however chance has mixed it."""
    chance = random.Random(seed)
    outcomes = [_refused(UNKNOWN.format(number)) if chance.random() < 0.25 else SENT for number in range(800)]
    assert _run(Breaker(), outcomes) is None


@pytest.mark.parametrize(
    ("dead", "held"), [(14, None), (15, 19), (20, 19)], ids=["14 of 20", "15 of 20", "all of them"]
)
def test_share_of_dead_addresses(dead: int, held: int | None) -> None:
    """When three quarters of the last twenty do not exist, the list or the relay is not what it should be."""
    breaker = Breaker()
    outcomes = [SENT] * (20 - dead) + [_refused(UNKNOWN.format(number)) for number in range(dead)]
    assert _run(breaker, outcomes) == held
    assert len(breaker.taken_back()) == (0 if held is None else dead)


def test_share_of_doubtful_refusals() -> None:
    """Six different refusals among twenty hold the run, not before twenty were tried; who is surely gone stays so."""
    words = "rejected denied disliked unwanted prohibited declined".split()
    odd = [_refused(f"550 {word}") for word in words]
    breaker = Breaker()
    assert _run(breaker, [*odd, _refused(UNKNOWN), *[SENT] * 12]) is None
    assert not breaker.note(19, SENT), "an accepted message holds nothing"
    assert breaker.note(20, _refused("550 spurned"))
    assert breaker.taken_back() == (1, 2, 3, 4, 5, 20)
    assert "7 of the last 20 were refused" in (breaker.hold_outcome() or SENT).words


def test_what_was_under_way_is_taken_back_too() -> None:
    """Other channels may still be refused after the run was held; nothing of that counts."""
    breaker = Breaker()
    _run(breaker, [_refused(REJECTED)] * 3)
    assert breaker.note(3, _refused(REJECTED))
    assert breaker.note(4, SENT)
    assert breaker.taken_back() == (0, 1, 2, 3)


def test_our_own_refusal_is_no_refusal() -> None:
    """A message that is not sent because it has changed is no answer of a relay."""
    changed = Outcome(Status.FAILED, Scope.MESSAGE, Action.GO_ON, Phase.BODY, Loss("it has changed"), "words")
    breaker = Breaker()
    assert _run(breaker, [changed] * 30) is None
    assert breaker.hold_outcome() is None


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=60), st.sampled_from(["rcpt", "dot"]))
def test_no_unknown_refusal_fails_three(text: str, phase: str) -> None:
    """Whatever a relay says to everybody: it is held, or nobody failed by it, or the words certainly mean nobody."""
    breaker = Breaker()
    outcome = judge(Phase(phase), Reply(550, (text,)), sent_before=1)
    held = _run(breaker, [outcome] * 30)
    if outcome.status is Status.FAILED:
        assert held in (2, 19)
        assert breaker.taken_back() == tuple(range(held + 1))
    else:
        assert held is None


@pytest.mark.parametrize("text", ["a" * 500_000, "a." * 200_000, "@" * 200_000, "9" * 200_000], ids=lambda t: t[:2])
def test_a_hostile_refusal_costs_no_time(text: str) -> None:
    """A megabyte of anything is compared as fast as a sentence."""
    outcome = Outcome(Status.FAILED, Scope.RECIPIENT, Action.GO_ON, Phase.RCPT, Reply(550, (text,)), "words")
    assert _run(Breaker(), [outcome] * 3) == 2


def test_long_run_is_cheap() -> None:
    """A hundred thousand recipients are noted without anything growing."""
    breaker = Breaker()
    assert not any(breaker.note(number, SENT) for number in range(100_000))
    assert breaker.taken_back() == ()


def test_many_letters_beyond_ascii() -> None:
    """A relay without SMTPUTF8 refuses each of those addresses, and goes on with the others."""
    wide = _refused("553 5.6.7 The relay does not offer SMTPUTF8, which this address needs")
    assert _run(Breaker(), [wide] * 5 + [SENT] * 20 + [wide] * 9) is None


def _deferred(text: str, phase: Phase = Phase.RCPT) -> Outcome:
    outcome = judge(phase, Reply(int(text[:3]), (text[4:],)), sent_before=1)
    assert outcome.status is Status.DEFERRED
    return outcome


LATER = _deferred("450 4.2.0 try again later")
SAID_TO_EVERYBODY = [
    "450 4.2.0 try again later",
    "450 try again later",
    "451 Temporary local problem",
    "451 4.3.0 Temporary lookup failure",
    "452 4.2.2 mailbox full",
    "450 4.2.0 <p{}@example.com>: come back (queue 4XyZ{})",
    "45{} later",
]


@pytest.mark.parametrize("phase", [Phase.RCPT, Phase.DOT])
@pytest.mark.parametrize("before", [0, 1, 10, 300])
def test_everybody_deferred(before: int, phase: Phase) -> None:
    """A relay that defers everybody is held at the tenth in a row, for now; nobody is charged."""
    breaker, later = Breaker(), _deferred("450 4.2.0 try again later", phase)
    assert _run(breaker, [SENT] * before + [later] * 20) == before + 9
    assert breaker.taken_back() == tuple(range(before, before + 10))
    held = breaker.hold_outcome()
    assert held is not None
    assert (held.status, held.scope, held.action) == (Status.PENDING, Scope.RELAY, Action.PAUSE)
    assert "10 recipients in a row were deferred, the last one with: 450 4.2.0 try again later." in held.words
    assert "none of them counts as deferred" in held.words


@pytest.mark.parametrize("text", SAID_TO_EVERYBODY)
def test_deferred_in_whatever_words(text: str) -> None:
    """What is said differs from one to the next, and from relay to relay."""
    texts = (text.format(number % 10, number) for number in range(20))
    assert _run(Breaker(), [SENT] * 10 + [_deferred(said) for said in texts]) == 19


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("share", [0.1, 0.3, 0.5])
def test_some_deferred(share: float, seed: int) -> None:
    """Where some are deferred and some accepted, each deferral is charged, however chance has mixed them."""
    chance = random.Random(seed)
    outcomes = [LATER if chance.random() < share else SENT for _ in range(500)]
    assert _run(Breaker(), outcomes) is None


def test_more_patience_where_some_were_deferred_before() -> None:
    """On a list of which some are deferred ten in a row may be chance, twenty are not."""
    breaker = Breaker()
    assert _run(breaker, [LATER, SENT, *[LATER] * 25]) == 21
    assert breaker.taken_back() == tuple(range(2, 22))


def test_accepted_while_the_deferrals_begin() -> None:
    """A message that another channel had under way before does not end the row; one given out later does."""
    breaker = Breaker()
    _run(breaker, [SENT] * 5)
    before = breaker.counted
    _run(breaker, [LATER] * 5)
    breaker.note(100, SENT, since=before)
    assert [breaker.note(200 + number, LATER) for number in range(5)] == [*[False] * 4, True]
    breaker = Breaker()
    _run(breaker, [LATER] * 5)
    breaker.note(100, SENT, since=breaker.counted)
    assert not any(breaker.note(200 + number, LATER) for number in range(5))


def test_everybody_greylisted() -> None:
    """Greylisting that says so may ask everybody to come again: only the next try of each gets further."""
    assert _run(Breaker(), [GREY] * 500) is None
    assert _run(Breaker(), ([LATER] * 9 + [GREY]) * 20) is None


def test_dead_addresses_among_the_deferred() -> None:
    """Whoever certainly does not exist is neither part of the row nor its end, and stays failed."""
    breaker = Breaker()
    dead = _refused(UNKNOWN)
    assert _run(breaker, [*[LATER] * 5, dead, *[LATER] * 5]) == 10
    assert 5 not in breaker.taken_back()


def test_one_recipient_deferred_often() -> None:
    """The same recipient, deferred again and again, says nothing about the others."""
    breaker = Breaker()
    assert not any(breaker.note(7, LATER) for _ in range(50))


def test_deferrals_under_way_are_taken_back_too() -> None:
    """What other channels hear after the run was held does not count either."""
    breaker = Breaker()
    _run(breaker, [LATER] * 10)
    assert breaker.note(10, LATER)
    assert breaker.note(11, GREY)
    assert breaker.note(12, SENT)
    assert breaker.taken_back() == tuple(range(11))


def test_going_on_after_deferrals() -> None:
    """When the run goes on, one deferral holds it again; when somebody is accepted it counts anew."""
    breaker = Breaker()
    _run(breaker, [LATER] * 10)
    breaker.resume()
    assert (breaker.hold_outcome(), breaker.taken_back()) == (None, ())
    assert breaker.note(20, LATER)
    assert 20 in breaker.taken_back()
    breaker.resume()
    assert _run(breaker, [SENT, *[LATER] * 12]) is None
